/** Two records of the same kind, such as specifications of runs, told apart key by key. */

export interface Change {
  /** `model.options.threshold`. */
  readonly key: string;
  /** As JSON, shortened; `nothing` where the key is not there. */
  readonly before: string;
  readonly after: string;
}

/** Every key with another value, in the order of the first record. A list is one value. */
export function changesBetween(before: object, after: object): Change[] {
  const [old, now] = [leaves(before), leaves(after)];
  const keys = [...new Set([...old.keys(), ...now.keys()])].filter((key) => old.get(key) !== now.get(key));
  return keys.map((key) => shownApart(key, old.get(key) ?? 'nothing', now.get(key) ?? 'nothing'));
}

/** `model.options.threshold` → `0.5`. */
function leaves(value: unknown, path = ''): Map<string, string> {
  if (typeof value !== 'object' || value === null || Array.isArray(value))
    return new Map([[path, JSON.stringify(value)]]);
  return new Map(
    Object.entries(value).flatMap(([key, inner]) => [...leaves(inner, path === '' ? key : `${path}.${key}`)]),
  );
}

const SHOWN = 80;

/** Long values are shown from shortly before the place where they part. */
function shownApart(key: string, before: string, after: string): Change {
  if (before.length <= SHOWN && after.length <= SHOWN) return { key, before, after };
  let same = 0;
  while (before[same] === after[same]) same++;
  const from = Math.max(0, same - SHOWN / 2);
  const shown = (text: string): string => {
    const end = from + SHOWN;
    return `${from > 0 ? '…' : ''}${text.slice(from, end)}${end < text.length ? '…' : ''}`;
  };
  return { key, before: shown(before), after: shown(after) };
}
