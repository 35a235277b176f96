/** Attacks on how things are written: what is presented, evidence as JSON, the JWT and what it is signed with. */
import { decodeBase64Url, encodeBase64Url } from '@dpp-ledger/core';
import { hashCid } from '@dpp-ledger/core/credential';
import {
  type Attack,
  batch,
  both,
  decodeText,
  encodeText,
  evidence,
  expected,
  header,
  headerText,
  json,
  jwt,
  key,
  member,
  NO_CREDENTIAL,
  NOT_CANONICAL,
  part,
  payload,
  payloadText,
  place,
  SEVEN_32,
  sign,
  signHeader,
  signHeaderText,
  signText,
  UNREADABLE,
  without,
  ZERO_32,
} from './attack.ts';
import type { Draft } from './world.ts';

const unreadable = { verdict: 'invalid', codes: UNREADABLE } as const;
const notCanonical = { verdict: 'invalid', codes: NOT_CANONICAL } as const;
/** What was altered after it was signed is in no batch either. */
const altered = { verdict: 'invalid', codes: ['signature.forged', 'anchor.not-in-batch'] } as const;
const forged = { verdict: 'invalid', codes: ['signature.forged'] } as const;
const noCredential = { verdict: 'invalid', codes: NO_CREDENTIAL } as const;
const valid = { verdict: 'valid', codes: [] } as const;
const otherKey = { verdict: 'invalid', codes: ['signature.forged', 'key.other-key'] } as const;

const utf8 = new TextEncoder();

/** What is presented is no evidence. */
const PRESENTED: readonly Attack[] = [
  { name: 'nothing is presented', shown: evidence(() => undefined), ...unreadable },
  { name: 'null is presented', shown: evidence(() => null), ...unreadable },
  { name: 'NaN is presented', shown: evidence(() => Number.NaN), ...unreadable },
  { name: 'a symbol is presented', shown: evidence(() => Symbol('evidence')), ...unreadable },
  { name: 'a function is presented', shown: evidence((it) => () => it), ...unreadable },
  { name: 'a list with the evidence in it is presented', shown: evidence((it) => [it]), ...unreadable },
  { name: 'evidence within evidence is presented', shown: evidence((it) => ({ evidence: it })), ...unreadable },
  { name: 'an empty object is presented', shown: evidence(() => ({})), ...unreadable },
  { name: 'empty text is presented', shown: evidence(() => ''), ...notCanonical },
  { name: 'white space is presented', shown: evidence(() => ' \n\t '), ...notCanonical },
  { name: 'text that is neither JSON nor a JWT is presented', shown: evidence(() => 'Valid!'), ...notCanonical },
  { name: 'two dots are presented', shown: evidence(() => '..'), ...notCanonical },
  { name: 'no bytes are presented', shown: evidence(() => new Uint8Array()), ...unreadable },
  { name: 'bytes that are no text are presented', shown: evidence(() => Uint8Array.of(0xff, 0xfe)), ...unreadable },
  {
    name: 'a credential alone is presented, without what shows that it was anchored',
    shown: evidence((it) => it.credential),
    verdict: 'indeterminate',
    codes: [
      'signature.no-key',
      'key.no-evidence',
      'issuer.no-evidence',
      'anchor.no-evidence',
      'status.no-evidence',
      'freshness.no-facts',
    ],
  },
  { name: 'a text in an object is presented', shown: evidence((it) => new String(it.credential)), ...unreadable },
];

/** Evidence as JSON text. Its spelling is free, within JSON: what it holds is not. */
const JSON_TEXT: readonly Attack[] = [
  {
    name: 'evidence with white space around it is still evidence',
    shown: json((text) => `\n\t ${text} \r\n`),
    ...valid,
  },
  {
    name: 'evidence with escapes in its text is still evidence',
    shown: json((text) => text.replace('"credential":"ey', '"cr\\u0065dential":"\\u0065y')),
    ...valid,
  },
  { name: 'evidence as bytes is still evidence', shown: json((text) => utf8.encode(text)), ...valid },
  {
    name: 'the first place of a batch, written as minus zero, is the first place',
    shown: json((text) => text.replace('"index":0', '"index":-0')),
    ...valid,
  },
  { name: 'evidence after a byte order mark', shown: json((text) => `\ufeff${text}`), ...unreadable },
  {
    name: 'evidence as bytes after a byte order mark',
    shown: json((text) => utf8.encode(`\ufeff${text}`)),
    ...unreadable,
  },
  {
    name: 'evidence in UTF-16',
    shown: json((text) => Uint8Array.from(Array.from(text).flatMap((character) => [character.charCodeAt(0), 0]))),
    ...unreadable,
  },
  { name: 'evidence that is cut off', shown: json((text) => text.slice(0, -1)), ...unreadable },
  { name: 'evidence with something after it', shown: json((text) => `${text}{}`), ...unreadable },
  { name: 'evidence with a zero byte after it', shown: json((text) => `${text}\0`), ...unreadable },
  { name: 'evidence twice', shown: json((text) => text + text), ...unreadable },
  { name: 'evidence with a comma too many', shown: json((text) => text.replace(/\}$/, ',}')), ...unreadable },
  { name: 'evidence with a comment', shown: json((text) => text.replace('{', '{/* */')), ...unreadable },
  { name: 'evidence in single quotes', shown: json((text) => text.replaceAll('"', "'")), ...unreadable },
  {
    name: 'evidence with the same member twice',
    shown: json((text) => text.replace('{', '{"version":"dpp-evidence/1",')),
    ...unreadable,
  },
  {
    name: 'evidence with the same member twice, one of them in escapes',
    shown: json((text) => text.replace('{', '{"\\u0076ersion":"dpp-evidence/1",')),
    ...unreadable,
  },
  {
    name: 'evidence with two credentials, the genuine one last',
    shown: json((text) => text.replace('{', '{"credential":"a.b.c",')),
    ...unreadable,
  },
  {
    name: 'evidence with two places in its batch',
    shown: json((text) => text.replace('"batch":{', '"batch":{"index":3,')),
    ...unreadable,
  },
  { name: 'evidence with __proto__', shown: json((text) => text.replace('{', '{"__proto__":{"a":1},')), ...unreadable },
  {
    name: 'evidence with __proto__ in escapes',
    shown: json((text) => text.replace('{', '{"\\u005f_proto__":{"a":1},')),
    ...unreadable,
  },
  {
    name: 'evidence with __proto__ instead of its grant',
    shown: json((text) => text.replace('"grant"', '"__proto__"')),
    ...unreadable,
  },
  {
    name: 'evidence with a constructor',
    shown: json((text) => text.replace('{', '{"constructor":{},')),
    ...unreadable,
  },
  { name: 'evidence with a toString', shown: json((text) => text.replace('{', '{"toString":"x",')), ...unreadable },
  { name: 'a key with a hasOwnProperty', shown: key((it) => ({ ...it, hasOwnProperty: 'x' })), ...unreadable },
  {
    name: 'evidence nested 33 deep',
    shown: json((text) => text.replace('{', `{"a":${'['.repeat(33)}${']'.repeat(33)},`)),
    ...unreadable,
  },
  {
    name: 'evidence nested 100,000 deep',
    shown: json(() => `{"a":${'['.repeat(1e5)}${']'.repeat(1e5)}}`),
    ...unreadable,
  },
  { name: 'evidence of five megabytes', shown: json((text) => `${text}${' '.repeat(5_000_000)}`), ...unreadable },
  { name: 'a place of 1e400', shown: json((text) => text.replace('"index":0', '"index":1e400')), ...unreadable },
  { name: 'a place of 1e308', shown: json((text) => text.replace('"index":0', '"index":1e308')), ...unreadable },
  {
    name: 'a place in the batch with a leading zero',
    shown: json((text) => text.replace('"index":0', '"index":00')),
    ...unreadable,
  },
  { name: 'a place with a plus sign', shown: json((text) => text.replace('"index":0', '"index":+0')), ...unreadable },
  { name: 'a place in hexadecimal', shown: json((text) => text.replace('"index":0', '"index":0x0')), ...unreadable },
  { name: 'a place that is NaN', shown: json((text) => text.replace('"index":0', '"index":NaN')), ...unreadable },
  { name: 'a place as text', shown: batch(({ index }) => ({ index: `${index}` })), ...unreadable },
  { name: 'a place in a list', shown: batch(({ index }) => ({ index: [index] })), ...unreadable },
  { name: 'a place as a large integer', shown: batch(({ index }) => ({ index: BigInt(index) })), ...unreadable },
  { name: 'a place that is false', shown: batch(() => ({ index: false })), ...unreadable },
  { name: 'half a place', shown: batch(() => ({ index: 0.5 })), ...unreadable },
  { name: 'a place before the first', shown: batch(() => ({ index: -1 })), ...unreadable },
  { name: 'a place that no batch has', shown: batch(() => ({ index: 16_384 })), ...unreadable },
  { name: 'an entry at 2^53', shown: place(() => ({ index: 2 ** 53 })), ...unreadable },
  { name: 'an entry before the first', shown: place(() => ({ index: -1 })), ...unreadable },
];

/** Members of evidence that are not what they have to be. */
const MEMBERS: readonly Attack[] = [
  ...['version', 'ledger', 'credential', 'key', 'batch', 'entry'].map(
    (name): Attack => ({ name: `evidence without ${name}`, shown: without(name), ...unreadable }),
  ),
  ...['version', 'ledger', 'credential', 'key', 'grant', 'batch', 'entry'].map(
    (name): Attack => ({ name: `evidence whose ${name} is null`, shown: member({ [name]: null }), ...unreadable }),
  ),
  { name: 'evidence with a member more', shown: member({ trusted: true }), ...unreadable },
  { name: 'evidence with its own verdict', shown: member({ verdict: 'valid' }), ...unreadable },
  { name: 'evidence of another version', shown: member({ version: 'dpp-evidence/2' }), ...unreadable },
  { name: 'evidence of a version with a space', shown: member({ version: 'dpp-evidence/1 ' }), ...unreadable },
  { name: 'a credential in a list', shown: evidence((it) => ({ ...it, credential: [it.credential] })), ...unreadable },
  { name: 'a credential of no characters', shown: member({ credential: '' }), ...unreadable },
  { name: 'a credential of more than 1 MiB', shown: jwt((it) => it.padEnd(1_048_577, 'A')), ...unreadable },
  {
    name: 'a ledger with its address in mixed case',
    shown: evidence((it) => ({ ...it, ledger: it.ledger.replace(/0x.*/, (hex) => `0x${hex.slice(2).toUpperCase()}`) })),
    ...unreadable,
  },
  {
    name: 'a ledger with a path behind it',
    shown: evidence((it) => ({ ...it, ledger: `${it.ledger}/../1` })),
    ...unreadable,
  },
  {
    name: 'a ledger of another name space',
    shown: evidence((it) => ({ ...it, ledger: it.ledger.replace('eip155', 'cosmos') })),
    ...unreadable,
  },
  {
    name: 'a ledger of a chain with a leading zero',
    shown: evidence((it) => ({ ...it, ledger: it.ledger.replace(':', ':0') })),
    ...unreadable,
  },
  { name: 'a ledger with a line break', shown: evidence((it) => ({ ...it, ledger: `${it.ledger}\n` })), ...unreadable },
  {
    name: 'a grant number of 2^32',
    shown: member({ grant: { number: 2 ** 32, prefix: 'gs1:9521234' } }),
    ...unreadable,
  },
  { name: 'a grant number below zero', shown: member({ grant: { number: -1, prefix: 'gs1:9521234' } }), ...unreadable },
  { name: 'a grant of no prefix', shown: member({ grant: { number: 1, prefix: '' } }), ...unreadable },
  {
    name: 'a grant of 256 characters',
    shown: member({ grant: { number: 1, prefix: `https://maker.example/${'a'.repeat(233)}/` } }),
    ...unreadable,
  },
  { name: 'a batch proof of 15 nodes', shown: batch(() => ({ proof: new Array(15).fill(ZERO_32) })), ...unreadable },
  { name: 'a batch proof that is text', shown: batch(() => ({ proof: ZERO_32 })), ...unreadable },
  {
    name: 'a batch proof as an object with a length',
    shown: batch(() => ({ proof: { 0: ZERO_32, length: 1 } })),
    ...unreadable,
  },
  {
    name: 'a batch proof with a node of 31 bytes',
    shown: batch(({ proof }) => ({ proof: proof.with(0, encodeBase64Url(new Uint8Array(31))) })),
    ...unreadable,
  },
  {
    name: 'a batch proof with a node of 33 bytes',
    shown: batch(({ proof }) => ({ proof: proof.with(0, encodeBase64Url(new Uint8Array(33))) })),
    ...unreadable,
  },
  {
    name: 'a batch proof with stray bits in a node',
    shown: batch(({ proof }) => ({ proof: proof.with(0, stray(proof[0] ?? '')) })),
    ...unreadable,
  },
  {
    name: 'a batch proof with a padded node',
    shown: batch(({ proof }) => ({ proof: proof.with(0, `${proof[0]}=`) })),
    ...unreadable,
  },
  {
    name: 'a batch proof in hexadecimal',
    shown: batch(({ proof }) => ({ proof: proof.map((node) => Buffer.from(node, 'base64url').toString('hex')) })),
    ...unreadable,
  },
  { name: 'a journal path of 53 nodes', shown: place(() => ({ proof: new Array(53).fill(ZERO_32) })), ...unreadable },
  { name: 'an entry of no bytes', shown: place(() => ({ bytes: '' })), ...unreadable },
  { name: 'an entry of more than 8 KiB', shown: place(() => ({ bytes: 'A'.repeat(10_924) })), ...unreadable },
  {
    name: 'an entry in the other alphabet of base64',
    shown: place(({ bytes }) => ({ bytes: `${bytes.slice(0, -4)}+/+/` })),
    ...unreadable,
  },
  // The key.
  { name: 'a key without y', shown: key(({ kty, crv, x }) => ({ kty, crv, x })), ...unreadable },
  { name: 'a symmetric key', shown: key(() => ({ kty: 'oct', k: ZERO_32 })), ...unreadable },
  { name: 'an RSA key', shown: key(() => ({ kty: 'RSA', n: ZERO_32, e: 'AQAB' })), ...unreadable },
  { name: 'a key on P-384', shown: key((it) => ({ ...it, crv: 'P-384' })), ...unreadable },
  { name: 'a key on secp256k1', shown: key((it) => ({ ...it, crv: 'secp256k1' })), ...unreadable },
  { name: 'a key for key agreement', shown: key(() => ({ kty: 'OKP', crv: 'X25519', x: ZERO_32 })), ...unreadable },
  { name: 'a private key', shown: key((it) => ({ ...it, d: ZERO_32 })), ...unreadable },
  { name: 'a key with a name of its own', shown: key((it) => ({ ...it, kid: 'mine' })), ...unreadable },
  { name: 'a key with a certificate', shown: key((it) => ({ ...it, x5c: [] })), ...unreadable },
  { name: 'a key with stray bits', shown: key((it) => ({ ...it, x: stray(it.x) })), ...unreadable },
  {
    name: 'a key of 33 bytes, a leading zero before its x',
    shown: key((it) => ({ ...it, x: encodeBase64Url(Uint8Array.of(0, ...decodeBase64Url(it.x))) })),
    ...unreadable,
  },
  { name: "another issuer's key", shown: key((_, world) => world.signers.rival.key), ...otherKey },
  { name: 'another key of the same issuer', shown: key((_, world) => world.signers.makerStolen.key), ...otherKey },
  { name: 'a key of the other algorithm', shown: key((_, world) => world.signers.makerEd25519.key), ...otherKey },
  { name: 'a point that is not on the curve', shown: key((it) => ({ ...it, y: SEVEN_32 })), ...otherKey },
  { name: 'the point of zeros', shown: key((it) => ({ ...it, x: ZERO_32, y: ZERO_32 })), ...otherKey },
  {
    name: 'a point with a coordinate beyond the field',
    shown: key((it) => ({ ...it, x: encodeBase64Url(new Uint8Array(32).fill(0xff)) })),
    ...otherKey,
  },
  { name: 'the same point, mirrored', shown: key((it) => ('y' in it ? { ...it, y: mirror(it.y) } : it)), ...otherKey },
  {
    name: 'the identity of Ed25519 as a key',
    shown: key(() => ({
      kty: 'OKP',
      crv: 'Ed25519',
      x: encodeBase64Url(Uint8Array.from({ length: 32 }, (_, i) => (i === 0 ? 1 : 0))),
    })),
    ...otherKey,
  },
];

const P = 0xffffffff00000001000000000000000000000000ffffffffffffffffffffffffn;
const N = 0xffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551n;

function toBytes(value: bigint): Uint8Array {
  return Uint8Array.from({ length: 32 }, (_, i) => Number((value >> BigInt(8 * (31 - i))) & 255n));
}

function toNumber(bytes: Uint8Array): bigint {
  return bytes.reduce((sum, byte) => sum * 256n + BigInt(byte), 0n);
}

function mirror(y: string): string {
  return encodeBase64Url(toBytes(P - toNumber(decodeBase64Url(y))));
}

/** Another spelling of the same bytes: a bit set that no byte has. */
export function stray(text: string): string {
  const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  return `${text.slice(0, -1)}${ALPHABET[ALPHABET.indexOf(text.at(-1) ?? '') + 1]}`;
}

/** Signatures that a relayer anchors as they are: only the signature is wrong. */
const spelled = (change: (jwt: string) => string) => (draft: Draft) => ({ ...draft, spelled: change });
const tailed = (change: (tail: Uint8Array) => Uint8Array) =>
  spelled((text) => {
    const at = text.lastIndexOf('.') + 1;
    return text.slice(0, at) + encodeBase64Url(change(Uint8Array.from(decodeBase64Url(text.slice(at)))));
  });
const rs = (change: (r: bigint, s: bigint) => readonly [bigint, bigint]) =>
  tailed((tail) => {
    const [r, s] = change(toNumber(tail.subarray(0, 32)), toNumber(tail.subarray(32)));
    return Uint8Array.of(...toBytes(r), ...toBytes(s));
  });

/** One credential, one spelling. What is `signed` here was anchored as it stands, so that nothing but the spelling is wrong. */
const JWT_TEXT: readonly Attack[] = [
  { name: 'a JWT without a signature', signed: spelled((it) => it.slice(0, it.lastIndexOf('.'))), ...notCanonical },
  {
    name: 'a JWT with an empty signature',
    signed: spelled((it) => it.slice(0, it.lastIndexOf('.') + 1)),
    ...notCanonical,
  },
  { name: 'a JWT with an empty payload', signed: spelled((it) => it.replace(/\..*\./, '..')), ...notCanonical },
  { name: 'a JWT of four parts', signed: spelled((it) => `${it}.e30`), ...notCanonical },
  { name: 'a JWT of five parts, as an encrypted one', signed: spelled((it) => `${it}.e30.e30`), ...notCanonical },
  { name: 'a JWT with a dot more', signed: spelled((it) => `${it}.`), ...notCanonical },
  { name: 'a JWT with disclosures behind it', signed: spelled((it) => `${it}~`), ...notCanonical },
  { name: 'a JWT with padding', signed: spelled((it) => `${it}==`), ...notCanonical },
  { name: 'a JWT with a line break behind it', signed: spelled((it) => `${it}\n`), ...notCanonical },
  { name: 'a JWT with a space before it', signed: spelled((it) => ` ${it}`), ...notCanonical },
  { name: 'a JWT with a line break within', signed: spelled((it) => it.replace('.', '\n.')), ...notCanonical },
  { name: 'a JWT with a soft hyphen within', signed: spelled((it) => it.replace('.', '.\u00ad')), ...notCanonical },
  { name: 'a JWT with full-width dots', signed: spelled((it) => it.replaceAll('.', '\uff0e')), ...notCanonical },
  { name: 'a JWT with dots as percent-escapes', signed: spelled((it) => it.replaceAll('.', '%2E')), ...notCanonical },
  { name: 'a JWT as a bearer token', signed: spelled((it) => `Bearer ${it}`), ...notCanonical },
  {
    name: 'a JWT in the other alphabet of base64',
    signed: spelled((it) => it.replaceAll('-', '+').replaceAll('_', '/').replace(/.$/, '+')),
    ...notCanonical,
  },
  {
    name: 'a JWT as flattened JSON',
    signed: spelled((it) => {
      const [head, body, tail] = it.split('.');
      return JSON.stringify({ protected: head, payload: body, signature: tail });
    }),
    ...notCanonical,
  },
  { name: 'a JWT with stray bits in its signature', signed: spelled(stray), ...notCanonical },
  { name: 'a JWT with stray bits in its header', signed: (draft) => ({ ...strayHeader(draft) }), ...notCanonical },
  { name: 'a signature with high s, which is the same signature', signed: rs((r, s) => [r, N - s]), ...notCanonical },
  {
    name: 'a signature with s beyond the order',
    signed: rs((r, s) => [r, s + N > 2n ** 256n ? 2n ** 256n - 1n : s + N]),
    ...notCanonical,
  },
  { name: 'a signature with s at the order', signed: rs((r) => [r, N]), ...notCanonical },
  { name: 'a signature with r zero', signed: rs((_, s) => [0n, s]), ...forged },
  { name: 'a signature with s zero', signed: rs((r) => [r, 0n]), ...forged },
  { name: 'a signature of zeros', signed: rs(() => [0n, 0n]), ...forged },
  { name: 'a signature of ones', signed: rs(() => [1n, 1n]), ...forged },
  { name: 'a signature with r at the order', signed: rs((_, s) => [N, s]), ...forged },
  {
    name: 'a signature with r beyond the order',
    signed: rs((r, s) => [r < 2n ** 256n - N ? r + N : 2n ** 256n - 1n, s]),
    ...forged,
  },
  { name: 'a signature with r and s exchanged', signed: rs((r, s) => [s, r < N / 2n ? r : N - r]), ...forged },
  { name: 'a signature with one bit flipped', signed: tailed((tail) => tail.with(5, (tail[5] ?? 0) ^ 1)), ...forged },
  { name: 'a signature of 63 bytes', signed: tailed((tail) => tail.slice(1)), ...notCanonical },
  {
    name: 'a signature of 65 bytes, a recovery id behind it',
    signed: tailed((tail) => Uint8Array.of(...tail, 27)),
    ...notCanonical,
  },
  {
    name: 'a signature in DER',
    signed: tailed((tail) => Uint8Array.of(0x30, 0x44, 2, 32, ...tail.subarray(0, 32), 2, 32, ...tail.subarray(32))),
    ...notCanonical,
  },
  {
    name: 'a signature of another credential',
    shown: jwt(
      (it, world) =>
        it.slice(0, it.lastIndexOf('.')) + world.genuine.model.jwt.slice(world.genuine.model.jwt.lastIndexOf('.')),
    ),
    ...altered,
  },
  {
    name: 'a payload of another credential',
    shown: part(1, (body) => encodeText(decodeText(body).replace('A7K2', 'B8L3'))),
    verdict: 'invalid',
    codes: ['subject.other', 'signature.forged', 'anchor.not-in-batch'],
  },
];

function strayHeader(draft: Draft): Draft {
  // Of a length that leaves bits over: white space is free in what is signed.
  const header = draft.header.length % 3 === 0 ? `${draft.header} ` : draft.header;
  return {
    ...draft,
    header,
    spelled: (text) =>
      text
        .split('.')
        .with(0, stray(text.split('.')[0] ?? ''))
        .join('.'),
  };
}

/** The header. A hostile issuer signs all of these, and they are anchored. */
const HEADERS: readonly Attack[] = [
  ...[
    'none',
    'None',
    'NONE',
    'HS256',
    'HS384',
    'RS256',
    'PS256',
    'ES384',
    'ES512',
    'ES256K',
    'Ed448',
    'es256',
    'ES256 ',
    '',
    'ES256,EdDSA',
  ].map((alg): Attack => ({ name: `the algorithm "${alg}"`, signed: signHeader({ alg }), ...notCanonical })),
  { name: 'no algorithm', signed: signHeader({ alg: undefined }), ...notCanonical },
  { name: 'the algorithm in a list', signed: signHeader({ alg: ['ES256'] }), ...notCanonical },
  { name: 'the algorithm null', signed: signHeader({ alg: null }), ...notCanonical },
  {
    name: 'the algorithm "none" and no signature',
    signed: both(
      signHeader({ alg: 'none' }),
      spelled((it) => it.slice(0, it.lastIndexOf('.') + 1)),
    ),
    ...notCanonical,
  },
  { name: 'the name Ed25519 on a signature of a P-256 key', signed: signHeader({ alg: 'Ed25519' }), ...forged },
  { name: 'the name EdDSA on a signature of a P-256 key', signed: signHeader({ alg: 'EdDSA' }), ...forged },
  {
    name: 'the older name EdDSA of Ed25519 is the same algorithm',
    by: 'makerEd25519',
    signed: signHeader({ alg: 'EdDSA' }),
    ...valid,
  },
  {
    name: 'the name ES256 on a signature of an Ed25519 key',
    by: 'makerEd25519',
    signed: both(signHeader({ alg: 'ES256' }), lowTail()),
    ...forged,
  },
  ...[
    'JWT',
    'jwt',
    'vp+jwt',
    'VC+JWT',
    'vc+JWT',
    'application/vc+jwt',
    'vc+sd-jwt',
    'dc+sd-jwt',
    'vc+ld+jwt',
    'vc+cose',
    'dpp-state+jwt',
    'vc+jwt ',
    '',
  ].map((typ): Attack => ({ name: `the media type "${typ}"`, signed: signHeader({ typ }), ...notCanonical })),
  { name: 'no media type', signed: signHeader({ typ: undefined }), ...notCanonical },
  ...['vp', 'VC', 'application/vc', ''].map(
    (cty): Attack => ({ name: `the content type "${cty}"`, signed: signHeader({ cty }), ...notCanonical }),
  ),
  { name: 'no content type is as good as "vc"', signed: signHeader({ cty: undefined }), ...valid },
  {
    name: 'the members of the header in another order',
    signed: signHeaderText((it) => JSON.stringify(Object.fromEntries(Object.entries(JSON.parse(it)).reverse()))),
    ...valid,
  },
  { name: 'a critical extension', signed: signHeader({ crit: ['b64'], b64: false }), ...notCanonical },
  { name: 'an empty list of critical extensions', signed: signHeader({ crit: [] }), ...notCanonical },
  { name: 'an unencoded payload', signed: signHeader({ b64: false }), ...notCanonical },
  { name: 'a compressed payload', signed: signHeader({ zip: 'DEF' }), ...notCanonical },
  { name: 'a key in the header', signed: signHeader((draft) => ({ jwk: draft.cast.stranger.key })), ...notCanonical },
  {
    name: 'the address of a key in the header',
    signed: signHeader({ jku: 'http://169.254.169.254/keys' }),
    ...notCanonical,
  },
  { name: 'a certificate in the header', signed: signHeader({ x5c: ['MIIB'] }), ...notCanonical },
  {
    name: 'the address of a certificate in the header',
    signed: signHeader({ x5u: 'file:///etc/passwd' }),
    ...notCanonical,
  },
  { name: 'the digest of a certificate in the header', signed: signHeader({ 'x5t#S256': ZERO_32 }), ...notCanonical },
  { name: 'an issuer in the header', signed: signHeader({ iss: 'did:web:maker.example' }), ...notCanonical },
  { name: 'a time in the header', signed: signHeader({ iat: 1 }), ...notCanonical },
  {
    name: 'the same member twice in the header',
    signed: signHeaderText((it) => it.replace('{', '{"alg":"none",')),
    ...notCanonical,
  },
  {
    name: 'the same member twice in the header, one in escapes',
    signed: signHeaderText((it) => it.replace('{', '{"\\u0061lg":"none",')),
    ...notCanonical,
  },
  {
    name: '__proto__ in the header',
    signed: signHeaderText((it) => it.replace('{', '{"__proto__":{"alg":"none"},')),
    ...notCanonical,
  },
  { name: 'a header that is a list', signed: signHeaderText((it) => `[${it}]`), ...notCanonical },
  { name: 'a header that is null', signed: signHeaderText(() => 'null'), ...notCanonical },
  { name: 'a header after a byte order mark', signed: signHeaderText((it) => `\ufeff${it}`), ...notCanonical },
  { name: 'a header that was not signed', shown: headerText((it) => `${it} `), ...altered },
  { name: 'an algorithm that was not signed', shown: header({ alg: 'EdDSA' }), ...altered },
];

/** An Ed25519 signature whose second half passes for a low s. */
function lowTail() {
  return tailed((tail) => tail.with(32, 0));
}

/** The payload as JSON, signed and anchored. */
const PAYLOADS: readonly Attack[] = [
  {
    name: 'a payload with white space is as good',
    signed: signText((it) => JSON.stringify(JSON.parse(it), undefined, 2)),
    ...valid,
  },
  {
    name: 'a payload with escapes is as good',
    signed: signText((it) => it.replaceAll('did:web:maker', 'did\\u003aweb:m\\u0061ker')),
    ...valid,
  },
  {
    name: 'a payload with terms that nobody knows is as good',
    signed: sign({ 'urn:x:unknown': { constructor: 1, toString: 2, valueOf: null } }),
    ...valid,
  },
  {
    name: 'a payload with characters beyond the basic plane is as good',
    signed: sign({ name: 'Passport \u{1f4bb}' }),
    ...valid,
  },
  {
    name: 'the same member twice in the payload',
    signed: signText((it) => it.replace('{', '{"id":"urn:uuid:0",')),
    ...notCanonical,
  },
  {
    name: 'the same subject twice in the payload',
    signed: signText((it) => it.replace(/\}$/, ',"credentialSubject":{"id":"https://id.gs1.org/01/09529999000019"}}')),
    ...notCanonical,
  },
  {
    name: 'the same status twice in the payload, one name in escapes',
    signed: signText((it) => it.replace(/\}$/, ',"credentialStatu\\u0073":{}}')),
    ...notCanonical,
  },
  {
    name: 'the same member twice deep in the payload',
    signed: signText((it) => it.replace('"name":"Laptop 14"', '"name":"Laptop 14","x":[{"y":{"z":1,"z":1}}]')),
    ...notCanonical,
  },
  {
    name: '__proto__ in the payload',
    signed: signText((it) => it.replace('{', '{"__proto__":{"credentialStatus":{}},')),
    ...notCanonical,
  },
  {
    name: '__proto__ deep in the payload',
    signed: signText((it) => it.replace('"name":"Laptop 14"', '"name":"Laptop 14","x":[{"__proto__":[]}]')),
    ...notCanonical,
  },
  {
    name: 'a payload nested 33 deep',
    signed: signText((it) => it.replace('{', `{"x":${'['.repeat(33)}${']'.repeat(33)},`)),
    ...notCanonical,
  },
  { name: 'a number beyond all doubles', signed: signText((it) => it.replace('{', '{"x":1e999,')), ...notCanonical },
  { name: 'a number below all doubles', signed: signText((it) => it.replace('{', '{"x":-1e999,')), ...notCanonical },
  { name: 'a payload after a byte order mark', signed: signText((it) => `\ufeff${it}`), ...notCanonical },
  { name: 'a payload with something after it', signed: signText((it) => `${it}{}`), ...notCanonical },
  {
    name: 'a payload with half a surrogate pair',
    signed: signText((it) => it.replace('Passport: Laptop', '\\ud83d Laptop')),
    ...notCanonical,
  },
  {
    name: 'a payload with the halves of a surrogate pair exchanged',
    signed: signText((it) => it.replace('Passport: Laptop', '\\udcbb\\ud83d Laptop')),
    ...notCanonical,
  },
  {
    name: 'a member named by half a surrogate pair',
    signed: signText((it) => it.replace('{', '{"\\ud83d":1,')),
    ...notCanonical,
  },
  { name: 'a payload with a byte that is not UTF-8', signed: withBytes('Laptop', [0xff]), ...notCanonical },
  { name: 'a payload with an overlong slash', signed: withBytes('Laptop', [0xc0, 0xaf]), ...notCanonical },
  { name: 'a payload with a surrogate in UTF-8', signed: withBytes('Laptop', [0xed, 0xa0, 0x80]), ...notCanonical },
  { name: 'a payload with a character cut in half', signed: withBytes('Laptop', [0xe2, 0x82]), ...notCanonical },
  {
    name: 'a payload with a character beyond Unicode',
    signed: withBytes('Laptop', [0xf4, 0x90, 0x80, 0x80]),
    ...notCanonical,
  },
  { name: 'a payload of no bytes', signed: signText(() => ''), ...notCanonical },
  { name: 'a payload that is a list', signed: signText((it) => `[${it}]`), ...noCredential },
  { name: 'a payload that is null', signed: signText(() => 'null'), ...noCredential },
  { name: 'a payload that is text', signed: signText((it) => JSON.stringify(it)), ...noCredential },
  { name: 'a payload that is a number', signed: signText(() => '1'), ...noCredential },
  { name: 'another name in the payload', shown: payload({ name: 'Passport: Laptop 15' }), ...altered },
  { name: 'a term more in the payload', shown: payload({ recycled: '100 %' }), ...altered },
  { name: 'a space more in the payload', shown: payloadText((it) => `${it} `), ...altered },
  { name: 'a validity that was drawn out', shown: payload({ validUntil: '2099-01-01T00:00:00Z' }), ...altered },
  {
    name: 'a status place that was put elsewhere',
    shown: payloadText((it) =>
      it.replaceAll(/-\d+","type"/g, '-9","type"').replace(/"statusListIndex":\d+/, '"statusListIndex":9'),
    ),
    ...altered,
  },
  {
    name: 'another credential than the one that was asked for',
    shown: expected({ cid: 'bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy' }),
    verdict: 'invalid',
    codes: ['content.other-credential'],
  },
  ...[
    ['in upper case', (cid: string) => cid.toUpperCase()],
    ['of another codec', (cid: string) => cid.replace('bafkrei', 'bafybei')],
    ['of another hash', (cid: string) => cid.replace('bafkrei', 'bafk2bz')],
    ['of version 0', () => 'QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWnPbdG'],
    ['with a path', (cid: string) => `${cid}/../x`],
    ['with a zero byte behind it', (cid: string) => `${cid}\0`],
  ].map(
    ([how, change]): Attack => ({
      name: `a CID ${how} names nothing`,
      shown: (it, world) =>
        expected({ cid: (change as (cid: string) => string)(hashCid(utf8.encode(world.genuine.passport.jwt))) })(
          it,
          world,
        ),
      verdict: 'invalid',
      codes: ['content.other-credential'],
    }),
  ),
];

function withBytes(word: string, bytes: readonly number[]) {
  return (draft: Draft): Draft => {
    const [before = '', after = ''] = draft.payload.split(word, 2);
    return { ...draft, bytes: Uint8Array.of(...utf8.encode(`${before}${word}`), ...bytes, ...utf8.encode(after)) };
  };
}

export const SPELLING = { PRESENTED, JSON_TEXT, MEMBERS, JWT_TEXT, HEADERS, PAYLOADS };
