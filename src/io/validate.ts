import type { z } from 'zod';

/** The value in its checked type, or everything that is wrong with it. */
export type Checked<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly problems: readonly string[] };

/** Check a value against a schema. Every problem begins with its place, such as `speaker_1.a[3].start_s: …`. */
export function check<S extends z.ZodType>(schema: S, value: unknown): Checked<z.output<S>> {
  const result = schema.safeParse(value);
  if (result.success) return { ok: true, value: result.data };
  const problems = result.error.issues.map((issue) => {
    const place = placeOf(issue.path);
    return place === '' ? issue.message : `${place}: ${issue.message}`;
  });
  return { ok: false, problems };
}

function placeOf(path: readonly PropertyKey[]): string {
  return path.map((key, i) => (typeof key === 'number' ? `[${key}]` : `${i === 0 ? '' : '.'}${String(key)}`)).join('');
}
