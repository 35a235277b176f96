/**
 * A ledger on paper: appends the entries that the contract would, without asking whether it may. The header is filled in from a clock
 * that the test moves, and the real fold keeps the state and the tree.
 */
import { decodeBase64Url, encodeHex, type Hex, sha256 } from '../../src/bytes.ts';
import { decodeKeyId, generateKey, hashKey, type PrivateJwk, type PublicJwk } from '../../src/credential/index.ts';
import type { Facts, Question } from '../../src/evidence/facts.ts';
import type { LedgerId } from '../../src/ids.ts';
import {
  type Actor,
  answerQuestion,
  createCompactRange,
  createJournalFold,
  type EntryBody,
  type EntryHeader,
  encodeEntry,
  hashLeaf,
  type JournalFold,
  type NodeReader,
  provePeakPath,
} from '../../src/journal/index.ts';

export const ACCREDITOR_ROLE: Hex = '0xb7dd0da17e548d887873c37efb78b7f3dd17f1447207989a953d673244d7f144';
export const ADMIN_ROLE: Hex = `0x${'00'.repeat(32)}`;
export const NOBODY: Hex = `0x${'00'.repeat(20)}`;

export function accountOf(name: string): Hex {
  return encodeHex(sha256(new TextEncoder().encode(name)).subarray(0, 20));
}

export function issuerOf(did: string): Hex {
  return encodeHex(sha256(new TextEncoder().encode(did)));
}

export const by = (kind: Actor['kind'], name: string): Actor => ({
  kind,
  id: kind === 'key' ? (name as Hex) : accountOf(name),
});
export const ADMIN = by('admin', 'admin');
export const ACCREDITOR = by('accreditor', 'accreditor');

export const MAKER = 'did:web:maker.example';
export const makerId = issuerOf(MAKER);
export const CONTROLLER = by('controller', 'maker');

export interface KeyPair {
  readonly jwk: PrivateJwk;
  readonly id: Hex;
}

export async function createKeyPair(algorithm: 'ES256' | 'Ed25519' = 'ES256'): Promise<KeyPair> {
  const jwk = await generateKey({ algorithm });
  return { jwk, id: decodeKeyId(hashKey(jwk)) };
}

export function keyAdded(issuer: Hex, key: { readonly jwk: PublicJwk; readonly id: Hex }, purposes: number): EntryBody {
  const { jwk, id } = key;
  return {
    kind: 'keyAdded',
    issuer,
    key: id,
    algorithm: jwk.kty === 'EC' ? 'ES256' : 'Ed25519',
    purposes,
    x: encodeHex(decodeBase64Url(jwk.x)),
    y: jwk.kty === 'EC' ? encodeHex(decodeBase64Url(jwk.y)) : `0x${'00'.repeat(32)}`,
  };
}

export function anchored(
  fields: { readonly root: Hex; readonly size: number } & Partial<Extract<EntryBody, { kind: 'anchored' }>>,
): EntryBody {
  return { kind: 'anchored', issuer: makerId, roles: 1, manifest: `0x${'3d'.repeat(32)}`, allocations: [], ...fields };
}

export interface PaperLedger {
  readonly id: LedgerId;
  readonly fold: JournalFold;
  readonly entries: readonly Uint8Array[];
  block: number;
  time: number;
  header(actor: Actor): EntryHeader;
  encode(actor: Actor, body: EntryBody): Uint8Array;
  /** Appends, a block and ten seconds later, and gives the entry's index. */
  append(actor: Actor, body: EntryBody): number;
  /** The stored nodes of the journal's tree. */
  readNode: NodeReader;
  peakPath(index: number): Uint8Array[];
  facts(question: Question): Facts;
}

/** Opened, with an admin and an accreditor: three entries. */
export function createPaperLedger(address: Hex = `0x${'ed'.repeat(20)}`): PaperLedger {
  const id: LedgerId = { chainId: 31337, genesis: `0x${'9e'.repeat(32)}`, address, codeHash: `0x${'c0'.repeat(32)}` };
  const fold = createJournalFold({ ledger: id });
  const entries: Uint8Array[] = [];
  const nodes = new Map<string, Uint8Array>();
  const tree = createCompactRange();
  const ledger: PaperLedger = {
    id,
    fold,
    entries,
    block: 100,
    time: 1_750_000_000,
    header: (actor) => ({ blockNumber: ledger.block, blockTime: ledger.time, actor }),
    encode: (actor, body) => encodeEntry({ ...ledger.header(actor), ...body }),
    append(actor, body) {
      ledger.block += 1;
      ledger.time += 10;
      const bytes = ledger.encode(actor, body);
      fold.add(bytes);
      entries.push(bytes);
      tree.append(hashLeaf(bytes), (level, index, hash) => nodes.set(`${level}/${index}`, hash));
      return entries.length - 1;
    },
    readNode(level, index) {
      const node = nodes.get(`${level}/${index}`);
      if (node === undefined) throw new Error(`The journal has no node ${level}/${index}.`);
      return node;
    },
    peakPath: (index) => provePeakPath(index, entries.length, ledger.readNode),
    facts: (question) => ({
      source: 'own node',
      ledger: id,
      blockNumber: ledger.block,
      blockTime: ledger.time,
      finalBlockNumber: ledger.block,
      treeHead: fold.treeHead(),
      ...answerQuestion(fold.state, question),
    }),
  };
  ledger.append(ADMIN, { kind: 'opened', chainId: 31337n, ledger: address });
  ledger.append(ADMIN, { kind: 'roleGranted', role: ADMIN_ROLE, account: ADMIN.id });
  ledger.append(ADMIN, { kind: 'roleGranted', role: ACCREDITOR_ROLE, account: ACCREDITOR.id });
  return ledger;
}

/** With one accredited manufacturer, its first key (all purposes) and one grant. */
export function accreditMaker(
  ledger: PaperLedger,
  key: KeyPair,
  options: { readonly prefix?: string; readonly roles?: number } = {},
): void {
  const { prefix = 'gs1:0952', roles = 1 } = options;
  const controller = CONTROLLER.id;
  const number = ledger.fold.state.issuers.size + 1;
  ledger.append(ACCREDITOR, { kind: 'accredited', issuer: makerId, number, roles, controller, did: MAKER });
  ledger.append(ACCREDITOR, keyAdded(makerId, key, 15));
  ledger.append(ACCREDITOR, { kind: 'prefixGranted', issuer: makerId, number: 1, prefix });
}
