/** The least that a service does, of real parts: takes credentials, stores and anchors them at once, and answers for them. */
import { encodeHex } from '@dpp-ledger/core';
import { credentialSubjects, hashCid, hashCredential, parseCredential, parseJwt } from '@dpp-ledger/core/credential';
import { buildBatch } from '@dpp-ledger/core/evidence';
import { createGatherer } from '../src/gather.ts';
import { calls, decodeActs, type LedgerWriter, parseRelay, verifyRelay } from '../src/ledger/index.ts';
import type { Store } from '../src/store/index.ts';
import { readBody, serve } from './support.ts';

export interface TestService {
  readonly url: string;
  /** CIDs in the order in which they were accepted. */
  readonly accepted: readonly string[];
  /** How many credentials were posted, accepted before or not. */
  readonly posted: number;
  /** Breaks the next answer off after so many lines; what was posted has been accepted all the same. */
  breakAfter: number | undefined;
  /** Refuses these subjects. */
  readonly refused: Set<string>;
  close(): Promise<void>;
}

const text = new TextEncoder();

export async function startService(options: {
  readonly writer: LedgerWriter;
  readonly store: Store;
}): Promise<TestService> {
  const { writer, store } = options;
  const gatherer = createGatherer({ ledger: writer.reader, source: store });
  const jwts = new Map<string, string>();
  const bySubject = new Map<string, string[]>();
  const state = { posted: 0, breakAfter: undefined as number | undefined, refused: new Set<string>() };

  async function anchor(batch: readonly string[]) {
    const { issuer } = parseCredential(parseJwt(batch[0] ?? '').payload);
    await writer.send(calls.anchor({ issuer: issuer.id, ...(await storeBatch(batch)) }));
  }

  async function storeBatch(batch: readonly string[]) {
    const { root, size, manifest } = buildBatch(batch.map((jwt) => hashCredential(text.encode(jwt))));
    await store.putBatch({
      manifest,
      credentials: batch.map((jwt) => ({ cid: hashCid(text.encode(jwt)), bytes: text.encode(jwt) })),
    });
    for (const jwt of batch) {
      const cid = hashCid(text.encode(jwt));
      jwts.set(cid, jwt);
      const subject = subjectOf(jwt);
      bySubject.set(subject, [cid, ...(bySubject.get(subject) ?? [])]);
    }
    return { root, size, manifest: encodeHex(manifest.digest) };
  }

  const server = await serve(async (request, response) => {
    const body = await readBody(request);
    const { pathname, searchParams } = new URL(request.url ?? '', 'http://service');
    const answer = (value: unknown) =>
      response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(value));
    const refuse = (status: number, code: string, detail: string) =>
      response.writeHead(status, { 'content-type': 'application/problem+json' }).end(JSON.stringify({ code, detail }));
    try {
      const [, what, name = ''] = pathname.split('/').map(decodeURIComponent);
      if (request.method === 'POST' && what === 'passports') {
        const posted = body
          .trim()
          .split('\n')
          .map((line): string => JSON.parse(line).credential);
        state.posted += posted.length;
        const fresh = posted.filter(
          (jwt) => !jwts.has(hashCid(text.encode(jwt))) && !state.refused.has(subjectOf(jwt)),
        );
        const before = new Set(posted.filter((jwt) => jwts.has(hashCid(text.encode(jwt)))));
        if (fresh.length > 0) await anchor(fresh);
        const lines = posted.map((jwt) => {
          const cid = hashCid(text.encode(jwt));
          if (state.refused.has(subjectOf(jwt)))
            return { state: 'refused', cid, code: 'issuer.grant', detail: 'not yours' };
          return { state: before.has(jwt) ? 'duplicate' : 'accepted', cid, id: `receipt-${cid}` };
        });
        const { breakAfter } = state;
        state.breakAfter = undefined;
        response.writeHead(200, { 'content-type': 'application/x-ndjson' });
        const sent = lines
          .slice(0, breakAfter)
          .map((line) => `${JSON.stringify(line)}\n`)
          .join('');
        if (breakAfter === undefined) response.end(sent);
        else response.write(sent, () => response.destroy());
      } else if (request.method === 'POST' && what === 'relay') {
        const relay = parseRelay(JSON.parse(body));
        if (!(await verifyRelay(relay, writer.reader.id))) return refuse(403, 'relay.signature', 'not signed');
        if (relay.credentials) await storeBatch(relay.credentials);
        const { hash } = await writer.send(calls.relay(relay));
        answer({ id: hash, state: 'anchored', transaction: hash, acts: decodeActs(relay.acts).length });
      } else if (what === 'evidence') {
        const jwt = jwts.get(name);
        if (jwt === undefined) return refuse(404, 'store.not-found', 'unknown');
        await gatherer.refresh();
        answer(await gatherer.gather(jwt));
      } else if (what === 'passports' && name === '') {
        const items = (bySubject.get(searchParams.get('subject') ?? '') ?? []).map((cid) => ({
          cid,
          subject: searchParams.get('subject'),
        }));
        answer({ items });
      } else if (what === 'passports') {
        const jwt = jwts.get(name);
        if (jwt === undefined) return refuse(404, 'store.not-found', 'unknown');
        response.writeHead(200, { 'content-type': 'application/vc+jwt' }).end(jwt);
      } else if (what === 'receipts') {
        answer({ id: name, cid: name.replace('receipt-', ''), state: 'final' });
      } else refuse(404, 'service.not-found', 'no such path');
    } catch (error) {
      refuse(
        400,
        error instanceof Error && 'code' in error ? String(error.code) : 'unknown',
        error instanceof Error ? error.message : '',
      );
    }
  });

  return {
    url: server.url,
    close: server.close,
    refused: state.refused,
    get posted() {
      return state.posted;
    },
    get accepted() {
      return [...jwts.keys()];
    },
    get breakAfter() {
      return state.breakAfter;
    },
    set breakAfter(lines) {
      state.breakAfter = lines;
    },
  };
}

function subjectOf(jwt: string): string {
  return credentialSubjects(parseCredential(parseJwt(jwt).payload))[0]?.id ?? '';
}
