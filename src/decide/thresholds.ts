/** @throws Error unless every threshold is greater than the one before. */
export function requireAscending(thresholds: readonly number[]): void {
  for (let k = 1; k < thresholds.length; k++) {
    if (!(thresholds[k]! > thresholds[k - 1]!)) throw new Error(`thresholds are not ascending at ${thresholds[k]}`);
  }
}
