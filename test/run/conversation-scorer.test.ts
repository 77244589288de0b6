import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { perSpeaker, type Speaker } from '../../src/core/speaker.js';
import type { ConversationTracks, FloorTrack, LevelTrack } from '../../src/core/tracks.js';
import { floorsFromProbability } from '../../src/decide/floor.js';
import { floorsAt } from '../../src/decide/levels.js';
import { type ConversationOutcome, ConversationScorer } from '../../src/run/conversation-scorer.js';
import { prepareConversation } from '../../src/score/conversation.js';
import { goldOf } from '../helpers/gold.js';

const STEPS = 300;
const SWEEP = [0.25, 0.5, 0.75];
/** Both speakers take turns within six seconds. */
const GOLD = prepareConversation(
  goldOf(
    [
      [0.5, 1.5],
      [1.9, 2.5],
    ],
    [[3, 4.5]],
  ),
  STEPS,
);

/** Coarse probabilities, so that thresholds are hit exactly. */
const probabilities = fc
  .array(fc.integer({ min: 0, max: 8 }), { minLength: STEPS, maxLength: STEPS })
  .map((eighths) => Float64Array.from(eighths, (eighth) => eighth / 8));

interface Case {
  readonly threshold?: number;
  readonly intThreshold?: number;
  readonly sweep?: readonly number[] | null;
  readonly scored?: boolean;
  readonly keep?: boolean;
}

function scorer({
  threshold = 0.5,
  intThreshold,
  sweep = SWEEP,
  scored = true,
  keep = false,
}: Case): ConversationScorer {
  const ofInt = intThreshold === undefined ? {} : { int_threshold: intThreshold };
  const spec = { threshold, ...ofInt, sweep_thresholds: sweep };
  return new ConversationScorer({ spec, steps: STEPS, gold: scored ? GOLD : null, keepProbabilities: keep });
}

function scoreStreamed(p: readonly [Float64Array, Float64Array], options: Case, pieces = STEPS): ConversationOutcome {
  const scoring = scorer(options);
  for (const subject of [1, 2] as const) {
    const all = p[subject - 1]!;
    for (let from = 0; from < STEPS; from += pieces) scoring.sinks[subject].push(all.subarray(from, from + pieces));
  }
  return scoring.finish({ 1: { kind: 'streamed' }, 2: { kind: 'streamed' } });
}

function bitsOf(p: readonly [Float64Array, Float64Array], thresholds: readonly number[]): ConversationTracks {
  return perSpeaker((subject) => ({
    kind: 'bits',
    thresholds,
    floors: floorsFromProbability(p[subject - 1]!, thresholds),
  }));
}

/** What is kept of the answers of both passes, at some thresholds. */
function floorsOf({ floors }: ConversationOutcome, thresholds: readonly number[]): FloorTrack[][] {
  return [1, 2].map((subject) => floorsAt(floors?.[subject as Speaker] as LevelTrack, thresholds));
}

describe('what a model answers', () => {
  it('is scored the same as P, as a bit per threshold, and as one bit', () => {
    fc.assert(
      fc.property(probabilities, probabilities, fc.constantFrom(...SWEEP), (first, second, threshold) => {
        const p = [first, second] as const;
        const streamed = scoreStreamed(p, { threshold });
        const bits = scorer({ threshold }).finish(bitsOf(p, SWEEP));
        expect({ ...bits, floors: null }).toEqual({ ...streamed, floors: null, histogram: null });
        expect(floorsOf(bits, SWEEP)).toEqual(floorsOf(streamed, SWEEP));
        expect(streamed.counts).toEqual(streamed.sweep![SWEEP.indexOf(threshold)]);

        const tracks = perSpeaker((subject) => ({
          kind: 'bit' as const,
          floor: floorsFromProbability(p[subject - 1]!, [threshold])[0]!,
        }));
        const { events, counts, sweep } = scorer({ threshold }).finish(tracks);
        expect({ events, counts, sweep }).toEqual({ events: streamed.events, counts: streamed.counts, sweep: null });
      }),
      { numRuns: 50 },
    );
  });

  it('is scored the same in whatever pieces it comes', () => {
    fc.assert(
      fc.property(probabilities, probabilities, fc.integer({ min: 1, max: STEPS }), (first, second, pieces) => {
        const p = [first, second] as const;
        expect(scoreStreamed(p, { keep: true }, pieces)).toEqual(scoreStreamed(p, { keep: true }));
      }),
      { numRuns: 15 },
    );
  });

  it('may have an operating point beside the sweep', () => {
    fc.assert(
      fc.property(probabilities, probabilities, (first, second) => {
        const p = [first, second] as const;
        const beside = scoreStreamed(p, { threshold: 0.6 });
        expect(beside.sweep).toEqual(scoreStreamed(p, {}).sweep);
        expect(beside.counts).toEqual(scoreStreamed(p, { threshold: 0.6, sweep: null }).counts);
      }),
      { numRuns: 20 },
    );
  });

  it('may have a threshold for each task: interruptions are those of theirs, everything else is of the other', () => {
    fc.assert(
      fc.property(probabilities, probabilities, fc.boolean(), (first, second, answersBits) => {
        const p = [first, second] as const;
        const outcomeAt = (options: Case) =>
          answersBits ? scorer(options).finish(bitsOf(p, SWEEP)) : scoreStreamed(p, options);
        const [eot, int] = [outcomeAt({ threshold: 0.25 }), outcomeAt({ threshold: 0.75 })];
        const both = outcomeAt({ threshold: 0.25, intThreshold: 0.75 });
        expect(both.events).toEqual(perSpeaker((s) => ({ eot: eot.events[s].eot, int: int.events[s].int })));
        expect(both.counts).toEqual({
          ...eot.counts,
          int: int.counts!.int,
          falseAlarms: { eot: eot.counts!.falseAlarms.eot, int: int.counts!.falseAlarms.int },
        });
        expect(both.sweep).toEqual(eot.sweep);
      }),
      { numRuns: 30 },
    );
  });

  it('is kept as levels of P, or as the bit of a model that answers nothing else', () => {
    const held = floorsFromProbability(new Float64Array(STEPS).fill(0.5), [0.4])[0]!;
    const never = floorsFromProbability(new Float64Array(STEPS), [0.4])[0]!;
    const bit = { kind: 'bit', floor: held } as const;
    expect(scorer({}).finish({ 1: bit, 2: bit }).floors).toEqual({ 1: held, 2: held });
    // A floor held at 0.5 but not at 0.25 is no probability's.
    const odd = { kind: 'bits', thresholds: SWEEP, floors: SWEEP.map((t) => (t === 0.5 ? held : never)) } as const;
    expect(scorer({ threshold: 0.5 }).finish({ 1: odd, 2: odd }).floors).toEqual({ 1: held, 2: held });
  });

  it('is only turned into events where there is no gold, and kept only when asked for', () => {
    const p = [new Float64Array(STEPS), Float64Array.from({ length: STEPS }, (_, i) => (i < 50 ? 1 : 0))] as const;
    const outcome = scoreStreamed(p, { scored: false });
    const { floors, ...rest } = outcome;
    expect(floorsOf(outcome, [0.5])[1]).toEqual([{ steps: STEPS, edges: Int32Array.of(0, 50) }]);
    expect(floors).not.toBeNull();
    expect(rest).toEqual({
      events: { 1: { eot: [], int: [] }, 2: { eot: [1.02], int: [0.02] } },
      counts: null,
      deployed: null,
      sweep: null,
      histogram: null,
      pFloor: null,
    });
    expect(scoreStreamed(p, { keep: true }).pFloor).toEqual({ 1: p[0], 2: p[1] });
  });
});
