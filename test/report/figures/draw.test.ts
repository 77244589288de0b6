import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { drawFigures } from '../../../src/report/figures/draw.js';
import { eotCounts, figureRun } from '../../helpers/figure-run.js';
import { runHeader } from '../../helpers/run-header.js';
import { allSpots, assertWellFormed, marks, sizeOf, texts } from '../../helpers/svg.js';

/** Half recall at a quarter, then at half of the pauses; the budget allows neither; then one that it does. */
const POINTS = [eotCounts(10, 5, 100), eotCounts(5, 2, 200), eotCounts(4, 0, 400)];

function draw(name: string, ...runs: Parameters<typeof drawFigures>[0]): string {
  return drawFigures(runs).find((figure) => figure.name === name)!.svg;
}

/** Pixel of a value: that of the axis where it is written. */
function tick(svg: string, value: string): { x: number; y: number } {
  const [lower, left] = [
    texts(svg).filter(({ text, x }) => text === value && x > 60),
    texts(svg).filter(({ text, x }) => text === value && x < 60),
  ];
  return { x: lower[0]?.x ?? Number.NaN, y: (left[0]?.y ?? Number.NaN) - 4 };
}

describe('the figures of a run', () => {
  it('put a point where the axes say that it is', () => {
    const svg = draw('eot-recall', figureRun('one', POINTS));
    const [first, second, third] = marks(svg, 'point');
    expect(first).toEqual({ x: (tick(svg, '0.4').x + tick(svg, '0.6').x) / 2, y: tick(svg, '1.0').y });
    expect(second).toEqual({ x: tick(svg, '0.2').x, y: (tick(svg, '0.4').y + tick(svg, '0.6').y) / 2 });
    expect(third).toEqual({ x: tick(svg, '0.0').x, y: tick(svg, '0.4').y });
  });

  it('put recall 0.5 in the middle of the axis', () => {
    const svg = draw('eot-recall', figureRun('one', POINTS));
    expect(marks(svg, 'point')[1]!.y).toBe((tick(svg, '0.0').y + tick(svg, '1.0').y) / 2);
  });

  it('ring the threshold that was chosen and draw the budget that it keeps', () => {
    const svg = draw('eot-recall', figureRun('one', POINTS));
    expect(marks(svg, 'chosen')[0]).toEqual(marks(svg, 'point')[2]);
    const [top, bottom] = marks(svg, 'limit');
    expect(top!.x).toBe((tick(svg, '0.0').x + tick(svg, '0.2').x) / 2);
    expect([top!.y, bottom!.y]).toEqual([tick(svg, '1.0').y, tick(svg, '0.0').y]);
    expect(texts(svg).map(({ text }) => text)).toEqual(expect.arrayContaining(['θ 0.30', 'budget 0.1']));
  });

  it('have no ring where no threshold is within the budget, and say so', () => {
    const run = figureRun('one', POINTS.slice(0, 2));
    expect(marks(draw('eot-recall', run), 'chosen')).toEqual([]);
    expect(draw('eot-recall', run)).toContain('no threshold is within the false-positive budget');
  });

  it('leave out a threshold without a latency, and draw latency upwards', () => {
    const svg = draw('eot-latency', figureRun('one', [...POINTS, eotCounts(0, 0, 0)]));
    const points = marks(svg, 'point');
    expect(points).toHaveLength(3);
    expect(points.map(({ y }) => y)).toEqual([tick(svg, '100').y, tick(svg, '200').y, tick(svg, '400').y]);
  });

  it('read the cut-off rate off at 160 ms', () => {
    // 0.5 at 100 ms and 0.2 at 200 ms: 0.32 at 160 ms.
    const svg = draw('endpoint-cutoff', figureRun('one', POINTS));
    expect(texts(svg).map(({ text }) => text)).toContain('0.320');
    const [ring] = marks(svg, 'chosen');
    expect(ring!.x).toBe(marks(svg, 'limit')[0]!.x);
    const [first, second] = marks(svg, 'point');
    expect(ring!.y).toBeCloseTo(first!.y + (second!.y - first!.y) * 0.6, 0);
  });

  it('show what there is, and nothing of a run without scores', () => {
    const names = drawFigures([figureRun('one', POINTS)]).map(({ name }) => name);
    // No interruption was there to find: no rate of theirs exists.
    expect(names).toEqual(['eot-recall', 'eot-latency', 'endpoint-cutoff', 'eot-latency-histogram']);
    expect(drawFigures([{ header: runHeader(), rows: [] }])).toEqual([]);
    expect(drawFigures([])).toEqual([]);
  });
});

describe('figures of several runs', () => {
  it('have a colour and a name each, in their order', () => {
    const svg = draw('eot-recall', figureRun('one', POINTS), figureRun('two', [eotCounts(9, 9, 50)]));
    expect(svg).toMatch(/<text[^>]*class="tb-f-1"[^>]*>one</);
    expect(svg).toMatch(/<text[^>]*class="tb-f-2"[^>]*>two</);
  });

  it('join the points that no other beats', () => {
    const slow = figureRun('slow', [eotCounts(10, 1, 500), eotCounts(10, 9, 600)]);
    const fast = figureRun('fast', [eotCounts(10, 6, 100), eotCounts(2, 0, 20)]);
    const svg = draw('eot-pareto', slow, fast);
    // The threshold that finds two of ten is no competitor.
    expect(marks(svg, 'point')).toHaveLength(3);
    const front = marks(svg, 'front');
    expect([front[0], front.at(-1)]).toEqual([marks(svg, 'point')[2], marks(svg, 'point')[0]]);
  });

  it('group by tag with the overall order of values', () => {
    const tags = [{ conversation_type: 'Casual' }, { conversation_type: 'Argumentative' }];
    const svg = draw('eot-by-tag', figureRun('one', POINTS, tags));
    const places = texts(svg).filter(({ text }) => ['Argumentative', 'Casual'].includes(text));
    expect(places.map(({ text }) => text)).toEqual(['Argumentative', 'Casual']);
    // Recall 0.4 and false-positive rate 0, of both.
    expect(new Set(marks(svg, 'scored').map(({ x }) => x)).size).toBe(2);
  });
});

describe('any figure', () => {
  const hostile = '</text><script>alert("1")</script> & \u0000\ud800 ]]>';
  const point = fc.tuple(fc.nat({ max: 10 }), fc.nat({ max: 10 }), fc.integer({ min: -250, max: 3000 }));
  const sweep = fc.array(
    point.map(([found, falseOnes, ms]) => eotCounts(found, falseOnes, ms)),
    { minLength: 1, maxLength: 8 },
  );

  it('keeps everything inside its view box and all numbers finite', () => {
    fc.assert(
      fc.property(fc.array(sweep, { minLength: 1, maxLength: 9 }), (sweeps) => {
        const tags = [{ conversation_type: 'A' }, { conversation_type: hostile }];
        for (const { svg } of drawFigures(
          sweeps.map((points, i) => figureRun(i % 2 ? `model ${i}` : `${'W'.repeat(90)}${i}`, points, tags)),
        )) {
          const { width, height } = sizeOf(svg);
          for (const { text, x, start, end } of texts(svg)) {
            expect(start >= 0 && end <= width, `${text} at ${x}`).toBe(true);
          }
          for (const { x, y } of allSpots(svg)) {
            expect(x >= 0 && x <= width && y >= 0 && y <= height, `${x} ${y}`).toBe(true);
          }
          expect(svg).not.toMatch(/NaN|Infinity|undefined|null/);
        }
      }),
      { numRuns: 30 },
    );
  });

  it('takes names as text, whatever they are', () => {
    const figures = drawFigures([
      figureRun(hostile, POINTS, [{ [hostile]: hostile }, { [hostile]: 'b' }]),
      figureRun(hostile, POINTS),
    ]);
    for (const { svg } of figures) {
      assertWellFormed(svg);
      expect(svg).not.toContain('<script');
      // biome-ignore lint/suspicious/noControlCharactersInRegex: that is what must not be there
      expect(svg).not.toMatch(/[\u0000-\u0008\ud800-\udfff]/u);
    }
  });

  it('has a title and a description for those who do not see it', () => {
    for (const { svg, name, title, caption } of drawFigures([figureRun('one', POINTS)])) {
      expect(svg).toContain(`aria-labelledby="tb-${name}-title tb-${name}-desc"`);
      expect(svg).toContain(`<title id="tb-${name}-title">${title}</title>`);
      expect(svg).toContain(`<desc id="tb-${name}-desc">${caption}</desc>`);
    }
  });

  it('is the same to the byte when drawn again', () => {
    const runs = [figureRun('one', POINTS), figureRun('two', POINTS)];
    expect(drawFigures(runs)).toEqual(drawFigures(runs));
  });
});
