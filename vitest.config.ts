import { defineConfig } from 'vitest/config';

// CI reads the counts from a file; a person reads the terminal.
const json = process.env['VITEST_JSON'];

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    reporters: json === undefined ? ['default'] : ['default', ['json', { outputFile: json }]],
    // Tests are hermetic: no shared state, no network, no clock. Two cores are enough.
    maxWorkers: 2,
    testTimeout: 30_000,
    env: { NO_COLOR: '1' },
  },
});
