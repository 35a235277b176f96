/** From errors and verdicts to exit statuses. */
import {
  DppError,
  IntegrityError,
  InvalidInputError,
  RejectedError,
  UnavailableError,
  type Verdict,
} from '@dpp-ledger/core';
import type { ExitStatus } from './command.ts';

/** For help and documentation, in their order. */
export const EXIT_STATUSES = [
  [0, 'Done; of `verify`: valid.'],
  [1, 'Refused, or the evidence disagrees; of `verify`: invalid; of `replay`: the journal does not meet the contract.'],
  [2, 'The command line, a setting or an input file cannot be used. The message says which.'],
  [3, 'Of `verify`: cannot be decided, because something is not known.'],
  [4, 'Something did not answer: the service, the chain or the store. Try again.'],
  [5, 'Done in part: some rows were kept back, or some credentials refused. Each is named with its reason.'],
  [70, 'A fault of this program. Please report it.'],
] as const;

export function exitStatusOfVerdict(verdict: Verdict): ExitStatus {
  return ({ valid: 0, invalid: 1, indeterminate: 3 } as const)[verdict];
}

/** `undefined` for what is no error of the domain: a fault of the program. */
export function exitStatusOfError(error: unknown): ExitStatus | undefined {
  if (!(error instanceof DppError)) return undefined;
  if (error instanceof InvalidInputError) return 2;
  if (error instanceof UnavailableError) return 4;
  if (error instanceof RejectedError || error instanceof IntegrityError) return 1;
  return undefined;
}
