import { UserError } from '../core/errors.js';
import { nearest } from '../core/registry.js';

/** @throws UserError when a name is not among the known ones, with the nearest of them as a suggestion. */
export function requireKnown(kind: string, name: string, known: readonly string[]): void {
  if (known.includes(name)) return;
  const near = nearest(name, known);
  const shown = known.slice(0, 20).join(', ') + (known.length > 20 ? `, … (${known.length} in all)` : '');
  throw new UserError(`unknown ${kind} '${name}'${near === undefined ? '' : `: did you mean '${near}'?`}`, {
    hint: known.length === 0 ? `this data set has no ${kind}s` : `available: ${shown}`,
  });
}
