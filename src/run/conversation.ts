/** One conversation of a plan: opened, streamed or replayed, scored; its failures become a row like its numbers. */

import type { Conversation } from '../core/conversation.js';
import type { Counts } from '../core/counts.js';
import { UserError } from '../core/errors.js';
import type { Gold } from '../core/gold.js';
import type { DiscriminativeModel } from '../core/model.js';
import { type PerSpeaker, perSpeaker, SPEAKERS } from '../core/speaker.js';
import { STEP_S, wholeSteps } from '../core/time.js';
import type { PassTrack } from '../core/tracks.js';
import { buildGold } from '../gold/build.js';
import { LivePass } from '../latency/live-pass.js';
import { countsToDisk, eventCountsToDisk } from '../result/counts.js';
import { floorToDisk } from '../result/floor.js';
import { eventsToDisk } from '../result/predictions.js';
import { responsesToDisk } from '../result/responses.js';
import type { ConversationRow, DeployedOnDisk, RunSpec, UnseenOnDisk } from '../result/schema.js';
import { prepareConversation, scoreConversation } from '../score/conversation.js';
import { occupiedBins } from '../score/histogram.js';
import { type ResponseCounts, responsesOf } from '../score/responses.js';
import { sumLogBins } from '../stats/log-histogram.js';
import { driveConversation } from '../stream/drive.js';
import { traced } from '../stream/trace.js';
import { type AnswerForm, failedRow, mixedForms } from './answer-form.js';
import { type ConversationOutcome, ConversationScorer } from './conversation-scorer.js';
import type { Answers, KeptAnswers } from './kept-answers.js';
import { type KeepLive, withLive } from './live.js';
import { oracleEvents } from './oracle.js';
import type { ConversationTraces } from './pass-files.js';
import type { EvaluationPlan } from './plan.js';
import { Sighting } from './sighting.js';

export interface FinishedConversation {
  readonly row: ConversationRow;
  readonly durationS: number;
  /** Every answer of P(floor) per subject, when it was to be kept. */
  readonly pFloor?: PerSpeaker<Float64Array> | null;
}

/** With what is to be done once its share of the computing is known. */
export interface AnsweredConversation extends FinishedConversation {
  /** Keep the answers for later runs. */
  readonly keep?: ((computeS: number) => Promise<void>) | undefined;
}

export interface ConversationSettings {
  /** Keep every answer of P(floor). */
  readonly tracks: boolean;
  /** Given everything a pass heard and answered, of models that name their classes. */
  readonly onTraces?: ((traces: ConversationTraces) => Promise<void>) | undefined;
  /** Given what was received from a live system. */
  readonly keepLive?: KeepLive | undefined;
  /** Longest wait for one answer of a model, s. */
  readonly stepDeadlineS: number;
  readonly signal: AbortSignal;
  /** What the steps of a run with `realtime` are timed with: ms, from any origin. Default: the real clock. */
  readonly nowMs?: (() => number) | undefined;
  /** Answers of earlier runs. */
  readonly kept?: KeptAnswers | undefined;
  /** `pulse[0]` grows with every step. */
  readonly pulse?: Int32Array | undefined;
  /** Called about once per second of audio with how much more was heard, both passes added, s. */
  onProgress(passS: number): void;
}

/**
 * @param model the plan's, or a lane of it; null for the oracle.
 * @returns null when the run was interrupted.
 */
export async function runConversation(
  plan: Pick<EvaluationPlan, 'spec' | 'dataset'>,
  model: DiscriminativeModel | null,
  id: string,
  settings: ConversationSettings,
): Promise<AnsweredConversation | null> {
  const startedMs = performance.now();
  const { signal } = settings;
  if (signal.aborted) return null;
  let answered: Answered;
  try {
    answered = await answer(plan, model, await plan.dataset.open(id), settings);
  } catch (error) {
    if (signal.aborted) return null;
    if (!(error instanceof UserError)) throw error;
    return { durationS: 0, row: failedRow(id, error) };
  }
  const { conversation, gold, form, outcome, computeS, wasKept, live, unseenS, keep, agent, largestLagMs } = answered;
  return {
    durationS: conversation.durationS,
    row: {
      conversation_id: id,
      status: 'ok',
      tags: conversation.tags,
      duration_s: conversation.durationS,
      counts: outcome.counts && countsToDisk(outcome.counts),
      sweep: outcome.sweep?.map(countsToDisk) ?? null,
      floor_histogram: outcome.histogram && occupiedBins(outcome.histogram).map(([bin, no, yes]) => [bin, no, yes]),
      answered: form,
      unknown_labels: gold?.unknownLabels ?? {},
      events: eventsToDisk(outcome.events),
      floor: outcome.floors && floorToDisk(outcome.floors),
      timing: { compute_s: computeS, wall_s: (performance.now() - startedMs) / 1000, ...(wasKept && { kept: true }) },
      deployed: live && deployedToDisk(live, outcome.deployed),
      ...(unseenS && { unseen_s: unseenS }),
      ...(agent && { agent: responsesToDisk(agent) }),
      ...(largestLagMs !== undefined && { largest_lag_ms: largestLagMs }),
    },
    pFloor: settings.tracks ? outcome.pFloor : null,
    keep,
  };
}

interface Answered {
  readonly conversation: Conversation;
  readonly gold: Gold | null;
  readonly form: AnswerForm | null;
  readonly outcome: ConversationOutcome;
  readonly computeS: number;
  /** The answers are those of an earlier run. */
  readonly wasKept?: true;
  readonly keep?: AnsweredConversation['keep'];
  /** When the steps were timed. */
  readonly live: PerSpeaker<LivePass> | null;
  /** When the model looked at video. */
  readonly unseenS?: UnseenOnDisk;
  /** When the model was a live system that speaks. */
  readonly agent?: ResponseCounts;
  /** When the model was a live system. */
  readonly largestLagMs?: number;
}

async function answer(
  { spec }: Pick<EvaluationPlan, 'spec'>,
  model: DiscriminativeModel | null,
  conversation: Conversation,
  settings: ConversationSettings,
): Promise<Answered> {
  const gold = conversation.annotations ? buildGold(conversation.annotations) : null;
  return model === null ? replay(conversation, gold) : stream(spec, model, conversation, gold, settings);
}

async function stream(
  spec: RunSpec,
  model: DiscriminativeModel,
  conversation: Conversation,
  gold: Gold | null,
  settings: ConversationSettings,
): Promise<Answered> {
  const { audio } = conversation;
  if (!audio) throw new UserError('there is no audio to hear', { hint: 'score a predictions file instead' });
  const steps = wholeSteps(audio.length, audio.sampleRateHz);
  if (steps === 0) {
    const length = `${audio.length} samples at ${audio.sampleRateHz} Hz`;
    throw new UserError(`the audio is shorter than one step of ${STEP_S} s: ${length}`, { hint: 'leave it out' });
  }
  const { nowMs = () => performance.now(), onTraces } = settings;
  const trace = onTraces && model.classes && traced(model);
  // What a pass heard and saw is not kept.
  const kept = trace || model.video ? undefined : settings.kept;
  const scorer = new ConversationScorer({
    spec,
    steps,
    gold: gold && prepareConversation(gold, steps),
    keepProbabilities: settings.tracks || kept !== undefined,
  });
  const answers = await kept?.get(audio, steps);
  if (answers) return replayAnswers(conversation, gold, answers, scorer, settings);
  const live = spec.realtime ? perSpeaker(() => new LivePass(steps)) : null;
  const sighting = model.video && new Sighting(conversation);
  let heard = 0;
  const drive = () =>
    driveConversation(trace ?? model, audio, {
      video: sighting?.video,
      sinks: scorer.sinks,
      timer: live ? { nowMs, onStep: (subject, ms) => live[subject].add(ms) } : undefined,
      stepDeadlineS: settings.stepDeadlineS,
      signal: settings.signal,
      pulse: settings.pulse,
      onProgress(stepsDone) {
        settings.onProgress((stepsDone - heard) * STEP_S);
        heard = stepsDone;
      },
    });
  const about = { id: conversation.id, steps };
  const { result, record } = await withLive(model, about, settings.keepLive, drive);
  const { tracks, computeS } = result;
  const form = FORMS[tracks[1].kind];
  if (FORMS[tracks[2].kind] !== form) throw mixedForms('speaker 2 as subject', FORMS[tracks[2].kind], form);
  if (trace) await onTraces({ id: conversation.id, traces: trace.takeTraces(), gold });
  const unseen = sighting && { unseenS: sighting.unseenS() };
  const outcome = scorer.finish(tracks, live);
  const { pFloor } = outcome;
  const keep = kept && pFloor && ((shareS: number) => kept.put(audio, { pFloor, computeS: shareS }));
  return {
    ...{ conversation, gold, form, outcome, computeS, live },
    ...(keep && { keep }),
    ...unseen,
    ...(gold && record?.agent && { agent: responsesOf(gold, record.agent) }),
    ...(record && { largestLagMs: record.largestLagMs }),
  };
}

function replayAnswers(
  conversation: Conversation,
  gold: Gold | null,
  { pFloor, computeS }: Answers,
  scorer: ConversationScorer,
  settings: ConversationSettings,
): Answered {
  for (const subject of SPEAKERS) scorer.sinks[subject].push(pFloor[subject]);
  settings.onProgress(2 * conversation.durationS);
  const outcome = scorer.finish({ 1: { kind: 'streamed' }, 2: { kind: 'streamed' } });
  return { conversation, gold, form: 'p_floor', outcome, computeS, wasKept: true, live: null };
}

function replay(conversation: Conversation, gold: Gold | null): Answered {
  if (!gold) {
    throw new UserError('there are no annotations for the oracle to replay', { hint: 'run a model instead' });
  }
  const events = oracleEvents(gold);
  const counts = scoreConversation(prepareConversation(gold), events);
  const outcome = { events, counts, deployed: null, sweep: null, floors: null, histogram: null, pFloor: null };
  return { conversation, gold, form: null, outcome, computeS: 0, live: null };
}

const FORMS: Readonly<Record<PassTrack['kind'], AnswerForm>> = {
  bit: 'bit',
  bits: 'bits',
  probability: 'p_floor',
  streamed: 'p_floor',
};

function deployedToDisk(live: PerSpeaker<LivePass>, counts: Counts | null): DeployedOnDisk {
  const passes = [live[1], live[2]];
  return {
    counts: counts && eventCountsToDisk(counts),
    compute_ms: live[1].computeMs + live[2].computeMs,
    late_steps: live[1].lateSteps + live[2].lateSteps,
    step_bins: sumLogBins(passes.map(({ stepMs }) => stepMs.bins)).map(([bin, steps]) => [bin, steps]),
  };
}
