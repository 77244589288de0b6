/** The part of a conversation that is seen, and moving it. Pure: a new viewport for every change. */

export interface Viewport {
  /** s. */
  readonly startS: number;
  readonly endS: number;
  /** Of the whole conversation, s. */
  readonly durationS: number;
}

/** Nearer than this one step is half a screen. */
const SHORTEST_S = 0.5;

export function wholeOf(durationS: number): Viewport {
  return { startS: 0, endS: durationS, durationS };
}

/** @param factor above 1 shows more. @param aroundS stays where it is. */
export function zoomed(view: Viewport, factor: number, aroundS: number): Viewport {
  const lengthS = view.endS - view.startS;
  const newS = Math.min(view.durationS, Math.max(Math.min(SHORTEST_S, view.durationS), lengthS * factor));
  return placed(view, aroundS - ((aroundS - view.startS) * newS) / lengthS, newS);
}

export function moved(view: Viewport, byS: number): Viewport {
  return placed(view, view.startS + byS, view.endS - view.startS);
}

/** Centred, no longer than so. */
export function around(view: Viewport, timeS: number, lengthS: number): Viewport {
  const newS = Math.min(lengthS, view.durationS);
  return placed(view, timeS - newS / 2, newS);
}

function placed({ durationS }: Viewport, startS: number, lengthS: number): Viewport {
  const from = Math.min(Math.max(0, startS), durationS - lengthS);
  return { startS: from, endS: from + lengthS, durationS };
}

/** Seconds between marks of the axis, so that about `count` fit. */
export function tickStepS(lengthS: number, count: number): number {
  const least = lengthS / Math.max(1, count);
  return TICKS_S.find((step) => step >= least) ?? 600;
}

const TICKS_S = [0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 15, 30, 60, 120, 300];

/** `83.4` → `1:23.4`, with as many decimals as the step needs. */
export function clock(timeS: number, stepS = 1): string {
  const decimals = stepS >= 1 ? 0 : stepS >= 0.1 ? 1 : 2;
  // Rounded as a whole, so that 59.99 does not become 0:60.
  const scaled = Math.round(timeS * 10 ** decimals);
  const minutes = Math.floor(scaled / (60 * 10 ** decimals));
  const rest = (scaled - minutes * 60 * 10 ** decimals) / 10 ** decimals;
  return `${minutes}:${rest.toFixed(decimals).padStart(decimals === 0 ? 2 : 3 + decimals, '0')}`;
}
