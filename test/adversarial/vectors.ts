/**
 * Writes every attack that JSON can carry as a vector, for other verifiers: what is presented, facts, policy, what was expected, the time,
 * and what this project's verifier says. The format is in README.md. Run: `node test/adversarial/vectors.ts FILE`.
 */
import { writeFile } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import { encodeBase64Url, encodeHex, type Report } from '@dpp-ledger/core';
import { type Facts, parseFacts } from '@dpp-ledger/core/evidence';
import { type VerifyOptions, verify } from '@dpp-ledger/core/verify';
import { ordersOf, present } from './attack.ts';
import { ATTACKS, GROUPS } from './attacks.ts';
import { createWorld, type World } from './world.ts';

export interface Vector {
  readonly name: string;
  readonly group: string;
  /** base64url of the bytes that are presented. */
  readonly presented: string;
  readonly facts: object | null;
  readonly policy: object;
  readonly expected: object;
  readonly now: number;
  readonly verdict: Report['verdict'];
  /** Of the eleven checks, in their order. */
  readonly codes: readonly string[];
}

export interface Vectors {
  readonly version: 'dpp-vectors/1';
  readonly vectors: readonly Vector[];
  /** Names of the attacks that JSON cannot carry. */
  readonly omitted: readonly string[];
}

/** All of them, of that world. */
export async function buildVectors(world: World): Promise<Vectors> {
  const vectors: Vector[] = [];
  const omitted: string[] = [];
  for (const { title, attacks } of GROUPS) {
    for (const attack of attacks) {
      const vector = await buildVector(attack.name, title, present(attack, world));
      if (vector === undefined) omitted.push(attack.name);
      else vectors.push(vector);
    }
  }
  return { version: 'dpp-vectors/1', vectors, omitted };
}

async function buildVector(name: string, group: string, options: VerifyOptions): Promise<Vector | undefined> {
  const presented = writeAsBytes(options.evidence);
  // Packs have vectors of their own: what the table has are facts, or what pretends to be.
  const facts = options.facts === undefined ? null : plainFacts(options.facts as Facts);
  if (presented === undefined || facts === undefined || !Number.isFinite(options.now)) return undefined;
  // Judged as whoever reads the vector will: from the bytes.
  const { verdict, checks } = await verify({ ...options, evidence: readAsText(presented) ?? presented });
  const { policy, expected = {}, now } = options;
  return {
    name,
    group,
    presented: encodeBase64Url(presented),
    facts,
    policy,
    expected,
    now,
    verdict,
    codes: checks.map(({ code }) => code),
  };
}

const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** What is presented, as the bytes that a vector has; `undefined` where JSON cannot carry it. */
export function writeAsBytes(evidence: unknown): Uint8Array | undefined {
  if (evidence instanceof Uint8Array) return evidence;
  if (typeof evidence === 'string') return evidence.isWellFormed() ? encoder.encode(evidence) : undefined;
  try {
    const text = JSON.stringify(evidence);
    return text === undefined ? undefined : encoder.encode(text);
  } catch {
    return undefined;
  }
}

/** The same as text; `undefined` where it is not UTF-8. */
export function readAsText(bytes: Uint8Array): string | undefined {
  try {
    return decoder.decode(bytes);
  } catch {
    return undefined;
  }
}

/** Facts as JSON: bytes in hexadecimal, words and lists in decimal, `null` for never. `undefined` where they are none that can be read. */
function plainFacts(value: Facts): object | undefined {
  let facts: Facts;
  try {
    facts = parseFacts(value);
  } catch {
    return undefined;
  }
  const { treeHead, grant, upstream, source, ledger, blockNumber, blockTime, finalBlockNumber, closed } = facts;
  return {
    ...{ source, ledger, blockNumber, blockTime, finalBlockNumber, closed },
    treeHead: { size: treeHead.size, peaks: treeHead.peaks.map(encodeHex) },
    grant: grant === undefined ? null : { from: grant.from, until: grant.until ?? null },
    ...plainAnswer(facts),
    upstream: upstream?.map((about) => ({ ...plainAnswer(about), lots: about.lots })) ?? null,
  };
}

function plainAnswer({ question, issuer, key, status, logged }: UpstreamAnswer): object {
  return {
    question: { ...question, list: `${question.list}` },
    issuer: issuer === undefined ? null : { ...issuer, withdrawnSince: issuer.withdrawnSince ?? null },
    key:
      key === undefined
        ? null
        : { ...key, retiredAt: key.retiredAt ?? null, compromisedSince: key.compromisedSince ?? null },
    status: { revoked: `${status.revoked}`, superseded: `${status.superseded}` },
    logged: logged === undefined ? null : { index: logged.index, bytes: encodeHex(logged.bytes) },
  };
}

type UpstreamAnswer = Pick<Facts, 'question' | 'issuer' | 'key' | 'status' | 'logged'>;

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const [, , file] = process.argv;
  if (file === undefined) throw new TypeError('Name the file to write.');
  const world = await createWorld(ordersOf(ATTACKS));
  try {
    const all = await buildVectors(world);
    await writeFile(file, `${JSON.stringify(all, undefined, 1)}\n`);
    console.log(`${all.vectors.length} vectors written to ${file}, ${all.omitted.length} omitted`);
  } finally {
    await world.stop();
  }
}
