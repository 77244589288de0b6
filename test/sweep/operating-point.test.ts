import { describe, expect, it } from 'vitest';
import { operatingChoices, operatingPoint } from '../../src/sweep/operating-point.js';

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

interface FullRow extends Row {
  readonly latencyP50Ms: number | undefined;
  readonly cutoffRate: number | undefined;
}

const full = (
  threshold: number,
  recall: number,
  fpRate: number,
  latencyP50Ms?: number,
  cutoffRate?: number,
): FullRow => ({
  ...row(threshold, recall, fpRate),
  latencyP50Ms,
  cutoffRate,
});

function chooseAll(...rows: FullRow[]): (number | undefined)[] {
  const { recallFirst, latencyFirst, cutoffFirst } = operatingChoices(rows, 0.1, (candidate) => candidate);
  return [recallFirst, latencyFirst, cutoffFirst].map((choice) => choice?.threshold);
}

describe('the three choices within a budget', () => {
  it('may differ', () => {
    const rows = [full(0.1, 1, 0.1, 500, 0.3), full(0.2, 0.95, 0.05, 100, 0.2), full(0.3, 0.9, 0, 200, 0.1)];
    expect(chooseAll(...rows)).toEqual([0.1, 0.2, 0.3]);
  });

  it('give up at most a tenth of the recall: the fastest is not the one that hardly answers', () => {
    const rows = [full(0.1, 0.8, 0.1, 500, 0.3), full(0.2, 0.72, 0.1, 400, 0.2), full(0.3, 0.71, 0, 10, 0)];
    expect(chooseAll(...rows)).toEqual([0.1, 0.2, 0.2]);
  });

  it('stay within the budget', () => {
    expect(chooseAll(full(0.1, 1, 0.2, 10, 0), full(0.2, 1, 0.1, 500, 0.5))).toEqual([0.2, 0.2, 0.2]);
  });

  it('prefer the higher recall among equals, then the lower threshold', () => {
    const rows = [full(0.1, 0.95, 0, 100, 0.1), full(0.2, 1, 0, 100, 0.1), full(0.3, 1, 0, 100, 0.1)];
    expect(chooseAll(...rows)).toEqual([0.2, 0.2, 0.2]);
  });

  it('do not exist without a row in the budget, without latencies, or where nothing is found', () => {
    expect(chooseAll(full(0.1, 1, 0.5, 10, 0))).toEqual([undefined, undefined, undefined]);
    expect(chooseAll(full(0.1, 1, 0))).toEqual([0.1, undefined, undefined]);
    expect(chooseAll(full(0.1, 0, 0, undefined, 0))).toEqual([0.1, undefined, undefined]);
  });
});
