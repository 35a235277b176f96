/**
 * The core: passports, journal, evidence and verification. It owns every rule of the domain and does no input or output: no network,
 * disk, clock or environment. It refuses what it cannot read, and never takes missing for zero or unknown for valid.
 */
export * from './bytes.ts';
export * from './errors.ts';
export * from './ids.ts';
export * from './json.ts';
export * from './report.ts';
export * from './shape.ts';
