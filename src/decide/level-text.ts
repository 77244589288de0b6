/**
 * Levels as text: runs of equal levels, each as its length and the change to the next level, in base 64. A pass of
 * 12 minutes takes some 20 to 80 kB. Written by hand, because what a compression library writes differs between
 * versions, and the same run must be the same bytes everywhere.
 */

import { fromBase64, toBase64 } from '../core/base64.js';

/** Seven bits to a byte, lowest first; the top bit says that more follow. */
const MORE = 0x80;

/** @param levels whole numbers below 65 536, one per step. */
export function formatLevels(levels: ArrayLike<number>): string {
  const bytes: number[] = [];
  let start = 0;
  let before = 0;
  while (start < levels.length) {
    const level = levels[start]!;
    let end = start + 1;
    while (end < levels.length && levels[end] === level) end++;
    const change = level - before;
    pushNumber(bytes, change >= 0 ? 2 * change : -2 * change - 1);
    pushNumber(bytes, end - start);
    before = level;
    start = end;
  }
  return toBase64(Uint8Array.from(bytes));
}

/**
 * @param steps how many levels there are.
 * @param highest level that can occur.
 * @throws Error on text that `formatLevels` cannot have written for so many steps.
 */
export function parseLevels(text: string, steps: number, highest: number): Uint8Array | Uint16Array {
  const levels = highest < 256 ? new Uint8Array(steps) : new Uint16Array(steps);
  const bytes = fromBase64(text);
  let step = 0;
  let level = 0;
  let at = 0;
  const take = (): number => {
    let value = 0;
    for (let scale = 1; ; scale *= MORE) {
      const byte = bytes[at++];
      if (byte === undefined || scale > 2 ** 35) throw new Error('the levels are torn');
      value += (byte % MORE) * scale;
      if (byte < MORE) return value;
    }
  };
  while (at < bytes.length) {
    const coded = take();
    level += coded % 2 === 0 ? coded / 2 : -(coded + 1) / 2;
    const end = step + take();
    if (level < 0 || level > highest || end > steps)
      throw new Error(`the levels leave 0 to ${highest}, or ${steps} steps`);
    levels.fill(level, step, end);
    step = end;
  }
  if (step !== steps) throw new Error(`the levels end after ${step} of ${steps} steps`);
  return levels;
}

function pushNumber(bytes: number[], value: number): void {
  let rest = value;
  for (; rest >= MORE; rest = Math.floor(rest / MORE)) bytes.push((rest % MORE) + MORE);
  bytes.push(rest);
}
