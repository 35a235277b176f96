/** Facts: what a named source said of the ledger at one block. */
import { z } from 'zod';
import { type Hex, isHex } from '../bytes.ts';
import type { StatusPointer } from '../credential/status.ts';
import type { LedgerId } from '../ids.ts';
import { planPeaks, type TreeHead } from '../journal/tree.ts';
import { MOST_MAKINGS } from '../materials/provenance.ts';
import type { FactsReason } from '../report.ts';
import { parseShape } from '../shape.ts';
import { ledgerId, type Policy } from './policy.ts';

/** What was asked of the ledger for one credential; the answers below are about just this. */
export interface Question {
  /** SHA-256 of the DID. */
  readonly issuer: Hex;
  /** Thumbprint, 32 bytes. */
  readonly key: Hex;
  /** `hashGrant`, or 32 zero bytes. */
  readonly grant: Hex;
  readonly list: bigint;
  /** Number of the status word, 0 to 511. */
  readonly word: number;
}

/** A credential without a place for its status asks about word 0 of list 0. */
export function askAbout(
  whom: Pick<Question, 'issuer' | 'key' | 'grant'>,
  pointer: Pick<StatusPointer, 'list' | 'index'> | undefined,
): Question {
  return { ...whom, list: pointer?.list ?? 0n, word: pointer ? Math.floor(pointer.index / 256) : 0 };
}

/** Times are seconds since 1970; `undefined` stands for never. */
export interface Facts {
  /** Who said so, for the report: an endpoint's URL without credentials, or a witness. */
  readonly source: string;
  readonly ledger: LedgerId;
  readonly blockNumber: number;
  readonly blockTime: number;
  /** The newest block that the source holds final; an entry above it is provisional. */
  readonly finalBlockNumber: number;
  readonly closed: boolean;
  readonly treeHead: TreeHead;
  readonly question: Question;
  /** `undefined`: not accredited. */
  readonly issuer: IssuerFacts | undefined;
  /** `undefined`: not registered. */
  readonly key: KeyFacts | undefined;
  /** `undefined`: not granted. */
  readonly grant: { readonly from: number; readonly until: number | undefined } | undefined;
  readonly status: { readonly revoked: bigint; readonly superseded: bigint };
  /** The entry that the source returned as a log at the index and block that the evidence names, if it was asked and had it. */
  readonly logged?: LoggedBytes | undefined;
  /** About the entries behind the lots that a passport draws on, in the order in which they were asked; absent where nobody asked. */
  readonly upstream?: readonly UpstreamFacts[] | undefined;
}

export interface LoggedBytes {
  readonly index: number;
  readonly bytes: Uint8Array;
}

/** What is asked of an entry that evidence carries beside the anchor. */
export interface UpstreamQuestion {
  readonly entry: { readonly index: number; readonly blockNumber: number };
  /** About who acted: the issuer and the key (zero for an account), and the status word of the event (or of word 0 of list 0). */
  readonly question: Question;
  /** Those that it made, as far as they matter. */
  readonly lots: readonly Hex[];
}

export interface UpstreamFacts extends Pick<Facts, 'question' | 'issuer' | 'key' | 'status' | 'logged'> {
  readonly lots: readonly { readonly lot: Hex; readonly isVoid: boolean }[];
}

export interface IssuerFacts {
  readonly number: number;
  readonly roles: number;
  readonly suspended: boolean;
  readonly withdrawnSince: number | undefined;
}

export interface KeyFacts {
  readonly purposes: number;
  readonly validFrom: number;
  readonly retiredAt: number | undefined;
  readonly compromisedSince: number | undefined;
}

/** Facts that nobody has to be asked for, since they prove themselves on the word of the policy's witnesses: see `pack/`. */
export interface FactsProof {
  /** The answer to a question, and to what is asked of the entries behind a passport's lots; or why there is none. */
  prove(
    question: Question,
    policy: Policy,
    options?: { readonly upstream?: readonly UpstreamQuestion[] | undefined },
  ): Promise<
    | { readonly facts: Facts; readonly reason?: undefined }
    | { readonly facts?: undefined; readonly reason: FactsReason }
  >;
}

/** Of one transformation. */
const MOST_LOTS = 16;

const whole = z.int().min(0);
const time = whole.optional();
const uint = (bits: bigint) =>
  z
    .bigint()
    .min(0n)
    .lt(1n << bits);
const digest = z.custom<Hex>((value) => typeof value === 'string' && value.length === 66 && isHex(value));
/** Copied before anything is asked of them: whoever gave them may still write to them, and verification waits for signatures. */
const bytes = z.instanceof(Uint8Array).transform((given) => new Uint8Array(given));

const treeHead = z
  .object({ size: whole, peaks: z.array(bytes.refine((peak) => peak.length === 32)).max(53) })
  .refine(({ size, peaks }) => planPeaks(size).length === peaks.length, 'has not the peaks of its size');

const question = z.object({ issuer: digest, key: digest, grant: digest, list: uint(64n), word: whole.max(511) });
const issuer = z
  .object({ number: whole.min(1), roles: whole.max(0xffff), suspended: z.boolean(), withdrawnSince: time })
  .optional();
const key = z
  .object({ purposes: whole.max(0xffff), validFrom: whole, retiredAt: time, compromisedSince: time })
  .optional();
const status = z.object({ revoked: uint(256n), superseded: uint(256n) });
const logged = z.object({ index: whole, bytes }).optional();

const facts = z.object({
  source: z.string().max(2048),
  ledger: ledgerId,
  blockNumber: whole,
  blockTime: whole,
  finalBlockNumber: whole,
  closed: z.boolean(),
  treeHead,
  question,
  issuer,
  key,
  grant: z.object({ from: whole, until: time }).optional(),
  status,
  logged,
  upstream: z
    .array(
      z.object({
        ...{ question, issuer, key, status, logged },
        lots: z.array(z.object({ lot: digest, isVoid: z.boolean() })).max(MOST_LOTS),
      }),
    )
    .max(MOST_MAKINGS + 1)
    .optional(),
});

/** Reads facts, so that none of a careless or hostile source's numbers is none. Errors: `input.shape`. */
export function parseFacts(value: unknown): Facts {
  const { grant, upstream, ...rest } = parseShape(facts, value, 'facts');
  return {
    ...rest,
    ...spellOut(rest),
    grant: grant && { from: grant.from, until: grant.until },
    ...(upstream && { upstream: upstream.map((about) => ({ ...about, ...spellOut(about) })) }),
  };
}

/** What is not there is `undefined`, and not left out. */
function spellOut({ issuer, key }: Pick<z.infer<typeof facts>, 'issuer' | 'key'>): Pick<Facts, 'issuer' | 'key'> {
  return {
    issuer: issuer && { ...issuer, withdrawnSince: issuer.withdrawnSince },
    key: key && { ...key, retiredAt: key.retiredAt, compromisedSince: key.compromisedSince },
  };
}
