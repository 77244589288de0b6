import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { prepareConversation } from '../../src/score/conversation.js';
import {
  aucOf,
  averagePrecisionOf,
  FLOOR_BINS,
  type FloorHistogram,
  floorHistogram,
  histogramOf,
  occupiedBins,
  sumHistograms,
} from '../../src/score/histogram.js';
import { goldOf, span, withExcluded } from '../helpers/gold.js';

// Speaker 1 talks from 0 to 1 s, speaker 2 is silent: in pass 1 the first 50 of 100 steps are held, in pass 2 none.
const gold = goldOf([[0, 1]]);
const STEPS = 100;

function histogramFor(first: ArrayLike<number>, second: ArrayLike<number> = new Float64Array(STEPS)): FloorHistogram {
  const pFloor = { 1: Float64Array.from(first), 2: Float64Array.from(second) };
  return floorHistogram(prepareConversation(gold, STEPS), pFloor);
}

interface Step {
  readonly p: number;
  readonly held: boolean;
}

function exactAuc(steps: readonly Step[]): number {
  const [held, released] = [steps.filter((step) => step.held), steps.filter((step) => !step.held)];
  let ordered = 0;
  for (const a of held) for (const b of released) ordered += a.p > b.p ? 1 : a.p === b.p ? 0.5 : 0;
  return ordered / (held.length * released.length);
}

/** Sum over distinct answers, from the highest down, of the gain in recall times the precision there. */
function exactAveragePrecision(steps: readonly Step[]): number {
  const held = steps.filter((step) => step.held).length;
  const answers = [...new Set(steps.map((step) => step.p))].sort((a, b) => b - a);
  return answers.reduce((sum, p) => {
    const above = steps.filter((step) => step.p >= p);
    const gain = steps.filter((step) => step.p === p && step.held).length / held;
    return sum + (gain * above.filter((step) => step.held).length) / above.length;
  }, 0);
}

/** The bounds stated in the module. */
function errorBounds({ held, released }: FloorHistogram): { auc: number; averagePrecision: number } {
  const total = (bins: Float64Array) => bins.reduce((a, b) => a + b, 0);
  const [positives, negatives] = [total(held), total(released)];
  let [pairs, precision, tp, fp] = [0, 0, 0, 0];
  for (let bin = FLOOR_BINS - 1; bin >= 0; bin--) {
    const [pos, neg] = [held[bin]!, released[bin]!];
    pairs += (pos * neg) / 2;
    if (pos > 0 && neg > 0) {
      const highest = (tp + pos) / (tp + pos + fp);
      const lowest = (tp + 1) / (tp + 1 + fp + neg);
      precision += (pos / positives) * (highest - lowest);
    }
    tp += pos;
    fp += neg;
  }
  return { auc: pairs / (positives * negatives), averagePrecision: precision };
}

describe('the histogram of P(floor)', () => {
  it('separates the gold classes of both passes', () => {
    const { held, released } = histogramFor(new Float64Array(STEPS).fill(0.9, 0, 50));
    expect(held.reduce((a, b) => a + b, 0)).toBe(50);
    // Pass 1 after the turn and the whole of pass 2, all answered 0: the lowest bin.
    expect(released[0]).toBe(150);
  });

  it('leaves out steps that are not scored', () => {
    const prepared = prepareConversation(withExcluded(gold, 'eot', [span(1, 0, 0.5), span(2, 1, 2)]), STEPS);
    const { held, released } = floorHistogram(prepared, { 1: new Float64Array(STEPS), 2: new Float64Array(STEPS) });
    expect([held[0], released[0]]).toEqual([25, 50 + 50]);
  });

  it('keeps very small and very large answers apart', () => {
    const answers = [0, 1e-6, 1e-5, 1e-4, 0.5, 0.999, 0.9999, 1];
    expect(occupiedBins(histogramFor(Array.from({ length: STEPS }, (_, i) => answers[i % 8]!))).length).toBe(8);
  });

  it('adds up, and survives the way to disk', () => {
    const [a, b] = [histogramFor(Array(STEPS).fill(0.3)), histogramFor(Array(STEPS).fill(0.7))];
    const sum = sumHistograms([a, b]);
    expect(histogramOf([...occupiedBins(a), ...occupiedBins(b)])).toEqual(sum);
    expect(histogramOf(occupiedBins(sum))).toEqual(sum);
    expect(() => histogramOf([[FLOOR_BINS, 1, 1]])).toThrow('no bin 4096');
  });
});

describe('AUC and average precision', () => {
  it('are 1 for answers that separate, and 0.5 for one that is always the same', () => {
    const perfect = histogramFor(new Float64Array(STEPS).fill(0.9, 0, 50), Array(STEPS).fill(0.1));
    expect([aucOf(perfect), averagePrecisionOf(perfect)]).toEqual([1, 1]);
    const constant = histogramFor(Array(STEPS).fill(0.4), Array(STEPS).fill(0.4));
    expect([aucOf(constant), averagePrecisionOf(constant)]).toEqual([0.5, 0.25]);
  });

  it('do not exist without both classes', () => {
    expect(aucOf(sumHistograms([]))).toBeUndefined();
    expect(averagePrecisionOf(histogramOf([[7, 3, 0]]))).toBeUndefined();
    expect(aucOf(histogramOf([[7, 0, 3]]))).toBeUndefined();
  });

  const answer = fc.oneof(
    fc.double({ min: 0, max: 1, noNaN: true }),
    // Close together, as a model answers in silence.
    fc.double({ min: 0.0001, max: 0.0002, noNaN: true }),
  );
  const pass = fc.array(answer, { minLength: STEPS, maxLength: STEPS });

  it('lie within the stated bounds of the exact values', () => {
    fc.assert(
      fc.property(pass, pass, (first, second) => {
        const steps = [...first.map((p, i) => ({ p, held: i < 50 })), ...second.map((p) => ({ p, held: false }))];
        const histogram = histogramFor(first, second);
        const bounds = errorBounds(histogram);
        expect(Math.abs(aucOf(histogram)! - exactAuc(steps))).toBeLessThanOrEqual(bounds.auc + 1e-12);
        const averagePrecision = averagePrecisionOf(histogram)!;
        expect(Math.abs(averagePrecision - exactAveragePrecision(steps))).toBeLessThanOrEqual(
          bounds.averagePrecision + 1e-12,
        );
      }),
      { numRuns: 50 },
    );
  });

  it('are exact where no two answers share a bin', () => {
    const grid = fc.array(fc.integer({ min: 1, max: 99 }), { minLength: STEPS, maxLength: STEPS });
    fc.assert(
      fc.property(grid, grid, (a, b) => {
        const [first, second] = [a.map((k) => k / 100), b.map((k) => k / 100)];
        const steps = [...first.map((p, i) => ({ p, held: i < 50 })), ...second.map((p) => ({ p, held: false }))];
        const histogram = histogramFor(first, second);
        expect(aucOf(histogram)).toBeCloseTo(exactAuc(steps), 12);
        expect(averagePrecisionOf(histogram)).toBeCloseTo(exactAveragePrecision(steps), 12);
      }),
      { numRuns: 50 },
    );
  });
});
