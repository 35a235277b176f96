/**
 * Events: what happened to lots and products, as UNTP traceability events. This folder owns how an act on a lot is told in a
 * credential, which lots and masses a credential names, and the way to and from GS1 EPCIS 2.0. It refuses what could be read in two ways.
 */
export { type Vocabulary, vocabularyUri } from './cbv.ts';
export { canonicalEpc } from './epc.ts';
export {
  buildEpcisDocument,
  buildEpcisQueryDocument,
  EPCIS_CONTEXT,
  type EpcisDocument,
  isEpcisEvent,
  MOST_EVENTS,
  OUR_CONTEXT,
  parseEpcisDocument,
  STANDING,
} from './epcis.ts';
export { buildEvent, type EventOptions } from './event.ts';
export { type EpcisObject, type HashOptions, hashEpcisEvent, prehashEpcisEvent } from './event-hash.ts';
export { type EventInput, type EventLot, eventInput } from './input.ts';
export { eventFromEpcis, eventToEpcis, type UntpEvent } from './mapping.ts';
export { type EventMasses, namesWhatWasDone, readEventMasses } from './masses.ts';
