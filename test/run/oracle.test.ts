import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { oracleEvents } from '../../src/run/oracle.js';
import { prepareConversation, scoreConversation } from '../../src/score/conversation.js';
import { goldOf, goldWorlds, INTERRUPTION } from '../helpers/gold.js';

describe('the oracle', () => {
  it('commits the gold events of each speaker, ascending, each once', () => {
    // speaker 1:  |--turn--|2     |--turn--|6         speaker 2 interrupts at 5
    const gold = goldOf(
      [
        [1, 2],
        [4, 6],
      ],
      [
        [2.5, 3],
        [5, 7, INTERRUPTION],
      ],
    );
    expect(oracleEvents(gold)).toEqual({ 1: { eot: [2, 6], int: [] }, 2: { eot: [3, 7], int: [5] } });
  });

  it('misses nothing but a second event at one moment and what lies where nobody looks', () => {
    fc.assert(
      fc.property(goldWorlds(), (gold) => {
        const counts = scoreConversation(prepareConversation(gold), oracleEvents(gold));
        for (const task of ['eot', 'int'] as const) {
          const { positives, excluded } = gold[task];
          const seen = positives.filter(
            ({ speaker, timeS }) =>
              !excluded.some((span) => span.speaker === speaker && span.startS <= timeS && timeS <= span.endS),
          );
          expect(counts[task].tp).toBe(new Set(seen.map(({ speaker, timeS }) => `${speaker} ${timeS}`)).size);
          if (counts[task].fn === 0) expect(new Set(counts[task].latenciesMs)).toEqual(new Set(positives.map(() => 0)));
        }
      }),
    );
  });
});
