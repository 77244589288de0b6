/** What a screen reader is told. Only the last of what comes in quick succession is said. */

import { byId } from './dom.js';

/** A slider that has moved says something when it rests, ms. */
const REST_MS = 500;

let waiting: ReturnType<typeof setTimeout> | undefined;

export function say(text: string): void {
  clearTimeout(waiting);
  byId('spoken').textContent = text;
}

export function sayAtRest(text: string): void {
  clearTimeout(waiting);
  waiting = setTimeout(() => say(text), REST_MS);
}
