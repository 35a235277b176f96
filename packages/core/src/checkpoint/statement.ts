/**
 * State statements: a witness's word, as a JWT, that at a block which is final on its own node a ledger's chain has this state root and
 * the ledger this tree head, which continues all that the witness cosigned of the log. Whatever is proved against that state root (the
 * contract's storage, by `eth_getProof`) is then known without any node. The key is the witness's, the one it cosigns with.
 */
import { z } from 'zod';
import { decodeBase64Url, encodeBase64Url, type Hex } from '../bytes.ts';
import { IntegrityError, InvalidInputError } from '../errors.ts';
import type { LedgerId } from '../ids.ts';
import { parseJson } from '../json.ts';
import { parseShape } from '../shape.ts';
import { parseOrigin } from './checkpoint.ts';
import type { CosignatureSigner, Cosigner } from './cosignature.ts';
import { formatKeyId } from './note-key.ts';

export interface StateStatement {
  readonly ledger: LedgerId;
  /** The log's name, epoch included; it names this ledger. */
  readonly origin: string;
  /** `time` in seconds since 1970. */
  readonly block: { readonly number: number; readonly hash: Hex; readonly stateRoot: Hex; readonly time: number };
  /** The contract's at that block. `root`: 32 bytes. */
  readonly tree: { readonly size: number; readonly root: Uint8Array };
  /** When it was signed, in seconds since 1970. */
  readonly iat: number;
}

/** A statement that is well formed; nothing of it is believed yet. */
export interface ParsedStatement {
  readonly statement: StateStatement;
  /** The witness that it says signed it: `name+hash`. */
  readonly kid: string;
  /** ASCII. */
  readonly signingInput: Uint8Array;
  /** 64 bytes. */
  readonly signature: Uint8Array;
}

/** Its media type, and the `typ` of its header (RFC 8725, 3.11), by which it is never taken for a credential. */
const TYPE = 'dpp-state+jwt';
/** Names are short, and all else has a fixed length. */
const LONGEST = 4096;

const count = z.int().nonnegative();
const hash = z.templateLiteral(['0x', z.string().regex(/^[0-9a-f]{64}$/)]);
const headerSchema = z.strictObject({ alg: z.literal('Ed25519'), typ: z.literal(TYPE), kid: z.string().min(10) });
const payloadSchema = z.strictObject({
  ledger: z.string(),
  genesis: hash,
  codeHash: hash,
  origin: z.string(),
  block: z.strictObject({ number: count, hash, stateRoot: hash, time: count }),
  tree: z.strictObject({ size: count, root: z.string() }),
  iat: count,
});

const ascii = new TextEncoder();

/** The JWT. Errors: `checkpoint.statement` for an origin that is not the ledger's. */
export async function signStatement(
  statement: StateStatement,
  signer: Pick<CosignatureSigner, 'name' | 'keyId' | 'signStatement'>,
): Promise<string> {
  const { ledger, origin, block, tree, iat } = statement;
  assertOrigin(origin, ledger);
  const { number, hash, stateRoot, time } = block;
  const header = { alg: 'Ed25519', typ: TYPE, kid: formatKid(signer) };
  const payload: z.infer<typeof payloadSchema> = {
    ledger: `eip155:${ledger.chainId}:${ledger.address}`,
    genesis: ledger.genesis,
    codeHash: ledger.codeHash,
    origin,
    block: { number, hash, stateRoot, time },
    tree: { size: tree.size, root: encodeBase64Url(tree.root) },
    iat,
  };
  const signingInput = `${encodePart(header)}.${encodePart(payload)}`;
  return `${signingInput}.${encodeBase64Url(await signer.signStatement(ascii.encode(signingInput)))}`;
}

/** Reads a statement and believes nothing of it: see `openStatement`. Errors: `checkpoint.statement`. */
export function parseStatement(jwt: string): ParsedStatement {
  if (jwt.length > LONGEST) refuse(`${jwt.length} characters where ${LONGEST} are the most`);
  const parts = jwt.split('.', 4);
  const [head = '', body = '', tail = ''] = parts;
  if (parts.length !== 3) refuse('it is not three parts with dots between them');
  const { kid } = parseShape(headerSchema, readJson(head), 'header of the state statement', 'checkpoint.statement');
  const payload = parseShape(payloadSchema, readJson(body), 'state statement', 'checkpoint.statement');
  const { genesis, codeHash, origin, block, tree, iat } = payload;
  const [, chainId, address] = /^eip155:([1-9]\d{0,15}):(0x[0-9a-f]{40})$/.exec(payload.ledger) ?? [];
  if (address === undefined || !Number.isSafeInteger(Number(chainId))) {
    refuse(`"${payload.ledger.slice(0, 80)}" is not eip155:, a chain id, and a lower-case address`);
  }
  const ledger: LedgerId = { chainId: Number(chainId), genesis, address: address as Hex, codeHash };
  assertOrigin(origin, ledger);
  return {
    statement: { ledger, origin, block, tree: { size: tree.size, root: decode(tree.root, 32) }, iat },
    kid,
    signingInput: ascii.encode(`${head}.${body}`),
    signature: decode(tail, 64),
  };
}

/**
 * A statement that may be believed as far as its witness is. Errors: `checkpoint.statement`; IntegrityError `checkpoint.signature` where
 * none of these witnesses signed it.
 */
export async function openStatement(
  jwt: string,
  cosigners: readonly Cosigner[],
): Promise<{ readonly statement: StateStatement; readonly witness: Cosigner }> {
  const { statement, kid, signingInput, signature } = parseStatement(jwt);
  const witness = cosigners.find((cosigner) => formatKid(cosigner) === kid);
  if (witness === undefined) {
    const known = cosigners.map(formatKid).join(', ') || 'none';
    throw new IntegrityError(
      'checkpoint.signature',
      `The state statement is signed by ${kid.slice(0, 120)}; believed are ${known}.`,
    );
  }
  if (!(await witness.verifyStatement(signingInput, signature))) {
    throw new IntegrityError(
      'checkpoint.signature',
      `The signature of ${kid.slice(0, 120)} is false: the state statement was altered, or another key signed it.`,
    );
  }
  return { statement, witness };
}

function formatKid({ name, keyId }: { readonly name: string; readonly keyId: number }): string {
  return `${name}+${formatKeyId(keyId)}`;
}

function assertOrigin(origin: string, ledger: LedgerId): void {
  if (parseOrigin(origin, ledger) === undefined) {
    refuse(`"${origin.slice(0, 120)}" is not a log of the ledger eip155:${ledger.chainId}:${ledger.address}`);
  }
}

function encodePart(value: object): string {
  return encodeBase64Url(ascii.encode(JSON.stringify(value)));
}

function readJson(part: string): unknown {
  try {
    return parseJson(decodeBase64Url(part));
  } catch (cause) {
    return refuse('header and payload are not JSON in base64url', cause);
  }
}

function decode(text: string, length: number): Uint8Array {
  try {
    return new Uint8Array(decodeBase64Url(text, length));
  } catch (cause) {
    return refuse(`root or signature is not ${length} bytes in base64url`, cause);
  }
}

function refuse(message: string, cause?: unknown): never {
  throw new InvalidInputError('checkpoint.statement', `This is not a state statement: ${message}.`, { cause });
}
