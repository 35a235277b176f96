/** A laptop that does not exist, of which as much is said as to make a signed passport of 4 kB. */
export const LAPTOP = {
  granularity: 'item',
  gtin: '09521234000013',
  name: 'Bench 14',
  modelNumber: 'B14',
  category: 'laptop',
  manufacturer: { name: 'Bench Maker' },
  countryOfProduction: 'GB',
  massKg: 1.42,
  carbon: {
    totalKgCO2e: 231,
    lifetimeYears: 5,
    reportDate: '2026-05',
    source: { url: 'https://maker.example/pcf' },
  },
  materials: [{ name: 'Cobalt', cas: '7440-48-4', massG: 12, country: 'CD', recycledPercent: 90 }],
};
