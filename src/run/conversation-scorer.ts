/**
 * From what a model answers to events and counts, at the operating point and at every threshold of the sweep.
 * Probabilities are reduced to floor edges and histogram bins while they are answered, so that what is kept of an
 * hour is the model's changes of mind, not its every answer.
 */

import type { Counts } from '../core/counts.js';
import type { ConversationEvents } from '../core/events.js';
import { type PerSpeaker, perSpeaker, type Speaker } from '../core/speaker.js';
import type { ConversationTracks, FloorTrack, LevelTrack, PassTrack, ProbabilitySink } from '../core/tracks.js';
import { eventsOf } from '../decide/floor.js';
import { floorsAt, LevelWalk, levelsOfFloors } from '../decide/levels.js';
import type { LivePass } from '../latency/live-pass.js';
import type { RunSpec } from '../result/schema.js';
import { type PreparedConversation, scoreConversation } from '../score/conversation.js';
import { type FloorHistogram, HistogramCounter } from '../score/histogram.js';
import { scoreFloors } from '../sweep/floors.js';
import { FINE_THRESHOLDS } from '../sweep/grid.js';

export interface ConversationOutcome {
  readonly events: ConversationEvents;
  /** Null when there is no gold. */
  readonly counts: Counts | null;
  /** Of the events at the times at which they would have left live; null without gold or timed steps. */
  readonly deployed: Counts | null;
  /** One per sweep threshold; null without gold or sweep, or for a model that answers bits of its own. */
  readonly sweep: readonly Counts[] | null;
  /** What the passes answered, for reports that move the threshold; null when nothing answered. */
  readonly floors: KeptFloors | null;
  /** Null unless there is gold and the model answers P(floor). */
  readonly histogram: FloorHistogram | null;
  /** Every answer, for probability files; null unless it was asked for and the model answers P(floor). */
  readonly pFloor: PerSpeaker<Float64Array> | null;
}

/** Levels of P(floor); or the floor alone, of a model that answers bits of its own. */
export type KeptFloors = PerSpeaker<LevelTrack> | PerSpeaker<FloorTrack>;

export interface ScorerOptions {
  readonly spec: Pick<RunSpec, 'threshold' | 'int_threshold' | 'sweep_thresholds'>;
  /** Of one pass. */
  readonly steps: number;
  /** Null for a data set without annotations: then there are only events. */
  readonly gold: PreparedConversation | null;
  readonly keepProbabilities: boolean;
}

/** Scores one conversation; a new one for every conversation. */
export class ConversationScorer {
  /** To be driven with. */
  readonly sinks: PerSpeaker<ProbabilitySink>;
  readonly #options: ScorerOptions;
  /** Everything that is scored, ascending, the operating point among them. */
  readonly #thresholds: readonly number[];
  readonly #walks: PerSpeaker<LevelWalk>;
  readonly #counter: HistogramCounter | null;
  readonly #kept: PerSpeaker<Float64Array> | null;

  constructor(options: ScorerOptions) {
    const { spec, steps, gold } = options;
    this.#options = options;
    const operating = [spec.threshold!, spec.int_threshold ?? spec.threshold!];
    this.#thresholds = ascending([...operating, ...(spec.sweep_thresholds ?? [])]);
    const told = ascending([...this.#thresholds, ...FINE_THRESHOLDS]);
    this.#walks = perSpeaker(() => new LevelWalk(told, steps));
    this.#counter = gold && new HistogramCounter(gold);
    this.#kept = options.keepProbabilities ? perSpeaker(() => new Float64Array(steps)) : null;
    this.sinks = perSpeaker((subject) => {
      let step = 0;
      return {
        push: (pFloor) => {
          this.#walks[subject].push(pFloor);
          this.#counter?.push(subject, pFloor);
          this.#kept?.[subject].set(pFloor, step);
          step += pFloor.length;
        },
      };
    });
  }

  /**
   * @param tracks as they were driven with `sinks`.
   * @param live of the same steps, when they were timed.
   */
  finish(tracks: ConversationTracks, live: PerSpeaker<LivePass> | null = null): ConversationOutcome {
    const { spec, gold } = this.#options;
    const streamed = tracks[1].kind === 'streamed';
    const swept = tracks[1].kind !== 'bit';
    const floors = perSpeaker((subject) => this.#floorsOf(tracks[subject], subject));
    const at = (threshold: number): PerSpeaker<FloorTrack> => {
      const k = swept ? this.#thresholds.indexOf(threshold) : 0;
      return perSpeaker((subject) => floors[subject][k]!);
    };
    const operating = at(spec.threshold!);
    const interrupting = spec.int_threshold === undefined ? operating : at(spec.int_threshold);
    const events = committed(operating, interrupting);
    const sweep = swept ? spec.sweep_thresholds : null;
    return {
      events,
      counts: gold && scoreConversation(gold, events, operating),
      deployed: gold && live && scoreConversation(gold, committed(operating, interrupting, live)),
      sweep: gold && (sweep?.map((threshold) => scoreFloors(gold, at(threshold))) ?? null),
      floors: (swept && this.#levelsOf(tracks)) || operating,
      histogram: streamed && this.#counter ? this.#counter.histogram : null,
      pFloor: streamed ? this.#kept : null,
    };
  }

  /** One per threshold that is scored. */
  #floorsOf(track: PassTrack, subject: Speaker): readonly FloorTrack[] {
    if (track.kind === 'bit') return [track.floor];
    if (track.kind !== 'bits') return floorsAt(this.#walks[subject].track, this.#thresholds);
    return this.#thresholds.map((threshold) => track.floors[track.thresholds.indexOf(threshold)]!);
  }

  /** Null when what was answered per threshold is not what a probability would have answered. */
  #levelsOf(tracks: ConversationTracks): PerSpeaker<LevelTrack> | null {
    const levels = perSpeaker((subject) => {
      const track = tracks[subject];
      return track.kind === 'bits' ? levelsOfFloors(track.thresholds, track.floors) : this.#walks[subject].track;
    });
    return levels[1] && levels[2] ? { 1: levels[1], 2: levels[2] } : null;
  }
}

function ascending(thresholds: readonly number[]): number[] {
  return [...new Set(thresholds)].sort((a, b) => a - b);
}

/**
 * EOT events of one track and INT events of another, which are the same unless each task has a threshold of its own.
 * @param live the events then stand at the times at which the decisions behind them left.
 */
function committed(
  eotFloors: PerSpeaker<FloorTrack>,
  intFloors: PerSpeaker<FloorTrack>,
  live?: PerSpeaker<LivePass>,
): ConversationEvents {
  return perSpeaker((subject) => {
    const pass = live?.[subject];
    const timeOfS = pass && ((step: number) => pass.leftS(step));
    return { eot: eventsOf(eotFloors[subject], timeOfS).eot, int: eventsOf(intFloors[subject], timeOfS).int };
  });
}
