/**
 * Pages for people, rendered on the server: they show what a reader found and decide nothing. They need no JavaScript, load nothing from
 * other hosts, and refuse to turn other people's text into markup or links that run.
 */
export { createPages, type Pages, type PagesOptions } from './app.ts';
export { describeActor, describeEntry, namePurposes } from './entries.ts';
export { decodeLabel, type LabelOptions, labelPng, labelSvg, labelTerminal, labelText } from './label.ts';
export { type AuditPageOptions, auditPage } from './pages/audit.ts';
export { paths } from './paths.ts';
export type * from './reader.ts';
export { nameNode, traceSvg } from './sankey.ts';
export { CUSTODY_WORDS, ORIGIN_WORDS } from './words.ts';
