/** Replays a ledger and prints how much memory the process took at most: run by bench.ts as a process of its own. */
import { replay } from '@dpp-ledger/sdk';
import { connectLedger } from '@dpp-ledger/sdk/ledger';

const [url = '', pin = '{}'] = process.argv.slice(2);
const ledger = await connectLedger({ url, pin: JSON.parse(pin) });
const { entries, broken } = await replay({ ledger });
if (broken !== undefined) throw new Error(`the journal broke at entry ${broken.entry}`);
console.log(JSON.stringify({ entries, mib: Math.round(process.resourceUsage().maxRSS / 1024) }));
