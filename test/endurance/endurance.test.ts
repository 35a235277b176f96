/** The short form of the campaign that `pnpm endure` runs at length; on PostgreSQL too where DPP_TEST_POSTGRES names a server. */
import { describe, expect, it } from 'vitest';
import { isSound } from './audit.ts';
import { runCampaign, STEPS } from './campaign.ts';
import { runFaults } from './faults.ts';

/** A limit that ends what hangs: a life takes about a second, and ten times as long on a busy machine. */
const PATIENT = 900_000;
const seed = Date.now() % 1_000_000;
const server = process.env.DPP_TEST_POSTGRES;

describe.each([
  { database: 'the embedded database', postgresql: undefined, isThere: true },
  { database: 'PostgreSQL', postgresql: server, isThere: server !== undefined },
])('on $database', ({ postgresql, isThere }) => {
  it.skipIf(!isThere)(
    'loses nothing and anchors nothing twice, killed after every step and at random',
    async () => {
      const result = await runCampaign({ kills: 16, seed, postgresql });
      expect(isSound(result), JSON.stringify(result)).toBe(true);
      for (const step of STEPS) expect(result.kills[step]).toBeGreaterThan(0);
      expect(result.anchored).toBe(result.posted);
    },
    PATIENT,
  );

  it.skipIf(!isThere)(
    'goes on by itself, and keeps every promise once, whichever engine fails and comes back',
    async () => {
      const result = await runFaults({ seed, postgresql });
      expect(isSound(result), JSON.stringify(result)).toBe(true);
      expect(Object.values(result.faults).filter((survived) => survived !== 0)).toHaveLength(10);
      expect(result.anchored).toBe(result.posted);
    },
    PATIENT,
  );
});
