/** A real chain with a real ledger, real issuers, a file store, and services over them, for tests. */
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Hex, hashIssuer, type IssuerId, type KeyId } from '@dpp-ledger/core';
import {
  CONTEXT_URL,
  createSigner,
  formatKid,
  formatLedger,
  generateKey,
  parseDid,
  type Role,
  type SignedCredential,
  type Signer,
  signPayload,
  UNTP_CONTEXT,
  VCDM_CONTEXT,
} from '@dpp-ledger/core/credential';
import { type Embedded, startEmbedded } from '@dpp-ledger/embedded';
import {
  acts,
  calls,
  connectLedger,
  createAccount,
  createLedgerWriter,
  createRpc,
  type Finality,
  type LedgerNode,
  type LedgerWriter,
  type Purpose,
  type Rpc,
  signPossession,
  signRelay,
  wordsOf,
} from '@dpp-ledger/sdk/ledger';
import { PGlite } from '@electric-sql/pglite';
import { sql } from 'kysely';
import { createBell } from '../src/bell.ts';
import { createService, type Database, openDatabase, type Service, type ServiceOptions } from '../src/index.ts';

export const GTIN = '09521234000013';
export const MODEL = `https://id.gs1.org/01/${GTIN}`;
export const GRANT = 'gs1:9521234';
const FAR = 2 ** 40;
const NEVER = new AbortController().signal;

export interface World {
  readonly embedded: Embedded;
  readonly rpc: Rpc;
  readonly reader: LedgerNode;
  readonly admin: LedgerWriter;
  readonly accreditor: LedgerWriter;
  readonly relayer: LedgerWriter;
  connect(finality?: Finality): Promise<LedgerNode>;
  createIssuer(options?: IssuerOptions): Promise<TestIssuer>;
  /** Lets the chain's clock run ahead, and makes a block. */
  pass(seconds: number): Promise<void>;
  stop(): Promise<void>;
}

export interface IssuerOptions {
  readonly roles?: readonly Role[];
  readonly grants?: readonly string[];
  /** Whether the relayer's account is appointed; it is by default. */
  readonly submitter?: boolean;
  readonly purposes?: readonly Purpose[];
}

export interface TestIssuer {
  readonly id: IssuerId;
  readonly hash: Hex;
  readonly signer: Signer;
  /** Its list; places are handed out in order. */
  readonly list: bigint;
  /** A signed passport; `terms` replace its own. */
  sign(terms?: Record<string, unknown>, options?: SignOptions): Promise<SignedCredential>;
  /** Many of them about items of one model. */
  signMany(count: number): Promise<SignedCredential[]>;
  revoke(places: readonly number[]): Promise<unknown>;
  supersede(places: readonly number[]): Promise<unknown>;
  /** A relay request by its key. */
  relay(
    toDo: Parameters<typeof signRelay>[0]['acts'],
    options?: { credentials?: readonly string[]; nonce?: bigint },
  ): ReturnType<typeof signRelay>;
  addKey(purposes?: readonly Purpose[]): Promise<Signer>;
  /** It ends some seconds from now: let them pass. */
  retireKey(key: KeyId): Promise<unknown>;
}

export interface SignOptions {
  readonly place?: number;
  readonly list?: bigint;
  readonly signer?: Signer;
  readonly ledger?: string;
  readonly kid?: string;
}

let issuers = 0;
let serials = 0;

export function newSerial(): string {
  serials += 1;
  return `S${serials.toString(36).toUpperCase().padStart(6, '0')}`;
}

export async function startWorld(options: { readonly dataDir?: string } = {}): Promise<World> {
  const dataDir = options.dataDir ?? (await mkdtemp(join(tmpdir(), 'dpp-api-')));
  const embedded = await startEmbedded({ dataDir, saveEveryMs: 60_000 });
  const { rpcUrl, accounts } = embedded;
  const connect: World['connect'] = (finality = { confirmations: 0 }) =>
    connectLedger({ url: rpcUrl, pin: embedded.ledger, pollMs: 15, finality });
  const reader = await connect();
  const createWriter = (privateKey: Hex) =>
    createLedgerWriter({ reader, url: rpcUrl, account: createAccount(privateKey), pollMs: 50 });
  const [admin, accreditor, relayer] = await Promise.all([
    createWriter(accounts.admin.privateKey),
    createWriter(accounts.accreditor.privateKey),
    createWriter(accounts.relayer.privateKey),
  ]);
  const ledger = formatLedger(reader.id);

  async function createIssuer(issuerOptions: IssuerOptions = {}): Promise<TestIssuer> {
    const { roles = ['manufacturer'], grants = [GRANT], submitter = true } = issuerOptions;
    const { purposes = ['assert', 'operate', 'revoke', 'administer'] } = issuerOptions;
    issuers += 1;
    const id = parseDid(`did:web:maker${process.pid}-${issuers}.example`);
    const signer = await createSigner({ issuer: id, jwk: await generateKey({ algorithm: 'ES256' }) });
    const list = BigInt(1_000_000 * issuers + 7);
    const terms = { purposes, deadline: FAR };
    const proof = await signPossession({ ledger: reader.id, signer, ...terms });
    await accreditor.send(calls.accredit({ issuer: id, roles, key: signer.key, proof, ...terms }));
    for (const [i, prefix] of grants.entries()) {
      await accreditor.send(calls.grantPrefix({ issuer: id, number: i + 1, prefix }));
    }
    let place = 0;

    const issuer: TestIssuer = {
      id,
      hash: hashIssuer(id),
      signer,
      list,
      async sign(payload = {}, signOptions = {}) {
        const index = signOptions.place ?? place++;
        const at = signOptions.ledger ?? ledger;
        const onList = signOptions.list ?? list;
        const by = signOptions.signer ?? signer;
        const subject = {
          type: ['Product'],
          id: `${MODEL}/21/${newSerial()}`,
          name: 'Laptop 14',
          idGranularity: 'item',
        };
        const credential = {
          '@context': [VCDM_CONTEXT, UNTP_CONTEXT, CONTEXT_URL],
          type: ['DigitalProductPassport', 'VerifiableCredential'],
          id: `urn:uuid:${crypto.randomUUID()}`,
          issuer: { type: ['CredentialIssuer'], id, name: `Maker ${issuers}` },
          validFrom: '2025-01-15T00:00:00Z',
          name: 'Passport: Laptop 14',
          credentialStatus: {
            id: `${at}#status-${onList}-${index}`,
            type: 'BitstringStatusListEntry',
            statusPurpose: 'revocation',
            statusListIndex: index,
            statusListCredential: `https://dpp.example/status/${id}/${onList}`,
          },
          credentialSubject: subject,
          ...payload,
        };
        return await signPayload(credential, signOptions.kid ?? formatKid(id, by.keyId), by);
      },
      signMany: (count) => Promise.all(Array.from({ length: count }, () => issuer.sign())),
      revoke: async (places) =>
        await relayer.send(
          calls.relay(await issuer.relay([acts.revoke({ list, reason: 'recall', words: wordsOf(places) })])),
        ),
      supersede: async (places) =>
        await relayer.send(
          calls.relay(await issuer.relay([acts.supersede({ list, reason: 'error', words: wordsOf(places) })])),
        ),
      async relay(toDo, { credentials, nonce } = {}) {
        const next = nonce ?? (await reader.readKeyNonce(hashIssuer(id), keyHex(signer))) ?? 0n;
        return await signRelay({
          ledger: reader.id,
          signer,
          acts: toDo,
          nonce: next,
          deadline: FAR,
          ...(credentials === undefined ? {} : { credentials }),
        });
      },
      async addKey(keyPurposes = ['assert']) {
        const added = await createSigner({ issuer: id, jwk: await generateKey({ algorithm: 'ES256' }) });
        const possession = await signPossession({
          ledger: reader.id,
          signer: added,
          purposes: keyPurposes,
          deadline: FAR,
        });
        const act = acts.addKey({ key: added.key, purposes: keyPurposes, deadline: FAR, proof: possession });
        await relayer.send(calls.relay(await issuer.relay([act])));
        return added;
      },
      async retireKey(key) {
        const { time } = (await reader.readBlock('latest')) ?? { time: 0 };
        const at = Math.max(time, Math.floor(Date.now() / 1_000)) + 3;
        return await relayer.send(calls.relay(await issuer.relay([acts.retireKey({ key, at })])));
      },
    };
    if (submitter) await relayer.send(calls.relay(await issuer.relay([acts.appointSubmitter(relayer.account)])));
    return issuer;
  }

  const rpc = createRpc({ url: rpcUrl });
  return {
    ...{ embedded, rpc, reader, admin, accreditor, relayer, connect, createIssuer },
    async pass(seconds) {
      await rpc.call('evm_increaseTime', [seconds]);
      await rpc.call('evm_mine', []);
    },
    async stop() {
      await embedded.stop();
      if (options.dataDir === undefined) await rm(dataDir, { recursive: true, force: true });
    },
  };
}

function keyHex({ keyId }: Signer): Hex {
  return `0x${Buffer.from(keyId, 'base64url').toString('hex')}`;
}

export interface TestService extends Service {
  readonly database: Database;
  readonly problems: { readonly what: string; readonly error: unknown }[];
  get(path: string, headers?: Record<string, string>): Promise<Response>;
  getJson(path: string): Promise<Record<string, unknown>>;
  post(path: string, type: string, body: string): Promise<Response>;
  /** Posts as NDJSON; the answers. */
  submit(credentials: readonly { readonly jwt: string }[]): Promise<Record<string, unknown>[]>;
  /** Resolves once the index has the contract's tree head, after whatever the chain did. */
  inStep(): Promise<unknown>;
  /** Resolves once it is so, asked anew whenever something has happened. */
  eventually(isSo: () => Promise<boolean>): Promise<unknown>;
  /** The first answer that is good, asked anew whenever something has happened. */
  when(path: string): Promise<Response>;
  /** Resolves once the receipt says so. */
  until(id: unknown, state: string): Promise<Record<string, unknown>>;
  close(): Promise<void>;
}

export const PUBLIC_URL = 'https://dpp.example';

/** A service over the world, on a database of its own unless one is given. It is started, and its index is at the chain's head. */
export async function startService(
  world: World,
  overrides: Partial<ServiceOptions> & { readonly start?: boolean } = {},
): Promise<TestService> {
  const pglite = overrides.database === undefined ? await PGlite.create() : undefined;
  const database = overrides.database ?? openDatabase({ pglite: pglite as PGlite });
  const problems: TestService['problems'] = [];
  const service = createService({
    ledger: world.reader,
    writer: world.relayer,
    store: world.embedded.store,
    signer: await serviceSigner(),
    publicUrl: PUBLIC_URL,
    batch: { size: 1_000, ageMs: 20 },
    onProblem: (problem) => problems.push(problem),
    ...overrides,
    database,
  });
  if (overrides.start !== false) {
    await service.start();
    await service.caughtUp();
  }

  /** Asks at once, and after every signal of the database, until there is an answer. */
  async function afterEach<T>(ask: () => Promise<T | undefined>): Promise<T> {
    const bell = createBell();
    const stops = await Promise.all([database.listen('receipt', bell.ring), database.listen('ledger', bell.ring)]);
    try {
      for (;;) {
        const answer = await ask();
        if (answer !== undefined) return answer;
        await bell.wait({ signal: NEVER });
      }
    } finally {
      for (const stop of stops) await stop();
    }
  }

  const request = async (path: string, init?: RequestInit) => await service.app.request(`${PUBLIC_URL}${path}`, init);
  const test: TestService = {
    ...service,
    database,
    problems,
    get: (path, headers = {}) => request(path, { headers }),
    async getJson(path) {
      const response = await request(path);
      if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
      return (await response.json()) as Record<string, unknown>;
    },
    post: (path, type, body) => request(path, { method: 'POST', headers: { 'content-type': type }, body }),
    async submit(credentials) {
      const body = credentials.map(({ jwt }) => `${JSON.stringify({ credential: jwt })}\n`).join('');
      const response = await test.post('/passports', 'application/x-ndjson', body);
      return (await response.text())
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as Record<string, unknown>);
    },
    inStep: () =>
      afterEach(async () => {
        const [here, there] = [await test.getJson('/tree-head'), await world.reader.readTreeHead()];
        return here.root === there.root ? here : undefined;
      }),
    eventually: (isSo) => afterEach(async () => ((await isSo()) ? true : undefined)),
    when: (path) =>
      afterEach(async () => {
        const response = await request(path);
        return response.ok ? response : undefined;
      }),
    until: (id, state) =>
      afterEach(async () => {
        const receipt = await test.getJson(`/receipts/${id}`);
        return receipt.state === state || receipt.state === 'refused' ? receipt : undefined;
      }),
    async close() {
      await service.stop();
      await pglite?.close();
    },
  };
  return test;
}

export async function serviceSigner(): Promise<Signer> {
  return await createSigner({
    issuer: parseDid('did:web:dpp.example'),
    jwk: await generateKey({ algorithm: 'ES256' }),
  });
}

/** Terms of a credential about something that happened: what was made, by whomever signs it. */
export const EVENT_TERMS = {
  type: ['DigitalTraceabilityEvent', 'VerifiableCredential'],
  name: 'Event: Make a laptop',
  credentialSubject: [
    {
      type: ['MakeEvent', 'LifecycleEvent'],
      id: 'urn:uuid:0b9f0f8e-0000-5000-8000-000000000001',
      name: 'Make a laptop',
      eventDate: '2026-01-09T14:00:00+08:00',
      activityType: {
        code: 'commissioning',
        name: 'Commissioning',
        schemeId: 'https://ref.gs1.org/cbv/BizStep',
        schemeName: 'GS1 CBV Business Step',
      },
      inputProduct: [],
      outputProduct: [
        {
          product: { type: ['Product'], id: `${MODEL}/21/A1`, name: 'Laptop 14', idGranularity: 'item' },
          disposition: 'new',
        },
      ],
      madeAtFacility: { type: ['Facility'], id: 'https://maker.example/plant', name: 'Plant' },
    },
  ],
};

/** Everything in the index, to be compared. */
export async function dumpIndex(database: Database): Promise<Record<string, unknown[]>> {
  const dump: Record<string, unknown[]> = {};
  for (const [table, order] of [
    ['entry', 'index'],
    ['node', 'level, index'],
    ['batch', 'entry'],
    ['credential', 'entry, position'],
    ['status_change', 'entry, word'],
    ['lot', 'id'],
    ['flow', 'entry, lot'],
    ['block', 'number'],
  ] as const) {
    const { rows } = await sql`select * from ${sql.raw(`ledger.${table}`)} order by ${sql.raw(order)}`.execute(
      database.db,
    );
    dump[table] = rows;
  }
  return dump;
}
