import { gunzipSync } from 'node:zlib';
import { decodeHex, encodeHex, type Hex, type SubjectId } from '@dpp-ledger/core';
import { CONTEXT_DOCUMENT, parseJwt } from '@dpp-ledger/core/credential';
import { parseEvidence, parsePolicy, questionOf } from '@dpp-ledger/core/evidence';
import { createJournalFold, hashLeaf, verifyConsistency, verifyInclusion } from '@dpp-ledger/core/journal';
import { verify } from '@dpp-ledger/core/verify';
import { decodeLabel } from '@dpp-ledger/web';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  GTIN,
  MODEL,
  PUBLIC_URL,
  startService,
  startWorld,
  type TestIssuer,
  type TestService,
  type World,
} from './support.ts';

let world: World;
let issuer: TestIssuer;
let service: TestService;
/** An item with two versions, an item that was recalled, and a model. */
let first: Signed;
let second: Signed;
let recalled: Signed;
let model: Signed;
type Signed = Awaited<ReturnType<TestIssuer['sign']>>;
const ITEM = `${MODEL}/21/A7K2`;
const product = (id: string, name = 'Laptop 14') => ({
  credentialSubject: { type: ['Product'], id, name, modelNumber: 'L14-2026' },
});
const toBytes = (hex: unknown) => decodeHex(String(hex));

beforeAll(async () => {
  world = await startWorld();
  issuer = await world.createIssuer({ roles: ['manufacturer', 'certifier'] });
  service = await startService(world);
  first = await issuer.sign(product(ITEM), { place: 3 });
  recalled = await issuer.sign(product(`${MODEL}/21/BAD1`, 'Laptop 14 with a faulty battery'), { place: 4 });
  model = await issuer.sign(product(MODEL, 'Laptop 14, any'), { place: 5 });
  const answers = await service.submit([first, recalled, model]);
  await Promise.all(answers.map(({ id }) => service.until(id, 'final')));
  second = await issuer.sign(product(ITEM, 'Laptop 14, corrected'), { place: 261 });
  const [answer] = await service.submit([second]);
  await service.until(answer?.id, 'final');
  await issuer.supersede([3]);
  await issuer.revoke([4]);
  await service.inStep();
});
afterAll(async () => {
  await service.close();
  await world.stop();
});

describe('credentials', () => {
  it('gives a credential as it was signed, for ever', async () => {
    const response = await service.get(`/passports/${first.cid}`);
    expect(response.headers.get('content-type')).toBe('application/vc+jwt');
    expect(response.headers.get('cache-control')).toContain('immutable');
    expect(await response.text()).toBe(first.jwt);
    const etag = response.headers.get('etag') ?? '';
    expect(etag).toBe(`"${first.cid}"`);
    const again = await service.get(`/passports/${first.cid}`, { 'if-none-match': etag });
    expect(again.status).toBe(304);
    expect(await again.text()).toBe('');
  });

  it('gives one that is accepted and not anchored yet', async () => {
    const away = await startService(world, { batch: { size: 100, ageMs: 3_600_000 } });
    const signed = await issuer.sign();
    await away.submit([signed]);
    expect(await (await away.get(`/passports/${signed.cid}`)).text()).toBe(signed.jwt);
    expect((await away.get(`/evidence/${signed.cid}`)).status).toBe(404);
    expect(await (await away.get(`/ipfs/${signed.cid}`)).text()).toBe(signed.jwt);
    await away.close();
  });

  it('lists what is known of a subject, newest first, by pages', async () => {
    const page = await service.getJson(`/passports?subject=${encodeURIComponent(ITEM)}&limit=1`);
    expect(page.items).toMatchObject([
      { cid: second.cid, subject: ITEM, revoked: false, superseded: false, issuer: issuer.id },
    ]);
    const next = await service.getJson(`/passports?subject=${encodeURIComponent(ITEM)}&limit=1&cursor=${page.next}`);
    expect(next.items).toMatchObject([{ cid: first.cid, superseded: true }]);
    expect(next.next).toBeUndefined();
    // A label's own host does not matter, and an item without a passport is not answered for here.
    const label = await service.getJson(`/passports?subject=${encodeURIComponent(`${PUBLIC_URL}/01/${GTIN}/21/A7K2`)}`);
    expect(label.items).toHaveLength(2);
    const none = await service.getJson(`/passports?subject=${encodeURIComponent(`${MODEL}/21/NONE`)}`);
    expect(none.items).toEqual([]);
  });

  it('tells the history of a credential', async () => {
    const { items } = await service.getJson(`/passports/${first.cid}/versions`);
    expect((items as { cid: string }[]).map(({ cid }) => cid)).toEqual([second.cid, first.cid]);
  });

  it('gives evidence that anyone can verify with facts of their own', async () => {
    const evidence = parseEvidence(await (await service.get(`/evidence/${second.cid}`)).text());
    const facts = await world.reader.readFacts(questionOf(evidence));
    const policy = parsePolicy({ ledgers: [world.reader.id] });
    const now = Math.floor(Date.now() / 1_000);
    const report = await verify({
      evidence,
      facts,
      policy,
      expected: { subject: ITEM as SubjectId, current: true },
      now,
    });
    expect(report).toMatchObject({ verdict: 'valid', current: true, answeredBy: undefined });
  });
});

describe('verdicts', () => {
  it('is valid for what is current, and says what answered', async () => {
    const report = await service.getJson(`/verify?uri=${encodeURIComponent(`${PUBLIC_URL}/01/${GTIN}/21/A7K2`)}`);
    expect(report).toMatchObject({ verdict: 'valid', cid: second.cid, subject: ITEM, current: true });
    expect((report.checks as unknown[]).length).toBe(11);
  });
  it('falls back from an item to its model, and says so', async () => {
    const report = await service.getJson(`/verify?uri=${encodeURIComponent(`${MODEL}/10/B1/21/ZZZ9`)}`);
    expect(report).toMatchObject({ verdict: 'valid', cid: model.cid, answeredBy: 'model' });
    expect(await service.getJson(`/verify?uri=${GTIN}`)).toMatchObject({ verdict: 'valid', cid: model.cid });
  });
  it('is invalid for what was revoked', async () => {
    const report = await service.getJson(`/verify?uri=${encodeURIComponent(`${MODEL}/21/BAD1`)}`);
    expect(report).toMatchObject({ verdict: 'invalid', cid: recalled.cid });
    expect(report.checks).toContainEqual(expect.objectContaining({ name: 'status', code: 'status.revoked' }));
  });
  it('keeps a superseded credential valid, unless the current one is asked for', async () => {
    const response = await service.post('/verify', 'application/vc+jwt', first.jwt);
    expect(await response.json()).toMatchObject({ verdict: 'valid', current: false });
    const strict = await service.post('/verify?current=true', 'application/vc+jwt', first.jwt);
    expect(await strict.json()).toMatchObject({ verdict: 'invalid' });
  });
  it('judges evidence, and not the subject of another device', async () => {
    const evidence = await (await service.get(`/evidence/${second.cid}`)).text();
    const report = await service.post('/verify', 'application/json', evidence);
    expect(await report.json()).toMatchObject({ verdict: 'valid', cid: second.cid });
    const other = await service.post(
      `/verify?subject=${encodeURIComponent(`${MODEL}/21/OTHER`)}`,
      'application/json',
      evidence,
    );
    expect(await other.json()).toMatchObject({ verdict: 'invalid' });
  });
  it('is never valid for what is not on the ledger, and never fails', async () => {
    const unknown = await issuer.sign();
    const response = await service.post('/verify', 'application/vc+jwt', unknown.jwt);
    expect(response.status).toBe(200);
    expect(await response.json()).toMatchObject({ verdict: 'indeterminate' });
    for (const rubbish of ['', '{', '{"version":"dpp-evidence/1"}', 'a.b.c', '\u0000']) {
      const answer = await service.post('/verify', 'application/json', rubbish);
      expect(await answer.json()).toMatchObject({ verdict: 'invalid' });
    }
  });
  it('says that nothing is known of a stranger', async () => {
    const response = await service.get(`/verify?uri=${encodeURIComponent('https://id.gs1.org/01/09529999000019')}`);
    expect(response.status).toBe(404);
    expect(await response.json()).toMatchObject({ code: 'service.not-found' });
  });
});

describe('the ledger', () => {
  it('gives the journal that folds to the contract’s tree head', async () => {
    const lines = (await (await service.get('/journal')).text()).trim().split('\n');
    const fold = createJournalFold({ ledger: world.reader.id });
    for (const line of lines) fold.add(toBytes(JSON.parse(line).bytes));
    const head = await world.reader.readTreeHead();
    expect(encodeHex(fold.treeHead().root)).toBe(head.root);
    expect(await service.getJson('/tree-head')).toMatchObject({ size: head.size, root: head.root });
    const tail = (await (await service.get(`/journal?from=${head.size - 2}&limit=1`)).text()).trim().split('\n');
    expect(tail).toHaveLength(1);
    expect(JSON.parse(tail[0] ?? '')).toMatchObject({ index: head.size - 2, kind: 'statusSet' });
  });

  it('proves that an entry stands in it, now and at an earlier size', async () => {
    const { size } = await service.getJson('/tree-head');
    for (const at of [Number(size), Number(size) - 3]) {
      const entry = await service.getJson(`/journal/4?size=${at}`);
      const { root, proof } = entry.inclusion as { root: Hex; proof: Hex[] };
      const leaf = hashLeaf(toBytes(entry.bytes));
      const it = { leaf, index: 4, size: at, proof: proof.map(toBytes), root: toBytes(root) };
      expect(verifyInclusion(it)).toBe(true);
    }
  });

  it('proves that it only ever grew', async () => {
    const head = await service.getJson('/tree-head?first=5');
    const { first: from, firstRoot, proof } = head.consistency as { first: number; firstRoot: Hex; proof: Hex[] };
    const [firstRootBytes, secondRoot] = [toBytes(firstRoot), toBytes(head.root)];
    expect(
      verifyConsistency({
        first: from,
        second: Number(head.size),
        firstRoot: firstRootBytes,
        secondRoot,
        proof: proof.map(toBytes),
      }),
    ).toBe(true);
    const earlier = await service.getJson('/tree-head?size=5');
    expect(earlier.root).toBe(firstRoot);
  });

  it('refuses proofs beyond what there is', async () => {
    for (const path of ['/tree-head?size=99999', '/tree-head?first=99999', '/journal/3?size=2', '/tree-head?size=0']) {
      expect(await (await service.get(path)).json()).toMatchObject({ status: 400, code: 'input.shape' });
    }
    expect((await service.get('/journal/99999')).status).toBe(404);
  });

  it('names the ledger, its issuers and the account to appoint', async () => {
    expect(await service.getJson('/ledger')).toMatchObject({
      id: world.reader.id,
      name: world.reader.name,
      service: { account: world.relayer.account, did: 'did:web:dpp.example' },
    });
    const { items } = await service.getJson('/issuers');
    expect(items).toMatchObject([
      { issuer: issuer.id, standing: 'accredited', roles: ['manufacturer', 'certifier'], credentials: 4 },
    ]);
    const one = await service.getJson(`/issuers/${encodeURIComponent(issuer.id)}`);
    expect(one).toMatchObject({
      issuer: issuer.id,
      submitters: [world.relayer.account],
      grants: [{ number: 1, prefix: 'gs1:9521234' }],
      keys: [{ key: issuer.signer.keyId, purposes: ['assert', 'operate', 'revoke', 'administer'], nonce: '3' }],
    });
    expect((await service.get('/issuers/did:web:nobody.example')).status).toBe(404);
  });

  it('shows a batch with every anchor of it', async () => {
    const { items } = await service.getJson('/batches?limit=1');
    const [newest] = items as { root: string }[];
    const batch = await service.getJson(`/batches/${newest?.root}`);
    expect(batch).toMatchObject({
      size: 1,
      anchors: [{ issuer: issuer.id }],
      credentials: [{ index: 0, cid: second.cid }],
    });
    const page = await service.getJson('/batches?limit=1');
    const rest = await service.getJson(`/batches?cursor=${page.next}`);
    const [before] = rest.items as { root: string }[];
    const three = await service.getJson(`/batches/${before?.root}?limit=1`);
    expect(three).toMatchObject({ size: 3, credentials: [{ index: 0, cid: first.cid }] });
    const middle = await service.getJson(`/batches/${before?.root}?limit=1&cursor=${three.next}`);
    expect(middle).toMatchObject({ size: 3, credentials: [{ index: 1, cid: recalled.cid }], next: expect.any(String) });
    expect((await service.get(`/batches/0x${'00'.repeat(32)}`)).status).toBe(404);
  });
});

describe('status lists', () => {
  async function placesOf(path: string): Promise<{ places: number[]; subject: Record<string, unknown> }> {
    const response = await service.get(path);
    expect(response.headers.get('content-type')).toBe('application/vc+jwt');
    const { payload } = parseJwt(await response.text());
    const { credentialSubject: subject } = payload as { credentialSubject: Record<string, unknown> };
    const list = String(subject.encodedList);
    expect(list.startsWith('u')).toBe(true);
    const bytes = gunzipSync(Buffer.from(list.slice(1), 'base64url'));
    expect(bytes.length).toBe(131_072 / 8);
    const places = Array.from({ length: 131_072 }, (_, i) => i).filter(
      (i) => ((bytes[i >> 3] ?? 0) & (0x80 >> (i % 8))) !== 0,
    );
    return { places, subject };
  }

  it('publishes what is revoked, bit 0 leftmost', async () => {
    const { places, subject } = await placesOf(`/status/${encodeURIComponent(issuer.id)}/${issuer.list}`);
    expect(places).toEqual([4]);
    expect(subject).toMatchObject({ type: 'BitstringStatusList', statusPurpose: 'revocation', ttl: 300_000 });
  });
  it('publishes what is superseded', async () => {
    const { places, subject } = await placesOf(`/status/${encodeURIComponent(issuer.id)}/${issuer.list}/superseded`);
    expect(places).toEqual([3]);
    expect(subject).toMatchObject({ statusPurpose: 'refresh' });
  });
  it('is the same until the journal grows, so that caches find it unchanged', async () => {
    const path = `/status/${encodeURIComponent(issuer.id)}/${issuer.list}`;
    const etag = String((await service.get(path)).headers.get('etag'));
    expect((await service.get(path, { 'if-none-match': etag })).status).toBe(304);
    expect((await service.get(`${path}/superseded`)).headers.get('etag')).not.toBe(etag);
    const [answer] = await service.submit([await issuer.sign()]);
    await service.until(answer?.id, 'final');
    expect((await service.get(path, { 'if-none-match': etag })).status).toBe(200);
  });
  it('is empty for a list that nothing was set in, and unknown for a stranger', async () => {
    expect((await placesOf(`/status/${encodeURIComponent(issuer.id)}/1`)).places).toEqual([]);
    expect((await service.get('/status/did:web:nobody.example/1')).status).toBe(404);
    expect(await (await service.get(`/status/${issuer.id}/-1`)).json()).toMatchObject({ code: 'input.shape' });
  });
});

describe('the gateway', () => {
  it('gives raw blocks', async () => {
    const response = await service.get(`/ipfs/${first.cid}?format=raw`);
    expect(response.headers.get('content-type')).toBe('application/vnd.ipld.raw');
    expect(response.headers.get('x-content-type-options')).toBe('nosniff');
    expect(await response.text()).toBe(first.jwt);
    const etag = response.headers.get('etag') ?? '';
    expect((await service.get(`/ipfs/${first.cid}?format=raw`, { 'if-none-match': etag })).status).toBe(304);
  });
  it('gives a batch as one CAR, or its manifest alone', async () => {
    const { items } = await service.getJson('/batches');
    const batch = (items as { size: number; manifest: string }[]).find(({ size }) => size === 3);
    const whole = await service.get(`/ipfs/${batch?.manifest}`, { accept: 'application/vnd.ipld.car' });
    expect(whole.headers.get('content-type')).toContain('application/vnd.ipld.car');
    const text = Buffer.from(await whole.arrayBuffer()).toString('latin1');
    for (const { jwt } of [first, recalled, model]) expect(text).toContain(jwt);
    const block = await service.get(`/ipfs/${batch?.manifest}?format=car&dag-scope=block`);
    expect(Buffer.from(await block.arrayBuffer()).toString('latin1')).not.toContain(first.jwt);
  });
  it('serves this ledger only', async () => {
    const stranger = await service.get('/ipfs/bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy');
    expect(await stranger.json()).toMatchObject({ status: 404, code: 'service.not-found' });
    for (const bad of ['QmYwAPJzv5CZsnA625s3Xf2nemtYgPpHdWEz79ojWnPbdG', '..%2f..%2fetc', 'bafk']) {
      expect(await (await service.get(`/ipfs/${bad}`)).json()).toMatchObject({ status: 400, code: 'input.encoding' });
    }
  });
});

describe('the resolver', () => {
  it('redirects a label to the page, and passes parameters on', async () => {
    const response = await service.get(`/01/${GTIN}/21/A7K2?utm=x`);
    expect(response.status).toBe(307);
    const location = new URL(response.headers.get('location') ?? '');
    expect(location.origin + location.pathname).toBe(`${PUBLIC_URL}/view/passport`);
    expect(location.searchParams.get('uri')).toBe(ITEM);
    expect(location.searchParams.get('utm')).toBe('x');
    expect(response.headers.get('link')).toContain('rel="linkset"');
  });
  it('leads to the credential for who asks for it', async () => {
    const byType = await service.get(`/01/${GTIN}/21/A7K2`, { accept: 'application/vc+jwt' });
    expect(byType.headers.get('location')).toBe(`${PUBLIC_URL}/passports/${second.cid}`);
    const byLink = await service.get(`/01/${GTIN}/21/A7K2?linkType=gs1:dpp`, { accept: 'application/vc+jwt' });
    expect(byLink.headers.get('location')).toBe(`${PUBLIC_URL}/passports/${second.cid}`);
  });
  it('answers with a linkset of every level, and with 200 for nothing else', async () => {
    for (const [path, accept] of [
      [`/01/${GTIN}/21/A7K2?linkType=all`, '*/*'],
      [`/01/${GTIN}/21/A7K2/`, 'application/linkset+json'],
    ] as const) {
      const response = await service.get(path, { accept });
      expect(response.status).toBe(200);
      expect(response.headers.get('content-type')).toBe('application/linkset+json');
      const { linkset } = (await response.json()) as { linkset: Record<string, unknown>[] };
      expect(linkset.map(({ anchor }) => anchor)).toEqual([ITEM, MODEL]);
      expect(linkset[0]).toHaveProperty(['https://ref.gs1.org/voc/defaultLink']);
      expect(linkset[0]?.['https://ref.gs1.org/voc/dpp']).toContainEqual(
        expect.objectContaining({
          href: `${PUBLIC_URL}/passports/${second.cid}`,
          type: 'application/vc+jwt',
          title: expect.any(String),
        }),
      );
    }
  });
  it('says 400 for a bad link and 404 for an unknown one', async () => {
    expect(await (await service.get('/01/09521234000014')).json()).toMatchObject({ status: 400, code: 'gs1.key' });
    expect(await (await service.get('/01/abc')).json()).toMatchObject({ status: 400 });
    expect(await (await service.get('/01/09529999000019')).json()).toMatchObject({
      status: 404,
      code: 'service.not-found',
    });
    expect(await (await service.get('/01/09529999000019?linkType=all')).json()).toMatchObject({ status: 404 });
    expect(await (await service.get(`/01/${GTIN}?linkType=javascript:alert(1)`)).json()).toMatchObject({
      code: 'input.shape',
    });
  });
  it('describes itself', async () => {
    expect(await service.getJson('/.well-known/gs1resolver')).toMatchObject({ resolverRoot: PUBLIC_URL });
  });
  it('draws labels that lead back', async () => {
    const png = await service.get(`/label?uri=${encodeURIComponent(ITEM)}&format=png`);
    expect(png.headers.get('content-type')).toBe('image/png');
    expect(decodeLabel(new Uint8Array(await png.arrayBuffer()))).toBe(`${PUBLIC_URL}/01/${GTIN}/21/A7K2`);
    const svg = await service.get(`/label?uri=${encodeURIComponent(ITEM)}`);
    expect(svg.headers.get('content-type')).toBe('image/svg+xml');
    expect(await svg.text()).toContain('<svg');
  });
});

describe('the pages', () => {
  it('shows what a label leads to', async () => {
    const page = await service.get(`/view/passport?uri=${encodeURIComponent(ITEM)}`);
    expect(page.status).toBe(200);
    expect(await page.text()).toContain('Laptop 14');
    for (const path of [
      '/',
      '/view/issuers',
      `/view/issuers/${encodeURIComponent(issuer.id)}`,
      '/view/batches',
      '/view/journal',
      '/view/search?q=corrected',
    ]) {
      const response = await service.get(path, { accept: 'text/html' });
      expect({ path, status: response.status }).toEqual({ path, status: 200 });
    }
  });
  it('finds passports by the beginnings of words', async () => {
    const page = await (await service.get('/view/search?q=lapt%20correc')).text();
    expect(page).toContain(second.cid);
    expect(page).not.toContain(model.cid);
  });
  it('shows the devices of a model that has no passport itself, and says how many there are', async () => {
    const unknown = '/view/passport?uri=09521234000020';
    expect((await service.get(unknown)).status).toBe(404);
    expect((await service.get('/01/09521234000020')).status).toBe(404);
    const devices = Array.from({ length: 101 }, (_, i) =>
      issuer.sign(product(`https://id.gs1.org/01/09521234000020/21/ONLY${i}`, 'Orphan'), { place: 300 + i }),
    );
    const version = await issuer.sign(product('https://id.gs1.org/01/09521234000020/21/ONLY1', 'Again'), {
      place: 299,
    });
    const answers = await service.submit([...(await Promise.all(devices)), version]);
    await Promise.all(answers.map(({ id }) => service.until(id, 'final')));
    await service.inStep();
    const label = '/01/09521234000020';
    const redirect = await service.get(label);
    expect([redirect.status, redirect.headers.get('location')]).toEqual([
      307,
      `${PUBLIC_URL}/view/passport?uri=${encodeURIComponent('https://id.gs1.org/01/09521234000020')}`,
    ]);
    const { linkset } = (await service.getJson(`${label}?linkType=all`)) as { linkset: Record<string, unknown>[] };
    expect(linkset).toMatchObject([{ anchor: 'https://id.gs1.org/01/09521234000020' }]);
    const items = linkset[0]?.item as { href: string }[];
    expect(items.length).toBeGreaterThan(40);
    expect(items[0]?.href).toBe(`${PUBLIC_URL}${label}/21/ONLY1`);
    expect((await service.get(new URL(items[0]?.href ?? '').pathname)).status).toBe(307);
    const page = await service.get(unknown);
    expect(page.status).toBe(200);
    expect(await page.text()).toContain('101 single devices carry this number');
    expect(await (await service.get('/view/search?q=orphan')).text()).toContain('The first 50 of 101 passports');
  });
  it('gives a person a page where there is nothing, and a program a problem', async () => {
    const page = await service.get('/nowhere', { accept: 'text/html' });
    expect([page.status, page.headers.get('content-type')]).toEqual([404, expect.stringContaining('text/html')]);
    const problem = await service.get('/nowhere');
    expect([problem.status, problem.headers.get('content-type')]).toEqual([404, 'application/problem+json']);
    expect(await problem.json()).toMatchObject({ code: 'service.not-found', status: 404, instance: '/nowhere' });
  });
});

describe('the interface', () => {
  it('has the context of our terms, for good', async () => {
    const response = await service.app.request('/contexts/v1');
    expect(response.headers.get('content-type')).toBe('application/ld+json');
    expect(response.headers.get('cache-control')).toContain('immutable');
    expect(await response.json()).toEqual(CONTEXT_DOCUMENT);
  });

  it('describes itself in OpenAPI 3.1, with a page that loads nothing from elsewhere', async () => {
    const document = await service.getJson('/openapi.json');
    expect(document.openapi).toBe('3.1.0');
    expect(Object.keys(document.paths as object)).toEqual(
      expect.arrayContaining([
        '/passports',
        '/passports/{cid}',
        '/evidence/{cid}',
        '/verify',
        '/relay',
        '/receipts/{id}',
        '/journal',
        '/tree-head',
        '/ipfs/{cid}',
        '/01/{gtin}',
      ]),
    );
    const page = await service.get('/docs');
    const html = await page.text();
    expect(html).not.toMatch(/(?:src|href)="https?:/);
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'");
    for (const [, source] of html.matchAll(/(?:src|href)="([^"]+)"/g)) {
      expect({ source, status: (await service.get(String(source))).status }).toEqual({ source, status: 200 });
    }
  });
  it('answers every failure with problem details', async () => {
    for (const [path, status, code] of [
      ['/passports/not-a-cid', 400, 'input.encoding'],
      ['/passports', 400, 'input.shape'],
      ['/passports?subject=nonsense', 400, 'gs1.uri'],
      [`/passports?subject=${encodeURIComponent(ITEM)}&cursor=x`, 400, 'input.shape'],
      ['/receipts/1', 400, 'input.shape'],
      [`/receipts/${crypto.randomUUID()}`, 404, 'service.not-found'],
      ['/evidence/bafkreigh2akiscaildcqabsyg3dfr6chu3fgpregiymsck7e7aqa4s52zy', 404, 'service.not-found'],
      ['/journal?from=-1', 400, 'input.shape'],
      ['/journal?from=', 400, 'input.shape'],
      ['/batches?limit=0', 400, 'input.shape'],
      ['/batches?limit=1e3', 400, 'input.shape'],
      ['/issuers/nobody', 400, 'credential.did'],
      ['/problems/no-such-code', 404, 'service.not-found'],
    ] as const) {
      const response = await service.get(path);
      expect({ path, type: response.headers.get('content-type') }).toEqual({ path, type: 'application/problem+json' });
      expect({ path, ...((await response.json()) as object) }).toMatchObject({ path, status, code });
    }
    const wrongType = await service.post('/passports', 'text/plain', 'x');
    expect(await wrongType.json()).toMatchObject({ status: 415, code: 'service.media-type' });
    expect(await service.getJson('/problems/issuer.grant')).toMatchObject({ sentence: expect.any(String) });
  });
  it('lets any page read it, and none frame it', async () => {
    const response = await service.get(`/passports/${first.cid}`, { origin: 'https://elsewhere.example' });
    expect(response.headers.get('access-control-allow-origin')).toBe('*');
    expect(response.headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    const preflight = await service.app.request(`${PUBLIC_URL}/verify`, {
      method: 'OPTIONS',
      headers: { origin: 'https://elsewhere.example', 'access-control-request-method': 'POST' },
    });
    expect(preflight.headers.get('access-control-allow-methods')).toContain('POST');
  });
  it('tells how it is', async () => {
    const { checks, status, outbox } = await service.getJson('/healthz');
    expect(Object.entries(checks as Record<string, { ok: boolean }>).filter(([, { ok }]) => !ok)).toEqual([]);
    expect({ status, outbox }).toMatchObject({ status: 'ok', outbox: { overdue: 0 } });
    expect(await service.getJson('/readyz')).toMatchObject({ checks: { index: { ok: true }, chain: { ok: true } } });
  });
});
