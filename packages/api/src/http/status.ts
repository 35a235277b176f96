/**
 * Status lists as W3C Bitstring Status List credentials: a view of the ledger's bits for wallets and verifiers that know nothing of it,
 * signed by the service under its own DID, short-lived, naming the block. Our own verification never reads them.
 */
import { gzipSync } from 'node:zlib';
import { encodeBase64Url, hashIssuer, InvalidInputError, type IssuerId, UnavailableError } from '@dpp-ledger/core';
import { formatKid, type Signer, STATUS_LIST_PLACES, signPayload, VCDM_CONTEXT } from '@dpp-ledger/core/credential';
import type { Mirror, View } from '../ledger/mirror.ts';
import type { State } from '../outbox/door.ts';

export type StatusListName = 'revocation' | 'superseded';

/** W3C names no purpose for what is superseded; `refresh`, an updated credential is available, is the nearest. */
const PURPOSE: Readonly<Record<StatusListName, string>> = { revocation: 'revocation', superseded: 'refresh' };
/** How long a verifier may keep a list, in milliseconds as the standard counts them. */
const TTL_MS = 300_000;
/** How long a signed list is given again while the journal does not grow: so caches find it unchanged, and it holds for as long still. */
const KEPT_MS = TTL_MS / 2;
/** Of up to 30 kB each; beyond so many the one that was asked for longest ago is forgotten. */
const MOST_KEPT = 256;

export interface StatusLists {
  /**
   * A signed list as a JWT, the same for a while. Errors: `service.not-found` for an issuer that is not on the ledger, `input.shape` for the
   * list's number.
   */
  sign(options: { readonly issuer: IssuerId; readonly list: string; readonly name: StatusListName }): Promise<string>;
}

export function createStatusLists(options: {
  readonly mirror: Mirror;
  readonly signer: Signer;
  readonly ledger: string;
  readonly publicUrl: string;
  /** Milliseconds since 1970. */
  readonly now: () => number;
}): StatusLists {
  const { mirror, signer, ledger, publicUrl, now } = options;
  const kept = new Map<string, { readonly at: number; readonly journal: string; readonly jwt: Promise<string> }>();

  async function signAt({ state, head }: View, at: number, issuer: IssuerId, number: bigint, name: StatusListName) {
    const bits = encodeList(state, issuer, number, name === 'revocation' ? 'revoked' : 'superseded');
    const id = `${publicUrl}/status/${encodeURIComponent(issuer)}/${number}${name === 'revocation' ? '' : '/superseded'}`;
    const credential = {
      '@context': [VCDM_CONTEXT],
      id,
      type: ['VerifiableCredential', 'BitstringStatusListCredential'],
      issuer: signer.issuer,
      validFrom: formatSeconds(at),
      validUntil: formatSeconds(at + TTL_MS),
      name: `${name === 'revocation' ? 'Revoked' : 'Superseded'} credentials of ${issuer}, list ${number}`,
      description: `The bits of ${ledger} as of block ${head.blockNumber}, ${head.blockHash}.`,
      credentialSubject: {
        id: `${id}#list`,
        type: 'BitstringStatusList',
        statusPurpose: PURPOSE[name],
        encodedList: `u${encodeBase64Url(gzipSync(bits))}`,
        ttl: TTL_MS,
      },
    };
    return (await signPayload(credential, formatKid(signer.issuer, signer.keyId), signer)).jwt;
  }

  return {
    async sign({ issuer, list, name }) {
      const number = parseListNumber(list);
      const view = await mirror.read();
      const key = `${name} ${number} ${issuer}`;
      const journal = `${view.head.generation} ${view.head.size}`;
      const at = now();
      const found = kept.get(key);
      kept.delete(key);
      const isSame = found?.journal === journal && at >= found.at && at - found.at < KEPT_MS;
      const one = isSame ? found : { at, journal, jwt: signAt(view, at, issuer, number, name) };
      kept.set(key, one);
      const [oldest] = kept.keys();
      if (kept.size > MOST_KEPT && oldest !== undefined) kept.delete(oldest);
      try {
        return await one.jwt;
      } catch (error) {
        if (kept.get(key) === one) kept.delete(key);
        throw error;
      }
    },
  };
}

/** Bit 0 is the leftmost of byte 0; the ledger counts a word's 256 places from the right. */
function encodeList(state: State, issuer: IssuerId, list: bigint, status: 'revoked' | 'superseded'): Uint8Array {
  const found = state.issuers.get(hashIssuer(issuer));
  if (found === undefined) {
    throw new UnavailableError(
      'service.not-found',
      `${issuer} is not accredited on this ledger and has no status lists.`,
    );
  }
  const bytes = new Uint8Array(STATUS_LIST_PLACES / 8);
  for (const [number, word] of found.lists.get(list) ?? []) {
    for (let rest = word[status], place = number * 256; rest !== 0n; rest >>= 1n, place++) {
      if ((rest & 1n) === 1n) bytes[place >> 3] = (bytes[place >> 3] ?? 0) | (0x80 >> (place % 8));
    }
  }
  return bytes;
}

function parseListNumber(text: string): bigint {
  if (/^(?:0|[1-9][0-9]{0,19})$/.test(text) && BigInt(text) < 1n << 64n) return BigInt(text);
  throw new InvalidInputError(
    'input.shape',
    `"${text.slice(0, 40)}" is not the number of a status list: 64 bits, in decimal.`,
  );
}

/** To the second: what W3C examples show and every reader takes. */
function formatSeconds(ms: number): string {
  return `${new Date(ms).toISOString().slice(0, 19)}Z`;
}
