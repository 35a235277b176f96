/**
 * Evidence gathered from nothing but a chain and a store: for whoever has no service, or does not want to ask one. It reads the journal
 * once, keeps the tree's nodes (64 bytes an entry) and where batches are anchored, and reads on from there when asked to. Evidence is made
 * only of entries that met the contract's tree head: of others it would accuse what is genuine.
 */
import { type Digest, DppError, decodeHex, equalBytes, type Hex, hashIssuer, UnavailableError } from '@dpp-ledger/core';
import { decodeKeyId, hashCredential, parseCredential, parseJwt, parseKid } from '@dpp-ledger/core/credential';
import {
  buildBatch,
  buildEvidence,
  decodeManifest,
  type Evidence,
  findGrant,
  formatManifestCid,
  toPublicJwk,
} from '@dpp-ledger/core/evidence';
import {
  assertTreeHead,
  createCompactRange,
  createJournalFold,
  decodeEntry,
  type EntryOf,
  hashLeaf,
  JournalBreakError,
  provePeakPath,
} from '@dpp-ledger/core/journal';
import { collectMakings, isMaking, lotsMadeBy } from '@dpp-ledger/core/materials';
import type { CallOptions, LedgerReader } from './ledger/ledger.ts';
import { fetchEvents, massesClaimed, type StoredMaking } from './lot-evidence.ts';
import type { BlockSource } from './store/store.ts';

export interface Gatherer {
  /**
   * Reads what the ledger has done since. Errors: `journal.break` where the entries are not those of the tree head, after which all are read
   * anew; those of the source.
   */
  refresh(options?: CallOptions): Promise<void>;
  /**
   * Evidence of a credential by its bytes. Errors: UnavailableError `store.not-found` where no batch of its issuer has it, or its key or
   * grant was never on the ledger; `ledger.unreachable` where a refresh failed, until one succeeds; those of `parseJwt`, `parseCredential`
   * and of the source. Of a passport that draws on lots also what they were made from.
   */
  gather(jwt: string, options?: GatherOptions): Promise<Evidence>;
}

export interface GatherOptions extends CallOptions {
  /** JWT of an earlier version about the same subject, to which the lots that this one draws on were allocated. */
  readonly earlier?: string | undefined;
}

interface Anchor {
  readonly index: number;
  readonly bytes: Uint8Array;
  readonly entry: EntryOf<'anchored'>;
}

export function createGatherer(options: { readonly ledger: LedgerReader; readonly source: BlockSource }): Gatherer {
  const { ledger, source } = options;
  let journal = createJournal(ledger);
  /** All that was read met a tree head. */
  let isMet = true;

  let turn: Promise<unknown> = Promise.resolve();

  /** One after the other: each goes on where the one before it came to. */
  function refresh(callOptions: CallOptions = {}): Promise<void> {
    const mine = turn.then(() => readNew(callOptions));
    turn = mine.catch(() => undefined);
    return mine;
  }

  async function readNew(callOptions: CallOptions): Promise<void> {
    const begun = journal.size;
    try {
      await readToHead(callOptions);
    } catch (error) {
      if (!(error instanceof JournalBreakError)) throw error;
      // Whichever of them were false: none of them is kept. What follows others can only be told from them by reading all.
      journal = createJournal(ledger);
      if (begun === 0) throw error;
      await readToHead(callOptions);
    }
  }

  async function readToHead({ signal }: CallOptions): Promise<void> {
    isMet = false;
    const head = await ledger.readTreeHead({ signal });
    const range = { from: journal.size, to: head.size, toBlock: head.blockNumber, signal };
    if (journal.size < head.size) for await (const entry of ledger.readEntries(range)) journal.add(entry);
    assertTreeHead(journal.head(), head);
    isMet = true;
  }

  /** Once nobody reads on. Errors: `ledger.unreachable`. */
  async function assertMet(): Promise<void> {
    for (let last: unknown; last !== turn; ) {
      last = turn;
      await turn;
    }
    if (isMet) return;
    throw new UnavailableError('ledger.unreachable', 'The journal was not read to its end: refresh first.');
  }

  /** The earliest anchor of a batch that holds the credential: that one is served (design D3). */
  async function findAnchor(issuer: Hex, digest: Digest, { signal }: CallOptions) {
    let unopened: DppError | undefined;
    for (const anchor of journal.anchorsOf(issuer)) {
      signal?.throwIfAborted();
      try {
        const manifest = formatManifestCid(decodeHex(anchor.entry.manifest, 32) as Digest);
        const digests = decodeManifest(await source.get(manifest, { signal }));
        const place = digests.findIndex((other) => equalBytes(other, digest));
        if (place < 0) continue;
        const batch = buildBatch(digests);
        // A manifest that does not make the root that was anchored proves nothing.
        if (batch.root === anchor.entry.root) return { anchor, place, proof: batch.prove(place) };
      } catch (error) {
        // A batch that cannot be opened need not be the one; if no other is, this is why.
        if (!(error instanceof DppError)) throw error;
        unopened = error;
      }
    }
    throw unopened ?? missing('no batch that its issuer anchored holds it');
  }

  function placeOf({ anchor: { index, bytes }, place, proof }: Awaited<ReturnType<typeof findAnchor>>) {
    return { batch: { index: place, proof }, entry: { index, bytes, proof: journal.prove(index) } };
  }

  return {
    refresh,

    async gather(jwt, { earlier: version, ...callOptions } = {}) {
      const parsed = parseJwt(jwt);
      const credential = parseCredential(parsed.payload);
      const issuerHash = hashIssuer(credential.issuer.id);
      await assertMet();
      const read = journal;
      const found = await findAnchor(issuerHash, digestOf(jwt), callOptions);
      const before = version === undefined ? undefined : await findAnchor(issuerHash, digestOf(version), callOptions);
      const lots = massesClaimed(jwt).map(({ lot }) => lot);
      const makings = lots.length === 0 ? undefined : await collectMakings(lots, read.makingsOf);
      const events = await fetchEvents(makings ?? [], source, callOptions);
      // From here on nothing is awaited: what is read is of one journal.
      await assertMet();
      if (read !== journal) throw missing('the journal had to be read anew meanwhile');
      const issuer = journal.issuers.get(issuerHash);
      if (issuer === undefined) throw missing(`its issuer ${credential.issuer.id} is not on the ledger`);
      const key = issuer.keys.get(decodeKeyId(parseKid(parsed.header.kid).key));
      if (key === undefined) throw missing('its key was never registered for its issuer');
      return buildEvidence({
        ledger: ledger.id,
        credential: jwt,
        key: toPublicJwk(key),
        grant: findGrant(credential, issuer.grants.values(), found.anchor.entry.blockTime),
        ...placeOf(found),
        lots: makings && {
          entries: makings.map(({ index, bytes }) => ({ index, bytes, proof: journal.prove(index) })),
          events,
        },
        earlier:
          version === undefined || before === undefined ? undefined : { credential: version, ...placeOf(before) },
      });
    },
  };
}

/** What is kept of a journal. */
function createJournal(ledger: LedgerReader) {
  const fold = createJournalFold({ ledger: ledger.id });
  const range = createCompactRange();
  const nodes: Uint8Array[][] = [];
  const anchors = new Map<Hex, Anchor[]>();
  const makings = new Map<Hex, StoredMaking>();
  return {
    issuers: fold.state.issuers,
    get size() {
      return range.size;
    },
    head: () => ({ size: range.size, peaks: range.peaks }),
    add({ index, bytes }: { readonly index: number; readonly bytes: Uint8Array }): void {
      fold.add(bytes);
      range.append(hashLeaf(bytes), (level, place, hash) => {
        nodes[level] ??= [];
        (nodes[level] as Uint8Array[])[place] = hash;
      });
      const entry = decodeEntry(bytes);
      if (isMaking(entry)) for (const lot of lotsMadeBy(entry)) makings.set(lot, { index, bytes, entry });
      if (entry.kind !== 'anchored') return;
      const ofIssuer = anchors.get(entry.issuer) ?? [];
      ofIssuer.push({ index, bytes, entry });
      anchors.set(entry.issuer, ofIssuer);
    },
    makingsOf: (lots: readonly Hex[]): ReadonlyMap<Hex, StoredMaking> =>
      new Map(
        lots.flatMap((lot) => {
          const making = makings.get(lot);
          return making === undefined ? [] : [[lot, making]];
        }),
      ),
    anchorsOf: (issuer: Hex): readonly Anchor[] => anchors.get(issuer) ?? [],
    prove: (index: number) =>
      provePeakPath(index, range.size, (level, place) => nodes[level]?.[place] ?? new Uint8Array(32)),
  };
}

function digestOf(jwt: string): Digest {
  return hashCredential(new TextEncoder().encode(jwt));
}

function missing(why: string): UnavailableError {
  return new UnavailableError(
    'store.not-found',
    `There is no evidence of this credential: ${why}. It may not be anchored yet.`,
  );
}
