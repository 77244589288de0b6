import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    // Tests are hermetic: no shared state, no network, no clock. Two cores are enough.
    maxWorkers: 2,
    testTimeout: 30_000,
    env: { NO_COLOR: '1' },
  },
});
