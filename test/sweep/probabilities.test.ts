import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commitEvents } from '../../src/decide/commit.js';
import { scoreTask } from '../../src/score/match.js';
import { sweepProbabilities } from '../../src/sweep/probabilities.js';
import { goldWorlds } from '../helpers/gold.js';

describe('the sweep of a probability file', () => {
  const track = fc
    .array(fc.integer({ min: 0, max: 10 }), { minLength: 300, maxLength: 300 })
    .map((values) => Float64Array.from(values, (value) => value / 10));
  const conversation = fc.record({ gold: goldWorlds(), prob: fc.record({ 1: track, 2: track }) });
  const options = { task: 'eot', frameRateHz: 10, thresholds: [0.2, 0.5, 0.8] } as const;

  it('at a threshold equals scoring the events committed at that threshold', () => {
    fc.assert(
      fc.property(conversation, ({ gold, prob }) => {
        const rows = sweepProbabilities([{ gold, prob }], options);
        for (const [k, threshold] of options.thresholds.entries()) {
          const events = {
            1: commitEvents(prob[1], 10, threshold, 2),
            2: commitEvents(prob[2], 10, threshold, 2),
          };
          const { tp, fp, fn } = scoreTask(gold.eot, events);
          expect(rows[k]).toMatchObject({ threshold, tp, fp, fn });
        }
      }),
      { numRuns: 50 },
    );
  });

  it('does not depend on the order of conversations', () => {
    fc.assert(
      fc.property(fc.array(conversation, { maxLength: 3 }), (conversations) => {
        const backwards = sweepProbabilities(conversations.toReversed(), options);
        expect(backwards).toEqual(sweepProbabilities(conversations, options));
      }),
      { numRuns: 50 },
    );
  });
});
