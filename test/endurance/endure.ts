/**
 * The long form of the endurance campaign: `pnpm endure --kills 500 --seed 1`, on the embedded database or, with
 * `--database postgresql`, on the server that DPP_TEST_POSTGRES names; after the kills the faults of each engine, unless `--no-faults`,
 * with the store on the Kubo that KUBO_RPC names where `--store kubo` says so.
 * Prints its counts; ends with 1 if anything was lost, late or there twice.
 */
import { parseArgs } from 'node:util';
import { type Findings, isSound } from './audit.ts';
import { runCampaign } from './campaign.ts';
import { runFaults } from './faults.ts';

const { values } = parseArgs({
  allowNegative: true,
  options: {
    kills: { type: 'string', default: '500' },
    seed: { type: 'string', default: '1' },
    database: { type: 'string', default: 'pglite' },
    faults: { type: 'boolean', default: true },
    store: { type: 'string', default: 'files' },
    json: { type: 'boolean', default: false },
  },
});
const postgresql = values.database === 'postgresql' ? process.env.DPP_TEST_POSTGRES : undefined;
if (values.database === 'postgresql' && postgresql === undefined) {
  console.error('Set DPP_TEST_POSTGRES to a server on which databases may be created.');
  process.exit(2);
}
const kubo = values.store === 'kubo' ? process.env.KUBO_RPC : undefined;
if (values.store === 'kubo' && kubo === undefined) {
  console.error("Set KUBO_RPC to the URL of a Kubo's RPC.");
  process.exit(2);
}
const seed = Number(values.seed);
const results: [string, Findings][] = [];
if (Number(values.kills) > 0) {
  const onProgress = ({ kills, acknowledged }: { readonly kills: number; readonly acknowledged: number }) => {
    if (kills % 25 === 0) console.error(`${kills} kills, ${acknowledged} credentials acknowledged`);
  };
  results.push(['kills', await runCampaign({ kills: Number(values.kills), seed, postgresql, onProgress })]);
}
if (values.faults) {
  results.push(['faults', await runFaults({ seed, postgresql, kubo, onProgress: (fault) => console.error(fault) })]);
}
for (const [name, result] of results) {
  if (values.json) console.log(JSON.stringify({ campaign: name, ...result }));
  else for (const [key, value] of Object.entries(result)) console.log(key.padEnd(14), JSON.stringify(value));
}
const isGood = results.every(([, result]) => isSound(result));
console.error(isGood ? 'Nothing was lost, nothing is there twice.' : 'THE CAMPAIGN FOUND SOMETHING.');
process.exit(isGood ? 0 : 1);
