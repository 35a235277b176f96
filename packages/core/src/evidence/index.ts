/**
 * Evidence of one credential, the facts and the policy that it is judged by, and the batches that it comes from. Everything that
 * arrives from outside is parsed here; what does not have the one accepted shape is refused.
 */
export * from './batch.ts';
export * from './evidence.ts';
export * from './facts.ts';
export * from './manifest.ts';
export * from './policy.ts';
