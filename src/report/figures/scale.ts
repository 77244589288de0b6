/** Axes: values to pixels, and round numbers to write on them. */

export interface Scale {
  /** Lowest and highest value drawn. */
  readonly domain: readonly [number, number];
  /** Ascending, inside the domain. */
  readonly ticks: readonly number[];
  /** Pixel of a value. */
  at(value: number): number;
  /** A tick as text: as many decimals as its neighbours need. */
  label(tick: number): string;
}

/**
 * @param range pixels of the ends of the domain; descending for an axis that grows upwards.
 * @param count how many ticks are wanted, roughly.
 */
export function linearScale(domain: readonly [number, number], range: readonly [number, number], count = 6): Scale {
  const [low, high] = domain;
  const [first, last] = range;
  const step = niceStep(high - low, count);
  return {
    domain,
    ticks: ticksBetween(low, high, step),
    at: (value) => first + ((value - low) / (high - low)) * (last - first),
    label: (tick) => tick.toFixed(Math.max(0, -Math.floor(Math.log10(step) + 1e-9))).replace('-', '−'),
  };
}

/** A domain that ends on ticks and holds all values; one of size 0 is widened. */
export function niceDomain(values: readonly number[], count = 6): [number, number] {
  const low = values.reduce((least, value) => Math.min(least, value), Number.POSITIVE_INFINITY);
  const high = values.reduce((most, value) => Math.max(most, value), Number.NEGATIVE_INFINITY);
  if (low > high) return [0, 1];
  if (low === high) return niceDomain([low - (Math.abs(low) / 2 || 1), high + (Math.abs(high) / 2 || 1)], count);
  const step = niceStep(high - low, count);
  // A hair of slack: 0.30000000000000004 is 3 steps of 0.1.
  return [Math.floor(low / step + 1e-9) * step, Math.ceil(high / step - 1e-9) * step];
}

/** 1, 2 or 5 times a power of ten: about `count` of them fill the span. */
export function niceStep(span: number, count: number): number {
  const power = 10 ** Math.floor(Math.log10(span / count));
  const factor = [1, 2, 5, 10].find((candidate) => span / (candidate * power) <= count + 1e-9) ?? 10;
  return factor * power;
}

function ticksBetween(low: number, high: number, step: number): number[] {
  const first = Math.ceil(low / step - 1e-9);
  const last = Math.floor(high / step + 1e-9);
  // Divided where the step is a fraction, so that 3 steps of 0.1 are 0.3.
  const perUnit = Math.round(1 / step);
  return Array.from({ length: last - first + 1 }, (_, i) => (step < 1 ? (first + i) / perUnit : (first + i) * step));
}
