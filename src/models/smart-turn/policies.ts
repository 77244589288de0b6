/**
 * Two ways in which Smart Turn is run, as constants of the gate in seconds, and their options.
 *
 * `pipecat` is the framework that Smart Turn was made for: the VAD must hear 0.2 s of speech or silence to believe it;
 * one evaluation per silence; what was incomplete goes on when the user does; 3 s after an incomplete answer the turn
 * is over. Not followed: its additional loudness threshold (about −50 LUFS), and the reset of the VAD's state every 5 s
 * of wall-clock time.
 *
 * `turnbench` is the rule behind the benchmark's published smart_turn_v3 numbers: any chunk of speech starts a turn;
 * after 1 s of silence the turn is evaluated, and again with every chunk for 2 s; the last score stands until somebody
 * speaks; every evaluated silence ends the turn, whatever the score. Not followed: the chunk that starts a turn being
 * in the window twice; and audio is scored up to the step in which a chunk ends, up to 18 ms later.
 */

import { z } from 'zod';
import { CHUNK, SILERO_RATE } from '../silero-network.js';
import type { GateSettings } from './gate.js';

export interface GatePolicy {
  readonly vadThreshold: number;
  readonly vadStartS: number;
  readonly vadStopS: number;
  readonly preSpeechS: number;
  readonly repeatEveryS: number;
  readonly repeatForS: number;
  readonly forceCompleteS: number;
  readonly keepIncomplete: boolean;
  /** Chunks that the VAD waits, of a number that is not whole. */
  round(chunks: number): number;
}

export const POLICY_NAMES = ['pipecat', 'turnbench'] as const;

export const POLICIES: Readonly<Record<(typeof POLICY_NAMES)[number], GatePolicy>> = {
  pipecat: {
    vadThreshold: 0.7,
    vadStartS: 0.2,
    vadStopS: 0.2,
    preSpeechS: 0.5,
    repeatEveryS: 0,
    repeatForS: 0,
    forceCompleteS: 3,
    keepIncomplete: true,
    round: Math.round,
  },
  turnbench: {
    vadThreshold: 0.5,
    vadStartS: 0,
    vadStopS: 1,
    preSpeechS: 0.2,
    repeatEveryS: 0.032,
    repeatForS: 2,
    forceCompleteS: 0,
    keepIncomplete: false,
    round: Math.ceil,
  },
};

/** Options of every model behind the gate. What is not given is the policy's. */
export const gateOptions = {
  policy: z.enum(POLICY_NAMES).default('pipecat').meta({ description: 'whose rules of when to evaluate' }),
  completion_threshold: z.number().gt(0).lt(1).default(0.5).meta({
    description: 'P(complete) from which a turn is complete at the default operating point',
  }),
  vad_threshold: z
    .number()
    .gt(0)
    .lt(1)
    .optional()
    .meta({ description: describe('P(speech) above which a chunk is speech', 'vadThreshold') }),
  vad_start_s: seconds('speech that starts a turn, in chunks of 0.032 s, at least one', 'vadStartS'),
  vad_stop_s: seconds('silence before the first evaluation, in chunks of 0.032 s, at least one', 'vadStopS'),
  pre_speech_s: seconds('audio before the speech that is shown to the network', 'preSpeechS'),
  repeat_every_s: seconds('time between evaluations of the same silence, 0 for a single one', 'repeatEveryS'),
  repeat_for_s: seconds('how long after the first evaluation it is repeated', 'repeatForS'),
  force_complete_s: seconds(
    'time after the first evaluation at which the turn is over in any case, 0 for never',
    'forceCompleteS',
  ),
  keep_incomplete: z
    .boolean()
    .optional()
    .meta({
      description: describe('a turn found incomplete goes on, with its audio, when speech does', 'keepIncomplete'),
    }),
};

type GateOptions = z.output<z.ZodObject<typeof gateOptions>>;

/** Constants of the gate, in chunks and samples. */
export function gateSettings(options: GateOptions): GateSettings {
  const policy = POLICIES[options.policy];
  const samples = (seconds: number) => Math.round(seconds * SILERO_RATE);
  const chunks = (seconds: number) => samples(seconds) / CHUNK;
  return {
    vadThreshold: options.vad_threshold ?? policy.vadThreshold,
    start: Math.max(1, policy.round(chunks(options.vad_start_s ?? policy.vadStartS))),
    stop: Math.max(1, policy.round(chunks(options.vad_stop_s ?? policy.vadStopS))),
    preSpeechSamples: samples(options.pre_speech_s ?? policy.preSpeechS),
    repeatEvery: Math.ceil(chunks(options.repeat_every_s ?? policy.repeatEveryS)),
    repeatFor: Math.floor(chunks(options.repeat_for_s ?? policy.repeatForS)),
    force: Math.ceil(chunks(options.force_complete_s ?? policy.forceCompleteS)),
    keepIncomplete: options.keep_incomplete ?? policy.keepIncomplete,
    completionThreshold: options.completion_threshold,
  };
}

type PolicyConstant = Exclude<keyof GatePolicy, 'round'>;

function seconds(meaning: string, constant: PolicyConstant) {
  return z
    .number()
    .min(0)
    .max(60)
    .optional()
    .meta({ description: describe(meaning, constant), unit: 's' });
}

function describe(meaning: string, constant: PolicyConstant): string {
  return `${meaning} (${POLICY_NAMES.map((name) => `${name} ${POLICIES[name][constant]}`).join(', ')})`;
}
