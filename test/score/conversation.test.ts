import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ConversationEvents } from '../../src/core/events.js';
import { eventsOf, floorFromBits, floorsFromProbability } from '../../src/decide/floor.js';
import { prepareConversation, scoreConversation } from '../../src/score/conversation.js';
import { scoreTask } from '../../src/score/match.js';
import { scoreFloors, sweepFloors } from '../../src/sweep/floors.js';
import { eventTimes, goldOf, goldWorlds } from '../helpers/gold.js';

describe('a conversation at one operating point', () => {
  //           0    0.2       0.6  0.8         1.2  1.4       1.8  2.0 s
  // gold 1    .    |==turn==|pause|====turn====|gap .    .    .
  // gold 2    .    .        .     .            .    |=turn====|    .
  // model 1   .    |######################|    1.1: 0.1 s early
  // model 2   .    .        .     .   |#|      1.0–1.1: jumps in, out again
  const gold = goldOf(
    [
      [0.2, 0.6],
      [0.8, 1.2],
    ],
    [[1.4, 1.8]],
  );
  const bits = (fromStep: number, toStep: number) => floorFromBits(new Uint8Array(100).fill(1, fromStep, toStep));
  const floors = { 1: bits(10, 55), 2: bits(50, 55) };

  it('is counted by hand', () => {
    const prepared = prepareConversation(gold, 100);
    const counts = scoreFloors(prepared, floors);
    // EOT events at the end of step 55: speaker 1 at 1.12 (anchor 1.2, window from 0.95), speaker 2 at 1.12 (anchor
    // 1.8, not before 1.55, and before the turn that starts at 1.4: missed). INT events at 0.22 and 1.02: speaker 1
    // is taken by surprise at 1.02 (a false alarm in her speech); at 0.22 nobody else is talking.
    expect(counts).toEqual({
      eot: { tp: 1, fn: 1, fp: 0, tn: 1, latenciesMs: [(1.12 - 1.2) * 1000] },
      int: { tp: 0, fn: 0, fp: 0, tn: 0, latenciesMs: [] },
      endpoint: { cutOffs: 0, missed: 1, latenciesMs: [(1.12 - 1.2) * 1000] },
      falseAlarms: { eot: 0, int: 1 },
      speechS: 1.2,
      floor: {
        // pass 1: 40 steps of turn, 35 held; pass 2: 20 steps of turn, none held
        subject: { held: 35, released: 25 },
        overlap: { held: 0, released: 0 },
        pause: { held: 10, released: 0 },
        // pass 1: 20 steps, none held; pass 2: 40 steps, 5 held
        other: { held: 5, released: 55 },
        gap: { held: 0, released: 20 },
        // pass 1: 10 + 10; pass 2 also speaker 1's pause
        silence: { held: 0, released: 50 },
      },
      holds: { total: 1, kept: 1 },
      shifts: { total: 1, released: 1 },
      flips: 4,
      passS: 4,
    });
  });

  it('counts nothing of the floor when there are only events', () => {
    const events = { 1: eventsOf(floors[1]), 2: eventsOf(floors[2]) };
    const counts = scoreConversation(prepareConversation(gold), events);
    const whole = scoreFloors(prepareConversation(gold, 100), floors);
    expect(counts).toMatchObject({ eot: whole.eot, int: whole.int, endpoint: whole.endpoint, speechS: 1.2 });
    expect(counts).toMatchObject({ falseAlarms: whole.falseAlarms, holds: { total: 0 }, flips: 0, passS: 0 });
  });
});

describe('a conversation, whatever it is', () => {
  const times = fc.tuple(eventTimes(), eventTimes());
  const events: fc.Arbitrary<ConversationEvents> = fc
    .tuple(times, times)
    .map(([first, second]) => ({ 1: { eot: first[0], int: first[1] }, 2: { eot: second[0], int: second[1] } }));

  it('has the event counts of its tasks, and an endpoint for every anchor', () => {
    fc.assert(
      fc.property(goldWorlds(), events, (gold, said) => {
        const counts = scoreConversation(prepareConversation(gold), said);
        expect(counts.eot).toEqual(scoreTask(gold.eot, { 1: said[1].eot, 2: said[2].eot }));
        expect(counts.int).toEqual(scoreTask(gold.int, { 1: said[1].int, 2: said[2].int }));
        const { cutOffs, missed, latenciesMs } = counts.endpoint;
        expect(cutOffs + missed + latenciesMs.length).toBe(gold.eot.positives.length);
      }),
    );
  });

  const track = fc
    .array(fc.integer({ min: 0, max: 20 }), { minLength: 50, maxLength: 50 })
    // Each answer holds for half a second.
    .map((answers) => Float64Array.from({ length: 1250 }, (_, step) => answers[Math.floor(step / 25)]! / 20));

  it('scores many thresholds like each threshold by itself', () => {
    fc.assert(
      fc.property(goldWorlds(), track, track, (gold, first, second) => {
        const thresholds = [0.05, 0.25, 0.5, 0.51, 0.95];
        const prepared = prepareConversation(gold, 1250);
        const counts = sweepFloors(prepared, {
          1: floorsFromProbability(first, thresholds),
          2: floorsFromProbability(second, thresholds),
        });
        const separate = thresholds.map((threshold) => {
          const floor = (p: Float64Array) => floorFromBits(Uint8Array.from(p, (value) => (value > threshold ? 1 : 0)));
          return scoreFloors(prepareConversation(gold, 1250), { 1: floor(first), 2: floor(second) });
        });
        expect(counts).toEqual(separate);
      }),
      { numRuns: 50 },
    );
  });

  it('loses no step: held and released add up to what is scored', () => {
    fc.assert(
      fc.property(goldWorlds(), track, (gold, pFloor) => {
        const prepared = prepareConversation(gold, 1250);
        const [floor] = floorsFromProbability(pFloor, [0.5]);
        const { floor: states } = scoreFloors(prepared, { 1: floor!, 2: floor! });
        const steps = Object.values(states).reduce((sum, { held, released }) => sum + held + released, 0);
        expect(steps).toBe(2500);
      }),
    );
  });
});
