/**
 * Provenance: are a passport's claims on lots of material covered by what was allocated to it in its batch's anchor, and does what the
 * lots were made from still hold? The ledger conserves mass, so that no other passport has to be looked at (design D8).
 */
import type { Hex } from '../bytes.ts';
import { type Credential, credentialKind, credentialSubjects } from '../credential/credential.ts';
import { namesWhatWasDone } from '../event/masses.ts';
import type { EvidenceEntry } from '../evidence/evidence.ts';
import type { Facts, UpstreamFacts, UpstreamQuestion } from '../evidence/facts.ts';
import { hashIssuer } from '../ids.ts';
import type { LotMass } from '../journal/entry.ts';
import { type CustodyModel, isNoStricter, type Origin } from '../materials/lot.ts';
import { eventOf, lotsMadeBy, relianceOn, withAncestors } from '../materials/provenance.ts';
import { nameSubstance } from '../materials/substance.ts';
import { type LotClaim, lotClaims } from '../passport/lots.ts';
import { answer, type Check } from '../report.ts';
import {
  BYTES,
  basisOf,
  type Case,
  EVIDENCE,
  isSet,
  notReached,
  placeInBatch,
  standingOf,
  withoutFacts,
} from './case.ts';
import {
  attempt,
  type PresentedEarlier,
  type PresentedEvent,
  type PresentedMaking,
  type Upstream,
} from './presented.ts';

/** Are the material claims covered by the batch's allocations, and is what stands upstream of them neither void nor revoked? */
export function checkProvenance(it: Case): Check {
  const { credential, evidence, anchor, upstream } = it;
  if (credential === undefined) return notReached('provenance');
  if (credentialKind(credential) !== 'passport') return answer('provenance.no-lot', BYTES, {});
  const [claims, refusal] = attempt(() => lotClaims(credential));
  if (claims === undefined) return answer('provenance.malformed', BYTES, { reason: refusal ?? '' });
  if (claims.length === 0) return answer('provenance.no-lot', BYTES, {});
  if (evidence === undefined) return answer('provenance.no-anchor', BYTES, {});
  const foreign = claims.find(({ ledger }) => ledger !== evidence.ledger);
  if (foreign !== undefined) return answer('provenance.other-ledger', BYTES, { lot: foreign.lot });
  if (anchor === undefined || upstream === undefined) return notReached('provenance');

  const claimed = sumByLot(claims);
  return checkAllocated(it, claimed) ?? checkDescribed(claims, upstream) ?? checkUpstream(it, upstream, claimed);
}

// ------------------------------------------------------------------------------------------------------------------ allocation

function sumByLot(masses: readonly LotMass[]): ReadonlyMap<Hex, bigint> {
  const sums = new Map<Hex, bigint>();
  for (const { lot, milligrams } of masses) sums.set(lot, (sums.get(lot) ?? 0n) + milligrams);
  return sums;
}

/** `undefined`: all that is claimed of each lot was allocated, here or to an earlier version. */
function checkAllocated(it: Case, claimed: ReadonlyMap<Hex, bigint>): Check | undefined {
  const allocated = new Map(sumByLot(it.anchor?.allocations ?? []));
  if (needsEarlier(it, claimed) && it.upstream?.earlier !== undefined) {
    const { earlier } = it.upstream;
    if (!isEarlierVersion(earlier, it)) return answer('provenance.earlier-differs', EVIDENCE, {});
    for (const { lot, milligrams } of earlier.anchor.allocations) {
      allocated.set(lot, (allocated.get(lot) ?? 0n) + milligrams);
    }
  }
  for (const [lot, milligrams] of claimed) {
    const share = allocated.get(lot);
    if (share === undefined) return answer('provenance.not-allocated', EVIDENCE, { lot });
    if (milligrams > share) {
      const slots = { lot, claimed: `${milligrams} mg`, allocated: `${share} mg` };
      return answer('provenance.over-claimed', EVIDENCE, slots);
    }
  }
  return undefined;
}

function needsEarlier({ anchor }: Case, claimed: ReadonlyMap<Hex, bigint>): boolean {
  const here = sumByLot(anchor?.allocations ?? []);
  return [...claimed].some(([lot, milligrams]) => milligrams > (here.get(lot) ?? 0n));
}

/**
 * Anchored before, by the same issuer, about the very same: then what was debited for it was debited for this. An anchor counts once only,
 * so that it must be another.
 */
function isEarlierVersion(earlier: PresentedEarlier, { credential, evidence, anchor }: Case): boolean {
  const subjects = (of: Credential) =>
    credentialSubjects(of)
      .map(({ id }) => id)
      .sort()
      .join('\n');
  return (
    credential !== undefined &&
    evidence !== undefined &&
    earlier.place.index < evidence.entry.index &&
    earlier.anchor.issuer === anchor?.issuer &&
    hashIssuer(earlier.credential.issuer.id) === anchor.issuer &&
    credentialKind(earlier.credential) === 'passport' &&
    subjects(earlier.credential) === subjects(credential) &&
    placeInBatch(earlier.digest, earlier.batch, earlier.anchor) === 'there'
  );
}

/** `undefined`: each lot's maker is in the evidence, and the lot is what it is called. */
function checkDescribed(claims: readonly LotClaim[], { lineage }: Upstream): Check | undefined {
  for (const claim of claims) {
    const made = lineage.get(claim.lot);
    if (made === undefined) continue;
    const isSame = claim.substance === made.substance && claim.origin === made.origin;
    if (!isSame || !isNoStricter(claim.custody, made.custody)) {
      const slots = { lot: claim.lot, claimed: describe(claim), actual: describe(made) };
      return answer('provenance.misdescribed', EVIDENCE, slots);
    }
  }
  const unknown = claims.find(({ lot }) => !lineage.has(lot));
  return unknown && answer('provenance.no-lineage', EVIDENCE, { lot: unknown.lot });
}

function describe(lot: {
  readonly substance: number;
  readonly origin: Origin;
  readonly custody: CustodyModel;
}): string {
  return `${nameSubstance(lot.substance)}, ${lot.origin}, ${lot.custody}`;
}

// -------------------------------------------------------------------------------------------------------------------- upstream

/** What an entry made and who acted in it, beside what the ledger says of that now. */
interface Step {
  readonly making: PresentedMaking;
  readonly said: UpstreamFacts;
}

function checkUpstream(it: Case, upstream: Upstream, claimed: ReadonlyMap<Hex, bigint>): Check {
  const { facts, evidence } = it;
  if (facts === undefined || evidence === undefined) return withoutFacts('provenance', it.reason);
  const said = facts.upstream;
  if (said === undefined || !isAnswered(upstream.questions, said)) return answer('provenance.not-asked', EVIDENCE, {});

  const needed = withAncestors(upstream.lineage, claimed.keys());
  const steps = upstream.makings.flatMap((making, i): Step[] => {
    const about = said[i];
    const isNeeded = lotsMadeBy(making.entry).some((lot) => needed.has(lot));
    return isNeeded && about !== undefined ? [{ making, said: about }] : [];
  });
  const basis = `${steps.length} ${steps.length === 1 ? 'entry' : 'entries'} behind its lots, and ${basisOf(facts)}`;
  const entries = steps.map(({ making: { place, bytes, entry }, said: { logged } }): EntryInQuestion => {
    return { place, bytes, block: entry.blockNumber, logged };
  });
  const { earlier } = upstream;
  if (earlier !== undefined && needsEarlier(it, claimed)) {
    const { place, bytes, anchor } = earlier;
    entries.push({ place, bytes, block: anchor.blockNumber, logged: said.at(-1)?.logged });
  }
  const amiss = checkInJournal(entries, { ...it, facts }, basis);
  return amiss ?? judgeSteps(steps, upstream, { ledger: evidence.ledger, needed, claimed, basis });
}

function isAnswered(asked: readonly UpstreamQuestion[], said: readonly UpstreamFacts[]): boolean {
  return (
    asked.length === said.length &&
    asked.every(({ question, lots }, i) => {
      const about = said[i];
      return (
        about !== undefined &&
        about.question.issuer === question.issuer &&
        about.question.key === question.key &&
        about.question.list === question.list &&
        about.question.word === question.word &&
        about.lots.length === lots.length &&
        about.lots.every(({ lot }, place) => lot === lots[place])
      );
    })
  );
}

interface EntryInQuestion {
  readonly place: EvidenceEntry;
  readonly bytes: Uint8Array;
  /** What the bytes say. */
  readonly block: number;
  readonly logged: Facts['logged'];
}

/** `undefined`: each of them is in the journal, on a standing that the policy accepts. What is not there comes before what is not known. */
function checkInJournal(
  entries: readonly EntryInQuestion[],
  { facts, isWitnessed, policy }: Case & { readonly facts: Facts },
  basis: string,
): Check | undefined {
  let open: Check | undefined;
  for (const { place, bytes, block, logged } of entries) {
    const entry = String(place.index);
    const said = { facts: { treeHead: facts.treeHead, logged }, isWitnessed };
    const { path, standing } = standingOf(place, bytes, said);
    const isFinal = block <= facts.finalBlockNumber;
    if (path === 'mismatch' && isFinal) return answer('provenance.not-in-journal', basis, { entry });
    // The chain can undo a block that is not final: that accuses nobody.
    if (path === 'mismatch') open ??= answer('provenance.not-final', basis, { entry });
    else if (path === 'beyond') open ??= answer('provenance.ahead-of-facts', basis, { entry });
    else if (standing === undefined) open ??= answer('provenance.proof-outdated', basis, { entry });
    else if (policy.anchorStandings?.includes(standing) !== true) {
      open ??= answer('provenance.standing-not-accepted', basis, { entry, standing });
    }
  }
  return open;
}

interface Judged {
  readonly ledger: string;
  readonly needed: ReadonlySet<Hex>;
  readonly claimed: ReadonlyMap<Hex, bigint>;
  readonly basis: string;
}

/** Of lots whose entries are the ledger's: which do not hold any more, and how much of what is claimed came from them. */
function judgeSteps(steps: readonly Step[], upstream: Upstream, { ledger, needed, claimed, basis }: Judged): Check {
  const { lineage } = upstream;
  const [atFault, inDoubt] = [new Set<Hex>(), new Set<Hex>()];
  const reasons: string[] = [];
  let silent: PresentedMaking | undefined;
  for (const { making, said } of steps) {
    const made = lotsMadeBy(making.entry).filter((lot) => needed.has(lot));
    for (const { lot, isVoid } of said.lots) {
      if (!isVoid || !needed.has(lot)) continue;
      atFault.add(lot);
      reasons.push(`lot ${lot} was declared void`);
    }
    const fault = findFault(making, said, upstream, ledger);
    if (fault === 'no event') silent ??= making;
    else if (fault !== undefined) {
      for (const lot of made) atFault.add(lot);
      reasons.push(fault);
    }
    const { compromisedSince } = said.key ?? {};
    if (compromisedSince !== undefined && making.entry.blockTime >= compromisedSince) {
      // Balances do not roll back: what a stolen key moved may be sound all the same (design D5).
      for (const lot of made) inDoubt.add(lot);
      reasons.push(`the key that acted in entry ${making.index} was in wrong hands by then`);
    }
  }
  const reason = `${reasons.join('; ')}.`;
  const parts = Array.from(claimed, ([lot, milligrams]): LotMass => ({ lot, milligrams }));
  const unsound = parts.find((part) => relianceOn(lineage, part, atFault).isWhole);
  if (unsound !== undefined) return answer('provenance.unsound', basis, { lot: unsound.lot, reason });
  if (silent !== undefined) return answer('provenance.no-event', EVIDENCE, { entry: String(silent.index) });
  const doubtful = new Set([...atFault, ...inDoubt]);
  let affected = 0n;
  let total = 0n;
  for (const part of parts) {
    affected += relianceOn(lineage, part, doubtful).affected;
    total += part.milligrams;
  }
  const mass = `${total} mg`;
  return affected === 0n
    ? answer('provenance.valid', basis, { mass })
    : answer('provenance.in-doubt', basis, { affected: `${affected} mg`, mass, reason });
}

/** Why what an entry made does not hold, apart from single lots of it; `undefined` where it does. */
function findFault(
  { index, entry }: PresentedMaking,
  { issuer, status }: UpstreamFacts,
  { events }: Upstream,
  ledger: string,
): string | undefined {
  const since = issuer?.withdrawnSince;
  if (since !== undefined && entry.blockTime >= since) return `the issuer of entry ${index} was withdrawn before it`;
  const digest = eventOf(entry);
  if (digest === undefined) return undefined;
  const event = events.get(digest);
  if (event === undefined) return 'no event';
  const { pointer } = event;
  if (!saysWhatWasDone(event, entry, { ledger })) return `the event of entry ${index} does not say what the entry did`;
  return pointer !== undefined && isSet(status.revoked, pointer)
    ? `the event of entry ${index} was revoked`
    : undefined;
}

/**
 * Whether an event is of the entry's issuer and of this ledger (CAIP-10), and says what the entry did. That its bytes are the issuer's own
 * is what the entry says, which names their digest: no signature says more. `accepted`: what was in a lot that was accepted.
 */
export function saysWhatWasDone(
  { issuer, pointer, masses }: PresentedEvent,
  entry: Parameters<typeof namesWhatWasDone>[1],
  { ledger, accepted }: { readonly ledger: string; readonly accepted?: bigint | undefined },
): boolean {
  const isTheirs = issuer === entry.issuer && pointer?.ledger === ledger;
  return isTheirs && masses !== undefined && namesWhatWasDone(masses, entry, accepted);
}
