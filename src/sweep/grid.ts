/** Thresholds as people write them. Every value is the double nearest to its decimal: 0.15, not 0.15000000000000002. */

import { UserError } from '../core/errors.js';

const MAX_THRESHOLDS = 10_000;
const HINT = 'write low:high:step, like 0.05:0.95:0.05, or values separated by commas';

/** The public uniform view. */
export const UNIFORM_THRESHOLDS: readonly number[] = parseGrid('0.05:0.95:0.05');

/** Steps of a slider: thresholds at which every run can be looked at afterwards. */
export const FINE_THRESHOLDS: readonly number[] = parseGrid('0.01:0.99:0.01');

/**
 * `low:high:step` (the high end is included when the steps reach it), one value, or several separated by commas.
 * @returns strictly ascending thresholds, duplicates removed.
 * @throws UserError on anything that is not a plain decimal, lies outside (0, 1), or does not ascend.
 */
export function parseGrid(text: string): number[] {
  const parts = text.split(':');
  const values = parts.length === 1 ? text.split(',').map(parseThreshold) : parseRange(text, parts);
  return [...new Set(values)].sort((a, b) => a - b);
}

function parseRange(text: string, parts: readonly string[]): number[] {
  const [low = '', high = '', step = '', ...rest] = parts;
  if (rest.length > 0 || !isDecimal(step)) throw new UserError(`'${text}' is not a threshold grid`, { hint: HINT });
  const [first, last] = [parseThreshold(low), parseThreshold(high)];
  if (!(Number(step) > 0)) throw new UserError(`threshold step '${step.trim()}' is not above 0`, { hint: HINT });
  if (first > last) throw new UserError(`threshold grid '${text}' runs backwards`, { hint: HINT });

  // Counted in units of the finest decimal, so that nothing accumulates: one division gives the nearest double.
  const decimals = Math.max(...[low, high, step].map(decimalsOf));
  const scale = 10 ** decimals;
  const [from, to, by] = [low, high, step].map((part) => Math.round(Number(part) * scale)) as [number, number, number];
  const count = Math.floor((to - from) / by) + 1;
  if (count > MAX_THRESHOLDS) throw new UserError(`threshold grid '${text}' has ${count} values`, { hint: HINT });
  return Array.from({ length: count }, (_, k) => (from + k * by) / scale);
}

function parseThreshold(text: string): number {
  const value = isDecimal(text) ? Number(text) : Number.NaN;
  if (!(value > 0 && value < 1)) {
    throw new UserError(`threshold '${text.trim()}' is not a number between 0 and 1`, { hint: HINT });
  }
  return value;
}

/** At most 15 digits: then scaled values are whole numbers that doubles hold exactly. */
function isDecimal(text: string): boolean {
  return /^\s*(\d{1,3}(\.\d{0,12})?|\.\d{1,12})\s*$/.test(text);
}

function decimalsOf(text: string): number {
  return text.trim().split('.')[1]?.length ?? 0;
}
