/**
 * One anchored credential, judged by all that the ledger has said by the end of the replay: the checks are those of `verify`, so that an
 * audit and a verifier never disagree about a passport.
 */
import { equalBytes, type Hex } from '../bytes.ts';
import { type CredentialKind, credentialKind } from '../credential/credential.ts';
import { parseKid } from '../credential/did.ts';
import { decodeKeyId } from '../credential/keys.ts';
import { formatLedger } from '../credential/status.ts';
import { questionAbout } from '../evidence/evidence.ts';
import { findGrant, toPublicJwk } from '../evidence/holdings.ts';
import { hashIssuer, type LedgerId } from '../ids.ts';
import type { EntryOf } from '../journal/entry.ts';
import { answerQuestion, type JournalState, type Reading } from '../journal/state.ts';
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
    const isOurs = pointer?.ledger === home && !failed.some(({ code }) => code === 'anchor.other-issuer');
    return {
      ...{ codes: failed.map(({ code }) => code), kind, key: kid },
      place: isOurs ? { list: pointer.list, index: pointer.index } : undefined,
      isRevoked: checks.some(({ code }) => code === 'status.revoked'),
      isSuperseded: checks.some(({ code }) => code === 'status.valid-superseded'),
    };
  };
}

const NOTHING = { kind: undefined, key: undefined, place: undefined, isRevoked: false, isSuperseded: false } as const;
