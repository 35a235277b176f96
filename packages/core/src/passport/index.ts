/**
 * Passports: what a maker or a data publisher knows of a device, as a plain input, as a UNTP 0.7.0 credential and read back, and the
 * links of its label. This folder owns every mapping between them. It refuses what the standard lets pass and a reader would stumble
 * over, and never takes missing for zero.
 */
export {
  ASSESSOR_LEVELS,
  type Assessment,
  type Attestation,
  type AttestationInput,
  attestationInput,
  attestedSubjects,
  buildAttestation,
  canonicalName,
  parseAttestation,
  parseAttestationInput,
} from './attestation.ts';
export * from './claims.ts';
export { type Column, templateHeaders } from './columns.ts';
export { CATEGORIES, isCountry, type Source } from './fields.ts';
export * from './gs1.ts';
export { type PassportInput, passportInput } from './input.ts';
export * from './linkset.ts';
export { type LotClaim, lotClaims, sumClaims } from './lots.ts';
export { type KeptBack, type Mapping, parseMapping } from './mapping.ts';
export { buildPassport, inputSubject, type PassportOptions } from './passport.ts';
export {
  type EventView,
  type FacilityView,
  type IdentityAnchorView,
  type NamedThing,
  type ProductQuantity,
  readEvents,
  readFacility,
  readIdentityAnchor,
} from './records.ts';
export * from './recycled-content.ts';
export { parseRow, type Row, type RowOptions, type SeenSubjects } from './row.ts';
export { checkPassportInput, formatColumn, type InputIssue, parsePassportInput } from './rules.ts';
export { CATEGORY_NAMES, formatCriterion, formatMetric, UNDISCLOSED_COUNTRY, UNDISCLOSED_FACILITY } from './terms.ts';
export { type Figure, formatMeasure } from './values.ts';
export { type OtherClaim, type PassportView, readPassport } from './view.ts';
