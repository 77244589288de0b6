import type { Task } from '../core/events.js';
import type { RunHeader } from './schema.js';

/** Threshold behind the events of a task in a run; null for a model that answered bits of its own. */
export function operatingThreshold(
  { spec, operating_threshold: theta }: Pick<RunHeader, 'spec' | 'operating_threshold'>,
  task: Task,
): number | null {
  return task === 'int' && theta !== null ? (spec.int_threshold ?? theta) : theta;
}
