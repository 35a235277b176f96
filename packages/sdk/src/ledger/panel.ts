/**
 * Several endpoints asked the same at once: what counts is what enough of them say word for word. Who says otherwise, does not answer or
 * lags is found and named; the order of the endpoints gives none of them more weight. What is asked is not known here.
 */
import { DppError, IntegrityError, InvalidInputError, UnavailableError } from '@dpp-ledger/core';
import type { Identified } from './identify.ts';
import type { EndpointFinding } from './ledger.ts';
import { type Rpc, RpcError } from './rpc.ts';

export interface Endpoint {
  /** Without credentials. */
  readonly source: string;
  readonly rpc: Rpc;
  /** What it serves, once it was compared with the pin. */
  identified: Identified | undefined;
  /** It was silent the last time: asked again, and not waited for. */
  isSilent: boolean;
}

export interface Said<T> {
  readonly endpoint: Endpoint;
  readonly value: T;
}

/** One question of a caller, in however many rounds: what was found amiss is told where it comes to nothing. */
export interface Inquiry {
  readonly signal: AbortSignal | undefined;
  readonly found: EndpointFinding[];
}

export interface Panel {
  readonly endpoints: readonly Endpoint[];
  readonly agree: number;
  /** Since the beginning: of each endpoint the newest of each code. */
  readonly findings: readonly EndpointFinding[];
  /**
   * Asks all of these at once. Done when all have answered, or when what was said is enough and the others had some time more. In the
   * order of the endpoints, so that the same answers make the same report. Errors: what is no fault of an endpoint.
   */
  askAll<T>(
    asked: readonly Endpoint[],
    inquiry: Inquiry,
    ask: (endpoint: Endpoint, signal: AbortSignal) => Promise<T>,
    isEnough: (said: readonly Said<T>[]) => boolean,
  ): Promise<readonly Said<T>[]>;
  /** What enough say the same, and nobody else enough: two views with enough for each are no agreement. */
  findAgreed<T>(said: readonly Said<T>[], nameOf: (value: T) => string): readonly Said<T>[] | undefined;
  /** As `findAgreed`; the others are named. Errors: `ledger.no-quorum`. */
  settle<T>(
    said: readonly Said<T>[],
    inquiry: Inquiry,
    nameOf: (value: T) => string,
    what: string,
  ): readonly [Said<T>, ...Said<T>[]];
  note(inquiry: Inquiry, endpoint: Endpoint, error: DppError | RpcError): void;
  /** "2 of 3 endpoints: ...". */
  nameSource(agreed: readonly { readonly endpoint: Endpoint }[]): string;
  noQuorum(inquiry: Inquiry, what: string): UnavailableError;
}

/** More are never needed, and each is asked everything. */
const MOST_ENDPOINTS = 16;

/** Errors: InvalidInputError `input.shape` for an endpoint that is named twice, or numbers that cannot be. */
export function createPanel(options: {
  readonly rpcs: readonly Rpc[];
  readonly agree: number;
  readonly stragglerMs: number;
}): Panel {
  const { rpcs, agree, stragglerMs } = options;
  const endpoints = rpcs.map((rpc): Endpoint => ({ source: rpc.source, rpc, identified: undefined, isSilent: false }));
  checkNumbers(endpoints, agree);
  const findings: EndpointFinding[] = [];

  function note({ found }: Inquiry, { source: endpoint }: Endpoint, error: DppError | RpcError): void {
    const known = NAMED.find((named) => error instanceof DppError && error.code === named);
    const code = known ?? 'ledger.unreachable';
    const message = error instanceof DppError ? error.message : `${endpoint} refuses a question: ${error.message}.`;
    const finding: EndpointFinding = { endpoint, code, message };
    found.push(finding);
    const before = findings.findIndex((other) => other.endpoint === endpoint && other.code === code);
    findings.splice(before < 0 ? findings.length : before, 1, finding);
  }

  function findAgreed<T>(said: readonly Said<T>[], nameOf: (value: T) => string): readonly Said<T>[] | undefined {
    const agreed = groupSame(said, nameOf).filter((group) => group.length >= agree);
    return agreed.length === 1 ? agreed[0] : undefined;
  }

  function noQuorum(
    { found }: Inquiry,
    what: string,
    groups: readonly (readonly Said<unknown>[])[] = [],
  ): UnavailableError {
    const views = groups.map((group) => group.map(({ endpoint }) => endpoint.source).join(', ')).join(' against ');
    const contradiction = groups.length < 2 ? [] : [`They contradict each other: ${views}.`];
    const why = [...contradiction, ...new Set(found.map(({ message }) => message))].join(' ');
    const message = `No ${agree} of ${endpoints.length} endpoints agree on ${what}. ${why}`;
    return new UnavailableError('ledger.no-quorum', message);
  }

  return {
    endpoints,
    agree,
    findings,
    findAgreed,
    note,
    noQuorum,

    async askAll<T>(
      asked: readonly Endpoint[],
      inquiry: Inquiry,
      ask: (endpoint: Endpoint, signal: AbortSignal) => Promise<T>,
      isEnough: (said: readonly Said<T>[]) => boolean,
    ) {
      const { signal } = inquiry;
      signal?.throwIfAborted();
      const over = new AbortController();
      const both = signal === undefined ? over.signal : AbortSignal.any([signal, over.signal]);
      const said: Said<T>[] = [];
      const silent = new Set(asked);
      let timer: ReturnType<typeof setTimeout> | undefined;
      try {
        await new Promise<void>((resolve, reject) => {
          const look = () => {
            const enough = isEnough(said);
            if (silent.size === 0 || (enough && [...silent].every(({ isSilent }) => isSilent))) resolve();
            else if (enough) timer ??= setTimeout(resolve, stragglerMs);
          };
          for (const endpoint of asked) {
            const answered = ask(endpoint, both).then(
              (value) => {
                said.push({ endpoint, value });
              },
              (error: unknown) => {
                signal?.throwIfAborted();
                if (!(error instanceof DppError || error instanceof RpcError)) throw error;
                // What is broken off here, because enough had answered, is told below.
                if (!over.signal.aborted) note(inquiry, endpoint, error);
              },
            );
            answered.then(() => {
              silent.delete(endpoint);
              look();
            }, reject);
          }
          if (asked.length === 0) resolve();
        });
      } finally {
        clearTimeout(timer);
      }
      const heard = [...said];
      const unheard = [...silent];
      over.abort();
      for (const endpoint of asked) endpoint.isSilent = unheard.includes(endpoint);
      for (const endpoint of unheard) {
        const message = `${endpoint.source} has not answered, ${stragglerMs / 1_000} s after enough others had.`;
        note(inquiry, endpoint, new UnavailableError('ledger.unreachable', message));
      }
      return heard.sort((a, b) => endpoints.indexOf(a.endpoint) - endpoints.indexOf(b.endpoint));
    },

    settle(said, inquiry, nameOf, what) {
      const [first, ...more] = findAgreed(said, nameOf) ?? [];
      if (first === undefined) throw noQuorum(inquiry, what, groupSame(said, nameOf));
      const agreed = [first, ...more] as const;
      for (const other of said) {
        if (!agreed.includes(other)) note(inquiry, other.endpoint, differs(other.endpoint, what));
      }
      return agreed;
    },

    nameSource(agreed) {
      const names = agreed.map(({ endpoint }) => endpoint.source).join(', ');
      return `${agreed.length} of ${endpoints.length} endpoints: ${names}`;
    },
  };
}

/** By what they say, in the order in which it was first said. */
function groupSame<T>(said: readonly Said<T>[], nameOf: (value: T) => string): readonly (readonly Said<T>[])[] {
  const groups = new Map<string, Said<T>[]>();
  for (const one of said) {
    const name = nameOf(one.value);
    const group = groups.get(name);
    if (group === undefined) groups.set(name, [one]);
    else group.push(one);
  }
  return [...groups.values()];
}

const NAMED = ['ledger.differs', 'ledger.behind', 'ledger.mismatch'] as const;

export function differs({ source }: Endpoint, what: string): IntegrityError {
  return new IntegrityError('ledger.differs', `${source} says otherwise than those that agree, about ${what}.`);
}

/** However it is spelled: by either scheme, with the root's dot after the host, or with slashes that say nothing. */
function placeOf(source: string): string {
  const [, host = '', path = ''] = /^https?:\/\/([^/]*)(.*)$/.exec(source) ?? [];
  return host.replace(/\.(?=:|$)/, '') + path.replace(/\/+/g, '/').replace(/\/$/, '');
}

function checkNumbers(endpoints: readonly Endpoint[], agree: number): void {
  const { length } = endpoints;
  const places = endpoints.map(({ source }) => placeOf(source));
  const twice = endpoints.find((_, i) => places.indexOf(places[i] as string) !== i);
  if (twice !== undefined) {
    // Twice the same would agree with itself.
    throw new InvalidInputError('input.shape', `The chain endpoint ${twice.source} is named twice: name another.`);
  }
  if (length < 2 || length > MOST_ENDPOINTS) {
    throw new InvalidInputError('input.shape', `${length} chain endpoints: name 2 to ${MOST_ENDPOINTS}.`);
  }
  if (!Number.isInteger(agree) || agree < 1 || agree > length) {
    throw new InvalidInputError('input.shape', `${agree} of ${length} endpoints cannot agree: give 1 to ${length}.`);
  }
}
