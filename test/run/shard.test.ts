import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { divide } from '../../src/run/shard.js';

const conversations = fc
  .array(fc.double({ min: 0, max: 1000, noNaN: true }), { minLength: 1, maxLength: 40 })
  .map((durations) => durations.map((durationS, i) => ({ id: `c${i}`, durationS })));
const counts = fc.integer({ min: 1, max: 12 });

function of(...durations: readonly number[]) {
  return durations.map((durationS, i) => ({ id: String(i + 1), durationS }));
}

describe('dividing conversations among shards', () => {
  it('gives the longest to whoever has least', () => {
    // 9 | 7 | 4 4 1 after the first round; then 3 goes to 4+3=7, and so on.
    expect(divide(of(4, 9, 7, 3, 1), 3)).toEqual([['2'], ['3', '5'], ['1', '4']]);
  });

  it('takes conversations of equal length in order', () => {
    expect(divide(of(5, 5, 5, 5), 2)).toEqual([
      ['1', '3'],
      ['2', '4'],
    ]);
  });

  it('leaves no shard empty, even of conversations without length', () => {
    expect(divide(of(0, 0, 0), 3)).toEqual([['1'], ['2'], ['3']]);
  });

  it('puts every conversation into exactly one shard, in the order given', () => {
    fc.assert(
      fc.property(conversations, counts, (all, count) => {
        const shards = divide(all, count);
        const places = new Map(all.map(({ id }, i) => [id, i]));
        expect(shards).toHaveLength(count);
        expect(shards.flat().sort()).toEqual(all.map(({ id }) => id).sort());
        for (const shard of shards) {
          const order = shard.map((id) => places.get(id)!);
          expect(order).toEqual(order.toSorted((a, b) => a - b));
        }
        expect(shards.filter((shard) => shard.length === 0)).toHaveLength(Math.max(0, count - all.length));
      }),
    );
  });

  it('keeps shards within the longest conversation of each other', () => {
    fc.assert(
      fc.property(conversations, counts, (all, count) => {
        const durations = new Map(all.map(({ id, durationS }) => [id, durationS]));
        const totals = divide(all, count).map((ids) => ids.reduce((sum, id) => sum + durations.get(id)!, 0));
        const longest = Math.max(...durations.values());
        expect(Math.max(...totals) - Math.min(...totals)).toBeLessThanOrEqual(longest + 1e-6);
      }),
    );
  });
});
