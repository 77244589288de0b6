import { describe, expect, it } from 'vitest';
import type { DiscriminativeModel, FloorDecision, TimedComponent } from '../../src/core/model.js';
import { type BenchOptions, benchModel } from '../../src/latency/bench.js';
import type { ComponentTiming } from '../../src/result/bench-schema.js';
import { FakeClock } from '../helpers/clock.js';
import { memoryAudio, noise } from '../helpers/samples.js';

const RATE = 8000;

/** Three and a half seconds: the last half is never streamed. */
const audio = memoryAudio(RATE, noise(3.5 * RATE, 1), noise(3.5 * RATE, 2));

interface Drawn {
  readonly model: DiscriminativeModel;
  /** Steps between resets. */
  readonly passes: number[];
}

/** A step costs 2 ms, every fifth 12 ms: 50 steps take 200 ms. */
function modelOn(clock: FakeClock, rest: Partial<DiscriminativeModel> = {}, answer: FloorDecision = 0): Drawn {
  const passes: number[] = [];
  let step = 0;
  const model = {
    inputSampleRate: RATE,
    reset() {
      passes.push(0);
      step = 0;
    },
    step() {
      passes[passes.length - 1]! += 1;
      step++;
      clock.ms += step % 5 === 0 ? 12 : 2;
      return answer;
    },
    ...rest,
  };
  return { model, passes };
}

function options(clock: FakeClock): BenchOptions {
  return { warmup: 1, runs: 4, load: { loadAverage: 0, cores: 2 }, nowMs: clock.now };
}

async function benched(rest: Partial<DiscriminativeModel> = {}, answer: FloorDecision = 0, name = 'mine') {
  const clock = new FakeClock();
  const { model, passes } = modelOn(clock, rest, answer);
  const measured = await benchModel(name, model, audio, options(clock));
  const of = (kind: ComponentTiming['kind']) => measured.components.filter((timing) => timing.kind === kind);
  return { ...measured, of, passes, clock };
}

describe('a benchmark', () => {
  it('times the steps of a pass and its seconds', async () => {
    const { of } = await benched();
    const [step, second] = of('end-to-end');
    expect(step).toMatchObject({
      name: 'one step of 20 ms of one pass',
      samples: 200,
      p50_ms: 2,
      mean_ms: 4,
      rtf: 0.2,
    });
    expect(step!.p90_ms).toBe(12);
    expect(second).toMatchObject({ samples: 4, p50_ms: 200, p99_ms: 200, rtf: 0.2, throughput_per_s: 5 });
  });

  it('streams whole seconds, from the beginning again after a reset', async () => {
    const { passes } = await benched();
    // One untimed and four timed seconds, three to a pass; then one step that shows how the model answers.
    expect(passes).toEqual([150, 100, 1]);
  });

  it('leaves out what a model does not have', async () => {
    const { components } = await benched();
    expect(components.map(({ kind }) => kind)).toEqual(['end-to-end', 'end-to-end', 'decode', 'decision']);
  });

  it('resamples only where rates differ', async () => {
    const clock = new FakeClock(10);
    const { components } = await benchModel(
      'mine',
      modelOn(clock, { inputSampleRate: 16_000 }).model,
      audio,
      options(clock),
    );
    const resampling = components.filter(({ kind }) => kind === 'resample');
    expect(resampling).toMatchObject([{ name: 'one second, 8000 → 16000 Hz, both channels', audio_s: 1, p50_ms: 10 }]);
  });

  it('times the components that a model offers', async () => {
    const clock = new FakeClock();
    const component = (kind: TimedComponent['kind'], costMs: number): TimedComponent => ({
      kind,
      name: `${kind} of mine`,
      runsOn: { provider: 'cpu', threads: 1 },
      run: async () => {
        clock.ms += costMs;
      },
    });
    const offered = { components: () => [component('features', 5), component('inference', 30)] };
    const { components } = await benchModel('mine', modelOn(clock, offered).model, audio, options(clock));
    expect(components.slice(0, 2)).toMatchObject([
      { kind: 'features', p50_ms: 5, p99_ms: 5, throughput_per_s: 200 },
      { kind: 'inference', p50_ms: 30, provider: 'cpu', threads: 1, rtf: null },
    ]);
    expect(components.find(({ kind }) => kind === 'end-to-end')?.provider).toBe('cpu');
  });

  it('refuses components that are none, all at once', async () => {
    const offered = [{ kind: 'codec', name: 'x', run() {} }, { kind: 'video', name: '', audioS: 0 }, null];
    const failure = benched({ components: () => offered as never });
    await expect(failure).rejects.toThrow(
      /components of the model: 7 problems\n.*kind is codec\n.*no name\n.*no run function\n.*audioS is not above 0/,
    );
    await expect(benched({ components: () => ({}) as never })).rejects.toThrow('not a list');
  });

  it('does not claim to know where a model runs that does not say', async () => {
    expect((await benched()).of('end-to-end')[0]).toMatchObject({ provider: null, threads: null });
  });

  it.each<[string, FloorDecision, Partial<DiscriminativeModel>]>([
    ['bits', [1, 0], { thresholds: [0.3, 0.6] }],
    ['probabilities', { pFloor: 0.4 }, {}],
  ])('times decisions on %s', async (_form, answer, rest) => {
    expect((await benched(rest, answer)).of('decision')).toHaveLength(1);
  });

  it('shows what others have published of the same parts, for those models only', async () => {
    expect((await benched()).published).toEqual([]);
    const { published } = await benched({}, 0, 'smart-turn-multimodal');
    expect(published).toHaveLength(6);
    expect(published).toContainEqual(
      expect.objectContaining({ kind: 'inference', hardware: 'NVIDIA T4', p50_ms: 69.74, throughput_per_s: 14.5 }),
    );
    const kinds = (await benched({}, 0, 'smart-turn-v3')).published.map(({ kind }) => kind);
    expect(kinds).toEqual(['features']);
  });

  it('warns when the machine was busy before the start', async () => {
    const clock = new FakeClock();
    const busy = { ...options(clock), load: { loadAverage: 3.5, cores: 2 } };
    const { warnings, noise } = await benchModel('mine', modelOn(clock).model, audio, busy);
    expect(warnings).toEqual([expect.stringContaining('3.5 of 2 cores busy')]);
    expect(noise).toMatchObject({ load_average: 3.5, probe_spread: 1 });
  });

  it('needs a second of audio', async () => {
    const clock = new FakeClock();
    const short = memoryAudio(RATE, noise(RATE - 1, 1), noise(RATE - 1, 2));
    await expect(benchModel('mine', modelOn(clock).model, short, options(clock))).rejects.toThrow(
      'less than one second',
    );
  });
});
