/** Verification: what was presented, read; and judged by facts and a policy. */
export { type Presented, readPresented } from './presented.ts';
export { type Expected, type VerifyOptions, verify, verifyPresented } from './verify.ts';
