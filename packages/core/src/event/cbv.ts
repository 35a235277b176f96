/**
 * The Core Business Vocabulary (CBV 2.0) as EPCIS documents spell it: bare words in JSON, which stand for web URIs, and the older URNs.
 */

const CBV = 'https://ref.gs1.org/cbv/';
const GS1_VOC = 'https://gs1.org/voc/';

/** `schemeId` of an event's activity whose code is a business step. */
export const BIZ_STEP_SCHEME = `${CBV}BizStep`;

/** What each vocabulary's bare words stand for. */
export const VOCABULARIES = {
  bizStep: `${CBV}BizStep-`,
  disposition: `${CBV}Disp-`,
  bizTransactionType: `${CBV}BTT-`,
  sourceOrDestination: `${CBV}SDT-`,
  component: `${CBV}Comp-`,
  measurement: GS1_VOC,
} as const;
export type Vocabulary = keyof typeof VOCABULARIES;

/** As EPCIS 1 had them. */
const URNS = new Map([
  ['bizstep', 'BizStep-'],
  ['disp', 'Disp-'],
  ['btt', 'BTT-'],
  ['sdt', 'SDT-'],
  ['er', 'ER-'],
]);

/** A word of the vocabulary as its web URI, whether it comes as that, as a bare word or as a URN; what is no word of it as it is. */
export function vocabularyUri(text: string, vocabulary: Vocabulary): string {
  if (!text.includes(':')) return `${VOCABULARIES[vocabulary]}${text}`;
  return cbvUri(text);
}

/** A vocabulary's URN as its web URI; anything else as it is. `urn:epcglobal:cbv:bt:...` names a transaction and is none. */
export function cbvUri(text: string): string {
  const [, name = '', word = ''] = /^urn:epcglobal:cbv:([a-z]+):(.+)$/.exec(text) ?? [];
  const stem = URNS.get(name);
  return stem === undefined ? text : `${CBV}${stem}${word}`;
}

/** Bare words of each vocabulary, as the EPCIS 2.0 schema takes them. */
export const BIZ_STEPS = (
  'accepting arriving assembling collecting commissioning consigning creating_class_instance cycle_counting decommissioning departing ' +
  'destroying disassembling dispensing encoding entering_exiting holding inspecting installing killing loading other packing picking ' +
  'receiving removing repackaging repairing replacing reserving retail_selling shipping staging_outbound stock_taking stocking storing ' +
  'transporting unloading unpacking void_shipping sensor_reporting sampling'
).split(' ');
export const DISPOSITIONS = (
  'active container_closed damaged destroyed dispensed disposed encoded expired in_progress in_transit inactive no_pedigree_match ' +
  'non_sellable_other partially_dispensed recalled reserved retail_sold returned sellable_accessible sellable_not_accessible stolen ' +
  'unknown available completeness_verified completeness_inferred conformant container_open mismatch_instance mismatch_class ' +
  'mismatch_quantity needs_replacement non_conformant unavailable'
).split(' ');
export const BIZ_TRANSACTION_TYPES =
  'bol cert desadv inv pedigree po poc prodorder recadv rma testprd testres upevt'.split(' ');
export const SOURCE_DESTINATION_TYPES = ['owning_party', 'possessing_party', 'location'];
export const ERROR_REASONS = ['did_not_occur', 'incorrect_data'];
export const COMPONENTS =
  'x y z axial_distance azimuth height spherical_radius polar_angle elevation_angle easting northing latitude longitude altitude'.split(
    ' ',
  );
export const SENSOR_ALERTS = ['ALARM_CONDITION', 'ERROR_CONDITION'];
export const MEASUREMENTS = (
  'AbsoluteHumidity AbsorbedDose AbsorbedDoseRate Acceleration Radioactivity Altitude AmountOfSubstance AmountOfSubstancePerUnitVolume ' +
  'Angle AngularAcceleration AngularMomentum AngularVelocity Area Capacitance Conductance Conductivity Count Density Dimensionless ' +
  'DoseEquivalent DoseEquivalentRate DynamicViscosity ElectricCharge ElectricCurrent ElectricCurrentDensity ElectricFieldStrength Energy ' +
  'Exposure Force Frequency Illuminance Inductance Irradiance KinematicViscosity Length LinearMomentum Luminance LuminousFlux ' +
  'LuminousIntensity MagneticFlux MagneticFluxDensity MagneticVectorPotential Mass MassConcentration MassFlowRate MassPerAreaTime ' +
  'MemoryCapacity MolalityOfSolute MolarEnergy MolarMass MolarVolume Power Pressure RadiantFlux RadiantIntensity RelativeHumidity ' +
  'Resistance Resistivity SolidAngle SpecificVolume Speed SurfaceDensity SurfaceTension Temperature Time Torque Voltage Volume ' +
  'VolumeFlowRate VolumeFraction VolumetricFlux Wavenumber'
).split(' ');
