import { InvalidInputError, RejectedError, type SubjectId, UnavailableError } from '@dpp-ledger/core';
import { parseDid } from '@dpp-ledger/core/credential';
import { buildAttestation, parseAttestation, parseAttestationInput } from '@dpp-ledger/core/passport';
import { HtmlValidate } from 'html-validate/node';
import { describe, expect, it } from 'vitest';
import type { PassportPage, Reader } from '../src/reader.ts';
import {
  cidOf,
  createClaims,
  createPage,
  createReport,
  createTestPages,
  createView,
  ENTRIES,
  hex,
  ITEM,
  MAKER,
  MODEL,
  NOW,
  ROOT,
  SUMMARY,
} from './support.ts';

const SCANNED = `/view/passport?uri=${encodeURIComponent(ITEM)}`;

async function render(
  path: string,
  changes: Partial<Reader> = {},
): Promise<{ status: number; text: string; words: string }> {
  const response = await createTestPages(changes).app.request(path);
  const text = await response.text();
  return { status: response.status, text, words: toWords(text) };
}

async function renderPassport(page: PassportPage) {
  return await render(SCANNED, { scan: async () => page });
}

/** The page as a reader without a screen meets it: markup out, white space single. */
function toWords(text: string): string {
  return text
    .replaceAll(/<head>.*?<\/head>/gs, '')
    .replaceAll(/<[^>]*>/g, ' ')
    .replaceAll('&#39;', "'")
    .replaceAll('&quot;', '"')
    .replaceAll('&amp;', '&')
    .replaceAll(/\s+/g, ' ');
}

const ATTESTED = createPage({
  attestation: parseAttestation(
    buildAttestation(
      parseAttestationInput({
        id: 'https://certifier.example/attestations/1',
        name: 'Certificate 1',
        ...{ assessorLevel: '3rdParty', assessmentLevel: 'scheme-cab', attestationType: 'certification' },
        issuedTo: { id: MAKER, name: 'Fictional Maker Ltd' },
        scheme: { id: 'https://certifier.example/schemes/1', name: 'Scheme 1' },
        assessments: [
          {
            name: 'Recycled plastic',
            criteria: ['recycledContent'],
            date: '2026-11-02',
            products: [{ id: MODEL, name: 'Laptop 14' }],
            figures: [{ metric: 'recycledContent.percent', value: 52 }],
            of: 'plastic',
            conforms: true,
          },
        ],
      }),
      {
        issuer: { id: parseDid('did:web:certifier.example'), name: 'Fictional Certifier' },
        ledger: { chainId: 31337, genesis: hex(1), address: hex(2, 20), codeHash: hex(3) },
        status: { list: 1n, index: 2 },
        statusListCredential: 'https://certifier.example/status/1',
        validFrom: '2026-11-03T00:00:00Z',
      },
    ),
  ),
});

const ALL_PAGES = {
  home: '/',
  passport: SCANNED,
  'one version': `/view/passport/${cidOf(1)}`,
  search: '/view/search?q=laptop',
  'empty search': '/view/search',
  issuers: '/view/issuers',
  issuer: `/view/issuers/${encodeURIComponent(MAKER)}`,
  batches: '/view/batches',
  batch: `/view/batches/${ROOT}?from=50`,
  journal: '/view/journal?from=50',
  lot: `/view/lots/0x${'5a'.repeat(32)}`,
  trace: `/view/trace/${cidOf(1)}`,
  'how verification works': '/view/how-verification-works',
  'not found': '/view/nowhere',
} as const;

describe('the passport page', () => {
  it('says whose verdict it is, on whose word, at which block and how old', async () => {
    const { words, status } = await renderPassport(createPage({ view: createView() }));
    expect(status).toBe(200);
    expect(words).toContain(
      'This is this server’s verdict, on the word of one endpoint, http://127.0.0.1:8545 at block 812, 30 seconds ago .',
    );
    expect(words).toContain('Declared by Fictional Maker Ltd , in its own name');
  });

  it('says restated, and from whom, of a data publisher', async () => {
    const report = createReport({ voice: 'restated', issuer: { id: MAKER, name: 'Device Data Trust' } });
    const { words } = await renderPassport(createPage({ view: createView(), report }));
    expect(words).toContain('Restated by Device Data Trust from what the manufacturer published');
    expect(words).not.toContain('Declared by');
  });

  it('says neither where it is not known who speaks in which role', async () => {
    const { words } = await renderPassport(createPage({ report: createReport({ voice: undefined }) }));
    expect(words).not.toMatch(/Declared by|Restated by/);
  });

  it('shows every check with outcome, sentence, basis and code', async () => {
    const report = createReport({ verdict: 'indeterminate' }, { freshness: 'unknown', anchor: 'invalid' });
    const { words } = await renderPassport(createPage({ report }));
    for (const check of report.checks) expect(words).toContain(check.message);
    expect(words).toContain('Anchor ✗ Failed');
    expect(words).toContain('Freshness ? Unknown');
    expect(words).toContain('Provenance – Does not apply');
    expect(words).toContain('Stands on: facts at block 812. Code: content.valid');
  });

  it('shows figures with their sources, and stages as a bar with a table', async () => {
    const { words, text } = await renderPassport(createPage({ view: createView() }));
    expect(words).toContain('301 kg CO₂e ± 59 kg');
    expect(words).toMatch(/Making it 242.6 81%/);
    expect(text).toContain('aria-label="Carbon by life-cycle stage: Making it 242.6 kg CO₂e');
    expect(text).toContain('href="https://maker.example/reports/l14.pdf"');
    expect(words).toContain('Cobalt');
    expect(words).toContain('at least 52%');
    expect(words).toContain('Spare parts for 7 years');
  });

  it('says of each claim whose word it is, and links what certifiers said', async () => {
    const { words, text } = await renderPassport(createPage({ view: createView(), claims: createClaims() }));
    expect(words).toContain('7 claims');
    expect(words).toContain(
      'Carbon footprint Whole life, kg CO2e: 301 kg; Use, kg CO2e: 44 kg (not in the certificate) Attested Fictional Certifier: Carbon footprint , 2 November 2026. The certifier found that it conforms',
    );
    expect(words).toContain(
      'Energy Contradicted Fictional Certifier: Carbon footprint , 2 November 2026. The certifier found 20 kWh.',
    );
    expect(words).toMatch(/Repair Attestation expired .*Durability Self-declared Circularity Restated Repeats what/);
    expect(words).toContain('Packaging Not known');
    expect(words).toContain('Made at North assembly Self-declared');
    expect(text).toContain(`href="/view/passport/${cidOf(7)}"`);
    expect(words).toContain('Certificate 8 , by Fictional Certifier: It has been revoked. attestation.revoked');
    expect(words).toContain('1 attestation could not be fetched');
    expect(text).toContain('href="#standings"');
  });

  it('shows an attestation as what it is, with what was found of what', async () => {
    const { words, text } = await renderPassport(ATTESTED);
    expect(words).toContain('Attestation of a certifier Certificate 1');
    expect(words).toContain('Given to Fictional Maker Ltd Scheme Scheme 1 Kind certification');
    expect(words).toContain('Assessed by an independent third party On whose authority scheme cab');
    expect(words).toMatch(
      /Recycled plastic 2 November 2026 Recycled content \(EN 45557\) Laptop 14 : plastic Recycled or renewable share: 52 % Yes/,
    );
    expect(text).toContain(`href="/view/passport?uri=${encodeURIComponent(MODEL)}"`);
    expect(words).not.toContain('QR code');
  });

  it('says of a revoked attestation that it is one', async () => {
    const change = { entry: 5, time: NOW, reason: 'error' } as const;
    const status = { revoked: change, superseded: undefined, list: '1', index: 2 };
    const { words } = await renderPassport({ ...ATTESTED, status });
    expect(words).toContain('This attestation was revoked for an error in it');
  });

  it('says nothing of claims where there are none', async () => {
    const { text } = await renderPassport(createPage({ view: createView({ bare: true }) }));
    expect(text).not.toContain('standings');
  });

  it('computes recycled content beside what is declared, with what is missing and on which condition', async () => {
    // 70 and 20 % of 12 g of 1,360 g: 0.6 and 0.2 %
    const view = { ...createView(), circularity: { recycledContentPercent: 41 } };
    const { words } = await renderPassport(createPage({ view, claims: createClaims(view) }));
    expect(words).toContain('Recycled, whole device 0.8% Of it after use 0.6% Of it before use 0.2%');
    expect(words).toContain('Unspecified, counted as primary 1,348 g');
    expect(words).toContain('This holds if no component is reused, which the passport does not say.');
    expect(words).toContain('Missing for an exact value: reusedComponentPercent; unspecifiedMassG.');
    expect(words).toContain('the whole device, recycled 41% 0.8% -40.2');
    expect(words).toContain(
      'plastic, recycled after use at least 52% cannot be computed: the passport lists no material',
    );
    expect(words).toContain('Cobalt 12 g 70% 20%');
  });

  it('shows shares of the total, and what is not broken down as such', async () => {
    const view = createView();
    const carbon = view.carbon && { ...view.carbon, stages: { manufacturing: 200.5, use: 50 } };
    const { words, text } = await renderPassport(createPage({ view: { ...view, carbon } }));
    expect(words).toContain('Making it 200.5 67%');
    expect(words).toContain('Transport not disclosed not disclosed');
    expect(words).toContain('Not broken down 50.5 17%');
    expect(text).toContain('Not broken down 50.5 kg CO₂e"');
  });

  it('says "not disclosed" of what nobody published, and never 0', async () => {
    const bare = createView({ bare: true });
    const { words } = await renderPassport(createPage({ view: bare }));
    expect(words).toContain('Carbon footprint not disclosed');
    expect(words).toContain('Materials by mass : not disclosed');
    expect(words).toContain('Not disclosed: EU repairability class; EU repairability index');
    const device = words.slice(words.indexOf('What it is'), words.indexOf('Each check'));
    expect(device).not.toMatch(/\b0(?:\.0)? ?(?:kg|g|%|W|kWh|out|year|month)/);
  });

  it('shows a published zero as zero', async () => {
    const view = createView();
    const { words } = await renderPassport(
      createPage({ view: { ...view, carbon: view.carbon && { ...view.carbon, totalKgCO2e: 0 } } as typeof view }),
    );
    expect(words).toContain('0 kg CO₂e');
  });

  it('tells of a revocation first, with reason and time', async () => {
    const page = createPage({
      view: createView(),
      report: createReport({ verdict: 'invalid' }, { status: 'invalid' }),
      status: {
        revoked: { entry: 20, time: NOW, reason: 'recall' },
        superseded: undefined,
        list: '1',
        index: 7,
      },
    });
    const { words } = await renderPassport(page);
    expect(words).toContain('Not valid');
    expect(words).toContain(
      'This passport was revoked for a recall on 24 November 2026 at 09:00 UTC . Do not rely on it.',
    );
  });

  it('tells of a superseded version that it was right, and leads to the newest', async () => {
    const page = createPage({ view: createView(), cid: cidOf(2), report: createReport({ current: false }) });
    const { words, text } = await renderPassport(page);
    expect(words).toContain('Valid, but superseded');
    expect(words).toContain('It was right when it was issued.');
    expect(text).toContain(`href="/view/passport/${cidOf(1)}">Go to the newest version`);
  });

  it('tells of a provisional anchor and of what cannot be decided', async () => {
    const report = createReport(
      { verdict: 'indeterminate', provisional: true, asOf: undefined },
      { anchor: 'unknown' },
    );
    const { words } = await renderPassport(createPage({ report }));
    expect(words).toContain('Cannot be decided (provisional)');
    expect(words).toContain('made without facts from the ledger');
    expect(words).toContain('may still reorder');
  });

  it('says that an item has no passport of its own where its model answers', async () => {
    const report = createReport({ answeredBy: 'model', subject: MODEL });
    const { words } = await renderPassport(createPage({ view: createView({ model: true }), report }));
    expect(words).toContain('This item has no passport of its own. What follows is the passport of its model.');
    expect(words).toContain(`Asked for: ${ITEM}`);
  });

  it('says nothing of a fallback where the passport is about what was scanned', async () => {
    const { words } = await renderPassport(createPage({ report: createReport({ answeredBy: 'item' }) }));
    expect(words).not.toContain('no passport of its own');
  });

  it('shows nothing of bytes that cannot be read, and the checks all the same', async () => {
    const { words } = await renderPassport(
      createPage({ view: undefined, report: createReport({ verdict: 'invalid' }) }),
    );
    expect(words).toContain('A passport that cannot be read');
    expect(words).toContain('Each check');
  });

  it('leads to credential, evidence, linkset, label, batch and journal entry', async () => {
    const { links } = createPage();
    const { text } = await renderPassport(createPage({ view: createView() }));
    for (const href of [links.credential, links.evidence, links.linkset, links.labelPng]) {
      expect(text).toContain(`href="${href.replaceAll('&', '&amp;')}"`);
    }
    expect(text).toContain(`src="${links.labelSvg.replaceAll('&', '&amp;')}"`);
    expect(text).toContain(`href="/view/batches/${ROOT}"`);
    expect(text).toContain('href="/view/journal?from=12#entry-12"');
  });

  it('says where it shows a passport whose label leads to the issuer’s own site', async () => {
    const { links } = createPage();
    const here = 'https://dpp.example/view/passport?uri=x';
    const { text } = await renderPassport(
      createPage({ links: { ...links, label: 'https://maker.example/m/1', here } }),
    );
    expect(text).toContain(`href="${here}"`);
    expect((await renderPassport(createPage())).words).not.toContain('the issuer’s own');
  });

  it('lists versions, and says where one is not anchored yet', async () => {
    const page = createPage({
      anchor: undefined,
      versions: [{ cid: cidOf(1), anchoredAt: undefined, status: 'unknown' }],
    });
    const { words } = await renderPassport(page);
    expect(words).toContain('1 version');
    expect(words).toContain('It is not on the ledger yet.');
  });

  it('answers 404 with a way on where nothing is known', async () => {
    const { status, words } = await render(SCANNED, { scan: async () => undefined });
    expect(status).toBe(404);
    expect(words).toContain('No passport found');
    expect(words).toContain(ITEM);
  });

  it('is never kept by a browser or a proxy, since a verdict ages', async () => {
    const response = await createTestPages().app.request(SCANNED);
    expect(response.headers.get('cache-control')).toBe('no-store');
  });
});

describe('search', () => {
  it.each([
    [ITEM, `/view/passport?uri=${encodeURIComponent(ITEM)}`],
    ['09521234000013', '/view/passport?uri=09521234000013'],
    [cidOf(1), `/view/passport/${cidOf(1)}`],
    [MAKER, `/view/issuers/${encodeURIComponent(MAKER)}`],
    [ROOT, `/view/batches/${ROOT}`],
  ])('leads straight to what %s names', async (text, place) => {
    const response = await createTestPages().app.request(`/view/search?q=${encodeURIComponent(text)}`);
    expect(response.status).toBe(303);
    expect(response.headers.get('location')).toBe(place);
  });

  it('lists passports for words, and says what to try where there are none', async () => {
    expect((await render('/view/search?q=laptop')).words).toContain('2 passports for “laptop”');
    const none = await render('/view/search?q=zzz', { findPassports: async () => ({ passports: [], total: 0 }) });
    expect(none.words).toContain('Nothing on this ledger matches “zzz”.');
    expect((await render(`/view/search?q=did:web:nobody.example`)).words).toContain('for “did:web:nobody.example”');
  });

  it('takes digits that are no GTIN for a serial', async () => {
    expect((await render('/view/search?q=12345678')).words).toContain('for “12345678”');
  });

  it('says of how many it shows the first', async () => {
    const capped = (total: number | undefined) =>
      render('/view/search?q=laptop', { findPassports: async () => ({ passports: [SUMMARY], total }) });
    expect((await capped(206)).words).toContain('The first 1 of 206 passports for “laptop”');
    expect((await capped(undefined)).words).toContain('The first 1 of more than 10,000 passports for “laptop”');
  });

  it('tells rows of one name apart, and warns of what is not to be relied on', async () => {
    const passports = [
      { ...SUMMARY, status: 'doubtful' as const },
      { ...SUMMARY, granularity: 'model' as const, subject: MODEL },
    ];
    const { words } = await render('/view/search?q=laptop', { findPassports: async () => ({ passports, total: 2 }) });
    expect(words).toContain('Laptop 14 Serial A7K2');
    expect(words).toContain('Laptop 14 GTIN 09521234000013');
    expect(words).toContain('Do not rely on it');
  });

  it('shows the devices of a model that has no passport itself', async () => {
    const { status, words } = await render('/view/passport?uri=09521234000013', {
      scan: async () => undefined,
      findBelow: async () => ({ passports: [SUMMARY], total: 200 }),
    });
    expect(status).toBe(200);
    expect(words).toContain('200 single devices carry this number.');
    expect(words).toContain('The first 1 of 200 passports');
  });

  it('shows the newest of each level on the home page', async () => {
    const asked: unknown[] = [];
    await render('/', {
      findPassports: async ({ granularity }) => {
        asked.push(granularity);
        return { passports: [], total: undefined };
      },
    });
    expect(asked).toEqual(['model', 'batch', 'item']);
  });
});

describe('issuers, batches, journal', () => {
  it('links whom and what an entry names', async () => {
    const { text } = await render('/view/journal?from=0');
    expect(text).toContain(`href="/view/issuers/${encodeURIComponent(MAKER)}">Fictional Maker Ltd</a> was suspended.`);
    expect(text).toContain(`href="/view/issuers/${encodeURIComponent(MAKER)}">${MAKER}</a> was accredited`);
    expect(text).toMatch(
      /a batch of 200 credentials, <a [^>]*href="\/view\/batches\/0xab[^>]*>0xababababab…ababab<\/a>\./,
    );
  });

  it('shows keys, grants and a withdrawal', async () => {
    const { words } = await render(ALL_PAGES.issuer);
    expect(words).toContain('This accreditation was withdrawn.');
    expect(words).toContain('gs1:9521234');
    expect(words).toMatch(/Compromised since/);
    expect(words).toMatch(/Retired at/);
  });

  it('pages through a batch and the journal', async () => {
    const batch = await render(ALL_PAGES.batch);
    expect(batch.text).toContain(`href="/view/batches/${ROOT}?from=52" rel="next"`);
    expect(batch.text).toContain(`href="/view/batches/${ROOT}" rel="prev"`);
    expect(batch.words).toContain('Places 51 to 52 of 200');
    const journal = await render('/view/journal?from=50');
    expect(journal.text).toContain('href="/view/journal?from=0" rel="prev"');
    expect(journal.text).toContain('href="/view/journal?from=76" rel="next"');
  });

  it('opens the journal at its newest entries', async () => {
    const asked: number[] = [];
    const pages = createTestPages();
    await createTestPages({
      readJournal: async ({ from }) => {
        asked.push(from);
        return { treeHead: { size: 126, root: hex(1) }, from, entries: [] };
      },
    }).app.request('/view/journal');
    expect(asked).toEqual([76]);
    expect(pages.problems).toEqual([]);
  });

  it('describes every kind of entry in words', async () => {
    const { words } = await render('/view/journal?from=0');
    expect(new Set(ENTRIES.map(({ kind }) => kind)).size).toBe(ENTRIES.length);
    expect(words).not.toContain('undefined');
    expect(words).toContain('Fictional Maker Ltd : 2 credentials revoked for a recall');
    expect(words).toContain('got the ES256 key BgYGBgYGBgYG…gYGBgY to assert, operate, revoke, administer');
  });

  it('answers 404 for what is not there and 400 for what cannot be meant', async () => {
    expect((await render('/view/issuers/did:web:nobody.example')).status).toBe(404);
    expect((await render(`/view/batches/${hex(1)}`)).status).toBe(404);
    expect((await render('/view/nowhere')).status).toBe(404);
    expect((await render('/view/assets/other.css')).status).toBe(404);
    for (const path of [
      '/view/batches/0x12',
      '/view/journal?from=-1',
      '/view/passport/notacid',
      '/view/issuers/nodid',
    ]) {
      const { status, words } = await render(path);
      expect(status).toBe(400);
      expect(words).toContain('This cannot be read');
    }
  });
});

describe('errors', () => {
  it.each([
    [new InvalidInputError('input.shape', 'No link.'), 400, 'No link.'],
    [new RejectedError('ledger.refused', 'Refused.'), 422, 'Refused.'],
    [new UnavailableError('ledger.unreachable', 'No answer.'), 503, 'No answer. Try again in a minute.'],
    [new Error('secret detail'), 500, 'Something went wrong here'],
  ])('become pages: %s', async (error, expected, sentence) => {
    const { app, problems } = createTestPages({
      scan: async () => {
        throw error;
      },
    });
    const response = await app.request(SCANNED);
    const text = await response.text();
    expect(response.status).toBe(expected);
    expect(toWords(text)).toContain(sentence);
    expect(text).not.toContain('secret detail');
    expect(problems).toEqual(expected >= 500 ? [error] : []);
  });
});

describe('pages in the place of other paths', () => {
  it('say what went wrong there, with the status that is settled, styled as any other', async () => {
    const { notFound, fail } = createTestPages();
    const missing = await notFound();
    expect(missing.status).toBe(404);
    const unknown = await fail(new UnavailableError('service.not-found', 'No passport is known of it.'));
    expect(unknown.status).toBe(404);
    expect(unknown.headers.get('content-security-policy')).toContain("style-src 'self'");
    expect(toWords(await unknown.text())).toContain('Nothing is known of this No passport is known of it.');
    expect((await fail(new InvalidInputError('gs1.uri', 'No link.'), 429)).status).toBe(429);
  });
});

describe('other people’s text', () => {
  const HOSTILE = `"><script>alert(1)</script><img src=x onerror=alert(1)>'&`;
  const KEPT = new Set([
    'verdict',
    'outcome',
    'granularity',
    'category',
    'voice',
    'status',
    'answeredBy',
    'reason',
    'kind',
    'condition',
    'custodyModel',
    'standing',
    'algorithm',
    'name:check',
  ]);

  /** Every string becomes hostile, but those that are one of a few words. */
  function poison<T>(value: T, key = '', text = HOSTILE): T {
    if (typeof value === 'string') return (KEPT.has(key) ? value : text) as T;
    if (Array.isArray(value)) return value.map((each) => poison(each, key, text)) as T;
    if (typeof value === 'object' && value !== null) {
      return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, poison(each, name, text)])) as T;
    }
    return value;
  }

  const poisoned: Partial<Reader> = {
    scan: async () => poison(createPage({ view: createView() })),
    findPassports: async () => ({ passports: poison([SUMMARY]), total: 1 }),
    readIssuers: async () => [
      {
        ...poison({ id: MAKER, name: '', roles: [''] }),
        number: 1,
        standing: 'accredited',
        accreditedAt: NOW,
        passports: 1,
      },
    ],
    readBatches: async () => [
      { root: ROOT, issuer: { id: MAKER, name: HOSTILE }, size: 1, entry: 1, blockNumber: 1, time: NOW },
    ],
    readJournal: async () => ({
      treeHead: { size: 1, root: hex(1) },
      from: 0,
      entries: ENTRIES.map((entry, index) => ({
        index,
        leaf: hex(1),
        entry: entry.kind === 'prefixGranted' ? { ...entry, prefix: HOSTILE } : entry,
        issuer: { id: MAKER, name: HOSTILE },
      })),
    }),
  };

  it.each([SCANNED, '/', '/view/search?q=x', '/view/issuers', '/view/batches', '/view/journal?from=0'])(
    'never becomes markup on %s',
    async (path) => {
      const { text } = await render(path, poisoned);
      expect(text).not.toContain('<script');
      expect(text).not.toContain('<img src=x');
      expect(text).toContain('&lt;script&gt;');
    },
  );

  it('never becomes markup where it comes back from the address', async () => {
    for (const path of [
      `/view/search?q=${encodeURIComponent(HOSTILE)}`,
      `/view/passport?uri=${encodeURIComponent(HOSTILE)}`,
    ]) {
      const { text } = await render(path, {
        scan: async () => undefined,
        findPassports: async () => ({ passports: [], total: 0 }),
      });
      expect(text).not.toContain('<script');
      expect(text).toContain('&lt;script&gt;');
    }
  });

  it('never becomes a link that runs', async () => {
    for (const url of [
      'javascript:alert(1)',
      'JaVaScRiPt:alert(1)',
      'data:text/html,x',
      'vbscript:x',
      ' javascript:alert(1)',
    ]) {
      const { text } = await render(SCANNED, {
        scan: async () => createPage({ view: poison(createView(), '', url) }),
      });
      expect(text).not.toMatch(/href="\s*(?:javascript|data|vbscript):/i);
    }
  });

  it('is in pages that load nothing from elsewhere and run nothing', async () => {
    for (const path of Object.values(ALL_PAGES)) {
      const response = await createTestPages().app.request(path);
      expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
      const text = await response.text();
      expect(text).not.toMatch(/<script|<iframe|style="|\son\w+="/);
      expect(text).not.toMatch(/(?:src|<link[^>]*href)="https?:/);
    }
  });
});

describe('the stylesheet', () => {
  it('has neither the font nor the crest that belong to GOV.UK, and loads nothing', async () => {
    const { app } = createTestPages();
    const home = await (await app.request('/')).text();
    const href = /rel="stylesheet" href="([^"]+)"/.exec(home)?.[1] ?? '';
    const response = await app.request(href);
    const css = await response.text();
    expect(response.status).toBe(200);
    expect(response.headers.get('cache-control')).toContain('immutable');
    expect(css).not.toMatch(/GDS Transport|crest|@font-face|@import|url\(/);
    expect(css).toContain('.dpp-verdict');
    const zipped = await app.request(href, { headers: { 'accept-encoding': 'gzip' } });
    expect(zipped.headers.get('content-encoding')).toBe('gzip');
    expect((await zipped.arrayBuffer()).byteLength).toBeLessThan(30_000);
  });
});

describe('accessibility', () => {
  const validator = new HtmlValidate({
    extends: ['html-validate:standard', 'html-validate:a11y'],
    rules: {
      // Layout of the source, and a house style for attributes: not what a reader meets.
      'no-trailing-whitespace': 'off',
      'long-title': 'off',
      'prefer-native-element': ['error', { exclude: ['img'] }],
    },
  });
  const states: Record<string, PassportPage> = {
    full: createPage({ view: createView() }),
    attestation: ATTESTED,
    attested: createPage({ view: createView(), claims: createClaims() }),
    bare: createPage({ view: createView({ bare: true }) }),
    unreadable: createPage({ view: undefined, anchor: undefined }),
    fallback: createPage({
      view: createView({ model: true }),
      report: createReport({ answeredBy: 'model', subject: MODEL }),
    }),
  };

  async function check(path: string, changes?: Partial<Reader>): Promise<void> {
    const { text, status } = await render(path, changes);
    expect(status).toBe(path === ALL_PAGES['not found'] ? 404 : 200);
    const report = await validator.validateString(text);
    const messages = report.results.flatMap((result) =>
      result.messages.map(({ ruleId, message, line, selector }) => `${ruleId}: ${message} (line ${line}, ${selector})`),
    );
    expect(messages).toEqual([]);

    expect(text).toContain('<html lang="en"');
    expect(text.match(/<main\b/g)).toHaveLength(1);
    expect(text.match(/<h1\b/g)).toHaveLength(1);
    // Headings never skip a level.
    const levels = [...text.matchAll(/<h([1-6])\b/g)].map((match) => Number(match[1]));
    levels.forEach((level, i) => {
      expect(level).toBeLessThanOrEqual((levels[i - 1] ?? 0) + 1);
    });
    // Every table has a caption and named columns.
    const tables = text.match(/<table\b.*?<\/table>/gs) ?? [];
    for (const table of tables) {
      expect(table).toMatch(/<caption\b[^>]*>[^<]/);
      expect(table.match(/<th scope="col"/g)?.length ?? 0).toBeGreaterThan(1);
    }
    // Ids are unique and every fragment leads somewhere.
    const ids = [...text.matchAll(/\sid="([^"]+)"/g)].map((match) => match[1]);
    expect(new Set(ids).size).toBe(ids.length);
    for (const [, target] of text.matchAll(/href="#([^"]+)"/g)) expect(ids).toContain(target);
    // A link says where it leads.
    for (const [, words = ''] of text.matchAll(/<a\b[^>]*>(.*?)<\/a>/gs)) expect(toWords(words).trim()).not.toBe('');
  }

  it.each(Object.entries(ALL_PAGES))('holds on the page "%s"', async (_, path) => {
    await check(path);
  });

  it.each(Object.entries(states))('holds on the passport page, %s', async (_, page) => {
    await check(SCANNED, { scan: async () => page });
  });

  it('keeps contrast at 4.5 to 1 for text of its own colours', () => {
    for (const [foreground, background] of [
      ['#ffffff', '#12436d'],
      ['#175a8e', '#ffffff'],
      ['#0b5e3f', '#ffffff'],
      ['#a42a2a', '#ffffff'],
      ['#7d4b00', '#ffffff'],
      ['#484949', '#ffffff'],
      ['#0b0c0c', '#fff7bf'],
    ] as const) {
      expect(contrast(foreground, background)).toBeGreaterThanOrEqual(4.5);
    }
  });

  it('says the subject of a passport page in its title', async () => {
    const { text } = await renderPassport(createPage({ view: createView(), asked: ITEM as SubjectId }));
    expect(text).toMatch(/<title>Laptop 14[^<]* – DPP Ledger<\/title>/);
  });
});

/** WCAG 2.2, relative luminance. */
function contrast(a: string, b: string): number {
  const luminance = (colour: string) => {
    const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((at) => {
      const part = Number.parseInt(colour.slice(at, at + 2), 16) / 255;
      return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
    });
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  };
  const [lighter = 0, darker = 0] = [luminance(a), luminance(b)].sort((x, y) => y - x);
  return (lighter + 0.05) / (darker + 0.05);
}
