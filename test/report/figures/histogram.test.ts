import { describe, expect, it } from 'vitest';
import { drawFigures } from '../../../src/report/figures/draw.js';
import { histogram } from '../../../src/report/figures/histogram.js';
import { eotCounts, figureRun } from '../../helpers/figure-run.js';
import { marks, texts } from '../../helpers/svg.js';

describe('a histogram', () => {
  it('counts each value once, a value on a border to the right of it', () => {
    const bins = histogram([-30, -1, 0, 19, 20, 70], 20);
    expect(bins.map(({ from, to, count }) => [from, to, count])).toEqual([
      [-40, -20, 1],
      [-20, 0, 1],
      [0, 20, 2],
      [20, 40, 1],
      [40, 60, 0],
      [60, 80, 1],
    ]);
    expect(histogram([], 20)).toEqual([]);
  });

  it('has a panel for each run that found something, with its percentiles', () => {
    const runs = [figureRun('one', [eotCounts(4, 0, 240)]), figureRun('none', [eotCounts(0, 0, 0)])];
    const { svg } = drawFigures(runs).find(({ name }) => name === 'eot-latency-histogram')!;
    // Two conversations with four latencies each.
    expect(texts(svg).map(({ text }) => text)).toContain('n = 8, p10 240, p50 240, p90 240 ms');
    expect(texts(svg).map(({ text }) => text)).not.toContain('none');
    // Three lines, of two ends each.
    expect(marks(svg, 'percentile')).toHaveLength(6);
  });
});
