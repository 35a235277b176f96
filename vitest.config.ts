import { defineConfig } from 'vitest/config';

/** A limit that ends what hangs: a busy machine of two cores may take ten times as long as an idle one. */
const PATIENT = { testTimeout: 120_000, hookTimeout: 120_000 };

export default defineConfig({
  test: {
    projects: [
      { test: { name: 'unit', include: ['packages/*/test/**/*.test.ts'], ...PATIENT } },
      { test: { name: 'conformance', include: ['test/conformance/**/*.test.ts'], ...PATIENT } },
      { test: { name: 'judges', include: ['test/judges/**/*.test.ts'], ...PATIENT } },
      { test: { name: 'adversarial', include: ['test/adversarial/**/*.test.ts'], ...PATIENT } },
      { test: { name: 'endurance', include: ['test/endurance/**/*.test.ts'], ...PATIENT } },
      { test: { name: 'end to end', include: ['test/e2e/**/*.test.ts'], ...PATIENT } },
    ],
  },
});
