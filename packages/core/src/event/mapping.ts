/**
 * Between UNTP traceability events and EPCIS 2.0. Object and transformation events map both ways without loss: each side says in its own
 * fields what both know, and carries what the other has no field for, so that there and back is the same. Events of other types
 * (aggregation, association, transaction) stay EPCIS.
 */
import { NAMESPACE } from '../credential/context.ts';
import type { SubjectId } from '../ids.ts';
import { subjectLevel } from '../passport/gs1.ts';
import { UNDISCLOSED_FACILITY } from '../passport/terms.ts';
import { type Bag, bagOf, bagsOf, numberOf, textOf } from '../passport/values.ts';
import { BIZ_STEP_SCHEME, BIZ_STEPS } from './cbv.ts';
import { canonicalEpc } from './epc.ts';
import { PREFIX } from './epcis.ts';
import type { EpcisObject } from './event-hash.ts';

/** A UNTP event, as it stands in a credential's subject. */
export type UntpEvent = { readonly [term: string]: unknown };

/** In an EPCIS event: what UNTP says beyond it. */
const UNTP_EXTENSION = `${PREFIX}:traceabilityEvent`;
/** In a UNTP event: what EPCIS says beyond or otherwise, whole fields. */
const EPCIS_TERM = 'epcisFields';

/**
 * The EPCIS event of a UNTP event. Members that are `null`, which JSON-LD does not know, are left out. What UNTP says of products, places
 * and parties beyond their ids stands in one prefixed extension.
 */
export function eventToEpcis(untp: UntpEvent): EpcisObject {
  const { [EPCIS_TERM]: foreign, ...rest } = untp;
  const said = bagOf(withoutNull(rest));
  const event = writeEpcis(said);
  const beyond = difference(said, readUntp(event));
  const mapped = beyond === undefined ? event : { ...event, [UNTP_EXTENSION]: prefixed(beyond) };
  const { set, without } = bagOf(foreign);
  const kept = Object.entries({ ...mapped, ...bagOf(set) }).filter(
    ([name]) => !(Array.isArray(without) && without.includes(name)),
  );
  return Object.fromEntries(kept);
}

/** The UNTP event of an EPCIS object or transformation event that has an id; `undefined` for any other. */
export function eventFromEpcis(event: EpcisObject): UntpEvent | undefined {
  if ((event.type !== 'ObjectEvent' && event.type !== 'TransformationEvent') || textOf(event.eventID) === undefined) {
    return undefined;
  }
  const read = readUntp(event);
  const said = bagOf(changed(read, unprefixed(event[UNTP_EXTENSION])));
  const mapped = eventToEpcis(said);
  const set = Object.fromEntries(Object.entries(event).filter(([name, value]) => !isSame(value, own(mapped, name))));
  const without = Object.keys(mapped).filter((name) => !Object.hasOwn(event, name));
  const foreign = { ...(isEmpty(set) ? {} : { set }), ...(without.length === 0 ? {} : { without }) };
  return isEmpty(foreign) ? said : { ...said, [EPCIS_TERM]: foreign };
}

// ------------------------------------------------------------------------------------------------- what both of them say

/** UNTP's dispositions: those of CBV, and URIs of our own for what CBV does not have. */
const DISPOSITIONS = new Map([
  ['inTransit', 'in_transit'],
  ...['active', 'recalled', 'expired', 'disposed'].map((word): [string, string] => [word, word]),
  ...['new', 'consumed', 'repaired', 'recycled'].map((word): [string, string] => [
    word,
    `${NAMESPACE}disposition/${word}`,
  ]),
]);
const UNTP_DISPOSITIONS = new Map([...DISPOSITIONS].map(([untp, epcis]) => [epcis, untp]));

/** A change of title is between these roles; the words are EPCIS's for the same. */
const PARTIES = [
  { list: 'sourceList', field: 'source', role: 'consignor' },
  { list: 'destinationList', field: 'destination', role: 'consignee' },
] as const;

/** Steps at the end of a way: what happens there is read there. */
const AT_THE_END: ReadonlySet<unknown> = new Set(['accepting', 'arriving', 'receiving', 'unloading']);

function writeEpcis(untp: UntpEvent): EpcisObject {
  const types = Array.isArray(untp.type) ? untp.type : [];
  const when = textOf(untp.eventDate) ?? '';
  const bizStep = wordOfActivity(untp.activityType);
  const event: Record<string, unknown> = {
    type: 'ObjectEvent',
    eventID: untp.id,
    eventTime: when,
    eventTimeZoneOffset: /[+-]\d\d:\d\d$/.exec(when)?.[0] ?? '+00:00',
  };
  if (types.includes('MakeEvent')) {
    const inputs = bagsOf(untp.inputProduct);
    if (inputs.length === 0) {
      event.action = 'ADD';
      writeProducts(event, untp.outputProduct, ['epcList', 'quantityList']);
      event.epcList ??= event.quantityList === undefined ? [] : undefined;
    } else {
      event.type = 'TransformationEvent';
      writeProducts(event, inputs, ['inputEPCList', 'inputQuantityList']);
      writeProducts(event, untp.outputProduct, ['outputEPCList', 'outputQuantityList']);
      // EPCIS wants an output, or a name under which one may follow.
      if (bagsOf(untp.outputProduct).length === 0) event.transformationID = untp.id;
    }
    event.disposition = dispositionOf(untp.outputProduct);
    event.readPoint = placeOf(untp.madeAtFacility);
    event.bizLocation = event.readPoint;
  } else if (types.includes('MoveEvent')) {
    event.action = 'OBSERVE';
    writeProducts(event, untp.movedProduct, ['epcList', 'quantityList']);
    event.epcList ??= event.quantityList === undefined ? [] : undefined;
    event.disposition = dispositionOf(untp.movedProduct);
    const [from, to] = [placeOf(untp.fromFacility), placeOf(untp.toFacility)];
    event.readPoint = AT_THE_END.has(bizStep) ? to : from;
    if (AT_THE_END.has(bizStep)) event.bizLocation = to;
    if (from !== undefined) event.sourceList = [{ type: 'location', source: from.id }];
    if (to !== undefined) event.destinationList = [{ type: 'location', destination: to.id }];
  } else {
    event.action = 'OBSERVE';
    writeProducts(event, untp.modifiedProduct, ['epcList', 'quantityList']);
    event.epcList ??= event.quantityList === undefined ? [] : undefined;
    event.disposition = dispositionOf(untp.modifiedProduct);
    event.readPoint = placeOf(untp.modifiedAtFacility);
    event.bizLocation = event.readPoint;
  }
  event.bizStep = bizStep;
  for (const { list, field, role } of PARTIES) {
    const ids = bagsOf(untp.relatedParty).flatMap((one) =>
      one.role === role ? (textOf(bagOf(one.party).id) ?? []) : [],
    );
    const owners = ids.map((id) => ({ type: 'owning_party', [field]: id }));
    if (owners.length > 0) event[list] = [...bagsOf(event[list]), ...owners];
  }
  return withoutUndefined(event);
}

function readUntp(event: EpcisObject): UntpEvent {
  const common = {
    id: event.eventID,
    name: nameOf(event),
    eventDate: event.eventTime,
    activityType: activityOf(textOf(event.bizStep)),
    relatedParty: readParties(event),
  };
  const disposition = UNTP_DISPOSITIONS.get(textOf(event.disposition) ?? '');
  if (event.type === 'TransformationEvent') {
    return withoutUndefined({
      type: ['MakeEvent', 'LifecycleEvent'],
      ...common,
      inputProduct: readProducts(event.inputEPCList, event.inputQuantityList, 'consumed'),
      outputProduct: readProducts(event.outputEPCList, event.outputQuantityList, disposition),
      madeAtFacility: facilityOf(event.readPoint),
    });
  }
  const products = readProducts(event.epcList, event.quantityList, disposition);
  if (event.action === 'ADD') {
    return withoutUndefined({
      type: ['MakeEvent', 'LifecycleEvent'],
      ...common,
      inputProduct: [],
      outputProduct: products,
      madeAtFacility: facilityOf(event.readPoint),
    });
  }
  const from = locationOf(event.sourceList, 'source');
  const to = locationOf(event.destinationList, 'destination');
  if (event.action === 'OBSERVE' && (from !== undefined || to !== undefined)) {
    return withoutUndefined({
      type: ['MoveEvent', 'LifecycleEvent'],
      ...common,
      movedProduct: products,
      fromFacility: facilityOf(from),
      toFacility: facilityOf(to),
    });
  }
  return withoutUndefined({
    type: ['ModifyEvent', 'LifecycleEvent'],
    ...common,
    modifiedProduct: products,
    modifiedAtFacility: facilityOf(event.readPoint),
  });
}

// ------------------------------------------------------------------------------------------------------------- products

/** Items go to a list of ids, whatever is counted or weighed to one of quantities. */
function writeProducts(
  event: Record<string, unknown>,
  products: unknown,
  [items, amounts]: readonly [string, string],
): void {
  const all = bagsOf(products);
  const isItem = ({ product, quantity }: Bag) => bagOf(product).idGranularity === 'item' && quantity === undefined;
  const ids = [...new Set(all.filter(isItem).map(({ product }) => bagOf(product).id))];
  const quantities = all
    .filter((one) => !isItem(one))
    .map(({ product, quantity }) => {
      const { value, unit } = bagOf(quantity);
      return withoutUndefined({ epcClass: bagOf(product).id, quantity: numberOf(value), uom: uomOf(unit) });
    });
  if (ids.length > 0) event[items] = ids;
  if (quantities.length > 0) event[amounts] = quantities;
}

/** Without a unit a quantity is a count (UN/CEFACT C62). */
function uomOf(unit: unknown): string | undefined {
  return typeof unit === 'string' && unit !== 'C62' && /^[A-Z0-9]{2,3}$/.test(unit) ? unit : undefined;
}

function readProducts(items: unknown, amounts: unknown, disposition: string | undefined): Bag[] {
  const ids = Array.isArray(items) ? items.filter((id) => typeof id === 'string') : [];
  const read = (id: string, level: string, quantity?: Bag) =>
    withoutUndefined({
      product: { type: ['Product'], id, name: id, idGranularity: level, ...(isLot(id) ? { lot: id } : {}) },
      quantity,
      disposition,
    });
  return [
    ...ids.map((id) => read(id, 'item')),
    ...bagsOf(amounts).map(({ epcClass, quantity, uom }) => {
      const id = textOf(epcClass) ?? '';
      const amount = numberOf(quantity);
      return read(id, levelOf(id), amount === undefined ? undefined : { value: amount, unit: textOf(uom) ?? 'C62' });
    }),
  ];
}

function levelOf(epcClass: string): string {
  if (epcClass.startsWith('urn:epc:idpat:')) return 'model';
  return subjectLevel(canonicalEpc(epcClass) as SubjectId) ?? 'batch';
}

function isLot(id: string): boolean {
  return /^eip155:.+#lot-[0-9a-f]{64}$/.test(id);
}

/** EPCIS says one for all. */
function dispositionOf(products: unknown): string | undefined {
  const all = new Set(bagsOf(products).map(({ disposition }) => disposition));
  return all.size === 1 ? DISPOSITIONS.get(textOf([...all][0]) ?? '') : undefined;
}

// -------------------------------------------------------------------------------------------------- places and activities

/** UNTP needs a facility: the one that nobody disclosed is no place in EPCIS, which needs none. */
function placeOf(facility: unknown): { readonly id: string } | undefined {
  const id = textOf(bagOf(facility).id);
  return id === undefined || id === UNDISCLOSED_FACILITY ? undefined : { id };
}

function facilityOf(place: unknown): Bag {
  const id = textOf(bagOf(place).id);
  if (id === undefined) return { type: ['Facility'], id: UNDISCLOSED_FACILITY, name: 'Not disclosed' };
  return { type: ['Facility'], id, name: id };
}

function locationOf(list: unknown, field: 'source' | 'destination'): { readonly id: string } | undefined {
  const id = textOf(bagsOf(list).find(({ type }) => type === 'location')?.[field]);
  return id === undefined ? undefined : { id };
}

function readParties(event: EpcisObject): Bag[] | undefined {
  const roles = PARTIES.flatMap(({ list, field, role }) =>
    bagsOf(event[list])
      .filter(({ type }) => type === 'owning_party')
      .map((one) => ({ role, party: { type: ['Party'], id: one[field], name: one[field] } })),
  );
  return roles.length === 0 ? undefined : roles;
}

const STEPS: ReadonlySet<unknown> = new Set(BIZ_STEPS);

function wordOfActivity(activity: unknown): string | undefined {
  const { code, schemeId } = bagOf(activity);
  if (schemeId === BIZ_STEP_SCHEME) return STEPS.has(code) ? textOf(code) : undefined;
  return schemeId === OTHER_STEPS ? textOf(code) : undefined;
}

const OTHER_STEPS = `${NAMESPACE}bizStep`;

/** UNTP needs an activity: where EPCIS names no step it is "other". */
function activityOf(bizStep = 'other'): Bag {
  if (!STEPS.has(bizStep)) {
    return { code: bizStep, name: bizStep, schemeId: OTHER_STEPS, schemeName: 'Business step outside GS1 CBV' };
  }
  const name = bizStep.charAt(0).toUpperCase() + bizStep.slice(1).replaceAll('_', ' ');
  return { code: bizStep, name, schemeId: BIZ_STEP_SCHEME, schemeName: 'GS1 CBV Business Step' };
}

function nameOf(event: EpcisObject): string {
  const { name } = activityOf(textOf(event.bizStep));
  return `EPCIS ${event.type}: ${name}`;
}

// ------------------------------------------------------------------------------------------ what one says beyond the other

/**
 * What makes `base` into `wanted`: members that differ, in depth; `null` for one that is dropped; lists of the same length item by item.
 * `undefined`: nothing.
 */
function difference(wanted: unknown, base: unknown): unknown {
  if (isSame(wanted, base)) return undefined;
  if (Array.isArray(wanted)) {
    if (!Array.isArray(base) || base.length !== wanted.length) return wanted;
    return wanted.map((item, i) => (isObject(item) && isObject(base[i]) ? (difference(item, base[i]) ?? {}) : item));
  }
  if (!isObject(wanted) || !isObject(base)) return wanted;
  const changes = new Map<string, unknown>();
  for (const name of Object.keys(base)) if (!Object.hasOwn(wanted, name)) changes.set(name, null);
  for (const [name, value] of Object.entries(wanted)) {
    const change = difference(value, own(base, name));
    if (change !== undefined) changes.set(name, change);
  }
  return Object.fromEntries(changes);
}

/** The inverse: `changed(base, difference(wanted, base))` is `wanted`, where neither has `null`. */
function changed(base: unknown, change: unknown): unknown {
  if (change === undefined) return base;
  if (Array.isArray(change)) {
    if (!Array.isArray(base) || base.length !== change.length) return change;
    return change.map((item, i) => (isObject(item) && isObject(base[i]) ? changed(base[i], item) : item));
  }
  if (!isObject(change) || !isObject(base)) return change;
  const result = new Map(Object.entries(base));
  for (const [name, value] of Object.entries(change)) {
    if (value === null) result.delete(name);
    else result.set(name, changed(own(base, name), value));
  }
  return Object.fromEntries(result);
}

/** Every name under our prefix, so that JSON-LD knows whose it is. */
function prefixed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(prefixed);
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([name, inner]) => [`${PREFIX}:${name}`, prefixed(inner)]));
}

function unprefixed(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(unprefixed);
  if (!isObject(value)) return value;
  const start = `${PREFIX}:`.length;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => name.startsWith(`${PREFIX}:`))
      .map(([name, inner]) => [name.slice(start), unprefixed(inner)]),
  );
}

function isSame(a: unknown, b: unknown): boolean {
  if (Array.isArray(a)) return Array.isArray(b) && a.length === b.length && a.every((item, i) => isSame(item, b[i]));
  if (!isObject(a) || !isObject(b)) return Object.is(a, b);
  const names = Object.keys(a);
  return (
    names.length === Object.keys(b).length && names.every((name) => Object.hasOwn(b, name) && isSame(a[name], b[name]))
  );
}

/** Names come from documents, and none is inherited. */
function own(bag: Bag, name: string): unknown {
  return Object.hasOwn(bag, name) ? bag[name] : undefined;
}

function isObject(value: unknown): value is Bag {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function isEmpty(bag: Bag): boolean {
  return Object.keys(bag).length === 0;
}

function withoutUndefined(bag: Bag): Bag {
  return Object.fromEntries(Object.entries(bag).filter(([, value]) => value !== undefined));
}

function withoutNull(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutNull);
  if (!isObject(value)) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([, inner]) => inner !== null)
      .map(([name, inner]) => [name, withoutNull(inner)]),
  );
}
