import { describe, expect, it } from 'vitest';
import { UserError } from '../../src/core/errors.js';
import { parseGrid } from '../../src/sweep/grid.js';

describe('threshold grids', () => {
  it('give the doubles nearest to their decimals', () => {
    const decimals = Array.from({ length: 19 }, (_, k) => Number(((k + 1) * 0.05).toFixed(2)));
    expect(parseGrid('0.05:0.95:0.05')).toEqual(decimals);
    expect(parseGrid('.1:.3:.1')).toEqual([0.1, 0.2, 0.3]);
    expect(parseGrid('0.001:0.999:0.001')).toHaveLength(999);
  });

  it('stop before a high end that the steps do not reach', () => {
    expect(parseGrid('0.1:0.35:0.1')).toEqual([0.1, 0.2, 0.3]);
    expect(parseGrid('0.5:0.5:0.1')).toEqual([0.5]);
  });

  it('may be lists, which are sorted and lose duplicates', () => {
    expect(parseGrid('0.5')).toEqual([0.5]);
    expect(parseGrid('0.7, 0.25,0.7')).toEqual([0.25, 0.7]);
  });

  for (const text of ['0:0.9:0.1', '0.1:1:0.1', '-0.1', '1', '0', '1.5', '', 'half', '1e-3', '0.1:', 'NaN', '0,5']) {
    it(`refuse '${text}', which is not between 0 and 1`, () => {
      expect(() => parseGrid(text)).toThrow(UserError);
    });
  }

  it('refuse ranges that go nowhere, backwards, or on for ever', () => {
    expect(() => parseGrid('0.1:0.9:0')).toThrow('not above 0');
    expect(() => parseGrid('0.9:0.1:0.1')).toThrow('runs backwards');
    expect(() => parseGrid('0.1:0.9')).toThrow('not a threshold grid');
    expect(() => parseGrid('0.1:0.9:0.1:0.1')).toThrow('not a threshold grid');
    expect(() => parseGrid('0.1:0.9:0.000001')).toThrow('800001 values');
  });
});
