import { describe, expect, it } from 'vitest';
import { renderBench } from '../../src/report/bench.js';
import { type BenchReport, benchSchema, type ComponentTiming } from '../../src/result/bench-schema.js';

function timing(kind: ComponentTiming['kind'], rest: Partial<ComponentTiming> = {}): ComponentTiming {
  return {
    kind,
    name: `one ${kind}`,
    provider: 'cpu',
    threads: 1,
    samples: 100,
    runs_per_sample: 1,
    p50_ms: 12.6,
    p90_ms: 13.25,
    p99_ms: 20,
    mean_ms: 12.9,
    throughput_per_s: 77.52,
    audio_s: null,
    rtf: null,
    ...rest,
  };
}

function report(components: readonly ComponentTiming[], rest: Partial<BenchReport> = {}): BenchReport {
  return benchSchema.parse({
    schema_version: 1,
    model: { name: 'mine', options: { threads: 1 }, input_sample_rate_hz: 16_000, weights: [] },
    settings: { warmup: 10, runs: 100, dataset: 'tiny 1.0.0', conversation_id: '7', sample_rate_hz: 8000 },
    environment: {
      turnbench: '0.1.0',
      node: '20.19.0',
      onnxruntime: '1.30.0',
      os: 'linux',
      cpu: { model: 'A Fast One', cores: 4 },
      memory_gb: 8,
      git: null,
      argv: [],
    },
    components,
    published: [],
    noise: { load_average: 0.25, probe_spread: 1.01, probe_samples: 50 },
    warnings: [],
    ...rest,
  });
}

describe('a benchmark for people', () => {
  it('has the tables that its components need, under the names their users know', () => {
    const kinds = ['decision', 'end-to-end', 'video', 'features', 'inference'] as const;
    const titles = (components: readonly ComponentTiming[]) =>
      [...renderBench(report(components)).matchAll(/^## (.*)$/gm)].map((match) => match[1]);
    expect(titles(kinds.map((kind) => timing(kind)))).toEqual([
      'Direct Inference Performance',
      'Audio Feature Extraction Performance',
      'Video Preprocessing Performance',
      'End-to-End Performance',
      'Decoding, Resampling and Decision Performance',
    ]);
    expect(titles([timing('end-to-end')])).toEqual(['End-to-End Performance']);
  });

  it('names processor, threads, provider and load', () => {
    const text = renderBench(report([timing('inference')]));
    expect(text).toContain('CPU: A Fast One, 4 cores');
    expect(text).toContain('load average 0.25 before the start');
    expect(text).toContain('runs on: cpu, 1 thread');
  });

  it('writes a row with percentiles, mean, throughput and real-time factor', () => {
    const rows = renderBench(report([timing('inference', { rtf: 0.0037, p50_ms: 0.1184 })]));
    expect(rows).toContain('| one inference | cpu | 0.118 | 13.25 | 20.00 | 12.90 | 77.5 | 0.0037 |');
  });

  it('puts published numbers below ours and says why they are only for orientation', () => {
    const published = {
      kind: 'inference' as const,
      name: 'Direct inference',
      hardware: 'NVIDIA T4',
      p50_ms: 69.74,
      p90_ms: 71.54,
      mean_ms: 69.19,
      throughput_per_s: 14.5,
      source: 'a README',
      note: 'inputs all zero',
    };
    const text = renderBench(report([timing('inference')], { published: [published] }));
    expect(text).toContain('| Direct inference (published) | NVIDIA T4 | 69.74 | 71.54 | — | 69.19 | 14.5 | — |');
    expect(text).toContain('a README; inputs all zero');
    expect(renderBench(report([timing('decision')], { published: [published] }))).not.toContain('NVIDIA');
  });

  it('says which samples are means of several runs', () => {
    expect(renderBench(report([timing('features', { runs_per_sample: 256 })]))).toContain('timed 256 at a time');
  });

  it('shows warnings before numbers', () => {
    const text = renderBench(report([timing('inference')], { warnings: ['the machine was noisy'] }));
    expect(text.indexOf('**warning**: the machine was noisy')).toBeLessThan(text.indexOf('## Direct'));
  });
});
