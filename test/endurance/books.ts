/**
 * A client that loses nothing on its side: it posts passports without end, checks and keeps every signed promise that it is given, and
 * posts again what was not answered. What it was promised is what an audit asks for.
 */
import { createPublicKey, type KeyObject, verify } from 'node:crypto';
import { DppError } from '@dpp-ledger/core';
import type { PrivateJwk, SignedCredential } from '@dpp-ledger/core/credential';
import { createClient, type ReceiptLine } from '@dpp-ledger/sdk';
import { z } from 'zod';
import type { TestIssuer } from '../../packages/api/test/support.ts';
import type { Random } from './random.ts';

export interface Promised {
  readonly cid: string;
  readonly jwt: string;
  /** By which the receipt is asked for. */
  readonly id: string;
  /** Milliseconds since 1970. */
  readonly anchorBy: number;
}

export interface Books {
  /** Everything that was ever posted, by CID. */
  readonly posted: ReadonlyMap<string, SignedCredential>;
  readonly promised: ReadonlyMap<string, Promised>;
  readonly refused: readonly ReceiptLine[];
  /** Posts until `over`, in this many streams; each failure only means that it is tried again. */
  post(url: string, over: AbortSignal, streams?: number): Promise<void>;
  /** Posts what was posted and not answered, until all of it is. */
  postAgain(url: string): Promise<void>;
  /** Calls back with every acknowledgement. */
  onPromise: (() => void) | undefined;
}

const STOCK = 64;
/** Between two posts of one stream: the load, not something that is waited for. */
const PACE_MS = 15;
const LARGEST_POST = 12;

export function createBooks(options: {
  readonly issuers: readonly TestIssuer[];
  readonly serviceKey: PrivateJwk;
  readonly random: Random;
}): Books {
  const { issuers, random } = options;
  const { d: _, ...publicJwk } = options.serviceKey;
  const key = createPublicKey({ key: { ...publicJwk }, format: 'jwk' });
  const posted = new Map<string, SignedCredential>();
  const promised = new Map<string, Promised>();
  const refused: ReceiptLine[] = [];
  const stock: SignedCredential[] = [];
  const unanswered: SignedCredential[] = [];
  let signing: Promise<void> | undefined;

  async function restock(): Promise<void> {
    const issuer = issuers[random.below(issuers.length)];
    if (issuer !== undefined) stock.push(...(await issuer.signMany(STOCK)));
  }

  async function take(count: number): Promise<SignedCredential[]> {
    if (unanswered.length > 0) return unanswered.splice(0, count);
    while (stock.length < count) {
      signing ??= restock().finally(() => {
        signing = undefined;
      });
      await signing;
    }
    return stock.splice(0, count);
  }

  /** Posts once; what was not answered is open again. */
  async function postOnce(url: string, letters: readonly SignedCredential[], signal: AbortSignal | undefined) {
    for (const letter of letters) posted.set(letter.cid, letter);
    let answered = 0;
    try {
      const answers = createClient({ url }).postCredentials(
        letters.map(({ jwt }) => jwt),
        { signal },
      );
      for await (const answer of answers) {
        const letter = letters[answered];
        answered += 1;
        if (letter !== undefined) note(letter, answer);
      }
    } catch (error) {
      // Killed, or not able to take anything in: the letters are posted again.
      if (!(error instanceof DppError) && signal?.aborted !== true) throw error;
    } finally {
      unanswered.push(...letters.slice(answered));
    }
  }

  function note({ cid, jwt }: SignedCredential, answer: ReceiptLine): void {
    if (answer.state === 'refused') {
      refused.push(answer);
      return;
    }
    const promise = parsePromise(readReceipt(answer.receipt ?? '', key));
    if (promise.cid !== cid) throw new Error(`A receipt for ${promise.cid} came in answer to ${cid}.`);
    // A duplicate that is final needs no promise any more: then the ledger has it.
    const before = promised.get(cid);
    const id = promise.id ?? before?.id ?? '';
    promised.set(cid, { cid, jwt, id, anchorBy: Date.parse(promise.anchorBy ?? '9999-01-01T00:00:00Z') });
    books.onPromise?.();
  }

  async function stream(url: string, over: AbortSignal): Promise<void> {
    while (!over.aborted) {
      await postOnce(url, await take(1 + random.below(LARGEST_POST)), over);
      await pace(over);
    }
  }

  const books: Books = {
    ...{ posted, promised, refused },
    onPromise: undefined,
    async post(url, over, streams = 2) {
      await Promise.all(Array.from({ length: streams }, () => stream(url, over)));
    },
    async postAgain(url) {
      while (unanswered.length > 0) await postOnce(url, unanswered.splice(0, 500), undefined);
    },
  };
  return books;
}

const receiptSchema = z.looseObject({
  cid: z.string(),
  state: z.enum(['accepted', 'duplicate']),
  id: z.string().optional(),
  anchorBy: z.string().optional(),
});
const parsePromise = (value: unknown) => receiptSchema.parse(value);

/** The payload of a receipt that the service's key signed. */
function readReceipt(jwt: string, key: KeyObject): unknown {
  const [header = '', payload = '', signature = ''] = jwt.split('.');
  const isSigned = verify(
    'sha256',
    Buffer.from(`${header}.${payload}`),
    { key, dsaEncoding: 'ieee-p1363' },
    Buffer.from(signature, 'base64url'),
  );
  if (!isSigned) throw new Error(`This is no receipt of the service: ${jwt}`);
  return JSON.parse(Buffer.from(payload, 'base64url').toString());
}

function pace(over: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const timer = setTimeout(done, PACE_MS);
    function done() {
      clearTimeout(timer);
      over.removeEventListener('abort', done);
      resolve();
    }
    over.addEventListener('abort', done, { once: true });
  });
}
