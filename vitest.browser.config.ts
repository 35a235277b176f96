import { defineConfig } from 'vitest/config';

/** What needs a browser on the machine: `DPP_CHROMIUM` names it. Continuous integration installs one. */
export default defineConfig({
  test: { include: ['test/browser/**/*.test.ts'], testTimeout: 120_000, hookTimeout: 180_000 },
});
