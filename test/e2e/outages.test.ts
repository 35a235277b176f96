/**
 * Real engines that go away under load and come back: PostgreSQL and Kubo killed, geth stopped (killed, it forgets its chain). Run where
 * the engines are installed, which those of the environment show; these are of the test's own.
 */
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { UnavailableError } from '@dpp-ledger/core';
import type { PassportInput } from '@dpp-ledger/core/passport';
import { type IssuedItem, verify } from '@dpp-ledger/sdk';
import type { LedgerReader } from '@dpp-ledger/sdk/ledger';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Geth, startGeth } from '../../scripts/engines/geth.ts';
import { type Kubo, startKubo } from '../../scripts/engines/kubo.ts';
import { type Postgres, startPostgres } from '../../scripts/engines/postgres.ts';
import { createMaker, GTIN, type Maker, PATIENT } from './maker.ts';
import { createPlace, ENGINES_OF_ENVIRONMENT, type Place } from './place.ts';

vi.setConfig({ testTimeout: 300_000, hookTimeout: 180_000 });

const { postgres, kubo, geth } = ENGINES_OF_ENVIRONMENT;
const areInstalled = postgres !== undefined && kubo !== undefined && geth !== undefined;

if (!areInstalled) it.skip('engines that go away: not run, the environment names none', () => undefined);
else {
  describe('a service on PostgreSQL, Kubo and geth', () => {
    let folder: string;
    let engines: { database: Postgres; store: Kubo; chain: Geth };
    let place: Place;
    let ledger: LedgerReader;
    let maker: Maker;
    let total = 0;

    beforeAll(async () => {
      folder = await mkdtemp(join(tmpdir(), 'dpp-outages-'));
      // PostgreSQL may run as another user, and has to get to its own folder.
      await chmod(folder, 0o711);
      engines = {
        database: await startPostgres(join(folder, 'postgres')),
        store: await startKubo(join(folder, 'kubo')),
        chain: await startGeth(join(folder, 'geth')),
      };
      place = await createPlace({
        postgres: engines.database.url,
        kubo: engines.store.url,
        gateway: engines.store.gateway,
        geth: engines.chain.url,
      });
      await place.start();
      ledger = await place.connect();
      maker = await createMaker(place, ledger);
    });
    afterAll(async () => {
      await place?.close();
      for (const engine of Object.values(engines ?? {})) await engine.stop();
      await rm(folder, { recursive: true, force: true });
    });

    /** As an issuer would: the same run again, until everything has its receipt. */
    async function issueThrough(inputs: readonly PassportInput[], onBegin: () => void): Promise<IssuedItem[]> {
      for (;;) {
        try {
          return await maker.issue(inputs, { onBegin });
        } catch (error) {
          if (!(error instanceof UnavailableError)) throw error;
          await delay(200);
        }
      }
    }

    it.each([
      [
        'the database was killed',
        'database',
        () => engines.database.kill(),
        async () => {
          engines = { ...engines, database: await startPostgres(join(folder, 'postgres')) };
        },
      ],
      [
        'the store was killed',
        'store',
        () => engines.store.kill(),
        async () => {
          engines = { ...engines, store: await startKubo(join(folder, 'kubo')) };
        },
      ],
      [
        'the chain’s node was away',
        'chain',
        () => engines.chain.stop(),
        async () => {
          engines = { ...engines, chain: await startGeth(join(folder, 'geth')) };
        },
      ],
    ] as const)('loses nothing and anchors nothing twice where %s under load', async (_, name, end, begin) => {
      const inputs = maker.makeDevices(400);
      const { promise: begun, resolve: onBegin } = Promise.withResolvers<void>();
      const issuing = issueThrough(inputs, onBegin);
      // Its failure is awaited below.
      issuing.catch(() => undefined);
      await begun;
      await end();
      await vi.waitFor(async () => {
        const health = (await (await fetch(`${place.url}/healthz`)).json()) as {
          checks: Record<string, { ok: boolean }>;
        };
        expect(health.checks[name]?.ok).toBe(false);
      }, PATIENT);
      await begin();
      const issued = await issuing;
      expect(issued).toHaveLength(400);
      expect(issued.filter(({ receipt }) => receipt.state === 'refused')).toEqual([]);
      const receipts = await maker.untilFinal(issued);
      expect(new Set(receipts.map(({ state }) => state))).toEqual(new Set(['final']));
      total += 400;

      const last = inputs.at(-1)?.serial;
      const { report } = await verify({ uri: `${place.url}/01/${GTIN}/21/${last}` }, { ledger, source: place.client });
      expect(report).toMatchObject({ verdict: 'valid', cid: issued.at(-1)?.cid });
      const outcome = await place.run(0, 'replay', '--depth', 'credentials', '--gateways', place.gateway, '--json');
      // As many as were issued: none lost, none anchored twice.
      expect(outcome.json()[0]).toMatchObject({ meets: true, faults: 0, opened: { credentials: total } });
    });
  });
}
