/**
 * Issuing, at the issuer: inputs become credentials, signed here by the issuer's own key, written down in the run, posted to a service
 * that stores and anchors them. A run can be stopped anywhere and gone on with: what was signed once is never signed again (ES256 is
 * randomised, so that would be another credential), and what has a receipt is not posted again.
 */
import { canonicalizeJson, encodeBase64Url, InvalidInputError, type LedgerId, sha256 } from '@dpp-ledger/core';
import { type Signer, signCredential } from '@dpp-ledger/core/credential';
import { buildPassport, type PassportInput } from '@dpp-ledger/core/passport';
import type { Client, ReceiptLine } from './client.ts';

/** Digest of a canonical input, base64url: the same row is the same credential, in whatever order the rows come. */
export type InputDigest = string;

export interface RunItem {
  readonly input: InputDigest;
  /** Place of its status: list and index. */
  readonly list: bigint;
  readonly index: number;
  readonly cid: string;
  /** Once the service accepted it, or had it already. */
  readonly receipt: ReceiptLine | undefined;
}

/** What a run remembers, durably: `openRun` in `@dpp-ledger/sdk/node` keeps it in a file. */
export interface IssueRun {
  find(input: InputDigest): RunItem | undefined;
  /** The JWT that was recorded for an item. */
  readJwt(input: InputDigest): Promise<string>;
  /** The next free place of a status, in a list that nobody else uses. */
  takePlace(): { readonly list: bigint; readonly index: number };
  /** Durable once it resolves. */
  record(items: readonly (Omit<RunItem, 'receipt'> & { readonly jwt: string })[]): Promise<void>;
  /** Durable once it resolves. */
  settle(receipts: readonly { readonly input: InputDigest; readonly receipt: ReceiptLine }[]): Promise<void>;
}

export interface IssueOptions {
  readonly inputs: AsyncIterable<PassportInput> | Iterable<PassportInput>;
  readonly signer: Signer;
  /** How the issuer calls itself. */
  readonly issuerName: string;
  readonly ledger: LedgerId;
  readonly run: IssueRun;
  readonly client: Client;
  /** Whether the issuer states its own figures or restates another's; `declared` by default. */
  readonly voice?: 'declared' | 'restated';
  /** From when the credentials hold: RFC 3339 with zone; now by default. */
  readonly validFrom?: string;
  /** Signed and posted at a time; 250 by default. */
  readonly chunkSize?: number;
  readonly onItem?: (item: IssuedItem) => void;
  readonly onProgress?: (progress: IssueProgress) => void;
  readonly signal?: AbortSignal | undefined;
}

export interface IssuedItem {
  /** Which input, from 0. */
  readonly position: number;
  readonly cid: string;
  readonly receipt: ReceiptLine;
  /** Whether an earlier run already had its receipt. */
  readonly before: boolean;
}

export interface IssueProgress {
  readonly read: number;
  readonly signed: number;
  readonly accepted: number;
  readonly refused: number;
  /** Had a receipt before this call. */
  readonly before: number;
  /** Inputs that stood here already: the same, twice. */
  readonly repeated: number;
}

/**
 * Errors: `service.unreachable` (go on later with the same run), `input.shape` for an input that makes no passport (nothing of its chunk
 * is signed). What the service refuses is in the counts, and is posted again by the next call.
 */
export async function issue(options: IssueOptions): Promise<IssueProgress> {
  const { run, client, chunkSize = 250, signal } = options;
  const counts = { read: 0, signed: 0, accepted: 0, refused: 0, before: 0, repeated: 0 };
  const seen = new Set<InputDigest>();
  const prepare = createPreparer(options);

  /** The JWTs that were signed now; those of an earlier call are in the run. */
  async function signChunk(chunk: readonly Pending[]): Promise<ReadonlyMap<InputDigest, string>> {
    const unsigned = chunk.filter(({ digest }) => run.find(digest) === undefined);
    // Many in flight: WebCrypto signs on threads of its own.
    const signed = await Promise.all(unsigned.map(prepare));
    await run.record(signed);
    counts.signed += signed.length;
    return new Map(signed.map(({ input, jwt }) => [input, jwt]));
  }

  async function postChunk(chunk: readonly Pending[], signed: ReadonlyMap<InputDigest, string>): Promise<void> {
    const waiting = chunk.filter(({ digest }) => known(run, digest).receipt === undefined);
    for (const { digest, position } of chunk) {
      const { cid, receipt } = known(run, digest);
      if (receipt === undefined) continue;
      counts.before += 1;
      options.onItem?.({ position, cid, receipt, before: true });
    }
    const jwts = await Promise.all(waiting.map(({ digest }) => signed.get(digest) ?? run.readJwt(digest)));
    const settled: { input: InputDigest; receipt: ReceiptLine }[] = [];
    let next = 0;
    try {
      for await (const receipt of client.postCredentials(jwts, { signal })) {
        const { digest, position } = waiting[next++] as Pending;
        if (receipt.state === 'refused') counts.refused += 1;
        else {
          counts.accepted += 1;
          settled.push({ input: digest, receipt });
        }
        options.onItem?.({ position, cid: known(run, digest).cid, receipt, before: false });
      }
    } finally {
      // Also where the connection broke: what was answered is answered.
      await run.settle(settled);
    }
    options.onProgress?.({ ...counts });
  }

  let posting: Promise<void> = Promise.resolve();
  for await (const chunk of chunksOf(options.inputs, chunkSize, counts, seen)) {
    signal?.throwIfAborted();
    const signed = await signChunk(chunk);
    // One chunk is posted while the next is signed; never more, so that memory stays flat.
    await posting;
    posting = postChunk(chunk, signed);
    posting.catch(() => undefined);
  }
  await posting;
  return counts;
}

interface Pending {
  readonly position: number;
  readonly input: PassportInput;
  readonly digest: InputDigest;
}

export function hashInput(input: PassportInput): InputDigest {
  return encodeBase64Url(sha256(new TextEncoder().encode(canonicalizeJson(input))));
}

function createPreparer({ signer, issuerName, ledger, run, client, voice = 'declared', validFrom }: IssueOptions) {
  const from = validFrom ?? new Date().toISOString().replace(/\.\d+Z$/, 'Z');
  return async ({ input, digest, position }: Pending) => {
    const status = run.takePlace();
    try {
      const credential = buildPassport(input, {
        issuer: { id: signer.issuer, name: issuerName },
        ledger,
        status,
        statusListCredential: client.statusListUrl(signer.issuer, status.list),
        validFrom: from,
        voice,
      });
      const { jwt, cid } = await signCredential(credential, signer);
      return { input: digest, ...status, cid, jwt };
    } catch (cause) {
      if (!(cause instanceof InvalidInputError)) throw cause;
      throw new InvalidInputError(cause.code, `Input ${position + 1} (${input.name}): ${cause.message}`, { cause });
    }
  };
}

async function* chunksOf(
  inputs: IssueOptions['inputs'],
  size: number,
  counts: { read: number; repeated: number },
  seen: Set<InputDigest>,
): AsyncIterable<Pending[]> {
  let chunk: Pending[] = [];
  for await (const input of inputs) {
    const position = counts.read++;
    const digest = hashInput(input);
    if (seen.has(digest)) {
      counts.repeated += 1;
      continue;
    }
    seen.add(digest);
    chunk.push({ position, input, digest });
    if (chunk.length === size) {
      yield chunk;
      chunk = [];
    }
  }
  if (chunk.length > 0) yield chunk;
}

function known(run: IssueRun, digest: InputDigest): RunItem {
  const item = run.find(digest);
  if (item === undefined) throw new TypeError('a recorded item is known to its run');
  return item;
}
