/** Attacks by those who once had a right, or have another one: issuers, keys, grants and status places in every state, on the real ledger. */
import type { Evidence } from '@dpp-ledger/core/evidence';
import {
  type Attack,
  all,
  both,
  type Change,
  evidence,
  expected,
  facts,
  factsAfter,
  json,
  member,
  notScanned,
  policy,
  scanned,
  sign,
  signHeader,
  status,
  UNREADABLE,
  without,
  withoutFacts,
} from './attack.ts';
import {
  CERTIFICATE,
  type Draft,
  draftOf,
  eventTerms,
  GRANTS,
  ITEM,
  LAST_LIST,
  LAST_PLACE,
  LIST,
  MODEL,
  statusAt,
  type Who,
} from './world.ts';

const valid = { verdict: 'valid', codes: [] } as const;

/** Everything as that issuer or key would sign it; whoever stands in `by` anchors it. */
const from =
  (who: Who, options: Partial<Parameters<typeof draftOf>[3]> = {}) =>
  (draft: Draft): Draft =>
    draftOf(who, draft.cast, draft.ledgers, { place: draft.place, ...options });
/** Signed with that key, whatever the header says. */
const signedBy =
  (who: Who) =>
  (draft: Draft): Draft => ({ ...draft, by: who });

/** Evidence and facts of the very block of the anchor: what was known then. */
const asItWas: Change = (it, world) => {
  const { entry } = it.evidence as Evidence;
  const size = entry.index + 1;
  const path = world.evidence({ ...world.genuine.passport, entry: entry.index }, size).entry;
  return factsAfter(() => size)({ ...it, evidence: { ...(it.evidence as Evidence), entry: path } }, world);
};

const KEYS: readonly Attack[] = [
  {
    name: 'a registered key of small order, under which one signature holds for any bytes',
    by: 'makerWeak',
    signed: (it) => it,
    verdict: 'invalid',
    codes: ['signature.forged'],
  },
  {
    name: 'a key that is not registered',
    of: 'by a key that is not registered',
    verdict: 'invalid',
    codes: ['key.not-registered'],
  },
  {
    name: 'a key that was registered after the anchor',
    of: 'before its key was registered',
    verdict: 'invalid',
    codes: ['key.not-yet-valid'],
  },
  {
    name: 'a key without the purpose',
    of: 'by a key without the purpose',
    verdict: 'invalid',
    codes: ['key.no-assert'],
  },
  { name: 'a key a second before it was retired', of: 'before its key was retired', ...valid },
  {
    name: 'a key in the second in which it was retired',
    of: 'as its key was retired',
    verdict: 'invalid',
    codes: ['key.retired'],
  },
  { name: 'a key a second before it was stolen', of: 'before its key was stolen', ...valid },
  {
    name: 'a key in the second in which it was stolen',
    of: 'as its key was stolen',
    verdict: 'invalid',
    codes: ['key.compromised-before-anchor'],
  },
  {
    name: 'a key that was retired, and stolen as well',
    of: 'by a key that was retired, then stolen',
    verdict: 'invalid',
    codes: ['key.compromised-before-anchor'],
  },
  {
    name: 'a theft that is younger than the facts is not known',
    of: 'as its key was stolen',
    shown: asItWas,
    ...valid,
  },
  {
    name: 'facts of before a theft was known, where they have to be fresh',
    of: 'as its key was stolen',
    shown: all(
      policy(() => ({ maxAgeSeconds: 60 })),
      asItWas,
    ),
    verdict: 'indeterminate',
    codes: ['freshness.stale'],
  },
  {
    name: "an attacker's key under the maker's name",
    signed: from('impostor'),
    verdict: 'invalid',
    codes: ['key.not-registered'],
  },
  {
    name: "an attacker's key, and the maker's key named in the header",
    signed: signedBy('impostor'),
    verdict: 'invalid',
    codes: ['key.other-key'],
  },
  {
    name: "an attacker's signature, and the maker's key shown",
    signed: signedBy('impostor'),
    shown: evidence((it, world) => ({ ...it, key: world.signers.maker.key })),
    verdict: 'invalid',
    codes: ['signature.forged'],
  },
  {
    name: "the rival's key, named as the rival's, under the maker's name",
    signed: both(
      signedBy('rival'),
      signHeader(({ cast }) => ({ kid: kidOf(cast.rival) })),
    ),
    verdict: 'invalid',
    codes: ['key.other-issuer'],
  },
  {
    name: "the rival's key, named as the maker's",
    signed: both(
      signedBy('rival'),
      signHeader(({ cast }) => ({ kid: `did:web:maker.example#${cast.rival.keyId}` })),
    ),
    verdict: 'invalid',
    codes: ['key.not-registered'],
  },
  {
    name: "the maker's key, which the rival registered as its own, says nothing of the rival's",
    by: 'rival',
    signed: both(
      from('rival', { grant: GRANTS.rival }),
      signHeader(({ cast }) => ({ kid: `did:web:rival.example#${cast.makerEd25519.keyId}`, alg: 'Ed25519' })),
      signedBy('makerEd25519'),
      subjectOf('https://id.gs1.org/01/09529999000019/21/R1'),
    ),
    shown: scanned('https://id.gs1.org/01/09529999000019/21/R1'),
    ...valid,
  },
  {
    name: "the rival's word for the maker's device, by the maker's key that it registered",
    by: 'rival',
    signed: both(
      from('rival', { grant: GRANTS.rival }),
      signHeader(({ cast }) => ({ kid: `did:web:rival.example#${cast.makerEd25519.keyId}`, alg: 'Ed25519' })),
      signedBy('makerEd25519'),
    ),
    verdict: 'invalid',
    codes: ['issuer.other-grant'],
  },
  {
    name: "the maker's genuine passport, anchored by the rival in its own name",
    of: 'anchored by the rival',
    verdict: 'invalid',
    codes: ['anchor.other-issuer'],
  },
];

function kidOf({ issuer, keyId }: { readonly issuer: string; readonly keyId: string }): string {
  return `${issuer}#${keyId}`;
}

function subjectOf(id: string) {
  return sign({ credentialSubject: { type: ['Product'], id, name: 'Laptop 14' } });
}

/** How the header names the key. */
const NAMES: readonly Attack[] = [
  ...(
    [
      ['a bare thumbprint', (_, id) => id],
      ['a fragment alone', (_, id) => `#${id}`],
      ['two fragments', (did, id) => `${did}#${id}#${id}`],
      ['a fragment within a fragment', (did, id) => `${did}##${id}`],
      ['a query', (did, id) => `${did}?versionId=1#${id}`],
      ['a path', (did, id) => `${did}/keys#${id}`],
      ['a space behind it', (did, id) => `${did}#${id} `],
      ['a line break within', (did, id) => `${did}\n#${id}`],
      ['an invisible space', (did, id) => `${did}\u200b#${id}`],
      ['a letter of another alphabet', (did, id) => `${did.replace('a', '\u0430')}#${id}`],
      ['full-width letters', (did, id) => `${did.replace('maker', '\uff4d\uff41\uff4b\uff45\uff52')}#${id}`],
      ['a composed letter', (did, id) => `${did.replace('maker', 'm\u00e4ker')}#${id}`],
      ['a combining mark', (did, id) => `${did.replace('maker', 'ma\u0308ker')}#${id}`],
      ['the number sign as an escape', (did, id) => `${did}%23${id}`],
      ['a thumbprint with padding', (did, id) => `${did}#${id}=`],
      ['a thumbprint in hexadecimal', (did, id) => `${did}#${Buffer.from(id, 'base64url').toString('hex')}`],
      ['a thumbprint that is too short', (did, id) => `${did}#${id.slice(1)}`],
      ['a thumbprint as a URN', (_, id) => `urn:ietf:params:oauth:jwk-thumbprint:sha-256:${id}`],
      ['a method in upper case', (did, id) => `${did.replace('web', 'WEB')}#${id}`],
      ['a scheme in upper case', (did, id) => `${did.replace('did', 'DID')}#${id}`],
      ['an escape in lower case', (did, id) => `${did.replace('.', '%2e')}#${id}`],
      ['an https address', (_, id) => `https://maker.example/.well-known/did.json#${id}`],
    ] as readonly [string, (did: string, id: string) => string][]
  ).map(
    ([how, kid]): Attack => ({
      name: `a key named by ${how}`,
      signed: signHeader(({ cast: { maker } }) => ({ kid: kid(maker.issuer, maker.keyId) })),
      verdict: 'invalid',
      codes: ['key.malformed-name'],
    }),
  ),
  ...(
    [
      ['another host', 'did:web:maker.example.evil.example'],
      ['the same host in upper case', 'did:web:MAKER.example'],
      ['the same host with an escape', 'did:web:maker%2Eexample'],
      ['the same host with a port', 'did:web:maker.example%3A443'],
      ['the same host and a path', 'did:web:maker.example:keys'],
      ['the same host with a dot behind it', 'did:web:maker.example.'],
      ['a look-alike in Punycode', 'did:web:xn--mker-8na.example'],
      ['another method', 'did:key:maker.example'],
    ] as const
  ).map(
    ([where, did]): Attack => ({
      name: `a key of ${where}`,
      signed: signHeader(({ cast: { maker } }) => ({ kid: `${did}#${maker.keyId}` })),
      verdict: 'invalid',
      codes: ['key.other-issuer'],
    }),
  ),
  {
    name: 'a key named by another thumbprint of the same issuer',
    signed: signHeader(({ cast: { maker, makerStolen } }) => ({ kid: `${maker.issuer}#${makerStolen.keyId}` })),
    verdict: 'invalid',
    codes: ['key.other-key'],
  },
  {
    name: 'a key named by its thumbprint with stray bits',
    signed: signHeader(({ cast: { maker } }) => ({ kid: `${maker.issuer}#${next(maker.keyId)}` })),
    verdict: 'invalid',
    codes: ['key.other-key'],
  },
];

/** The next letter of the alphabet in the last place. */
function next(text: string): string {
  const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_';
  return `${text.slice(0, -1)}${ALPHABET[ALPHABET.indexOf(text.at(-1) ?? '') + 1]}`;
}

const ISSUERS: readonly Attack[] = [
  {
    name: 'an issuer that was suspended after the anchor',
    of: 'before its issuer was suspended',
    verdict: 'valid',
    codes: ['issuer.valid-suspended-now'],
  },
  {
    name: 'an issuer a second before it was withdrawn',
    of: 'before its issuer was withdrawn',
    verdict: 'valid',
    codes: ['issuer.valid-withdrawn-later'],
  },
  {
    name: 'an issuer in the second in which it was withdrawn',
    of: 'as its issuer was withdrawn',
    verdict: 'invalid',
    codes: ['issuer.withdrawn'],
  },
  {
    name: 'an issuer that the ledger does not know, in the anchor of another',
    signed: from('stranger'),
    verdict: 'invalid',
    codes: ['key.issuer-not-on-ledger', 'issuer.not-on-ledger', 'anchor.other-issuer', 'status.issuer-not-on-ledger'],
  },
  {
    name: 'a recycler that issues a passport',
    by: 'recycler',
    signed: from('recycler'),
    verdict: 'invalid',
    codes: ['issuer.wrong-role'],
  },
  {
    name: 'a certifier that issues a passport',
    by: 'certifier',
    signed: from('certifier'),
    verdict: 'invalid',
    codes: ['issuer.wrong-role'],
  },
  {
    name: 'a manufacturer that certifies itself',
    signed: sign({ type: CERTIFICATE }),
    verdict: 'invalid',
    codes: ['issuer.wrong-role'],
  },
  {
    name: 'a data publisher that reports an event',
    by: 'publisher',
    signed: from('publisher', { terms: eventTerms(ITEM) }),
    verdict: 'invalid',
    codes: ['issuer.wrong-role'],
  },
  {
    name: 'a manufacturer that keeps a register',
    signed: sign({ type: ['DigitalIdentityAnchor', 'VerifiableCredential'] }),
    verdict: 'invalid',
    codes: ['issuer.wrong-role'],
  },
  {
    name: "a recycler's event, for the maker's word on what was scanned",
    of: 'event of the recycler about the device',
    verdict: 'indeterminate',
    codes: ['issuer.grant-not-shown'],
  },
  {
    name: "a recycler's event, where a passport was asked for",
    of: 'event of the recycler about the device',
    shown: expected({ kind: 'passport' }),
    verdict: 'invalid',
    codes: ['schema.other-kind', 'issuer.grant-not-shown'],
  },
  {
    name: "a recycler's event, under the maker's grant",
    of: 'event of the recycler about the device',
    shown: member({ grant: GRANTS.maker }),
    verdict: 'invalid',
    codes: ['issuer.no-grant'],
  },
  {
    name: "a recycler's event, where nothing was scanned",
    of: 'event of the recycler about the device',
    shown: notScanned,
    verdict: 'valid',
    codes: ['subject.not-asked'],
  },
  { name: "the maker's own event about its device", of: 'event', ...valid },
  { name: 'a certificate by a certifier', of: 'certificate', ...valid },
  { name: 'figures that a data publisher restates', of: 'restated', ...valid },
];

const SUBJECT_GRANT: readonly Attack[] = [
  { name: 'no grant', shown: without('grant'), verdict: 'indeterminate', codes: ['issuer.grant-not-shown'] },
  {
    name: 'a grant that was never made',
    shown: member({ grant: { number: 9, prefix: GRANTS.maker.prefix } }),
    verdict: 'invalid',
    codes: ['issuer.no-grant'],
  },
  {
    name: 'a grant of a wider prefix',
    shown: member({ grant: { number: 1, prefix: 'gs1:9521' } }),
    verdict: 'invalid',
    codes: ['issuer.no-grant'],
  },
  {
    name: 'a grant of everything',
    shown: member({ grant: { number: 1, prefix: 'gs1:' } }),
    verdict: 'invalid',
    codes: ['issuer.no-grant'],
  },
  {
    name: 'a grant with a space',
    shown: member({ grant: { number: 1, prefix: 'gs1:9521234 ' } }),
    verdict: 'invalid',
    codes: ['issuer.no-grant'],
  },
  {
    name: 'a grant in digits of another script',
    shown: member({ grant: { number: 1, prefix: 'gs1:\u0669\u0665\u0662\u0661' } }),
    verdict: 'invalid',
    codes: ['issuer.no-grant'],
  },
  {
    name: 'a grant with half a surrogate pair',
    shown: json((text) => text.replace('gs1:9521234', 'gs1:\\ud800')),
    verdict: 'invalid',
    codes: UNREADABLE,
  },
  { name: "the rival's grant", shown: member({ grant: GRANTS.rival }), verdict: 'invalid', codes: ['issuer.no-grant'] },
  {
    name: 'another grant of the issuer',
    shown: member({ grant: GRANTS.makerUpc }),
    verdict: 'invalid',
    codes: ['issuer.other-grant'],
  },
  {
    name: "a grant of the issuer's own host, for a GS1 subject",
    shown: member({ grant: GRANTS.makerWeb }),
    verdict: 'invalid',
    codes: ['issuer.other-grant'],
  },
  {
    name: 'a grant that names nothing',
    shown: member({ grant: GRANTS.makerVoid }),
    verdict: 'invalid',
    codes: ['issuer.other-grant'],
  },
  {
    name: 'a grant that was made after the anchor',
    of: 'before its grant',
    shown: notScanned,
    verdict: 'invalid',
    codes: ['subject.not-asked', 'issuer.grant-not-yet'],
  },
  {
    name: 'a grant a second before it was taken back',
    of: 'before its grant was taken back',
    shown: notScanned,
    verdict: 'valid',
    codes: ['subject.not-asked'],
  },
  {
    name: 'a grant in the second in which it was taken back',
    of: 'as its grant was taken back',
    shown: notScanned,
    verdict: 'invalid',
    codes: ['subject.not-asked', 'issuer.grant-ended'],
  },
];

const malformed = { verdict: 'invalid', codes: ['status.malformed'] } as const;
const otherLedger = { verdict: 'invalid', codes: ['status.other-ledger'] } as const;

const STATUS: readonly Attack[] = [
  { name: 'a revoked passport', of: 'revoked', verdict: 'invalid', codes: ['status.revoked'] },
  {
    name: 'a revoked passport that was anchored again',
    of: 'revoked and anchored again',
    verdict: 'invalid',
    codes: ['status.revoked'],
  },
  {
    name: 'a passport revoked by authority',
    of: 'revoked by authority',
    verdict: 'invalid',
    codes: ['status.revoked'],
  },
  { name: 'a superseded passport was true', of: 'superseded', verdict: 'valid', codes: ['status.valid-superseded'] },
  {
    name: 'an older version shown as the current one',
    of: 'superseded',
    shown: expected({ current: true }),
    verdict: 'invalid',
    codes: ['status.superseded'],
  },
  { name: 'its successor is current', of: 'its successor', shown: expected({ current: true }), ...valid },
  { name: 'the neighbour in its word of a place that is revoked', of: 'last place of the last list', ...valid },
  {
    name: 'the last place but one of the last list, revoked',
    of: 'last place of the last list, revoked',
    verdict: 'invalid',
    codes: ['status.revoked'],
  },
  { name: 'a revocation that is younger than the facts is not known', of: 'revoked', shown: asItWas, ...valid },
  {
    name: 'facts of before it was revoked, where they have to be fresh',
    of: 'revoked',
    shown: all(
      policy(() => ({ maxAgeSeconds: 60 })),
      asItWas,
    ),
    verdict: 'indeterminate',
    codes: ['freshness.stale'],
  },
  {
    name: 'a source that hides the revocation',
    of: 'revoked',
    shown: facts((it) => ({
      ...it,
      question: { ...it.question, word: it.question.word + 1 },
      status: { revoked: 0n, superseded: 0n },
    })),
    verdict: 'indeterminate',
    codes: withoutFacts('facts-other-question'),
  },
  {
    name: 'the status of a ledger that was closed since',
    shown: facts((it) => ({ ...it, closed: true })),
    verdict: 'indeterminate',
    codes: ['status.ledger-closed'],
  },
  {
    name: 'a revoked place on a ledger that was closed since',
    of: 'revoked',
    shown: facts((it) => ({ ...it, closed: true })),
    verdict: 'invalid',
    codes: ['status.revoked'],
  },
  { name: 'no status', signed: sign({ credentialStatus: undefined }), verdict: 'invalid', codes: ['status.missing'] },
  { name: 'an empty status', signed: status(() => ({ type: 'BitstringStatusListEntry' })), ...malformed },
  { name: 'a status of another type', signed: status((it) => ({ ...it, type: 'StatusList2021Entry' })), ...malformed },
  {
    name: 'a status of several types',
    signed: status((it) => ({ ...it, type: ['BitstringStatusListEntry', 'Other'] })),
    ...malformed,
  },
  {
    name: 'a status of its type in a list is as good',
    signed: status((it) => ({ ...it, type: ['BitstringStatusListEntry'] })),
    ...valid,
  },
  { name: 'a status for suspension', signed: status((it) => ({ ...it, statusPurpose: 'suspension' })), ...malformed },
  { name: 'a status for a message', signed: status((it) => ({ ...it, statusPurpose: 'message' })), ...malformed },
  { name: 'a status without a purpose', signed: status(({ statusPurpose: _, ...it }) => it), ...malformed },
  { name: 'a status without an index', signed: status(({ statusListIndex: _, ...it }) => it), ...malformed },
  { name: 'a status without a list', signed: status(({ statusListCredential: _, ...it }) => it), ...malformed },
  { name: 'a status that names no ledger', signed: status(({ id: _, ...it }) => it), ...malformed },
  { name: 'a status with two indices', signed: status((it) => ({ ...it, statusListIndex: 9_999 })), ...malformed },
  {
    name: 'a status with its index as text is as good',
    signed: status((it) => ({ ...it, statusListIndex: `${it.statusListIndex}` })),
    ...valid,
  },
  {
    name: 'a status with its index in a list',
    signed: status((it) => ({ ...it, statusListIndex: [it.statusListIndex] })),
    ...malformed,
  },
  {
    name: 'a status with half an index',
    signed: status((it) => ({ ...it, statusListIndex: Number(it.statusListIndex) + 0.5 })),
    ...malformed,
  },
  {
    name: 'a status with its index in other digits',
    signed: status((it) => ({ ...it, statusListIndex: '\u0664\u0661' })),
    ...malformed,
  },
  {
    name: 'a status with spaces around its index',
    signed: status((it) => ({ ...it, statusListIndex: ` ${it.statusListIndex}` })),
    ...malformed,
  },
  {
    name: 'a status with its index in hexadecimal',
    signed: status((it) => ({ ...it, statusListIndex: `0x${Number(it.statusListIndex).toString(16)}` })),
    ...malformed,
  },
  {
    name: 'the last place of a list',
    signed: status((_, { ledgers }) => statusAt(ledgers.ours, LIST, LAST_PLACE)),
    ...valid,
  },
  {
    name: 'the place after the last of a list',
    signed: status((_, { ledgers }) => statusAt(ledgers.ours, LIST, LAST_PLACE + 1)),
    ...malformed,
  },
  {
    name: 'the place before the first of a list',
    signed: status((_, { ledgers }) => statusAt(ledgers.ours, LIST, -1)),
    ...malformed,
  },
  {
    name: 'the first place of a list, written as minus zero',
    signed: status((_, { ledgers }) => ({ ...statusAt(ledgers.ours, 5n, 0), statusListIndex: -0 })),
    ...valid,
  },
  {
    name: 'a place with a leading zero',
    signed: status((it, { ledgers }) => ({ ...it, id: `${ledgers.ours}#status-${LIST}-0${it.statusListIndex}` })),
    ...malformed,
  },
  { name: 'the last list', signed: status((_, { ledgers }) => statusAt(ledgers.ours, LAST_LIST, 3)), ...valid },
  {
    name: 'the list after the last',
    signed: status((_, { ledgers }) => statusAt(ledgers.ours, LAST_LIST + 1n, 3)),
    ...malformed,
  },
  { name: 'a list before the first', signed: status((_, { ledgers }) => statusAt(ledgers.ours, -1n, 3)), ...malformed },
  {
    name: 'a list with a leading zero',
    signed: status((it, { ledgers }) => ({ ...it, id: `${ledgers.ours}#status-0${LIST}-${it.statusListIndex}` })),
    ...malformed,
  },
  {
    name: 'a list that is a word',
    signed: status((it, { ledgers }) => ({ ...it, id: `${ledgers.ours}#status-constructor-${it.statusListIndex}` })),
    ...malformed,
  },
  {
    name: 'a status on a ledger in upper case is on the same ledger',
    signed: status((it) => ({
      ...it,
      id: String(it.id).replace(/0x[0-9a-f]{40}/, (hex) => `0x${hex.slice(2).toUpperCase()}`),
    })),
    ...valid,
  },
  { name: 'a status with something behind it', signed: status((it) => ({ ...it, id: `${it.id}-7` })), ...malformed },
  {
    name: 'a status with a line break behind it',
    signed: status((it) => ({ ...it, id: `${it.id}%0A` })),
    ...malformed,
  },
  {
    name: 'a status in a web list of the issuer’s',
    signed: status((it) => ({ ...it, id: `https://maker.example/status/1#${it.statusListIndex}` })),
    ...malformed,
  },
  {
    name: "a status on the attacker's ledger",
    signed: status((it, { ledgers }) => ({ ...it, id: String(it.id).replace(ledgers.ours, ledgers.theirs) })),
    ...otherLedger,
  },
  {
    name: "a status on the attacker's ledger, which the evidence names",
    signed: status((it, { ledgers }) => ({ ...it, id: String(it.id).replace(ledgers.ours, ledgers.theirs) })),
    shown: evidence((it, world) => ({ ...it, ledger: `eip155:31337:${world.theirs.address}` })),
    verdict: 'indeterminate',
    codes: withoutFacts('facts-other-ledger'),
  },
  {
    name: 'a status at the same address on another chain',
    signed: status((it) => ({ ...it, id: String(it.id).replace(':31337:', ':1:') })),
    ...otherLedger,
  },
  {
    name: "a published list of the rival's is not asked",
    signed: status((it) => ({ ...it, statusListCredential: 'https://rival.example/status/1' })),
    ...valid,
  },
];

const SCANNED: readonly Attack[] = [
  { name: "the model's passport for one of its items", of: 'model', verdict: 'valid', codes: ['subject.wider'] },
  {
    name: "a production batch's passport for an item of it",
    of: 'production batch',
    shown: scanned(`${MODEL}/10/LOT7/21/A7K2`),
    verdict: 'valid',
    codes: ['subject.wider'],
  },
  {
    name: "a production batch's passport for an item of which no batch is known",
    of: 'production batch',
    verdict: 'invalid',
    codes: ['subject.other'],
  },
  {
    name: "a production batch's passport for an item of another",
    of: 'production batch',
    shown: scanned(`${MODEL}/10/LOT8/21/A7K2`),
    verdict: 'invalid',
    codes: ['subject.other'],
  },
  { name: "an item's passport for its model", shown: scanned(MODEL), verdict: 'invalid', codes: ['subject.other'] },
  { name: "the rival's passport", of: 'of the rival', verdict: 'invalid', codes: ['subject.other'] },
];

export const STANDING = { KEYS, NAMES, ISSUERS, SUBJECT_GRANT, STATUS, SCANNED };
