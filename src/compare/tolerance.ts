/** How much worse a metric may become: in its own unit, or as a share of the reference. */

import { z } from 'zod';
import { UserError } from '../core/errors.js';
import { nearest } from '../core/registry.js';

const amount = z.number().min(0);

export const toleranceSchema = z.union([z.strictObject({ absolute: amount }), z.strictObject({ relative: amount })]);

export type Tolerance = z.infer<typeof toleranceSchema>;
/** By name of the metric. A metric that is not named is not gated. */
export type Tolerances = Readonly<Record<string, Tolerance>>;

/** The largest loss that passes, in the unit of the metric. */
export function allowedLoss(tolerance: Tolerance, reference: number): number {
  return 'absolute' in tolerance ? tolerance.absolute : tolerance.relative * Math.abs(reference);
}

/** `0.02`, or `10%` of the reference. */
export function toleranceText(tolerance: Tolerance): string {
  return 'absolute' in tolerance
    ? String(tolerance.absolute)
    : `${Number((100 * tolerance.relative).toPrecision(12))}%`;
}

/**
 * `eot_recall=0.01` (in the unit of the metric) or `eot_latency_p50_ms=10%` (of the reference), several.
 * @param metrics names that exist.
 * @throws UserError naming the first that is neither.
 */
export function parseTolerances(texts: readonly string[], metrics: readonly string[]): Tolerances {
  return Object.fromEntries(texts.map((text) => parseTolerance(text, metrics)));
}

function parseTolerance(text: string, metrics: readonly string[]): [string, Tolerance] {
  const [name = '', value = ''] = text.split(/=(.*)/s);
  if (!metrics.includes(name)) {
    const near = nearest(name, metrics);
    throw new UserError(`--tolerance ${text}: there is no metric '${name}'${near ? `: did you mean '${near}'?` : ''}`, {
      hint: `metrics: ${metrics.join(', ')}`,
    });
  }
  const isRelative = value.endsWith('%');
  const number = Number(isRelative ? value.slice(0, -1) : value);
  if (!/^\d/.test(value) || !Number.isFinite(number)) {
    throw new UserError(`--tolerance ${text}: '${value}' is no tolerance`, {
      hint: `a number of at least 0, as in ${name}=0.02, or a share of the reference, as in ${name}=10%`,
    });
  }
  return [name, isRelative ? { relative: number / 100 } : { absolute: number }];
}
