/** The short form of the campaign that `pnpm endure` runs at length. */
import { expect, it } from 'vitest';
import { isSound } from './audit.ts';
import { runCampaign, STEPS } from './campaign.ts';

/** A limit that ends what hangs: a life takes about a second, and ten times as long on a busy machine. */
const PATIENT = 600_000;

it(
  'loses nothing and anchors nothing twice, killed after every step and at random',
  async () => {
    const result = await runCampaign({ kills: 24, seed: Date.now() % 1_000_000 });
    expect(isSound(result), JSON.stringify(result)).toBe(true);
    for (const step of STEPS) expect(result.kills[step]).toBeGreaterThan(0);
    expect(result.anchored).toBe(result.posted);
  },
  PATIENT,
);
