/**
 * Audits a ledger in a process of its own, and prints what that took as one line of JSON: time, and the most memory that the system gave the
 * process. Arguments: the chain's endpoint, the ledger's pin, the folder of the store, one for notes, and who judges: `local` or `threads`.
 */
import { createHash } from 'node:crypto';
import { encodeAuditReport } from '@dpp-ledger/core/audit';
import { createLocalJudge, replay } from '@dpp-ledger/sdk';
import { connectLedger } from '@dpp-ledger/sdk/ledger';
import { createFileStore, createThreadJudge, openReplayFolder } from '@dpp-ledger/sdk/node';

export interface AuditedRun {
  readonly credentials: number;
  readonly faults: number;
  readonly ms: number;
  /** Of all cores: what a busy machine does not change. */
  readonly cpuMs: number;
  readonly peakMiB: number;
  /** SHA-256 of the report. */
  readonly report: string;
}

const [url = '', pin = '{}', store = '', folder = '', how = ''] = process.argv.slice(2);
const ledger = await connectLedger({ url, pin: JSON.parse(pin) });
const source = await createFileStore({ folder: store });
const notes = await openReplayFolder(folder);
const began = performance.now();
const createJudge = how === 'threads' ? createThreadJudge : createLocalJudge;
const { opened, broken, faults, report } = await replay({ ledger, source, notes, depth: 'credentials', createJudge });
if (broken !== undefined || report === undefined) throw new Error(`the journal broke at entry ${broken?.entry}`);
const { user, system } = process.cpuUsage();
const run: AuditedRun = {
  ...{ credentials: opened.credentials, faults, ms: performance.now() - began, cpuMs: (user + system) / 1_000 },
  peakMiB: process.resourceUsage().maxRSS / 1_024,
  report: createHash('sha256').update(encodeAuditReport(report)).digest('hex'),
};
console.log(JSON.stringify(run));
await notes.close();
await source.close();
