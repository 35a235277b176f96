import { describe, expect, it } from 'vitest';
import {
  type AuditReport,
  type AuditRun,
  createFindings,
  encodeAuditReport,
  FINDING_KINDS,
  type FindingItem,
  findOverlaps,
  LISTED,
  openAudit,
  parseAuditReport,
  restoreFindings,
  signAudit,
} from '../../src/audit/index.ts';
import { createKeySigner, generateKey } from '../../src/credential/index.ts';
import { hashGrant } from '../../src/ids.ts';
import { createState } from '../../src/journal/state.ts';

const root = `0x${'11'.repeat(32)}` as const;
const missing = (entry: number, position: number): FindingItem<'missing'> => ({
  entry,
  position,
  cid: `b${entry}-${position}`,
});

describe('findings', () => {
  it('keep the first of a kind by their place, and count all, whatever order they come in', () => {
    const items = Array.from({ length: 3 * LISTED }, (_, i) => missing(Math.floor(i / 7), i % 7));
    const [forwards, backwards] = [createFindings(), createFindings()];
    for (const item of items) forwards.add('missing', item);
    for (const item of items.toReversed()) backwards.add('missing', item);
    expect(forwards.lists()).toEqual(backwards.lists());
    expect(forwards.lists().missing).toEqual({ total: 3 * LISTED, items: items.slice(0, LISTED) });
  });

  it('put a manifest before the credentials of its batch', () => {
    const findings = createFindings();
    findings.add('missing', missing(4, 0));
    findings.add('missing', { entry: 4, cid: 'manifest' });
    expect(findings.lists().missing.items.map(({ cid }) => cid)).toEqual(['manifest', 'b4-0']);
  });

  it('go on from what was written down, to the same', () => {
    const [whole, first] = [createFindings(), createFindings()];
    const items = Array.from({ length: 2_500 }, (_, i) => missing((i * 7_919) % 2_500, 0));
    for (const item of items) whole.add('missing', item);
    for (const item of items.slice(0, 1_700)) first.add('missing', item);
    const second = restoreFindings(JSON.parse(JSON.stringify(first.lists())));
    for (const item of items.slice(1_700)) second.add('missing', item);
    expect(second.lists()).toEqual(whole.lists());
    expect(() => restoreFindings({ missing: { total: 1 } })).toThrow(expect.objectContaining({ code: 'input.shape' }));
  });

  it('count as faults what is somebody’s, and not what the ledger does', () => {
    const findings = createFindings();
    findings.add('missing', missing(1, 1));
    findings.add('anchoredTwice', {
      cid: 'b',
      anchors: 2,
      first: { entry: 1, position: 0 },
      second: { entry: 2, position: 0 },
    });
    expect(findings.faults).toBe(1);
  });
});

describe('overlapping grants', () => {
  const grantsOf = (...held: (readonly [did: string, prefix: string, from: number, until?: number])[]) => {
    const state = createState();
    for (const [did, prefix, from, until] of held) {
      const issuer = state.issuers.get(`0x${did}`) ?? {
        ...{ id: `0x${did}` as const, did, number: state.issuers.size + 1, roles: 1, suspended: false },
        ...{
          withdrawnSince: undefined,
          controller: undefined,
          proposedController: undefined,
          submitters: new Set<never>(),
        },
        ...{ keys: new Map(), grants: new Map(), lists: new Map(), batches: 0, credentials: 0 },
      };
      const grant = { number: issuer.grants.size + 1, prefix, from, until };
      issuer.grants.set(hashGrant(grant), grant);
      state.issuers.set(`0x${did}`, issuer);
    }
    return [...findOverlaps(state)].map(({ wider, narrower }) => [
      wider.issuer,
      wider.prefix,
      narrower.issuer,
      narrower.prefix,
    ]);
  };

  it.each<[string, Parameters<typeof grantsOf>, number]>([
    [
      'the same prefix',
      [
        ['a', 'gs1:9521234', 1],
        ['b', 'gs1:9521234', 1],
      ],
      1,
    ],
    [
      'one within the other',
      [
        ['a', 'gs1:9521234', 1],
        ['b', 'gs1:9521', 1],
      ],
      1,
    ],
    [
      'three within each other',
      [
        ['a', 'gs1:9521234', 1],
        ['b', 'gs1:9521', 1],
        ['c', 'gs1:95212', 1],
      ],
      3,
    ],
    [
      'paths of one host',
      [
        ['a', 'https://x.example/', 1],
        ['b', 'https://x.example/b/', 1],
      ],
      1,
    ],
    [
      'a walk that comes back to a wider one',
      [
        ['a', 'gs1:9521', 1],
        ['b', 'gs1:95211', 1],
        ['c', 'gs1:95219', 1],
      ],
      2,
    ],
    [
      'side by side',
      [
        ['a', 'gs1:9521234', 1],
        ['b', 'gs1:9521235', 1],
      ],
      0,
    ],
    [
      'of one issuer',
      [
        ['a', 'gs1:9521234', 1],
        ['a', 'gs1:9521', 1],
      ],
      0,
    ],
    [
      'one after the other',
      [
        ['a', 'gs1:9521234', 1, 5],
        ['b', 'gs1:9521234', 5],
      ],
      0,
    ],
    [
      'for a moment',
      [
        ['a', 'gs1:9521234', 1, 6],
        ['b', 'gs1:9521234', 5],
      ],
      1,
    ],
    [
      'what nobody can read',
      [
        ['a', 'gs1:9x', 1],
        ['b', 'gs1:9x', 1],
      ],
      0,
    ],
  ])('are found: %s', (_, held, count) => {
    expect(grantsOf(...held)).toHaveLength(count);
  });
});

describe('a signed report', () => {
  const report: AuditReport = {
    ...{ version: 'dpp-audit/2', depth: 'journal', outcome: 'sound' },
    ledger: { chainId: 31337, genesis: root, address: `0x${'22'.repeat(20)}`, codeHash: root },
    from: { entries: 0, root },
    head: { size: 3, root, block: { number: 9, hash: root, time: 1_700_000_000 } },
    counts: {
      ...{ entries: { opened: 1 }, issuers: 0, batches: { anchored: 0, rebuilt: 0 }, kinds: {} },
      credentials: { anchored: 0, judged: 0, valid: 0, revoked: 0, superseded: 0 },
    },
    ...{ timeline: { from: 1, width: 1, anchored: [] }, takedowns: [], findings: createFindings().lists() },
  };
  const run: AuditRun = { startedAt: 1, endedAt: 2, head: 'http://node.example', sources: [], views: [] };

  it('has one spelling, and is read back', () => {
    const text = encodeAuditReport(report);
    expect(text.endsWith('}\n')).toBe(true);
    expect(parseAuditReport(text)).toEqual(report);
    expect(encodeAuditReport(parseAuditReport(text))).toBe(text);
    expect(Object.keys(parseAuditReport(text).findings)).toEqual([...FINDING_KINDS]);
  });

  it.each(['ES256', 'Ed25519'] as const)(
    'is opened with the key that signed it, and no other: %s',
    async (algorithm) => {
      const signer = await createKeySigner(await generateKey({ algorithm }));
      const other = await createKeySigner(await generateKey({ algorithm }));
      const jwt = await signAudit({ report, run }, signer);
      expect(await openAudit(`${jwt}\n`, { key: signer.key })).toEqual({
        report,
        run,
        key: signer.key,
        keyId: signer.keyId,
      });
      await expect(openAudit(jwt, { key: other.key })).rejects.toMatchObject({ code: 'audit.signature' });
      const [head = '', body = '', tail = ''] = jwt.split('.');
      const another = (await signAudit({ report, run: { ...run, endedAt: 3 } }, signer)).split('.')[1];
      await expect(openAudit([head, another, tail].join('.'))).rejects.toMatchObject({ code: 'audit.signature' });
      const swapped = (await signAudit({ report, run }, other)).split('.')[0];
      await expect(openAudit([swapped, body, tail].join('.'))).rejects.toMatchObject({ code: 'audit.signature' });
    },
  );

  it.each([
    ['', 'audit.jwt'],
    ['a.b', 'audit.jwt'],
    ['!.!.!', 'audit.jwt'],
    [
      `${Buffer.from('{"alg":"none","typ":"dpp-audit+jwt","kid":"x","jwk":{}}').toString('base64url')}.e30.`,
      'audit.jwt',
    ],
    [`${Buffer.from('{"alg":"ES256","typ":"vc+jwt","kid":"x","jwk":{}}').toString('base64url')}.e30.`, 'audit.jwt'],
  ])('is none: "%s"', async (jwt, code) => {
    await expect(openAudit(jwt)).rejects.toMatchObject({ code });
  });
});
