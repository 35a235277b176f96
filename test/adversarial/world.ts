/**
 * One world for every attack: a real chain with the project's ledger on it, issuers and keys in every state that there is, and what they
 * signed and anchored. Beside it a ledger of the attacker's own on the same chain, and the twin of ours on another chain: the same chain
 * id, address and code. Nothing in it is forged: forging is what the attacks do.
 */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  encodeBase64Url,
  encodeHex,
  type Hex,
  hashIssuer,
  type IssuerId,
  type LedgerId,
  sha256,
} from '@dpp-ledger/core';
import {
  CONTEXT_URL,
  createSigner,
  formatKid,
  formatLedger,
  generateKey,
  hashCredential,
  hashKey,
  type PrivateJwk,
  parseDid,
  type Role,
  type Signer,
  signCredential,
  UNTP_CONTEXT,
  VCDM_CONTEXT,
} from '@dpp-ledger/core/credential';
import { buildEvent, type EventInput } from '@dpp-ledger/core/event';
import {
  type Batch,
  buildBatch,
  buildEvidence,
  type Evidence,
  type Facts,
  type Policy,
  parsePolicy,
  type Question,
  questionOf,
  type UpstreamFacts,
  type UpstreamQuestion,
} from '@dpp-ledger/core/evidence';
import {
  type Allocation,
  answerQuestion,
  buildTree,
  createJournalFold,
  decodeEntry,
  hashLeaf,
  type MaterialAct,
  provePeakPath,
} from '@dpp-ledger/core/journal';
import {
  eventOf,
  formatLot,
  hashLot,
  isMaking,
  lotsMadeBy,
  type Making,
  parseSubstance,
  readLineage,
  withAncestors,
} from '@dpp-ledger/core/materials';
import { massesClaimed } from '@dpp-ledger/sdk';
import {
  type Account,
  acts,
  calls,
  connectLedger,
  createAccount,
  createLedgerWriter,
  createStateReader,
  deployLedger,
  type LedgerCall,
  type LedgerReader,
  type Purpose,
  type Rpc,
  type StateReader,
  signPossession,
  wordsOf,
} from '@dpp-ledger/sdk/ledger';
import { startChain } from '../../packages/embedded/src/chain.ts';

export const MODEL = 'https://id.gs1.org/01/09521234000013';
export const ITEM = `${MODEL}/21/A7K2`;
export const OTHER_ITEM = `${MODEL}/21/B8L3`;
export const LIST = 0x1234n;
export const LAST_LIST = 2n ** 64n - 1n;
export const LAST_PLACE = 131_071;

// ------------------------------------------------------------------------------------------------------------------ who

/** Who signs: an issuer with one of its keys. What becomes of the key is in `live`. */
const CAST = {
  maker: { did: 'did:web:maker.example', algorithm: 'ES256' },
  makerEd25519: { did: 'did:web:maker.example', algorithm: 'Ed25519' },
  makerOperator: { did: 'did:web:maker.example', algorithm: 'ES256' },
  makerRetired: { did: 'did:web:maker.example', algorithm: 'ES256' },
  makerStolen: { did: 'did:web:maker.example', algorithm: 'ES256' },
  makerRetiredAndStolen: { did: 'did:web:maker.example', algorithm: 'ES256' },
  makerLate: { did: 'did:web:maker.example', algorithm: 'ES256' },
  /** Of small order: the one signature that it has holds for any bytes. */
  makerWeak: { did: 'did:web:maker.example', algorithm: 'Ed25519' },
  makerUnregistered: { did: 'did:web:maker.example', algorithm: 'ES256' },
  rival: { did: 'did:web:rival.example', algorithm: 'ES256' },
  publisher: { did: 'did:web:publisher.example', algorithm: 'ES256' },
  recycler: { did: 'did:web:recycler.example', algorithm: 'ES256' },
  certifier: { did: 'did:web:certifier.example', algorithm: 'ES256' },
  suspended: { did: 'did:web:suspended.example', algorithm: 'ES256' },
  withdrawn: { did: 'did:web:withdrawn.example', algorithm: 'ES256' },
  stranger: { did: 'did:web:stranger.example', algorithm: 'ES256' },
  /** The attacker under the maker's name, which it can register on a ledger of its own. */
  impostor: { did: 'did:web:maker.example', algorithm: 'ES256' },
} as const;
export type Who = keyof typeof CAST;

/** Grants of an issuer, by number. */
export const GRANTS = {
  maker: { number: 1, prefix: 'gs1:9521234' },
  makerWeb: { number: 2, prefix: 'https://maker.example/' },
  makerTakenBack: { number: 3, prefix: 'gs1:9525555' },
  makerLate: { number: 4, prefix: 'gs1:9526666' },
  /** 12 digits: one GTIN, under every indicator digit. */
  makerNarrow: { number: 5, prefix: 'gs1:952777700000' },
  /** A U.P.C. company prefix, with its leading 0. */
  makerUpc: { number: 6, prefix: 'gs1:0614141' },
  /** A mistake of the accreditor's: it names nothing that can be spoken of. */
  makerVoid: { number: 7, prefix: 'gs1:123' },
  rival: { number: 1, prefix: 'gs1:9529999' },
} as const;

const EVERYTHING: readonly Purpose[] = ['assert', 'operate', 'revoke', 'administer'];
const ISSUERS: readonly { readonly who: Who; readonly roles: readonly Role[] }[] = [
  { who: 'maker', roles: ['manufacturer'] },
  { who: 'rival', roles: ['manufacturer'] },
  { who: 'publisher', roles: ['dataPublisher'] },
  { who: 'recycler', roles: ['recycler'] },
  { who: 'certifier', roles: ['certifier'] },
  { who: 'suspended', roles: ['manufacturer'] },
  { who: 'withdrawn', roles: ['manufacturer'] },
];

// ------------------------------------------------------------------------------------------------------- what they sign

/** A credential before it is signed: the texts that will be, so that they can be anything. */
export interface Draft {
  readonly header: string;
  readonly payload: string;
  /** The payload where it is no text. */
  readonly bytes?: Uint8Array;
  /** How the signed JWT is spelled when it is anchored: nothing keeps a relayer from anchoring what is no credential. */
  readonly spelled?: (jwt: string) => string;
  readonly by: Who;
  readonly grant: Evidence['grant'];
  /** Where its status stands. */
  readonly place: number;
  readonly cast: Readonly<Record<Who, Signer>>;
  /** CAIP-10 of the ledgers. */
  readonly ledgers: { readonly ours: string; readonly theirs: string };
}

/** A credential that stands in a batch that stands on a ledger. */
export interface Anchored {
  readonly jwt: string;
  readonly signer: Signer;
  readonly grant: Evidence['grant'];
  readonly batch: Batch;
  readonly index: number;
  /** Of the anchor in the journal. */
  readonly entry: number;
}

export interface World {
  readonly ledger: LedgerId;
  /** The attacker's, on the same chain. */
  readonly theirs: LedgerId;
  /** The attacker's, with the same chain id, address and code on another chain. */
  readonly twin: LedgerId;
  readonly signers: Readonly<Record<Who, Signer>>;
  readonly policy: Policy;
  /** Shortly after the last block. */
  readonly now: number;
  /** What the issuers did of themselves, by name. */
  readonly genuine: Readonly<Record<GenuineName, Anchored>>;
  /** What was signed and anchored for an attack, by the attack's name. */
  readonly signed: ReadonlyMap<string, Anchored>;
  readonly entries: readonly Uint8Array[];
  /** With proofs to the journal of `size` entries; of all, by default. */
  evidence(credential: Anchored, size?: number): Evidence;
  /** What the ledger answers; after the first `size` entries, or after all. */
  facts(question: Question, size?: number): Facts;
  /** The same, about the entries behind lots. */
  upstream(questions: readonly UpstreamQuestion[], size?: number): readonly UpstreamFacts[];
  /** Proofs of our ledger's state, at a block that the node still has. */
  readonly state: StateReader;
  /** The same, asked of the ledgers themselves. */
  readonly readers: { readonly ours: LedgerReader; readonly theirs: LedgerReader; readonly twin: LedgerReader };
  /** What the attacker anchored on its own ledgers in the maker's name, and what they answer about it. */
  readonly foreign: Readonly<Record<'theirs' | 'twin', { readonly evidence: Evidence; readonly facts: Facts }>>;
  stop(): Promise<void>;
}

export function draftOf(
  by: Who,
  signers: Readonly<Record<Who, Signer>>,
  ledgers: Draft['ledgers'],
  options: {
    readonly subject?: string;
    readonly place?: number;
    readonly list?: bigint;
    readonly terms?: object;
    readonly grant?: Evidence['grant'];
  } = {},
): Draft {
  const { subject = ITEM, place = 0, list = LIST, terms = {} } = options;
  const signer = signers[by];
  const header = { alg: signer.algorithm, typ: 'vc+jwt', cty: 'vc', kid: formatKid(signer.issuer, signer.keyId) };
  const payload = {
    '@context': [VCDM_CONTEXT, UNTP_CONTEXT, CONTEXT_URL],
    type: ['DigitalProductPassport', 'VerifiableCredential'],
    id: 'urn:uuid:6f0e2c9e-3b0a-5c37-9a60-2f8f8f7f3a01',
    issuer: { type: ['CredentialIssuer'], id: signer.issuer, name: 'Fictional Maker Ltd' },
    validFrom: '2025-01-15T00:00:00Z',
    name: 'Passport: Laptop 14',
    credentialStatus: statusAt(ledgers.ours, list, place),
    credentialSubject: { type: ['Product'], id: subject, name: 'Laptop 14' },
    ...terms,
  };
  const grant = 'grant' in options ? options.grant : GRANTS.maker;
  return { header: JSON.stringify(header), payload: JSON.stringify(payload), by, grant, place, cast: signers, ledgers };
}

export function statusAt(ledger: string, list: bigint, place: number): object {
  return {
    id: `${ledger}#status-${list}-${place}`,
    type: 'BitstringStatusListEntry',
    statusPurpose: 'revocation',
    statusListIndex: place,
    statusListCredential: 'https://maker.example/status/1',
  };
}

const text = new TextEncoder();

/** Signs just this. */
async function signDraft({ header, payload, bytes, spelled = (jwt) => jwt }: Draft, signer: Signer): Promise<string> {
  const body = bytes ?? text.encode(payload);
  const signingInput = `${encodeBase64Url(text.encode(header))}.${encodeBase64Url(body)}`;
  return spelled(`${signingInput}.${encodeBase64Url(await signer.sign(text.encode(signingInput)))}`);
}

// ------------------------------------------------------------------------------------------------------------- a ledger

interface LiveLedger {
  readonly id: LedgerId;
  readonly reader: LedgerReader;
  /** The time of the next block, if nothing is waited for. */
  time(): number;
  /** Lets the next block be of that time. */
  waitUntil(time: number): void;
  send(by: 'admin' | 'accreditor' | 'controller', call: LedgerCall): Promise<void>;
  accredit(signer: Signer, roles: readonly Role[]): Promise<void>;
  addKey(signer: Signer, purposes: readonly Purpose[]): Promise<void>;
  /** Anchors a batch of these, in their order. */
  anchor(issuer: IssuerId, batch: Batch, allocations?: readonly Allocation[]): Promise<number>;
}

const FUNDS = `0x${(10n ** 21n).toString(16)}`;
/** Each block is a minute after the one before it, whatever the time is. */
const STEP = 60;
/** Before it, everybody must have signed. */
const DEADLINE = 2 ** 40;

/** The time of a chain's next block; of the ledgers on it, each at its turn. */
interface Clock {
  next: number;
}

async function openLedger(rpc: Rpc, url: string, account: Account, clock: Clock): Promise<LiveLedger> {
  const others = [newAccount(), newAccount()] as const;
  const [accreditor, controller] = others;
  for (const { address } of [account, ...others]) await rpc.call('anvil_setBalance', [address, FUNDS]);
  const id = await deployLedger({ url, account, admin: account.address, accreditors: [accreditor.address] });
  const reader = await connectLedger({ url, pin: id, pollMs: 20 });
  const writers = {
    admin: await createLedgerWriter({ reader, url, account, pollMs: 20 }),
    accreditor: await createLedgerWriter({ reader, url, account: accreditor, pollMs: 20 }),
    controller: await createLedgerWriter({ reader, url, account: controller, pollMs: 20 }),
  };
  clock.next = need(await reader.readBlock('latest')).time + STEP;

  async function send(by: keyof typeof writers, call: LedgerCall) {
    await rpc.call('evm_setNextBlockTimestamp', [clock.next]);
    const receipt = await writers[by].send(call);
    clock.next += STEP;
    return receipt;
  }
  const prove = (signer: Signer, purposes: readonly Purpose[]) =>
    signPossession({ ledger: id, signer, controller: controller.address, purposes, deadline: DEADLINE });

  return {
    id,
    reader,
    time: () => clock.next,
    waitUntil(time) {
      clock.next = time;
    },
    async send(by, call) {
      await send(by, call);
    },
    async accredit(signer, roles) {
      const terms = { controller: controller.address, purposes: EVERYTHING, deadline: DEADLINE };
      const proof = await prove(signer, EVERYTHING);
      await send('accreditor', calls.accredit({ issuer: signer.issuer, roles, key: signer.key, proof, ...terms }));
    },
    async addKey(signer, purposes) {
      const proof = await prove(signer, purposes);
      const act = acts.addKey({ key: signer.key, purposes, deadline: DEADLINE, proof });
      await send('controller', calls.act({ issuer: signer.issuer, acts: [act] }));
    },
    async anchor(issuer, { root, size, manifest }, allocations = []) {
      const call = calls.anchor({ issuer, root, size, manifest: encodeHex(manifest.digest), allocations });
      const { entries } = await send('controller', call);
      const [entry] = entries;
      if (entry === undefined) throw new TypeError('an anchor makes an entry');
      return entry.index;
    },
  };
}

function newAccount(): Account {
  return createAccount(encodeHex(crypto.getRandomValues(new Uint8Array(32))));
}

async function genesisOf(rpc: Rpc): Promise<unknown> {
  const block = await rpc.call('eth_getBlockByNumber', ['0x0', false]);
  return typeof block === 'object' && block !== null && 'hash' in block ? block.hash : undefined;
}

async function createCast(): Promise<Record<Who, Signer>> {
  const signers = await Promise.all(
    Object.entries(CAST).map(async ([who, { did, algorithm }]) => {
      const jwk: PrivateJwk = await generateKey({ algorithm });
      return [who, await createSigner({ issuer: parseDid(did), jwk })] as const;
    }),
  );
  // Safe: one for each name of the cast.
  const cast = Object.fromEntries(signers) as Record<Who, Signer>;
  return { ...cast, makerWeak: createWeakSigner(cast.makerWeak.issuer) };
}

/** The identity as a key, and the identity and zero for a signature: 0 B = R + h A, whatever the bytes are that h hashes. */
function createWeakSigner(issuer: IssuerId): Signer {
  const identity = Uint8Array.from({ length: 32 }, (_, i) => (i === 0 ? 1 : 0));
  const key = { kty: 'OKP', crv: 'Ed25519', x: encodeBase64Url(identity) } as const;
  const sign = async () => Uint8Array.of(...identity, ...new Uint8Array(32));
  return { issuer, key, keyId: hashKey(key), algorithm: 'Ed25519', sign };
}

// ------------------------------------------------------------------------------------------------------------ its life

export type GenuineName =
  | 'passport'
  | 'other device'
  | 'model'
  | 'production batch'
  | 'signed with Ed25519'
  | 'alone in its batch'
  | 'last of the largest batch'
  | 'first of the largest batch'
  | 'event'
  | 'event of the recycler about the device'
  | 'certificate'
  | 'restated'
  | 'of the rival'
  | 'web subject'
  | 'revoked'
  | 'revoked and anchored again'
  | 'revoked by authority'
  | 'superseded'
  | 'its successor'
  | 'last place of the last list'
  | 'last place of the last list, revoked'
  | 'before its key was registered'
  | 'by a key that is not registered'
  | 'by a key without the purpose'
  | 'before its key was retired'
  | 'as its key was retired'
  | 'before its key was stolen'
  | 'as its key was stolen'
  | 'by a key that was retired, then stolen'
  | 'before its issuer was suspended'
  | 'before its issuer was withdrawn'
  | 'as its issuer was withdrawn'
  | 'before its grant'
  | 'before its grant was taken back'
  | 'as its grant was taken back'
  | 'anchored by the rival'
  | 'with lots'
  | 'with lots, described anew'
  | 'of a lot that is void'
  | 'of lots that came from a void one'
  | 'of a lot whose event is revoked'
  | 'of a lot whose event says something else';

/** What an attack wants signed and anchored for it. */
export interface Order {
  readonly name: string;
  readonly by: Who;
  readonly draft: (draft: Draft) => Draft;
}

export async function createWorld(orders: readonly Order[]): Promise<World> {
  const folder = await mkdtemp(join(tmpdir(), 'dpp-adversarial-'));
  const ending: (() => Promise<void>)[] = [() => rm(folder, { recursive: true, force: true })];
  const stop = async () => {
    for (const end of ending.toReversed()) await end();
  };
  const open = async (name: string) => {
    const chain = await startChain(join(folder, name), { fund: [], saveEveryMs: 600_000 });
    ending.push(chain.stop);
    return chain;
  };
  try {
    return { ...(await live(orders, open)), stop };
  } catch (error) {
    await stop();
    throw error;
  }
}

async function live(
  orders: readonly Order[],
  open: (name: string) => Promise<{ readonly rpc: Rpc; readonly rpcUrl: string }>,
): Promise<Omit<World, 'stop'>> {
  const signers = await createCast();
  const [deployer, attacker] = [newAccount(), newAccount()];
  const chain = await open('ours');
  const clock = { next: 0 };
  const ours = await openLedger(chain.rpc, chain.rpcUrl, deployer, clock);
  const theirs = await openLedger(chain.rpc, chain.rpcUrl, attacker, clock);
  // A chain begins with the second in which it is started: the other one has to begin in another.
  let otherChain = chain;
  for (let i = 0; (await genesisOf(otherChain.rpc)) === ours.id.genesis; i++) otherChain = await open(`theirs-${i}`);
  // The same account deploys it with its first transaction: so it has the same address.
  const twin = await openLedger(otherChain.rpc, otherChain.rpcUrl, deployer, { next: 0 });
  const ledgers = { ours: formatLedger(ours.id), theirs: formatLedger(theirs.id) };
  const maker = signers.maker.issuer;

  const genuine = new Map<GenuineName, Anchored>();
  const signed = new Map<string, Anchored>();
  let places = 0;
  const draft = (by: Who, options: Parameters<typeof draftOf>[3] = {}) =>
    draftOf(by, signers, ledgers, { place: places++, ...options });

  /** Signs and anchors together, in one batch of whoever signs first. */
  async function anchor<Name extends string>(
    into: Map<Name, Anchored>,
    drafts: ReadonlyMap<Name, Draft>,
    options: {
      readonly ledger?: LiveLedger;
      readonly issuer?: IssuerId;
      readonly padTo?: number;
      readonly allocations?: readonly Allocation[];
    } = {},
  ): Promise<void> {
    const { ledger = ours, padTo = 0, allocations = [] } = options;
    const made = await Promise.all(
      Array.from(drafts, async ([name, one]) => {
        const signer = signers[one.by];
        return { name, signer, grant: one.grant, jwt: await signDraft(one, signer) };
      }),
    );
    const digests = made.map(({ jwt }) => hashCredential(text.encode(jwt)));
    const fillers = Array.from({ length: Math.max(0, padTo - digests.length) }, (_, i) =>
      hashCredential(text.encode(`filler ${i}`)),
    );
    // One stays last, so that the last place of a padded batch is one that is known.
    const batch = buildBatch([...digests.slice(0, -1), ...fillers, ...digests.slice(-1)]);
    const issuer = options.issuer ?? made[0]?.signer.issuer ?? maker;
    const entry = await ledger.anchor(issuer, batch, allocations);
    made.forEach(({ name, ...one }, i) => {
      const index = i === made.length - 1 ? batch.size - 1 : i;
      into.set(name, { ...one, batch, index, entry });
    });
  }
  const anchorOne = (name: GenuineName, one: Draft) => anchor(genuine, new Map([[name, one]]));

  // Who may issue, and with which keys.
  for (const { who, roles } of ISSUERS) await ours.accredit(signers[who], roles);
  const grant = (who: Who, given: { readonly number: number; readonly prefix: string }) =>
    ours.send('accreditor', calls.grantPrefix({ issuer: signers[who].issuer, ...given }));
  for (const given of ['maker', 'makerWeb', 'makerTakenBack', 'makerNarrow', 'makerUpc', 'makerVoid'] as const) {
    await grant('maker', GRANTS[given]);
  }
  await grant('rival', GRANTS.rival);
  for (const who of ['publisher', 'suspended', 'withdrawn', 'certifier'] as const) await grant(who, GRANTS.maker);
  await ours.addKey(signers.makerEd25519, ['assert']);
  await ours.addKey(signers.makerWeak, ['assert']);
  await ours.addKey(signers.makerOperator, ['operate']);
  for (const who of ['makerRetired', 'makerStolen', 'makerRetiredAndStolen'] as const) {
    await ours.addKey(signers[who], ['assert']);
  }
  // An Ed25519 key is registered without a proof: so the rival can register the maker's.
  await ours.addKey({ ...signers.makerEd25519, issuer: signers.rival.issuer }, ['assert']);

  // What is anchored while all is well.
  await anchor<GenuineName>(
    genuine,
    new Map([
      ['passport', draft('maker')],
      ['other device', draft('maker', { subject: OTHER_ITEM })],
      ['model', draft('maker', { subject: MODEL })],
      ['production batch', draft('maker', { subject: `${MODEL}/10/LOT7` })],
      ['web subject', draft('maker', { subject: 'https://maker.example/m/laptop-14', grant: GRANTS.makerWeb })],
      ['signed with Ed25519', draft('makerEd25519')],
      ['by a key that is not registered', draft('makerUnregistered')],
      ['by a key without the purpose', draft('makerOperator')],
      ['before its key was registered', draft('makerLate')],
      ['before its grant', draft('maker', { subject: `${GTIN_LATE}/21/A1`, grant: GRANTS.makerLate })],
      ['event', draft('maker', { terms: eventTerms(ITEM), grant: GRANTS.maker })],
    ]),
  );
  await anchorOne('alone in its batch', draft('maker'));
  await anchor<GenuineName>(
    genuine,
    new Map([
      ['first of the largest batch', draft('maker')],
      ['last of the largest batch', draft('maker')],
    ]),
    { padTo: 16_384 },
  );
  await anchorOne('restated', draft('publisher'));
  await anchorOne(
    'of the rival',
    draft('rival', { subject: 'https://id.gs1.org/01/09529999000019/21/R1', grant: GRANTS.rival }),
  );
  await anchorOne(
    'event of the recycler about the device',
    draft('recycler', { terms: eventTerms(ITEM), grant: undefined }),
  );
  await anchorOne('certificate', draft('certifier', { terms: { type: CERTIFICATE } }));
  await anchor<GenuineName>(
    genuine,
    new Map([
      ['revoked', draft('maker')],
      ['revoked and anchored again', draft('maker')],
      ['revoked by authority', draft('maker')],
      ['superseded', draft('maker')],
      ['last place of the last list', draft('maker', { list: LAST_LIST, place: LAST_PLACE })],
      ['last place of the last list, revoked', draft('maker', { list: LAST_LIST, place: LAST_PLACE - 1 })],
    ]),
  );
  await anchorOne('its successor', draft('maker'));

  // Cobalt of the recycler, of which the maker's devices are made.
  const events = await supplyLots();
  const draws = (lot: LotName, terms: object = {}) => draft('maker', { terms: lotTerms(ledgers.ours, [lot], terms) });
  await anchor<GenuineName>(genuine, new Map([['with lots', draws('part')]]), { allocations: [share('part')] });
  await anchorOne('with lots, described anew', draws('part', { name: 'Laptop 14, described anew' }));
  for (const [name, lot] of [
    ['of a lot that is void', 'void'],
    ['of lots that came from a void one', 'mixed'],
    ['of a lot whose event is revoked', 'revoked'],
    ['of a lot whose event says something else', 'mistold'],
  ] as const) {
    await anchor<GenuineName>(genuine, new Map([[name, draws(lot)]]), { allocations: [share(lot)] });
  }
  const calm = ours.time();
  // The rival anchors the maker's own batch in its own name.
  const { batch: makers } = need(genuine.get('passport'));
  const again = { ...need(genuine.get('passport')), entry: await ours.anchor(signers.rival.issuer, makers) };
  genuine.set('anchored by the rival', again);

  // What issuers sign for attackers, or as attackers: all of it anchored, while all is well.
  for (const who of new Set(orders.map(({ by }) => CAST[by].did))) {
    const theirOrders = orders.filter(({ by }) => CAST[by].did === who);
    const drafts = theirOrders.map(({ name, by, draft: change }) => [name, change(draft(by))] as const);
    // Each of the maker's may draw as much as the genuine one does.
    const allocations = parseDid(who) === maker ? [share('part')] : [];
    await anchor(signed, new Map(drafts), { issuer: parseDid(who), allocations });
  }

  // What ends, to the second.
  await anchorOne('before its issuer was suspended', draft('suspended'));
  await ours.send('accreditor', calls.suspend({ issuer: signers.suspended.issuer }));

  await ours.addKey(signers.makerLate, ['assert']);
  await grant('maker', GRANTS.makerLate);

  const retiredAt = ours.time() + 10 * STEP;
  const retire = acts.retireKey({ key: signers.makerRetired.keyId, at: retiredAt });
  await ours.send('controller', calls.act({ issuer: maker, acts: [retire] }));
  ours.waitUntil(retiredAt - 1);
  await anchorOne('before its key was retired', draft('makerRetired'));
  ours.waitUntil(retiredAt);
  await anchorOne('as its key was retired', draft('makerRetired'));

  const stolenAt = ours.time() + STEP;
  ours.waitUntil(stolenAt - 1);
  await anchorOne('before its key was stolen', draft('makerStolen'));
  ours.waitUntil(stolenAt);
  await anchorOne('as its key was stolen', draft('makerStolen'));
  const stolen = acts.markCompromised({ key: signers.makerStolen.keyId, since: stolenAt });
  await ours.send('controller', calls.act({ issuer: maker, acts: [stolen] }));

  const bothAt = ours.time();
  const retireNow = acts.retireKey({ key: signers.makerRetiredAndStolen.keyId, at: bothAt });
  await ours.send('controller', calls.act({ issuer: maker, acts: [retireNow] }));
  await anchorOne('by a key that was retired, then stolen', draft('makerRetiredAndStolen'));
  const stolenToo = acts.markCompromised({ key: signers.makerRetiredAndStolen.keyId, since: bothAt });
  await ours.send('controller', calls.act({ issuer: maker, acts: [stolenToo] }));

  const withdrawnAt = ours.time() + STEP;
  ours.waitUntil(withdrawnAt - 1);
  await anchorOne('before its issuer was withdrawn', draft('withdrawn'));
  ours.waitUntil(withdrawnAt);
  await anchorOne('as its issuer was withdrawn', draft('withdrawn'));
  await ours.send('accreditor', calls.withdraw({ issuer: signers.withdrawn.issuer, since: withdrawnAt }));

  const takenBackAt = ours.time() + STEP;
  const underTakenBack = () => draft('maker', { subject: `${GTIN_TAKEN_BACK}/21/A1`, grant: GRANTS.makerTakenBack });
  ours.waitUntil(takenBackAt - 1);
  await anchorOne('before its grant was taken back', underTakenBack());
  ours.waitUntil(takenBackAt);
  await anchorOne('as its grant was taken back', underTakenBack());
  await ours.send('accreditor', calls.takeBackPrefix({ issuer: maker, ...GRANTS.makerTakenBack, since: takenBackAt }));

  // What no longer holds.
  const revokedPlaces = [placeOf(genuine, 'revoked'), placeOf(genuine, 'revoked and anchored again')];
  const change = (list: bigint, where: number[]) => ({ list, reason: 'error', words: wordsOf(where) }) as const;
  await ours.send(
    'controller',
    calls.act({
      issuer: maker,
      acts: [
        acts.revoke(change(LIST, revokedPlaces)),
        acts.revoke(change(LAST_LIST, [LAST_PLACE - 1])),
        acts.supersede(change(LIST, [placeOf(genuine, 'superseded')])),
      ],
    }),
  );
  const { issuer: recycler } = signers.recycler;
  const takeBack = acts.revoke(change(LIST, [EVENT_PLACES.revoked]));
  await ours.send('controller', calls.act({ issuer: recycler, acts: [takeBack] }));
  for (const name of ['void', 'spoilt'] as const) await ours.send('accreditor', calls.voidLot({ lot: LOTS[name] }));
  const byAuthority = wordsOf([placeOf(genuine, 'revoked by authority')]);
  await ours.send('accreditor', calls.revokeByAuthority({ issuer: maker, list: LIST, words: byAuthority }));
  const revoked = need(genuine.get('revoked and anchored again'));
  genuine.set('revoked and anchored again', { ...revoked, entry: await ours.anchor(maker, revoked.batch) });

  /** Lots of the recycler, sold to the maker, with their events. */
  async function supplyLots(): Promise<ReadonlyMap<Hex, string>> {
    const told = new Map<Hex, string>();
    const { issuer: recycler } = signers.recycler;
    const act = async (who: IssuerId, act: MaterialAct) =>
      ours.send('controller', calls.act({ issuer: who, acts: [acts.material(act)] }));
    async function tell(by: Who, place: number, input: EventInput): Promise<Hex> {
      const credential = buildEvent(input, {
        issuer: { id: signers[by].issuer, name: by },
        ledger: ours.id,
        status: { list: LIST, index: place },
        statusListCredential: 'https://maker.example/status/1',
        validFrom: '2025-01-15T00:00:00Z',
      });
      const { jwt, digest } = await signCredential(credential, signers[by]);
      told.set(encodeHex(digest), jwt);
      return encodeHex(digest);
    }
    const says = { name: 'what happened', date: '2025-01-15T08:00:00+01:00' };
    const kind = { substance: COBALT, origin: 'postConsumerRecycled', custody: 'segregated' } as const;
    async function register(name: LotName, milligrams: bigint, told: bigint, place: number): Promise<void> {
      const lot = { lot: LOTS[name], milligrams: told, name: 'Cobalt', label: name, ...kind };
      const event = await tell('recycler', place, { kind: 'register', ...says, at: PLANT, outputs: [lot] });
      const numbers = { substance: parseSubstance(COBALT), milligrams, periodFrom: 0, periodUntil: 0 };
      const { origin, custody } = kind;
      const where = { country: 'BE', facility: PLANT.id };
      await act(recycler, { kind: 'lotRegistered', origin, custody, event, label: name, ...numbers, ...where });
    }
    async function sell(from: LotName, milligrams: bigint, name: LotName, place: number): Promise<void> {
      const moved = [{ lot: LOTS[name], milligrams, name: 'Cobalt' }];
      const move = { kind: 'transfer', ...says, from: PLANT, to: PLANT, moved } as const;
      const offered = { ...move, step: 'offered', counterparty: { id: maker, name: 'Maker' } } as const;
      const event = await tell('recycler', place, offered);
      await act(recycler, {
        ...{ kind: 'transferOffered', receiver: hashIssuer(maker), lot: LOTS[from], milligrams, event, label: name },
      });
      const taken = { ...move, step: 'accepted', counterparty: { id: recycler, name: 'Recycler' } } as const;
      const answer = await tell('maker', place + 1, taken);
      await act(maker, { kind: 'transferAccepted', sender: hashIssuer(recycler), lot: LOTS[name], event: answer });
    }
    await register('scrap', 100_000_000n, 100_000_000n, EVENT_PLACES.scrap);
    await sell('scrap', 90_000_000n, 'bought', EVENT_PLACES.bought);
    await act(maker, { kind: 'lotSplit', lot: LOTS.bought, milligrams: 80_000_000n, label: 'part' });
    await register('doomed', 1_000n, 1_000n, EVENT_PLACES.doomed);
    await sell('doomed', 1_000n, 'void', EVENT_PLACES.void);
    await register('spoilt', 1_000n, 1_000n, EVENT_PLACES.spoilt);
    await sell('spoilt', 500n, 'half', EVENT_PLACES.half);
    const inputs = [
      { lot: LOTS.half, milligrams: 500n },
      { lot: LOTS.bought, milligrams: 500n },
    ].sort((a, b) => (a.lot < b.lot ? -1 : 1));
    const { origin, custody } = kind;
    const event = await tell('maker', EVENT_PLACES.mixed, {
      ...{ kind: 'transform', ...says, at: PLANT, process: 'melting' },
      inputs: inputs.map((input) => ({ ...input, name: 'Cobalt' })),
      outputs: [{ lot: LOTS.mixed, milligrams: 1_000n, name: 'Cobalt', label: 'mixed', ...kind }],
    });
    const lost = { primary: 0n, preConsumerRecycled: 0n, postConsumerRecycled: 0n, renewable: 0n };
    const outputs = [{ origin, custody, milligrams: 1_000n, label: 'mixed' }] as const;
    await act(maker, { kind: 'transformed', event, lost, process: 'melting', inputs, outputs });
    await register('regretted', 1_000n, 1_000n, EVENT_PLACES.revoked);
    await sell('regretted', 1_000n, 'revoked', EVENT_PLACES.sold);
    await register('boast', 1_000n, 999n, EVENT_PLACES.mistold);
    await sell('boast', 1_000n, 'mistold', EVENT_PLACES.resold);
    return told;
  }

  // The attacker's own ledgers know the maker by the attacker's key.
  twin.waitUntil(calm);
  const foreign = { theirs: await impersonate(theirs), twin: await impersonate(twin) };
  async function impersonate(ledger: LiveLedger): Promise<{ evidence: Evidence; facts: Facts }> {
    await ledger.accredit(signers.impostor, ['manufacturer']);
    await ledger.send('accreditor', calls.grantPrefix({ issuer: maker, ...GRANTS.maker }));
    const own = { ours: formatLedger(ledger.id), theirs: ledgers.theirs };
    const made = new Map<string, Anchored>();
    await anchor(made, new Map([['forged', draftOf('impostor', signers, own)]]), { ledger });
    const entries = (await Array.fromAsync(ledger.reader.readEntries())).map(({ bytes }) => bytes);
    const evidence = evidenceOf(ledger.id, entries, need(made.get('forged')), entries.length, new Map());
    return { evidence, facts: await ledger.reader.readFacts(questionOf(evidence)) };
  }

  const entries = (await Array.fromAsync(ours.reader.readEntries())).map(({ bytes }) => bytes);
  const last = need(await ours.reader.readBlock('latest'));
  return {
    ledger: ours.id,
    theirs: theirs.id,
    twin: twin.id,
    signers,
    policy: parsePolicy({ ledgers: [ours.id] }),
    now: last.time + 30,
    genuine: Object.fromEntries(genuine) as Record<GenuineName, Anchored>,
    signed,
    entries,
    evidence: (credential, size = entries.length) => evidenceOf(ours.id, entries, credential, size, events),
    upstream: (questions, size = entries.length) => upstreamOf(ours.id, entries, questions, size),
    facts: (question, size) => factsOf(ours.id, entries, question, size === undefined ? last : undefined, size),
    state: createStateReader({ urls: [chain.rpcUrl], address: ours.id.address }),
    readers: { ours: ours.reader, theirs: theirs.reader, twin: twin.reader },
    foreign,
  };
}

const COBALT = '7440-48-4';
const PLANT = { id: 'https://recycler.example/plants/1', name: 'Plant 1' };
/** Where the status of their events stands, apart from all other places. */
const EVENT_PLACES = {
  ...{ scrap: 100_000, bought: 100_010, doomed: 100_020, void: 100_030, spoilt: 100_040, half: 100_050 },
  ...{ mixed: 100_060, revoked: 100_070, sold: 100_080, mistold: 100_090, resold: 100_100 },
} as const;

const named = (who: Who, label: string) => hashLot(hashIssuer(parseDid(CAST[who].did)), label);
/** Lots by their labels: registered and sold by the recycler, but for `part` and `mixed`, which the maker made of what it bought. */
export const LOTS = {
  scrap: named('recycler', 'scrap'),
  bought: named('recycler', 'bought'),
  part: named('maker', 'part'),
  doomed: named('recycler', 'doomed'),
  void: named('recycler', 'void'),
  spoilt: named('recycler', 'spoilt'),
  half: named('recycler', 'half'),
  mixed: named('maker', 'mixed'),
  regretted: named('recycler', 'regretted'),
  revoked: named('recycler', 'revoked'),
  boast: named('recycler', 'boast'),
  mistold: named('recycler', 'mistold'),
} as const;
export type LotName = keyof typeof LOTS;

/** 12 mg for each credential. */
function share(lot: LotName): Allocation {
  return { lot: LOTS[lot], milligrams: 12n };
}

/** The device, made of 12 mg of each of these lots; `terms` are of each material. */
export function lotTerms(ledger: string, lots: readonly LotName[], product: object = {}, terms: object = {}): object {
  const materialProvenance = lots.map((lot) => ({
    ...{ type: ['Material'], name: 'Cobalt', originCountry: { countryCode: 'BE' }, massFraction: 0.001 },
    materialType: { code: COBALT, name: 'Cobalt', schemeId: 'https://www.cas.org/cas-data/cas-registry' },
    ...{ mass: { value: 0.012, unit: 'GRM' }, originClass: 'postConsumerRecycled' },
    ...{ chainOfCustodyModel: 'segregated', lot: formatLot(ledger, LOTS[lot]), ...terms },
  }));
  const subject = { type: ['Product'], id: ITEM, name: 'Laptop 14', idGranularity: 'item' };
  return { credentialSubject: { ...subject, materialProvenance, ...product } };
}

const GTIN_TAKEN_BACK = 'https://id.gs1.org/01/09525555000011';
const GTIN_LATE = 'https://id.gs1.org/01/09526666000013';
export const CERTIFICATE = ['DigitalConformityCredential', 'VerifiableCredential'];

/** An event about something. */
export function eventTerms(subject: string): object {
  return {
    type: ['DigitalTraceabilityEvent', 'VerifiableCredential'],
    credentialSubject: [{ type: ['ModifyEvent'], id: subject, name: 'Taken apart' }],
  };
}

/** The place is in the signed bytes: read it back, so that what is revoked is what was signed. */
function placeOf(genuine: ReadonlyMap<GenuineName, Anchored>, name: GenuineName): number {
  const [, payload = ''] = need(genuine.get(name)).jwt.split('.');
  const match = /#status-\d+-(\d+)"/.exec(Buffer.from(payload, 'base64url').toString());
  return Number(need(match)[1]);
}

function evidenceOf(
  ledger: LedgerId,
  entries: readonly Uint8Array[],
  credential: Anchored,
  size: number,
  events: ReadonlyMap<Hex, string>,
): Evidence {
  const { jwt, signer, grant, batch, index, entry } = credential;
  const tree = buildTree(entries.slice(0, size).map(hashLeaf));
  const place = (at: number) => {
    return { index: at, bytes: need(entries[at]), proof: provePeakPath(at, size, tree.readNode) };
  };
  const lots = massesClaimed(jwt).map(({ lot }) => lot);
  const makings = entries.flatMap((bytes, at): Making[] => {
    const entry = decodeEntry(bytes);
    return isMaking(entry) ? [{ index: at, entry }] : [];
  });
  const behind = withAncestors(readLineage(makings), lots);
  const needed = makings.filter(({ entry }) => lotsMadeBy(entry).some((lot) => behind.has(lot)));
  return buildEvidence({
    ledger,
    credential: jwt,
    key: signer.key,
    grant,
    batch: { index, proof: batch.prove(index) },
    entry: place(entry),
    ...(needed.length > 0 && {
      lots: {
        entries: needed.map(({ index: at }) => place(at)),
        events: needed.flatMap(({ entry }) => events.get(eventOf(entry) ?? '0x') ?? []),
      },
    }),
  });
}

function upstreamOf(
  ledger: LedgerId,
  entries: readonly Uint8Array[],
  questions: readonly UpstreamQuestion[],
  size: number,
): readonly UpstreamFacts[] {
  const { state } = foldEntries(ledger, entries.slice(0, size));
  return questions.map(({ question, lots }) => {
    const { issuer, key, status } = answerQuestion(state, question);
    const about = lots.map((lot) => ({ lot, isVoid: state.lots.get(lot)?.isVoid ?? false }));
    return { question, issuer, key, status, lots: about };
  });
}

function foldEntries(ledger: LedgerId, entries: readonly Uint8Array[]) {
  const fold = createJournalFold({ ledger });
  for (const entry of entries) fold.add(entry);
  return fold;
}

function factsOf(
  ledger: LedgerId,
  entries: readonly Uint8Array[],
  question: Question,
  block: { readonly number: number; readonly time: number } | undefined,
  size = entries.length,
): Facts {
  const fold = foldEntries(ledger, entries.slice(0, size));
  const last = decodeEntry(need(entries[size - 1]));
  const { number, time } = block ?? { number: last.blockNumber, time: last.blockTime };
  return {
    source: 'own node',
    ledger,
    blockNumber: number,
    blockTime: time,
    finalBlockNumber: number,
    treeHead: { size, peaks: fold.treeHead().peaks },
    ...answerQuestion(fold.state, question),
  };
}

/** For identifiers that only have to differ. */
export function digestOf(name: string): `0x${string}` {
  return encodeHex(sha256(text.encode(name)));
}

export function need<T>(value: T | null | undefined): T {
  if (value === null || value === undefined) throw new TypeError('the world lacks something that it should have');
  return value;
}
