import { describe, expect, test } from 'vitest';
import {
  buildStatus,
  type CredentialKind,
  credentialKind,
  credentialSubjectIds,
  decodeRoles,
  encodeRoles,
  mayIssue,
  parseCredential,
  parseStatusPointer,
  ROLE_RULES,
  ROLES,
} from '../../src/credential/index.ts';
import { parseInstant } from '../../src/credential/vcdm.ts';
import { CREDENTIAL, DOCUMENT } from './fixtures.ts';

const refuse = (change: object, field: string) => {
  expect(() => parseCredential({ ...DOCUMENT, ...change })).toThrow(
    expect.objectContaining({ code: 'credential.shape', message: expect.stringContaining(field) }),
  );
};

describe('parseCredential', () => {
  test('lets terms through that it does not know, at every level', () => {
    const credential = parseCredential({
      ...DOCUMENT,
      somethingNew: { deep: [1] },
      issuer: { ...DOCUMENT.issuer, logo: 'x' },
    });
    expect(credential).toMatchObject({ somethingNew: { deep: [1] }, issuer: { logo: 'x' } });
  });

  test.each([
    ['no context', { '@context': undefined }, '@context'],
    ['the contexts in another order', { '@context': [...DOCUMENT['@context']].reverse() }, '@context'],
    ['a type of W3C alone', { type: ['VerifiableCredential'] }, 'type'],
    ['two UNTP types', { type: [...DOCUMENT.type, 'DigitalFacilityRecord'] }, 'type'],
    ['an issuer that is a text', { issuer: 'did:web:maker.example' }, 'issuer'],
    ['an issuer that is no DID', { issuer: { id: 'https://maker.example', name: 'x' } }, 'issuer.id'],
    ['an issuer without a name', { issuer: { id: 'did:web:maker.example' } }, 'issuer.name'],
    ['a time without zone', { validFrom: '2026-01-15T00:00:00' }, 'validFrom'],
    ['a day that no calendar has', { validFrom: '2026-02-30T00:00:00Z' }, 'validFrom'],
    ['an end before its beginning', { validUntil: '2026-01-14T23:59:59Z' }, 'validUntil'],
    ['no subject', { credentialSubject: undefined }, 'credentialSubject'],
    ['a subject without id', { credentialSubject: { name: 'x' } }, 'credentialSubject'],
    [
      'two subjects',
      { credentialSubject: [DOCUMENT.credentialSubject, DOCUMENT.credentialSubject] },
      'credentialSubject',
    ],
    ['two status entries', { credentialStatus: [DOCUMENT.credentialStatus] }, 'credentialStatus'],
    ['another iss than its issuer', { iss: 'did:web:other.example' }, 'iss'],
    ['another jti than its id', { jti: 'urn:uuid:0' }, 'jti'],
    ['another sub than its subject', { sub: 'https://s.example/2' }, 'sub'],
    ['a credential wrapped as JWTs once did', { vc: {} }, 'vc'],
    ['an expiry that only JWT libraries read', { exp: 1 }, 'exp'],
    ['a schema without a type', { credentialSchema: { id: 'https://x.example/s' } }, 'credentialSchema'],
  ])('refuses %s', (_, change, field) => refuse(change, field));

  test.each([null, undefined, 1, 'x', [], {}])('refuses %j', (payload) => {
    expect(() => parseCredential(payload)).toThrow(expect.objectContaining({ code: 'credential.shape' }));
  });

  test.each(['@context', 'type', 'credentialSubject', 'evidence'])(
    'does not look at half a million items of %s, one after the other',
    (term) => {
      // Each item that is looked at would be counted.
      expect(() => parseCredential({ ...DOCUMENT, [term]: new Array(500_000).fill(7) })).toThrow(
        expect.objectContaining({ code: 'credential.shape', message: expect.not.stringMatching(/and \d{2,} more/) }),
      );
    },
  );

  test('accepts an iss, a jti and a sub that say the same', () => {
    const { issuer, id, credentialSubject } = DOCUMENT;
    const claims = { iss: issuer.id, jti: id, sub: credentialSubject.id };
    expect(() => parseCredential({ ...DOCUMENT, ...claims })).not.toThrow();
  });
});

describe('what a credential speaks of', () => {
  const kinds: [string, CredentialKind, readonly string[]][] = [
    ['DigitalProductPassport', 'passport', ['https://s.example/1']],
    ['DigitalFacilityRecord', 'facility', ['https://s.example/1']],
    ['DigitalConformityCredential', 'conformity', ['https://s.example/1']],
    ['DigitalTraceabilityEvent', 'event', []],
    ['DigitalIdentityAnchor', 'identityAnchor', []],
  ];
  test.each(kinds)('%s is of kind %s and needs a grant for %j', (type, kind, ids) => {
    const subject = { id: 'https://s.example/1' };
    const credential = parseCredential({
      ...DOCUMENT,
      type: ['VerifiableCredential', type],
      credentialSubject: kind === 'event' ? [subject, subject] : subject,
    });
    expect(credentialKind(credential)).toBe(kind);
    expect(credentialSubjectIds(credential)).toEqual(ids);
  });
});

describe('instants (XSD 1.1 dateTimeStamp)', () => {
  test.each([
    ['2026-01-15T00:00:00Z', Date.UTC(2026, 0, 15)],
    ['2024-02-29T12:30:00.5+02:00', Date.UTC(2024, 1, 29, 10, 30, 0, 500)],
    ['2026-01-15T00:00:00-14:00', Date.UTC(2026, 0, 15, 14)],
    ['0000-02-29T00:00:00Z', Date.parse('0000-02-29T00:00:00Z')],
  ])('%s is read', (text, time) => expect(parseInstant(text)).toBe(time));
  test.each([
    '2026-01-15',
    '2026-01-15T00:00:00',
    '2023-02-29T00:00:00Z',
    '2026-13-01T00:00:00Z',
    '2026-01-01T24:00:00Z',
    '2026-01-01T00:00:00+14:01',
    '0001-02-29T00:00:00Z',
    'soon',
  ])('%s is not', (text) => expect(parseInstant(text)).toBe(undefined));
});

describe('status', () => {
  const pointer = { ledger: 'eip155:31337:0x5fbdb2315678afecb367f032d93f642f64180aa3', list: 3n, index: 417 };
  const change = (entry: object) => ({ ...CREDENTIAL, credentialStatus: { ...DOCUMENT.credentialStatus, ...entry } });
  const ID = DOCUMENT.credentialStatus.id;

  test('is where the credential says', () => {
    expect(parseStatusPointer(CREDENTIAL)).toEqual(pointer);
  });

  test('is read back at the far end of the largest list', () => {
    const far = { ...pointer, list: 2n ** 64n - 1n, index: 131_071 };
    const credentialStatus = { ...buildStatus({ ...far, statusListCredential: 'https://dpp.example/s' }) };
    expect(parseStatusPointer({ credentialStatus })).toEqual(far);
  });

  test.each([
    ['an index as text, as W3C has it', { statusListIndex: '417' }],
    ['an address with a checksum in capitals', { id: ID.replace('0x5fbd', '0x5FbD') }],
  ])('is read with %s', (_, entry) => expect(parseStatusPointer(change(entry))).toEqual(pointer));

  test.each([
    ['another index than its id', { statusListIndex: 418 }],
    ['another purpose', { statusPurpose: 'suspension' }],
    ['another type', { type: 'StatusList2021Entry' }],
    ['an id on no ledger', { id: 'https://dpp.example/status#417' }],
    ['an index with a leading zero', { id: ID.replace('-417', '-0417') }],
    ['an index beyond the list', { id: ID.replace('-417', '-131072'), statusListIndex: 131_072 }],
    ['a list beyond 64 bits', { id: ID.replace('status-3', 'status-18446744073709551616') }],
  ])('is refused with %s', (_, entry) => {
    expect(() => parseStatusPointer(change(entry))).toThrow(expect.objectContaining({ code: 'credential.status' }));
  });

  test('is refused where there is none: zero means good', () => {
    expect(() => parseStatusPointer({ credentialStatus: undefined })).toThrow(
      expect.objectContaining({ code: 'credential.status' }),
    );
  });

  test.each([
    ['a list below zero', { list: -1n }],
    ['a list beyond 64 bits', { list: 2n ** 64n }],
    ['an index beyond the list', { index: 131_072 }],
    ['half an index', { index: 0.5 }],
  ])('is not built for %s', (_, place) => {
    expect(() => buildStatus({ ...pointer, ...place, statusListCredential: 'https://dpp.example/s' })).toThrow(
      expect.objectContaining({ code: 'credential.status' }),
    );
  });
});

describe('roles', () => {
  test('have the bits that the ledger has', () => {
    expect(encodeRoles(['manufacturer'])).toBe(1);
    expect(encodeRoles(['registrar'])).toBe(1 << 9);
    expect(decodeRoles(encodeRoles(ROLES))).toEqual(ROLES);
  });

  test('beyond those that exist are no roles', () => {
    expect(decodeRoles(0xfc00)).toEqual([]);
    expect(() => encodeRoles(['king'])).toThrow(expect.objectContaining({ code: 'input.shape' }));
  });

  test.each([
    ['manufacturer', 'passport', true],
    ['dataPublisher', 'passport', true],
    ['dataPublisher', 'event', false],
    ['certifier', 'conformity', true],
    ['certifier', 'passport', false],
    ['manufacturer', 'conformity', false],
    ['registrar', 'identityAnchor', true],
    ['recycler', 'passport', false],
  ] as const)('%s may issue a %s: %s', (role, kind, expected) => {
    expect(mayIssue(encodeRoles([role]), kind)).toBe(expected);
  });

  test('add up: an issuer may issue what any of its roles may', () => {
    expect(mayIssue(encodeRoles(['certifier', 'manufacturer']), 'conformity')).toBe(true);
    expect(mayIssue(0, 'passport')).toBe(false);
  });

  test('are each explained', () => {
    for (const role of ROLES) expect(ROLE_RULES[role].sentence).toMatch(/\.$/);
  });
});
