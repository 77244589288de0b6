import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { dealt } from '../../src/run/order.js';

describe('dealt', () => {
  it('gives every worker its share of the long ones', () => {
    expect(dealt(['1', '2', '3', '4', '5', '6'], 2, 2)).toEqual(['1', '3', '2', '4', '5', '6']);
    expect(dealt(['1', '2', '3', '4', '5'], 2, 3)).toEqual(['1', '3', '5', '2', '4']);
  });

  it('changes nothing for one lane each or one worker, and never loses a conversation', () => {
    const ids = fc.uniqueArray(fc.string(), { maxLength: 30 });
    const count = fc.integer({ min: 1, max: 8 });
    fc.assert(
      fc.property(ids, count, count, (all, workers, lanes) => {
        expect(dealt(all, workers, 1)).toEqual(all);
        expect(dealt(all, 1, lanes)).toEqual(all);
        expect(dealt(all, workers, lanes).toSorted()).toEqual(all.toSorted());
      }),
    );
  });
});
