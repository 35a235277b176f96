/** Judges of credentials: in this thread, or on all cores (`createThreadJudge` of `./node`). */
import type { LedgerId } from '@dpp-ledger/core';
import { createCredentialJudge, type Judgement } from '@dpp-ledger/core/audit';
import { decodeEntry, type JournalSnapshot, restoreJournalFold } from '@dpp-ledger/core/journal';

export interface Judge {
  /** Credentials of one batch, given their anchor's bytes, in their order. */
  judge(credentials: readonly Uint8Array[], anchor: Uint8Array): Promise<readonly Judgement[]>;
  close(): Promise<void>;
}

/** What a judge is made from: all that the journal folds to, as plain JSON. */
export interface JudgeTerms {
  readonly ledger: LedgerId;
  readonly snapshot: JournalSnapshot;
}

/** In this thread; signatures on the platform's, where it has some. */
export async function createLocalJudge({ ledger, snapshot }: JudgeTerms): Promise<Judge> {
  const { state } = restoreJournalFold(snapshot, { ledger });
  const judge = createCredentialJudge({ state, ledger });
  return {
    async judge(credentials, anchorBytes) {
      const anchor = decodeEntry(anchorBytes);
      if (anchor.kind !== 'anchored') throw new TypeError('a batch is judged by its anchor');
      return await Promise.all(credentials.map((bytes) => judge(bytes, anchor)));
    },
    async close() {},
  };
}
