import { describe, expect, it } from 'vitest';
import { METRIC_NAMES } from '../../src/compare/metrics.js';
import { allowedLoss, parseTolerances, toleranceText } from '../../src/compare/tolerance.js';

describe('a tolerance', () => {
  it('is a number in the unit of the metric, or a share of the reference', () => {
    expect(parseTolerances(['eot_recall=0.01', 'ep50_ms=10%', 'cutoff_rate=0'], METRIC_NAMES)).toEqual({
      eot_recall: { absolute: 0.01 },
      ep50_ms: { relative: 0.1 },
      cutoff_rate: { absolute: 0 },
    });
  });

  it('allows a share of the size of the reference, which may be negative', () => {
    expect(allowedLoss({ relative: 0.1 }, 200)).toBe(20);
    expect(allowedLoss({ relative: 0.1 }, -50)).toBe(5);
    expect(allowedLoss({ absolute: 20 }, -50)).toBe(20);
  });

  it('is written as it was given', () => {
    for (const text of ['0.02', '10%', '0%', '7.5%']) {
      expect(toleranceText(parseTolerances([`ep50_ms=${text}`], METRIC_NAMES).ep50_ms!)).toBe(text);
    }
  });

  it('names what is wrong with it', () => {
    const parse = (text: string) => () => parseTolerances([text], METRIC_NAMES);
    expect(parse('eot_recal=0.1')).toThrow("there is no metric 'eot_recal': did you mean 'eot_recall'?");
    for (const value of ['', 'x', '-1', '1e999', '%', 'NaN%']) {
      expect(parse(`eot_recall=${value}`), value).toThrow(`'${value}' is no tolerance`);
    }
    expect(parse('eot_recall')).toThrow("'' is no tolerance");
  });
});
