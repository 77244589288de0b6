import { describe, expect, it } from 'vitest';
import { groupsByTag, tagRate } from '../../src/report/by-tag.js';
import { eotCounts, figureRun } from '../helpers/figure-run.js';

const POINTS = [eotCounts(8, 2, 100)];

function groups(...tags: Record<string, string>[]): [string, string, number][] {
  return groupsByTag(figureRun('one', POINTS, tags).rows).map(({ tag, value, counts }) => [tag, value, counts.length]);
}

describe('results by tag', () => {
  it('group conversations by value, in natural order', () => {
    const tags = [{ room: '10' }, { room: '9' }, { room: '10' }, {}];
    expect(groups(...tags)).toEqual([
      ['room', '9', 1],
      ['room', '10', 2],
    ]);
  });

  it('leave out a tag that divides nothing, or everything but the type of the conversation', () => {
    const tags = ['1', '2', '3'].map((id) => ({ id, same: 'x', conversation_type: `type ${id}` }));
    expect(groups(...tags).map(([tag]) => tag)).toEqual(Array(3).fill('conversation_type'));
  });

  it('leave out a tag with very many values', () => {
    expect(groups(...Array.from({ length: 40 }, (_, i) => ({ minute: String(i % 17) })))).toEqual([]);
  });

  it('take names for what they are', () => {
    expect(groups({ constructor: 'a' }, { constructor: 'b' }, { constructor: 'b' }, {})).toHaveLength(2);
  });

  it('give a rate over sums with an interval over conversations, none of one', () => {
    const [a, b] = groupsByTag(figureRun('one', POINTS, [{ k: 'a' }, { k: 'b' }, { k: 'b' }]).rows);
    expect(tagRate(b!.counts, 'eotRecall', 1)).toMatchObject({ numerator: 16, denominator: 20, rate: 0.8 });
    expect(tagRate(b!.counts, 'eotRecall', 1).interval).toEqual([0.8, 0.8]);
    expect(tagRate(a!.counts, 'eotFpRate', 1)).toMatchObject({ rate: 0.2, interval: undefined });
    expect(tagRate(a!.counts, 'intRecall', 1).rate).toBeUndefined();
  });
});
