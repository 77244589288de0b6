/** One conversation of a plan: opened, streamed or replayed, scored; its failures become a row like its numbers. */

import type { Conversation } from '../core/conversation.js';
import type { Counts } from '../core/counts.js';
import { messageOf, UserError } from '../core/errors.js';
import type { Gold } from '../core/gold.js';
import type { DiscriminativeModel } from '../core/model.js';
import { type PerSpeaker, perSpeaker, SPEAKERS } from '../core/speaker.js';
import { STEP_S, wholeSteps } from '../core/time.js';
import type { ConversationTracks, PassTrack } from '../core/tracks.js';
import { buildGold } from '../gold/build.js';
import { LivePass } from '../latency/live-pass.js';
import { countsToDisk, eventCountsToDisk } from '../result/counts.js';
import { floorToDisk } from '../result/floor.js';
import { eventsToDisk } from '../result/predictions.js';
import type { ConversationRow, DeployedOnDisk } from '../result/schema.js';
import { prepareConversation, scoreConversation } from '../score/conversation.js';
import { occupiedBins } from '../score/histogram.js';
import { sumLogBins } from '../stats/log-histogram.js';
import { driveConversation } from '../stream/drive.js';
import { traced } from '../stream/trace.js';
import { type ConversationOutcome, ConversationScorer } from './conversation-scorer.js';
import { unknownLabelWarnings } from './data-warnings.js';
import { oracleEvents } from './oracle.js';
import type { ConversationTraces } from './pass-files.js';
import type { EvaluationPlan } from './plan.js';

export interface FinishedConversation {
  readonly row: ConversationRow;
  readonly durationS: number;
  /** Every answer of P(floor) per subject, when it was to be kept. */
  readonly pFloor?: PerSpeaker<Float64Array> | null;
}

export interface RunnerSettings {
  /** Keep every answer of P(floor). */
  readonly tracks: boolean;
  /** Given everything a pass heard and answered, of models that name their classes. */
  readonly onTraces?: ((traces: ConversationTraces) => Promise<void>) | undefined;
  readonly stepDeadlineS: number;
  readonly signal: AbortSignal;
  /** What the steps of a run with `realtime` are timed with: ms, from any origin. Default: the real clock. */
  readonly nowMs?: (() => number) | undefined;
  onProgress(passS: number): void;
}

/** Runs one conversation after the other and remembers what people should be told about them. */
export class ConversationRunner {
  readonly #plan: EvaluationPlan;
  readonly #settings: RunnerSettings;
  readonly #unknownLabels = new Map<string, number>();
  #unscored = 0;
  #userTurns = 0;
  /** How the model answers: known after its first conversation. */
  #form: PassTrack['kind'] | undefined;
  /** Audio of the conversations before this one, both passes, s. */
  #heardS = 0;

  constructor(plan: EvaluationPlan, settings: RunnerSettings) {
    this.#plan = plan;
    this.#settings = settings;
  }

  /**
   * @returns null when the run was interrupted.
   * @throws UserError when a threshold or sweep was asked of a model that answers bits of its own.
   */
  async run(id: string): Promise<FinishedConversation | null> {
    const startedMs = performance.now();
    const { signal } = this.#settings;
    if (signal.aborted) return null;
    let answered: Answered;
    try {
      answered = await this.#answer(await this.#plan.dataset.open(id));
    } catch (error) {
      if (signal.aborted) return null;
      if (!(error instanceof UserError)) throw error;
      return {
        durationS: 0,
        row: { conversation_id: id, status: 'failed', error: messageOf(error), hint: error.hint ?? null },
      };
    }
    const { conversation, outcome, computeS, live } = answered;
    if (this.#form === 'bit' && this.#plan.thresholdsAsked) failForBits();
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
        events: eventsToDisk(outcome.events),
        floor: outcome.floors && floorToDisk(outcome.floors),
        timing: { compute_s: computeS, wall_s: (performance.now() - startedMs) / 1000 },
        deployed: live && deployedToDisk(live, outcome.deployed),
      },
      pFloor: outcome.pFloor,
    };
  }

  /** The threshold that decided: null when the model answered bits of its own, or nothing ran. */
  get operatingThreshold(): number | null {
    return this.#form === 'bit' ? null : this.#plan.spec.threshold;
  }

  /** One sentence each. */
  warnings(): string[] {
    const warnings: string[] = [];
    if (this.#unscored > 0) {
      const without = `conversations without annotations: ${this.#unscored}`;
      warnings.push(`${without}: their predictions were written, nothing was scored`);
    }
    if (this.#userTurns > 0) {
      warnings.push(`single turns: ${this.#userTurns}: \`turnbench policy\` on this run scores their silences`);
    }
    warnings.push(...unknownLabelWarnings(this.#unknownLabels));
    if (this.#form === 'bit' && this.#plan.spec.sweep_thresholds !== null) {
      warnings.push('the model answers floor bits of its own: there is nothing to sweep');
    }
    return warnings;
  }

  async #answer(conversation: Conversation): Promise<Answered> {
    const gold = conversation.annotations ? buildGold(conversation.annotations) : null;
    if (gold) this.#note(gold);
    return this.#plan.model === null ? replay(conversation, gold) : this.#stream(conversation, gold, this.#plan.model);
  }

  async #stream(conversation: Conversation, gold: Gold | null, model: DiscriminativeModel): Promise<Answered> {
    const { audio } = conversation;
    if (!audio) throw new UserError('there is no audio to hear', { hint: 'score a predictions file instead' });
    const before = this.#heardS;
    const steps = wholeSteps(audio.length, audio.sampleRateHz);
    if (steps === 0) {
      const length = `${audio.length} samples at ${audio.sampleRateHz} Hz`;
      throw new UserError(`the audio is shorter than one step of ${STEP_S} s: ${length}`, { hint: 'leave it out' });
    }
    const scorer = new ConversationScorer({
      spec: this.#plan.spec,
      steps,
      gold: gold && prepareConversation(gold, steps),
      keepProbabilities: this.#settings.tracks,
    });
    const live = this.#plan.spec.realtime ? perSpeaker(() => new LivePass(steps)) : null;
    const { nowMs = () => performance.now(), onTraces } = this.#settings;
    const trace = onTraces && model.classes && traced(model);
    const { tracks, computeS } = await driveConversation(trace ?? model, audio, {
      sinks: scorer.sinks,
      timer: live ? { nowMs, onStep: (subject, ms) => live[subject].add(ms) } : undefined,
      stepDeadlineS: this.#settings.stepDeadlineS,
      signal: this.#settings.signal,
      onProgress: (stepsDone) => this.#settings.onProgress(before + stepsDone * STEP_S),
    });
    this.#heardS = before + 2 * conversation.durationS;
    this.#requireOneForm(tracks);
    if (conversation.userTurn) this.#userTurns++;
    else if (!gold) this.#unscored++;
    if (trace) await onTraces({ id: conversation.id, traces: trace.takeTraces(), gold });
    return { conversation, outcome: scorer.finish(tracks, live), computeS, live };
  }

  #requireOneForm(tracks: ConversationTracks): void {
    for (const subject of SPEAKERS) {
      const { kind } = tracks[subject];
      this.#form ??= kind;
      if (kind === this.#form) continue;
      const change = `${FORMS[kind]} after answering ${FORMS[this.#form]} before`;
      throw new UserError(`speaker ${subject} as subject: the model answered ${change}`, {
        hint: '`step` answers in the same form in all passes of all conversations',
      });
    }
  }

  #note(gold: Gold): void {
    for (const [label, count] of Object.entries(gold.unknownLabels)) {
      this.#unknownLabels.set(label, (this.#unknownLabels.get(label) ?? 0) + count);
    }
  }
}

const FORMS: Readonly<Record<PassTrack['kind'], string>> = {
  bit: 'one bit',
  bits: 'one bit per threshold',
  probability: 'P(floor)',
  streamed: 'P(floor)',
};

interface Answered {
  readonly conversation: Conversation;
  readonly outcome: ConversationOutcome;
  readonly computeS: number;
  /** When the steps were timed. */
  readonly live: PerSpeaker<LivePass> | null;
}

function replay(conversation: Conversation, gold: Gold | null): Answered {
  if (!gold) {
    throw new UserError('there are no annotations for the oracle to replay', { hint: 'run a model instead' });
  }
  const events = oracleEvents(gold);
  const counts = scoreConversation(prepareConversation(gold), events);
  const outcome = { events, counts, deployed: null, sweep: null, floors: null, histogram: null, pFloor: null };
  return { conversation, outcome, computeS: 0, live: null };
}

function deployedToDisk(live: PerSpeaker<LivePass>, counts: Counts | null): DeployedOnDisk {
  const passes = [live[1], live[2]];
  return {
    counts: counts && eventCountsToDisk(counts),
    compute_ms: live[1].computeMs + live[2].computeMs,
    late_steps: live[1].lateSteps + live[2].lateSteps,
    step_bins: sumLogBins(passes.map(({ stepMs }) => stepMs.bins)).map(([bin, steps]) => [bin, steps]),
  };
}

function failForBits(): never {
  throw new UserError('this model answers floor bits at its own operating point: it has no threshold to set or sweep', {
    hint: 'leave out --threshold and --sweep, or let the model answer { pFloor }',
  });
}
