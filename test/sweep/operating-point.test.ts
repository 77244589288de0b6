import { describe, expect, it } from 'vitest';
import { operatingPoint } from '../../src/sweep/operating-point.js';

interface Row {
  readonly threshold: number;
  readonly recall: number | undefined;
  readonly fpRate: number | undefined;
}

const row = (threshold: number, recall?: number, fpRate?: number): Row => ({ threshold, recall, fpRate });

function choose(...rows: Row[]): number | undefined {
  return operatingPoint(rows, 0.1, (candidate) => candidate)?.threshold;
}

describe('the operating point', () => {
  it('has the highest recall within the budget, which may be used up', () => {
    expect(choose(row(0.1, 0.9, 0.2), row(0.2, 0.8, 0.1), row(0.3, 0.7, 0))).toBe(0.2);
  });

  it('is the lowest threshold of equals', () => {
    expect(choose(row(0.1, 0.5, 0.3), row(0.2, 0.5, 0.1), row(0.3, 0.5, 0))).toBe(0.2);
  });

  it('does not exist when no row is within the budget', () => {
    expect(choose(row(0.1, 0.9, 0.2), row(0.2, 0.9))).toBeUndefined();
  });

  it('is the first row within the budget when there is no recall', () => {
    expect(choose(row(0.1, undefined, 0.2), row(0.2, undefined, 0), row(0.3, undefined, 0))).toBe(0.2);
  });
});
