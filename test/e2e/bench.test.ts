/** Component latencies from the command line. How long anything takes is not tested. */

import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { type BenchReport, benchSchema } from '../../src/result/bench-schema.js';
import { workplace } from '../helpers/cli.js';
import { wav, writeTree } from '../helpers/dataset-folder.js';
import { LOUDNESS, modelSource, tinyDataset } from '../helpers/tiny-world.js';

const place = workplace();
const SHORT = ['--warmup', '1', '--runs', '2', '-q'];

beforeAll(() => {
  writeTree(join(place.folder, 'tiny'), tinyDataset('1', '2'));
  writeTree(place.folder, {
    'loud.mjs': modelSource(LOUDNESS),
    'broken.mjs': modelSource(
      'return 0',
      "components: () => [{ kind: 'features', name: 'a spectrum', run() { throw new Error('no bins'); } }],",
    ),
  });
});

async function benched(...args: string[]): Promise<BenchReport> {
  const { code, stdout } = await place.inside(['bench', '-d', 'tiny', ...SHORT, '--json', ...args]);
  expect(code).toBe(0);
  return benchSchema.parse(JSON.parse(stdout));
}

describe('turnbench bench', () => {
  it('prints the tables of a model as Markdown, in the real binary', async () => {
    const { code, stdout, stderr } = await place.run(['bench', '-m', 'silero-vad', '-d', 'tiny', ...SHORT]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^# Latency of silero-vad\n/);
    expect([...stdout.matchAll(/^## (.*)$/gm)].map((match) => match[1])).toEqual([
      'Direct Inference Performance',
      'End-to-End Performance',
      'Decoding, Resampling and Decision Performance',
    ]);
    expect(stdout).toMatch(
      /^\| one chunk of 512 samples \(32 ms\) \| cpu \| [\d.]+ \| [\d.]+ \| [\d.]+ \| [\d.]+ \| /m,
    );
  });

  it('prints one JSON document with --json: settings, machine and every component', async () => {
    const report = await benched('-m', 'energy-vad', '-o', 'threshold=0.02', '--id', '2');
    expect(report).toMatchObject({
      model: { name: 'energy-vad', options: { threshold: 0.02 }, input_sample_rate_hz: 16_000, weights: [] },
      settings: { warmup: 1, runs: 2, dataset: 'tiny 1.0.0', conversation_id: '2', sample_rate_hz: 8000 },
      published: [],
    });
    expect(report.environment.cpu.cores).toBeGreaterThan(0);
    expect(report.components.map(({ kind }) => kind)).toEqual([
      'features',
      'end-to-end',
      'end-to-end',
      'decode',
      'resample',
      'decision',
    ]);
    for (const { p50_ms, p90_ms, p99_ms, samples } of report.components) {
      expect(p50_ms).toBeGreaterThan(0);
      expect(p90_ms).toBeGreaterThanOrEqual(p50_ms);
      expect(p99_ms).toBeGreaterThanOrEqual(p90_ms);
      expect([2, 100]).toContain(samples);
    }
  });

  it('measures outside models, without what they do not offer', async () => {
    const kinds = (await benched('-m', './loud.mjs')).components.map(({ kind }) => kind);
    expect(kinds).toEqual(['end-to-end', 'end-to-end', 'decode', 'decision']);
  });

  it('names the part that fails', async () => {
    const { code, stderr } = await place.inside(['bench', '-m', './broken.mjs', '-d', 'tiny', ...SHORT]);
    expect({ code, stderr }).toEqual({ code: 2, stderr: 'error: a spectrum failed: no bins\n' });
  });

  it('says what to do about audio that is too short', async () => {
    const short = wav([new Array(4000).fill(0)]);
    writeTree(join(place.folder, 'short'), { '1/speaker_1_audio.wav': short, '1/speaker_2_audio.wav': short });
    const { code, stderr } = await place.inside(['bench', '-m', 'never', '-d', 'short', ...SHORT]);
    expect(code).toBe(2);
    expect(stderr).toContain('less than one second of audio\nhint: choose a longer conversation');
  });
});
