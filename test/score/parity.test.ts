import { describe, expect, it } from 'vitest';
import { TASKS } from '../../src/core/events.js';
import { frameCount } from '../../src/core/time.js';
import { buildGold } from '../../src/gold/build.js';
import { sumTaskCounts } from '../../src/score/counts.js';
import { scoreTask } from '../../src/score/match.js';
import { taskRates } from '../../src/score/rates.js';
import { bySpeaker, parity, readMicro, toAnnotations, toStoredScores, toTaskGold } from '../helpers/parity.js';

// Outputs of the public reference scorer, commit a87ffac; `toEqual` compares numbers with Object.is.

describe('scores against the public reference, to the last bit', () => {
  const micro = readMicro();

  it(`scores ${micro.score_task.length} single tasks`, () => {
    for (const [i, vector] of micro.score_task.entries()) {
      const gold = toTaskGold(vector.positive_events, vector.negative_spans, vector.excluded);
      const counts = scoreTask(gold, bySpeaker(vector.predicted));
      expect(toStoredScores(counts, taskRates(counts)), `vector ${i}`).toEqual(vector.expected);
    }
  });

  it(`counts the frames of ${micro.frame_count.length} durations`, () => {
    for (const [durationS, frameRateHz, frames] of micro.frame_count) {
      expect(frameCount(durationS, frameRateHz)).toBe(frames);
    }
  });

  for (const task of TASKS) {
    const scored = parity.conversations.map(({ annotations, predictions }) => {
      const predicted = bySpeaker(predictions);
      const key = task === 'eot' ? 'eot' : 'interruption';
      return scoreTask(buildGold(toAnnotations(annotations))[task], { 1: predicted[1][key], 2: predicted[2][key] });
    });

    it(`scores ${task.toUpperCase()} of ${scored.length} conversations`, () => {
      for (const [i, { conversation_id, kind, scores }] of parity.conversations.entries()) {
        const counts = scored[i]!;
        expect(toStoredScores(counts, taskRates(counts)), `${conversation_id} (${kind})`).toEqual(scores[task]);
      }
    });

    it(`adds up ${task.toUpperCase()} of all conversations`, () => {
      const total = sumTaskCounts(scored);
      expect(toStoredScores(total, taskRates(total))).toEqual(parity.aggregate[task]);
    });
  }
});
