/** Binary search in ascending numbers. */

/** Index of the first element in `[from, to)` that is at least `value`; `to` when there is none. */
export function lowerBound(ascending: ArrayLike<number>, value: number, from = 0, to = ascending.length): number {
  let low = from;
  let high = to;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ascending[middle]! < value) low = middle + 1;
    else high = middle;
  }
  return low;
}

/**
 * The same in `[from, to)` for questions that mostly ascend: quick when the answer is `near` or a little after it.
 * @param near in `[from, to]`; the last answer, say.
 */
export function lowerBoundNear(
  ascending: ArrayLike<number>,
  value: number,
  near: number,
  from: number,
  to: number,
): number {
  if (near > from && ascending[near - 1]! >= value) return lowerBound(ascending, value, from, near);
  const soon = Math.min(near + A_FEW, to);
  for (let i = near; i < soon; i++) if (ascending[i]! >= value) return i;
  return lowerBound(ascending, value, soon, to);
}

const A_FEW = 4;

/** Index of the first element that is greater than `value`; the length when there is none. */
export function upperBound(ascending: ArrayLike<number>, value: number): number {
  let low = 0;
  let high = ascending.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    if (ascending[middle]! <= value) low = middle + 1;
    else high = middle;
  }
  return low;
}
