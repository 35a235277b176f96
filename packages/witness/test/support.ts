/** Publishers of a real ledger's journal, honest and not, and witnesses that are asked by them over HTTP. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  type CosignatureSigner,
  type Cosigner,
  createCosignatureSigner,
  createNoteSigner,
  encodeAddCheckpoint,
  encodeCheckpoint,
  formatOrigin,
  generateCosignatureKey,
  generateNoteKey,
  type NoteVerifier,
  openCosignatures,
  parseCosigner,
  parseVerifierKey,
  signNote,
} from '@dpp-ledger/core/checkpoint';
import { buildTree, hashLeaf, proveConsistency } from '@dpp-ledger/core/journal';
import type { LedgerReader } from '@dpp-ledger/sdk/ledger';
import { createWitness, type Memory, openMemory, serveWitness, type WitnessOptions } from '../src/index.ts';

export interface Publisher {
  readonly origin: string;
  readonly verifier: NoteVerifier;
  readonly verifierKey: string;
  /** The contract's leaves up to a size, or all. */
  leaves(size?: number): Promise<Uint8Array[]>;
  /** A signed checkpoint of these leaves. */
  checkpoint(leaves: readonly Uint8Array[]): Promise<string>;
  /** A body for `add-checkpoint`: these leaves, proved from what was cosigned. */
  ask(oldSize: number, leaves: readonly Uint8Array[]): Promise<string>;
}

/** Of one epoch; `origin` for a log of something else. */
export async function createPublisher(
  reader: LedgerReader,
  options: { readonly epoch?: number; readonly origin?: string } = {},
): Promise<Publisher> {
  const origin = options.origin ?? formatOrigin(reader.id, options.epoch ?? 1);
  const signer = await createNoteSigner(await generateNoteKey(origin));
  const checkpoint: Publisher['checkpoint'] = (leaves) => {
    const { size, root } = buildTree(leaves);
    return signNote(encodeCheckpoint({ origin, size, root, extensions: [] }), signer);
  };
  return {
    origin,
    verifierKey: signer.verifierKey,
    verifier: await parseVerifierKey(signer.verifierKey),
    checkpoint,
    async leaves(size) {
      const leaves: Uint8Array[] = [];
      for await (const { bytes } of reader.readEntries(size === undefined ? {} : { to: size }))
        leaves.push(hashLeaf(bytes));
      return leaves;
    },
    async ask(oldSize, leaves) {
      const { readNode } = buildTree(leaves);
      const proof = oldSize <= leaves.length ? proveConsistency(oldSize, leaves.length, readNode) : [];
      return encodeAddCheckpoint({ oldSize, proof, checkpoint: await checkpoint(leaves) });
    },
  };
}

export interface TestWitness {
  readonly url: string;
  readonly folder: string;
  readonly memory: Memory;
  readonly cosigner: Cosigner;
  readonly signer: CosignatureSigner;
  readonly logged: readonly { readonly level: string; readonly message: string; readonly fields: unknown }[];
  /** `add-checkpoint`. */
  send(body: string | Uint8Array): Promise<Answer>;
  /** `state-statement`. */
  state(question: unknown): Promise<Answer>;
  /** What it signed of a checkpoint: its cosignature, verified. */
  verify(checkpoint: string, answer: Answer): Promise<{ readonly time: number }>;
  /** Ends; `restart` serves from the same folder with the same key. */
  stop(): Promise<void>;
  restart(changes?: Partial<WitnessOptions>): Promise<TestWitness>;
}

export interface Answer {
  readonly status: number;
  readonly type: string | null;
  readonly body: string;
  /** Of a problem. */
  readonly code: unknown;
}

export async function createFolder(): Promise<string> {
  return await mkdtemp(join(tmpdir(), 'dpp-witness-'));
}

export async function startWitness(
  options: Pick<WitnessOptions, 'reader' | 'publishers'> & Partial<WitnessOptions>,
  kept: { readonly folder?: string; readonly signer?: CosignatureSigner } = {},
): Promise<TestWitness> {
  const folder = kept.folder ?? (await createFolder());
  const signer = kept.signer ?? (await createCosignatureSigner(await generateCosignatureKey('witness.example/w1')));
  const memory = await openMemory(folder);
  const logged: { level: string; message: string; fields: unknown }[] = [];
  const log: WitnessOptions['log'] = (level, message, fields) => logged.push({ level, message, fields });
  const witness = createWitness({ signer, memory, log, ...options });
  const { url, close } = await serveWitness({ witness, port: 0, log });
  const cosigner = await parseCosigner(signer.verifierKey);
  const stop = async () => {
    await close();
    await memory.close();
  };
  return {
    ...{ url, folder, memory, signer, cosigner, logged },
    send: async (body) => answerOf(await fetch(`${url}/add-checkpoint`, { method: 'POST', body: body as BodyInit })),
    state: async (question) =>
      answerOf(await fetch(`${url}/state-statement`, { method: 'POST', body: JSON.stringify(question) })),
    async verify(checkpoint, { body }) {
      const [cosignature] = await openCosignatures(`${checkpoint}${body}`, [cosigner]);
      if (cosignature === undefined) throw new TypeError('the witness did not sign');
      return cosignature;
    },
    async stop() {
      await stop();
      await rm(folder, { recursive: true, force: true });
    },
    async restart(changes = {}) {
      await stop();
      return await startWitness({ ...options, ...changes }, { folder, signer });
    },
  };
}

async function answerOf(response: Response): Promise<Answer> {
  const [type, body] = [response.headers.get('content-type'), await response.text()];
  const code = type === 'application/problem+json' ? JSON.parse(body).code : undefined;
  return { status: response.status, type, body, code };
}

/** The note in a request's body. */
export function noteOf(body: string): string {
  return body.slice(body.indexOf('\n\n') + 2);
}
