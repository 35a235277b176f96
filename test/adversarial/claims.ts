/** Attacks by what a credential says: a hostile issuer signs all of these with its own key, and they are anchored. */
import { CONTEXT_URL, UNTP_CONTEXT, VCDM_CONTEXT } from '@dpp-ledger/core/credential';
import {
  type Attack,
  about,
  both,
  expected,
  NO_CREDENTIAL,
  notScanned,
  now,
  type Signing,
  scanned,
  sign,
  signHeader,
  signText,
} from './attack.ts';
import { type Draft, GRANTS, ITEM, MODEL, OTHER_ITEM } from './world.ts';

const malformed = { verdict: 'invalid', codes: NO_CREDENTIAL } as const;
const valid = { verdict: 'valid', codes: [] } as const;
const PASSPORT = 'DigitalProductPassport';
const VC = 'VerifiableCredential';

/** A credential that has not the form of one. */
const isMalformed = (name: string, signed: Signing): Attack => ({ name, signed, ...malformed });
const issuer = (change: object) => sign((draft) => ({ issuer: { ...JSON.parse(draft.payload).issuer, ...change } }));
const subject = (change: object): Signing =>
  sign((draft) => ({ credentialSubject: { ...JSON.parse(draft.payload).credentialSubject, ...change } }));

const FIELDS: readonly Attack[] = [
  ...['@context', 'type', 'id', 'issuer', 'validFrom', 'name', 'credentialSubject'].flatMap((name) => [
    isMalformed(`a credential without ${name}`, sign({ [name]: undefined })),
    isMalformed(`a credential whose ${name} is null`, sign({ [name]: null })),
    isMalformed(`a credential whose ${name} is a number`, sign({ [name]: 7 })),
    isMalformed(`a credential whose ${name} is empty`, sign({ [name]: name === 'issuer' ? {} : '' })),
  ]),
  isMalformed('contexts in another order', sign({ '@context': [UNTP_CONTEXT, VCDM_CONTEXT, CONTEXT_URL] })),
  isMalformed(
    'a context of its own before the others',
    sign({ '@context': ['https://evil.example/c', VCDM_CONTEXT, UNTP_CONTEXT] }),
  ),
  isMalformed('a context that is an object', sign({ '@context': [VCDM_CONTEXT, UNTP_CONTEXT, { name: 'urn:x' }] })),
  isMalformed('one context as text', sign({ '@context': VCDM_CONTEXT })),
  isMalformed(
    'the context of another version',
    sign({ '@context': ['https://www.w3.org/2018/credentials/v1', UNTP_CONTEXT] }),
  ),
  isMalformed('the context over http', sign({ '@context': [VCDM_CONTEXT.replace('https', 'http'), UNTP_CONTEXT] })),
  isMalformed(
    'a thousand contexts too many',
    sign({ '@context': [VCDM_CONTEXT, UNTP_CONTEXT, ...new Array(1_000).fill('urn:x')] }),
  ),
  isMalformed('a type alone', sign({ type: VC })),
  isMalformed('a credential of no kind', sign({ type: [VC] })),
  isMalformed('a passport that is no credential', sign({ type: [PASSPORT] })),
  isMalformed('a credential of two kinds', sign({ type: [PASSPORT, 'DigitalConformityCredential', VC] })),
  isMalformed('a credential of one kind twice', sign({ type: [PASSPORT, PASSPORT, VC] })),
  isMalformed('a kind in lower case', sign({ type: [PASSPORT.toLowerCase(), VC] })),
  isMalformed('a kind with a letter of another alphabet', sign({ type: [PASSPORT.replace('a', '\u0430'), VC] })),
  isMalformed('a kind as an address', sign({ type: [`${UNTP_CONTEXT}${PASSPORT}`, VC] })),
  isMalformed('a kind that every object has', sign({ type: ['constructor', VC] })),
  isMalformed('a type that is no text', sign({ type: [PASSPORT, VC, 7] })),
  isMalformed('an id that is no URI', sign({ id: 'passport 7' })),
  isMalformed('an id of 3,000 characters', sign({ id: `urn:x:${'a'.repeat(3_000)}` })),
  isMalformed('an issuer as text', sign({ issuer: 'did:web:maker.example' })),
  isMalformed('two issuers', sign({ issuer: [{ id: 'did:web:maker.example', name: 'a' }] })),
  isMalformed('an issuer without a name', issuer({ name: undefined })),
  isMalformed('an issuer of an empty name', issuer({ name: '' })),
  isMalformed('an issuer that is an address', issuer({ id: 'https://maker.example/' })),
  isMalformed('an issuer with a fragment', issuer({ id: 'did:web:maker.example#key' })),
  isMalformed('an issuer with a query', issuer({ id: 'did:web:maker.example?a' })),
  isMalformed('an issuer with a path', issuer({ id: 'did:web:maker.example/a' })),
  isMalformed('an issuer with a letter of another alphabet', issuer({ id: 'did:web:m\u0430ker.example' })),
  isMalformed('an issuer with full-width letters', issuer({ id: 'did:web:\uff4daker.example' })),
  isMalformed('an issuer with an invisible joiner', issuer({ id: 'did:web:maker\u200d.example' })),
  isMalformed('an issuer written from right to left', issuer({ id: '\u202edid:web:maker.example' })),
  isMalformed('an issuer with a space behind it', issuer({ id: 'did:web:maker.example ' })),
  isMalformed('an issuer with a zero byte behind it', issuer({ id: 'did:web:maker.example\0' })),
  isMalformed('an issuer in upper case', issuer({ id: 'DID:WEB:maker.example' })),
  isMalformed('an issuer with an escape in lower case', issuer({ id: 'did:web:maker%2eexample' })),
  isMalformed('an issuer with half an escape', issuer({ id: 'did:web:maker%2' })),
  isMalformed('an issuer of 256 characters', issuer({ id: `did:web:${'a'.repeat(248)}` })),
  isMalformed('an issuer in a list', issuer({ id: ['did:web:maker.example'] })),
  isMalformed('an issuer claim of another', sign({ iss: 'did:web:rival.example' })),
  isMalformed('an issuer claim that is no text', sign({ iss: ['did:web:maker.example'] })),
  { name: 'an issuer claim that says the same', signed: sign({ iss: 'did:web:maker.example' }), ...valid },
  isMalformed('a subject claim of another', sign({ sub: OTHER_ITEM })),
  isMalformed('a subject claim that is no text', sign({ sub: [ITEM] })),
  { name: 'a subject claim that says the same', signed: sign({ sub: ITEM }), ...valid },
  isMalformed('an id claim of another', sign({ jti: 'urn:uuid:0' })),
  {
    name: 'an id claim that says the same',
    signed: sign((draft) => ({ jti: JSON.parse(draft.payload).id })),
    ...valid,
  },
  isMalformed('an expiry as JWTs have it', sign({ exp: 4_000_000_000 })),
  isMalformed('a beginning as JWTs have it', sign({ nbf: 0 })),
  isMalformed(
    'a credential within the credential',
    sign((draft) => ({ vc: JSON.parse(draft.payload) })),
  ),
  isMalformed('a presentation within the credential', sign({ vp: {} })),
  isMalformed('an empty list of subjects', sign({ credentialSubject: [] })),
  isMalformed('a passport of two products', sign({ credentialSubject: [{ id: ITEM }, { id: OTHER_ITEM }] })),
  isMalformed('a passport of one product in a list', sign({ credentialSubject: [{ id: ITEM }] })),
  isMalformed('a subject as text', sign({ credentialSubject: ITEM })),
  isMalformed('a subject without an id', subject({ id: undefined })),
  isMalformed('a subject with an id that is a number', subject({ id: 9521234000013 })),
  isMalformed('a subject with an id in a list', subject({ id: [ITEM] })),
  isMalformed('a subject with an id that is an object', subject({ id: { toString: ITEM } })),
  isMalformed('a subject with a space in its id', subject({ id: `${ITEM} ` })),
  isMalformed('a subject with a line break in its id', subject({ id: `${ITEM}\n` })),
  isMalformed('a subject with an id of 3,000 characters', subject({ id: `${ITEM}${'7'.repeat(3_000)}` })),
  isMalformed('a subject of a type that is text', subject({ type: 'Product' })),
  isMalformed(
    'several statuses',
    sign((draft) => ({ credentialStatus: [JSON.parse(draft.payload).credentialStatus] })),
  ),
  isMalformed(
    'a status as text',
    sign((draft) => ({ credentialStatus: JSON.parse(draft.payload).credentialStatus.id })),
  ),
  isMalformed(
    'a status of no type',
    sign((draft) => ({ credentialStatus: { ...JSON.parse(draft.payload).credentialStatus, type: undefined } })),
  ),
  isMalformed('a status that is null', sign({ credentialStatus: null })),
  isMalformed(
    'a status with an id of spaces',
    sign((draft) => ({ credentialStatus: { ...JSON.parse(draft.payload).credentialStatus, id: ' ' } })),
  ),
];

/** Each is put as both ends of the period: neither may pass for something else. */
const NO_INSTANTS: readonly (readonly [what: string, text: unknown])[] = [
  ['a day', '2025-01-15'],
  ['a time without its zone', '2025-01-15T00:00:00'],
  ['a time without its seconds', '2025-01-15T00:00Z'],
  ['a time in lower case', '2025-01-15t00:00:00z'],
  ['a time with a space', '2025-01-15 00:00:00Z'],
  ['a time with something behind it', '2025-01-15T00:00:00Z '],
  ['February 30', '2025-02-30T00:00:00Z'],
  ['February 29 of another year', '2025-02-29T00:00:00Z'],
  ['month 13', '2025-13-01T00:00:00Z'],
  ['month 0', '2025-00-01T00:00:00Z'],
  ['day 0', '2025-01-00T00:00:00Z'],
  ['a leap second', '2016-12-31T23:59:60Z'],
  ['24 o’clock', '2025-01-15T24:00:00Z'],
  ['minute 60', '2025-01-15T00:60:00Z'],
  ['a zone beyond 14 hours', '2025-01-15T00:00:00+14:30'],
  ['a zone of 15 hours', '2025-01-15T00:00:00+15:00'],
  ['a zone without a colon', '2025-01-15T00:00:00+0100'],
  ['a zone with a true minus sign', '2025-01-15T00:00:00\u221201:00'],
  ['a year of five digits', '12025-01-15T00:00:00Z'],
  ['a year before the first', '-0001-01-15T00:00:00Z'],
  ['a year of two digits', '25-01-15T00:00:00Z'],
  ['a week', '2025-W03-3T00:00:00Z'],
  ['digits of another script', '\u0662\u0660\u0662\u0665-01-15T00:00:00Z'],
  ['seconds since 1970', 1_736_899_200],
  ['seconds since 1970 as text', '1736899200'],
  ['a time in a list', ['2025-01-15T00:00:00Z']],
];

const PERIOD: readonly Attack[] = [
  ...NO_INSTANTS.flatMap(([what, text]) => [
    isMalformed(`valid from ${what}`, sign({ validFrom: text })),
    isMalformed(`valid until ${what}`, sign({ validFrom: '0001-01-01T00:00:00Z', validUntil: text })),
  ]),
  isMalformed('a period that ends before it begins', sign({ validUntil: '2024-12-31T23:59:59Z' })),
  isMalformed('a period that ends before it begins, by its zone', sign({ validUntil: '2025-01-15T05:00:00+14:00' })),
  {
    name: 'a period that is over',
    signed: sign({ validUntil: '2025-01-16T00:00:00Z' }),
    verdict: 'invalid',
    codes: ['period.over'],
  },
  {
    name: 'a period that has not begun',
    signed: sign({ validFrom: '9999-12-31T23:59:59Z' }),
    verdict: 'invalid',
    codes: ['period.not-yet'],
  },
  {
    name: 'the last second of a period',
    signed: sign({ validUntil: '2025-06-01T00:00:00Z' }),
    shown: now(() => 1_748_736_000),
    verdict: 'indeterminate',
    codes: ['freshness.ahead'],
  },
  {
    name: 'a tenth of a second after a period',
    signed: sign({ validUntil: '2025-06-01T00:00:00Z', name: 'tenth' }),
    shown: now(() => 1_748_736_000.1),
    verdict: 'invalid',
    codes: ['period.over', 'freshness.ahead'],
  },
  {
    name: 'a period in another zone, in its last second',
    signed: sign({ validUntil: '2025-06-01T02:00:00+02:00' }),
    shown: now(() => 1_748_736_000),
    verdict: 'indeterminate',
    codes: ['freshness.ahead'],
  },
  {
    name: 'a period from the year 1 to the year 9999',
    signed: sign({ validFrom: '0001-01-01T00:00:00-14:00', validUntil: '9999-12-31T23:59:59.999999999+14:00' }),
    ...valid,
  },
  {
    name: 'a period with thousands of digits after the second',
    signed: sign({ validFrom: `2025-01-15T00:00:00.${'0'.repeat(5_000)}1Z` }),
    ...valid,
  },
];

const otherGrant = { verdict: 'invalid', codes: ['issuer.other-grant'] } as const;
const speaksOfOther = { verdict: 'invalid', codes: ['subject.other', 'issuer.other-grant'] } as const;
const unasked = { verdict: 'invalid', codes: ['subject.not-asked', 'issuer.other-grant'] } as const;
const web = (name: string, id: string): Attack => ({
  name,
  signed: about(id, GRANTS.makerWeb),
  shown: notScanned,
  ...unasked,
});
const gs1 = (name: string, id: string, grant: Draft['grant'] = GRANTS.maker): Attack => ({
  name,
  signed: about(id, grant),
  shown: notScanned,
  ...unasked,
});

/** Of what the maker may speak. Its grants are in world.ts. */
const GRANTED: readonly Attack[] = [
  {
    name: "the rival's device, as scanned",
    signed: about('https://id.gs1.org/01/09529999000019/21/R1'),
    shown: scanned('https://id.gs1.org/01/09529999000019/21/R1'),
    ...otherGrant,
  },
  {
    name: "the rival's device, where another was scanned",
    signed: about('https://id.gs1.org/01/09529999000019/21/R2'),
    ...speaksOfOther,
  },
  gs1('a device of a prefix that only begins like the granted one', 'https://id.gs1.org/01/09521235000012/21/A1'),
  gs1('a device whose indicator digit makes the prefix', 'https://id.gs1.org/01/95212340000010/21/A1'),
  {
    name: 'the one GTIN of a grant of 12 digits',
    signed: about('https://id.gs1.org/01/09527777000008/21/A1', GRANTS.makerNarrow),
    shown: scanned('https://id.gs1.org/01/09527777000008/21/A1'),
    ...valid,
  },
  {
    name: 'the one GTIN of a grant of 12 digits, as a case',
    signed: about('https://id.gs1.org/01/19527777000005/21/A1', GRANTS.makerNarrow),
    shown: scanned('https://id.gs1.org/01/19527777000005/21/A1'),
    ...valid,
  },
  gs1(
    'the GTIN after the one of a grant of 12 digits',
    'https://id.gs1.org/01/09527777000015/21/A1',
    GRANTS.makerNarrow,
  ),
  {
    name: 'a U.P.C. with its leading 0',
    signed: about('https://id.gs1.org/01/00614141000012/21/A1', GRANTS.makerUpc),
    shown: scanned('https://id.gs1.org/01/00614141000012/21/A1'),
    ...valid,
  },
  {
    name: 'a U.P.C. with its leading 0, scanned as 12 digits',
    signed: about('https://id.gs1.org/01/00614141000012/21/A2', GRANTS.makerUpc),
    shown: scanned('https://dpp.example/01/614141000012/21/A2'),
    ...valid,
  },
  gs1(
    'a U.P.C. in 12 digits, which is no canonical subject',
    'https://id.gs1.org/01/614141000012/21/A1',
    GRANTS.makerUpc,
  ),
  gs1('a GTIN in 13 digits, which is no canonical subject', 'https://id.gs1.org/01/9521234000013/21/A1'),
  gs1('a GTIN-8', 'https://id.gs1.org/01/00000095212343/21/A1'),
  gs1('a GTIN with a wrong check digit', 'https://id.gs1.org/01/09521234000014/21/A1'),
  gs1('a GTIN in digits of another script', 'https://id.gs1.org/01/\u0660\u0669521234000013/21/A1'),
  gs1('a GS1 subject on another host', 'https://dpp.example/01/09521234000013/21/A1'),
  gs1('a GS1 subject over http', 'http://id.gs1.org/01/09521234000013/21/A1'),
  gs1('a GS1 subject on a host in upper case', 'https://ID.GS1.ORG/01/09521234000013/21/A1'),
  gs1('a GS1 subject with a port', 'https://id.gs1.org:443/01/09521234000013/21/A1'),
  gs1('a GS1 subject with a user', 'https://id.gs1.org@evil.example/01/09521234000013/21/A1'),
  gs1('a GS1 subject with a query', `${ITEM}?linkType=all`),
  gs1('a GS1 subject with a fragment', `${ITEM}#a`),
  gs1('a GS1 subject with a slash behind it', `${ITEM}/`),
  gs1('a GS1 subject after the path of a resolver', 'https://id.gs1.org/x/01/09521234000013/21/A1'),
  gs1('a GS1 subject with qualifiers in another order', `${MODEL}/21/A1/10/LOT7`),
  gs1('a GS1 subject by its convenience names', 'https://id.gs1.org/gtin/09521234000013/ser/A1'),
  gs1('a GS1 subject with an escape that needs none', `${MODEL}/21/%41%37K2`),
  gs1('a GS1 subject with an escape in lower case', `${MODEL}/21/A%2f1`),
  {
    name: 'a GS1 subject with an escape that is needed',
    signed: about(`${MODEL}/21/A%2F1`),
    shown: scanned(`https://dpp.example/01/09521234000013/21/A%2f1`),
    ...valid,
  },
  gs1('a shipping container', 'https://id.gs1.org/00/095212340000000013'),
  {
    name: 'a plant by its GLN',
    signed: about('https://id.gs1.org/414/9521234000013'),
    shown: scanned('https://id.gs1.org/414/9521234000013'),
    ...valid,
  },
  gs1('a plant by the GLN of another', 'https://id.gs1.org/414/9529999000019'),
  {
    name: 'an individual asset',
    signed: about('https://id.gs1.org/8004/9521234A1'),
    shown: scanned('https://id.gs1.org/8004/9521234A1'),
    ...valid,
  },
  {
    name: 'a subject under its own host',
    signed: about('https://maker.example/m/14', GRANTS.makerWeb),
    shown: scanned('https://maker.example/m/14'),
    ...valid,
  },
  {
    name: 'a GTIN of another under its own host',
    signed: about('https://maker.example/01/09529999000019', GRANTS.makerWeb),
    shown: scanned('https://maker.example/01/09529999000019'),
    ...speaksOfOther,
  },
  web('its own GTIN under its own host', 'https://maker.example/01/09521234000013'),
  web('a subject under another host', 'https://rival.example/m/14'),
  web('a host that begins like its own', 'https://maker.example.evil.example/m/14'),
  web('a host that ends like its own', 'https://evil-maker.example/m/14'),
  web('its own host as a user', 'https://maker.example@evil.example/m/14'),
  web('its own host with a port', 'https://maker.example:8443/m/14'),
  web('its own host in upper case', 'https://MAKER.example/m/14'),
  web('its own host with a dot behind it', 'https://maker.example./m/14'),
  web('its own host over http', 'http://maker.example/m/14'),
  web('its own host with a letter of another alphabet', 'https://m\u0430ker.example/m/14'),
  web('its own host with a full-width dot', 'https://maker\uff0eexample/m/14'),
  web('its own host with an escape', 'https://maker%2Eexample/m/14'),
  web('its own host alone', 'https://maker.example/'),
  web('an empty segment', 'https://maker.example//m/14'),
  web('a segment of one dot', 'https://maker.example/./m/14'),
  web('a segment of two dots', 'https://maker.example/../m/14'),
  web('two dots as escapes', 'https://maker.example/%2e%2e/m/14'),
  web('a slash as an escape', 'https://maker.example/m%2F14'),
  web('a query', 'https://maker.example/m/14?x'),
  web('a fragment', 'https://maker.example/m/14#x'),
  web('a slash at its end', 'https://maker.example/m/14/'),
  web('a composed letter in the path', 'https://maker.example/m/\u00e4'),
  web('a URN', 'urn:epc:id:sgtin:9521234.000001.A7K2'),
  web('a script', 'javascript:alert(1)'),
  web('a file', 'file:///etc/passwd'),
];

/** What stands on the label, or is typed: the passport is the genuine one. */
const LABELS: readonly Attack[] = [
  ...(
    [
      ['on another resolver', 'https://dpp.example/01/09521234000013/21/A7K2'],
      ['over http', 'http://id.gs1.org/01/09521234000013/21/A7K2'],
      ['in 13 digits', 'https://id.gs1.org/01/9521234000013/21/A7K2'],
      ['with attributes', `${ITEM}?17=271231&linkType=all`],
      ['with a fragment', `${ITEM}#x`],
      ['with its serial in escapes', `${MODEL}/21/%41%37%4B%32`],
      ['behind the path of a resolver', 'https://dpp.example/r/s/01/09521234000013/21/A7K2'],
      ['with its production batch', `${MODEL}/10/LOT7/21/A7K2`],
    ] as const
  ).map(
    ([how, uri]): Attack => ({
      name: `the label ${how}`,
      shown: scanned(uri),
      ...(how === 'with its production batch' ? { verdict: 'valid', codes: ['subject.wider'] } : valid),
    }),
  ),
  ...(
    [
      ['with a user before the host', 'https://id.gs1.org@evil.example/01/09521234000013/21/A7K2'],
      ['of another item', OTHER_ITEM],
      ['of the same item in lower case', `${MODEL}/21/a7k2`],
      ['of the same serial of another model', 'https://id.gs1.org/01/09521234000020/21/A7K2'],
      ['with a letter of another alphabet', `${MODEL}/21/\u0410\u0037K2`],
      ['with an invisible space', `${MODEL}/21/A7K2\u200b`],
      ['with a space behind it', `${ITEM} `],
      ['with a serial twice escaped', `${MODEL}/21/%2541%2537K2`],
      ['with a wrong check digit', 'https://id.gs1.org/01/09521234000014/21/A7K2'],
      ['with a lot in the query', `${ITEM}?10=LOT7`],
      ['by its convenience names', 'https://id.gs1.org/gtin/09521234000013/ser/A7K2'],
      ['that is a script', 'javascript:alert(1)'],
      ['that is a path', '../../01/09521234000013/21/A7K2'],
      ['that is empty', ''],
      ['of 100,000 characters', `${MODEL}/21/${'A'.repeat(100_000)}`],
    ] as const
  ).map(
    ([how, uri]): Attack => ({
      name: `a label ${how}`,
      shown: scanned(uri),
      verdict: 'invalid',
      codes: ['subject.other'],
    }),
  ),
  {
    name: 'a passport, where an event was asked for',
    shown: expected({ kind: 'event' }),
    verdict: 'invalid',
    codes: ['schema.other-kind'],
  },
];

/** One credential names an issuer in another spelling: to the ledger, it is another. */
const everywhere = (did: string): Signing =>
  both(
    signText((it) => it.replaceAll('did:web:maker.example', did)),
    signHeader(({ cast: { maker } }) => ({ kid: `${did}#${maker.keyId}` })),
  );
const unknownIssuer = {
  verdict: 'invalid',
  codes: ['key.issuer-not-on-ledger', 'issuer.not-on-ledger', 'anchor.other-issuer', 'status.issuer-not-on-ledger'],
} as const;
const NAMESAKES: readonly Attack[] = [
  { name: 'the maker with an escape in its name', signed: everywhere('did:web:maker%2Eexample'), ...unknownIssuer },
  { name: 'the maker in upper case', signed: everywhere('did:web:MAKER.example'), ...unknownIssuer },
  { name: 'the maker with a port', signed: everywhere('did:web:maker.example%3A443'), ...unknownIssuer },
  { name: 'the maker with a dot behind it', signed: everywhere('did:web:maker.example.'), ...unknownIssuer },
  { name: 'the maker under a path', signed: everywhere('did:web:maker.example:a'), ...unknownIssuer },
  { name: 'the maker by another method', signed: everywhere('did:webs:maker.example'), ...unknownIssuer },
  {
    name: 'a look-alike of the maker in Punycode',
    signed: everywhere('did:web:xn--mker-8na.example'),
    ...unknownIssuer,
  },
];

/** What says of a lot too little to be compared with the ledger, wherever the lot is named. */
const lots = (materialProvenance: unknown): Signing => subject({ materialProvenance });
const LOTS: readonly Attack[] = [
  {
    name: 'a material with a lot',
    signed: lots([{ name: 'Cobalt', lot: 'urn:x' }]),
    verdict: 'invalid',
    codes: ['provenance.malformed'],
  },
  {
    name: 'a material with a lot that is null',
    signed: lots([{ name: 'Cobalt', lot: null }]),
    verdict: 'invalid',
    codes: ['provenance.malformed'],
  },
  {
    name: 'the last of many materials with a lot',
    signed: lots([...new Array(100).fill({ name: 'Cobalt' }), { lot: 'urn:x' }]),
    verdict: 'invalid',
    codes: ['provenance.malformed'],
  },
  {
    name: 'one material, not in a list, with a lot',
    signed: lots({ name: 'Cobalt', lot: 'urn:x' }),
    verdict: 'invalid',
    codes: ['provenance.malformed'],
  },
  { name: 'materials that are null, numbers and text', signed: lots([null, 7, 'lot', [], true]), ...valid },
];

export const CLAIMS = { FIELDS, PERIOD, GRANTED, LABELS, NAMESAKES, LOTS };
