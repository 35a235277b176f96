/**
 * Facts without a node: witnesses state which state root the chain has at a block, and Merkle proofs (`eth_getProof`, EIP-1186) lead from
 * that root to the accounts and storage of the ledger and of its Materials, exclusion included. Everything comes from that one root, so
 * that facts of two blocks cannot be mixed. The Patricia tries are walked by `@ethereumjs/mpt`.
 */
import { MerklePatriciaTrie } from '@ethereumjs/mpt';
import { decode as decodeRlp } from '@ethereumjs/rlp';
import { keccak_256 } from '@noble/hashes/sha3.js';
import { decodeHex, encodeHex, equalBytes, type Hex } from '../bytes.ts';
import { formatKeyId } from '../checkpoint/note-key.ts';
import { openStatement, parseStatement, type StateStatement } from '../checkpoint/statement.ts';
import type { PolicyWitness, WitnessPolicy } from '../checkpoint/witness-policy.ts';
import { DppError } from '../errors.ts';
import type { Facts, FactsProof, Question, UpstreamFacts, UpstreamQuestion } from '../evidence/facts.ts';
import type { Policy } from '../evidence/policy.ts';
import { foldPeaks, type TreeHead } from '../journal/tree.ts';
import { materialsOf } from '../materials/address.ts';
import type { FactsReason } from '../report.ts';
import { decodeAnswers, decodeIsVoid, decodeJournal, JOURNAL_SLOT, lotSlot, peakSlots, slotsOf } from './storage.ts';

export interface StateProof extends FactsProof {
  /** How many of the trie's nodes no proof has led through so far. */
  countUnused(): number;
}

/** Why the state proves nothing. */
class Refusal extends Error {
  readonly reason: FactsReason;

  constructor(reason: FactsReason) {
    super(reason);
    this.reason = reason;
  }
}

/** What witnesses vouch for. */
interface Witnessed {
  readonly statement: StateStatement;
  /** Those who signed, in the policy's order. */
  readonly source: string;
}

/**
 * A state as it was packed: statements of witnesses (JWTs), and the nodes of the accounts' and the storages' tries, in any order. Nothing
 * is checked before facts are asked for; then each thing once, however many questions there are.
 */
export function createStateProof(packed: {
  readonly statements: readonly string[];
  readonly nodes: readonly Uint8Array[];
}): StateProof {
  const nodes = createNodes(packed.nodes);
  const storage = new Map<Hex, Promise<Storage>>();
  const witnessed = new WeakMap<WitnessPolicy, Promise<Witnessed>>();

  function open(policy: WitnessPolicy): Promise<Witnessed> {
    const known = witnessed.get(policy) ?? openStatements(packed.statements, policy);
    witnessed.set(policy, known);
    return known;
  }

  function openStorage({ ledger, block, tree }: StateStatement): Promise<Storage> {
    // By everything that it depends on: the statements of one state are not always those of one policy.
    const name = `${block.stateRoot}${ledger.address.slice(2)}${ledger.codeHash.slice(2)}` as Hex;
    const known = storage.get(name) ?? proveStorage(nodes, { ledger, block, tree });
    storage.set(name, known);
    return known;
  }

  async function prove(
    question: Question,
    policy: Policy,
    upstream: readonly UpstreamQuestion[] | undefined,
  ): Promise<Facts> {
    const { witnesses } = policy;
    // A policy that asks for no witness is good for checkpoints; here nobody would be left to believe.
    if (witnesses === undefined || witnesses.meetsQuorum([])) throw new Refusal('no-witnesses');
    const { statement, source } = await open(witnesses);
    const { ledger, block, tree } = statement;
    const { journal, answer, isVoid } = await openStorage(statement);
    const { size, peaks, closed } = journal;
    if (size !== tree.size || !equalBytes(foldPeaks(peaks), tree.root)) throw new Refusal('state-other-tree');
    const about = async ({ question: asked, lots }: UpstreamQuestion): Promise<UpstreamFacts> => {
      const { issuer, key, status } = await answer(asked, 'upstream');
      const said = await Promise.all(lots.map(async (lot) => ({ lot, isVoid: await isVoid(lot) })));
      return { question: asked, issuer, key, status, lots: said };
    };
    return {
      source,
      ledger,
      blockNumber: block.number,
      blockTime: block.time,
      // A witness states what is final on its own node.
      finalBlockNumber: block.number,
      closed,
      treeHead: { size, peaks },
      question,
      ...(await answer(question, 'passport')),
      ...(upstream !== undefined && upstream.length > 0 && { upstream: await Promise.all(upstream.map(about)) }),
    };
  }

  return {
    async prove(question, policy, { upstream } = {}) {
      try {
        return { facts: await prove(question, policy, upstream) };
      } catch (error) {
        if (error instanceof Refusal) return { reason: error.reason };
        throw error;
      }
    },
    countUnused: nodes.countUnused,
  };
}

// ------------------------------------------------------------------------------------------------------------------ statements

/** What enough witnesses of the policy say alike. Of statements by others nothing is believed, and nothing concluded. */
async function openStatements(jwts: readonly string[], policy: WitnessPolicy): Promise<Witnessed> {
  const signers = new Set<PolicyWitness>();
  const statements: StateStatement[] = [];
  const cosigners = policy.witnesses.map(({ cosigner }) => cosigner);
  for (const jwt of jwts) {
    const kid = readKid(jwt);
    const isKnown = cosigners.some(({ name, keyId }) => `${name}+${formatKeyId(keyId)}` === kid);
    if (!isKnown) continue;
    try {
      const { statement, witness } = await openStatement(jwt, cosigners);
      const signer = policy.witnesses.find(({ cosigner }) => cosigner === witness);
      if (signer !== undefined) signers.add(signer);
      statements.push(statement);
    } catch (error) {
      // A false signature of a witness that is believed spoils the state, as it does a note.
      if (error instanceof DppError) throw new Refusal('statement-forged');
      throw error;
    }
  }
  const [first, ...others] = statements;
  if (first === undefined) throw new Refusal('too-few-witnesses');
  if (!others.every((other) => isSameState(first, other))) throw new Refusal('statements-disagree');
  if (policy.logs.length > 0 && !policy.logs.some(({ verifier }) => verifier.name === first.origin)) {
    throw new Refusal('statements-other-log');
  }
  const names = policy.witnesses.filter((witness) => signers.has(witness)).map(({ name }) => name);
  if (!policy.meetsQuorum(names)) throw new Refusal('too-few-witnesses');
  return { statement: first, source: `${names.length === 1 ? 'the witness' : 'the witnesses'} ${names.join(', ')}` };
}

function readKid(jwt: string): string {
  try {
    return parseStatement(jwt).kid;
  } catch (error) {
    if (error instanceof DppError) throw new Refusal('statement-unreadable');
    throw error;
  }
}

/** All but the time of signing. */
function isSameState(a: StateStatement, b: StateStatement): boolean {
  return (
    a.origin === b.origin &&
    a.ledger.chainId === b.ledger.chainId &&
    a.ledger.genesis === b.ledger.genesis &&
    a.ledger.address === b.ledger.address &&
    a.ledger.codeHash === b.ledger.codeHash &&
    a.block.number === b.block.number &&
    a.block.hash === b.block.hash &&
    a.block.stateRoot === b.block.stateRoot &&
    a.block.time === b.block.time &&
    a.tree.size === b.tree.size &&
    equalBytes(a.tree.root, b.tree.root)
  );
}

// ---------------------------------------------------------------------------------------------------------------------- tries

interface Storage {
  readonly journal: TreeHead & { readonly closed: boolean };
  /** Each question once. Upstream nobody asks for a grant, and it need not be proved. */
  answer(question: Question, of: 'passport' | 'upstream'): Promise<Pick<Facts, 'issuer' | 'key' | 'grant' | 'status'>>;
  isVoid(lot: Hex): Promise<boolean>;
}

/** A slot's word; 0 where the trie proves that it was never written. */
type WordReader = (slot: Hex) => Promise<bigint>;

async function proveStorage(
  nodes: Nodes,
  { ledger, block }: Pick<StateStatement, 'ledger' | 'block' | 'tree'>,
): Promise<Storage> {
  const stateRoot = decodeHex(block.stateRoot, 32);
  const { storageRoot, codeHash } = await readAccount(nodes, stateRoot, ledger.address);
  // The code that answers is the code that was pinned: without it, the slots below mean nothing.
  if (codeHash !== ledger.codeHash) throw new Refusal('state-other-code');
  const readWord = openWords(nodes, storageRoot);
  const { size, closed } = decodeJournal(await readWord(JOURNAL_SLOT));
  if (!Number.isSafeInteger(size)) throw new Refusal('state-not-proved');
  const peaks = await Promise.all(peakSlots(size).map(readWord));

  const answers = new Map<string, ReturnType<Storage['answer']>>();
  async function read(question: Question, of: 'passport' | 'upstream'): ReturnType<Storage['answer']> {
    const slots = slotsOf(question);
    const [issuer, key, grant, revoked, superseded] = await Promise.all([
      readWord(slots.issuer),
      readWord(slots.key),
      of === 'passport' ? readWord(slots.grant) : 0n,
      readWord(slots.revoked),
      readWord(slots.superseded),
    ]);
    return decodeAnswers({ issuer, key, grant, revoked, superseded });
  }

  // Needed for lots alone. No hash of Materials' code has to be pinned: its address is that of the ledger's first creation, so that what made
  // the ledger put the code there; neither contract can be replaced, nor creates, delegates or destroys itself; and the ledger's own code,
  // which is pinned, has just this address in it and obeys whoever is there. Who pins the one has looked at both.
  let materials: Promise<WordReader> | undefined;
  async function openMaterials(): Promise<WordReader> {
    const account = await readAccount(nodes, stateRoot, materialsOf(ledger.address));
    return openWords(nodes, account.storageRoot);
  }
  const lots = new Map<Hex, Promise<boolean>>();
  async function readIsVoid(lot: Hex): Promise<boolean> {
    materials ??= openMaterials();
    return decodeIsVoid(await (await materials)(lotSlot(lot)));
  }

  return {
    journal: { size, closed, peaks: peaks.map(encodePeak) },
    answer(question, of) {
      const name = `${of} ${Object.values(question).join()}`;
      const known = answers.get(name) ?? read(question, of);
      answers.set(name, known);
      return known;
    },
    isVoid(lot) {
      const known = lots.get(lot) ?? readIsVoid(lot);
      lots.set(lot, known);
      return known;
    },
  };
}

function openWords(nodes: Nodes, storageRoot: Uint8Array): WordReader {
  const trie = nodes.openTrie(storageRoot);
  const words = new Map<Hex, Promise<bigint>>();
  return (slot) => {
    const known = words.get(slot) ?? proving(async () => decodeValue(await trie.get(decodeHex(slot, 32), true)));
    words.set(slot, known);
    return known;
  };
}

async function readAccount(
  nodes: Nodes,
  stateRoot: Uint8Array,
  address: Hex,
): Promise<{ readonly storageRoot: Uint8Array; readonly codeHash: Hex }> {
  return await proving(async () => {
    const value = await nodes.openTrie(stateRoot).get(decodeHex(address, 20), true);
    // EIP-1186 and the Yellow Paper, 4.1: nonce, balance, storage root, code hash.
    const account = value === null ? [] : decodeRlp(value);
    const [, , storageRoot, codeHash] = Array.isArray(account) && account.length === 4 ? account : [];
    if (!isHash(storageRoot) || !isHash(codeHash)) throw new Refusal('state-not-proved');
    return { storageRoot, codeHash: encodeHex(codeHash) };
  });
}

/** A word without the zeros that it begins with, in RLP; absent where it is zero. */
function decodeValue(value: Uint8Array | null): bigint {
  if (value === null) return 0n;
  const word = decodeRlp(value);
  if (!(word instanceof Uint8Array) || word.length === 0 || word.length > 32) throw new Refusal('state-not-proved');
  return BigInt(encodeHex(word));
}

function encodePeak(word: bigint): Uint8Array {
  return decodeHex(`0x${word.toString(16).padStart(64, '0')}`, 32);
}

function isHash(value: unknown): value is Uint8Array {
  return value instanceof Uint8Array && value.length === 32;
}

/** Whatever a trie throws says that its nodes do not lead where they should: one is missing, or is none. */
async function proving<T>(read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    throw error instanceof Refusal ? error : new Refusal('state-not-proved');
  }
}

interface Nodes {
  /** By the hash of its root node; keys are hashed, as Ethereum does. */
  openTrie(root: Uint8Array): MerklePatriciaTrie;
  countUnused(): number;
}

/** Nodes under their own hashes: an altered one is another one, and is not found. */
function createNodes(all: readonly Uint8Array[]): Nodes {
  const byHash = new Map(all.map((node) => [encodeHex(keccak_256(node)).slice(2), node]));
  const used = new Set<string>();
  const readOnly = (): never => {
    throw new TypeError('A proof is only read.');
  };
  const db = {
    async get(hash: string): Promise<Uint8Array | undefined> {
      const node = byHash.get(hash);
      if (node !== undefined) used.add(hash);
      return node;
    },
    put: async () => readOnly(),
    del: async () => readOnly(),
    batch: async () => readOnly(),
    shallowCopy: () => db,
    open: async () => undefined,
  };
  return {
    openTrie: (root) => new MerklePatriciaTrie({ db, root, useKeyHashing: true, valueEncoding: 'view' }),
    countUnused: () => all.length - used.size,
  };
}
