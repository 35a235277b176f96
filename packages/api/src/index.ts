/**
 * The service: takes in signed credentials, anchors them, and answers for them over HTTP. It holds no rule of the domain (those are the
 * core's), no key of any issuer, and nothing that could not be rebuilt but its promises. It refuses at the door what the ledger or a
 * verifier would refuse later.
 */

export { type CompareOptions, compareIndex, type IndexComparison, type IndexDifference } from './database/compare.ts';
export { type Database, openDatabase } from './database/database.ts';
export { type DatabaseReport, examineDatabase, type SchemaAge } from './database/examine.ts';
export { clientBehind, connectionAddress, type Limits, type Rate } from './http/limits.ts';
export { type Served, type ServeOptions, serve } from './http/serve.ts';
export type { HealthReport } from './operation/health.ts';
export {
  createLog,
  createRedactor,
  LOG_LEVELS,
  type Log,
  type LogLevel,
  type LogOptions,
  redactError,
  type Secrets,
  type Trouble,
} from './operation/log.ts';
export type { BatcherStep } from './outbox/errands.ts';
export type { Answer, ReceiptStatus, SignedAnswer } from './outbox/receipts.ts';
export { createService, type Service, type ServiceOptions } from './service.ts';
