/**
 * One anchored credential, judged by all that the ledger has said by the end of the replay: the checks are those of `verify`, so that an
 * audit and a verifier never disagree about a passport.
 */
import { encodeHex, equalBytes, type Hex, sha256 } from '../bytes.ts';
import { type Credential, type CredentialKind, credentialKind, credentialSubjects } from '../credential/credential.ts';
import { parseKid } from '../credential/did.ts';
import { decodeKeyId } from '../credential/keys.ts';
import { formatLedger } from '../credential/status.ts';
import { questionAbout } from '../evidence/evidence.ts';
import { findGrant, toPublicJwk } from '../evidence/holdings.ts';
import { hashIssuer, type LedgerId } from '../ids.ts';
import type { EntryOf, LotMass } from '../journal/entry.ts';
import { answerQuestion, type JournalState, type Reading } from '../journal/state.ts';
import { isNoStricter } from '../materials/lot.ts';
import { lotClaims, sumClaims } from '../passport/lots.ts';
import type { CheckCode } from '../report.ts';
import { attempt, readPresented } from '../verify/presented.ts';
import { checkInPlace } from '../verify/verify.ts';

/** Plain values: it crosses from one thread to another. */
export interface Judgement {
  /** Of each check that failed, in the order of the report. Revocation is no failure: it is what status is for. */
  readonly codes: readonly CheckCode[];
  /** `undefined` where the bytes are no credential. */
  readonly kind: CredentialKind | undefined;
  /** Thumbprint as the ledger spells it. */
  readonly key: Hex | undefined;
  /** Its status place, if that is on this ledger and its issuer's own. */
  readonly place: { readonly list: bigint; readonly index: number } | undefined;
  readonly isRevoked: boolean;
  readonly isSuperseded: boolean;
  /** Of a passport that draws on lots, or whose batch was allocated any. */
  readonly draws: LotDraws | undefined;
}

export interface LotDraws {
  /** Each lot once. */
  readonly claims: readonly LotMass[];
  /** Hash of its issuer and what it is about: all versions of a passport have the same. */
  readonly about: Hex;
  /** A lot is of another substance or origin, or under a weaker model of custody, than it says. */
  readonly isMisdescribed: boolean;
}

export interface JudgeOptions {
  /** What the whole journal folds to. */
  readonly state: Reading<JournalState>;
  readonly ledger: LedgerId;
}

export type CredentialJudge = (bytes: Uint8Array, anchor: EntryOf<'anchored'>) => Promise<Judgement>;

const text = new TextDecoder();

/** Bytes that hash to what was anchored, each with its anchor. Total: what cannot be read has failed. */
export function createCredentialJudge({ state, ledger }: JudgeOptions): CredentialJudge {
  const block = { number: state.blockNumber, time: state.blockTime };
  const home = formatLedger(ledger);
  return async (bytes, anchor) => {
    const presented = readPresented(text.decode(bytes));
    const { jwt, credential, pointer } = presented;
    // What was anchored has to be the credential itself: evidence that holds one, or one behind a byte order mark, has another hash.
    const isItself = jwt !== undefined && equalBytes(jwt.bytes, bytes);
    if (!isItself || credential === undefined) {
      const code = !isItself ? 'content.not-canonical' : 'schema.malformed';
      return { ...NOTHING, codes: [code] };
    }
    const issuer = state.issuers.get(hashIssuer(credential.issuer.id));
    const [kid] = attempt(() => decodeKeyId(parseKid(jwt.header.kid).key));
    const key = kid === undefined ? undefined : issuer?.keys.get(kid);
    const kind = credentialKind(credential);
    if (kid === undefined || key === undefined) {
      return { ...NOTHING, kind, codes: [kid === undefined ? 'key.malformed-name' : 'key.not-registered'] };
    }
    const evidence = {
      key: toPublicJwk(key),
      grant: findGrant(credential, issuer?.grants.values() ?? [], anchor.blockTime),
    };
    const answer = answerQuestion(state, questionAbout(evidence, credential, pointer));
    const checks = await checkInPlace(presented, { ...evidence, anchor, ledger, answer, block });
    const failed = checks.filter(({ outcome, code }) => outcome === 'invalid' && code !== 'status.revoked');
    const [draws, refused] = kind === 'passport' ? readDraws(credential, anchor, home, state) : [];
    const isOurs = pointer?.ledger === home && !failed.some(({ code }) => code === 'anchor.other-issuer');
    return {
      ...{
        codes: [...failed.map(({ code }) => code), ...(refused === undefined ? [] : [refused])],
        kind,
        key: kid,
        draws,
      },
      place: isOurs ? { list: pointer.list, index: pointer.index } : undefined,
      isRevoked: checks.some(({ code }) => code === 'status.revoked'),
      isSuperseded: checks.some(({ code }) => code === 'status.valid-superseded'),
    };
  };
}

const NOTHING = {
  ...{ kind: undefined, key: undefined, place: undefined, draws: undefined },
  ...{ isRevoked: false, isSuperseded: false },
} as const;

/** What a passport draws on lots, or why that cannot be read. */
function readDraws(
  credential: Credential,
  { issuer, allocations }: EntryOf<'anchored'>,
  home: string,
  state: Reading<JournalState>,
): readonly [draws?: LotDraws | undefined, refused?: CheckCode] {
  const [claims] = attempt(() => lotClaims(credential));
  if (claims === undefined) return [undefined, 'provenance.malformed'];
  if (claims.some(({ ledger }) => ledger !== home)) return [undefined, 'provenance.other-ledger'];
  if (claims.length === 0 && allocations.length === 0) return [];
  const subjects = credentialSubjects(credential).map(({ id }) => id);
  const isMisdescribed = claims.some((claim) => {
    const lot = state.lots.get(claim.lot);
    if (lot === undefined) return false;
    const isSame = claim.substance === lot.substance && claim.origin === lot.origin;
    return !isSame || !isNoStricter(claim.custody, lot.custody);
  });
  const about = sha256(encoder.encode([issuer, credential.issuer.id, ...subjects.sort()].join('\n')));
  return [{ claims: sumClaims(claims), about: encodeHex(about), isMisdescribed }];
}

const encoder = new TextEncoder();
