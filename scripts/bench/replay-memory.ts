/**
 * Replays a ledger and prints how much memory that took at most: what was alive after a collection of garbage, looked at on the way, and
 * what the system gave the process. Run by bench.ts as a process of its own, with --expose-gc.
 */
import { replay } from '@dpp-ledger/sdk';
import { connectLedger } from '@dpp-ledger/sdk/ledger';

const [url = '', pin = '{}'] = process.argv.slice(2);
const LOOK_EVERY = 10_000;
let live = 0;
let lookAt = 0;

const ledger = await connectLedger({ url, pin: JSON.parse(pin) });
const { entries, broken } = await replay({
  ledger,
  onProgress: ({ step, done }) => {
    if (step !== 'entries') return;
    if (done >= lookAt) look();
    lookAt = Math.max(lookAt, done + LOOK_EVERY);
  },
});
if (broken !== undefined) throw new Error(`the journal broke at entry ${broken.entry}`);
look();
const MIB = 2 ** 20;
console.log(JSON.stringify({ entries, live: live / MIB, resident: process.resourceUsage().maxRSS / 1024 }));

function look(): void {
  globalThis.gc?.();
  const { heapUsed, external } = process.memoryUsage();
  live = Math.max(live, heapUsed + external);
}
