/** Attacks on what stands between a credential and the ledger: the batch's proof, the entry, the journal's path, and the facts it leads to. */
import { encodeBase64Url } from '@dpp-ledger/core';
import { decodeEntry, encodeEntry, planPeaks } from '@dpp-ledger/core/journal';
import {
  type Attack,
  all,
  anchor,
  batch,
  type Change,
  entryBytes,
  evidence,
  facts,
  factsAfter,
  flip,
  member,
  now,
  pinned,
  place,
  policy,
  withoutFacts,
  ZERO_32,
} from './attack.ts';
import { digestOf, need, type World } from './world.ts';

const notInBatch = { verdict: 'invalid', codes: ['anchor.not-in-batch'] } as const;
const notInJournal = { verdict: 'invalid', codes: ['anchor.not-in-journal'] } as const;
const unfit = { verdict: 'indeterminate', codes: ['anchor.batch-path-unfit'] } as const;
const outdated = { verdict: 'indeterminate', codes: ['anchor.proof-outdated'] } as const;
const ahead = { verdict: 'indeterminate', codes: ['anchor.ahead-of-facts'] } as const;
const unreadableEntry = {
  verdict: 'invalid',
  codes: ['key.not-reached', 'issuer.not-reached', 'anchor.entry-unreadable'],
} as const;
const noAnchor = { verdict: 'invalid', codes: ['key.not-reached', 'issuer.not-reached', 'anchor.no-anchor'] } as const;
const beforeAnchor = { verdict: 'indeterminate', codes: withoutFacts('facts-before-anchor') } as const;
const valid = { verdict: 'valid', codes: [] } as const;

/** Eleven credentials are in the passport's batch, and it is the first. */
const BATCH: readonly Attack[] = [
  { name: 'the place of its neighbour', shown: batch(() => ({ index: 1 })), ...notInBatch },
  {
    name: 'the last place of its batch',
    shown: batch(() => ({ index: 10 })),
    verdict: 'indeterminate',
    codes: ['anchor.batch-path-unfit'],
  },
  { name: 'the place after the last of its batch', shown: batch(() => ({ index: 11 })), ...notInBatch },
  { name: 'the last place that any batch has', shown: batch(() => ({ index: 16_383 })), ...notInBatch },
  {
    name: "the genuine passport of another device, in this one's place",
    shown: evidence((it, world) => ({ ...it, credential: world.genuine['other device'].jwt })),
    verdict: 'invalid',
    codes: ['subject.other', 'anchor.not-in-batch'],
  },
  {
    name: 'the genuine passport of another device, with its own proof',
    of: 'other device',
    verdict: 'invalid',
    codes: ['subject.other'],
  },
  {
    name: "another device's proof",
    shown: batch((_, world) => world.evidence(world.genuine['other device']).batch),
    ...notInBatch,
  },
  {
    name: "another device's proof without its place",
    shown: batch((_, world) => ({ proof: world.evidence(world.genuine['other device']).batch.proof })),
    ...notInBatch,
  },
  {
    name: "another batch's proof",
    shown: batch((_, world) => world.evidence(world.genuine['first of the largest batch']).batch),
    ...unfit,
  },
  {
    name: "another batch's proof, cut to the length",
    shown: batch((_, world) => ({
      proof: world.evidence(world.genuine['first of the largest batch']).batch.proof.slice(0, 4),
    })),
    ...notInBatch,
  },
  { name: 'a batch proof without its first node', shown: batch(({ proof }) => ({ proof: proof.slice(1) })), ...unfit },
  {
    name: 'a batch proof without its last node',
    shown: batch(({ proof }) => ({ proof: proof.slice(0, -1) })),
    ...unfit,
  },
  { name: 'a batch proof with a node more', shown: batch(({ proof }) => ({ proof: [...proof, ZERO_32] })), ...unfit },
  { name: 'a batch proof of no nodes', shown: batch(() => ({ proof: [] })), ...unfit },
  { name: 'a batch proof of zeros', shown: batch(({ proof }) => ({ proof: proof.map(() => ZERO_32) })), ...notInBatch },
  { name: 'a batch proof turned round', shown: batch(({ proof }) => ({ proof: proof.toReversed() })), ...notInBatch },
  {
    name: 'a batch proof with a bit flipped in its first node',
    shown: batch(({ proof }) => ({ proof: proof.with(0, flip(need(proof[0]), 3)) })),
    ...notInBatch,
  },
  {
    name: 'a batch proof with a bit flipped in its last node',
    shown: batch(({ proof }) => ({ proof: proof.with(3, flip(need(proof[3]), 255)) })),
    ...notInBatch,
  },
  {
    name: 'a batch proof that leads from the root to itself',
    shown: batch((_, world) => ({ proof: [rootOf(world)] })),
    ...unfit,
  },
  {
    name: 'a node more, where a batch has one credential',
    of: 'alone in its batch',
    shown: batch(() => ({ proof: [ZERO_32] })),
    ...unfit,
  },
  {
    name: 'a second place, where a batch has one credential',
    of: 'alone in its batch',
    shown: batch(() => ({ index: 1 })),
    ...notInBatch,
  },
  { name: 'the only credential of a batch is in it', of: 'alone in its batch', ...valid },
  { name: 'the first of 16,384 is in its batch', of: 'first of the largest batch', ...valid },
  { name: 'the last of 16,384 is in its batch', of: 'last of the largest batch', ...valid },
  {
    name: 'the place before its own, in the largest batch',
    of: 'last of the largest batch',
    shown: batch(() => ({ index: 16_382 })),
    ...notInBatch,
  },
  {
    name: 'the first place for the last, in the largest batch',
    of: 'last of the largest batch',
    shown: batch(() => ({ index: 0 })),
    ...notInBatch,
  },
  {
    name: 'a node too few, in the largest batch',
    of: 'last of the largest batch',
    shown: batch(({ proof }) => ({ proof: proof.slice(1) })),
    ...unfit,
  },
];

function rootOf(world: World): string {
  return encodeBase64Url(Buffer.from(world.genuine.passport.batch.root.slice(2), 'hex'));
}

const setAt =
  (offset: number, ...values: readonly number[]) =>
  (bytes: Uint8Array) => {
    bytes.set(values, offset);
    return bytes;
  };

/** The entry's bytes: no ledger made these. */
const ENTRY_BYTES: readonly Attack[] = [
  { name: 'an entry of one byte', shown: entryBytes(() => Uint8Array.of(1)), ...unreadableEntry },
  { name: 'an entry without its last byte', shown: entryBytes((it) => it.slice(0, -1)), ...unreadableEntry },
  { name: 'an entry with a byte more', shown: entryBytes((it) => Uint8Array.of(...it, 0)), ...unreadableEntry },
  { name: 'an entry of version 0', shown: entryBytes(setAt(0, 0)), ...unreadableEntry },
  { name: 'an entry of version 2', shown: entryBytes(setAt(0, 2)), ...unreadableEntry },
  { name: 'an entry of a kind that there is not', shown: entryBytes(setAt(1, 0x7f)), ...unreadableEntry },
  { name: 'an anchor that calls itself a status change', shown: entryBytes(setAt(1, 0x30)), ...unreadableEntry },
  { name: 'an entry of a block beyond 2^53', shown: entryBytes(setAt(2, 0xff)), ...unreadableEntry },
  { name: 'an entry of a time beyond 2^53', shown: entryBytes(setAt(10, 0xff)), ...unreadableEntry },
  { name: 'an entry by nobody', shown: entryBytes(setAt(18, 0)), ...unreadableEntry },
  { name: 'an entry by an actor that there is not', shown: entryBytes(setAt(18, 6)), ...unreadableEntry },
  { name: 'an entry by an account of more than 20 bytes', shown: entryBytes(setAt(19, 1)), ...unreadableEntry },
  {
    name: 'an entry with more allocations than it has bytes for',
    shown: entryBytes((it) => it.with(-1, 1)),
    ...unreadableEntry,
  },
  { name: 'an entry with stray bits', shown: place(({ bytes }) => ({ bytes: `${bytes}A` })), ...unreadableEntry },
  { name: 'the entry that accredited the issuer, for an anchor', shown: entryOf('accredited'), ...noAnchor },
  { name: 'the entry that registered the key, for an anchor', shown: entryOf('keyAdded'), ...noAnchor },
  { name: 'the entry that gave the grant, for an anchor', shown: entryOf('prefixGranted'), ...noAnchor },
  { name: 'an entry that revokes, for an anchor', shown: entryOf('statusSet'), ...noAnchor },
  { name: 'the entry that opened the ledger, for an anchor', shown: entryOf('opened'), ...noAnchor },
];

/** A genuine entry of that kind, with its genuine path. */
function entryOf(kind: string): Change {
  return evidence((it, world) => {
    const index = world.entries.findIndex((bytes) => decodeEntry(bytes).kind === kind);
    return { ...it, entry: world.evidence({ ...world.genuine.passport, entry: index }).entry };
  });
}

const anchoredAt = (change: (time: number) => number) => anchor(({ blockTime }) => ({ blockTime: change(blockTime) }));

/** Each field of the anchor, changed. */
const ENTRY_FIELDS: readonly Attack[] = [
  {
    name: 'an anchor for another issuer',
    shown: anchor((_, world) => ({ issuer: digestOf(world.signers.rival.issuer) })),
    verdict: 'invalid',
    codes: ['anchor.other-issuer'],
  },
  {
    name: 'an anchor for an issuer that there is not',
    shown: anchor(() => ({ issuer: digestOf('nobody') })),
    verdict: 'invalid',
    codes: ['anchor.other-issuer'],
  },
  { name: 'an anchor in more roles', shown: anchor(() => ({ roles: 0x3ff })), ...notInJournal },
  { name: 'an anchor in a role that there is not', shown: anchor(() => ({ roles: 0xfc01 })), ...notInJournal },
  {
    name: 'an anchor in no role',
    shown: anchor(() => ({ roles: 0 })),
    verdict: 'invalid',
    codes: ['issuer.wrong-role', 'anchor.not-in-journal'],
  },
  { name: 'an anchor of another root', shown: anchor(() => ({ root: digestOf('root') })), ...notInBatch },
  {
    name: "an anchor of another batch's root",
    shown: anchor((_, world) => ({ root: world.genuine['alone in its batch'].batch.root })),
    ...notInBatch,
  },
  { name: 'an anchor of no credential', shown: anchor(() => ({ size: 0 })), ...notInBatch },
  { name: 'an anchor of one credential', shown: anchor(() => ({ size: 1 })), ...notInJournal },
  { name: 'an anchor of fewer credentials, to the same root', shown: anchor(() => ({ size: 9 })), ...notInJournal },
  { name: 'an anchor of more credentials, to the same root', shown: anchor(() => ({ size: 16 })), ...notInJournal },
  { name: 'an anchor of more credentials, by a longer path', shown: anchor(() => ({ size: 17 })), ...notInJournal },
  { name: 'an anchor of 65,535 credentials', shown: anchor(() => ({ size: 0xffff })), ...notInJournal },
  {
    name: 'an anchor with another manifest',
    shown: anchor(() => ({ manifest: digestOf('manifest') })),
    ...notInJournal,
  },
  {
    name: 'an anchor that draws on a lot',
    shown: anchor(() => ({ allocations: [{ lot: digestOf('lot'), milligrams: 1n }] })),
    ...notInJournal,
  },
  {
    name: 'an anchor by another account',
    shown: anchor(() => ({ actor: { kind: 'controller', id: `0x${'00'.repeat(20)}` } })),
    ...notInJournal,
  },
  {
    name: 'an anchor by a submitter instead of the controller',
    shown: anchor(({ actor }) => ({ actor: { ...actor, kind: 'submitter' } })),
    ...notInJournal,
  },
  {
    name: 'an anchor by a key',
    shown: anchor(() => ({ actor: { kind: 'key', id: digestOf('key') } })),
    ...notInJournal,
  },
  {
    name: 'an anchor of an earlier block',
    shown: anchor(({ blockNumber }) => ({ blockNumber: blockNumber - 1 })),
    ...notInJournal,
  },
  { name: 'an anchor of block 0', shown: anchor(() => ({ blockNumber: 0 })), ...notInJournal },
  {
    name: 'an anchor of a later block',
    shown: anchor(({ blockNumber }) => ({ blockNumber: blockNumber + 1 })),
    ...notInJournal,
  },
  { name: 'an anchor of a block to come', shown: anchor(() => ({ blockNumber: 2 ** 40 })), ...beforeAnchor },
  { name: 'an anchor a second earlier', shown: anchoredAt((time) => time - 1), ...notInJournal },
  { name: 'an anchor a second later', shown: anchoredAt((time) => time + 1), ...notInJournal },
  { name: 'an anchor of a time to come', shown: anchoredAt(() => 2 ** 40), ...beforeAnchor },
  {
    name: 'an anchor of 1970',
    shown: anchoredAt(() => 0),
    verdict: 'invalid',
    codes: ['key.not-yet-valid', 'issuer.grant-not-yet', 'anchor.not-in-journal'],
  },
  {
    name: 'an anchor back-dated to before its key was stolen',
    of: 'as its key was stolen',
    shown: anchoredAt((time) => time - 1),
    ...notInJournal,
  },
  {
    name: 'an anchor back-dated to before its key was retired',
    of: 'as its key was retired',
    shown: anchoredAt((time) => time - 1),
    ...notInJournal,
  },
  {
    name: 'an anchor back-dated to before its issuer was withdrawn',
    of: 'as its issuer was withdrawn',
    shown: anchoredAt((time) => time - 1),
    verdict: 'invalid',
    codes: ['issuer.valid-withdrawn-later', 'anchor.not-in-journal'],
  },
  {
    name: 'an anchor that is dated after its key was registered',
    of: 'before its key was registered',
    shown: anchor((_, world) => ({ blockTime: world.now - 30 })),
    ...notInJournal,
  },
];

const first = (world: World) => world.evidence(world.genuine.passport).entry;

/** Where in the journal the entry stands. */
const JOURNAL: readonly Attack[] = [
  {
    name: 'the place of its sibling in the journal',
    shown: place(({ index }) => ({ index: index % 2 === 0 ? index + 1 : index - 1 })),
    ...notInJournal,
  },
  { name: 'the first place of the journal', shown: place(() => ({ index: 0 })), ...notInJournal },
  {
    name: 'the last place of the journal',
    shown: place((_, world) => ({ index: world.entries.length - 1 })),
    ...outdated,
  },
  {
    name: 'the place after the last of the journal',
    shown: place((_, world) => ({ index: world.entries.length })),
    ...ahead,
  },
  { name: 'a place at the end of numbers', shown: place(() => ({ index: Number.MAX_SAFE_INTEGER })), ...ahead },
  {
    name: 'a journal path without its first node',
    shown: place(({ proof }) => ({ proof: proof.slice(1) })),
    ...outdated,
  },
  {
    name: 'a journal path with a node more',
    shown: place(({ proof }) => ({ proof: [...proof, ZERO_32] })),
    ...outdated,
  },
  { name: 'a journal path of no nodes', shown: place(() => ({ proof: [] })), ...outdated },
  { name: 'a journal path of 52 nodes', shown: place(() => ({ proof: new Array(52).fill(ZERO_32) })), ...outdated },
  {
    name: 'a journal path of zeros',
    shown: place(({ proof }) => ({ proof: proof.map(() => ZERO_32) })),
    ...notInJournal,
  },
  {
    name: 'a journal path turned round',
    shown: place(({ proof }) => ({ proof: proof.toReversed() })),
    ...notInJournal,
  },
  {
    name: 'a journal path with a bit flipped in its first node',
    shown: place(({ proof }) => ({ proof: proof.with(0, flip(need(proof[0]), 7)) })),
    ...notInJournal,
  },
  {
    name: 'a journal path with a bit flipped in its last node',
    shown: place(({ proof }) => ({ proof: proof.with(-1, flip(need(proof.at(-1)), 248)) })),
    ...notInJournal,
  },
  {
    name: "its neighbour's journal path",
    shown: place(({ index }, world) => ({
      proof: world.evidence({ ...world.genuine.passport, entry: index + 2 }).entry.proof,
    })),
    ...notInJournal,
  },
  {
    name: "another anchor's entry, path and all",
    shown: evidence((it, world) => ({ ...it, entry: world.evidence(world.genuine['alone in its batch']).entry })),
    ...unfit,
  },
  {
    name: 'a journal path of a smaller journal',
    shown: evidence((it, world) => world.evidence(world.genuine.passport, it.entry.index + 1)),
    ...outdated,
  },
  { name: 'an entry at the last place under the first peak', shown: underFirstPeak(-1), ...noAnchorWithin() },
  { name: 'the newest entry, alone under its peak', shown: newest(), ...noAnchorWithin() },
];

/** The last entry under the first peak, and the last of all, are no anchors of this credential: but where they stand is proved. */
function noAnchorWithin() {
  return { verdict: 'invalid', codes: ['anchor.not-in-batch'] } as const;
}

function underFirstPeak(offset: number): Change {
  return standing((world) => 2 ** need(planPeaks(world.entries.length)[0]).level + offset);
}

function newest(): Change {
  return standing((world) => world.entries.length - 1);
}

/** An anchor of the maker that stands at that index of the journal, were it one: its bytes are the genuine anchor's, altered. */
function standing(index: (world: World) => number): Change {
  return evidence((it, world) => {
    const { bytes: _, ...where } = world.evidence({ ...world.genuine.passport, entry: index(world) }).entry;
    const entry = decodeEntry(need(world.entries[first(world).index]));
    const bytes = encodeBase64Url(encodeEntry({ ...entry, root: digestOf('root') } as typeof entry));
    return { ...it, entry: { ...where, bytes } };
  });
}

const logged = (change: (index: number, bytes: Uint8Array) => object | undefined) =>
  facts((it, world) => {
    const { index } = first(world);
    return { ...it, logged: change(index, need(world.entries[index])) };
  });
const stale = evidence((it, world) => world.evidence(world.genuine.passport, it.entry.index + 1));

/** What the source of the facts says of the journal and of time. */
const FACTS: readonly Attack[] = [
  {
    name: 'an outdated path, and the log of the entry from the source',
    shown: all(
      stale,
      logged((index, bytes) => ({ index, bytes })),
    ),
    verdict: 'valid',
    codes: ['anchor.logged'],
  },
  {
    name: 'an outdated path, and a log that says something else',
    shown: all(
      stale,
      logged((index, bytes) => ({ index, bytes: bytes.with(-1, 1) })),
    ),
    ...notInJournal,
  },
  {
    name: 'an outdated path, and a log that is cut off',
    shown: all(
      stale,
      logged((index, bytes) => ({ index, bytes: bytes.slice(0, -1) })),
    ),
    ...notInJournal,
  },
  {
    name: 'an outdated path, and the log of another entry',
    shown: all(
      stale,
      logged((index, bytes) => ({ index: index + 1, bytes })),
    ),
    ...outdated,
  },
  {
    name: 'an entry that is elsewhere by its path, and logged',
    shown: all(
      place(({ proof }) => ({ proof: proof.map(() => ZERO_32) })),
      logged((index, bytes) => ({ index, bytes })),
    ),
    ...notInJournal,
  },
  {
    name: 'an entry that was altered, and logged so',
    shown: all(
      stale,
      anchor(() => ({ manifest: digestOf('x') })),
      logged((index, bytes) => ({ index, bytes })),
    ),
    ...notInJournal,
  },
  {
    name: 'a logged anchor, where the policy wants it proved',
    shown: all(
      stale,
      logged((index, bytes) => ({ index, bytes })),
      policy(() => ({ anchorStandings: ['proved'] })),
    ),
    verdict: 'indeterminate',
    codes: ['anchor.standing-not-accepted'],
  },
  {
    name: 'a proved anchor, where the policy wants it witnessed',
    shown: policy(() => ({ anchorStandings: ['witnessed'] })),
    verdict: 'indeterminate',
    codes: ['anchor.standing-not-accepted'],
  },
  {
    name: 'facts of the very block of the anchor',
    shown: all(
      stale,
      factsAfter(({ entry }) => entry.index + 1),
    ),
    ...valid,
  },
  { name: 'facts of the block before the anchor', shown: factsAfter(({ entry }) => entry.index), ...beforeAnchor },
  { name: 'facts of the ledger’s first block', shown: factsAfter(() => 2), ...beforeAnchor },
  {
    name: 'facts of the right block and an older time',
    shown: facts((it) => ({ ...it, blockTime: 1_000 })),
    ...beforeAnchor,
  },
  {
    name: 'facts of the right time and an older block',
    shown: facts((it) => ({ ...it, blockNumber: 1 })),
    ...beforeAnchor,
  },
  {
    name: 'facts of now with the tree head of the past',
    shown: facts((it, world) => ({ ...it, treeHead: world.facts(it.question, first(world).index).treeHead })),
    ...ahead,
  },
  {
    name: 'facts with a tree head of no entries',
    shown: facts((it) => ({ ...it, treeHead: { size: 0, peaks: [] } })),
    ...ahead,
  },
  {
    name: 'facts with the peaks in another order',
    shown: facts((it) => ({ ...it, treeHead: { ...it.treeHead, peaks: it.treeHead.peaks.toReversed() } })),
    ...notInJournal,
  },
  {
    name: 'facts with a peak altered',
    shown: facts((it) => ({
      ...it,
      treeHead: { ...it.treeHead, peaks: it.treeHead.peaks.map((peak) => peak.with(0, need(peak[0]) ^ 1)) },
    })),
    ...notInJournal,
  },
  {
    name: 'facts with another size and as many peaks',
    shown: facts((it) => ({ ...it, treeHead: resized(it.treeHead) })),
    ...outdated,
  },
  {
    name: 'an anchor in a block that is not final',
    shown: facts((it) => ({ ...it, finalBlockNumber: 0 })),
    verdict: 'valid',
    codes: ['anchor.provisional'],
  },
  {
    name: 'an anchor that a block which is not final does not have',
    shown: all(
      place(({ proof }) => ({ proof: proof.map(() => ZERO_32) })),
      facts((it) => ({ ...it, finalBlockNumber: 0 })),
    ),
    verdict: 'indeterminate',
    codes: ['anchor.not-final'],
  },
  {
    name: 'no facts',
    shown: (it) => ({ ...it, facts: undefined }),
    verdict: 'indeterminate',
    codes: withoutFacts('no-facts'),
  },
  { name: 'facts as old as the policy allows', shown: now((time) => time - 30 + 86_400), ...valid },
  {
    name: 'facts a second older than the policy allows',
    shown: now((time) => time - 30 + 86_401),
    verdict: 'indeterminate',
    codes: ['freshness.stale'],
  },
  {
    name: 'facts older than a strict policy allows',
    shown: policy(() => ({ maxAgeSeconds: 29 })),
    verdict: 'indeterminate',
    codes: ['freshness.stale'],
  },
  { name: 'facts as far ahead of the clock as the policy allows', shown: now((time) => time - 90), ...valid },
  {
    name: 'facts further ahead of the clock than the policy allows',
    shown: now((time) => time - 91),
    verdict: 'indeterminate',
    codes: ['freshness.ahead'],
  },
  {
    name: 'facts of the year 300,000',
    shown: facts((it) => ({ ...it, blockTime: 9_400_000_000_000 })),
    verdict: 'indeterminate',
    codes: ['freshness.ahead'],
  },
  {
    name: 'a clock that does not run',
    shown: now(() => Number.NaN),
    verdict: 'indeterminate',
    codes: ['period.no-clock', 'freshness.no-clock'],
  },
  {
    name: 'a clock at the end of time',
    shown: now(() => Number.POSITIVE_INFINITY),
    verdict: 'indeterminate',
    codes: ['period.no-clock', 'freshness.no-clock'],
  },
];

/** Another size with as many peaks, so that only the sizes differ. */
function resized<Head extends { readonly size: number }>(head: Head): Head {
  const peaks = planPeaks(head.size).length;
  for (let size = head.size * 2; ; size++) if (planPeaks(size).length === peaks) return { ...head, size };
}

const useless = (
  change: (it: Parameters<Parameters<typeof facts>[0]>[0], world: World) => unknown,
  reason: Parameters<typeof withoutFacts>[0],
) => ({ shown: facts(change), verdict: 'indeterminate', codes: withoutFacts(reason) }) as const;

/** Facts that are about something else, or are none. */
const OTHER_FACTS: readonly Attack[] = [
  {
    name: 'facts of another chain',
    ...useless((it) => ({ ...it, ledger: { ...it.ledger, chainId: 1 } }), 'facts-other-ledger'),
  },
  {
    name: 'facts of a chain that begins otherwise',
    ...useless((it) => ({ ...it, ledger: { ...it.ledger, genesis: digestOf('genesis') } }), 'facts-other-ledger'),
  },
  {
    name: 'facts of another contract',
    ...useless((it, world) => ({ ...it, ledger: world.theirs }), 'facts-other-ledger'),
  },
  {
    name: 'facts of other code at the same address',
    ...useless((it) => ({ ...it, ledger: { ...it.ledger, codeHash: digestOf('code') } }), 'facts-other-ledger'),
  },
  {
    name: 'facts about another issuer',
    ...useless(
      (it) => ({ ...it, question: { ...it.question, issuer: digestOf('did:web:rival.example') } }),
      'facts-other-question',
    ),
  },
  {
    name: 'facts about another key',
    ...useless((it) => ({ ...it, question: { ...it.question, key: digestOf('key') } }), 'facts-other-question'),
  },
  {
    name: 'facts about another grant',
    ...useless((it) => ({ ...it, question: { ...it.question, grant: digestOf('grant') } }), 'facts-other-question'),
  },
  {
    name: 'facts about another status list',
    ...useless((it) => ({ ...it, question: { ...it.question, list: 7n } }), 'facts-other-question'),
  },
  {
    name: 'facts about another word of the status list',
    ...useless((it) => ({ ...it, question: { ...it.question, word: 511 } }), 'facts-other-question'),
  },
  {
    name: 'facts about another credential altogether',
    ...useless((_, world) => world.foreign.theirs.facts, 'facts-other-ledger'),
  },
  { name: 'facts that are null', ...useless(() => null, 'facts-unreadable') },
  { name: 'facts that are text', ...useless((it) => `${it}`, 'facts-unreadable') },
  { name: 'facts that say nothing', ...useless(() => ({}), 'facts-unreadable') },
  ...(
    [
      'source',
      'ledger',
      'blockNumber',
      'blockTime',
      'finalBlockNumber',
      'closed',
      'treeHead',
      'question',
      'status',
    ] as const
  ).map(
    (name): Attack => ({
      name: `facts without ${name}`,
      ...useless((it) => ({ ...it, [name]: undefined }), 'facts-unreadable'),
    }),
  ),
  ...(
    [
      ['a block before the first', { blockNumber: -1 }],
      ['half a block', { blockNumber: 0.5 }],
      ['a block as text', { blockNumber: '9' }],
      ['a block beyond 2^53', { blockNumber: 2 ** 60 }],
      ['a time that is no number', { blockTime: Number.NaN }],
      ['an endless time', { blockTime: Number.POSITIVE_INFINITY }],
      ['a final block that is no number', { finalBlockNumber: Number.NaN }],
      ['a word of 257 bits', { status: { revoked: 1n << 256n, superseded: 0n } }],
      ['a word below zero', { status: { revoked: -1n, superseded: 0n } }],
      ['a word as a number', { status: { revoked: 0, superseded: 0 } }],
      ['a word as text', { status: { revoked: '0', superseded: '0' } }],
      ['a closing that is neither yes nor no', { closed: 0 }],
      ['an issuer of number 0', { issuer: { number: 0, roles: 1, suspended: false } }],
      [
        'an issuer withdrawn at no number',
        { issuer: { number: 1, roles: 1, suspended: false, withdrawnSince: Number.NaN } },
      ],
      ['a key stolen at no number', { key: { purposes: 1, validFrom: 0, compromisedSince: Number.NaN } }],
      ['a key retired at null', { key: { purposes: 1, validFrom: 0, retiredAt: null } }],
      ['a grant that begins at text', { grant: { from: '0' } }],
      ['fewer peaks than its size has', { treeHead: { size: 3, peaks: [new Uint8Array(32)] } }],
      ['a peak of 31 bytes', { treeHead: { size: 1, peaks: [new Uint8Array(31)] } }],
      ['a peak as text', { treeHead: { size: 1, peaks: [ZERO_32] } }],
      ['peaks of a size that is no number', { treeHead: { size: Number.NaN, peaks: [] } }],
      ['a log that is text', { logged: { index: 0, bytes: 'AA' } }],
    ] as const
  ).map(
    ([what, change]): Attack => ({
      name: `facts with ${what}`,
      ...useless((it) => ({ ...it, ...change }), 'facts-unreadable'),
    }),
  ),
];

/** Facts are of our ledger, the status is on it, and the evidence names another. */
const namesOther = {
  verdict: 'invalid',
  codes: [
    'key.facts-other-ledger',
    'issuer.facts-other-ledger',
    'anchor.facts-other-ledger',
    'status.other-ledger',
    'freshness.facts-other-ledger',
  ],
} as const;

/** Other ledgers, real ones: the attacker is their accreditor, and registered a key of its own as the maker's. */
const LEDGERS: readonly Attack[] = [
  {
    name: "the attacker's own ledger, with its own facts",
    shown: (it, { foreign }) => ({ ...it, ...foreign.theirs }),
    verdict: 'indeterminate',
    codes: withoutFacts('facts-other-ledger'),
  },
  {
    name: "the attacker's own ledger, with facts of ours",
    shown: (it, { foreign }) => ({ ...it, evidence: foreign.theirs.evidence }),
    verdict: 'indeterminate',
    codes: withoutFacts('facts-other-ledger'),
  },
  {
    name: "the attacker's own ledger, which the evidence calls ours",
    shown: (it, { foreign, genuine, evidence: show }) => ({
      ...it,
      evidence: { ...foreign.theirs.evidence, ledger: show(genuine.passport).ledger },
    }),
    verdict: 'invalid',
    codes: ['key.not-registered', 'anchor.proof-outdated', 'status.other-ledger'],
  },
  {
    name: "the attacker's own ledger, which the verifier does trust",
    shown: all(
      (it, { foreign }) => ({ ...it, ...foreign.theirs }),
      pinned((world) => [world.theirs]),
    ),
    ...valid,
  },
  {
    name: 'the twin of our ledger on another chain, with its own facts',
    shown: (it, { foreign }) => ({ ...it, ...foreign.twin }),
    verdict: 'indeterminate',
    codes: withoutFacts('facts-other-ledger'),
  },
  {
    name: 'the twin of our ledger on another chain, with facts of ours',
    shown: (it, { foreign }) => ({ ...it, evidence: foreign.twin.evidence }),
    verdict: 'invalid',
    codes: ['key.not-registered', 'anchor.proof-outdated'],
  },
  {
    name: 'our ledger, where the verifier trusts its twin',
    shown: pinned((world) => [world.twin]),
    verdict: 'indeterminate',
    codes: withoutFacts('facts-other-ledger'),
  },
  {
    name: 'our ledger, where the verifier trusts several and ours among them',
    shown: pinned((world) => [world.twin, world.theirs, world.ledger]),
    ...valid,
  },
  {
    name: 'the same address on another chain',
    shown: evidence((it) => ({ ...it, ledger: it.ledger.replace(':31337:', ':1:') })),
    ...namesOther,
  },
  {
    name: 'a ledger that the credential does not name',
    shown: member({ ledger: `eip155:31337:0x${'ff'.repeat(20)}` }),
    ...namesOther,
  },
];

export const PROOFS = { BATCH, ENTRY_BYTES, ENTRY_FIELDS, JOURNAL, FACTS, OTHER_FACTS, LEDGERS };
