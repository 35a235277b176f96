/** What an examination can find: every code with how grave it is and why it matters. docs/operations.md prints the table. */

export type FindingState = 'ok' | 'warning' | 'wrong' | 'unknown';

export const FINDING_CODES = {
  'node.old': ['wrong', 'The program runs TypeScript as it is, which older versions of Node cannot.'],
  'settings.writable': [
    'wrong',
    'Whoever can write the configuration can point this machine at another ledger or service.',
  ],
  'key.readable': ['wrong', 'Whoever can read a key can act in its owner’s name, and the commands refuse to use it.'],
  'key.unusable': ['wrong', 'Nothing can be signed with it.'],
  'data.readable': ['wrong', 'The data folder holds the service’s key, and of an embedded stack the chain’s accounts.'],
  'data.unwritable': ['wrong', 'The service keeps its key and its address there, and embedded engines all they have.'],
  'disk.low': ['warning', 'Embedded engines, and a PostgreSQL or Kubo on the same disk, stop when it is full.'],
  'port.unusable': ['wrong', 'The service cannot listen there.'],
  'chain.notSet': ['unknown', 'Without an endpoint of one’s own nothing can be verified, replayed or anchored.'],
  'chain.unreachable': ['wrong', 'Nothing can be anchored, and no verdict is more than indeterminate.'],
  'chain.other': ['wrong', 'What is anchored on another chain is not on the ledger that others trust.'],
  'chain.otherGenesis': [
    'wrong',
    'Two chains with one id are two chains: the ledger that is pinned is not on this one.',
  ],
  'chain.syncing': ['warning', 'A node that is catching up answers for a past that others have left behind.'],
  'chain.finality': ['warning', 'On a chain that can reorganise, what was just called final may vanish.'],
  'endpoints.noQuorum': [
    'wrong',
    'Where too few endpoints agree nothing is known, and no verdict is more than indeterminate.',
  ],
  'endpoints.differ': [
    'wrong',
    'An endpoint that says otherwise than the others lies, is broken, or follows another fork.',
  ],
  'endpoints.behind': ['warning', 'An endpoint that lags is no help in agreeing on what is newest.'],
  'endpoints.unreachable': ['warning', 'With one endpoint fewer, fewer can fail before nothing is known any more.'],
  'contract.absent': ['wrong', 'There is no ledger to read or to write.'],
  'contract.otherCode': ['wrong', 'Another contract may answer anything: its word is worth nothing.'],
  'clock.behindChain': [
    'wrong',
    'Facts from the future cannot be judged for freshness, and promises are dated wrongly.',
  ],
  'clock.differs': ['wrong', 'Receipts, rate limits and freshness are judged by clocks that must agree.'],
  'chain.still': ['warning', 'Facts grow old while no block is made, and nothing can be anchored.'],
  'ledger.paused': ['warning', 'New anchors are stopped by the admin: what is accepted waits, and promises may break.'],
  'ledger.closed': ['wrong', 'A closed ledger takes nothing more. What is on it can be verified for ever.'],
  'issuer.unknown': ['wrong', 'The ledger takes nothing from an issuer that is not accredited.'],
  'issuer.ended': ['wrong', 'What is signed now would not be valid.'],
  'account.unusable': ['wrong', 'Nothing can be anchored without an account that pays.'],
  'account.empty': ['wrong', 'Every anchor costs gas: accepted credentials wait until the account has money.'],
  'account.low': ['warning', 'When the account is empty, accepted credentials wait and promises break.'],
  'submitter.missing': ['warning', 'The service takes in credentials only of issuers that let its account anchor.'],
  'store.unreachable': ['wrong', 'Nothing is anchored before its bytes are stored, so accepted credentials wait.'],
  'store.unpinned': [
    'wrong',
    'A store that does not keep what it was given loses passports: the ledger has their digests, not their bytes.',
  ],
  'database.unreachable': ['wrong', 'The service can neither accept nor answer.'],
  'database.readOnly': ['wrong', 'The service writes down every promise before it makes it.'],
  'database.older': ['warning', 'The next start of the service brings the schema up to date: back up before.'],
  'database.newer': ['wrong', 'A later release has used this database: this one must not touch what it does not know.'],
  'database.otherLedger': ['wrong', 'Promises about one ledger cannot be kept on another: the service does not start.'],
  'leader.none': ['wrong', 'Without a replica that leads, nothing is indexed or anchored.'],
  'index.behind': ['wrong', 'Answers are as old as the index, and anchors are not seen to be final.'],
  'promises.overdue': [
    'wrong',
    'A receipt is a signed promise: whoever holds one of these can prove that it was broken.',
  ],
  'service.unreachable': ['wrong', 'Nobody can issue, resolve a label or ask for evidence.'],
  'service.notSet': ['unknown', 'Issuing needs a service; verifying with one’s own node does not.'],
  'service.degraded': ['wrong', 'The service itself says so.'],
  'publicUrl.unreachable': ['wrong', 'Labels carry this URL: scanning them leads nowhere.'],
  'publicUrl.insecure': [
    'warning',
    'Without TLS anybody on the way can answer a scan; phones refuse the camera as well.',
  ],
  'publicUrl.otherService': ['wrong', 'Labels lead to a service of another ledger.'],
  'did.unresolved': ['wrong', 'Receipts and status lists are signed under a DID that nobody can look up.'],
  'did.otherKey': ['wrong', 'Receipts that this key signs cannot be checked: replicas must share one service key.'],
  'gateways.unusable': ['wrong', 'Batches cannot be opened in a replay.'],
} as const satisfies Readonly<Record<string, readonly [Exclude<FindingState, 'ok'>, string]>>;

export type FindingCode = keyof typeof FINDING_CODES;

export interface Finding {
  readonly state: FindingState;
  /** `undefined` where nothing is amiss, or a check could not look because of what another one found. */
  readonly code?: FindingCode;
  readonly found: string;
  readonly why?: string;
  /** A command, or what to do. */
  readonly mend?: string;
}

export function fine(found: string): Finding {
  return { state: 'ok', found };
}

/** Something in the way that another finding tells of. */
export function unseen(found: string): Finding {
  return { state: 'unknown', found };
}

export function amiss(code: FindingCode, found: string, mend: string): Finding {
  const [state, why] = FINDING_CODES[code];
  return { state, code, found, why, mend };
}

/** What an error says, and what lies beneath it, without the end of its sentence. */
export function reasonOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  // Of several addresses that all failed, the message is empty.
  const said = error.message || ('code' in error ? String(error.code) : error.name);
  // `fetch` says only that it failed.
  const beneath = error instanceof TypeError && error.cause !== undefined ? `: ${reasonOf(error.cause)}` : '';
  return said.replace(/\.$/, '') + beneath;
}
