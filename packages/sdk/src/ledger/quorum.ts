/**
 * The ledger as several endpoints have it, none of them believed alone. Everything is asked of all about one block, the newest that
 * enough of them have as the same, named by its hash; what enough say word for word is what the ledger says, and where fewer agree
 * nothing is known. Who differs, lags, serves another ledger or does not answer is named in `findings`.
 */
import { DppError, encodeHex, type Hex, UnavailableError } from '@dpp-ledger/core';
import type { Facts, Question, UpstreamFacts } from '@dpp-ledger/core/evidence';
import { createCompactRange, foldPeaks, hashLeaf, JournalBreakError } from '@dpp-ledger/core/journal';
import { pause } from '../http.ts';
import {
  ACCREDITOR_ROLE,
  decodeAddress,
  decodeBigQuantity,
  decodeBlock,
  decodeData,
  decodeFacts,
  decodeFlag,
  decodeLog,
  encodeFactsCall,
  encodeHasRoleCall,
  encodeIsSubmitterCall,
  encodeProposedControllerCall,
  type FactsAnswer,
} from './codec.ts';
import { type Identified, identify } from './identify.ts';
import type { BlockRef, CallOptions, LedgerReader, LoggedEntry, ReadEntriesOptions, TreeHeadAt } from './ledger.ts';
import { createPanel, differs, type Endpoint, type Inquiry, type Said } from './panel.ts';
import {
  type BlockTag,
  blockCall,
  contractCall,
  decodeUpstream,
  finalityCalls,
  finalNumber,
  logCall,
  NO_QUESTION,
  upstreamCalls,
} from './questions.ts';
import { type ConnectOptions, createReader, factsOf } from './reader.ts';
import { accept, createRpc, quantity, type RpcCall, RpcError } from './rpc.ts';

export interface QuorumOptions extends Omit<ConnectOptions, 'url' | 'source' | 'patienceMs'> {
  /** HTTP(S) URLs of JSON-RPC endpoints, 2 to 16; of different operators, or they are one word repeated. */
  readonly urls: readonly string[];
  /** How many must agree; more than half of them by default. */
  readonly agree?: number;
  /** How long the others are waited for once enough agree; 2,000 ms by default. Who is silent for longer is named. */
  readonly stragglerMs?: number;
}

/** An endpoint's newest block, and the number of its newest final one. */
interface Head {
  readonly block: BlockRef;
  readonly final: number;
}

/** One block that enough endpoints have, and the heads of those that claim to have it. */
interface Place {
  readonly block: BlockRef;
  readonly heads: readonly Said<Head>[];
}

/** What one endpoint answered, decoded, and by which name it is the same as another's. */
interface Answer<T> {
  readonly name: string;
  readonly value: T;
}

type FactsSaid = Answer<FactsAnswer> & { readonly logged: Answer<LoggedEntry | undefined> };

const FACTS_PER_BATCH = 100;

/**
 * Errors: InvalidInputError `input.shape` for endpoints or numbers that cannot be; here and in every question UnavailableError
 * `ledger.no-quorum` where fewer than `agree` endpoints say the same.
 */
export async function connectLedgers(options: QuorumOptions): Promise<LedgerReader> {
  const { urls, agree = Math.floor(urls.length / 2) + 1, stragglerMs = 2_000 } = options;
  const { finality = { confirmations: 0 }, pollMs = 1_000 } = options;
  const panel = createPanel({ rpcs: urls.map((url) => createRpc({ ...options, url })), agree, stragglerMs });
  const { endpoints, askAll, findAgreed, settle, note } = panel;

  const { id, firstBlock } = await agreeOnLedger();

  async function agreeOnLedger(): Promise<Identified> {
    const inquiry: Inquiry = { signal: options.signal, found: [] };
    const nameOf = (one: Identified) => JSON.stringify([Object.entries(one.id).sort(), one.firstBlock]);
    const open = (endpoint: Endpoint, signal: AbortSignal) => identify(endpoint.rpc, { ...options, signal });
    const said = await askAll(endpoints, inquiry, open, (some) => findAgreed(some, nameOf) !== undefined);
    const agreed = settle(said, inquiry, nameOf, 'the ledger that is pinned');
    for (const { endpoint, value } of agreed) endpoint.identified = value;
    return agreed[0].value;
  }

  /** Who was not there at the beginning is compared with the pin when it is first asked. */
  async function open(endpoint: Endpoint, signal?: AbortSignal): Promise<Identified> {
    endpoint.identified ??= await identify(endpoint.rpc, { pin: id, firstBlock, signal });
    return endpoint.identified;
  }

  const begin = ({ signal }: CallOptions = {}): Inquiry => ({ signal, found: [] });

  // ------------------------------------------------------------------------------------------------------ one block

  /** The newest block that enough have, and who claims to have it. */
  async function findPlace(inquiry: Inquiry): Promise<Place> {
    const newestOf = (heads: readonly Said<Head>[]): BlockRef | undefined => {
      // So many claim to have it: enough cannot agree on any that is higher.
      const highest = heads.map(({ value }) => value.block.number).sort((a, b) => b - a)[agree - 1];
      const block = findAgreed(heads, (head) => nameOfBlock(head.block))?.[0]?.value.block;
      return block?.number === highest ? block : undefined;
    };
    const heads = await askAll(endpoints, inquiry, readHead, (said) => newestOf(said) !== undefined);
    const block = newestOf(heads) ?? (await findCommonBlock(heads, inquiry));
    const having: Said<Head>[] = [];
    for (const head of heads) {
      const { number } = head.value.block;
      if (number >= block.number) having.push(head);
      else
        note(
          inquiry,
          head.endpoint,
          behind(head.endpoint, `its newest block is ${number}, others have ${block.number}`),
        );
    }
    return { block, heads: having };
  }

  async function readHead(endpoint: Endpoint, signal: AbortSignal): Promise<Head> {
    await open(endpoint, signal);
    const calls = [blockCall('latest'), ...finalityCalls(finality)];
    const [latest, finalized] = await endpoint.rpc.batch(calls, { signal });
    const block = decodeBlock(accept(latest));
    if (block === undefined) throw new UnavailableError('ledger.unreachable', `${endpoint.source} has no block.`);
    return { block, final: finalNumber(finality, block.number, finalized) };
  }

  /** Where heads differ: of all blocks that somebody calls newest or final, the highest that enough have as the same. */
  async function findCommonBlock(heads: readonly Said<Head>[], inquiry: Inquiry): Promise<BlockRef> {
    const claimed = heads.flatMap(({ value }) => [value.block.number, value.final]);
    const numbers = [...new Set(claimed)].sort((a, b) => b - a);
    const commonOf = (said: readonly Said<readonly (BlockRef | undefined)[]>[]): BlockRef | undefined => {
      for (const i of numbers.keys()) {
        const having = said.filter(({ value }) => value[i] !== undefined);
        const block = findAgreed(having, (value) => nameOfBlock(value[i]))?.[0]?.value[i];
        if (block !== undefined) return block;
      }
      return undefined;
    };
    const said = await askAll(
      heads.map(({ endpoint }) => endpoint),
      inquiry,
      async ({ rpc }, signal) => {
        const answers = await rpc.batch(numbers.map(blockCall), { signal });
        return answers.map((answer) => decodeBlock(accept(answer)));
      },
      (some) => commonOf(some) !== undefined,
    );
    const block = commonOf(said);
    if (block === undefined) throw panel.noQuorum(inquiry, 'a block');
    return block;
  }

  /** The block of a number, as enough have it, or that they have none; and who has it. */
  async function readBlockAt(number: number, inquiry: Inquiry): Promise<Place | undefined> {
    const nameOf = (head: Head | undefined) => nameOfBlock(head?.block);
    const read = async (endpoint: Endpoint, signal: AbortSignal): Promise<Head | undefined> => {
      await open(endpoint, signal);
      const block = decodeBlock(accept((await endpoint.rpc.batch([blockCall(number)], { signal }))[0]));
      return block && { block, final: 0 };
    };
    const said = await askAll(endpoints, inquiry, read, (some) => findAgreed(some, nameOf) !== undefined);
    const has = said.filter((one): one is Said<Head> => one.value !== undefined);
    const agreed = findAgreed(has, nameOf);
    if (agreed === undefined && said.length - has.length >= agree) return undefined;
    for (const { endpoint, value } of said) {
      if (value === undefined) note(inquiry, endpoint, behind(endpoint, `it does not have block ${number}`));
    }
    const heads = settle(has, inquiry, nameOf, `block ${number}`);
    return { block: heads[0].value.block, heads };
  }

  /** Asks those that have the block about just that block, by its hash. */
  async function askAt<T>(
    { block, heads }: Place,
    inquiry: Inquiry,
    calls: (tag: BlockTag) => readonly RpcCall[],
    read: (answers: readonly unknown[], endpoint: Endpoint) => T,
    isEnough: (said: readonly Said<T>[]) => boolean,
  ): Promise<readonly Said<T>[]> {
    const asked = [blockCall(block.number), ...calls({ blockHash: block.hash, requireCanonical: true })];
    const ask = async (endpoint: Endpoint, signal: AbortSignal) => {
      const [there, ...answers] = await endpoint.rpc.batch(asked, { signal });
      const theirs = decodeBlock(accept(there));
      // Behind its URL may be several nodes, one of them older than the one that told the head.
      if (theirs === undefined) throw behind(endpoint, `it does not have block ${block.number}, and said that it had`);
      if (nameOfBlock(theirs) !== nameOfBlock(block)) throw differs(endpoint, `block ${block.number}`);
      return read(answers, endpoint);
    };
    const all = heads.map(({ endpoint }) => endpoint);
    return await askAll(all, inquiry, ask, isEnough);
  }

  /** One answer about one block, as enough give it; who gave it. */
  async function askOne<T>(
    place: Place,
    inquiry: Inquiry,
    what: string,
    call: (tag: BlockTag) => RpcCall,
    decode: (answer: unknown) => T,
  ): Promise<readonly [Said<Answer<T>>, ...Said<Answer<T>>[]]> {
    const read = ([answer]: readonly unknown[]): Answer<T> => {
      const value = decode(accept(answer));
      return { value, name: String(answer).toLowerCase() };
    };
    const isEnough = (said: readonly Said<Answer<T>>[]) => findAgreed(said, nameOfAnswer) !== undefined;
    const said = await askAt(place, inquiry, (tag) => [call(tag)], read, isEnough);
    return settle(said, inquiry, nameOfAnswer, `${what} at block ${place.block.number}`);
  }

  async function askContract<T>(
    data: Hex,
    decode: (answer: unknown) => T,
    what: string,
    callOptions?: CallOptions,
  ): Promise<T> {
    const inquiry = begin(callOptions);
    const place = await findPlace(inquiry);
    const call = (tag: BlockTag) => contractCall(id.address, data, tag);
    return (await askOne(place, inquiry, what, call, decode))[0].value.value;
  }

  // ---------------------------------------------------------------------------------------------------------- facts

  function readAnswer({ block }: Place, endpoint: Endpoint, answer: unknown): Answer<FactsAnswer> {
    const value = decodeFacts(accept(answer));
    const isOfBlock = value.blockNumber === block.number && value.blockTime === block.time;
    if (!isOfBlock) throw differs(endpoint, `number and time of block ${block.number}`);
    return { value, name: encodeHex(decodeData(answer, 'facts')) };
  }

  /** A node that refuses the question about the log, or has none, has not logged the entry: that is all it says. */
  function readLogged(logs: unknown): Answer<LoggedEntry | undefined> {
    const value = Array.isArray(logs) && logs.length > 0 ? decodeLog(logs[0]) : undefined;
    return { value, name: value === undefined ? '' : `${value.index} ${value.blockHash} ${encodeHex(value.bytes)}` };
  }

  /** The facts that enough agree on; with the entry's log where enough of them agree on that as well. */
  function agreeOnFacts(place: Place, inquiry: Inquiry, question: Question, said: readonly Said<FactsSaid>[]): Facts {
    const sameFacts = settle(said, inquiry, nameOfAnswer, `the facts at block ${place.block.number}`);
    const sameLog = findAgreed(sameFacts, ({ logged }) => logged.name);
    if (sameLog !== undefined) settle(sameFacts, inquiry, ({ logged }) => logged.name, 'the log of the entry');
    const agreed = sameLog ?? sameFacts;
    const facts = factsOf({
      ...{ source: panel.nameSource(agreed), ledger: id, question, answer: sameFacts[0].value.value },
      finalBlockNumber: finalOf(place, agreed),
    });
    const entry = sameLog?.[0]?.value.logged.value;
    return entry === undefined ? facts : { ...facts, logged: { index: entry.index, bytes: entry.bytes } };
  }

  /** The newest block that enough of these call final: they have the same blocks up to where they agree. */
  function finalOf({ block, heads }: Place, agreed: readonly { readonly endpoint: Endpoint }[]): number {
    const finals = heads.filter((head) => agreed.some(({ endpoint }) => endpoint === head.endpoint));
    const numbers = finals.map(({ value }) => value.final).sort((a, b) => b - a);
    return Math.min(block.number, numbers[agree - 1] ?? 0);
  }

  async function readTreeHeadAt(place: Place, inquiry: Inquiry): Promise<TreeHeadAt> {
    const call = (tag: BlockTag) => contractCall(id.address, encodeFactsCall(NO_QUESTION), tag);
    const [said] = await askOne(place, inquiry, 'the tree head', call, decodeFacts);
    const { treeHead } = said.value.value;
    const { number: blockNumber, hash: blockHash, time: blockTime } = place.block;
    return { ...treeHead, root: encodeHex(foldPeaks(treeHead.peaks)), blockNumber, blockHash, blockTime };
  }

  // -------------------------------------------------------------------------------------------------------- entries

  /**
   * From one endpoint after the other: entries prove themselves against the tree head that enough agree on, so the next goes on where one
   * fails. Read from the beginning they are met with it here, and whoever gave others is named and asked last from then on.
   */
  async function* readEntryPages(range: ReadEntriesOptions = {}): AsyncIterable<readonly LoggedEntry[]> {
    const { signal, from = 0, toBlock } = range;
    const inquiry = begin(range);
    const head = await reader.readTreeHead({ signal, ...(toBlock === undefined ? {} : { blockNumber: toBlock }) });
    const to = range.to ?? head.size;
    const fold = from === 0 && to === head.size ? createCompactRange() : undefined;
    const givers: Endpoint[] = [];
    let next = from;
    for (const endpoint of inOrder()) {
      if (next >= to) break;
      try {
        const node = createReader(endpoint.rpc, await open(endpoint, signal), options);
        const rest = { ...range, from: next, to, toBlock: head.blockNumber };
        for await (const page of node.readEntryPages(rest)) {
          if (givers.at(-1) !== endpoint) givers.push(endpoint);
          for (const { bytes } of page) fold?.append(hashLeaf(bytes));
          next += page.length;
          yield page;
        }
      } catch (error) {
        signal?.throwIfAborted();
        if (error instanceof JournalBreakError) note(inquiry, endpoint, differs(endpoint, `entry ${error.entry}`));
        else if (error instanceof DppError || error instanceof RpcError) note(inquiry, endpoint, error);
        else throw error;
      }
    }
    if (next < to) throw panel.noQuorum(inquiry, `entry ${next}, which none of them gives`);
    if (fold === undefined || encodeHex(foldPeaks(fold.peaks)) === head.root) return;
    for (const giver of givers) note(inquiry, giver, differs(giver, `the ${to} entries of the journal`));
    const names = givers.map(({ source }) => source).join(', ');
    throw new JournalBreakError(0, `entries with the root ${head.root}`, `others, from ${names}`);
  }

  /** Those that nothing was found amiss with come first. */
  function inOrder(): readonly Endpoint[] {
    const amiss = new Set(panel.findings.map(({ endpoint }) => endpoint));
    return endpoints.toSorted((a, b) => Number(amiss.has(a.source)) - Number(amiss.has(b.source)));
  }

  const reader: LedgerReader = {
    id,
    name: `eip155:${id.chainId}:${id.address}`,
    source: `${agree} of ${endpoints.length} endpoints: ${endpoints.map(({ source }) => source).join(', ')}`,
    trustBase: `${agree} of ${endpoints.length} endpoints that agree`,
    finality,
    firstBlock,
    findings: panel.findings,

    async readFacts(question, { signal, logged } = {}) {
      const inquiry = begin({ signal });
      const place = await findPlace(inquiry);
      const calls = (tag: BlockTag) => [
        contractCall(id.address, encodeFactsCall(question), tag),
        ...(logged === undefined ? [] : [logCall(id.address, logged.index, quantity(logged.blockNumber))]),
      ];
      const read = ([answer, logs]: readonly unknown[], endpoint: Endpoint): FactsSaid => {
        return { ...readAnswer(place, endpoint, answer), logged: readLogged(logs) };
      };
      const nameOf = (one: FactsSaid) => `${one.name} ${one.logged.name}`;
      const said = await askAt(place, inquiry, calls, read, (some) => findAgreed(some, nameOf) !== undefined);
      return agreeOnFacts(place, inquiry, question, said);
    },

    async readManyFacts(questions, callOptions) {
      const inquiry = begin(callOptions);
      const place = await findPlace(inquiry);
      const all: Facts[] = [];
      for (let at = 0; at < questions.length; at += FACTS_PER_BATCH) {
        const some = questions.slice(at, at + FACTS_PER_BATCH);
        const calls = (tag: BlockTag) =>
          some.map((question) => contractCall(id.address, encodeFactsCall(question), tag));
        const read = (answers: readonly unknown[], endpoint: Endpoint): readonly FactsSaid[] =>
          answers.map((answer) => ({ ...readAnswer(place, endpoint, answer), logged: readLogged(undefined) }));
        const nameOf = (answers: readonly FactsSaid[]) => answers.map(({ name }) => name).join();
        const said = await askAt(place, inquiry, calls, read, (heard) => findAgreed(heard, nameOf) !== undefined);
        some.forEach((question, i) => {
          // Each question by itself: who lies about one may be needed for another.
          const about = said.map(({ endpoint, value }) => ({ endpoint, value: value[i] as FactsSaid }));
          all.push(agreeOnFacts(place, inquiry, question, about));
        });
      }
      return all;
    },

    async readUpstream(questions, facts, { signal } = {}) {
      const inquiry = begin({ signal });
      const what = `the lots at block ${facts.blockNumber}`;
      const place = await readBlockAt(facts.blockNumber, inquiry);
      if (place?.block.time !== facts.blockTime) throw panel.noQuorum(inquiry, what);
      const calls = (tag: BlockTag) => questions.flatMap((question) => upstreamCalls(id.address, question, tag));
      const read = (answers: readonly unknown[], endpoint: Endpoint): Answer<UpstreamFacts[]> => {
        const said = decodeUpstream(questions, answers);
        const isOfBlock = said.every(
          ({ answer }) => answer.blockNumber === place.block.number && answer.blockTime === place.block.time,
        );
        if (!isOfBlock) throw differs(endpoint, `number and time of block ${place.block.number}`);
        return { value: said.map((one) => one.facts), name: JSON.stringify(said, spellValue) };
      };
      const isEnough = (some: readonly Said<Answer<UpstreamFacts[]>>[]) => findAgreed(some, nameOfAnswer) !== undefined;
      const said = await askAt(place, inquiry, calls, read, isEnough);
      return settle(said, inquiry, nameOfAnswer, what)[0].value.value;
    },

    readKeyNonce: (issuer, key, callOptions) =>
      askContract(
        encodeFactsCall({ ...NO_QUESTION, issuer, key }),
        (answer) => decodeFacts(answer).keyNonce,
        'the nonce of a key',
        callOptions,
      ),
    isSubmitter: (issuer, account, callOptions) =>
      askContract(encodeIsSubmitterCall(issuer, account), decodeFlag, 'a submitter', callOptions),
    isAccreditor: (account, callOptions) =>
      askContract(encodeHasRoleCall(ACCREDITOR_ROLE, account), decodeFlag, 'an accreditor', callOptions),
    isPaused: (callOptions) =>
      askContract(encodeFactsCall(NO_QUESTION), (answer) => decodeFacts(answer).paused, 'the pause', callOptions),
    proposedController: (issuer, callOptions) =>
      askContract(encodeProposedControllerCall(issuer), decodeAddress, 'a proposed controller', callOptions),

    async readTreeHead({ signal, blockNumber } = {}) {
      const inquiry = begin({ signal });
      if (blockNumber === undefined) return await readTreeHeadAt(await findPlace(inquiry), inquiry);
      const place = await readBlockAt(blockNumber, inquiry);
      if (place === undefined) throw panel.noQuorum(inquiry, `block ${blockNumber}, which they do not have`);
      return await readTreeHeadAt(place, inquiry);
    },

    async *readEntries(range) {
      for await (const page of readEntryPages(range)) yield* page;
    },
    readEntryPages,

    async readBlock(which, callOptions) {
      const inquiry = begin(callOptions);
      if (which === 'latest') return (await findPlace(inquiry)).block;
      const number = which === 'final' ? await reader.readFinalBlockNumber(callOptions) : which;
      return (await readBlockAt(number, inquiry))?.block;
    },

    async readFinalBlockNumber(callOptions) {
      const inquiry = begin(callOptions);
      const place = await findPlace(inquiry);
      // Those that have another block at its height have other blocks below it, too.
      const said = await askAt(
        place,
        inquiry,
        () => [],
        () => '',
        (some) => some.length >= agree,
      );
      return finalOf(place, settle(said, inquiry, String, `block ${place.block.number}`));
    },

    async waitForBlock(number, callOptions = {}) {
      for (;;) {
        const { block } = await findPlace(begin(callOptions));
        if (block.number > number) return block;
        await pause(pollMs, callOptions.signal);
      }
    },

    async readBalance(account, callOptions) {
      const inquiry = begin(callOptions);
      const call = (tag: BlockTag): RpcCall => ({ method: 'eth_getBalance', params: [account, tag] });
      const [said] = await askOne(await findPlace(inquiry), inquiry, 'a balance', call, decodeBigQuantity);
      return said.value.value;
    },
  };
  return reader;
}

/**
 * By all that is read of it: a hash binds the rest of its block only for who computes it, and here nobody does. By the hash alone, whoever
 * is first could tell the time and the state root for all of them.
 */
function nameOfBlock(block: BlockRef | undefined): string {
  if (block === undefined) return '';
  const { number, hash, parentHash, stateRoot, time } = block;
  return [number, hash, parentHash, stateRoot, time].join();
}

/** For `JSON.stringify`, of what JSON has no numbers or lists for. */
function spellValue(_: string, value: unknown): unknown {
  if (typeof value === 'bigint') return String(value);
  return value instanceof Uint8Array ? encodeHex(value) : value;
}

function nameOfAnswer({ name }: Answer<unknown>): string {
  return name;
}

function behind({ source }: Endpoint, how: string): UnavailableError {
  return new UnavailableError('ledger.behind', `${source} is behind: ${how}.`);
}
