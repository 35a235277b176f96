import {
  type AuditReport,
  type AuditRun,
  createFindings,
  FINDING_KINDS,
  FINDINGS,
  type MaterialLine,
} from '@dpp-ledger/core/audit';
import { describe, expect, it } from 'vitest';
import { auditPage } from '../src/index.ts';

const root = `0x${'11'.repeat(32)}` as const;
const run: AuditRun = {
  ...{ startedAt: 1_700_000_000, endedAt: 1_700_000_060, head: 'https://node.example', views: [] },
  sources: [
    {
      name: 'https://lying.example/log',
      entries: 0,
      failure: { code: 'journal.break', message: 'It breaks at entry 7.' },
    },
    { name: 'https://node.example', entries: 12 },
  ],
};

function reportOf(changes: Partial<AuditReport> = {}): AuditReport {
  return {
    ...{ version: 'dpp-audit/2', depth: 'credentials', outcome: 'sound' },
    ledger: { chainId: 31337, genesis: root, address: `0x${'22'.repeat(20)}`, codeHash: root },
    from: { entries: 0, root },
    head: { size: 12, root, block: { number: 9, hash: root, time: 1_700_000_000 } },
    counts: {
      ...{
        entries: { opened: 1, anchored: 11 },
        issuers: 1,
        batches: { anchored: 11, rebuilt: 10 },
        kinds: { passport: 20 },
      },
      credentials: { anchored: 22, distinct: 20, judged: 20, valid: 19, revoked: 1, superseded: 0 },
    },
    timeline: { from: 1_600_000_000, width: 60, anchored: [2, 0, 20] },
    ...{ takedowns: [], findings: createFindings().lists() },
    ...changes,
  };
}

describe('the page of an audit', () => {
  it('is one file without scripts, which loads nothing', () => {
    const page = auditPage({ report: reportOf(), run });
    expect(page).toMatch(/^<!DOCTYPE html>/);
    expect(page).toContain("default-src 'none'");
    expect(page).not.toMatch(/<script|<link|<img|url\(\s*['"]?https?:|@import/i);
  });

  it('says what was looked for and found, of every kind, and who signed it', () => {
    const findings = createFindings();
    findings.add('missing', { entry: 3, position: 1, cid: 'bafkreimissing' });
    const page = auditPage({
      report: reportOf({ outcome: 'faults', findings: findings.lists() }),
      run,
      signedBy: 'THUMB',
    });
    for (const kind of FINDING_KINDS) expect(page).toContain(FINDINGS[kind].title);
    expect(page).toContain('bafkreimissing');
    expect(page).toContain('THUMB');
    expect(page).toContain('10 of 11');
    // In words, and not in the names of the code.
    expect(page).toContain('>Ledger opened</text>');
    expect(page).toContain('>Batch anchored</text>');
    expect(page).toMatch(/>Position in batch<\/th>/);
    expect(page).toContain('https://lying.example/log');
    expect(page).toContain('It breaks at entry 7.');
  });

  it('names a break with all its parts, and nothing behind it', () => {
    const broken = { entry: 7, block: 5, expected: 'block 5 or later', found: 'block <b>4</b>' };
    const page = auditPage({ report: reportOf({ outcome: 'broken', broken }), run });
    expect(page).toContain('it breaks at entry 7');
    expect(page).toContain('block 5 or later');
    // What others wrote is text.
    expect(page).toContain('block &lt;b&gt;4&lt;/b&gt;');
    expect(page).not.toContain('All that was looked for');
  });

  it('has the books of material by holder and substance, in units that people read, book and claim apart', () => {
    const none = { registered: '0', received: '0', made: '0', delivered: '0', consumed: '0', lost: '0' };
    const rest = { allocated: '0', retired: '0', writtenOff: '0', voided: '0' };
    const line: MaterialLine = {
      ...{
        holder: 'did:web:refiner.example',
        substance: '7440-48-4',
        origin: 'postConsumerRecycled',
        form: 'physical',
      },
      ...{ period: '2026-Q1', opening: '0', ...none, ...rest, received: '1500000000', closing: '1500000000' },
    };
    const booked: MaterialLine = { ...line, form: 'bookAndClaim', received: '0', made: '12000', closing: '12000' };
    const sum = { substance: '7440-48-4', origin: 'primary', registered: '0', held: '0', onOffer: '0' } as const;
    const sums = [{ ...sum, allocated: '0', retired: '0', lost: '0', voided: '0', fallen: '-95000000' }];
    const materials = { lines: { total: 2, items: [line, booked] }, sums };
    const page = auditPage({ report: reportOf({ materials }), run });
    expect(page).toContain('cobalt of did:web:refiner.example');
    expect(page).toMatch(/2026 Q1<\/th>.*recycled after use<\/td>.*>1\.5 t<\/td>/);
    expect(page).toContain('book and claim: certificates apart from what is physically there');
    expect(page).toContain('>12 g</td>');
    expect(page).toContain('>−95 kg</td>');
    // Where nothing moved there is no column, and not a column of zeros.
    expect(page).not.toContain('− retired');
    expect(auditPage({ report: reportOf(), run })).not.toContain('Books of material');
  });

  it('has its bars in the face of its text', () => {
    const page = auditPage({ report: reportOf(), run });
    expect(page).toMatch(/\.dpp-figure--amounts svg \{\s*font-family: system-ui,[^}]*sans-serif;/);
  });

  it('warns of who holds another journal', () => {
    const view = { name: 'https://other.example', code: 'ledger.mismatch', message: 'At block 9 it has 11 entries.' };
    const page = auditPage({ report: reportOf(), run: { ...run, views: [view] } });
    expect(page).toContain('Somebody holds another journal');
    expect(page).toContain('At block 9 it has 11 entries.');
  });
});
