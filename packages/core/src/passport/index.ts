/**
 * Passports: what a maker or a data publisher knows of a device, as a plain input, as a UNTP 0.7.0 credential and read back, and the
 * links of its label. This folder owns every mapping between them. It refuses what the standard lets pass and a reader would stumble
 * over, and never takes missing for zero.
 */
export * from './gs1.ts';
export * from './input.ts';
