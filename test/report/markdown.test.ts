import { describe, expect, it } from 'vitest';
import { renderRunMarkdown } from '../../src/report/markdown.js';
import { sweepRow, totalsOf } from '../../src/result/totals.js';
import { zeroCounts } from '../../src/score/counts.js';
import { runHeader } from '../helpers/run-header.js';

const COUNTS = { ...zeroCounts(), eot: { tp: 3, fn: 1, fp: 1, tn: 4, latenciesMs: [20, 40, 60] } };
const TOTALS = totalsOf([COUNTS, COUNTS], 120, null, 1);

function headings(markdown: string): string[] {
  return [...markdown.matchAll(/^#+ (.*)$/gm)].map((match) => match[1]!);
}

const NO_INTERVALS = { eot: null, int: null, cutoff_rate_at_ep50_160_ms: null };

describe('the report of a run', () => {
  it('has a section for everything that there is, and none for what there is not', () => {
    const empty = renderRunMarkdown(runHeader());
    expect(headings(empty)).toEqual(['energy-vad on tiny', 'Reproduce']);
    const row = sweepRow(0.5, [COUNTS]);
    const full = renderRunMarkdown(
      runHeader({
        status: 'partial',
        totals: TOTALS,
        sweep: [row],
        operating_points: {
          fp_budget: 0.1,
          eot: null,
          int: null,
          cutoff_rate_at_ep50_160_ms: 0.25,
          intervals: NO_INTERVALS,
        },
        failures: [{ conversation_id: '2', error: 'lost', hint: 'find it' }],
        warnings: ['odd'],
      }),
    );
    const parts = ['Failed conversations', 'Warnings', 'Events', 'Endpointing', 'Floor', 'Sweep', 'Reproduce'];
    expect(headings(full)).toEqual(['energy-vad on tiny', ...parts]);
    expect(full).toContain('- status: partial\n');
    expect(full).toContain('| 2 | lost | find it |');
    expect(full).toContain('Cut-off rate where EP50 passes 160 ms: 0.250.');
  });

  it('gives every rate with its interval and its denominator, and a dash where there is nothing', () => {
    const report = renderRunMarkdown(runHeader({ totals: TOTALS }));
    expect(report).toContain('| EOT | 0.750 [.750–.750] | 8 | 0.200 [.200–.200] | 10 | 20 [20–20] | 40 [40–40] |');
    expect(report).toContain('| INT | — | 0 | — | 0 | — | — | — | 0 | 0 | 0 | 0 | — |');
    expect(report).not.toMatch(/NaN|undefined|null/);
  });

  it('marks the operating points in the sweep', () => {
    const sweep = [0.25, 0.5, 0.75].map((threshold) => sweepRow(threshold, [COUNTS]));
    const operating_points = {
      fp_budget: 0.2,
      eot: sweep[1]!,
      int: sweep[1]!,
      cutoff_rate_at_ep50_160_ms: null,
      intervals: NO_INTERVALS,
    };
    const report = renderRunMarkdown(runHeader({ totals: TOTALS, sweep, operating_points }));
    expect(report).toMatch(/^\| EOT INT \| 0\.50 \| 0\.750 /m);
    expect(report).toMatch(/^\| {2}\| 0\.75 \| 0\.750 /m);
    expect(report).toContain('highest recall with a false-positive rate of at most 0.2.');
    expect(report).toContain('160 ms: — (the curve does not pass it)');
  });

  it('says what a number depends on', () => {
    const { spec } = runHeader();
    const weights = [{ file: 'silero.onnx', sha256: 'f'.repeat(64) }];
    const model = { ...spec.model, options: { min_silence_s: 0.5 }, weights };
    const report = renderRunMarkdown(runHeader({ spec: { ...spec, model } }));
    for (const fact of ['min_silence_s=0.5', 'silero.onnx', 'f'.repeat(64), 'Node 22.0.0', 'seed 1', 'a processor']) {
      expect(report).toContain(fact);
    }
  });

  it('has the command, as a shell takes it', () => {
    const { environment } = runHeader();
    const argv = ['eval', '-m', './my model.mjs', '-o', "name='x'"];
    const report = renderRunMarkdown(runHeader({ environment: { ...environment, argv } }));
    expect(report).toContain(`\n\n    turnbench eval -m './my model.mjs' -o 'name='\\''x'\\'''\n\n`);
    expect(renderRunMarkdown(runHeader({ environment: { ...environment, argv: [] } }))).not.toContain('    turnbench');
  });

  it('tells events without a floor from bits, and a sweep asked for from one that was made', () => {
    const { spec } = runHeader();
    const bits = renderRunMarkdown(runHeader({ operating_threshold: null, sweep: null }));
    expect(bits).toContain("- operating point: the model's own bits\n");
    expect(bits).toContain('sweep: none');
    const events = { ...spec, threshold: null, sweep_thresholds: null };
    const oracle = renderRunMarkdown(runHeader({ operating_threshold: null, spec: events }));
    expect(oracle).toContain('- operating point: none: events without a floor\n');
  });

  it('takes names and messages for text, whoever wrote them', () => {
    const { spec } = runHeader();
    const hostile = '<img src=x>|`[a](http://b)';
    const model = { ...spec.model, name: hostile };
    const failures = [{ conversation_id: hostile, error: `${hostile}\n# h`, hint: null }];
    const report = renderRunMarkdown(runHeader({ spec: { ...spec, model }, warnings: [hostile], failures }));
    expect(report).not.toContain('<img');
    expect(report).not.toMatch(/[^\\]\]\(http/);
    expect(headings(report)).toHaveLength(4);
  });
});
