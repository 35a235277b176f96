/**
 * Issuing, at the issuer: inputs become credentials, signed here by the issuer's own key, written down in the run, posted to a service
 * that stores and anchors them. A run can be stopped anywhere and gone on with: what was signed once is never signed again (ES256 is
 * randomised, so that would be another credential), and what has a receipt is not posted again. Passports that draw on lots go another way
 * (allocate.ts): their batches are formed here.
 */
import {
  canonicalizeJson,
  DppError,
  encodeBase64Url,
  type Hex,
  InvalidInputError,
  type LedgerId,
  sha256,
} from '@dpp-ledger/core';
import { type Credential, type SignedCredential, type Signer, signMany } from '@dpp-ledger/core/credential';
import { type AttestationInput, buildAttestation, buildPassport, type PassportInput } from '@dpp-ledger/core/passport';
import { createAllocating, type Drawing } from './allocate.ts';
import type { ReceiptLine } from './answers.ts';
import type { Client } from './client.ts';
import type { RelayRequest } from './ledger/acts.ts';
import type { LedgerReader } from './ledger/ledger.ts';
import { createNumbering, type Numbering } from './numbering.ts';

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

/** A batch with allocations that is posted, and not answered as far as the run knows. */
export interface OpenRelay {
  /** Of the batch. */
  readonly root: Hex;
  /** Its credentials, in order. */
  readonly inputs: readonly InputDigest[];
  /** Without the credentials. */
  readonly request: RelayRequest;
}

/** What a run remembers, durably: `openRun` in `@dpp-ledger/sdk/node` keeps it in a file. */
export interface IssueRun {
  find(input: InputDigest): Promise<RunItem | undefined>;
  /** The JWT that was recorded for an item. */
  readJwt(input: InputDigest): Promise<string>;
  /** The next free place of a status, in a list that nobody else uses. */
  takePlace(): { readonly list: bigint; readonly index: number };
  /** Durable once it resolves. */
  record(items: readonly (Omit<RunItem, 'receipt'> & { readonly jwt: string })[]): Promise<void>;
  /** Durable once it resolves. */
  settle(receipts: readonly { readonly input: InputDigest; readonly receipt: ReceiptLine }[]): Promise<void>;
  /** Remembers the one relay that is open, or that none is. Durable once it resolves. */
  openRelay(relay: OpenRelay | undefined): Promise<void>;
  findOpenRelay(): OpenRelay | undefined;
}

/** A maker's or data publisher's passport, or a certifier's attestation. */
export type IssueInput = PassportInput | AttestationInput;

export interface IssueOptions {
  readonly inputs: AsyncIterable<IssueInput> | Iterable<IssueInput>;
  readonly signer: Signer;
  /** How the issuer calls itself. */
  readonly issuerName: string;
  readonly ledger: LedgerId;
  readonly run: IssueRun;
  readonly client: Client;
  /** Signs what allocates from lots, with the purpose `operate`; `signer` by default. */
  readonly actSigner?: Signer;
  /** Whom that key's nonce is asked of; the service by default. */
  readonly reader?: LedgerReader;
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
 * is signed). What the service or the contract refuses is in the counts, and is posted again by the next call. Passports that draw on lots
 * are anchored when they are counted.
 */
export async function issue(options: IssueOptions): Promise<IssueProgress> {
  const { run, client, ledger, chunkSize = 250, signal } = options;
  const counts = { read: 0, signed: 0, accepted: 0, refused: 0, before: 0, repeated: 0 };
  const seen = createNumbering();
  const signAll = createSigning(options);
  const allocating = createAllocating(run, {
    ...{ client, ledger, signal, signer: options.actSigner ?? options.signer },
    ...(options.reader === undefined ? {} : { reader: options.reader }),
  });
  await allocating.finish();

  /** Signs what the run does not have yet, and writes it down. */
  async function signChunk(chunk: readonly Pending[]): Promise<Ready[]> {
    const earlier = await Promise.all(chunk.map(({ digest }) => run.find(digest)));
    const unsigned = chunk.filter((_, i) => earlier[i] === undefined);
    const signed = await signAll(unsigned);
    await run.record(signed);
    counts.signed += signed.length;
    const now = signed[Symbol.iterator]();
    return chunk.map(({ digest, position, input }, i) => {
      const item = earlier[i] ?? { receipt: undefined, ...(now.next().value as (typeof signed)[number]) };
      const draws = !isAttestation(input) && input.materials?.some(({ lot }) => lot !== undefined) === true;
      return { ...item, digest, position, draws };
    });
  }

  function count({ position, cid }: Ready, receipt: ReceiptLine): void {
    counts[receipt.state === 'refused' ? 'refused' : 'accepted'] += 1;
    options.onItem?.({ position, cid, receipt, before: false });
  }

  async function allocateAll(waiting: readonly (Ready & Drawing)[]): Promise<void> {
    const byDigest = new Map(waiting.map((ready) => [ready.digest, ready]));
    for await (const { drawing, receipt } of allocating.anchor(waiting)) {
      count(byDigest.get(drawing.digest) as Ready, receipt);
    }
  }

  async function postPlain(waiting: readonly (Ready & Drawing)[]): Promise<void> {
    const settled: { input: InputDigest; receipt: ReceiptLine }[] = [];
    let next = 0;
    try {
      for await (const receipt of client.postCredentials(
        waiting.map(({ jwt }) => jwt),
        { signal },
      )) {
        const ready = waiting[next++] as Ready;
        if (receipt.state !== 'refused') settled.push({ input: ready.digest, receipt });
        count(ready, receipt);
      }
    } finally {
      // Also where the connection broke: what was answered is answered.
      await run.settle(settled);
    }
  }

  async function postChunk(chunk: readonly Ready[]): Promise<void> {
    const waiting: Ready[] = [];
    for (const ready of chunk) {
      const { position, cid, receipt } = ready;
      if (receipt === undefined) waiting.push(ready);
      else {
        counts.before += 1;
        options.onItem?.({ position, cid, receipt, before: true });
      }
    }
    const read = await Promise.all(
      waiting.map(async (ready) => ({ ...ready, jwt: ready.jwt ?? (await run.readJwt(ready.digest)) })),
    );
    await postPlain(read.filter(({ draws }) => !draws));
    await allocateAll(read.filter(({ draws }) => draws));
    options.onProgress?.({ ...counts });
  }

  let posting: Promise<void> = Promise.resolve();
  for await (const chunk of chunksOf(options.inputs, chunkSize, counts, seen)) {
    signal?.throwIfAborted();
    const ready = await signChunk(chunk);
    // One chunk is posted while the next is signed; never more, so that memory stays flat.
    await posting;
    posting = postChunk(ready);
    posting.catch(() => undefined);
  }
  await posting;
  return counts;
}

/** Receipts that are watched in one request. */
const WATCHED = 200;

/**
 * Resolves once all that a run has a receipt for is anchored; how many they are. Errors: RejectedError `service.refused` for the first that
 * was refused after it had been accepted; `service.unreachable`.
 */
export async function waitIssued(options: {
  readonly items: AsyncIterable<RunItem>;
  readonly client: Client;
  readonly onProgress?: (anchored: number) => void;
  readonly signal?: AbortSignal | undefined;
}): Promise<number> {
  const { items, client, signal, onProgress } = options;
  let anchored = 0;
  let ids: string[] = [];
  async function waitTogether(): Promise<void> {
    const waiting = new Set(ids);
    ids = [];
    try {
      for await (const { id, state } of client.watchReceipts([...waiting], { signal })) {
        if (state === 'anchored' || state === 'final') waiting.delete(id);
        if (waiting.size === 0 || state === 'refused') break;
      }
    } catch (error) {
      signal?.throwIfAborted();
      // The stream broke off: each that is left is asked for by itself.
      if (!(error instanceof DppError)) throw error;
    }
    for (const id of waiting) await client.waitReceipt(id, 'anchored', { signal });
  }
  for await (const { receipt } of items) {
    if (receipt === undefined) continue;
    anchored += 1;
    // The service may know a duplicate by its entry alone.
    if (receipt.id !== undefined) ids.push(receipt.id);
    if (ids.length < WATCHED) continue;
    await waitTogether();
    onProgress?.(anchored);
  }
  if (ids.length > 0) await waitTogether();
  onProgress?.(anchored);
  return anchored;
}

interface Pending {
  readonly position: number;
  readonly input: IssueInput;
  readonly digest: InputDigest;
}

interface Placed {
  readonly pending: Pending;
  readonly status: ReturnType<IssueRun['takePlace']>;
}

/** Recorded in the run. */
interface Ready extends Omit<RunItem, 'input'> {
  readonly position: number;
  readonly digest: InputDigest;
  /** Whether it draws on lots. */
  readonly draws: boolean;
  /** Where it was signed in this call. */
  readonly jwt?: string;
}

function isAttestation(input: IssueInput): input is AttestationInput {
  return 'assessments' in input;
}

export function hashInput(input: IssueInput): InputDigest {
  return encodeBase64Url(sha256(new TextEncoder().encode(canonicalizeJson(input))));
}

function createSigning({ signer, issuerName, ledger, run, client, voice = 'declared', validFrom }: IssueOptions) {
  const from = validFrom ?? new Date().toISOString().replace(/\.\d+Z$/, 'Z');

  function build({ pending: { input, position }, status }: Placed): Credential {
    try {
      const terms = {
        issuer: { id: signer.issuer, name: issuerName },
        ledger,
        status,
        statusListCredential: client.statusListUrl(signer.issuer, status.list),
        validFrom: from,
      };
      return isAttestation(input) ? buildAttestation(input, terms) : buildPassport(input, { ...terms, voice });
    } catch (cause) {
      if (!(cause instanceof InvalidInputError)) throw cause;
      throw new InvalidInputError(cause.code, `Input ${position + 1} (${input.name}): ${cause.message}`, { cause });
    }
  }

  /** Each is built while those before it are signed. */
  function* buildAll(items: readonly Placed[]): Iterable<Credential> {
    for (const item of items) yield build(item);
  }

  return async (chunk: readonly Pending[]) => {
    const items = chunk.map((pending) => ({ pending, status: run.takePlace() }));
    const signed = await signMany(buildAll(items), signer);
    return items.map(({ pending, status }, i) => {
      const { jwt, cid } = signed[i] as SignedCredential;
      return { input: pending.digest, ...status, cid, jwt };
    });
  };
}

async function* chunksOf(
  inputs: IssueOptions['inputs'],
  size: number,
  counts: { read: number; repeated: number },
  seen: Numbering,
): AsyncIterable<Pending[]> {
  let chunk: Pending[] = [];
  for await (const input of inputs) {
    const position = counts.read++;
    const digest = hashInput(input);
    if (seen.find(digest) !== undefined) {
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
