import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { HEADLINE_METRICS, METRIC_NAMES, METRICS } from '../../src/compare/metrics.js';
import { SWEEP_COLUMNS } from '../../src/result/schema.js';
import { sweepRow } from '../../src/result/totals.js';
import { sumCounts } from '../../src/score/counts.js';
import { ratesOf } from '../../src/score/rates.js';
import { estimate } from '../../src/stats/bootstrap.js';
import { anyCounts } from '../helpers/counts.js';

describe('the metrics that runs are compared by', () => {
  it('have the values of the totals of a run', () => {
    fc.assert(
      fc.property(fc.array(anyCounts(), { minLength: 1, maxLength: 4 }), (list) => {
        const row = sweepRow(0.5, list);
        const rates = ratesOf(sumCounts(list));
        const values = Object.fromEntries(
          METRICS.map(({ name, statistic }) => [name, estimate(list.length, statistic(list)) ?? null]),
        );
        for (const name of METRIC_NAMES.filter((metric) => SWEEP_COLUMNS.includes(metric as never))) {
          expect(values[name], name).toEqual(closeTo(row[name as 'eot_recall']));
        }
        expect(values.ep90_ms).toEqual(closeTo(rates.endpoint.ep90Ms ?? null));
        expect(values.hold_accuracy).toEqual(closeTo(rates.floor.holdAccuracy ?? null));
        expect(values.shift_accuracy).toEqual(closeTo(rates.floor.shiftAccuracy ?? null));
        expect(values.flips_per_minute).toEqual(closeTo(rates.floor.flipsPerMinute ?? null));
        expect(values.int_false_alarms_per_hour).toEqual(closeTo(rates.int.falseAlarmsPerHour ?? null));
      }),
      { numRuns: 50 },
    );
  });

  it('have names of their own, and headlines among them', () => {
    expect(new Set(METRIC_NAMES).size).toBe(METRIC_NAMES.length);
    expect(HEADLINE_METRICS.filter((name) => !METRIC_NAMES.includes(name))).toEqual([]);
  });

  it('are worse when lower exactly where more is asked for', () => {
    const higher = METRICS.filter(({ better }) => better === 'higher').map(({ name }) => name);
    expect(higher.filter((name) => !/recall|accuracy|f1/.test(name))).toEqual([]);
    expect(higher).toHaveLength(7);
  });
});

/** Sums of seconds are rounded to whole milliseconds in totals, and not within a resample. */
function closeTo(value: number | null): unknown {
  return value === null ? null : expect.closeTo(value, 6);
}
