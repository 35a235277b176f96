/**
 * Attacks on what is verified without a network: statements of witnesses, proofs of the chain's state, and the file that holds them. The
 * witnesses here sign what they are told to, with real keys; the state is the real chain's, proved by its own node.
 */
import {
  type CheckCode,
  concatBytes,
  decodeHex,
  encodeBase64Url,
  encodeHex,
  type Hex,
  type LedgerId,
  type Report,
  sha256,
  type Verdict,
} from '@dpp-ledger/core';
import {
  type CosignatureSigner,
  createCosignatureSigner,
  encodeCheckpoint,
  formatOrigin,
  generateCosignatureKey,
  type StateStatement,
  signStatement,
} from '@dpp-ledger/core/checkpoint';
import { type Evidence, type Policy, parsePolicyFile, questionOf } from '@dpp-ledger/core/evidence';
import { decodeEntry, planPeakPath } from '@dpp-ledger/core/journal';
import { createStateProof, encodePack, JOURNAL_SLOT, peakSlots, slotsOf, verifyPack } from '@dpp-ledger/core/pack';
import { verify } from '@dpp-ledger/core/verify';
import * as dagCbor from '@ipld/dag-cbor';
import { keccak } from '../../packages/sdk/src/ledger/codec.ts';
import { differences, GOOD, withoutFacts } from './attack.ts';
import { digestOf, type GenuineName, ITEM, need, type World } from './world.ts';

/** What a pack is made of. */
interface Parts {
  readonly statements: readonly string[];
  readonly nodes: readonly Uint8Array[];
  readonly evidence: readonly Evidence[];
}

type State = Omit<Parts, 'evidence'>;

/** Three witnesses that the policy names, one that it does not, and what is true. */
export interface Kit {
  readonly world: World;
  readonly witnesses: readonly CosignatureSigner[];
  readonly stranger: CosignatureSigner;
  readonly truth: StateStatement;
  /** Two of the three witnesses. */
  readonly policy: Policy;
  /** Proofs of every genuine credential of the world. */
  readonly genuine: State;
  /** Three passports, and their proofs alone: what a pack has. */
  readonly pallet: Parts;
  /** Of the last block at which the path of the passport's anchor was another. */
  readonly before: { readonly truth: StateStatement; readonly nodes: readonly Uint8Array[] };
  sign(statement: StateStatement, who?: readonly CosignatureSigner[]): Promise<string[]>;
  policyOf(options: { readonly needed?: number; readonly lines?: readonly string[] }): Promise<Policy>;
}

export async function createKit(world: World): Promise<Kit> {
  const names = ['ada.example/w', 'bob.example/w', 'eve.example/w', 'mallory.example/w'];
  const signers = await Promise.all(
    names.map(async (name) => createCosignatureSigner(await generateCosignatureKey(name))),
  );
  const witnesses = signers.slice(0, 3);
  const policyOf: Kit['policyOf'] = (options) =>
    parsePolicyFile({ ledgers: [world.ledger], witnessPolicy: writeWitnessPolicy(witnesses, options) });
  const evidence = (['passport', 'other device', 'of the rival'] as const).map((name) =>
    world.evidence(world.genuine[name]),
  );
  const { number: last } = need(await world.readers.ours.readBlock('latest'));
  const now = await stateAt(
    world,
    last,
    Object.values(world.genuine).map((it) => world.evidence(it)),
  );
  const sign: Kit['sign'] = (statement, who = witnesses) =>
    Promise.all(who.map((signer) => signStatement(statement, signer)));
  const statements = await sign(now.truth);
  return {
    world,
    witnesses,
    stranger: need(signers[3]),
    truth: now.truth,
    policy: await policyOf({}),
    genuine: { statements, nodes: now.nodes },
    pallet: { statements, nodes: (await stateAt(world, last, evidence)).nodes, evidence },
    before: await stateAt(world, blockBefore(world, need(world.genuine.passport).entry), evidence),
    sign,
    policyOf,
  };
}

/** Since then the peak above the entry was merged into a larger one. */
function blockBefore({ entries }: World, entry: number): number {
  const now = planPeakPath(entry, entries.length).length;
  const size = entries.findLastIndex((_, i) => i > entry && planPeakPath(entry, i + 1).length < now) + 1;
  return decodeEntry(need(entries[size - 1])).blockNumber;
}

/** As C2SP's tlog-policy has it. */
export function writeWitnessPolicy(
  witnesses: Kit['witnesses'],
  { needed = 2, lines = [] }: Parameters<Kit['policyOf']>[0],
): string {
  return [
    ...witnesses.map(({ verifierKey }, i) => `witness w${i} ${verifierKey}`),
    `group enough ${needed} w0 w1 w2`,
    ...lines,
    'quorum enough',
    '',
  ].join('\n');
}

/** What is true at a block, and its proofs for these credentials. */
async function stateAt(
  world: World,
  blockNumber: number,
  evidence: readonly Evidence[],
): Promise<{ readonly truth: StateStatement; readonly nodes: readonly Uint8Array[] }> {
  const head = await world.readers.ours.readTreeHead({ blockNumber });
  const slots = new Set<Hex>([JOURNAL_SLOT, ...peakSlots(head.size)]);
  for (const one of evidence) for (const slot of Object.values(slotsOf(questionOf(one)))) slots.add(slot);
  const { block, nodes } = await world.state.readProofs([...slots], { blockNumber });
  const { number, hash, stateRoot, time } = block;
  const truth: StateStatement = {
    ledger: world.ledger,
    origin: formatOrigin(world.ledger, 1),
    block: { number, hash, stateRoot, time },
    tree: { size: head.size, root: decodeHex(head.root, 32) },
    iat: time,
  };
  return { truth, nodes };
}

// --------------------------------------------------------------------------------------------- statements and proofs

export interface StateAttack {
  readonly name: string;
  /** The maker's passport by default. */
  readonly of?: GenuineName;
  readonly parts?: (state: State, kit: Kit) => Partial<State> | Promise<Partial<State>>;
  readonly policy?: (kit: Kit) => Policy | Promise<Policy>;
  readonly evidence?: (evidence: Evidence, kit: Kit) => Evidence;
  readonly now?: (now: number) => number;
  readonly verdict: Verdict;
  /** What the checks say that do not say what they say of the passport in a genuine pack. */
  readonly codes: readonly CheckCode[];
}

export async function judgeState(attack: StateAttack, kit: Kit): Promise<{ verdict: Verdict; codes: CheckCode[] }> {
  const { of = 'passport', parts = () => ({}), policy = () => kit.policy, now = (it) => it } = attack;
  const { statements, nodes } = { ...kit.genuine, ...(await parts(kit.genuine, kit)) };
  const evidence = kit.world.evidence(kit.world.genuine[of]);
  const report = await verify({
    evidence: attack.evidence === undefined ? evidence : attack.evidence(evidence, kit),
    facts: createStateProof({ statements, nodes }),
    policy: await policy(kit),
    expected: { subject: ITEM as never },
    now: now(kit.world.now),
  });
  return { verdict: report.verdict, codes: differences(report, { ...GOOD, anchor: 'anchor.witnessed' }) };
}

const open = (reason: Parameters<typeof withoutFacts>[0]) =>
  ({ verdict: 'indeterminate', codes: withoutFacts(reason) }) as const;
const valid = { verdict: 'valid', codes: [] } as const;
/** All three witnesses state what is not so, each with its own key. */
const stated = (change: (truth: StateStatement, kit: Kit) => StateStatement) => ({
  parts: async (_: State, kit: Kit) => ({ statements: await kit.sign(change(kit.truth, kit)) }),
});
/** One of the three does. */
const oneStates = (change: (truth: StateStatement, kit: Kit) => StateStatement) => ({
  parts: async ({ statements }: State, kit: Kit) => ({
    statements: [...(await kit.sign(change(kit.truth, kit), kit.witnesses.slice(0, 1))), ...statements.slice(1)],
  }),
});
const statements = (
  change: (statements: readonly string[], kit: Kit) => readonly string[] | Promise<readonly string[]>,
) => ({
  parts: async ({ statements: all }: State, kit: Kit) => ({ statements: await change(all, kit) }),
});
/** The first statement, altered after it was signed. */
const altered = (change: (jwt: string, kit: Kit) => string) =>
  statements((all, kit) => all.with(0, change(need(all[0]), kit)));
const alteredPart = (which: 0 | 1, change: (json: Record<string, unknown>) => unknown) =>
  altered((jwt) => {
    const parts = jwt.split('.');
    const text = Buffer.from(need(parts[which]), 'base64url').toString();
    return parts.with(which, Buffer.from(JSON.stringify(change(JSON.parse(text)))).toString('base64url')).join('.');
  });
const nodes = (change: (nodes: readonly Uint8Array[], kit: Kit) => readonly Uint8Array[]) => ({
  parts: ({ nodes: all }: State, kit: Kit) => ({ nodes: change(all, kit) }),
});
const block =
  (change: Partial<StateStatement['block']>) =>
  (truth: StateStatement): StateStatement => ({
    ...truth,
    block: { ...truth.block, ...change },
  });
const tree =
  (change: Partial<StateStatement['tree']>) =>
  (truth: StateStatement): StateStatement => ({
    ...truth,
    tree: { ...truth.tree, ...change },
  });
const ledger =
  (change: Partial<LedgerId>) =>
  (truth: StateStatement): StateStatement => {
    const other = { ...truth.ledger, ...change };
    return { ...truth, ledger: other, origin: formatOrigin(other, 1) };
  };
const at32 = (name: string) => digestOf(name);

export const STATEMENTS: readonly StateAttack[] = [
  { name: 'statements and proofs as they were made', ...valid },
  { name: 'statements by two of three, where two are needed', ...statements((all) => all.slice(1)), ...valid },
  {
    name: 'statements that were signed at other times are of one state',
    ...oneStates((truth) => ({ ...truth, iat: truth.iat + 7 })),
    ...valid,
  },
  {
    name: 'a statement by a witness that nobody named, beside those of three',
    ...statements(async (all, { sign, truth, stranger }) => [
      ...(await sign(block({ number: 1 })(truth), [stranger])),
      ...all,
    ]),
    ...valid,
  },
  { name: 'no statements', ...statements(() => []), ...open('too-few-witnesses') },
  { name: 'one statement, where two are needed', ...statements((all) => all.slice(2)), ...open('too-few-witnesses') },
  {
    name: 'one statement three times, where two are needed',
    ...statements((all) => [need(all[0]), need(all[0]), need(all[0])]),
    ...open('too-few-witnesses'),
  },
  {
    name: 'two statements of one witness, signed at other times, where two are needed',
    ...statements(async (all, { sign, truth, witnesses }) => [
      need(all[0]),
      ...(await sign({ ...truth, iat: truth.iat + 1 }, witnesses.slice(0, 1))),
    ]),
    ...open('too-few-witnesses'),
  },
  {
    name: 'statements by strangers alone',
    ...statements((_, { sign, truth, stranger }) => sign(truth, [stranger, stranger])),
    ...open('too-few-witnesses'),
  },
  { name: 'a policy that names no witnesses', policy: ({ world }) => world.policy, ...open('no-witnesses') },
  {
    name: 'a policy that asks for no witness',
    policy: async ({ world }) => parsePolicyFile({ ledgers: [world.ledger], witnessPolicy: 'quorum none\n' }),
    ...open('no-witnesses'),
  },
  {
    name: 'a policy of other witnesses',
    policy: async ({ world, stranger }) =>
      parsePolicyFile({ ledgers: [world.ledger], witnessPolicy: `witness m ${stranger.verifierKey}\nquorum m\n` }),
    ...open('too-few-witnesses'),
  },
  {
    name: 'a policy that pins the twin of the ledger',
    policy: async (kit) => ({ ...(await kit.policyOf({})), ledgers: [kit.world.twin] }),
    ...open('facts-other-ledger'),
  },
  {
    name: 'a policy that takes no witness’s word for an anchor',
    policy: async (kit) => ({ ...(await kit.policyOf({})), anchorStandings: ['proved'] }),
    verdict: 'indeterminate',
    codes: ['anchor.standing-not-accepted'],
  },
  // A witness that lies, alone.
  { name: 'one witness states another block', ...oneStates(block({ number: 7 })), ...open('statements-disagree') },
  {
    name: 'one witness states another block hash',
    ...oneStates(block({ hash: at32('block') })),
    ...open('statements-disagree'),
  },
  {
    name: 'one witness states another state root',
    ...oneStates(block({ stateRoot: at32('root') })),
    ...open('statements-disagree'),
  },
  {
    name: 'one witness states another time',
    ...oneStates((truth) => block({ time: truth.block.time + 1 })(truth)),
    ...open('statements-disagree'),
  },
  {
    name: 'one witness states another size',
    ...oneStates((truth) => tree({ size: truth.tree.size - 1 })(truth)),
    ...open('statements-disagree'),
  },
  {
    name: 'one witness states another tree',
    ...oneStates(tree({ root: new Uint8Array(32) })),
    ...open('statements-disagree'),
  },
  {
    name: 'one witness states another log of the ledger',
    ...oneStates((truth) => ({ ...truth, origin: formatOrigin(truth.ledger, 2) })),
    ...open('statements-disagree'),
  },
  {
    name: 'one witness states another ledger',
    ...oneStates((truth, { world }) => ledger(world.theirs)(truth)),
    ...open('statements-disagree'),
  },
  {
    name: 'one witness states another genesis',
    ...oneStates((truth, { world }) => ledger(world.twin)(truth)),
    ...open('statements-disagree'),
  },
  {
    name: 'one witness states other code',
    ...oneStates(ledger({ codeHash: at32('code') })),
    ...open('statements-disagree'),
  },
  {
    name: 'one witness states the state of an earlier block',
    ...oneStates((_, { before }) => before.truth),
    ...open('statements-disagree'),
  },
  // Witnesses that lie together are still bound by the state's proofs.
  {
    name: 'all witnesses state a state root that no proof leads from',
    ...stated(block({ stateRoot: at32('root') })),
    ...open('state-not-proved'),
  },
  {
    name: 'all witnesses state a larger tree',
    ...stated((truth) => tree({ size: truth.tree.size + 1 })(truth)),
    ...open('state-other-tree'),
  },
  {
    name: 'all witnesses state a smaller tree',
    ...stated((truth) => tree({ size: 1 })(truth)),
    ...open('state-other-tree'),
  },
  {
    name: 'all witnesses state another tree',
    ...stated(tree({ root: new Uint8Array(32) })),
    ...open('state-other-tree'),
  },
  {
    name: 'all witnesses state other code',
    ...stated(ledger({ codeHash: at32('code') })),
    ...open('state-other-code'),
  },
  {
    name: "all witnesses state the attacker's ledger in this state",
    ...stated((truth, { world }) => ledger({ address: world.theirs.address })(truth)),
    ...open('state-not-proved'),
  },
  { name: 'all witnesses state another chain', ...stated(ledger({ chainId: 1 })), ...open('facts-other-ledger') },
  {
    name: 'all witnesses state a chain that begins otherwise',
    ...stated((truth, { world }) => ledger(world.twin)(truth)),
    ...open('facts-other-ledger'),
  },
  {
    name: 'all witnesses state a block before the anchor',
    ...stated(block({ number: 1 })),
    ...open('facts-before-anchor'),
  },
  {
    name: 'all witnesses state a time before the anchor',
    ...stated(block({ time: 1 })),
    ...open('facts-before-anchor'),
  },
  {
    name: 'all witnesses state a time to come',
    ...stated((truth) => block({ time: truth.block.time + 3600 })(truth)),
    verdict: 'indeterminate',
    codes: ['freshness.ahead'],
  },
  {
    name: 'statements that are older than the policy allows',
    now: (now) => now + 86_400,
    verdict: 'indeterminate',
    codes: ['freshness.stale'],
  },
  // What is done to a statement after it was signed.
  {
    name: 'a statement with another block',
    ...alteredPart(1, (it) => ({ ...it, block: { ...(it.block as object), number: 9 } })),
    ...open('statement-forged'),
  },
  {
    name: 'a statement with another state root',
    ...alteredPart(1, (it) => ({ ...it, block: { ...(it.block as object), stateRoot: at32('x') } })),
    ...open('statement-forged'),
  },
  {
    name: 'a statement with another time of signing',
    ...alteredPart(1, (it) => ({ ...it, iat: 1 })),
    ...open('statement-forged'),
  },
  {
    name: 'a statement of another ledger, its log unchanged',
    ...alteredPart(1, (it) => ({ ...it, ledger: `eip155:1:0x${'11'.repeat(20)}` })),
    ...open('statement-unreadable'),
  },
  {
    name: 'a statement of no log of the ledger',
    ...alteredPart(1, (it) => ({ ...it, origin: 'log.example/1' })),
    ...open('statement-unreadable'),
  },
  {
    name: 'a statement with a member more',
    ...alteredPart(1, (it) => ({ ...it, note: 'x' })),
    ...open('statement-unreadable'),
  },
  ...['ledger', 'genesis', 'codeHash', 'origin', 'block', 'tree', 'iat'].map(
    (name): StateAttack => ({
      name: `a statement without ${name}`,
      ...alteredPart(1, (it) => ({ ...it, [name]: undefined })),
      ...open('statement-unreadable'),
    }),
  ),
  {
    name: 'a statement of block 1e400',
    ...altered((jwt) => replacePayload(jwt, (text) => text.replace(/"number":\d+/, '"number":1e400'))),
    ...open('statement-unreadable'),
  },
  {
    name: 'a statement with the same member twice',
    ...altered((jwt) => replacePayload(jwt, (text) => text.replace('{', '{"iat":1,'))),
    ...open('statement-unreadable'),
  },
  {
    name: 'a statement with __proto__',
    ...altered((jwt) => replacePayload(jwt, (text) => text.replace('{', '{"__proto__":{},'))),
    ...open('statement-unreadable'),
  },
  {
    name: 'a statement with a space more',
    ...altered((jwt) => replacePayload(jwt, (text) => `${text} `)),
    ...open('statement-forged'),
  },
  {
    name: 'a statement of the algorithm "none"',
    ...alteredPart(0, (it) => ({ ...it, alg: 'none' })),
    ...open('statement-unreadable'),
  },
  {
    name: 'a statement of the algorithm EdDSA',
    ...alteredPart(0, (it) => ({ ...it, alg: 'EdDSA' })),
    ...open('statement-unreadable'),
  },
  {
    name: 'a statement of the algorithm ES256',
    ...alteredPart(0, (it) => ({ ...it, alg: 'ES256' })),
    ...open('statement-unreadable'),
  },
  {
    name: 'a statement of the media type of credentials',
    ...alteredPart(0, (it) => ({ ...it, typ: 'vc+jwt' })),
    ...open('statement-unreadable'),
  },
  {
    name: 'a statement with a key in its header',
    ...alteredPart(0, (it) => ({ ...it, jwk: {} })),
    ...open('statement-unreadable'),
  },
  {
    name: 'a statement with a critical extension',
    ...alteredPart(0, (it) => ({ ...it, crit: [] })),
    ...open('statement-unreadable'),
  },
  {
    name: 'a statement of one witness, named as that of another',
    ...statements((all, { witnesses }) => [rename(need(all[0]), need(witnesses[1])), need(all[2])]),
    ...open('statement-forged'),
  },
  {
    name: "a stranger's statement, named as a witness's",
    ...statements(async (all, { sign, truth, stranger, witnesses }) => [
      rename(need((await sign(truth, [stranger]))[0]), need(witnesses[0])),
      ...all.slice(1),
    ]),
    ...open('statement-forged'),
  },
  {
    name: 'a statement without its signature',
    ...altered((jwt) => jwt.slice(0, jwt.lastIndexOf('.') + 1)),
    ...open('statement-unreadable'),
  },
  {
    name: 'a statement with a signature of zeros',
    ...altered((jwt) => jwt.slice(0, jwt.lastIndexOf('.') + 1) + encodeBase64Url(new Uint8Array(64))),
    ...open('statement-forged'),
  },
  { name: 'a statement with padding', ...altered((jwt) => `${jwt}==`), ...open('statement-unreadable') },
  { name: 'a statement of four parts', ...altered((jwt) => `${jwt}.e30`), ...open('statement-unreadable') },
  {
    name: 'a statement that is a passport',
    ...altered((_, { world }) => world.genuine.passport.jwt),
    ...open('statement-unreadable'),
  },
  { name: 'a statement that is empty', ...altered(() => ''), ...open('statement-unreadable') },
  {
    // An ordinary witness's word: the log only grew. It says nothing of the state.
    name: 'a cosignature of the same tree, for a statement',
    ...statements(async (all, { truth, witnesses }) => {
      const { origin, tree: head } = truth;
      const text = encodeCheckpoint({ origin, size: head.size, root: head.root, extensions: [] });
      const { signature } = await need(witnesses[0]).cosign(text, truth.iat);
      const [head64 = '', body64 = ''] = need(all[0]).split('.');
      return all.with(0, `${head64}.${body64}.${encodeBase64Url(signature.subarray(8))}`);
    }),
    ...open('statement-forged'),
  },
];

function replacePayload(jwt: string, change: (text: string) => string): string {
  const [head, body = '', tail] = jwt.split('.');
  const text = change(Buffer.from(body, 'base64url').toString());
  return [head, Buffer.from(text).toString('base64url'), tail].join('.');
}

function rename(jwt: string, as: CosignatureSigner): string {
  const [head = '', ...rest] = jwt.split('.');
  const header = JSON.parse(Buffer.from(head, 'base64url').toString());
  const kid = `${as.name}+${as.verifierKey.split('+')[1]}`;
  return [Buffer.from(JSON.stringify({ ...header, kid })).toString('base64url'), ...rest].join('.');
}

/** Nodes are found by their hashes: what is altered or left out is not there. */
export const STATE: readonly StateAttack[] = [
  { name: 'no proofs', ...nodes(() => []), ...open('state-not-proved') },
  { name: 'proofs in another order', ...nodes((all) => all.toReversed()), ...valid },
  { name: 'proofs with every node twice', ...nodes((all) => [...all, ...all]), ...valid },
  {
    name: 'proofs without the root of the state',
    ...nodes((all, { truth }) => all.filter((node) => keccak(node) !== truth.block.stateRoot)),
    ...open('state-not-proved'),
  },
  {
    name: 'proofs with a byte altered in each node',
    ...nodes((all) => all.map((node) => node.with(-1, need(node.at(-1)) ^ 1))),
    ...open('state-not-proved'),
  },
  {
    name: 'proofs of an earlier block, under statements of this one',
    ...nodes((_, { before }) => before.nodes),
    ...open('state-not-proved'),
  },
  {
    name: 'proofs of two blocks together: those of the stated root count',
    ...nodes((all, { before }) => [...before.nodes, ...all]),
    ...valid,
  },
  {
    name: 'statements of an earlier block, with proofs of this one',
    ...stated((_, { before }) => before.truth),
    ...open('state-not-proved'),
  },
  {
    name: 'a genuine pack of an earlier block, and a path of the journal since',
    parts: async (_, { sign, before }) => ({ statements: await sign(before.truth), nodes: before.nodes }),
    verdict: 'indeterminate',
    codes: ['anchor.proof-outdated'],
  },
  { name: 'a revoked passport', of: 'revoked', verdict: 'invalid', codes: ['status.revoked'] },
  { name: 'a superseded passport', of: 'superseded', verdict: 'valid', codes: ['status.valid-superseded'] },
  { name: 'the last place of the last list', of: 'last place of the last list', ...valid },
  {
    name: 'the last place but one of the last list, revoked',
    of: 'last place of the last list, revoked',
    verdict: 'invalid',
    codes: ['status.revoked'],
  },
  {
    name: 'a key that is not registered, which is proved too',
    of: 'by a key that is not registered',
    verdict: 'invalid',
    codes: ['key.not-registered'],
  },
  {
    name: 'a key that was stolen',
    of: 'as its key was stolen',
    verdict: 'invalid',
    codes: ['key.compromised-before-anchor'],
  },
  { name: 'a key that was retired', of: 'as its key was retired', verdict: 'invalid', codes: ['key.retired'] },
  {
    name: 'an issuer that was withdrawn',
    of: 'as its issuer was withdrawn',
    verdict: 'invalid',
    codes: ['issuer.withdrawn'],
  },
  {
    name: 'an issuer that is suspended now',
    of: 'before its issuer was suspended',
    verdict: 'valid',
    codes: ['issuer.valid-suspended-now'],
  },
  {
    name: 'a passport whose revocation is left out of the proofs',
    of: 'revoked',
    ...nodes((all, { world }) => all.filter((node) => !holds(node, world))),
    ...open('state-not-proved'),
  },
  {
    name: 'an entry that the tree does not have',
    evidence: (it) => ({ ...it, entry: { ...it.entry, index: 10_000 } }),
    verdict: 'indeterminate',
    codes: ['anchor.ahead-of-facts'],
  },
  {
    name: 'an entry that was altered',
    evidence: (it) => ({
      ...it,
      entry: { ...it.entry, proof: it.entry.proof.map(() => encodeBase64Url(new Uint8Array(32))) },
    }),
    verdict: 'invalid',
    codes: ['anchor.not-in-journal'],
  },
];

/** Whether the leaf with the word of the revoked places is in it. */
function holds(node: Uint8Array, world: World): boolean {
  const question = questionOf(world.evidence(world.genuine.revoked));
  const word = world.facts(question).status.revoked.toString(16);
  return encodeHex(node).includes(word.padStart(word.length + (word.length % 2), '0'));
}

// ----------------------------------------------------------------------------------------------------------- the file

export interface FileAttack {
  readonly name: string;
  readonly file: (kit: Kit) => Uint8Array | Promise<Uint8Array>;
  /** Of each report, in their order: three passports are in the file. A last one says why it is no pack. */
  readonly verdicts: readonly Verdict[];
}

/** A report for each passport. */
export async function judgeFile({ file }: Pick<FileAttack, 'file'>, kit: Kit): Promise<Report[]> {
  return await Array.fromAsync(verifyPack(await file(kit), { policy: kit.policy, now: kit.world.now }));
}

type Head = {
  statements: string[];
  nodes: Uint8Array[];
  keys: object[];
  grants: [number, string][];
  entries: [index: number, bytes: Uint8Array, path: Uint8Array][];
  events: string[];
  lots: [entries: Uint8Array, events: Uint8Array][];
  earlier: object[];
  anchors: { entry: number; nodes: Uint8Array; passports: unknown[][] }[];
};

const PREAMBLE = 45;
/** The file of the three passports. */
export const writePallet = ({ pallet }: Kit): Uint8Array => concatBytes(...encodePack(pallet));
const bytes = (change: (file: Uint8Array) => Uint8Array) => (kit: Kit) => change(writePallet(kit));
/** The head, changed by one who knows to write its digest and length. */
const head = (change: (head: Head, kit: Kit) => unknown) => (kit: Kit) => {
  const file = writePallet(kit);
  const end = PREAMBLE + new DataView(file.buffer, file.byteOffset).getUint32(PREAMBLE - 4);
  const decoded = dagCbor.decode<Head>(file.subarray(PREAMBLE, end));
  return withHead(file, dagCbor.encode(change(decoded, kit)), end);
};
/** Of this head, with what stands in the file from `end` on. */
export function withHead(file: Uint8Array, encoded: Uint8Array, end = file.length): Uint8Array {
  const length = new Uint8Array(4);
  new DataView(length.buffer).setUint32(0, encoded.length);
  return concatBytes(file.subarray(0, 9), sha256(encoded), length, encoded, file.subarray(end));
}
const anchors = (change: (anchors: Head['anchors']) => unknown) =>
  head((it) => ({ ...it, anchors: change(it.anchors) }));
const firstAnchor = (change: (anchor: Head['anchors'][number]) => object) =>
  anchors(([first, ...rest]) => [{ ...need(first), ...change(need(first)) }, ...rest]);

const entries = (change: (entries: Head['entries']) => unknown) =>
  head((it) => ({ ...it, entries: change(it.entries) }));
const firstEntry = (change: (...entry: Head['entries'][number]) => Head['entries'][number]) =>
  entries(([first, ...rest]) => [change(...need(first)), ...rest]);

const tinyNode = (i: number) => Uint8Array.of(i & 0xff, (i >> 8) & 0xff, i >> 16);

const refused = { verdicts: ['invalid'] } as const;
const endsIn = { verdicts: ['valid', 'valid', 'valid', 'invalid'] } as const;

export const FILES: readonly FileAttack[] = [
  { name: 'a pack as it was written', file: bytes((it) => it), verdicts: ['valid', 'valid', 'valid'] },
  { name: 'no bytes', file: () => new Uint8Array(), ...refused },
  { name: 'a pack that is cut in its preamble', file: bytes((it) => it.slice(0, 20)), ...refused },
  { name: 'a pack of another name', file: bytes((it) => it.with(0, 0x44)), ...refused },
  { name: 'a pack of another version', file: bytes((it) => it.with(8, 2)), ...refused },
  { name: 'a pack with another digest of its head', file: bytes((it) => it.with(12, need(it[12]) ^ 1)), ...refused },
  { name: 'a pack with a byte of its head altered', file: bytes((it) => it.with(400, need(it[400]) ^ 1)), ...refused },
  {
    name: 'a pack whose head says that it is longer than it is',
    file: bytes((it) => it.with(PREAMBLE - 4, 0xff)),
    ...refused,
  },
  {
    name: 'a pack whose head has no bytes',
    file: () =>
      concatBytes(new TextEncoder().encode('dpp-pack'), Uint8Array.of(1), sha256(new Uint8Array()), new Uint8Array(4)),
    ...refused,
  },
  {
    name: 'a pack that is JSON',
    file: ({ pallet }) => new TextEncoder().encode(JSON.stringify(pallet.evidence)),
    ...refused,
  },
  {
    name: 'a pack without its last byte',
    file: bytes((it) => it.slice(0, -1)),
    verdicts: ['valid', 'valid', 'invalid'],
  },
  { name: 'a pack with a byte more', file: bytes((it) => Uint8Array.of(...it, 0)), ...endsIn },
  { name: 'a pack twice', file: bytes((it) => Uint8Array.of(...it, ...it)), ...endsIn },
  {
    name: 'a pack with its last passport altered',
    file: bytes((it) => it.with(-5, need(it.at(-5)) ^ 1)),
    verdicts: ['valid', 'valid', 'invalid'],
  },
  { name: 'a head that is a list', file: head((it) => [it]), ...refused },
  { name: 'a head with a member more', file: head((it) => ({ ...it, trusted: true })), ...refused },
  { name: 'a head without statements', file: head(({ statements: _, ...it }) => it), ...refused },
  {
    name: 'a head of another ledger',
    file: head((it, { world }) => ({ ...it, ledger: `eip155:31337:${world.theirs.address}` })),
    verdicts: ['invalid', 'invalid', 'invalid'],
  },
  {
    name: 'a head in which integers are longer than they have to be',
    file: (kit) => withHead(writePallet(kit), Uint8Array.of(0xb8, 0)),
    ...refused,
  },
  {
    name: 'a head nested 100,000 deep',
    file: (kit) => withHead(writePallet(kit), new Uint8Array(100_000).fill(0x81)),
    ...refused,
  },
  {
    name: 'a head that says that it has 2^32 members',
    file: (kit) => withHead(writePallet(kit), Uint8Array.of(0x9b, 0, 0, 0, 1, 0, 0, 0, 0)),
    ...refused,
  },
  {
    name: 'a head with a million nodes that are none',
    file: head((it) => ({ ...it, nodes: new Array(1_000_000).fill(0) })),
    ...refused,
  },
  {
    name: 'a head with 65 statements',
    file: head((it) => ({ ...it, statements: new Array(65).fill(it.statements[0]) })),
    ...refused,
  },
  {
    name: 'a head with a statement of 5,000 characters',
    file: head((it) => ({ ...it, statements: ['x'.repeat(5_000)] })),
    ...refused,
  },
  {
    name: 'a head with a node of 31 bytes, which would stand in the one above it',
    file: head((it) => ({ ...it, nodes: [...it.nodes, new Uint8Array(31)] })),
    ...refused,
  },
  {
    name: 'a head with a million nodes of three bytes',
    file: head((it) => ({ ...it, nodes: Array.from({ length: 1_000_000 }, (_, i) => tinyNode(i)) })),
    ...refused,
  },
  {
    name: 'a head with a node of 1,000 bytes',
    file: head((it) => ({ ...it, nodes: [...it.nodes, new Uint8Array(1_000)] })),
    ...refused,
  },
  {
    name: 'a head with nodes that nothing needs',
    file: head((it) => ({ ...it, nodes: [...it.nodes, new Uint8Array(40)] })),
    ...endsIn,
  },
  {
    name: 'a head without its nodes',
    file: head((it) => ({ ...it, nodes: [] })),
    verdicts: ['indeterminate', 'indeterminate', 'indeterminate'],
  },
  {
    name: 'a head without its statements',
    file: head((it) => ({ ...it, statements: [] })),
    verdicts: ['indeterminate', 'indeterminate', 'indeterminate'],
  },
  {
    name: 'a head with a key that nobody uses',
    file: head((it) => ({ ...it, keys: [...it.keys, need(it.keys[0])] })),
    ...refused,
  },
  {
    name: 'a head with a grant that nobody uses',
    file: head((it) => ({ ...it, grants: [...it.grants, [9, 'gs1:1234']] })),
    ...refused,
  },
  { name: 'a head without entries', file: entries(() => []), ...refused },
  { name: 'a head without batches', file: anchors(() => []), ...refused },
  { name: 'a head with its entries in another order', file: entries((all) => all.toReversed()), ...refused },
  { name: 'a head with an entry twice', file: entries((all) => [need(all[0]), ...all]), ...refused },
  {
    name: 'a head with an entry that nobody uses',
    file: entries((all) => [...all, [2 ** 40, Uint8Array.of(1, 8), new Uint8Array()]]),
    ...refused,
  },
  { name: 'a head with its batches in another order', file: anchors((all) => all.toReversed()), ...refused },
  { name: 'a head with a batch twice', file: anchors((all) => [need(all[0]), ...all]), ...refused },
  { name: 'a batch of an entry that is not there', file: firstAnchor(() => ({ entry: 99_999 })), ...refused },
  { name: 'an entry without passports', file: firstAnchor(() => ({ passports: [] })), ...refused },
  {
    name: 'an entry with a passport twice',
    file: firstAnchor(({ passports }) => ({ passports: [need(passports[0]), ...passports] })),
    ...refused,
  },
  {
    name: 'an entry with its passports in another order',
    file: firstAnchor(({ passports }) => ({ passports: passports.toReversed() })),
    ...refused,
  },
  {
    name: 'an entry with a passport in a place that its batch does not have',
    file: firstAnchor(({ passports }) => ({
      passports: [need(passports[0]), [16_000, ...need(passports[1]).slice(1)]],
    })),
    ...refused,
  },
  {
    name: 'an entry with passports in each other’s places',
    file: firstAnchor(({ passports: [a = [], b = []] }) => ({
      passports: [
        [a[0], ...b.slice(1)],
        [b[0], ...a.slice(1)],
      ],
    })),
    ...refused,
  },
  {
    name: 'an entry with a node too few',
    file: firstAnchor(({ nodes: all }) => ({ nodes: all.slice(32) })),
    ...refused,
  },
  { name: 'an entry with half a node', file: firstAnchor(({ nodes: all }) => ({ nodes: all.slice(1) })), ...refused },
  {
    name: 'an entry with a node altered',
    file: firstAnchor(({ nodes: all }) => ({ nodes: all.with(0, need(all[0]) ^ 1) })),
    verdicts: ['invalid', 'invalid', 'valid'],
  },
  {
    name: 'an entry with its path altered',
    file: firstEntry((index, it, path) => [index, it, path.with(0, need(path[0]) ^ 1)]),
    verdicts: ['invalid', 'invalid', 'valid'],
  },
  {
    name: 'an entry with its path cut',
    file: firstEntry((index, it, path) => [index, it, path.slice(32)]),
    verdicts: ['indeterminate', 'indeterminate', 'valid'],
  },
  {
    name: 'an entry in another place',
    file: firstEntry((index, it, path) => [index - 1, it, path]),
    verdicts: ['invalid', 'invalid', 'valid'],
  },
  {
    name: 'an entry that is no anchor',
    file: firstEntry((index, _, path) => [index, Uint8Array.of(1, 8), path]),
    ...refused,
  },
  {
    name: 'a passport with the key of another',
    file: anchors(([first, second]) => [
      first,
      {
        ...need(second),
        passports: need(second).passports.map(([place, digest]) => [place, digest, 0, null, null, null]),
      },
    ]),
    ...refused,
  },
];
