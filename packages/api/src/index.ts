/**
 * The service: takes in signed credentials, anchors them, and answers for them over HTTP. It holds no rule of the domain (those are the
 * core's), no key of any issuer, and nothing that could not be rebuilt but its promises. It refuses at the door what the ledger or a
 * verifier would refuse later.
 */

export { type Database, openDatabase } from './database.ts';
export type { BatcherStep } from './errands.ts';
export { type DatabaseReport, examineDatabase, type SchemaAge } from './examine.ts';
export type { HealthReport } from './health.ts';
export { clientBehind, connectionAddress, type Limits, type Rate } from './limits.ts';
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
} from './log.ts';
export type { Answer, ReceiptStatus, SignedAnswer } from './receipts.ts';
export { type Served, type ServeOptions, serve } from './serve.ts';
export { createService, type Service, type ServiceOptions } from './service.ts';
