/**
 * Edge cases of ECDSA on P-256 in the manner of Wycheproof, made by choosing R first: for any r, s and message there is a key under which
 * they verify, Q = r^-1 (sR - zG). `low` says whether s is low: the ledger, and the one spelling of a credential, take no other.
 */
import { createHash } from 'node:crypto';
import { p256 } from '@noble/curves/nist.js';

type Point = InstanceType<typeof p256.Point>;

/** What is verified, as 32-byte words, and what must come of it. */
export interface EcdsaCase {
  readonly name: string;
  readonly message: string;
  readonly x: string;
  readonly y: string;
  readonly r: string;
  readonly s: string;
  /** By FIPS 186-5. */
  readonly valid: boolean;
  readonly low: boolean;
}

const { BASE: G, Fn } = p256.Point;
const N = Fn.ORDER;
const P = p256.Point.Fp.ORDER;
const HALF = N >> 1n;
const MESSAGE = 'digital product passport';

const hashMessage = (message: string) => Fn.create(BigInt(`0x${createHash('sha256').update(message).digest('hex')}`));
const word = (value: bigint) => `0x${value.toString(16).padStart(64, '0')}`;
const findPoint = (from: bigint): Point => {
  for (let x = from; ; x++) {
    try {
      return p256.Point.fromHex(`02${word(x).slice(2)}`);
    } catch {
      // Half of all x are of no point.
    }
  }
};

/** The key under which (r, s) verifies with R = `point`. */
function findKey(point: Point, s: bigint): Point {
  const z = hashMessage(MESSAGE);
  return point
    .multiply(s)
    .subtract(G.multiply(z))
    .multiply(Fn.inv(Fn.create(point.x)));
}

export function createEcdsaCases(): readonly EcdsaCase[] {
  const cases: EcdsaCase[] = [];
  const z = hashMessage(MESSAGE);
  const put = (
    name: string,
    key: { x: bigint; y: bigint },
    r: bigint,
    s: bigint,
    valid: boolean,
    message = MESSAGE,
  ) => {
    cases.push({ name, message, x: word(key.x), y: word(key.y), r: word(r), s: word(s), valid, low: s <= HALF });
  };
  const secret = hashMessage('a key that everybody knows');
  const key = G.multiply(secret);
  const nonce = hashMessage('a nonce that everybody knows');
  const r = Fn.create(G.multiply(nonce).x);
  const some = Fn.mul(Fn.inv(nonce), Fn.add(z, Fn.mul(r, secret)));
  const s = some <= HALF ? some : N - some;

  put('an ordinary signature', key, r, s, true);
  put('high s', key, r, N - s, true);
  put('another message', key, r, s, false, `${MESSAGE}.`);
  put('an empty message', key, r, s, false, '');
  put('r and s exchanged', key, s, r <= HALF ? r : N - r, false);
  put('r negated', key, N - r, s, false);
  for (const [name, value] of [
    ['zero', 0n],
    ['one', 1n],
    ['the order less one', N - 1n],
    ['the order', N],
    ['the order and one', N + 1n],
    ['the prime of the field', P],
    ['all ones', (1n << 256n) - 1n],
  ] as const) {
    put(`r is ${name}`, key, value, s, false);
    put(`s is ${name}`, key, r, value, false);
    put(`r and s are ${name}`, key, value, value, false);
  }

  // The same numbers, where they are right.
  const point = G.multiply(nonce);
  put('s is one, rightly', findKey(point, 1n), r, 1n, true);
  put('s is the largest low one, rightly', findKey(point, HALF), r, HALF, true);
  put('s is the smallest high one, rightly', findKey(point, HALF + 1n), r, HALF + 1n, true);
  put('s is the order less one, rightly', findKey(point, N - 1n), r, N - 1n, true);
  const small = findPoint(1n);
  put('r is small, rightly', findKey(small, s), small.x, s, true);
  put('r and s are small, rightly', findKey(small, 3n), small.x, 3n, true);
  const large = findPoint(N);
  put('x of R is beyond the order, r is what is left', findKey(large, s), large.x - N, s, true);
  put('x of R is beyond the order, r is x itself', findKey(large, s), large.x, s, false);
  put('r is what is left of another x than that of R', findKey(small, s), small.x + N, s, false);

  // Where u1 G and u2 Q are the same, sum by doubling; where they cancel each other out, R is the point at infinity.
  const doubled = Fn.mul(z, Fn.inv(r));
  const atDouble = Fn.mul(Fn.inv(nonce), Fn.add(z, z));
  put('u1 G and u2 Q are the same point', G.multiply(doubled), r, atDouble <= HALF ? atDouble : N - atDouble, true);
  put('u1 G and u2 Q cancel each other out', G.multiply(Fn.neg(doubled)), r, s, false);
  const byOne = Fn.mul(Fn.inv(nonce), Fn.add(z, r));
  put('the key is the generator', G, r, byOne <= HALF ? byOne : N - byOne, true);
  const byMinusOne = Fn.mul(Fn.inv(nonce), Fn.sub(z, r));
  put('the key is the generator negated', G.negate(), r, byMinusOne <= HALF ? byMinusOne : N - byMinusOne, true);

  // Keys that are none.
  put('the key is another', G.multiply(Fn.add(secret, 1n)), r, s, false);
  put('the key is negated', key.negate(), r, s, false);
  put('the key is not on the curve', { x: key.x, y: key.y + 1n }, r, s, false);
  put('the key is the point at infinity, as zeros', { x: 0n, y: 0n }, r, s, false);
  put('the coordinates of the key are exchanged', { x: key.y, y: key.x }, r, s, false);
  put('x of the key is the prime of the field', { x: P, y: key.y }, r, s, false);
  put('y of the key is the prime of the field', { x: key.x, y: P }, r, s, false);
  // A key whose x is so small that x and the prime together still fit into 32 bytes: one point, spelt a second way.
  const lowKey = findPoint(1n);
  const ofLowKey = lowKey.negate();
  put('x of the key is spelt beyond the prime', { x: lowKey.x + P, y: ofLowKey.y }, r, s, false);
  return cases;
}
