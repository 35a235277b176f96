import { describe, expect, test } from 'vitest';
import {
  buildEpcisDocument,
  canonicalEpc,
  type EpcisObject,
  hashEpcisEvent,
  parseEpcisDocument,
  prehashEpcisEvent,
} from '../../src/event/index.ts';

const EVENT = {
  type: 'ObjectEvent',
  eventTime: '2026-01-01T00:00:00Z',
  eventTimeZoneOffset: '+00:00',
  action: 'OBSERVE',
  epcList: ['urn:epc:id:sgtin:0614141.107346.2017'],
};
const documentOf = (event: EpcisObject, more: object = {}) => ({
  ...buildEpcisDocument([event], { creationDate: '2026-01-01T00:00:00Z' }),
  ...more,
});
const refused = expect.objectContaining({ code: 'epcis.document' }) as Error;

describe('a document', () => {
  test('is refused whole, and the message names the event and the field', () => {
    expect(() => parseEpcisDocument(documentOf({ ...EVENT, action: 'MOVE' }))).toThrow(/eventList\[0\].*action/);
  });

  test.each<[string, EpcisObject]>([
    ['a day that no calendar has', { ...EVENT, eventTime: '2026-02-30T00:00:00Z' }],
    ['a URI with a bracket', { ...EVENT, epcList: ['urn:x:[1]'] }],
    ['a thing twice', { ...EVENT, epcList: ['urn:x:1', 'urn:x:1'] }],
    ['a step that CBV does not have', { ...EVENT, bizStep: 'teleporting' }],
    ['a step under an old name', { ...EVENT, bizStep: 'urn:epcglobal:cbv:bizstep:shipping' }],
    ['a field without prefix', { ...EVENT, weather: 'fair' }],
    ['master data of a lot that is not being made', { ...EVENT, ilmd: { 'a:b': 1 } }],
    ['a standing of its own', { ...EVENT, 'dppl:standing': 'anchored' }],
    ['a credential of its own', { ...EVENT, 'https://dpp-ledger.example/ns/credential': 'bafy' }],
    [
      'a credential under another prefix',
      { ...EVENT, '@context': { me: 'https://dpp-ledger.example/ns/' }, 'me:credential': 'bafy' },
    ],
    [
      'a credential under half a prefix',
      { ...EVENT, '@context': { me: 'https://dpp-ledger.example/' }, 'me:ns/credential': 'bafy' },
    ],
    ['our prefix for something else', { ...EVENT, '@context': { dppl: 'https://evil.example/' } }],
  ])('with %s is refused', (_, event) => {
    expect(() => parseEpcisDocument(documentOf(event))).toThrow(refused);
  });

  test.each<[string, object]>([
    ['EPCIS 1.2', { schemaVersion: '1.2' }],
    ['no context', { '@context': undefined }],
    ['more events than one may have', { epcisBody: { eventList: Array.from({ length: 1001 }, () => EVENT) } }],
    ['a query for events', { type: 'EPCISQueryDocument' }],
  ])('with %s is refused', (_, more) => {
    expect(() => parseEpcisDocument(documentOf(EVENT, more))).toThrow(refused);
  });

  test('may hold what EPCIS leaves open', () => {
    const event = { ...EVENT, 'example:note': { anything: [1, null] }, sensorElementList: [] };
    expect(parseEpcisDocument(documentOf(event)).events).toEqual([event]);
    const other = {
      type: 'https://maker.example/Event',
      eventTime: EVENT.eventTime,
      eventTimeZoneOffset: '+01:00',
      more: 1,
    };
    expect(parseEpcisDocument(documentOf(other)).events).toEqual([other]);
  });
});

describe('the event hash', () => {
  test('is of what happened, and not of who keeps it or how it is spelled', () => {
    const same: EpcisObject[] = [
      { ...EVENT, recordTime: '2026-01-02T00:00:00Z', eventID: 'urn:uuid:1' },
      { ...EVENT, eventTime: '2026-01-01T01:00:00.0000+01:00' },
      { ...EVENT, epcList: ['https://example.com/gtin/10614141073464/21/2017?17=271231'] },
      { ...EVENT, errorDeclaration: { declarationTime: '2026-01-02T00:00:00Z' }, quantityList: [] },
      Object.fromEntries(Object.entries(EVENT).reverse()),
    ];
    expect(new Set([EVENT, ...same].map((event) => hashEpcisEvent(event))).size).toBe(1);
    expect(hashEpcisEvent({ ...EVENT, action: 'ADD' })).not.toBe(hashEpcisEvent(EVENT));
  });

  test('writes numbers without exponent and times to the millisecond', () => {
    const prehash = (quantity: number, eventTime = EVENT.eventTime) =>
      prehashEpcisEvent({ ...EVENT, eventTime, epcList: [], quantityList: [{ epcClass: 'urn:x:1', quantity }] });
    expect(prehash(1e21)).toContain('quantity=1000000000000000000000');
    expect(prehash(1.25e-7)).toContain('quantity=0.000000125');
    expect(prehash(-2.5e-9)).toContain('quantity=-0.0000000025');
    expect(prehash(5.0)).toContain('quantity=5action');
    // The fourth decimal rounds, also over the end of a year.
    expect(prehash(1, '2025-12-31T23:59:59.9995Z')).toContain('eventTime=2026-01-01T00:00:00.000Z');
  });

  test('names extensions by their namespace, whatever their prefix', () => {
    const hash = (prefix: string, url: string) =>
      hashEpcisEvent(
        { ...EVENT, [`${prefix}:note`]: { [`${prefix}:b`]: [2, 1], [`${prefix}:a`]: true } },
        { context: [{ [prefix]: url }] },
      );
    expect(hash('one', 'https://ns.example/')).toBe(hash('other', 'https://ns.example/'));
    expect(hash('one', 'https://ns.example/')).not.toBe(hash('one', 'https://other.example/'));
  });

  test('expands prefixed names in extensions, and leaves other text alone', () => {
    const context = [{ ex: 'https://ns.example/' }];
    const prehash = prehashEpcisEvent(
      { ...EVENT, 'ex:a': 'ex:b', 'ex:c': 'note: nothing', 'ex:d': 'ex://b' },
      { context },
    );
    expect(prehash).toContain('{https://ns.example/}a=https://ns.example/b{https://ns.example/}c=note: nothing');
    expect(prehash).toContain('{https://ns.example/}d=ex://b');
  });

  test('sorts by code points, as UTF-8 does', () => {
    const prehash = prehashEpcisEvent({ ...EVENT, 'x:n': ['\u{1F600}', '\uFFFD'] });
    expect(prehash.indexOf('\uFFFD')).toBeLessThan(prehash.indexOf('\u{1F600}'));
  });
});

describe('names of things', () => {
  test.each([
    ['urn:epc:id:sgtin:0614141.107346.20.17', 'https://id.gs1.org/01/10614141073464/21/20.17'],
    ['urn:epc:idpat:sgtin:0614141.107346.*', 'https://id.gs1.org/01/10614141073464'],
    ['urn:epc:id:sgln:0614141.07346.0', 'https://id.gs1.org/414/0614141073467'],
    ['https://shop.example/some/01/10614141073464/10/A%2fb/21/7?x=1', 'https://id.gs1.org/01/10614141073464/21/7'],
    ['HTTPS://ID.GS1.ORG/8004/4000001111', 'https://id.gs1.org/8004/4000001111'],
  ])('%s is %s', (given, canonical) => {
    expect(canonicalEpc(given)).toBe(canonical);
  });

  test.each([
    'urn:epc:id:sgtin:0614141.10734.2017',
    'urn:epc:id:sgtin:0614141.107346',
    'urn:epc:idpat:sgtin:0614141.107346.7',
    'urn:epc:idpat:sscc:0614141.1234567890',
    'urn:epc:id:nothing:1.2.3',
    'https://maker.example/01/12',
    'urn:x:1',
  ])('%s stays as it is', (uri) => {
    expect(canonicalEpc(uri)).toBe(uri);
  });
});
