/**
 * Reads events, facility records and identity anchors (UNTP 0.7.0) into what a page or a report shows, whoever issued them. Total, as
 * `readPassport` is: what is missing or of another shape is `undefined`. Attestations, on which claims stand, are read strictly elsewhere.
 */
import { type Credential, credentialSubjects } from '../credential/credential.ts';
import { isCountry } from './fields.ts';
import { type Bag, bagOf, bagsOf, numberOf, textOf } from './values.ts';

/** Something or somebody that a credential names. */
export interface NamedThing {
  readonly id: string | undefined;
  readonly name: string | undefined;
}

export interface ProductQuantity extends NamedThing {
  /** Whether it came in, went out, was moved or was changed. */
  readonly part: 'input' | 'output' | 'moved' | 'modified';
  readonly quantity: number | undefined;
  readonly unit: string | undefined;
  readonly disposition: string | undefined;
}

export interface EventView {
  readonly id: string;
  readonly kind: 'make' | 'move' | 'modify' | undefined;
  readonly name: string | undefined;
  /** Date, time and zone, as the event has it. */
  readonly date: string | undefined;
  readonly activity: string | undefined;
  readonly products: readonly ProductQuantity[];
  /** Where it was made or changed; of a move, from where. */
  readonly facility: NamedThing | undefined;
  readonly toFacility: NamedThing | undefined;
  readonly parties: readonly (NamedThing & { readonly role: string | undefined })[];
}

const EVENT_KINDS = { MakeEvent: 'make', MoveEvent: 'move', ModifyEvent: 'modify' } as const;
const PARTS = {
  inputProduct: 'input',
  outputProduct: 'output',
  movedProduct: 'moved',
  modifiedProduct: 'modified',
} as const;

/** The events of an event credential, in its order. */
export function readEvents(credential: Credential): readonly EventView[] {
  return credentialSubjects(credential).map((subject) => {
    const event: Bag = subject;
    const kind = Object.entries(EVENT_KINDS).find(([type]) => subject.type?.includes(type))?.[1];
    const products = Object.entries(PARTS).flatMap(([term, part]) =>
      // Of products that are moved or changed UNTP has lists, older documents single ones.
      (Array.isArray(event[term]) ? bagsOf(event[term]) : [bagOf(event[term])]).flatMap((item) =>
        Object.keys(item).length === 0 ? [] : [readQuantity(item, part)],
      ),
    );
    return {
      id: subject.id,
      kind,
      name: textOf(event.name),
      date: textOf(event.eventDate),
      activity: textOf(bagOf(event.activityType).name),
      products,
      facility: readThing(event.madeAtFacility ?? event.fromFacility ?? event.modifiedAtFacility),
      toFacility: readThing(event.toFacility),
      parties: bagsOf(event.relatedParty).map(({ role, party }) => ({
        id: textOf(bagOf(party).id),
        name: textOf(bagOf(party).name),
        role: textOf(role),
      })),
    };
  });
}

function readQuantity(item: Bag, part: ProductQuantity['part']): ProductQuantity {
  const { value, unit } = bagOf(item.quantity);
  const { id, name } = bagOf(item.product);
  return {
    id: textOf(id),
    name: textOf(name),
    part,
    quantity: numberOf(value),
    unit: textOf(unit),
    disposition: textOf(item.disposition),
  };
}

export interface FacilityView {
  readonly id: string;
  readonly name: string | undefined;
  readonly description: string | undefined;
  /** ISO 3166-1 alpha-2. */
  readonly country: string | undefined;
  readonly locality: string | undefined;
  readonly registeredId: string | undefined;
  readonly processes: readonly string[];
  readonly parties: readonly (NamedThing & { readonly role: string | undefined })[];
}

export function readFacility(credential: Credential): FacilityView {
  const facility: Bag = bagOf(credentialSubjects(credential)[0]);
  const address = bagOf(facility.address);
  const country =
    textOf(bagOf(facility.countryOfOperation).countryCode) ?? textOf(bagOf(address.addressCountry).countryCode);
  return {
    id: textOf(facility.id) ?? '',
    name: textOf(facility.name),
    description: textOf(facility.description),
    country: country !== undefined && isCountry(country) ? country : undefined,
    locality: textOf(address.addressLocality),
    registeredId: textOf(facility.registeredId),
    processes: bagsOf(facility.processCategory).flatMap(({ name }) => textOf(name) ?? []),
    parties: bagsOf(facility.relatedParty).map(({ role, party }) => ({
      id: textOf(bagOf(party).id),
      name: textOf(bagOf(party).name),
      role: textOf(role),
    })),
  };
}

export interface IdentityAnchorView {
  /** Whom the register knows: usually a DID. */
  readonly id: string;
  readonly registeredName: string | undefined;
  readonly registeredId: string | undefined;
  /** Day. */
  readonly registeredDate: string | undefined;
  /** "business", "facility", "product", "land", "trademark". */
  readonly registerType: string | undefined;
  readonly scheme: NamedThing | undefined;
  readonly registrar: NamedThing | undefined;
}

export function readIdentityAnchor(credential: Credential): IdentityAnchorView {
  const identity: Bag = bagOf(credentialSubjects(credential)[0]);
  return {
    id: textOf(identity.id) ?? '',
    registeredName: textOf(identity.registeredName),
    registeredId: textOf(identity.registeredId),
    registeredDate: textOf(identity.registeredDate),
    registerType: textOf(identity.registerType),
    scheme: readThing(identity.idScheme),
    registrar: readThing(identity.registrar),
  };
}

function readThing(value: unknown): NamedThing | undefined {
  const id = textOf(bagOf(value).id);
  const name = textOf(bagOf(value).name);
  return id === undefined && name === undefined ? undefined : { id, name };
}
