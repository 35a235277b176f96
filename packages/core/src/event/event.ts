/** Builds an event: UNTP 0.7.0 `DigitalTraceabilityEvent` about lots. Deterministic: the same input gives the same document. */
import { encodeHex, sha256 } from '../bytes.ts';
import { CONTEXT_URL } from '../credential/context.ts';
import { type Credential, parseCredential, UNTP_CONTEXT, UNTP_TYPES } from '../credential/credential.ts';
import { buildStatus, formatLedger } from '../credential/status.ts';
import { hashUuidUrn } from '../credential/uuid.ts';
import { VCDM_CONTEXT } from '../credential/vcdm.ts';
import type { IssuerId, LedgerId } from '../ids.ts';
import { canonicalizeJson } from '../json.ts';
import { formatLot } from '../materials/lot.ts';
import { parseShape } from '../shape.ts';
import { BIZ_STEP_SCHEME } from './cbv.ts';
import { type EventInput, type EventLot, eventInput } from './input.ts';

export interface EventOptions {
  readonly issuer: { readonly id: IssuerId; readonly name: string };
  readonly ledger: LedgerId;
  /** Place in a status list of the issuer on that ledger. */
  readonly status: { readonly list: bigint; readonly index: number };
  /** Where the published view of the list will be. */
  readonly statusListCredential: string;
  /** Date, time and zone. */
  readonly validFrom: string;
}

type Json = { readonly [key: string]: unknown };

/** UNTP's dispositions. */
type Disposition = 'new' | 'consumed' | 'inTransit' | 'active';

const text = new TextEncoder();

/**
 * Builds the event credential of an input, unsigned. Its ids are UUIDv5 of the issuer and of what it says, so that saying the same again
 * can be noticed. Errors: `event.input`; the message names the fields.
 */
export function buildEvent(input: EventInput, options: EventOptions): Credential {
  const { issuer, ledger, status, statusListCredential, validFrom } = options;
  const parsed = parseShape(eventInput, input, 'event', 'event.input');
  const event = buildSubject(parsed, options);
  const name = `${issuer.id}\n${encodeHex(sha256(text.encode(canonicalizeJson(event))))}`;
  return parseCredential({
    '@context': [VCDM_CONTEXT, UNTP_CONTEXT, CONTEXT_URL],
    type: [UNTP_TYPES.event, 'VerifiableCredential'],
    id: hashUuidUrn('eventCredential', name),
    issuer: { type: ['CredentialIssuer'], id: issuer.id, name: issuer.name },
    validFrom,
    name: `Event: ${parsed.name}`,
    credentialStatus: buildStatus({ ledger: formatLedger(ledger), ...status, statusListCredential }),
    credentialSubject: [{ ...event, id: hashUuidUrn('event', name) }],
  });
}

function buildSubject(input: EventInput, { issuer, ledger }: EventOptions): Json {
  const chain = formatLedger(ledger);
  const named = (disposition: Disposition) => (lot: EventLot) => buildLot(lot, chain, disposition);
  const common = { name: input.name, ...optional('description', input.description), eventDate: input.date };
  switch (input.kind) {
    case 'register': {
      const isRecycled = input.outputs.some(({ origin }) => origin.endsWith('Recycled'));
      return {
        ...makeEvent(common, input.at),
        inputProduct: [],
        outputProduct: input.outputs.map(named('new')),
        relatedParty: [partyRole(isRecycled ? 'recycler' : 'producer', issuer)],
      };
    }
    case 'transform':
      return {
        ...makeEvent(common, input.at),
        materialProcess: input.process,
        inputProduct: input.inputs.map(named('consumed')),
        outputProduct: input.outputs.map(named('new')),
        relatedParty: [partyRole('processor', issuer)],
      };
    case 'allocation':
      return {
        ...makeEvent(common, input.at),
        inputProduct: input.inputs.map(named('consumed')),
        outputProduct: input.products.map(({ id, name, granularity, units }) => ({
          product: { type: ['Product'], id, name, idGranularity: granularity },
          ...optional('quantity', units === undefined ? undefined : { value: units, unit: 'C62' }),
          disposition: 'new',
        })),
        relatedParty: [partyRole('manufacturer', issuer)],
      };
    case 'transfer': {
      const isOffer = input.step === 'offered';
      const [sender, receiver] = isOffer ? [issuer, input.counterparty] : [input.counterparty, issuer];
      const isOnTheWay = isOffer && input.from.id !== input.to.id;
      return {
        type: ['MoveEvent', 'LifecycleEvent'],
        ...common,
        activityType: isOffer ? activity('shipping', 'Shipping') : activity('accepting', 'Accepting'),
        movedProduct: input.moved.map(named(isOnTheWay ? 'inTransit' : 'active')),
        fromFacility: buildFacility(input.from),
        toFacility: buildFacility(input.to),
        relatedParty: [partyRole('consignor', sender), partyRole('consignee', receiver)],
      };
    }
  }
}

type Facility = Extract<EventInput, { readonly kind: 'register' }>['at'];

function makeEvent(common: Json, at: Facility): Json {
  return {
    type: ['MakeEvent', 'LifecycleEvent'],
    ...common,
    activityType: activity('commissioning', 'Commissioning'),
    madeAtFacility: buildFacility(at),
  };
}

function activity(code: string, name: string): Json {
  return { code, name, schemeId: BIZ_STEP_SCHEME, schemeName: 'GS1 CBV Business Step' };
}

function buildFacility({ id, name, country }: Facility): Json {
  const countryOfOperation = country === undefined ? undefined : { countryCode: country };
  return { type: ['Facility'], id, name, ...optional('countryOfOperation', countryOfOperation) };
}

function partyRole(role: string, party: { readonly id: string; readonly name: string }): Json {
  return { role, party: { type: ['Party'], id: party.id, name: party.name } };
}

function buildLot(lot: EventLot, ledger: string, disposition: Disposition): Json {
  const uri = formatLot(ledger, lot.lot);
  return {
    product: {
      type: ['Product'],
      id: uri,
      name: lot.name,
      idGranularity: 'batch',
      ...optional('batchNumber', lot.label),
      lot: uri,
      ...optional('substanceCode', lot.substance),
      ...optional('originClass', lot.origin),
      ...optional('chainOfCustodyModel', lot.custody),
    },
    quantity: { value: Number(lot.milligrams), unit: 'MGM' },
    disposition,
  };
}

function optional(term: string, value: unknown): Json {
  return value === undefined ? {} : { [term]: value };
}
