/** A pack, judged by `verify`: the same checks, with facts that the pack proves. */
import { InvalidInputError } from '../errors.ts';
import type { Report } from '../report.ts';
import { createUpstreamReader, presentUnreadable, readPresented } from '../verify/presented.ts';
import { type Expected, type VerifyOptions, verifyPresented } from '../verify/verify.ts';
import { type ByteSource, openPack, type Pack } from './pack.ts';
import { createStateProof } from './state-proof.ts';

export interface VerifyPackOptions extends Pick<VerifyOptions, 'policy' | 'now'> {
  /** Of every passport in it. */
  readonly expected?: Expected | undefined;
}

/**
 * A report for each passport, in the pack's order, in memory that does not grow with their bytes. Total: what cannot be read ends it with
 * a report that says so. Errors: those of the source alone.
 */
export async function* verifyPack(source: ByteSource, options: VerifyPackOptions): AsyncGenerator<Report> {
  try {
    yield* verifyOpened(await openPack(source), options);
  } catch (error) {
    if (!(error instanceof InvalidInputError)) throw error;
    yield await verifyPresented(presentUnreadable(error.message), { ...options, facts: undefined });
  }
}

async function* verifyOpened(pack: Pack, options: VerifyPackOptions): AsyncGenerator<Report> {
  const facts = createStateProof(pack);
  const reader = createUpstreamReader();
  let isProved = true;
  for await (const evidence of pack.readEvidence()) {
    const report = await verifyPresented(readPresented(evidence, reader), { ...options, facts });
    isProved &&= report.asOf !== undefined;
    yield report;
  }
  // Where a proof failed, what stands behind it was not looked at.
  const unused = isProved ? facts.countUnused() : 0;
  if (unused > 0) {
    throw new InvalidInputError('evidence.pack', `This is not a pack: ${unused} of its trie nodes prove nothing.`);
  }
}
