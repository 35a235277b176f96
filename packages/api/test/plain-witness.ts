/**
 * An ordinary witness (C2SP tlog-witness) for tests: it checks signature and consistency, remembers in memory what it cosigned, and asks no
 * chain. It can be told to misbehave.
 */
import { once } from 'node:events';
import { createServer, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { buffer } from 'node:stream/consumers';
import {
  type Checkpoint,
  type Cosigner,
  createCosignatureSigner,
  encodeSignature,
  generateCosignatureKey,
  type NoteVerifier,
  openCheckpoint,
  parseAddCheckpoint,
  parseCosigner,
  parseNote,
} from '@dpp-ledger/core/checkpoint';
import { EMPTY_ROOT, verifyConsistency } from '@dpp-ledger/core/journal';

/**
 * - `away`: it answers 503.
 * - `silent`: it never answers.
 * - `refusing`: it knows no such log.
 * - `lying`: its signature is over another checkpoint.
 * - `strangers`: it answers with a signature of another key.
 * - `forked`: it says that the proof leads elsewhere.
 * - `ahead`: it has cosigned more than there is.
 */
export type Mood = 'well' | 'away' | 'silent' | 'refusing' | 'lying' | 'strangers' | 'forked' | 'ahead';

export interface PlainWitness {
  readonly url: string;
  readonly cosigner: Cosigner;
  /** What was asked: the old size of each request, and what became of it. */
  readonly asked: readonly { readonly oldSize: number; readonly status: number | undefined }[];
  mood: Mood;
  /** Before each answer. */
  before: () => Promise<void>;
  close(): Promise<void>;
}

export async function startPlainWitness(name: string, log: NoteVerifier): Promise<PlainWitness> {
  const signer = await createCosignatureSigner(await generateCosignatureKey(name));
  const stranger = await createCosignatureSigner(await generateCosignatureKey(name));
  const asked: { oldSize: number; status: number | undefined }[] = [];
  let last: Pick<Checkpoint, 'size' | 'root'> = { size: 0, root: EMPTY_ROOT };
  /** A witness does one thing after the other. */
  let turn: Promise<void> = Promise.resolve();

  async function answer(body: Uint8Array): Promise<{ status: number; type?: string; text?: string } | undefined> {
    const { oldSize, proof, checkpoint } = parseAddCheckpoint(body);
    const settle = <T extends { status: number } | undefined>(said: T): T => {
      asked.push({ oldSize, status: said?.status });
      return said;
    };
    await witness.before();
    if (witness.mood === 'silent') return settle(undefined);
    if (witness.mood === 'away') return settle({ status: 503, text: 'back soon' });
    if (witness.mood === 'refusing') return settle({ status: 404 });
    if (witness.mood === 'forked') return settle({ status: 422 });
    const opened = await openCheckpoint(checkpoint, { verifiers: [log], origin: log.name });
    if (witness.mood === 'ahead') {
      return settle({ status: 409, type: 'text/x.tlog.size', text: `${opened.size + 1_000}\n` });
    }
    if (oldSize !== last.size) return settle({ status: 409, type: 'text/x.tlog.size', text: `${last.size}\n` });
    const trees = { first: last.size, second: opened.size, firstRoot: last.root, secondRoot: opened.root };
    if (!verifyConsistency({ ...trees, proof })) return settle({ status: 422 });
    const { text } = parseNote(checkpoint);
    const time = Math.floor(Date.now() / 1_000);
    if (witness.mood === 'strangers') {
      return settle({ status: 200, text: encodeSignature(await stranger.cosign(text, time)) });
    }
    if (witness.mood === 'lying') {
      return settle({ status: 200, text: encodeSignature(await signer.cosign(`${text}more\n`, time)) });
    }
    last = opened;
    return settle({ status: 200, text: encodeSignature(await signer.cosign(text, time)) });
  }

  async function serve(body: Uint8Array, response: ServerResponse): Promise<void> {
    const said = await answer(body);
    if (said === undefined) return;
    response.writeHead(said.status, { 'content-type': said.type ?? 'text/plain; charset=utf-8' }).end(said.text);
  }

  const server = createServer((request, response) => {
    turn = turn.then(async () => await serve(await buffer(request), response));
    turn.catch(() => response.writeHead(400).end());
    turn = turn.catch(() => undefined);
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const witness: PlainWitness = {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    cosigner: await parseCosigner(signer.verifierKey),
    asked,
    mood: 'well',
    before: async () => undefined,
    async close() {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
  return witness;
}
