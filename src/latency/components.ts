import { throwIfProblems } from '../core/errors.js';
import type { DiscriminativeModel, TimedComponent } from '../core/model.js';

const KINDS: readonly unknown[] = ['features', 'video', 'inference', 'decision', 'end-to-end'];

/**
 * The parts that a model offers for timing; none when it offers nothing.
 * @throws UserError with every breach of the contract at once.
 */
export async function componentsOf(model: DiscriminativeModel): Promise<readonly TimedComponent[]> {
  const components: unknown = (await model.components?.()) ?? [];
  const hint = `components() answers a list of { kind, name, run() }; kinds are ${KINDS.join(', ')}`;
  if (!Array.isArray(components)) throwIfProblems('components of the model', ['not a list'], hint);
  const problems = (components as unknown[]).flatMap(problemsOf);
  throwIfProblems('components of the model', problems, hint);
  return components as readonly TimedComponent[];
}

function problemsOf(candidate: unknown, index: number): string[] {
  const component = (candidate ?? {}) as Partial<Record<keyof TimedComponent, unknown>>;
  const { kind, name, audioS, run } = component;
  return [
    ...(KINDS.includes(kind) ? [] : [`[${index}]: the kind is ${String(kind)}`]),
    ...(typeof name === 'string' && name !== '' ? [] : [`[${index}]: has no name`]),
    ...(typeof run === 'function' ? [] : [`[${index}]: has no run function`]),
    ...(audioS === undefined || (typeof audioS === 'number' && audioS > 0)
      ? []
      : [`[${index}]: audioS is not above 0`]),
  ];
}
