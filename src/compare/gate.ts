/**
 * May this run replace the reference? A metric fails when it became worse by more than its tolerance and all of the
 * 95 % interval of the loss lies beyond the tolerance, or when it can no longer be measured. A loss that the interval
 * does not confirm is reported as unclear, and passes. A conversation that failed or is missing fails: numbers of the
 * rest would hide it.
 */

import { MIN_CONVERSATIONS_FOR_VERDICT, verdictOf } from '../stats/paired.js';
import type { ComparedMetric, Gate, GateCheck } from './schema.js';
import type { ScoredRun } from './scored-run.js';
import { allowedLoss, type Tolerance, type Tolerances } from './tolerance.js';

/** Differences below this are noise of the arithmetic. */
const EPSILON = 1e-9;

/**
 * @param metrics the run against the reference.
 * @param tolerances metrics that are not named are not gated.
 * @param conversations how many of them both have.
 */
export function gateOf(
  reference: ScoredRun,
  run: ScoredRun,
  metrics: readonly ComparedMetric[],
  tolerances: Tolerances,
  conversations: number,
): Gate {
  const checks = metrics.flatMap((metric) => {
    const tolerance = tolerances[metric.metric];
    return tolerance ? [checkOf(metric, tolerance, conversations)] : [];
  });
  const broken = brokenConversations(reference, run);
  const failed = checks.some(({ outcome }) => outcome === 'failed' || outcome === 'lost');
  return { passed: !failed && broken.length === 0, checks, conversations: broken };
}

function checkOf(compared: ComparedMetric, tolerance: Tolerance, conversations: number): GateCheck {
  const { metric, unit, better, reference, value, difference, interval } = compared;
  const sign = better === 'higher' ? -1 : 1;
  const loss = difference === null ? null : times(sign, difference);
  const allowed = reference === null ? null : allowedLoss(tolerance, reference);
  const check = (outcome: GateCheck['outcome'], message: string): GateCheck => ({
    ...{ metric, unit, reference, value, tolerance, allowed_loss: allowed, loss },
    loss_interval: interval && (sign === 1 ? interval : [times(-1, interval[1]), times(-1, interval[0])]),
    ...{ outcome, message },
  });
  if (allowed === null) return check('skipped', 'nothing to measure in the reference');
  if (loss === null) return check('lost', 'there is nothing left to measure');
  if (loss <= allowed + EPSILON) return check('passed', 'within the tolerance');
  if (conversations < MIN_CONVERSATIONS_FOR_VERDICT) {
    return check('unclear', `worse by more than the tolerance, but ${conversations} conversations are too few to tell`);
  }
  if (interval === null || verdictOf(interval, better, allowed + EPSILON) !== 'worse') {
    return check('unclear', 'worse by more than the tolerance, but the 95 % interval does not exclude it');
  }
  return check('failed', 'worse by more than the tolerance, and the 95 % interval confirms it');
}

/** Without a negative zero. */
function times(sign: number, value: number): number {
  return value === 0 ? 0 : sign * value;
}

function brokenConversations(reference: ScoredRun, run: ScoredRun): Gate['conversations'] {
  const failed = run.failures.map(({ conversation_id, error }) => ({
    ...{ conversation_id, kind: 'failed' as const, message: error },
  }));
  const failedIds = new Set(failed.map(({ conversation_id }) => conversation_id));
  const missing = [...reference.conversations.keys()]
    .filter((id) => !run.conversations.has(id) && !failedIds.has(id))
    .map((conversation_id) => ({
      ...{ conversation_id, kind: 'missing' as const },
      message: 'the reference has scored it, this run has not',
    }));
  return [...failed, ...missing];
}
