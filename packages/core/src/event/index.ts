/**
 * Events: what happened to lots and products, as UNTP traceability events. This folder owns how an act on a lot is told in a
 * credential, which lots and masses a credential names, and the way to and from GS1 EPCIS 2.0. It refuses what could be read in two ways.
 */
export { buildEvent, type EventOptions } from './event.ts';
export { type EventInput, type EventLot, eventInput } from './input.ts';
export { type EventMasses, readEventMasses } from './masses.ts';
