/**
 * Tracing by oneself: a service says which entries there are, and nothing of it is believed. Each entry is proved to stand in the ledger's own
 * tree head, each event is verified as any credential is, whether lots are void the chain is asked; the core makes the graph. Upstream
 * nothing can be left out, since a lot names the one entry that made it; that nothing was left out downstream is the service's word.
 */
import {
  type Digest,
  DppError,
  decodeHex,
  type Hex,
  hashIssuer,
  IntegrityError,
  type IssuerId,
  type Report,
  UnavailableError,
} from '@dpp-ledger/core';
import { formatCid, formatLedger, hashCid } from '@dpp-ledger/core/credential';
import type { Evidence, UpstreamQuestion } from '@dpp-ledger/core/evidence';
import { decodeEntry, hashLeaf, verifyInclusion } from '@dpp-ledger/core/journal';
import {
  createTrace,
  isMaking,
  type JudgedEvent,
  judgeEvent,
  lotsMadeBy,
  parseLot,
  readFlows,
  type TraceDirection,
  type TracedEntry,
  type TraceGraph,
  type TraceOptions as WalkOptions,
} from '@dpp-ledger/core/materials';
import type { Client } from './client.ts';
import type { LedgerReader, TreeHeadAt } from './ledger/ledger.ts';
import { type VerifyOptions, verify, verifyMany } from './verify.ts';

export type WhatToTrace = { readonly lot: string } | { readonly cid: string } | { readonly uri: string };

export interface TraceOptions extends Pick<VerifyOptions, 'policy' | 'now' | 'signal'> {
  readonly source: Pick<
    Client,
    'fetchTrace' | 'fetchEntry' | 'fetchEvidence' | 'findCredentials' | 'findAttestations' | 'listIssuers'
  >;
  /** `undefined`: nobody is asked, and nothing is proved. */
  readonly ledger: LedgerReader | undefined;
  readonly direction?: TraceDirection;
  /** Generations of lots, each way; 16 by default. */
  readonly depth?: number;
}

export interface Traced {
  readonly graph: TraceGraph;
  /** On the passport that it began with. */
  readonly report: Report | undefined;
  /** On whose word the entries stand: that of the ledger at a block, or the service's alone. */
  readonly word: {
    readonly by: 'ledger' | 'service';
    readonly trustBase: string;
    readonly blockNumber: number;
  };
}

/** The most that a service gives in one trace. */
const MOST_ENTRIES = 256;
const MOST_EVENTS = 64;
const AT_ONCE = 8;
const NOTHING: Hex = `0x${'00'.repeat(32)}`;

/**
 * Errors: UnavailableError `store.not-found` where nothing is known of it, `service.unreachable`; IntegrityError `journal.break` where the
 * service gives an entry that the ledger's journal does not have, `materials.trace` for entries that are not of one ledger; `materials.lot`;
 * those of the ledger.
 */
export async function trace(what: WhatToTrace, options: TraceOptions): Promise<Traced> {
  const { source, ledger, direction = 'both', depth = 16, signal } = options;
  const begin = await findStart(what, options);
  const said = await source.fetchTrace(begin.name, { direction, depth, signal });
  const chain = ledger === undefined ? said.ledger : formatLedger(ledger.id);
  const { blockNumber } = said.word;
  const head = ledger && (await ledger.readTreeHead({ blockNumber, signal }));
  const entries = await fetchEntries(said.entries.slice(0, MOST_ENTRIES), head, options);
  const walk = createTrace({
    ledger: chain,
    start: startIn(begin, chain, entries),
    direction,
    depth,
    most: MOST_ENTRIES,
  });
  while (walk.questions.length > 0) {
    const lots = new Set(walk.questions.map(({ lot }) => lot));
    walk.answer(entries.filter(({ entry }) => readFlows(entry).some(({ lot }) => lots.has(lot))));
  }
  const dids = new Map<Hex, string>();
  for await (const { issuer } of source.listIssuers({ signal })) dids.set(hashIssuer(issuer as IssuerId), issuer);
  const graph = walk.finish({
    events: await judgeEvents(walk.events(), chain, options),
    voided: ledger && head && (await readVoided(entries, ledger, head, options)),
    isProved: () => head !== undefined,
    start: begin.report?.verdict,
    nameIssuer: (issuer) => dids.get(issuer) ?? issuer,
    formatEvent,
  });
  // What the service had no room for is not among the entries that it names.
  const known = new Set(graph.nodes.map(({ id }) => id));
  const left = said.cuts.filter(({ by, node }) => by === 'size' && known.has(node));
  return {
    graph: { ...graph, cuts: [...graph.cuts, ...left] },
    report: begin.report,
    word:
      ledger === undefined
        ? { by: 'service', trustBase: said.word.trustBase, blockNumber }
        : { by: 'ledger', trustBase: ledger.trustBase, blockNumber },
  };
}

interface Begin {
  /** What the service is asked for. */
  readonly name: string;
  readonly lot?: Hex;
  /** Of a passport: its verdict, and the entry in which its lots were allocated. */
  readonly report?: Report;
  readonly anchor?: number;
}

async function findStart(what: WhatToTrace, { source, ledger, policy, now, signal }: TraceOptions): Promise<Begin> {
  if ('lot' in what) {
    if (!what.lot.startsWith('eip155:')) return { name: what.lot, lot: what.lot as Hex };
    const named = parseLot(what.lot);
    if (ledger === undefined || named.ledger === formatLedger(ledger.id)) return { name: what.lot, lot: named.lot };
    throw new UnavailableError(
      'store.not-found',
      `${what.lot} is a lot of another ledger than ${formatLedger(ledger.id)}.`,
    );
  }
  const given = { ...(policy === undefined ? {} : { policy }), ...(now === undefined ? {} : { now }) };
  const { report, evidence } = await verify(what, { ledger, source, signal, ...given });
  if (evidence === undefined)
    throw new UnavailableError('store.not-found', 'The service has no evidence that can be read.');
  const name = hashCid(new TextEncoder().encode(evidence.credential));
  return { name, report, anchor: (evidence.earlier ?? evidence).entry.index };
}

function startIn({ lot, anchor }: Begin, chain: string, entries: readonly TracedEntry[]): WalkOptions['start'] {
  if (lot !== undefined) return { lot };
  const found = entries.find(({ index }) => index === anchor);
  if (found?.entry.kind === 'anchored') return { anchor: { index: found.index, entry: found.entry } };
  throw new IntegrityError(
    'materials.trace',
    `The service's trace on ${chain} does not begin with entry ${anchor}, the anchor that the passport's evidence names.`,
  );
}

/** Entries by their indices; where there is a tree head, each proved to stand in it. */
async function fetchEntries(
  indices: readonly number[],
  head: TreeHeadAt | undefined,
  { source, signal }: TraceOptions,
): Promise<readonly TracedEntry[]> {
  const entries: TracedEntry[] = [];
  for (let from = 0; from < indices.length; from += AT_ONCE) {
    const group = indices.slice(from, from + AT_ONCE);
    entries.push(...(await Promise.all(group.map((index) => fetchEntry(index, head, { source, signal })))));
  }
  return entries;
}

async function fetchEntry(
  index: number,
  head: TreeHeadAt | undefined,
  { source, signal }: Pick<TraceOptions, 'source' | 'signal'>,
): Promise<TracedEntry> {
  const answer = await source.fetchEntry(index, { signal, ...(head === undefined ? {} : { size: head.size }) });
  const bytes = decodeHex(answer.bytes);
  if (head !== undefined) {
    const proof = (answer.inclusion?.proof ?? []).map((hash) => decodeHex(hash, 32));
    const place = { leaf: hashLeaf(bytes), index, size: head.size, root: decodeHex(head.root, 32) };
    if (!verifyInclusion({ ...place, proof })) {
      throw new IntegrityError(
        'journal.break',
        `The service's entry ${index} does not stand in the journal that the ledger has at block ${head.blockNumber}.`,
      );
    }
  }
  return { index, entry: decodeEntry(bytes) };
}

async function judgeEvents(
  digests: readonly Hex[],
  chain: string,
  { source, ledger, policy, now, signal }: TraceOptions,
): Promise<ReadonlyMap<Hex, JudgedEvent>> {
  const judged = new Map<Hex, JudgedEvent>(digests.map((digest) => [digest, { verdict: 'indeterminate' }]));
  const found: { readonly digest: Hex; readonly evidence: Evidence }[] = [];
  for (const digest of digests.slice(0, MOST_EVENTS)) {
    const cid = formatEvent(digest);
    try {
      const evidence = await source.fetchEvidence(cid, { signal });
      // Evidence of something else says nothing of this one.
      if (hashCid(new TextEncoder().encode(evidence.credential)) === cid) found.push({ digest, evidence });
    } catch (error) {
      if (!(error instanceof DppError)) throw error;
      if (error.code === 'store.not-found') judged.set(digest, { verdict: 'missing' });
    }
  }
  const given = { ...(policy === undefined ? {} : { policy }), ...(now === undefined ? {} : { now }) };
  let next = 0;
  for await (const { report } of verifyMany(
    found.map(({ evidence }) => evidence),
    { ledger, signal, ...given },
  )) {
    const one = found[next++];
    if (one !== undefined) judged.set(one.digest, judgeEvent(report.verdict, one.evidence.credential, chain));
  }
  return judged;
}

/** Lots that were declared void, as the chain has it at the block of the tree head. */
async function readVoided(
  entries: readonly TracedEntry[],
  ledger: LedgerReader,
  head: TreeHeadAt,
  { signal }: TraceOptions,
): Promise<ReadonlySet<Hex>> {
  const questions = entries.flatMap(({ index, entry }): UpstreamQuestion[] => {
    if (!isMaking(entry)) return [];
    const question = { issuer: entry.issuer, key: NOTHING, grant: NOTHING, list: 0n, word: 0 };
    return [{ entry: { index, blockNumber: entry.blockNumber }, question, lots: lotsMadeBy(entry) }];
  });
  const facts =
    questions.length === 0 ? [] : await ledger.readUpstream(questions, { ...head, treeHead: head }, { signal });
  return new Set(facts.flatMap(({ lots }) => lots.flatMap(({ lot, isVoid }) => (isVoid ? [lot] : []))));
}

function formatEvent(digest: Hex): string {
  return formatCid(decodeHex(digest, 32) as Digest);
}
