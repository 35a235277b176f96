/**
 * Tracing on behalf of whoever asks this server: entries and the state of lots from the index, events verified as any credential is. What it
 * says is this server's word; the entries are named, so that anyone may look them up and trace for themselves.
 */
import { type Digest, decodeHex, type Hex } from '@dpp-ledger/core';
import { formatCid, parseCid } from '@dpp-ledger/core/credential';
import {
  createTrace,
  type JudgedEvent,
  judgeEvent,
  type LotState,
  type TraceDirection,
  type TracedAnchor,
  type TraceGraph,
  type TraceOptions,
} from '@dpp-ledger/core/materials';
import type { LedgerReader } from '@dpp-ledger/sdk/ledger';
import type { Catalogue, Version } from './catalogue.ts';
import { type Lots, readLotName } from './lots.ts';
import type { Mirror } from './mirror.ts';
import type { Prover } from './prover.ts';
import { type Judged, readLink, type Verifier } from './verifier.ts';

export interface Traced {
  readonly graph: TraceGraph;
  /** What was traced: a passport, with this server's verdict on it; or a lot. */
  readonly passport: (Judged & { readonly version: Version }) | undefined;
  /** Where the index stood. */
  readonly blockNumber: number;
  readonly blockTime: number;
}

export interface Tracer {
  /**
   * From a passport by its CID, a lot by its id or URI, or whatever answers for a subject, link or GTIN. `undefined`: nothing is known of
   * it. Errors: `materials.lot`, `input.encoding`, `gs1.uri`, `gs1.key` for what is none of them.
   */
  trace(what: string, asked: Asked): Promise<Traced | undefined>;
}

interface Asked {
  readonly direction: TraceDirection;
  readonly depth: number;
}

/** Entries in one trace, and events in it that are verified; the rest is said to be undecided. */
const MOST_ENTRIES = 256;
const MOST_EVENTS = 64;

export function createTracer(options: {
  readonly mirror: Mirror;
  readonly lots: Lots;
  readonly catalogue: Catalogue;
  readonly prover: Prover;
  readonly verifier: Verifier;
  readonly reader: LedgerReader;
}): Tracer {
  const { mirror, lots, catalogue, prover, verifier, reader } = options;

  async function readAnchor({ index }: { readonly index: number }): Promise<TracedAnchor> {
    const [found] = await prover.readEntries({ from: index, limit: 1 });
    if (found?.index !== index || found.entry.kind !== 'anchored') throw new TypeError(`Entry ${index} is no anchor.`);
    return { index, entry: found.entry };
  }

  async function traceFrom(
    start: TraceOptions['start'],
    { direction, depth }: Asked,
    passport: Traced['passport'],
  ): Promise<Traced> {
    const { trace, blockNumber, blockTime, ...known } = await mirror.ask(async ({ state, head }) => {
      const walk = createTrace({ ledger: reader.name, start, direction, depth, most: MOST_ENTRIES });
      while (walk.questions.length > 0) walk.answer(await lots.readAnswers(walk.questions, walk.room));
      const stateOf = (lot: Hex) => state.lots.get(lot);
      const states = walk.lots().flatMap((lot): [Hex, LotState][] => {
        const found = stateOf(lot);
        return found === undefined ? [] : [[lot, found]];
      });
      const dids = new Map(Array.from(state.issuers.values(), ({ id, did }) => [id, did]));
      const { blockNumber, blockTime } = head;
      return { trace: walk, lots: new Map(states), dids, blockNumber, blockTime };
    });
    const graph = trace.finish({
      lots: known.lots,
      events: await judgeEvents(trace.events()),
      start: passport?.report.verdict,
      nameIssuer: (issuer) => known.dids.get(issuer) ?? issuer,
      formatEvent: (digest) => formatCid(decodeHex(digest, 32) as Digest),
    });
    return { graph, passport, blockNumber, blockTime };
  }

  async function judgeEvents(digests: readonly Hex[]): Promise<ReadonlyMap<Hex, JudgedEvent>> {
    const judged = new Map<Hex, JudgedEvent>(digests.map((digest) => [digest, { verdict: 'indeterminate' }]));
    const versions = new Map<Hex, Version>();
    for (const digest of digests.slice(0, MOST_EVENTS)) {
      const version = await catalogue.findVersion(decodeHex(digest, 32));
      if (version === undefined) judged.set(digest, { verdict: 'missing' });
      else versions.set(digest, version);
    }
    const verified = await verifier.verifyVersions([...versions.values()]);
    for (const [i, digest] of [...versions.keys()].entries()) {
      const { report, evidence } = verified[i] ?? {};
      // A store that does not answer leaves it open.
      if (report !== undefined && evidence !== undefined) {
        judged.set(digest, judgeEvent(report.verdict, evidence.credential, reader.name));
      }
    }
    return judged;
  }

  async function tracePassport(what: string, asked: Asked): Promise<Traced | undefined> {
    const isCid = /^bafkrei/.test(what);
    const subject = isCid ? undefined : readLink(what);
    const version =
      subject === undefined ? await catalogue.findVersion(parseCid(what)) : await catalogue.resolve(subject);
    if (version === undefined) return undefined;
    const { evidence, ...judged } = await verifier.verifyVersion(version, subject);
    const own = await readAnchor(evidence.entry);
    const earlier = evidence.earlier && (await readAnchor(evidence.earlier.entry));
    // A new version to which nothing was allocated has it all from the earlier one.
    const isAllEarlier = earlier !== undefined && own.entry.allocations.length === 0;
    return await traceFrom(isAllEarlier ? { anchor: earlier } : { anchor: own, earlier }, asked, judged);
  }

  return {
    async trace(what, asked) {
      if (!/^(?:0x|eip155:)/.test(what)) return await tracePassport(what, asked);
      const lot = readLotName(reader.name, what);
      return (await lots.find(lot)) === undefined ? undefined : await traceFrom({ lot }, asked, undefined);
    },
  };
}
