import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  didWebUrl,
  formatKid,
  grantCovers,
  hashKey,
  parseDid,
  parseGrant,
  parseKid,
} from '../../src/credential/index.ts';
import type { IssuerId, SubjectId } from '../../src/ids.ts';
import { MAKER, makeSigner } from './fixtures.ts';

const covers = (prefix: string, subject: string, issuer: string = MAKER) =>
  grantCovers(prefix, subject as SubjectId, issuer as IssuerId);

describe('a GS1 company prefix', () => {
  test.each([
    ['a model', 'gs1:9521234', 'https://id.gs1.org/01/09521234000013'],
    ['an item', 'gs1:9521234', 'https://id.gs1.org/01/09521234000013/21/A7K2'],
    ['a production batch', 'gs1:9521234', 'https://id.gs1.org/01/09521234000013/10/M26-31'],
    ['a case, after its indicator digit', 'gs1:9521234', 'https://id.gs1.org/01/19521234000010'],
    ['a U.P.C., with its leading 0', 'gs1:0614141', 'https://id.gs1.org/01/00614141123452'],
    ['a place, from the first digit', 'gs1:9521234', 'https://id.gs1.org/414/9521234000006'],
    ['a returnable asset, after its zero', 'gs1:9521234', 'https://id.gs1.org/8003/09521234000006'],
  ])('covers %s', (_, prefix, subject) => expect(covers(prefix, subject)).toBe(true));

  test.each([
    ['another company', 'gs1:9521235', 'https://id.gs1.org/01/09521234000013'],
    ['digits that stand elsewhere in the number', 'gs1:5212', 'https://id.gs1.org/01/09521234000013'],
    ['the indicator digit', 'gs1:0952', 'https://id.gs1.org/01/09521234000013'],
    ['a GTIN-8, which has no company prefix', 'gs1:0000', 'https://id.gs1.org/01/00000096385074'],
    ['a wrong check digit', 'gs1:9521234', 'https://id.gs1.org/01/09521234000014'],
    ['another resolver', 'gs1:9521234', 'https://dpp.example/01/09521234000013'],
    ['a query', 'gs1:9521234', 'https://id.gs1.org/01/09521234000013?99=x'],
    ['a fragment', 'gs1:9521234', 'https://id.gs1.org/01/09521234000013#x'],
    ['http', 'gs1:9521234', 'http://id.gs1.org/01/09521234000013'],
    ['a GTIN that is not padded', 'gs1:9521234', 'https://id.gs1.org/01/9521234000013'],
    ['an escape that need not be', 'gs1:9521234', 'https://id.gs1.org/01/0952123400001%33'],
    ['digits of another script', 'gs1:9521234', 'https://id.gs1.org/01/0952123400001３'],
    ['a path before the key', 'gs1:9521234', 'https://id.gs1.org/x/01/09521234000013'],
    ['a key without a company prefix that we know', 'gs1:9521234', 'https://id.gs1.org/253/9521234000006'],
  ])('does not cover %s', (_, prefix, subject) => expect(covers(prefix, subject)).toBe(false));
});

describe('an https grant', () => {
  test.each([
    ['the whole of its host', 'https://maker.example/', 'https://maker.example/m/l14', 'did:web:maker.example'],
    ['a folder of it', 'https://maker.example/m/', 'https://maker.example/m/l14', 'did:web:maker.example'],
    [
      'the folder of its DID',
      'https://host.example/maker/',
      'https://host.example/maker/l14',
      'did:web:host.example:maker',
    ],
  ])('covers %s', (_, prefix, subject, issuer) => expect(covers(prefix, subject, issuer)).toBe(true));

  test.each([
    [
      'a host that begins alike',
      'https://maker.example/',
      'https://maker.example.evil.example/m',
      'did:web:maker.example',
    ],
    ['a folder that begins alike', 'https://maker.example/m/', 'https://maker.example/mm/l14', 'did:web:maker.example'],
    ['its own root', 'https://maker.example/m/', 'https://maker.example/m/', 'did:web:maker.example'],
    ["another issuer's host", 'https://maker.example/', 'https://maker.example/m', 'did:web:other.example'],
    [
      'more than the folder of its DID',
      'https://host.example/',
      'https://host.example/maker/x',
      'did:web:host.example:maker',
    ],
    ['anything, without did:web', 'https://maker.example/', 'https://maker.example/m', 'did:key:z6Mk'],
    ['a DID with a port', 'https://maker.example/', 'https://maker.example/m', 'did:web:maker.example%3A8080'],
    ['a DID in capitals', 'https://maker.example/', 'https://maker.example/m', 'did:web:Maker.example'],
    ['a subject in capitals', 'https://maker.example/', 'https://Maker.example/m', 'did:web:maker.example'],
    ['dot segments', 'https://maker.example/m/', 'https://maker.example/m/../x', 'did:web:maker.example'],
    ['escaped dots', 'https://maker.example/m/', 'https://maker.example/m/%2e%2e/x', 'did:web:maker.example'],
    ['empty segments', 'https://maker.example/', 'https://maker.example//m', 'did:web:maker.example'],
    [
      "another company's GTIN behind one's own host",
      'https://maker.example/',
      'https://maker.example/01/04012345000016',
      'did:web:maker.example',
    ],
    ['a query', 'https://maker.example/', 'https://maker.example/m?x', 'did:web:maker.example'],
    ['a fragment', 'https://maker.example/', 'https://maker.example/m#x', 'did:web:maker.example'],
    ['a port', 'https://maker.example/', 'https://maker.example:443/m', 'did:web:maker.example'],
    ['a user', 'https://maker.example/', 'https://u@maker.example/m', 'did:web:maker.example'],
    ['a look-alike letter', 'https://maker.example/', 'https://mаker.example/m', 'did:web:maker.example'],
    ['a backslash', 'https://maker.example/', 'https://maker.example/\\evil.example', 'did:web:maker.example'],
    ['a line break', 'https://maker.example/', 'https://maker.example/m\n', 'did:web:maker.example'],
    ["GS1's own names", 'https://id.gs1.org/', 'https://id.gs1.org/01/09521234000013', 'did:web:id.gs1.org'],
  ])('does not cover %s', (_, prefix, subject, issuer) => expect(covers(prefix, subject, issuer)).toBe(false));
});

test('whatever is compared, nothing is thrown, and only what a grant begins is covered', () => {
  const texts = fc.oneof(
    fc.webUrl(),
    fc.string(),
    fc.constantFrom('gs1:9521234', 'https://maker.example/', 'https://id.gs1.org/01/09521234000013'),
  );
  fc.assert(
    fc.property(texts, texts, texts, (prefix, subject, issuer) => {
      if (covers(prefix, subject, issuer)) expect(prefix.startsWith('gs1:') || subject.startsWith(prefix)).toBe(true);
    }),
  );
});

test.each([
  'gs1:123',
  'gs1:1234567890123',
  'gs1:12a4',
  'GS1:9521234',
  'http://maker.example/',
  'https://maker.example',
  'https://localhost/',
  '',
])('"%s" is no grant', (prefix) => {
  expect(() => parseGrant(prefix)).toThrow(expect.objectContaining({ code: 'credential.grant' }));
});

describe('DIDs', () => {
  test.each([
    ['did:web:maker.example', 'https://maker.example/.well-known/did.json'],
    ['did:web:host.example:makers:one', 'https://host.example/makers/one/did.json'],
  ])('%s has its document at %s', (did, url) => expect(didWebUrl(did)).toBe(url));

  test.each([
    'did:key:z6Mk',
    'did:web:localhost',
    'did:web:maker.example%3A8080',
    'did:web:maker.example:..',
    'did:web:MAKER.example',
  ])('%s has none in its one spelling', (did) =>
    expect(() => didWebUrl(did)).toThrow(expect.objectContaining({ code: 'credential.did' })),
  );

  test.each([
    '',
    'did:web:',
    'did:Web:maker.example',
    'did:web:maker.example#key',
    'did:web:maker example',
    `did:web:${'a'.repeat(250)}`,
  ])('"%s" is no DID', (text) =>
    expect(() => parseDid(text)).toThrow(expect.objectContaining({ code: 'credential.did' })),
  );

  test('a kid names an issuer and its key', async () => {
    const key = hashKey((await makeSigner()).key);
    expect(parseKid(formatKid(MAKER, key))).toEqual({ issuer: MAKER, key });
  });

  test.each([
    '#key',
    'did:web:maker.example',
    'did:web:maker.example#1',
    `https://maker.example#${'A'.repeat(43)}`,
    'A'.repeat(43),
  ])('"%s" is no kid', (kid) =>
    expect(() => parseKid(kid)).toThrow(expect.objectContaining({ code: 'credential.kid' })),
  );
});

describe('a grant as the ledger holds it', () => {
  const longest = `https://maker.example/${'a'.repeat(232)}/`;

  test('is read as what it is', () => {
    expect(parseGrant('gs1:9521234')).toEqual({ scheme: 'gs1', companyPrefix: '9521234' });
    expect(longest).toHaveLength(255);
    expect(parseGrant(longest)).toEqual({ scheme: 'https', base: longest });
  });

  test.each([
    ['longer than the ledger holds', longest.replace('a', 'aa')],
    ['open at its end', 'https://maker.example/devices'],
    ['a host alone', 'https://maker.example'],
    ['under GS1’s own resolver', 'https://id.gs1.org/01/'],
  ])('is refused where it is %s', (_, prefix) => {
    expect(() => parseGrant(prefix)).toThrow(expect.objectContaining({ code: 'credential.grant' }));
    expect(covers(prefix, `${prefix}1`)).toBe(false);
  });
});
