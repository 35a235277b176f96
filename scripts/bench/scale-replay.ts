/**
 * Replays a ledger in a process of its own, and prints what that took as one line of JSON: time, and the most memory that the system gave
 * the process. Arguments: the chain's endpoint, the ledger's pin, the gateway that batches are opened from, and how deep.
 */
import { replay } from '@dpp-ledger/sdk';
import { connectLedger } from '@dpp-ledger/sdk/ledger';
import { createGatewayStore } from '@dpp-ledger/sdk/store';

const [url = '', pin = '{}', gateway = '', depth = 'journal'] = process.argv.slice(2);
if (depth !== 'journal' && depth !== 'batches' && depth !== 'credentials') throw new TypeError(`no depth: ${depth}`);
const ledger = await connectLedger({ url, pin: JSON.parse(pin) });
const began = performance.now();
const source = createGatewayStore({ urls: [gateway] });
const { entries, opened, broken, faults, report } = await replay({ ledger, source, depth });
if (broken !== undefined) throw new Error(`the journal broke at entry ${broken.entry}`);
if (faults > 0) throw new Error(`${faults} things are at fault: ${JSON.stringify(report?.findings)}`);
const ms = performance.now() - began;
console.log(JSON.stringify({ depth, entries, ...opened, ms, peakMiB: process.resourceUsage().maxRSS / 1_024 }));
