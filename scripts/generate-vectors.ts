/**
 * Writes vectors from what a real PassportLedger says and takes: `entries.json` (every kind of entry), `journal.json` (the tree over
 * those entries) and `possession.json` (the messages that P-256 keys sign); and `ecdsa.json`, edge cases of signatures. Everything in them is fixed, so `--check` can make them anew
 * and fail when they differ from the committed ones.
 */
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createEcdsaCases } from './vectors/ecdsa.ts';
import { createTestLedger, type LedgerEntry, type TestLedger } from './vectors/ledger.ts';
import {
  type Act,
  createTestKey,
  encodeAct,
  encodeTransformation,
  lotId,
  POSSESSION_TYPES,
  RELAY_TYPES,
  sha256,
  type TestKey,
  toHex,
} from './vectors/signing.ts';

const folder = join(import.meta.dirname, '../test/vectors');
const DID = 'did:web:maker.example';
const DID_WITHOUT_CONTROLLER = 'did:web:refiner.example';
const LIST = 0x1122334455667788n;

type Value = string | number | Record<string, string> | readonly Record<string, string | number>[];
type Fields = Record<string, Value>;
interface Vector {
  readonly name: string;
  readonly index: number;
  readonly kind: number;
  readonly fields: Fields;
  readonly bytes: string;
}

/** Reads fields off an entry's bytes in the order in which the interface's NatSpec lists them. */
class Reader {
  readonly fields: Fields = {};
  readonly #bytes: Buffer;
  #offset = 0;

  constructor(hex: string) {
    this.#bytes = Buffer.from(hex.slice(2), 'hex');
  }

  take(length: number): Buffer {
    const end = this.#offset + length;
    if (end > this.#bytes.length) throw new RangeError(`entry ends inside a field: ${toHex(this.#bytes)}`);
    const part = this.#bytes.subarray(this.#offset, end);
    this.#offset = end;
    return part;
  }

  number(length: number): number {
    return Number(this.bigint(length));
  }

  bigint(length: number): bigint {
    return BigInt(toHex(this.take(length)));
  }

  hex(length: number): string {
    return toHex(this.take(length));
  }

  text(): string {
    return this.take(this.number(2)).toString('utf8');
  }

  end(): void {
    if (this.#offset !== this.#bytes.length)
      throw new RangeError(`entry has more than its fields: ${toHex(this.#bytes)}`);
  }
}

type Read = (from: Reader) => Value;
const u8: Read = (from) => from.number(1);
const u16: Read = (from) => from.number(2);
const u32: Read = (from) => from.number(4);
const u64: Read = (from) => from.number(8);
const address: Read = (from) => from.hex(20);
const b32: Read = (from) => from.hex(32);
const text: Read = (from) => from.text();
/** Wider than a JSON number is exact: a decimal string. */
const decimal64: Read = (from) => from.bigint(8).toString();
const decimal256: Read = (from) => from.bigint(32).toString();

const HEADER: readonly [string, Read][] = [
  ['version', u8],
  ['kind', u8],
  ['blockNumber', u64],
  ['blockTime', u64],
  ['actorKind', u8],
  ['actor', b32],
];

const BY_ISSUER: readonly [string, Read][] = [
  ['issuer', b32],
  ['roles', u16],
];

const BODIES: Readonly<Record<number, readonly [string, Read][]>> = {
  1: [
    ['chainId', decimal256],
    ['ledger', address],
  ],
  2: [
    ['role', b32],
    ['account', address],
  ],
  3: [
    ['role', b32],
    ['account', address],
  ],
  4: [
    ['account', address],
    ['acceptFrom', u64],
  ],
  5: [],
  6: [
    ['delay', u64],
    ['effectFrom', u64],
  ],
  7: [],
  8: [],
  9: [],
  10: [
    ['chainId', decimal256],
    ['successor', address],
    ['codeHash', b32],
  ],
  16: [
    ['issuer', b32],
    ['number', u32],
    ['roles', u16],
    ['controller', address],
    ['did', text],
  ],
  17: [['issuer', b32]],
  18: [['issuer', b32]],
  19: [
    ['issuer', b32],
    ['since', u64],
  ],
  20: [
    ['issuer', b32],
    ['roles', u16],
  ],
  21: [
    ['issuer', b32],
    ['number', u32],
    ['prefix', text],
  ],
  22: [
    ['issuer', b32],
    ['number', u32],
    ['prefix', text],
    ['since', u64],
  ],
  23: [
    ['issuer', b32],
    ['account', address],
  ],
  24: [
    ['issuer', b32],
    ['account', address],
  ],
  25: [
    ['issuer', b32],
    ['account', address],
  ],
  26: [
    ['issuer', b32],
    ['account', address],
  ],
  27: [
    ['issuer', b32],
    ['key', b32],
    ['algorithm', u8],
    ['purposes', u16],
    ['x', b32],
    ['y', b32],
  ],
  28: [
    ['issuer', b32],
    ['key', b32],
    ['at', u64],
  ],
  29: [
    ['issuer', b32],
    ['key', b32],
    ['since', u64],
  ],
  32: [
    ['issuer', b32],
    ['roles', u16],
    ['root', b32],
    ['size', u16],
    ['manifest', b32],
    [
      'allocations',
      (from) =>
        Array.from({ length: from.number(1) }, () => ({ lot: from.hex(32), milligrams: from.bigint(8).toString() })),
    ],
  ],
  64: [
    ...BY_ISSUER,
    ['substance', (from) => from.number(5)],
    ['origin', u8],
    ['custody', u8],
    ['milligrams', decimal64],
    ['event', b32],
    ['periodFrom', u64],
    ['periodUntil', u64],
    ['country', (from) => from.take(2).toString('utf8')],
    ['label', text],
    ['facility', text],
  ],
  65: [...BY_ISSUER, ['lot', b32], ['milligrams', decimal64], ['label', text]],
  66: [...BY_ISSUER, ['receiver', b32], ['lot', b32], ['milligrams', decimal64], ['event', b32], ['label', text]],
  67: [...BY_ISSUER, ['sender', b32], ['lot', b32], ['event', b32]],
  68: [...BY_ISSUER, ['lot', b32]],
  69: [...BY_ISSUER, ['lot', b32]],
  70: [
    ...BY_ISSUER,
    ['event', b32],
    [
      'lost',
      (from) => ({
        primary: from.bigint(8).toString(),
        preConsumerRecycled: from.bigint(8).toString(),
        postConsumerRecycled: from.bigint(8).toString(),
        renewable: from.bigint(8).toString(),
      }),
    ],
    ['process', text],
    [
      'inputs',
      (from) =>
        Array.from({ length: from.number(1) }, () => ({ lot: from.hex(32), milligrams: from.bigint(8).toString() })),
    ],
    [
      'outputs',
      (from) =>
        Array.from({ length: from.number(1) }, () => ({
          origin: from.number(1),
          custody: from.number(1),
          milligrams: from.bigint(8).toString(),
          label: from.text(),
        })),
    ],
  ],
  71: [...BY_ISSUER, ['lot', b32], ['milligrams', decimal64]],
  72: [...BY_ISSUER, ['lot', b32], ['milligrams', decimal64]],
  73: [
    ['lot', b32],
    ['milligrams', decimal64],
  ],
  48: [
    ['issuer', b32],
    ['list', decimal64],
    ['status', u8],
    ['reason', u8],
    ['words', (from) => Array.from({ length: from.number(1) }, () => ({ number: from.number(2), bits: from.hex(32) }))],
  ],
};

function readFields(bytes: string): Fields {
  const from = new Reader(bytes);
  const fields: Fields = {};
  for (const [name, read] of HEADER) fields[name] = read(from);
  const body = BODIES[Number(fields.kind)];
  if (body === undefined) throw new RangeError(`unknown kind of entry: ${bytes}`);
  for (const [name, read] of body) fields[name] = read(from);
  from.end();
  return fields;
}

interface Scenario {
  readonly ledger: TestLedger;
  readonly vectors: readonly Vector[];
  readonly possession: unknown;
  readonly journal: unknown;
}

/** Every kind of entry once at least, in an order that a replay accepts, ending with the closing of the ledger. */
export async function playScenario(): Promise<Scenario> {
  const ledger = await createTestLedger();
  const [admin = '', accreditor = '', controller = '', submitter = '', successor = '', relayer = '', nextAdmin = ''] =
    ledger.accounts;
  const [role] = await ledger.read('ACCREDITOR_ROLE', []);
  const vectors: Vector[] = [];
  const name = (...names: readonly string[]): void => {
    const fresh: readonly LedgerEntry[] = ledger.entries().slice(vectors.length);
    if (fresh.length !== names.length) throw new Error(`${names.join(', ')}: the ledger made ${fresh.length} entries`);
    fresh.forEach((entry, i) => {
      const fields = readFields(entry.bytes);
      vectors.push({
        name: names[i] ?? '',
        index: entry.index,
        kind: Number(fields.kind),
        fields,
        bytes: entry.bytes,
      });
    });
  };
  const send = async (names: readonly string[], ...call: Parameters<TestLedger['send']>): Promise<void> => {
    await ledger.send(...call);
    name(...names);
  };

  name('opened', 'admin role granted at the opening');
  await send(['accreditor role granted'], admin, 'grantRole', [role, accreditor]);

  // Two issuers: one with a controller, one that acts by its keys alone.
  const keys = {
    first: createTestKey('dpp-ledger vectors: first key'),
    spare: createTestKey('dpp-ledger vectors: spare key'),
    alone: createTestKey('dpp-ledger vectors: key of an issuer without controller'),
  };
  const issuer = sha256(Buffer.from(DID));
  const alone = sha256(Buffer.from(DID_WITHOUT_CONTROLLER));
  const nobody = `0x${'00'.repeat(20)}`;
  const deadline = ledger.nextTime() + 86_400;
  const signPossession = (
    key: TestKey,
    value: { issuer: string; controller: string; purposes: number; deadline: number },
  ) => {
    const { bytes, digest } = ledger.encodeTyped(POSSESSION_TYPES, value);
    return {
      jwk: key.jwk,
      thumbprint: key.thumbprint,
      message: value,
      signed: toHex(bytes),
      digest,
      signature: key.sign(bytes),
    };
  };
  const firstProof = signPossession(keys.first, { issuer, controller, purposes: 15, deadline });
  const aloneProof = signPossession(keys.alone, { issuer: alone, controller: nobody, purposes: 15, deadline });
  const spareProof = signPossession(keys.spare, { issuer, controller, purposes: 3, deadline });
  await send(['accredited', 'first key added by the accreditor'], accreditor, 'accredit', [
    DID,
    0x0003,
    controller,
    keys.first.publicKey,
    15,
    deadline,
    firstProof.signature,
  ]);
  await send(['accredited without a controller', 'its first key added'], accreditor, 'accredit', [
    DID_WITHOUT_CONTROLLER,
    0x0010,
    nobody,
    keys.alone.publicKey,
    15,
    deadline,
    aloneProof.signature,
  ]);
  await send(['roles assigned'], accreditor, 'assignRoles', [issuer, 0x0203]);
  await send(['GS1 prefix granted'], accreditor, 'grantPrefix', [issuer, 1, 'gs1:952']);
  await send(['URI prefix granted'], accreditor, 'grantPrefix', [issuer, 2, 'https://maker.example/produits/']);
  await send(['URI prefix taken back'], accreditor, 'takeBackPrefix', [
    issuer,
    2,
    'https://maker.example/produits/',
    ledger.nextTime() - 5,
  ]);

  // The controller.
  const root = sha256(Buffer.from('a batch'));
  const manifest = sha256(Buffer.from('its manifest'));
  await send(
    [
      'submitter appointed',
      'P-256 key added by the controller',
      'Ed25519 key added by the controller',
      'anchored by the controller',
    ],
    controller,
    'act',
    [
      issuer,
      [
        encodeAct(25, submitter),
        encodeAct(27, keys.spare.publicKey, 3, deadline, spareProof.signature),
        encodeAct(27, [2, sha256(Buffer.from('an Ed25519 key')), `0x${'00'.repeat(32)}`], 1, deadline, '0x'),
        encodeAct(32, root, 16_384, manifest, []),
      ],
    ],
  );
  await send(['anchored by a submitter'], submitter, 'anchor', [
    issuer,
    sha256(Buffer.from('another batch')),
    1,
    manifest,
    [],
  ]);
  await send(['revoked: two words'], controller, 'act', [
    issuer,
    [
      encodeAct(48, LIST, 1, 2, [
        [0, 1n | (1n << 255n)],
        [511, (1n << 256n) - 1n],
      ]),
    ],
  ]);
  await send(['revoked again: only the new bit of two, in the second word of three'], controller, 'act', [
    issuer,
    [
      encodeAct(48, LIST, 1, 1, [
        [0, 1n],
        [7, 6n],
        [511, 4n],
      ]),
    ],
  ]);

  // Keys, relayed by somebody without any right.
  const signRelay = (key: TestKey, of: string, acts: readonly Act[], nonce: number) => {
    const message = { issuer: of, key: key.thumbprint, acts, nonce, deadline };
    const { bytes, digest } = ledger.encodeTyped(RELAY_TYPES, message);
    return { jwk: key.jwk, message, signed: toHex(bytes), digest, signature: key.sign(bytes) };
  };
  const relays: ReturnType<typeof signRelay>[] = [];
  const relay = async (names: readonly string[], key: TestKey, of: string, acts: readonly Act[], nonce: number) => {
    const signed = signRelay(key, of, acts, nonce);
    relays.push(signed);
    await send(names, relayer, 'relay', [of, key.publicKey, acts, nonce, deadline, signed.signature]);
  };
  await relay(
    ['anchored by a key', 'superseded by a key'],
    keys.spare,
    issuer,
    [encodeAct(32, sha256(Buffer.from('a newer batch')), 12, manifest, []), encodeAct(48, LIST, 2, 1, [[3, 0xffn]])],
    0,
  );
  await relay(
    [
      'controller proposed by a key',
      'the proposal taken back, where there is no controller',
      'controller proposed anew',
      'submitter appointed by a key',
    ],
    keys.alone,
    alone,
    [encodeAct(23, successor), encodeAct(23, nobody), encodeAct(23, successor), encodeAct(25, submitter)],
    0,
  );
  await send(['controller changed: there was none'], successor, 'acceptController', [alone]);
  await relay(['submitter dismissed by a key'], keys.alone, alone, [encodeAct(26, submitter)], 1);
  await send(['a controller proposes itself', 'and takes it back'], successor, 'act', [
    alone,
    [encodeAct(23, successor), encodeAct(23, nobody)],
  ]);
  await send(['controller proposed', 'key retired', 'key compromised'], controller, 'act', [
    issuer,
    [
      encodeAct(23, successor),
      encodeAct(28, keys.spare.thumbprint, ledger.nextTime() + 100),
      encodeAct(29, keys.spare.thumbprint, ledger.nextTime() - 40),
    ],
  ]);
  await send(['controller changed'], successor, 'acceptController', [issuer]);

  // Materials. The maker has become an extractor and recycler as well; the other issuer, a refiner, acts by its key.
  await send(['roles assigned for materials'], accreditor, 'assignRoles', [issuer, 0x0025]);
  const event = sha256(Buffer.from('an event'));
  const cobalt = 7440484;
  const lot = (label: string, of = issuer) => lotId(of, label);
  const facility = 'https://maker.example/facilities/1';
  const inOrder = (...inputs: readonly (readonly [string, bigint])[]) =>
    inputs.toSorted(([a], [b]) => (a < b ? -1 : 1));
  await send(
    ['lot registered: primary', 'lot registered: recycled, by mass balance', 'lot split', 'transfer offered'],
    successor,
    'act',
    [
      issuer,
      [
        encodeAct(64, cobalt, 1, 2, 1_000_000_000n, event, 0, 0, '0x4344', 'MINE-1', facility),
        encodeAct(64, cobalt, 3, 4, 12_000n, event, 1_790_000_000, 1_800_000_000, '0x4742', 'SCRAP 7', facility),
        encodeAct(65, lot('MINE-1'), 400n, 'MINE-1/a'),
        encodeAct(66, alone, lot('SCRAP 7'), 5_000n, event, 'SCRAP 7/1'),
      ],
    ],
  );
  await relay(['transfer accepted by a key'], keys.alone, alone, [encodeAct(67, issuer, lot('SCRAP 7/1'), event)], 2);
  await send(['two transfers offered', 'the second'], successor, 'act', [
    issuer,
    [
      encodeAct(66, alone, lot('MINE-1'), 70_000n, event, 'MINE-1/b'),
      encodeAct(66, alone, lot('MINE-1'), 1n, event, 'MINE-1/c'),
    ],
  ]);
  await relay(['transfer refused'], keys.alone, alone, [encodeAct(68, lot('MINE-1/b'))], 3);
  await send(['transfer withdrawn'], successor, 'act', [issuer, [encodeAct(69, lot('MINE-1/c'))]]);
  await send(['transformed', 'lot retired', 'lot lost', 'anchored with two allocations'], successor, 'act', [
    issuer,
    [
      encodeTransformation(
        event,
        [10n, 0n, 5n, 0n],
        'hydrometallurgical refining',
        inOrder([lot('MINE-1/a'), 400n], [lot('SCRAP 7'), 7_000n]),
        [
          [1, 4, 490n, 'REFINED-1'],
          [3, 5, 6_895n, 'REFINED-2'],
        ],
      ),
      encodeAct(71, lot('REFINED-2'), 95n),
      encodeAct(72, lot('REFINED-1'), 90n),
      encodeAct(
        32,
        sha256(Buffer.from('a batch with cobalt')),
        100,
        manifest,
        inOrder([lot('REFINED-1'), 4n], [lot('REFINED-2'), 12n]),
      ),
    ],
  ]);
  await send(['lot voided'], accreditor, 'voidLot', [lot('REFINED-2')]);

  // Ends.
  await send(['suspended'], accreditor, 'suspend', [issuer]);
  await send(['revoked while suspended'], successor, 'act', [issuer, [encodeAct(48, 1n, 1, 4, [[256, 1n]])]]);
  await send(['reinstated'], accreditor, 'reinstate', [issuer]);
  await send(['withdrawn'], accreditor, 'withdraw', [issuer, ledger.nextTime()]);
  await send(['withdrawn since an earlier time'], accreditor, 'withdraw', [issuer, ledger.nextTime() - 500]);
  await send(['revoked by authority'], accreditor, 'revokeByAuthority', [issuer, (1n << 64n) - 1n, [[2, 1n << 128n]]]);

  // The ledger's own.
  await send(['paused'], admin, 'pause', []);
  await send(['unpaused'], admin, 'unpause', []);
  await send(['admin delay change begun'], admin, 'changeDefaultAdminDelay', [172_800]);
  await send(['admin delay change cancelled'], admin, 'rollbackDefaultAdminDelay', []);
  await send(['admin transfer begun'], admin, 'beginDefaultAdminTransfer', [relayer]);
  await send(['admin transfer cancelled'], admin, 'cancelDefaultAdminTransfer', []);
  await send(['admin transfer begun again'], admin, 'beginDefaultAdminTransfer', [nextAdmin]);
  await send(['admin role revoked', 'admin role granted'], nextAdmin, 'acceptDefaultAdminTransfer', [], 86_401);
  await send(['accreditor role given up'], accreditor, 'renounceRole', [role, accreditor]);
  await send(['closed'], nextAdmin, 'close', [1n, submitter, sha256(Buffer.from('code'))]);

  const [size, peaks, treeRoot] = (await ledger.read('treeHead', [])) as [bigint, readonly string[], string];
  const domain = { name: 'PassportLedger', version: '1', chainId: ledger.chainId, verifyingContract: ledger.address };
  return {
    ledger,
    vectors,
    possession: { domain, keyPossession: [firstProof, aloneProof, spareProof], relay: relays },
    journal: { chainId: ledger.chainId, ledger: ledger.address, size: Number(size), peaks: [...peaks], root: treeRoot },
  };
}

export async function renderVectors(): Promise<ReadonlyMap<string, string>> {
  const { vectors, possession, journal } = await playScenario();
  const render = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;
  return new Map([
    ['entries.json', render(vectors)],
    ['journal.json', render(journal)],
    ['possession.json', render(possession)],
    ['ecdsa.json', render(createEcdsaCases())],
  ]);
}

if (import.meta.main) {
  for (const [file, wanted] of await renderVectors()) {
    const path = join(folder, file);
    if (!process.argv.includes('--check')) await writeFile(path, wanted);
    else if ((await readFile(path, 'utf8').catch(() => '')) !== wanted) {
      console.error(`${path} is not what the contract says: run \`pnpm generate\` and commit it`);
      process.exitCode = 1;
    }
  }
}
