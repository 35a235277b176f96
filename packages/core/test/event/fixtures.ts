/** One event of each kind about lots, and who issues them where. */

import { parseDid } from '../../src/credential/index.ts';
import type { EventInput, EventOptions } from '../../src/event/index.ts';
import { hashIssuer } from '../../src/ids.ts';
import { formatLot, hashLot } from '../../src/materials/index.ts';

export const REFINER = parseDid('did:web:refiner.example');
export const CATHODE_MAKER = parseDid('did:web:cathodes.example');

export const EVENT_OPTIONS: EventOptions = {
  issuer: { id: REFINER, name: 'Fictional Refiner' },
  ledger: {
    chainId: 31337,
    genesis: `0x${'11'.repeat(32)}`,
    address: `0x${'5f'.repeat(20)}`,
    codeHash: `0x${'22'.repeat(32)}`,
  },
  status: { list: 7_000_000_000_000_000_003n, index: 417 },
  statusListCredential: 'https://dpp.example/status/7',
  validFrom: '2026-01-10T00:00:00Z',
};
/** CAIP-10 of the ledger. */
export const LEDGER = `eip155:31337:0x${'5f'.repeat(20)}`;

export const lotId = (label: string) => hashLot(hashIssuer(REFINER), label);
export const lotUri = (label: string) => formatLot(LEDGER, lotId(label));

const REFINERY = { id: 'https://refiner.example/facility/1', name: 'Refinery 1', country: 'FI' };
const CATHODE_PLANT = { id: 'https://cathodes.example/plant', name: 'Cathode plant' };

export const BLACK_MASS = {
  lot: lotId('black-mass-41'),
  label: 'black-mass-41',
  milligrams: 1_000_000_000n,
  name: 'Black mass',
  substance: '7440-48-4',
  origin: 'postConsumerRecycled',
  custody: 'segregated',
} as const;

export const OFFERED = {
  lot: lotId('sulphate-57-a'),
  label: 'sulphate-57-a',
  milligrams: 400_000_000n,
  name: 'Cobalt sulphate',
} as const;

export const LAPTOPS = {
  id: 'https://id.gs1.org/01/09521234000013/10/B7',
  name: 'Laptop 14',
  granularity: 'batch',
  units: 1000,
} as const;

export const REGISTER = {
  kind: 'register',
  name: 'Recover cobalt from collected batteries',
  date: '2026-01-08T09:30:00+02:00',
  at: REFINERY,
  outputs: [BLACK_MASS],
} satisfies EventInput;

export const TRANSFORM = {
  kind: 'transform',
  name: 'Refine black mass to cobalt sulphate',
  description: 'Leached and crystallised.',
  date: '2026-01-09T14:00:00.250+02:00',
  at: REFINERY,
  process: 'hydrometallurgical refining',
  inputs: [{ lot: lotId('black-mass-41'), milligrams: 1_000_000_000n, name: 'Black mass' }],
  outputs: [
    {
      lot: lotId('sulphate-57'),
      label: 'sulphate-57',
      milligrams: 980_000_000n,
      name: 'Cobalt sulphate',
      substance: '7440-48-4',
      origin: 'postConsumerRecycled',
      custody: 'massBalance',
    },
  ],
} satisfies EventInput;

export const TRANSFER = {
  kind: 'transfer',
  step: 'offered',
  name: 'Ship cobalt sulphate',
  date: '2026-01-12T08:00:00+02:00',
  from: REFINERY,
  to: CATHODE_PLANT,
  counterparty: { id: CATHODE_MAKER, name: 'Fictional Cathode Maker' },
  moved: [OFFERED],
} satisfies EventInput;

export const ALLOCATION = {
  kind: 'allocation',
  name: 'Build 1,000 laptops',
  date: '2026-02-01T00:00:00Z',
  at: CATHODE_PLANT,
  inputs: [{ lot: lotId('sulphate-57-a'), milligrams: 12_000_000n, name: 'Cobalt sulphate' }],
  products: [LAPTOPS],
} satisfies EventInput;

export const INPUTS: readonly EventInput[] = [
  REGISTER,
  TRANSFORM,
  TRANSFER,
  { ...TRANSFER, step: 'accepted', name: 'Accept cobalt sulphate' },
  { ...TRANSFER, name: 'Sell cobalt sulphate', to: TRANSFER.from },
  ALLOCATION,
];
