import { UserError } from '../core/errors.js';
import type { DiscriminativeModel } from '../core/model.js';

/** @throws UserError for a live system, in commands that would run the same audio through a model many times. */
export function refuseLive(name: string, model: DiscriminativeModel, because: string): void {
  if (!model.live) return;
  throw new UserError(`'${name}' is a live system: ${because}`, { hint: `turnbench eval -m ${name} streams to it` });
}
