import { describe, expect, it } from 'vitest';
import { conversationLine, renderPlan, renderSummary } from '../../src/report/summary.js';
import { countsToDisk } from '../../src/result/counts.js';
import type { RunHeader, TaskIntervals } from '../../src/result/schema.js';
import { sweepRow, totalsOf } from '../../src/result/totals.js';
import { zeroCounts } from '../../src/score/counts.js';
import { runHeader } from '../helpers/run-header.js';

const COUNTS = { ...zeroCounts(), eot: { tp: 3, fn: 1, fp: 1, tn: 4, latenciesMs: [20, 40, 60] } };

function summary(...headers: readonly RunHeader[]): string {
  return renderSummary(
    headers.map((header, i) => ({ header, folder: `results/run-${i + 1}`, reports: ['report.md'] })),
  );
}

function named(name: string, change: Partial<RunHeader> = {}): RunHeader {
  const { spec } = runHeader();
  return runHeader({ spec: { ...spec, model: { ...spec.model, name } }, ...change });
}

describe('the summary of an evaluation', () => {
  const totals = totalsOf([COUNTS, COUNTS], 120, null, 1);

  it('is one table over all models, aligned, with an interval and its rate, and where it was saved', () => {
    const text = summary(named('energy-vad', { totals }), named('./mine.mjs', { totals, operating_threshold: null }));
    const lines = text.split('\n');
    expect(lines[0]).toBe('tiny 1.0.0 (0123456789ab) · 2 conversations · 2.0 min');
    expect(lines[3]).toMatch(
      /^energy-vad +0\.50 +EOT +0\.750 \[\.750–\.750\] +0\.200 \[\.200–\.200\] +40 \[40–40\] +20 +60 +6 +2 +2 +8$/,
    );
    expect(lines[4]).toMatch(/^ +INT +— +— +— +— +— +0 +0 +0 +0$/);
    expect(lines[5]).toMatch(/^\.\/mine\.mjs +— +EOT /);
    expect(lines.filter((line) => line.startsWith('saved'))).toEqual([
      'saved  results/run-1/report.md',
      'saved  results/run-2/report.md',
    ]);
    expect(text).not.toMatch(/warning|failed|interrupted|NaN|undefined|null/);
  });

  it('shows the best threshold per task, or a dash', () => {
    const row = sweepRow(0.35, [COUNTS]);
    const eot: TaskIntervals = { recall: [0.5, 1], fp_rate: null, latency_ms: { p10: null, p50: [20, 60], p90: null } };
    const intervals = { eot, int: null, cutoff_rate_at_ep50_160_ms: null };
    const operating_points = { fp_budget: 0.2, eot: row, int: null, cutoff_rate_at_ep50_160_ms: null, intervals };
    const text = summary(runHeader({ totals, sweep: [row], operating_points }));
    expect(text).toContain('best thresholds with a false-positive rate of at most 0.2\n');
    expect(text).toMatch(/^energy-vad +EOT +highest recall +0\.35 +0\.750 \[\.500–1\.000\] +0\.200 +40 \[20–60\] +—$/m);
    expect(text).toMatch(/^ +INT +— +— +— +— +—$/m);
  });

  it('says how much was scored when it is not everything, and of one conversation in the singular', () => {
    const { spec } = runHeader();
    const one = totalsOf([COUNTS], 60, null, 1);
    expect(summary(runHeader({ totals: one }))).toMatch(/· 1 of 2 conversations · 60 s\n/);
    const single = { ...spec, dataset: { ...spec.dataset, ids: ['1'] } };
    expect(summary(runHeader({ totals: one, spec: single }))).toMatch(/· 1 conversation · 60 s\n/);
    expect(summary(runHeader())).toMatch(/^tiny 1\.0\.0 \(0123456789ab\) · 2 conversations\n\nsaved/);
  });

  it('says once what all models were told, and by whom what only some were', () => {
    const shared = 'the cues overlap';
    const [one, two] = [named('one', { warnings: [shared, 'odd'] }), named('two', { warnings: [shared] })];
    expect(summary(one, two)).toContain('\nwarning: the cues overlap\nwarning: one: odd\n');
    expect(summary(two)).toContain('\nwarning: two: the cues overlap\n');
  });

  it('leaves a flood of warnings or failures to the report', () => {
    const warnings = Array.from({ length: 14 }, (_, i) => `track ${i} is odd`);
    const text = summary(runHeader({ warnings }));
    expect(text.match(/^warning: /gm)).toHaveLength(10);
    expect(text).toContain('  … and 4 more warnings: see the reports\n');
    const failures = warnings.slice(3).map((error) => ({ conversation_id: '1', error, hint: 'mend it' }));
    const failed = summary(runHeader({ failures }));
    expect(failed.match(/^failed: .*\n {2}hint: mend it$/gm)).toHaveLength(10);
    expect(failed).toContain('  … and 1 more failure: see the reports\n');
  });

  it('lists failures with their remedy, and what an interruption left out', () => {
    const failures = [
      { conversation_id: '1', error: 'no sound', hint: 'plug it in' },
      { conversation_id: '2', error: 'lost', hint: null },
    ];
    expect(summary(runHeader({ status: 'failed', failures }))).toContain(
      '\nfailed: energy-vad: conversation 1: no sound\n  hint: plug it in\nfailed: energy-vad: conversation 2: lost\n',
    );
    const stopped = {
      header: runHeader({ status: 'interrupted' }),
      folder: 'results/x',
      reports: ['report.md', 'report.html'],
    };
    const text = renderSummary([stopped], ['silero-vad', 'never']);
    expect(text).toContain('interrupted: energy-vad: 0 of 2 conversations scored; what was finished is saved\n');
    expect(text).toContain('not started: silero-vad, never\n');
    expect(text).toContain('\nsaved  results/x/report.md\nsaved  results/x/report.html\n');
  });
});

describe('a line per conversation', () => {
  it('says what was found, how fast, or what went wrong', () => {
    const timing = { compute_s: 0.1, wall_s: 1.25 };
    const row = {
      conversation_id: '7',
      status: 'ok',
      tags: {},
      duration_s: 90,
      sweep: null,
      floor_histogram: null,
      events: { speaker_1: { eot: [], interruption: [] }, speaker_2: { eot: [], interruption: [] } },
      floor: null,
      answered: 'p_floor',
      unknown_labels: {},
      deployed: null,
    } as const;
    expect(conversationLine({ ...row, counts: countsToDisk(COUNTS), timing })).toBe(
      'conversation 7 · 90 s in 1.3 s · EOT 3/4 found, 1/5 false · INT 0/0 found, 0/0 false',
    );
    expect(conversationLine({ ...row, counts: null, timing })).toBe('conversation 7 · 90 s in 1.3 s');
    expect(conversationLine({ conversation_id: '7', status: 'failed', error: 'no sound', hint: 'plug it in' })).toBe(
      'conversation 7 failed: no sound',
    );
  });
});

describe('a plan', () => {
  it('names model, options, data and thresholds', () => {
    const { spec } = runHeader();
    expect(renderPlan(spec)).toBe('energy-vad on tiny 1.0.0 (0123456789ab): 2 conversations, no sweep');
    const model = { ...spec.model, options: { rate: 8000, threshold: 0.02 } };
    expect(renderPlan({ ...spec, model, sweep_thresholds: [0.2, 0.5] })).toBe(
      'energy-vad rate=8000 threshold=0.02 on tiny 1.0.0 (0123456789ab): 2 conversations, 2 thresholds',
    );
  });
});
