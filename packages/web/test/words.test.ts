import type { SubjectId } from '@dpp-ledger/core';
import { describe, expect, it } from 'vitest';
import { swatch } from '../src/chart.ts';
import {
  formatAge,
  formatCountry,
  formatDate,
  formatNumber,
  formatRegion,
  formatTime,
  nameSubject,
  plural,
  shorten,
  spellOut,
} from '../src/words.ts';

describe('words', () => {
  it('dates are as exact as they were published', () => {
    expect(formatDate('2026')).toBe('2026');
    expect(formatDate('2026-05')).toBe('May 2026');
    expect(formatDate('2026-05-09')).toBe('9 May 2026');
    expect(formatDate('2026-11-23T09:00:00Z')).toBe('23 November 2026');
    expect(formatDate('spring')).toBe('spring');
    expect(formatDate('2026-99')).toBe('2026-99');
  });

  it('regions have names, and other codes stay', () => {
    expect(['WW', 'EU', 'DE', 'Sol 3'].map(formatRegion)).toEqual(['Worldwide', 'European Union', 'Germany', 'Sol 3']);
  });

  it('subjects are told apart by serial, production batch or GTIN, and by themselves where they hold none', () => {
    const named = (subject: string) => nameSubject(subject as SubjectId);
    expect(named('https://id.gs1.org/01/09521234000013/10/LOT1/21/A7K2')).toBe('Serial A7K2');
    expect(named('https://id.gs1.org/01/09521234000013/10/LOT1')).toBe('Production batch LOT1');
    expect(named('https://id.gs1.org/01/09521234000013')).toBe('GTIN 09521234000013');
    for (const other of ['https://maker.example/m/1', 'https://id.gs1.org/01/09521234000014', 'no link at all']) {
      expect(named(other)).toBe(other);
    }
  });

  it('times are in UTC, ages in the unit that a person would use', () => {
    expect(formatTime(1_795_510_800)).toBe('24 November 2026 at 09:00 UTC');
    expect([0, 30, 240, 7200, 259_200].map(formatAge)).toEqual([
      'just now',
      '30 seconds ago',
      '4 minutes ago',
      '2 hours ago',
      '3 days ago',
    ]);
    expect(formatAge(-30)).toBe('30 seconds ahead of this server’s clock');
  });

  it('numbers keep their published digits', () => {
    expect([0, 0.5, 1234.5678, 12.1].map(formatNumber)).toEqual(['0', '0.5', '1,234.568', '12.1']);
  });

  it('nouns agree with their number', () => {
    expect([plural(1, 'entry'), plural(2, 'entry'), plural(0, 'batch'), plural(1200, 'year')]).toEqual([
      '1 entry',
      '2 entries',
      '0 batches',
      '1,200 years',
    ]);
  });

  it('countries are named, and what is no country stays as it is', () => {
    expect([formatCountry('CN'), formatCountry('EU'), formatCountry('WW'), formatCountry('Asia')]).toEqual([
      'China (CN)',
      'European Union (EU)',
      'WW',
      'Asia',
    ]);
  });

  it('names and digests are made readable', () => {
    expect(spellOut('massBalance')).toBe('mass balance');
    expect(shorten(`0x${'ab'.repeat(32)}`)).toBe('0xababababab…ababab');
    expect(shorten('short')).toBe('short');
  });

  it('every part of a chart has its own pattern beside its colour', () => {
    const swatches = [0, 1, 2, 3, 4].map((index) => String(swatch(index)));
    expect(new Set(swatches.map((svg) => /fill="(#[0-9a-f]{6})"/.exec(svg)?.[1])).size).toBe(5);
    expect(swatches[1]).toContain('url(#swatch-1-1)');
  });
});
