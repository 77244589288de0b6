/**
 * Stable merge sort of the ascending runs that are there. Annotators mark from beginning to end, so their segments, and
 * everything that is made of them, are a few such runs: a pass or two of merging neighbours is all it takes.
 */

/** Whether a may stand before b; true for equals. */
type InOrder<T> = (a: T, b: T) => boolean;

/** @returns the items themselves when they are in order already, a sorted copy otherwise. */
export function sorted<T>(items: readonly T[], inOrder: InOrder<T>): readonly T[] {
  let from = items;
  while (runEnd(from, 0, inOrder) < from.length) {
    const to = new Array<T>(from.length);
    for (let start = 0; start < from.length; ) {
      const middle = runEnd(from, start, inOrder);
      const end = runEnd(from, middle, inOrder);
      merge(from, start, middle, end, to, inOrder);
      start = end;
    }
    from = to;
  }
  return from;
}

/** Behind the run that begins at `start`. */
function runEnd<T>(items: readonly T[], start: number, inOrder: InOrder<T>): number {
  let end = start + 1;
  while (end < items.length && inOrder(items[end - 1]!, items[end]!)) end++;
  return Math.min(end, items.length);
}

/** Of equal ones that of the first run comes first. */
function merge<T>(from: readonly T[], start: number, middle: number, end: number, to: T[], inOrder: InOrder<T>): void {
  let a = start;
  let b = middle;
  for (let i = start; i < end; i++) {
    const first = b === end || (a < middle && inOrder(from[a]!, from[b]!));
    to[i] = from[first ? a++ : b++]!;
  }
}
