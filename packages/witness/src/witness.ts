/**
 * What is signed, and what is not. A checkpoint is cosigned where it continues the last one (C2SP tlog-witness) and, which an ordinary
 * witness cannot know, is the contract's own tree head as this witness's own node has it at a final block. A state statement is signed
 * about a final block whose tree head is one that was cosigned. Everything about one log happens in turn, and is written down
 * before it is signed.
 */
import { DppError, encodeHex, equalBytes, InvalidInputError, RejectedError, UnavailableError } from '@dpp-ledger/core';
import {
  type Checkpoint,
  type CosignatureSigner,
  encodeSignature,
  type NoteVerifier,
  openNote,
  parseAddCheckpoint,
  parseCheckpoint,
  parseNote,
  parseOrigin,
  signStatement,
} from '@dpp-ledger/core/checkpoint';
import { EMPTY_ROOT, foldPeaks, verifyConsistency } from '@dpp-ledger/core/journal';
import type { LedgerReader } from '@dpp-ledger/sdk/ledger';
import { createContract } from './contract.ts';
import type { Memory, SeenBlock, Signed } from './memory.ts';

export interface WitnessOptions {
  /** Of the witness's own node. */
  readonly reader: LedgerReader;
  /** Keys whose checkpoints are looked at: a log of the ledger each, and several where one log has several publishers. */
  readonly publishers: readonly NoteVerifier[];
  readonly signer: CosignatureSigner;
  readonly memory: Memory;
  /** Milliseconds since 1970. */
  readonly now?: () => number;
  readonly log?: Log;
}

/** Says that something has happened, to the operator. */
export type Log = (
  level: 'debug' | 'info' | 'warn' | 'error',
  message: string,
  fields?: Readonly<Record<string, unknown>>,
) => void;

export interface Witness {
  readonly signer: Pick<CosignatureSigner, 'name' | 'keyId' | 'verifierKey'>;
  readonly reader: LedgerReader;
  /** The logs it was told of. */
  readonly origins: readonly string[];
  /**
   * The body of `add-checkpoint`; the answer is lines of signatures. Errors: InvalidInputError `checkpoint.request`, `checkpoint.note`,
   * `checkpoint.shape`; RejectedError `witness.unknown-log`, `witness.consistency`, `witness.tree-head`; SizeConflictError; IntegrityError
   * `checkpoint.signature`, `checkpoint.fork`, `journal.break`, `ledger.mismatch`; UnavailableError `witness.not-final`, `witness.clock`,
   * `service.busy`, `ledger.unreachable`.
   */
  addCheckpoint(body: Uint8Array): Promise<string>;
  /** A state statement (JWT). Errors: as above, without those of a checkpoint; RejectedError `witness.too-old`. */
  signState(request: { readonly origin: string; readonly blockNumber: number }): Promise<string>;
  /** Whether it could sign now, of every log. */
  examine(): Promise<Examination>;
}

export interface Examination {
  readonly ok: boolean;
  readonly logs: readonly LogExamination[];
}

export interface LogExamination {
  readonly origin: string;
  /** Of the last checkpoint that was cosigned; 0: none was. */
  readonly size: number;
  /** The latest time that stands in a signature. */
  readonly time: number | undefined;
  /** The newest final block of the node, and the contract's size there; `undefined` where `problem` says why. */
  readonly final: { readonly block: number; readonly time: number; readonly size: number } | undefined;
  readonly problem: { readonly code: string; readonly message: string } | undefined;
}

/** Another size than the log says was cosigned last, or another tree of that size. */
export class SizeConflictError extends RejectedError {
  readonly size: number;

  constructor(size: number, message: string) {
    super('witness.size', message);
    this.size = size;
  }
}

/** So many blocks with statements are remembered, and later ones than the oldest of them may be spoken about. */
const REMEMBERED = 256;
/** A statement may be about one of so many trees: while somebody asks for it, the log goes on. */
const RECENT = 32;
/** A clock that is set right goes back by so much, and signatures keep the time of the last meanwhile. */
const CLOCK_SECONDS = 60;
/** Each asks the node; a log has one that waits, as a rule. */
const MOST_WAITING = 16;

/** Errors: InvalidInputError `checkpoint.origin` for a publisher's key of another ledger's log. */
export function createWitness(options: WitnessOptions): Witness {
  const { reader, publishers, signer, memory, now = Date.now, log = () => undefined } = options;
  for (const { name } of publishers) {
    if (parseOrigin(name, reader.id) !== undefined) continue;
    throw new InvalidInputError(
      'checkpoint.origin',
      `"${name}" is no log of the ledger ${reader.name}: a publisher's key is called as its log is.`,
    );
  }
  const origins = [...new Set(publishers.map(({ name }) => name))];
  const contract = createContract(reader);
  const inTurn = createTurns();
  let examining: Promise<Examination> | undefined;

  async function cosign(checkpoint: Checkpoint, text: string, request: ReturnType<typeof parseAddCheckpoint>) {
    const { origin, size, root } = checkpoint;
    const last = memory.find(origin);
    const [lastSize, lastRoot] = [last?.head.size ?? 0, foldPeaks(last?.head.peaks ?? [])];
    if (request.oldSize !== lastSize) {
      throw new SizeConflictError(lastSize, `The last checkpoint that was cosigned has ${lastSize} entries.`);
    }
    if (size === lastSize && !equalBytes(root, lastRoot)) {
      // What others need to show that the log has two histories.
      log('error', 'the log signed two trees of one size', {
        ...{ origin, size, first: last?.checkpoint, second: request.checkpoint },
      });
      throw new SizeConflictError(lastSize, `Of ${size} entries another tree was cosigned: ${encodeHex(lastRoot)}.`);
    }
    const { proof } = request;
    if (!verifyConsistency({ first: lastSize, second: size, firstRoot: lastRoot, secondRoot: root, proof })) {
      throw new RejectedError(
        'witness.consistency',
        `The proof does not lead from the ${lastSize} entries that were cosigned to the ${size} of the checkpoint.`,
      );
    }
    const final = await contract.readFinal(last);
    const head = await contract.findHead(checkpoint, final, last).catch((error: unknown) => {
      if (error instanceof RejectedError) {
        const fields = { origin, size, block: final.block.number, checkpoint: request.checkpoint };
        log('error', 'the log signed a tree that is not the contract’s', fields);
      }
      throw error;
    });
    const { number, hash } = final.block;
    const time = readTime(last);
    const tree = { size, root: encodeHex(root) };
    const before = (last?.cosigned ?? []).filter((other) => other.size !== size);
    await memory.write({
      ...{ origin, head, checkpoint: request.checkpoint, block: { number, hash }, time },
      cosigned: [...before, tree].slice(-RECENT),
      stated: last?.stated ?? [],
    });
    const line = encodeSignature(await signer.cosign(text, time));
    log('info', 'cosigned', { origin, size, block: number });
    return line;
  }

  async function state(origin: string, number: number): Promise<string> {
    const last = memory.find(origin);
    if (last === undefined) {
      throw new RejectedError('witness.tree-head', `No checkpoint of ${origin} was cosigned yet: send one first.`);
    }
    const final = await contract.readFinal(last);
    if (number > final.block.number) {
      throw new UnavailableError(
        'witness.not-final',
        `Block ${number} is not final: the newest final one on ${reader.source} is ${final.block.number}.`,
      );
    }
    if (number < reader.firstBlock) {
      throw new RejectedError(
        'witness.too-old',
        `Block ${number} is before the ledger: it begins at ${reader.firstBlock}.`,
      );
    }
    const { block, head } = await contract.readAt(number);
    const stated = await remember(last.stated, block);
    const found = foldPeaks(head.peaks);
    if (!last.cosigned.some(({ size, root }) => size === head.size && root === encodeHex(found))) {
      throw new RejectedError(
        'witness.tree-head',
        `At block ${number} the contract has ${head.size} entries with the root ${encodeHex(found)}. That is none of the trees that were cosigned lately; the last has ${last.head.size}. Have a checkpoint of that very tree cosigned, then ask again.`,
      );
    }
    const time = readTime(last);
    await memory.write({ ...last, time, stated });
    const tree = { size: head.size, root: found };
    const jwt = await signStatement({ ledger: reader.id, origin, block, tree, iat: time }, signer);
    log('info', 'stated', { origin, size: head.size, block: number });
    return jwt;
  }

  /**
   * The blocks that were spoken about, and this one. Its neighbours among them must be on the node's chain still: two statements about
   * blocks of two forks disagree, whatever their numbers. Errors: RejectedError `witness.too-old`; IntegrityError `checkpoint.fork`.
   */
  async function remember(stated: readonly SeenBlock[], { number, hash }: SeenBlock): Promise<readonly SeenBlock[]> {
    const at = stated.findIndex((other) => other.number >= number);
    const before = at < 0 ? stated.length : at;
    const isKnown = stated[before]?.number === number;
    if (before === 0 && !isKnown && stated.length === REMEMBERED) {
      throw new RejectedError(
        'witness.too-old',
        `Statements were signed about ${REMEMBERED} blocks after ${number}; ask about a later one.`,
      );
    }
    for (const neighbour of stated.slice(Math.max(0, before - 1), before + 1)) await contract.assertKept(neighbour);
    if (isKnown) return stated;
    return [...stated.slice(0, before), { number, hash }, ...stated.slice(before)].slice(-REMEMBERED);
  }

  /** Never before what was signed: two cosignatures would say that the log had been larger before. Errors: `witness.clock`. */
  function readTime(last: Signed | undefined): number {
    const time = Math.floor(now() / 1_000);
    const latest = last?.time ?? 0;
    if (time >= latest - CLOCK_SECONDS) return Math.max(time, latest);
    throw new UnavailableError(
      'witness.clock',
      `This machine's clock shows ${new Date(1_000 * time).toISOString()}, and something was signed at ${new Date(1_000 * latest).toISOString()}: set it right.`,
    );
  }

  async function examineLog(origin: string): Promise<LogExamination> {
    const last = memory.find(origin);
    const known = { origin, size: last?.head.size ?? 0, time: last?.time };
    try {
      const { block, head } = await contract.readFinal(last);
      readTime(last);
      return { ...known, final: { block: block.number, time: block.time, size: head.size }, problem: undefined };
    } catch (error) {
      if (!(error instanceof DppError)) throw error;
      return { ...known, final: undefined, problem: { code: error.code, message: error.message } };
    }
  }

  function assertKnown(origin: string): void {
    if (origins.includes(origin)) return;
    throw new RejectedError(
      'witness.unknown-log',
      `"${origin.slice(0, 200)}" is no log that this witness was told of.`,
    );
  }

  return {
    ...{ signer, reader, origins },

    async addCheckpoint(body) {
      const request = parseAddCheckpoint(body);
      const { text } = parseNote(request.checkpoint);
      const checkpoint = parseCheckpoint(text);
      const { origin, size, root } = checkpoint;
      assertKnown(origin);
      await openNote(
        request.checkpoint,
        publishers.filter(({ name }) => name === origin),
      );
      if (request.oldSize > size) {
        const message = `The old size, ${request.oldSize}, is larger than that of the checkpoint, ${size}.`;
        throw new InvalidInputError('checkpoint.request', message);
      }
      if (size === 0 && !equalBytes(root, EMPTY_ROOT)) {
        throw new InvalidInputError('checkpoint.shape', 'The root of no entries is that of no bytes.');
      }
      return await inTurn(origin, () => cosign(checkpoint, text, request));
    },

    async signState({ origin, blockNumber }) {
      assertKnown(origin);
      return await inTurn(origin, () => state(origin, blockNumber));
    },

    async examine() {
      // Whoever watches the witness must not make it ask its node without end.
      examining ??= Promise.all(origins.map(examineLog))
        .then((logs) => ({ ok: logs.every(({ problem }) => problem === undefined), logs }))
        .finally(() => {
          examining = undefined;
        });
      return await examining;
    },
  };
}

/** One after the other, for each log. Errors: `service.busy`. */
function createTurns(): <T>(origin: string, work: () => Promise<T>) => Promise<T> {
  const queues = new Map<string, { last: Promise<unknown>; waiting: number }>();
  return async (origin, work) => {
    const queue = queues.get(origin) ?? { last: Promise.resolve(), waiting: 0 };
    queues.set(origin, queue);
    if (queue.waiting >= MOST_WAITING) {
      throw new UnavailableError('service.busy', `${queue.waiting} requests about this log are waiting. Try again.`);
    }
    queue.waiting += 1;
    const turn = queue.last.then(work, work).finally(() => {
      queue.waiting -= 1;
    });
    queue.last = turn.catch(() => undefined);
    return await turn;
  };
}
