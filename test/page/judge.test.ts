/** Judging in the page, from packed data, is judging in memory: the same events, counts and verdicts. */

import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { perSpeaker } from '../../src/core/speaker.js';
import { floorsFromProbability } from '../../src/decide/floor.js';
import { LevelWalk } from '../../src/decide/levels.js';
import { judge, judgedOf } from '../../src/page/judge.js';
import { conversationData } from '../../src/report/html/page-data.js';
import { floorToDisk } from '../../src/result/floor.js';
import { prepareConversation } from '../../src/score/conversation.js';
import { scoreFloors } from '../../src/sweep/floors.js';
import { goldWorlds } from '../helpers/gold.js';

const THRESHOLDS = [0.1, 0.25, 0.5, 0.8];
const STEPS = 40 * 50;
const NO_EVENTS = { speaker_1: { eot: [], interruption: [] }, speaker_2: { eot: [], interruption: [] } };

/** P(floor) that stays for a while and then jumps, on and beside the thresholds. */
const tracks = fc
  .array(fc.tuple(fc.constantFrom(0, 0.1, 0.2, 0.25, 0.4, 0.5, 0.7, 0.8, 1), fc.integer({ min: 1, max: 60 })), {
    minLength: 1,
    maxLength: 60,
  })
  .map((pieces) => {
    const track = new Float64Array(STEPS);
    let step = 0;
    for (const [p, length] of pieces) {
      track.fill(p, step, step + length);
      step += length;
    }
    return track;
  });

describe('judging a conversation in the page', () => {
  it('gives what the evaluation gives at every threshold', () => {
    fc.assert(
      fc.property(goldWorlds(), tracks, tracks, (gold, first, second) => {
        const pFloor = { 1: first, 2: second };
        const levels = perSpeaker((speaker) => {
          const walk = new LevelWalk(THRESHOLDS, STEPS);
          walk.push(pFloor[speaker]);
          return walk.track;
        });
        const portrait = { id: '1', tags: {}, durationS: STEPS / 50, gold };
        const data = conversationData(portrait, [{ events: NO_EVENTS, floor: floorToDisk(levels) }]);
        const judged = judgedOf(JSON.parse(JSON.stringify(data)));
        const prepared = prepareConversation(gold, STEPS);
        for (const threshold of THRESHOLDS) {
          const floors = perSpeaker((speaker) => floorsFromProbability(pFloor[speaker], [threshold])[0]!);
          expect(judge(judged, 0, threshold)?.scored?.counts).toEqual(scoreFloors(prepared, floors));
        }
      }),
      { numRuns: 40 },
    );
  });

  it('shows what a run committed at its own threshold, where interruptions may have had another', () => {
    const levels = perSpeaker(() => new LevelWalk(THRESHOLDS, STEPS).track);
    const events = { ...NO_EVENTS, speaker_1: { eot: [], interruption: [0.5] } };
    const judged = judgedOf(
      conversationData({ id: '1', tags: {}, durationS: 6 }, [{ events, floor: floorToDisk(levels) }]),
    );
    const [own, other] = THRESHOLDS as [number, number];
    expect(judge(judged, 0, own, own)?.events[1].int).toEqual([0.5]);
    expect(judge(judged, 0, other, own)?.events[1].int).toEqual([]);
  });

  it('takes the events of a source without a floor as they are', () => {
    const events = { ...NO_EVENTS, speaker_1: { eot: [2.5], interruption: [0.5] } };
    const data = conversationData({ id: '1', tags: {}, durationS: 6 }, [{ events, floor: null }, null]);
    const judged = judgedOf(data);
    expect(judge(judged, 0, null)).toEqual({
      events: { 1: { eot: [2.5], int: [0.5] }, 2: { eot: [], int: [] } },
      floors: null,
      scored: null,
    });
    expect(judge(judged, 1, null)).toBeNull();
  });
});
