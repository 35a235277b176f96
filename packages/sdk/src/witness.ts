/**
 * Witnesses over HTTP (https://c2sp.org/tlog-witness), as a log asks them: here is my next checkpoint and why it continues the one that
 * you cosigned last. Nothing that a witness answers is kept unless its signature is over that very checkpoint.
 */
import { DppError, IntegrityError, RejectedError, UnavailableError } from '@dpp-ledger/core';
import {
  type AddCheckpoint,
  type Cosigner,
  encodeAddCheckpoint,
  encodeNote,
  LONGEST_NOTE,
  type NoteSignature,
  openCosignatures,
  parseCheckpoint,
  parseNote,
  parseSignatures,
} from '@dpp-ledger/core/checkpoint';
import { describeFailure, fetchBytes } from './http.ts';

export interface WitnessClientOptions {
  /** What stands before `/add-checkpoint`. */
  readonly url: string;
  readonly cosigner: Cosigner;
  /** For each answer; 10,000 by default. */
  readonly timeLimitMs?: number;
  readonly fetch?: typeof globalThis.fetch;
}

/** Its cosignature, or the size of the checkpoint that it cosigned last, from which it wants the proof. */
export type WitnessAnswer =
  | { readonly cosignature: NoteSignature; readonly time: number }
  | { readonly cosignedSize: number };

export interface WitnessClient {
  /**
   * Errors: UnavailableError `witness.unreachable`; RejectedError `witness.refused`; IntegrityError `checkpoint.fork` where the witness
   * has seen a history that this checkpoint does not continue, `checkpoint.signature` where its signature is false.
   */
  addCheckpoint(
    request: AddCheckpoint,
    options?: { readonly signal?: AbortSignal | undefined },
  ): Promise<WitnessAnswer>;
}

const UNREACHABLE = 'witness.unreachable';
/** What of an answer that says no is quoted. */
const LONGEST_QUOTE = 200;

export function createWitnessClient(options: WitnessClientOptions): WitnessClient {
  const { url, cosigner, timeLimitMs = 10_000, fetch = globalThis.fetch } = options;
  const { name } = cosigner;
  const address = `${url.replace(/\/+$/, '')}/add-checkpoint`;

  async function post(body: string, outer: AbortSignal | undefined): Promise<{ status: number; text: string }> {
    try {
      const asked = { fetch, timeLimitMs, limit: LONGEST_NOTE, signal: outer };
      const { status, bytes } = await fetchBytes(address, { method: 'POST', body }, asked);
      return { status, text: new TextDecoder('utf-8', { fatal: true }).decode(bytes) };
    } catch (cause) {
      outer?.throwIfAborted();
      throw new UnavailableError(UNREACHABLE, `The witness ${name} does not answer: ${describeFailure(cause)}.`, {
        cause,
      });
    }
  }

  async function readCosignature(checkpoint: string, text: string): Promise<WitnessAnswer> {
    // Signatures of keys that are not the witness's say nothing, and stay out of the note.
    const own = readLines(text).find((each) => each.name === name && each.keyId === cosigner.keyId);
    if (own !== undefined) {
      const note = encodeNote({ text: parseNote(checkpoint).text, signatures: [own] });
      const [opened] = await openCosignatures(note, [cosigner]);
      if (opened !== undefined) return { cosignature: own, time: opened.time };
    }
    throw new UnavailableError(UNREACHABLE, `The witness ${name} answered without a signature of its own key.`);
  }

  function readLines(text: string): NoteSignature[] {
    try {
      return parseSignatures(text);
    } catch (cause) {
      if (!(cause instanceof DppError)) throw cause;
      throw new UnavailableError(UNREACHABLE, `The witness ${name} answered no signature: ${cause.message}`, { cause });
    }
  }

  return {
    async addCheckpoint(request, { signal } = {}) {
      const { status, text } = await post(encodeAddCheckpoint(request), signal);
      if (status === 200) return await readCosignature(request.checkpoint, text);
      const said = text.replaceAll(/\s+/g, ' ').trim().slice(0, LONGEST_QUOTE);
      const { size } = parseCheckpoint(parseNote(request.checkpoint).text);
      if (status === 409) {
        const cosignedSize = /^(?:0|[1-9]\d{0,14})$/.test(said) ? Number(said) : undefined;
        if (cosignedSize !== undefined && cosignedSize !== request.oldSize) return { cosignedSize };
        if (request.oldSize === size) throw forked(`it has cosigned another checkpoint of ${size} entries`);
      }
      if (status === 422)
        throw forked(`it does not continue what the witness knows of the log${said === '' ? '' : ` (${said})`}`);
      const detail = `The witness ${name} answered ${status}${said === '' ? '' : `: ${said}`}`;
      if (status === 429 || status >= 500) throw new UnavailableError(UNREACHABLE, detail);
      throw new RejectedError('witness.refused', detail);

      function forked(found: string): IntegrityError {
        return new IntegrityError(
          'checkpoint.fork',
          `The witness ${name} does not cosign the checkpoint of ${size} entries: ${found}. Keep both: they are evidence of two histories.`,
        );
      }
    },
  };
}
