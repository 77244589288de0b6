import type { Counts } from '../../src/core/counts.js';
import type { FigureRun } from '../../src/report/figures/run.js';
import { countsToDisk } from '../../src/result/counts.js';
import type { ConversationRow } from '../../src/result/schema.js';
import { summarise } from '../../src/run/summarise.js';
import { zeroCounts } from '../../src/score/counts.js';
import { runHeader } from './run-header.js';

/** Of ten ends of turn and ten pauses: what one threshold finds. */
export function eotCounts(found: number, falseOnes: number, latencyMs: number): Counts {
  return {
    ...zeroCounts(),
    eot: { tp: found, fn: 10 - found, fp: falseOnes, tn: 10 - falseOnes, latenciesMs: Array(found).fill(latencyMs) },
    endpoint: { cutOffs: falseOnes, missed: 0, latenciesMs: Array(10 - falseOnes).fill(latencyMs) },
  };
}

/** A run over two equal conversations that was swept over 0.1, 0.2, … and scored at the last threshold. */
export function figureRun(
  model: string,
  points: readonly Counts[],
  tags: Record<string, string>[] = [{}, {}],
): FigureRun {
  const { spec } = runHeader();
  const thresholds = points.map((_, i) => (i + 1) / 10);
  const rows = tags.map((tagsOfRow, i) => conversation(String(i + 1), points, tagsOfRow));
  const swept = { ...spec, model: { ...spec.model, name: model }, sweep_thresholds: thresholds };
  const { sweep, operating_points, totals } = summarise(rows, swept, 1);
  return { header: runHeader({ spec: swept, totals, sweep, operating_points }), rows };
}

function conversation(id: string, points: readonly Counts[], tags: Record<string, string>): ConversationRow {
  return {
    conversation_id: id,
    status: 'ok',
    tags,
    duration_s: 60,
    counts: countsToDisk(points.at(-1)!),
    sweep: points.map(countsToDisk),
    floor_histogram: null,
    events: { speaker_1: { eot: [], interruption: [] }, speaker_2: { eot: [], interruption: [] } },
    floor: null,
    answered: 'p_floor',
    unknown_labels: {},
    timing: { compute_s: 0.1, wall_s: 0.1 },
    deployed: null,
  };
}
