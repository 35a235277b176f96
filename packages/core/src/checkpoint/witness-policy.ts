/**
 * Whom to believe about a log (https://c2sp.org/tlog-policy): logs, witnesses, groups of them, and the quorum that makes a checkpoint
 * good. Names are the policy's own and mean nothing outside of it; a witness is its key. Every line that the specification does not
 * allow is refused, with its number.
 */
import { encodeHex } from '../bytes.ts';
import { DppError, InvalidInputError } from '../errors.ts';
import { type Cosigner, parseCosigner } from './cosignature.ts';
import type { NoteVerifier } from './note.ts';
import { importPublicKey, NOTE_KEY } from './note-key.ts';

export interface PolicyLog {
  /** Its name is the log's origin. */
  readonly verifier: NoteVerifier;
  readonly url: string | undefined;
}

export interface PolicyWitness {
  /** In the policy, and nowhere else. */
  readonly name: string;
  readonly cosigner: Cosigner;
  /** Where it takes checkpoints: what stands before `/add-checkpoint`. */
  readonly url: string | undefined;
}

export interface WitnessPolicy {
  /** Empty: whoever uses the policy knows the log otherwise. */
  readonly logs: readonly PolicyLog[];
  readonly witnesses: readonly PolicyWitness[];
  /** Whether these witnesses, by their names in the policy, are enough; other names count for nothing. */
  meetsQuorum(names: Iterable<string>): boolean;
  /** For people: "2 of 3 witnesses: a, b, c". */
  readonly sentence: string;
}

type Member =
  | { readonly kind: 'witness'; readonly name: string }
  | { readonly kind: 'group'; readonly name: string; readonly needed: number; readonly members: readonly Member[] };

/** The specification asks for 32 of each kind at least. */
const MOST_LINES = 4096;
const LONGEST = 256 * 1024;
/** The one name that is nobody's. */
const NONE = 'none';
const ALLOWED = /^[\t\n\x20-\x7e\x80-\u{10ffff}]*$/u;

/** Errors: `checkpoint.policy`; the message names the line. */
export async function parseWitnessPolicy(text: string): Promise<WitnessPolicy> {
  if (text.length > LONGEST) refuse(`${text.length} characters where ${LONGEST} are the most`);
  if (!text.isWellFormed() || !ALLOWED.test(text)) refuse('it has a control character, or half a surrogate pair');
  // A file that was cut is not a shorter policy.
  if (!text.endsWith('\n')) refuse('its last line does not end in a newline');
  const lines = text.slice(0, -1).split('\n');
  if (lines.length > MOST_LINES) refuse(`${lines.length} lines where ${MOST_LINES} are the most`);
  const reading = beginReading();
  for (const [i, line] of lines.entries()) {
    const words = line.split(/[ \t]+/).filter((word) => word !== '');
    if (words[0] === undefined || words[0].startsWith('#')) continue;
    try {
      await reading.readLine(words);
    } catch (cause) {
      if (!(cause instanceof DppError)) throw cause;
      refuse(`in line ${i + 1}, ${cause.message.replace(/\.$/, '')}`, cause);
    }
  }
  return reading.finish();
}

function beginReading() {
  const logs: PolicyLog[] = [];
  const witnesses: PolicyWitness[] = [];
  /** Witnesses and groups share their names. */
  const defined = new Map<string, Member>();
  /** A member counts in one way only, and so does a key. */
  const [placed, logKeys, witnessKeys] = [new Set<string>(), new Set<string>(), new Set<string>()];
  let quorum: Member | typeof NONE | undefined;

  function define(member: Member): void {
    if (member.name === NONE) refuseLine('"none" is the name of nobody');
    if (defined.has(member.name)) refuseLine(`the name "${clip(member.name)}" is defined a second time`);
    defined.set(member.name, member);
  }

  const find = (name: string) => defined.get(name) ?? refuseLine(`"${clip(name)}" is defined in no line above`);

  async function readLog([key, url, ...more]: readonly string[]): Promise<void> {
    if (key === undefined || more.length > 0) refuseLine('expected are: log, a key, and a URL or nothing');
    const { name, keyId, publicKey, verifyBytes } = await importPublicKey(key, NOTE_KEY);
    addOnce(logKeys, encodeHex(publicKey), `the key of the log ${clip(name)}`);
    logs.push({ verifier: { name, keyId, verify: verifyBytes }, url: parseUrl(url) });
  }

  async function readWitness([name, key, url, ...more]: readonly string[]): Promise<void> {
    if (name === undefined || key === undefined || more.length > 0) {
      refuseLine('expected are: witness, a name, a key, and a URL or nothing');
    }
    const cosigner = await parseCosigner(key);
    addOnce(witnessKeys, encodeHex(cosigner.publicKey), `the key of the witness ${clip(name)}`);
    define({ kind: 'witness', name });
    witnesses.push({ name, cosigner, url: parseUrl(url) });
  }

  function readGroup([name, threshold, ...names]: readonly string[]): void {
    if (name === undefined || threshold === undefined || names.length === 0) {
      refuseLine('expected are: group, a name, how many (a number, "any" or "all"), and members');
    }
    const needed = parseThreshold(threshold, names.length);
    const members = names.map(find);
    for (const each of names) addOnce(placed, each, `the member "${clip(each)}"`);
    define({ kind: 'group', name, needed, members });
  }

  function readQuorum([name, ...more]: readonly string[]): void {
    if (name === undefined || more.length > 0) refuseLine('expected are: quorum, and one name or "none"');
    if (quorum !== undefined) refuseLine('there is a second quorum');
    quorum = name === NONE ? NONE : find(name);
  }

  return {
    async readLine([keyword, ...words]: readonly string[]): Promise<void> {
      if (keyword === 'log') await readLog(words);
      else if (keyword === 'witness') await readWitness(words);
      else if (keyword === 'group') readGroup(words);
      else if (keyword === 'quorum') readQuorum(words);
      else refuseLine(`"${clip(keyword)}" begins no line: log, witness, group and quorum do`);
    },

    finish(): WitnessPolicy {
      const whole = quorum ?? refuse('it has no line "quorum" ("quorum none" asks for no witness)');
      return {
        ...{ logs, witnesses },
        meetsQuorum: (names) => whole === NONE || isMet(whole, new Set(names)),
        sentence: whole === NONE ? 'no witness' : describe(whole),
      };
    },
  };
}

function isMet(member: Member, names: ReadonlySet<string>): boolean {
  if (member.kind === 'witness') return names.has(member.name);
  return member.members.filter((each) => isMet(each, names)).length >= member.needed;
}

function describe(member: Member): string {
  if (member.kind === 'witness') return `the witness ${member.name}`;
  return describeGroup(member);
}

function describeGroup({ needed, members }: Member & { readonly kind: 'group' }): string {
  const what = members.every(({ kind }) => kind === 'witness')
    ? members.length === 1
      ? ' witness'
      : ' witnesses'
    : '';
  const listed = members.map((each) => (each.kind === 'witness' ? each.name : `${each.name} (${describeGroup(each)})`));
  return `${needed} of ${members.length}${what}: ${listed.join(', ')}`;
}

function parseThreshold(text: string, members: number): number {
  if (text === 'any') return 1;
  if (text === 'all') return members;
  const needed = /^[1-9]\d{0,8}$/.test(text)
    ? Number(text)
    : refuseLine(`"${clip(text)}" is no number, "any" or "all"`);
  return needed <= members ? needed : refuseLine(`${needed} of ${members} can never be met`);
}

function parseUrl(text: string | undefined): string | undefined {
  if (text === undefined) return undefined;
  if (/^https?:\/\//.test(text) && URL.canParse(text)) return text;
  return refuseLine(`"${clip(text)}" is no http or https URL`);
}

function addOnce(seen: Set<string>, key: string, what: string): void {
  if (seen.has(key)) refuseLine(`${what} stands above already`);
  seen.add(key);
}

function clip(text = ''): string {
  return text.slice(0, 60);
}

function refuseLine(message: string): never {
  throw new InvalidInputError('checkpoint.policy', message);
}

function refuse(message: string, cause?: unknown): never {
  throw new InvalidInputError('checkpoint.policy', `This is not a policy for logs: ${message}.`, { cause });
}
