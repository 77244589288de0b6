import { UserError } from './errors.js';

export interface Entry<T> {
  readonly name: string;
  readonly summary: string;
  /** Imported on first use, so that `--help` stays fast and optional packages stay optional. */
  load(): Promise<T>;
}

/** Named things of one kind (models, data sets). Duplicate names are a bug; unknown ones suggest what is meant. */
export class Registry<T> {
  readonly #kind: string;
  readonly #entries = new Map<string, Entry<T>>();

  constructor(kind: string, entries: readonly Entry<T>[]) {
    this.#kind = kind;
    for (const entry of entries) {
      if (this.#entries.has(entry.name)) throw new Error(`${kind} '${entry.name}' is registered twice`);
      this.#entries.set(entry.name, entry);
    }
  }

  list(): readonly Entry<T>[] {
    return [...this.#entries.values()];
  }

  has(name: string): boolean {
    return this.#entries.has(name);
  }

  /** @throws UserError when the name is unknown, with the nearest name as a suggestion. */
  get(name: string): Entry<T> {
    const entry = this.#entries.get(name);
    if (entry) return entry;
    const names = [...this.#entries.keys()].sort();
    const near = nearest(name, names);
    throw new UserError(`unknown ${this.#kind} '${name}'${near ? `: did you mean '${near}'?` : ''}`, {
      hint: `available: ${names.join(', ')}`,
    });
  }
}

/** The closest candidate within an edit distance of a third of the word (of 2 for short ones), or nothing. */
export function nearest(word: string, candidates: readonly string[]): string | undefined {
  let best: string | undefined;
  // Never all of its letters: any other digit would be near to '3'.
  let bestDistance = Math.min(word.length, Math.max(2, Math.floor(word.length / 3)) + 1);
  for (const candidate of candidates) {
    const distance = editDistance(word, candidate);
    if (distance < bestDistance) {
      best = candidate;
      bestDistance = distance;
    }
  }
  return best;
}

function editDistance(a: string, b: string): number {
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = (previous[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      row.push(Math.min((previous[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, substitution));
    }
    previous = row;
  }
  return previous[b.length] ?? 0;
}
