/**
 * Packing: evidence of many credentials, with statements of the policy's witnesses and proofs of the chain's state at their block, in one
 * file that is verified without a network. Witnesses and node are asked; whether it is enough is the policy's, whether it is true `verify`'s.
 */
import { DppError, encodeHex, type Hex, IntegrityError, UnavailableError } from '@dpp-ledger/core';
import {
  openStatement,
  type PolicyWitness,
  type StateStatement,
  type WitnessPolicy,
} from '@dpp-ledger/core/checkpoint';
import { type Evidence, type EvidenceEntry, type Question, questionOf } from '@dpp-ledger/core/evidence';
import { planPeakPath } from '@dpp-ledger/core/journal';
import { encodePack, JOURNAL_SLOT, peakSlots, slotsOf, upstreamSlotsOf } from '@dpp-ledger/core/pack';
import { createUpstreamReader, readPresented } from '@dpp-ledger/core/verify';
import { describeFailure, fetchBytes } from './http.ts';
import type { CallOptions, LedgerReader } from './ledger/ledger.ts';
import type { StateReader } from './ledger/state.ts';

export interface PackOptions extends CallOptions {
  readonly ledger: LedgerReader;
  readonly state: StateReader;
  readonly witnesses: WitnessPolicy;
  /** The log's name and the size that witnesses cosigned last: of its checkpoint. */
  readonly log: { readonly origin: string; readonly size: number };
  /** Asked for once the witnesses have answered, so that its paths are not of an older tree than theirs. */
  readonly evidence: AsyncIterable<Evidence> | Iterable<Evidence>;
  readonly onProgress?: (progress: { readonly packed: number }) => void;
  /** For each witness; 30,000 by default. */
  readonly timeLimitMs?: number;
  readonly fetch?: typeof globalThis.fetch;
}

export interface Packed {
  /** The file's bytes, in chunks. */
  readonly chunks: readonly Uint8Array[];
  readonly count: number;
  readonly statement: StateStatement;
  /** Names of the witnesses, in the policy's order. */
  readonly vouching: readonly string[];
  /** What became of the others: "no answer within 30 s". */
  readonly silent: readonly { readonly name: string; readonly reason: string }[];
}

/**
 * Errors: UnavailableError `witness.too-few`, `witness.behind` where an anchor is newer than what witnesses vouch for; IntegrityError
 * `ledger.mismatch` where the node has another state at that block than they; `evidence.pack`; those of ledger, state and evidence.
 */
export async function packEvidence(options: PackOptions): Promise<Packed> {
  const { state, log, signal } = options;
  const blockNumber = await findBlock(options);
  const { jwts, statement, vouching, silent } = await askWitnesses(options, blockNumber);

  const evidence: Evidence[] = [];
  const slots = createSlots(log.size);
  for await (const one of options.evidence) {
    evidence.push(fitToTree(one, log.size));
    slots.addFor(one);
    options.onProgress?.({ packed: evidence.length });
  }

  const materials = [...slots.materials];
  const { block, nodes } = await state.readProofs([...slots.ledger], { blockNumber, materials, signal });
  if (block.stateRoot !== statement.block.stateRoot) {
    throw new IntegrityError(
      'ledger.mismatch',
      `At block ${blockNumber} the node has the state ${block.stateRoot}, and witnesses vouch for ${statement.block.stateRoot}.`,
    );
  }
  const chunks = [...encodePack({ statements: jwts, nodes, evidence })];
  return { chunks, count: evidence.length, statement, vouching, silent };
}

/** What has to be proved to judge evidence, each slot once: neighbours in a status list, and devices of one batch, ask for the same. */
function createSlots(size: number) {
  const ledger = new Set<Hex>([JOURNAL_SLOT, ...peakSlots(size)]);
  const materials = new Set<Hex>();
  // Deriving slots costs more than telling that a question was asked before.
  const asked = new Set<string>();
  const reader = createUpstreamReader();
  function isNew(name: string): boolean {
    const before = asked.size;
    return asked.add(name).size > before;
  }
  return {
    ledger,
    materials,
    addFor(evidence: Evidence): void {
      const question = questionOf(evidence);
      if (isNew(nameOf(question))) for (const slot of Object.values(slotsOf(question))) ledger.add(slot);
      if (evidence.lots === undefined && evidence.earlier === undefined) return;
      for (const about of readPresented(evidence, reader).upstream?.questions ?? []) {
        if (!isNew(`${nameOf(about.question)} ${about.lots.join()}`)) continue;
        const further = upstreamSlotsOf(about);
        for (const slot of further.ledger) ledger.add(slot);
        for (const slot of further.materials) materials.add(slot);
      }
    },
  };
}

function nameOf(question: Question): string {
  return Object.values(question).join();
}

/** The newest final block at which the journal has the size that witnesses cosigned. */
async function findBlock({ ledger, log, signal }: PackOptions): Promise<number> {
  const final = await ledger.readFinalBlockNumber({ signal });
  const { size } = await ledger.readTreeHead({ blockNumber: final, signal });
  if (size === log.size) return final;
  if (size < log.size) {
    const found = `${ledger.source} has ${size} final entries where witnesses have ${log.size}`;
    throw new UnavailableError('ledger.unreachable', `${found}: it is behind. Ask again later, or another endpoint.`);
  }
  for await (const next of ledger.readEntries({ from: log.size, to: log.size + 1, signal }))
    return next.blockNumber - 1;
  throw new UnavailableError('ledger.unreachable', `${ledger.source} does not have entry ${log.size}.`);
}

/** The same with the paths of its entries in the tree that witnesses vouch for. */
function fitToTree(evidence: Evidence, size: number): Evidence {
  const { entry, lots, earlier } = evidence;
  return {
    ...evidence,
    entry: fitEntry(entry, size),
    ...(lots && { lots: { ...lots, entries: lots.entries.map((each) => fitEntry(each, size)) } }),
    ...(earlier && { earlier: { ...earlier, entry: fitEntry(earlier.entry, size) } }),
  };
}

/** The first part of a path to a larger tree's peak is the path to the peak in a smaller one. */
function fitEntry(entry: EvidenceEntry, size: number): EvidenceEntry {
  const { index, proof } = entry;
  if (index >= size) {
    throw new UnavailableError(
      'witness.behind',
      `This stands on entry ${index}, and witnesses vouch for the ${size} entries before. Ask again later.`,
    );
  }
  const { length } = planPeakPath(index, size);
  if (proof.length < length) {
    throw new UnavailableError(
      'service.not-ready',
      `The evidence of entry ${index} is of an older tree than witnesses vouch for. Ask for it again.`,
    );
  }
  return { ...entry, proof: proof.slice(0, length) };
}

// -------------------------------------------------------------------------------------------------------------------- witnesses

const LONGEST_STATEMENT = 4096;

/** Enough of them, who say the same: the most that do, where they differ. */
async function askWitnesses(options: PackOptions, blockNumber: number) {
  const { witnesses, ledger, signal } = options;
  const answers = await Promise.all(
    witnesses.witnesses.map(async (witness) => {
      try {
        return { witness, ...(await askWitness(witness, options, blockNumber)) };
      } catch (error) {
        signal?.throwIfAborted();
        return { witness, reason: error instanceof DppError ? error.message : describeFailure(error) };
      }
    }),
  );
  const bySaying = new Map<string, typeof answers>();
  for (const answer of answers) {
    if (!('jwt' in answer)) continue;
    const { block, tree, ledger: id } = answer.statement;
    const saying = [block.hash, block.stateRoot, block.time, tree.size, encodeHex(tree.root), id.codeHash].join();
    bySaying.set(saying, [...(bySaying.get(saying) ?? []), answer]);
  }
  const [agreeing = []] = [...bySaying.values()].sort((a, b) => b.length - a.length);
  const silent = answers.flatMap((answer) => {
    if (agreeing.includes(answer)) return [];
    return [
      {
        name: answer.witness.name,
        reason: 'reason' in answer ? answer.reason : 'it states another state than the others',
      },
    ];
  });
  const vouching = agreeing.map(({ witness }) => witness.name);
  const [first] = agreeing.flatMap((answer) => ('jwt' in answer ? [answer] : []));
  if (first === undefined || !witnesses.meetsQuorum(vouching)) {
    const reasons =
      silent.map(({ name, reason }) => `${name}: ${reason}`).join('; ') || 'the policy names none with a URL';
    throw new UnavailableError(
      'witness.too-few',
      `The policy asks for ${witnesses.sentence}; ${vouching.length} vouch for block ${blockNumber} of ${ledger.name}. ${reasons}`,
    );
  }
  const jwts = agreeing.flatMap((answer) => ('jwt' in answer ? [answer.jwt] : []));
  return { jwts, statement: first.statement, vouching, silent };
}

async function askWitness(
  { cosigner, url }: PolicyWitness,
  options: PackOptions,
  blockNumber: number,
): Promise<{ readonly jwt: string; readonly statement: StateStatement }> {
  const { log, ledger, timeLimitMs = 30_000, fetch = globalThis.fetch, signal } = options;
  if (url === undefined) throw new UnavailableError('witness.too-few', 'the policy has no URL of it');
  const answer = await fetchBytes(
    `${url.replace(/\/+$/, '')}/state-statement`,
    {
      method: 'POST',
      headers: { 'content-type': 'application/json', accept: 'application/jwt' },
      body: JSON.stringify({ origin: log.origin, blockNumber }),
    },
    { fetch, timeLimitMs, limit: LONGEST_STATEMENT, signal },
  );
  const jwt = new TextDecoder().decode(answer.bytes).trim();
  if (!answer.ok) {
    throw new UnavailableError('witness.too-few', `it answers ${answer.status}: ${describeProblem(jwt)}`);
  }
  const { statement } = await openStatement(jwt, [cosigner]);
  const { ledger: id, block, tree, origin } = statement;
  const isAsked =
    origin === log.origin &&
    block.number === blockNumber &&
    tree.size === log.size &&
    id.chainId === ledger.id.chainId &&
    id.genesis === ledger.id.genesis &&
    id.address === ledger.id.address &&
    id.codeHash === ledger.id.codeHash;
  if (isAsked) return { jwt, statement };
  throw new UnavailableError('witness.too-few', 'it states something else than it was asked for');
}

/** RFC 9457's detail, or the beginning of whatever it is. */
function describeProblem(text: string): string {
  try {
    const problem: unknown = JSON.parse(text);
    const detail = typeof problem === 'object' && problem !== null ? Reflect.get(problem, 'detail') : undefined;
    if (typeof detail === 'string') return detail.slice(0, 300);
  } catch {
    // Then it is no problem's document.
  }
  return text.slice(0, 200);
}
