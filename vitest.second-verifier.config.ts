import { defineConfig } from 'vitest/config';

/** What needs Python 3.11 or newer on the machine. */
export default defineConfig({
  test: { include: ['test/second-verifier/**/*.test.ts'], testTimeout: 600_000, hookTimeout: 600_000 },
});
