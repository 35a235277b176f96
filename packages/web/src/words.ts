/** How pages say things: times, numbers, names of codes. British English, UTC, and never a number where nothing was published. */
import {
  formatAge as formatPastAge,
  InvalidInputError,
  type Outcome,
  type SubjectId,
  type Verdict,
} from '@dpp-ledger/core';
import type { EntryKind } from '@dpp-ledger/core/journal';
import type { CustodyModel, Origin } from '@dpp-ledger/core/materials';
import { type ContentKind, type DigitalLink, parseDigitalLink, type Standing } from '@dpp-ledger/core/passport';

const DATE_TIME = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'long',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  timeZone: 'UTC',
});
const SHORT_TIME = new Intl.DateTimeFormat('en-GB', {
  day: 'numeric',
  month: 'short',
  year: 'numeric',
  hour: '2-digit',
  minute: '2-digit',
  timeZone: 'UTC',
});
const DATE = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', year: 'numeric', timeZone: 'UTC' });
const MONTH = new Intl.DateTimeFormat('en-GB', { month: 'long', year: 'numeric', timeZone: 'UTC' });
const NUMBER = new Intl.NumberFormat('en-GB', { maximumFractionDigits: 3 });

/** "24 November 2026 at 09:10 UTC". */
export function formatTime(seconds: number): string {
  return `${DATE_TIME.format(new Date(seconds * 1000))} UTC`;
}

/** "24 Nov 2026, 09:10 UTC", for tables. */
export function formatShortTime(seconds: number): string {
  return `${SHORT_TIME.format(new Date(seconds * 1000))} UTC`;
}

/** "24 November 2026", "November 2026" or "2026", as exact as the text was; text that is no date is given back. */
export function formatDate(text: string): string {
  const match = /^(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?/.exec(text);
  const date = new Date(text.slice(0, 10));
  if (match === null || Number.isNaN(date.getTime())) return text;
  if (match[3] !== undefined) return DATE.format(date);
  return match[2] !== undefined ? MONTH.format(date) : (match[1] ?? text);
}

/** "just now", "3 minutes ago", "2 days ago"; a block's clock may run ahead of ours. */
export function formatAge(seconds: number): string {
  if (seconds < -5) return `${plural(Math.round(-seconds), 'second')} ahead of this server’s clock`;
  return formatPastAge(seconds);
}

const MASS_UNITS = [
  { unit: 't', milligrams: 1e9 },
  { unit: 'kg', milligrams: 1e6 },
  { unit: 'g', milligrams: 1e3 },
  { unit: 'mg', milligrams: 1 },
] as const;

/** "12 g", "1.5 t": in the largest unit of which there is one, to three decimals. */
export function formatMass(milligrams: bigint): string {
  const amount = Number(milligrams);
  const { unit, milligrams: size } = MASS_UNITS.find((one) => amount >= one.milligrams) ?? MASS_UNITS[3];
  return `${formatNumber(amount / size)} ${unit}`;
}

/** EN 45557, in words. */
export const ORIGIN_WORDS: Readonly<Record<Origin, string>> = {
  primary: 'primary',
  preConsumerRecycled: 'recycled before use',
  postConsumerRecycled: 'recycled after use',
  renewable: 'renewable',
};

/** ISO 22095, in words. */
export const CUSTODY_WORDS: Readonly<Record<CustodyModel, string>> = {
  identityPreserved: 'identity preserved',
  segregated: 'segregated',
  controlledBlending: 'controlled blending',
  massBalance: 'mass balance',
  bookAndClaim: 'book and claim',
};

export const STANDING_WORDS: Readonly<Record<Standing, string>> = {
  attested: 'Attested',
  contradicted: 'Contradicted',
  expired: 'Attestation expired',
  selfDeclared: 'Self-declared',
  restated: 'Restated',
  unknown: 'Not known',
};

export const CONTENT_WORDS: Readonly<Record<ContentKind, string>> = {
  recycled: 'recycled',
  preConsumer: 'recycled before use',
  postConsumer: 'recycled after use',
  renewable: 'renewable',
};

export function formatNumber(value: number): string {
  return NUMBER.format(value);
}

/** "1 batch", "3 batches", "1,000 entries". */
export function plural(count: number, noun: string): string {
  if (count === 1) return `1 ${noun}`;
  if (/[^aeiou]y$/.test(noun)) return `${formatNumber(count)} ${noun.slice(0, -1)}ies`;
  return `${formatNumber(count)} ${noun}${noun.endsWith('ch') ? 'es' : 's'}`;
}

/** "0x1234abcd…9f": enough to compare by eye; pages give the whole beside it. */
export function shorten(text: string): string {
  return text.length > 24 ? `${text.slice(0, 12)}…${text.slice(-6)}` : text;
}

/** `countryOfProduction` -> "country of production". */
export function spellOut(name: string): string {
  return name.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
}

export const VERDICT_WORDS: Readonly<Record<Verdict, { readonly word: string; readonly sign: string }>> = {
  valid: { word: 'Valid', sign: '✓' },
  invalid: { word: 'Not valid', sign: '✗' },
  indeterminate: { word: 'Cannot be decided', sign: '?' },
};

export const OUTCOME_WORDS: Readonly<Record<Outcome, { readonly word: string; readonly sign: string }>> = {
  valid: { word: 'Passed', sign: '✓' },
  invalid: { word: 'Failed', sign: '✗' },
  unknown: { word: 'Unknown', sign: '?' },
  notApplicable: { word: 'Does not apply', sign: '–' },
};

export const REASON_WORDS = {
  error: 'an error in it',
  recall: 'a recall',
  keyCompromise: 'a compromised key',
  withdrawn: 'the issuer took it back',
  byAuthority: 'a decision of the accreditor',
} as const;

/** What an entry of that kind is about. */
export const ENTRY_WORDS: Readonly<Record<EntryKind, string>> = {
  opened: 'Ledger opened',
  roleGranted: 'Role granted',
  roleRevoked: 'Role taken back',
  adminTransferBegun: 'New admin proposed',
  adminTransferCancelled: 'New admin called off',
  adminDelayChangeBegun: 'Admin delay changed',
  adminDelayChangeCancelled: 'Admin delay kept',
  paused: 'Anchoring stopped',
  unpaused: 'Anchoring resumed',
  closed: 'Ledger closed',
  accredited: 'Issuer accredited',
  suspended: 'Issuer suspended',
  reinstated: 'Issuer reinstated',
  withdrawn: 'Accreditation withdrawn',
  rolesAssigned: 'Roles assigned',
  prefixGranted: 'Prefix granted',
  prefixTakenBack: 'Prefix taken back',
  controllerProposed: 'Controller proposed',
  controllerChanged: 'Controller changed',
  submitterAppointed: 'Submitter appointed',
  submitterDismissed: 'Submitter dismissed',
  keyAdded: 'Key added',
  keyRetired: 'Key retired',
  keyCompromised: 'Key compromised',
  anchored: 'Batch anchored',
  statusSet: 'Status set',
  lotRegistered: 'Lot registered',
  lotSplit: 'Lot split',
  transferOffered: 'Transfer offered',
  transferAccepted: 'Transfer accepted',
  transferRefused: 'Transfer refused',
  transferWithdrawn: 'Transfer taken back',
  transformed: 'Lots transformed',
  lotRetired: 'Material retired',
  lotLost: 'Loss written off',
  lotVoided: 'Lot voided',
};

const COUNTRIES = new Intl.DisplayNames('en-GB', { type: 'region', fallback: 'code' });

/** "China (CN)". */
export function formatCountry(code: string): string {
  if (!/^[A-Z]{2}$/.test(code)) return code;
  const name = COUNTRIES.of(code);
  return name === undefined || name === code ? code : `${name} (${code})`;
}

/** Where a device is used: "Worldwide", "European Union", "Germany"; what is no such code is given back. */
export function formatRegion(code: string): string {
  if (code === 'WW') return 'Worldwide';
  return /^[A-Z]{2}$/.test(code) ? (COUNTRIES.of(code) ?? code) : code;
}

/** What tells a subject from others of the same name: "Serial A7K2", "GTIN 09521234000013". */
export function nameSubject(subject: SubjectId): string {
  const { gtin, batch, serial } = readNumbers(subject);
  if (serial !== undefined) return `Serial ${serial}`;
  if (batch !== undefined) return `Production batch ${batch}`;
  return gtin === undefined ? subject : `GTIN ${gtin}`;
}

/** A list shows what was anchored, whatever it is: a number with a wrong check digit must not take the page down. */
function readNumbers(subject: SubjectId): Partial<DigitalLink> {
  try {
    return parseDigitalLink(subject);
  } catch (error) {
    if (error instanceof InvalidInputError) return {};
    throw error;
  }
}

export const GRANULARITY_WORDS = {
  item: 'one item',
  batch: 'a production batch',
  model: 'a model',
} as const;

/** Names as people read them, in the report's order. */
export const CHECK_WORDS = [
  {
    check: 'content',
    name: 'Content',
    asks: 'Are these the very bytes that the address names, in their one spelling?',
    at: 'the bytes',
  },
  { check: 'schema', name: 'Form', asks: 'Is it a W3C credential of a kind that UNTP defines?', at: 'the bytes' },
  {
    check: 'subject',
    name: 'Subject',
    asks: 'Does it speak of what was scanned: the item, or its production batch or model?',
    at: 'the link',
  },
  { check: 'signature', name: 'Signature', asks: 'Do the bytes carry the key’s signature?', at: 'the bytes' },
  {
    check: 'key',
    name: 'Key',
    asks: 'Was the key this issuer’s, in force and not compromised?',
    at: 'the time of anchoring',
  },
  {
    check: 'issuer',
    name: 'Issuer',
    asks: 'Was the issuer accredited, in a role for this, and allowed to speak of this subject?',
    at: 'the time of anchoring, and now',
  },
  {
    check: 'anchor',
    name: 'Anchor',
    asks: 'Is it in the batch, and the batch in the journal?',
    at: 'the facts’ block',
  },
  { check: 'status', name: 'Status', asks: 'Was it revoked or superseded?', at: 'the facts’ block' },
  { check: 'period', name: 'Period', asks: 'Has its validity begun, and not ended?', at: 'now' },
  { check: 'freshness', name: 'Freshness', asks: 'Are the facts young enough?', at: 'now' },
  {
    check: 'provenance',
    name: 'Provenance',
    asks: 'Are material claims that name a lot covered by that lot?',
    at: 'the facts’ block',
  },
] as const;
