import { describe, expect, it } from 'vitest';
import { duration, milliseconds, perTime, rate, realTimeFactor, threshold } from '../../src/report/numbers.js';

describe('numbers for people', () => {
  it('writes a rate with three decimals and its interval without leading zeros', () => {
    expect(rate(0.8714)).toBe('0.871');
    expect(rate(0.871, [0.842, 0.8969])).toBe('0.871 [.842–.897]');
    expect(rate(1, [0.95, 1])).toBe('1.000 [.950–1.000]');
  });

  it('never shows a zero where there was nothing to measure', () => {
    expect([rate(null), milliseconds(null), perTime(null)]).toEqual(['—', '—', '—']);
    expect([rate(0), milliseconds(0), perTime(0)]).toEqual(['0.000', '0', '0.0']);
  });

  it('writes whole milliseconds, negative for early ones, and no negative zero', () => {
    expect(milliseconds(339.6, [-20.4, 360])).toBe('340 [-20–360]');
    expect(milliseconds(-0.2)).toBe('0');
  });

  it('keeps a threshold as it was asked for and does not round a quantile away', () => {
    expect(threshold(0.05)).toBe('0.05');
    expect(threshold(0.5)).toBe('0.50');
    expect(threshold(0.9224)).toBe('0.9224');
  });

  it('picks a unit for a duration', () => {
    expect([duration(4.25), duration(90), duration(1440), duration(26_280)]).toEqual([
      '4.3 s',
      '90 s',
      '24.0 min',
      '7.3 h',
    ]);
  });

  it('gives a real-time factor two significant digits', () => {
    expect([realTimeFactor(0.0183), realTimeFactor(0.00012), realTimeFactor(1.5), realTimeFactor(0)]).toEqual([
      '0.018',
      '0.00012',
      '1.50',
      '0',
    ]);
  });
});
