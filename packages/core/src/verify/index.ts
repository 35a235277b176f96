/** Verification: what was presented, read; and judged by facts and a policy. */
export { createUpstreamReader, type Presented, readPresented, type UpstreamReader } from './presented.ts';
export { checkInPlace, type Expected, type InPlace, type VerifyOptions, verify, verifyPresented } from './verify.ts';
