/**
 * From the additive counts of each conversation to the numbers of a run: values from sums, 95 % intervals from
 * resampling conversations. All intervals of a run use the same seeded resamples.
 */

import { byState, type Counts, type TaskCounts } from '../core/counts.js';
import type { Task } from '../core/events.js';
import { sumCounts } from '../score/counts.js';
import { aucOf, averagePrecisionOf, type FloorHistogram, sumHistograms } from '../score/histogram.js';
import { histogramStatistics } from '../score/histogram-statistics.js';
import { balanced, ENDPOINT_LEVELS, type Percentiles, ratesOf, taskRates } from '../score/rates.js';
import { quotient, RATIOS, type Ratio, type RatioName, stateRatio } from '../score/ratios.js';
import { drawResamples } from '../stats/bootstrap.js';
import { functionOfSums, pooledPercentiles, type Statistic } from '../stats/statistic.js';
import { type Interval, intervalOf, ratioStatistic, taskIntervals } from './intervals.js';
import type { SweepRow, TaskScore, Totals } from './schema.js';

/**
 * @param list one per conversation.
 * @param audioS audio behind the counts, one channel pair counted once, s.
 * @param histograms of P(floor), one per conversation; null for models that answer bits.
 * @param seed of the bootstrap.
 * @param deployed the counts of the same events at the times at which they would have left live; null without them.
 */
export function totalsOf(
  list: readonly Counts[],
  audioS: number,
  histograms: readonly FloorHistogram[] | null,
  seed: number,
  deployed: readonly Counts[] | null = null,
): Totals {
  const sum = sumCounts(list);
  const rates = ratesOf(sum);
  const resamples = drawResamples(list.length, seed);
  const interval = (statistic: Statistic): Interval => intervalOf(resamples, statistic);
  const ratioIntervalOf = (ratioOf: (counts: Counts) => Ratio): Interval => interval(ratioStatistic(list.map(ratioOf)));
  const ratioInterval = (name: RatioName): Interval => ratioIntervalOf(RATIOS[name]);

  const task = (name: Task): Totals['eot'] => ({
    ...taskScore(sum[name]),
    false_alarms_per_hour: rates[name].falseAlarmsPerHour ?? null,
    intervals: {
      ...taskIntervals(
        resamples,
        list.map((counts) => counts[name]),
      ),
      false_alarms_per_hour: ratioInterval(`${name}FalseAlarmsPerHour`),
    },
  });

  const floor = (): Totals['floor'] => {
    const sensitivity = list.map(RATIOS.floorRecall);
    const specificity = list.map(RATIOS.floorSpecificity);
    const columns = [sensitivity, specificity].flatMap((ratios) => [
      ratios.map(({ numerator }) => numerator),
      ratios.map(({ denominator }) => denominator),
    ]);
    const { floor: value } = rates;
    const pooled = histograms && sumHistograms(histograms);
    const curves = histograms && histogramStatistics(histograms);
    return {
      confusion: value.confusion,
      accuracy: value.accuracy ?? null,
      balanced_accuracy: value.balancedAccuracy ?? null,
      precision: value.precision ?? null,
      recall: value.recall ?? null,
      f1: value.f1 ?? null,
      accuracy_by_state: byState((state) => value.accuracyByState[state] ?? null),
      hold_accuracy: value.holdAccuracy ?? null,
      holds: sum.holds.total,
      shift_accuracy: value.shiftAccuracy ?? null,
      shifts: sum.shifts.total,
      flips_per_minute: value.flipsPerMinute ?? null,
      auc: (pooled && aucOf(pooled)) ?? null,
      average_precision: (pooled && averagePrecisionOf(pooled)) ?? null,
      intervals: {
        accuracy: ratioInterval('floorAccuracy'),
        balanced_accuracy: interval(
          functionOfSums(columns, ([tp = 0, positives = 0, tn = 0, negatives = 0]) =>
            balanced(quotient(tp, positives), quotient(tn, negatives)),
          ),
        ),
        precision: ratioInterval('floorPrecision'),
        recall: ratioInterval('floorRecall'),
        f1: ratioInterval('floorF1'),
        accuracy_by_state: byState((state) => ratioIntervalOf((counts) => stateRatio(counts, state))),
        hold_accuracy: ratioInterval('holdAccuracy'),
        shift_accuracy: ratioInterval('shiftAccuracy'),
        flips_per_minute: ratioInterval('flipsPerMinute'),
        auc: curves && interval(curves.auc),
        average_precision: curves && interval(curves.averagePrecision),
      },
    };
  };

  const endpoint = (): Totals['endpoint'] => {
    const latencies = list.map((counts) => counts.endpoint.latenciesMs);
    const [ep50_ms = null, ep90_ms = null, ep99_ms = null] = pooledPercentiles(latencies, ENDPOINT_LEVELS).map(
      interval,
    );
    return {
      anchors: rates.endpoint.anchors,
      cut_offs: sum.endpoint.cutOffs,
      missed: sum.endpoint.missed,
      cutoff_rate: rates.endpoint.cutoffRate ?? null,
      ep50_ms: rates.endpoint.ep50Ms ?? null,
      ep90_ms: rates.endpoint.ep90Ms ?? null,
      ep99_ms: rates.endpoint.ep99Ms ?? null,
      intervals: { cutoff_rate: ratioInterval('cutoffRate'), ep50_ms, ep90_ms, ep99_ms },
    };
  };

  return {
    conversations: list.length,
    audio_hours: audioS / 3600,
    eot: task('eot'),
    int: task('int'),
    floor: floor(),
    endpoint: endpoint(),
    deployed: deployed && deployedTotals(deployed, seed),
  };
}

function deployedTotals(list: readonly Counts[], seed: number): Totals['deployed'] {
  const { eot, int, endpoint } = totalsOf(list, 0, null, seed);
  return { eot, int, endpoint };
}

/** Counts, rates and latency percentiles of one task, as `score` prints them. */
export function taskScore(counts: TaskCounts): TaskScore {
  const { recall, fpRate, latencyMs } = taskRates(counts);
  return {
    tp: counts.tp,
    fn: counts.fn,
    fp: counts.fp,
    tn: counts.tn,
    recall: recall ?? null,
    fp_rate: fpRate ?? null,
    latency_ms: percentilesOrNull(latencyMs),
  };
}

/** @param list the counts of each conversation at this threshold. */
export function sweepRow(threshold: number, list: readonly Counts[]): SweepRow {
  const sum = sumCounts(list);
  const rates = ratesOf(sum);
  const eot = taskColumns(taskScore(sum.eot));
  const int = taskColumns(taskScore(sum.int));
  return {
    threshold,
    eot_recall: eot.recall,
    eot_fp_rate: eot.fp_rate,
    eot_latency_p10_ms: eot.p10,
    eot_latency_p50_ms: eot.p50,
    eot_latency_p90_ms: eot.p90,
    eot_tp: eot.tp,
    eot_fn: eot.fn,
    eot_fp: eot.fp,
    eot_tn: eot.tn,
    int_recall: int.recall,
    int_fp_rate: int.fp_rate,
    int_latency_p10_ms: int.p10,
    int_latency_p50_ms: int.p50,
    int_latency_p90_ms: int.p90,
    int_tp: int.tp,
    int_fn: int.fn,
    int_fp: int.fp,
    int_tn: int.tn,
    floor_accuracy: rates.floor.accuracy ?? null,
    floor_balanced_accuracy: rates.floor.balancedAccuracy ?? null,
    floor_f1: rates.floor.f1 ?? null,
    cutoff_rate: rates.endpoint.cutoffRate ?? null,
    ep50_ms: rates.endpoint.ep50Ms ?? null,
    ep90_ms: rates.endpoint.ep90Ms ?? null,
  };
}

function percentilesOrNull({ p10, p50, p90 }: Percentiles): TaskScore['latency_ms'] {
  return { p10: p10 ?? null, p50: p50 ?? null, p90: p90 ?? null };
}

function taskColumns({ latency_ms, ...score }: TaskScore) {
  return { ...score, ...latency_ms };
}
