/**
 * Component latencies of a model on this machine: its own parts, one by one, then a pass from audio file to events, then
 * what the harness adds. One thing at a time.
 */

import type { AudioSource, VideoSources } from '../core/conversation.js';
import { UserError } from '../core/errors.js';
import type { ComponentRuntime, DiscriminativeModel, TimedComponent } from '../core/model.js';
import { STEP_S, STEPS_PER_SECOND } from '../core/time.js';
import type { BenchReport, ComponentTiming } from '../result/bench-schema.js';
import { audioParts } from './audio-parts.js';
import { componentsOf } from './components.js';
import { decisionPart } from './decisions.js';
import { type MeasureOptions, measure, type Timed } from './measure.js';
import { type Load, NoiseProbe, noiseWarnings } from './noise.js';
import { publishedTimings } from './published.js';
import { StreamedPass } from './streaming.js';
import { JAVASCRIPT, type TimedPart, timingOf } from './timing.js';
import { videoParts } from './video-parts.js';

export interface BenchOptions {
  /** Looked at by a model that asks for `video`. */
  readonly video?: VideoSources | undefined;
  /** Untimed runs (seconds of audio, where audio is streamed) before the timed ones. At least 1. */
  readonly warmup: number;
  readonly runs: number;
  /** Of the machine before the start. */
  readonly load: Load;
  /** ms, from any origin. */
  nowMs(): number;
  /** A part is about to be measured. */
  onPart?(name: string): void;
}

type Measured = Pick<BenchReport, 'components' | 'published' | 'noise' | 'warnings'>;

/**
 * @param name of the model, for what others have published of it.
 * @param audio what is streamed, at least one second.
 * @throws UserError when the audio is too short or unreadable, when a component is none, or when a part fails.
 */
export async function benchModel(
  name: string,
  model: DiscriminativeModel,
  audio: AudioSource,
  options: BenchOptions,
): Promise<Measured> {
  if (audio.length < audio.sampleRateHz) {
    throw new UserError('less than one second of audio', { hint: 'choose a longer conversation with --id' });
  }
  const { load, nowMs, onPart } = options;
  const probe = new NoiseProbe(nowMs);
  const settings: MeasureOptions = { ...options, between: () => probe.take() };
  const time = async (part: TimedPart & Timed): Promise<ComponentTiming> => {
    onPart?.(part.name);
    return timingOf(part, await measure(part, settings));
  };

  const components: ComponentTiming[] = [];
  const parts = await componentsOf(model);
  for (const part of parts) components.push(await time(part));
  const pass = new StreamedPass(model, audio, runtimeOf(parts), options);
  components.push(...(await timePass(pass, time)));
  for (const part of [...audioParts(audio, model.inputSampleRate), ...videoParts(options.video, model.video)]) {
    components.push(await time(part).finally(() => part.close()));
  }
  components.push(await time(await decisionPart(model)));

  const { loadAverage } = load;
  return {
    components,
    published: publishedTimings(name),
    noise: { load_average: loadAverage, probe_spread: probe.spread, probe_samples: probe.samples },
    warnings: noiseWarnings(load, probe.spread),
  };
}

/** Steps of a pass, and whole seconds of it. */
async function timePass(
  pass: StreamedPass,
  time: (part: TimedPart & Timed) => Promise<ComponentTiming>,
): Promise<ComponentTiming[]> {
  const second = await time(pass).finally(() => pass.close());
  const ms = pass.stepMs.slice(-second.samples * STEPS_PER_SECOND);
  const { kind, runsOn } = pass;
  const step: TimedPart = { kind, name: 'one step of 20 ms of one pass', audioS: STEP_S, runsOn };
  return [timingOf(step, { ms, runsPerSample: 1 }), second];
}

/** Where a model runs that has these components: that of the first which does not run in JavaScript. */
function runtimeOf(components: readonly TimedComponent[]): ComponentRuntime | null {
  if (components.length === 0) return null;
  return components.find(({ runsOn }) => runsOn !== undefined)?.runsOn ?? JAVASCRIPT;
}
