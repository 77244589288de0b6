import type { RunHeader } from '../../src/result/schema.js';

/** Header of a run over two conversations of which nothing was scored yet. */
export function runHeader(change: Partial<RunHeader> = {}): RunHeader {
  return {
    schema_version: 1,
    status: 'success',
    run: '2026-03-01T090507Z_energy-vad_tiny_abcdef',
    spec: {
      model: { name: 'energy-vad', options: {}, input_sample_rate_hz: 16_000, code_sha256: null, weights: [] },
      dataset: { name: 'tiny', version: '1.0.0', revision: '0123456789ab', ids: ['1', '2'] },
      threshold: 0.5,
      sweep_thresholds: null,
      scorer_version: 1,
      gold_version: 1,
      seed: 1,
    },
    spec_sha256: 'abcdef'.padEnd(64, '0'),
    environment: {
      turnbench: '0.1.0',
      node: '22.0.0',
      onnxruntime: null,
      os: 'linux 6 x64',
      cpu: { model: 'a processor', cores: 2 },
      memory_gb: 8,
      git: null,
      argv: ['eval'],
    },
    started_at: '2026-03-01T09:05:07.123Z',
    finished_at: '2026-03-01T09:05:09.000Z',
    operating_threshold: 0.5,
    timing: { compute_s: 0.3, wall_s: 1.9, rtf: 0.0025, deployed: null },
    totals: null,
    sweep: null,
    operating_points: null,
    failures: [],
    warnings: [],
    ...change,
  };
}
