import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { addCounts, sumCounts, zeroCounts } from '../../src/score/counts.js';
import { ratesOf } from '../../src/score/rates.js';
import { anyCounts } from '../helpers/counts.js';

describe('adding counts', () => {
  it('is associative to the bit, so that shards merge to the whole', () => {
    fc.assert(
      fc.property(anyCounts(), anyCounts(), anyCounts(), (a, b, c) => {
        expect(addCounts(addCounts(a, b), c)).toEqual(addCounts(a, addCounts(b, c)));
        expect(sumCounts([a, b, c])).toEqual(addCounts(addCounts(a, b), c));
      }),
    );
  });

  it('has zero as identity', () => {
    fc.assert(
      fc.property(anyCounts(), (counts) => {
        expect(addCounts(zeroCounts(), counts)).toEqual(counts);
        expect(addCounts(counts, zeroCounts())).toEqual(counts);
      }),
    );
  });

  it('depends on the order only in the order of latencies', () => {
    const conversations = fc.array(anyCounts(), { maxLength: 5 });
    fc.assert(
      fc.property(conversations, (list) => {
        const [forth, back] = [sumCounts(list), sumCounts(list.toReversed())];
        expect(ratesOf(back)).toEqual(ratesOf(forth));
        expect(back.eot.latenciesMs.toSorted()).toEqual(forth.eot.latenciesMs.toSorted());
        expect({ ...back.eot, latenciesMs: [] }).toEqual({ ...forth.eot, latenciesMs: [] });
      }),
    );
  });
});
