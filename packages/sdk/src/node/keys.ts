/**
 * Private keys in files: a JWK that only its owner may read, and backups under a passphrase (JWE with PBES2, RFC 7518 section 4.8) that
 * any JOSE library opens. It never prints a key, and refuses a file that others may read.
 */
import { open, readFile, stat } from 'node:fs/promises';
import { InvalidInputError, RejectedError } from '@dpp-ledger/core';
import {
  type CosignatureSigner,
  createCosignatureSigner,
  createNoteSigner,
  generateCosignatureKey,
  generateNoteKey,
  type NoteSigner,
} from '@dpp-ledger/core/checkpoint';
import { hashKey, type PrivateJwk, parsePrivateJwk } from '@dpp-ledger/core/credential';
import { CompactEncrypt, compactDecrypt, decodeProtectedHeader } from 'jose';

/** OWASP's floor for PBKDF2 with HMAC-SHA-512 is 210,000. */
const ROUNDS = 600_000;
const SHORTEST_PASSPHRASE = 12;

/** Writes a new file, mode 0600. Errors: RejectedError `key.file` where the file exists: keys are never overwritten. */
export async function writeKeyFile(path: string, jwk: PrivateJwk): Promise<void> {
  const { kty, crv, x, d } = jwk;
  const members = jwk.kty === 'EC' ? { kty, crv, x, y: jwk.y, d } : { kty, crv, x, d };
  await writeNew(path, `${JSON.stringify({ ...members, kid: hashKey(jwk) }, undefined, 2)}\n`);
}

/** Errors: RejectedError `key.readable-by-others`; InvalidInputError `key.file`. */
export async function readKeyFile(path: string): Promise<PrivateJwk> {
  return parseKey(await readOwnSecret(path), path);
}

/**
 * The key that signs checkpoints of a log, from its file; with `make`, a new one where there is no such file. Errors: RejectedError
 * `key.readable-by-others`; InvalidInputError `key.file`, `checkpoint.key` where it is the key of another log.
 */
export async function loadLogSigner(
  path: string,
  origin: string,
  options: { readonly make?: boolean } = {},
): Promise<NoteSigner> {
  if (options.make === true && !(await isThere(path))) await writeNew(path, `${await generateNoteKey(origin)}\n`);
  const signer = await createNoteSigner((await readOwnSecret(path)).trim());
  if (signer.name === origin) return signer;
  throw new InvalidInputError(
    'checkpoint.key',
    `${path} holds the key of the log ${signer.name}, not of ${origin}. Give another file: a key signs one log.`,
  );
}

/**
 * A witness's key, from its file; with `make`, a new one of that name where there is no such file. Errors: RejectedError
 * `key.readable-by-others`; InvalidInputError `key.file`, `checkpoint.key` where the file holds the key of another name.
 */
export async function loadWitnessSigner(
  path: string,
  options: { readonly make?: string } = {},
): Promise<CosignatureSigner> {
  const { make } = options;
  if (make !== undefined && !(await isThere(path))) await writeNew(path, `${await generateCosignatureKey(make)}\n`);
  const signer = await createCosignatureSigner((await readOwnSecret(path)).trim());
  if (make === undefined || signer.name === make) return signer;
  throw new InvalidInputError(
    'checkpoint.key',
    `${path} holds the key of the witness ${signer.name}, not of ${make}. Give another file: a key has one name.`,
  );
}

async function readOwnSecret(path: string): Promise<string> {
  const text = await readSecret(path, 'key');
  if ((await isReadableByOthers(path)) !== true) return text;
  throw new RejectedError(
    'key.readable-by-others',
    `Others may read the private key in ${path}. Run: chmod 600 ${path}`,
  );
}

async function isThere(path: string): Promise<boolean> {
  return await stat(path).then(
    () => true,
    () => false,
  );
}

/** `undefined` where the system has no such modes. */
export async function isReadableByOthers(path: string): Promise<boolean | undefined> {
  if (process.platform === 'win32') return undefined;
  return ((await stat(path)).mode & 0o077) !== 0;
}

/** Writes a new file. Errors: RejectedError `key.file` where it exists; InvalidInputError `key.passphrase` for a short passphrase. */
export async function backupKey(path: string, jwk: PrivateJwk, passphrase: string): Promise<void> {
  if (passphrase.length < SHORTEST_PASSPHRASE) {
    throw new InvalidInputError('key.passphrase', `A passphrase has at least ${SHORTEST_PASSPHRASE} characters.`);
  }
  const { kty, crv, x, d } = jwk;
  const plain = JSON.stringify(jwk.kty === 'EC' ? { kty, crv, x, y: jwk.y, d } : { kty, crv, x, d });
  const jwe = await new CompactEncrypt(new TextEncoder().encode(plain))
    // The thumbprint stands outside, so that one can see which key a backup holds without opening it.
    .setProtectedHeader({ alg: 'PBES2-HS512+A256KW', enc: 'A256GCM', cty: 'jwk+json', kid: hashKey(jwk) })
    .setKeyManagementParameters({ p2c: ROUNDS })
    .encrypt(new TextEncoder().encode(passphrase));
  await writeNew(path, `${jwe}\n`);
}

/** Errors: InvalidInputError `key.file` for what is no backup, `key.passphrase` for the wrong passphrase. */
export async function restoreKey(path: string, passphrase: string): Promise<PrivateJwk> {
  const jwe = (await readSecret(path, 'backup')).trim();
  try {
    decodeProtectedHeader(jwe);
  } catch (cause) {
    throw new InvalidInputError('key.file', `${path} is no backup of a key.`, { cause });
  }
  let plain: Uint8Array;
  try {
    const options = {
      keyManagementAlgorithms: ['PBES2-HS512+A256KW'],
      contentEncryptionAlgorithms: ['A256GCM'],
      maxPBES2Count: 2 * ROUNDS,
    };
    ({ plaintext: plain } = await compactDecrypt(jwe, new TextEncoder().encode(passphrase), options));
  } catch (cause) {
    throw new InvalidInputError('key.passphrase', `The passphrase does not open ${path}, or the backup is damaged.`, {
      cause,
    });
  }
  return parseKey(new TextDecoder().decode(plain), path);
}

async function readSecret(path: string, what: string): Promise<string> {
  try {
    return await readFile(path, 'utf8');
  } catch (cause) {
    throw new InvalidInputError(
      'key.file',
      `Cannot read the ${what} ${path}: ${cause instanceof Error ? cause.message : cause}.`,
      { cause },
    );
  }
}

function parseKey(text: string, path: string): PrivateJwk {
  try {
    return parsePrivateJwk(JSON.parse(text));
  } catch (cause) {
    // Without the cause's message: a parser may quote the key.
    throw new InvalidInputError('key.file', `${path} holds no private key as a JWK (P-256 or Ed25519).`, {
      cause: cause instanceof InvalidInputError ? cause : undefined,
    });
  }
}

async function writeNew(path: string, text: string): Promise<void> {
  const file = await open(path, 'wx', 0o600).catch((cause: unknown) => {
    const exists = cause instanceof Error && 'code' in cause && cause.code === 'EEXIST';
    const advice = exists ? 'it exists, and keys are never overwritten: choose another name' : String(cause);
    throw new RejectedError('key.file', `Cannot write ${path}: ${advice}.`, { cause });
  });
  try {
    await file.writeFile(text);
    await file.sync();
  } finally {
    await file.close();
  }
}
