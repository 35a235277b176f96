/**
 * The long form of the endurance campaign: `pnpm endure --kills 500 --seed 1`, on the embedded database or, with
 * `--database postgresql`, on the server that DPP_TEST_POSTGRES names. Prints its counts; ends with 1 if anything was lost, late or
 * there twice.
 */
import { parseArgs } from 'node:util';
import { isSound } from './audit.ts';
import { runCampaign } from './campaign.ts';

const { values } = parseArgs({
  options: {
    kills: { type: 'string', default: '500' },
    seed: { type: 'string', default: '1' },
    database: { type: 'string', default: 'pglite' },
    json: { type: 'boolean', default: false },
  },
});
const postgresql = values.database === 'postgresql' ? process.env.DPP_TEST_POSTGRES : undefined;
if (values.database === 'postgresql' && postgresql === undefined) {
  console.error('Set DPP_TEST_POSTGRES to a server on which databases may be created.');
  process.exit(2);
}
const result = await runCampaign({
  kills: Number(values.kills),
  seed: Number(values.seed),
  postgresql,
  onProgress: ({ kills, acknowledged }) => {
    if (kills % 25 === 0) console.error(`${kills} kills, ${acknowledged} credentials acknowledged`);
  },
});
if (values.json) console.log(JSON.stringify(result));
else for (const [name, value] of Object.entries(result)) console.log(name.padEnd(14), JSON.stringify(value));
console.error(isSound(result) ? 'Nothing was lost, nothing is there twice.' : 'THE CAMPAIGN FOUND SOMETHING.');
process.exit(isSound(result) ? 0 : 1);
