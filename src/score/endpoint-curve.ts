/**
 * Cut-off rate against endpoint latency over thresholds, and the cut-off rate read off at one latency, so that models
 * can be compared at equal speed.
 */

export interface EndpointPoint {
  readonly threshold: number;
  /** Absent where there is nothing to measure. */
  readonly cutoffRate: number | undefined;
  readonly ep50Ms: number | undefined;
}

/** ms. The latency at which cut-off rates are compared. */
export const COMPARED_EP50_MS = 160;

/**
 * Cut-off rate where the curve passes EP50 = `ep50Ms`, linear between neighbouring thresholds. Points where either
 * number is absent are left out. A curve that passes more than once is read at its first passage, ascending in
 * threshold.
 * @returns undefined when the curve never gets there.
 */
export function cutoffRateAt(points: readonly EndpointPoint[], ep50Ms = COMPARED_EP50_MS): number | undefined {
  const curve: [latencyMs: number, rate: number][] = [];
  for (const { ep50Ms: latencyMs, cutoffRate } of [...points].sort((a, b) => a.threshold - b.threshold)) {
    if (latencyMs !== undefined && cutoffRate !== undefined) curve.push([latencyMs, cutoffRate]);
  }
  for (const [i, [latencyMs, rate]] of curve.entries()) {
    if (latencyMs === ep50Ms) return rate;
    const next = curve[i + 1];
    if (!next) return undefined;
    const [nextMs, nextRate] = next;
    const share = (ep50Ms - latencyMs) / (nextMs - latencyMs);
    if (share > 0 && share < 1) return rate + (nextRate - rate) * share;
  }
  return undefined;
}
