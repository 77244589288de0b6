/** Scores a turn by what its network takes: features or samples of its last 8 s, and the newest frames. */

import type { TurnEvaluator } from './detector.js';
import type { TurnNetwork } from './network.js';
import { WINDOWS } from './windows.js';

export function turnEvaluator(network: TurnNetwork, rows: number): TurnEvaluator {
  const windows = Array.from({ length: rows }, () =>
    Object.entries(network.inputs).map(([name, into]) => ({ window: WINDOWS[name]!(), into })),
  );
  return {
    reset() {
      for (const { window } of windows.flat()) window.reset();
    },
    push(channels, seen) {
      for (const [row, ofRow] of windows.entries()) {
        for (const { window } of ofRow) window.push(channels[row]!, seen?.[row] ?? null);
      }
    },
    prepare(row, turnStart) {
      for (const { window } of windows[row]!) window.prepare(turnStart);
    },
    evaluate(row, turnStart) {
      for (const { window, into } of windows[row]!) window.write(turnStart, into);
      return network.evaluate();
    },
  };
}
