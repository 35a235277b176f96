/** What a verifier is given, read once: each part by its own parser, so that one that is bad hides none of the others. */
import { decodeBase64Url } from '../bytes.ts';
import { formatCid, hashCredential } from '../credential/cid.ts';
import { type Credential, parseCredential } from '../credential/credential.ts';
import { type ParsedJwt, parseJwt } from '../credential/jwt.ts';
import { parseStatusPointer, type StatusPointer } from '../credential/status.ts';
import { InvalidInputError } from '../errors.ts';
import { askAbout, type Evidence, parseEvidence } from '../evidence/evidence.ts';
import type { Question } from '../evidence/facts.ts';
import type { CredentialCid, Digest } from '../ids.ts';
import { decodeEntry, type EntryOf } from '../journal/entry.ts';

/** Everything that could be read of what was presented; `undefined` where it could not. `refusals` say why. */
export interface Presented {
  readonly evidence: Evidence | undefined;
  readonly jwt: ParsedJwt | undefined;
  readonly digest: Digest | undefined;
  readonly cid: CredentialCid | undefined;
  readonly credential: Credential | undefined;
  readonly pointer: StatusPointer | undefined;
  readonly entryBytes: Uint8Array | undefined;
  readonly anchor: EntryOf<'anchored'> | undefined;
  /** What the facts must be about. */
  readonly question: Question | undefined;
  readonly refusals: {
    readonly evidence?: string | undefined;
    readonly jwt?: string | undefined;
    readonly credential?: string | undefined;
    readonly pointer?: string | undefined;
    readonly entry?: string | undefined;
  };
}

/** Reads evidence as an object or as JSON text, or a bare credential. Total: what cannot be read is in `refusals`. */
export function readPresented(value: unknown): Presented {
  const isBareCredential = typeof value === 'string' && !value.trimStart().startsWith('{');
  const [evidence, noEvidence] = isBareCredential ? [] : attempt(() => parseEvidence(value));
  const text = isBareCredential ? value : evidence?.credential;
  const [jwt, noJwt] = text === undefined ? [] : attempt(() => parseJwt(text));
  const digest = jwt && hashCredential(jwt.bytes);
  const [credential, noCredential] = jwt ? attempt(() => parseCredential(jwt.payload)) : [];
  const [pointer, noPointer] = credential ? attempt(() => parseStatusPointer(credential)) : [];
  const [entryBytes, noBytes] = evidence ? attempt(() => decodeBase64Url(evidence.entry.bytes)) : [];
  const [entry, noEntry] = entryBytes ? attempt(() => decodeEntry(entryBytes)) : [];
  return {
    evidence,
    jwt,
    digest,
    cid: digest && formatCid(digest),
    credential,
    pointer,
    entryBytes,
    anchor: entry?.kind === 'anchored' ? entry : undefined,
    question: evidence && credential && askAbout(evidence, credential, pointer),
    refusals: {
      evidence: noEvidence,
      jwt: noJwt,
      credential: noCredential,
      pointer: noPointer,
      entry: noBytes ?? noEntry,
    },
  };
}

/** What could not even be read as evidence, and why. */
export function presentUnreadable(reason: string): Presented {
  const presented = readPresented(undefined);
  return { ...presented, refusals: { evidence: reason } };
}

/** What `read` gives, or why it refuses. Objects from outside can throw anything when they are looked at; none of it gets through. */
export function attempt<T>(read: () => T): [value: T | undefined, refusal: string | undefined] {
  try {
    return [read(), undefined];
  } catch (error) {
    return [undefined, error instanceof InvalidInputError ? error.message : 'it cannot be looked at.'];
  }
}
