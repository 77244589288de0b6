/** Validating a file in one of the public formats, whichever it is. */

import type { Task } from '../core/events.js';
import { readJsonNumbers } from '../io/number-lists.js';
import { parsePredictions } from '../result/predictions.js';
import { parseProbabilities } from '../result/probabilities.js';
import { hasKey } from './score-file.js';

export interface CheckedFile {
  readonly kind: 'predictions file' | 'probability file';
  readonly conversations: number;
  /** Of a probability file. */
  readonly task?: Task;
}

/**
 * @param durations s, of every conversation that must be there.
 * @throws UserError when it cannot be read or breaks its format.
 */
export async function checkFormatFile(file: string, durations: ReadonlyMap<string, number>): Promise<CheckedFile> {
  const value = await readJsonNumbers(file);
  if (hasKey(value, 'probs')) {
    const { task, tracks } = parseProbabilities(value, durations, file);
    return { kind: 'probability file', conversations: tracks.size, task };
  }
  return { kind: 'predictions file', conversations: parsePredictions(value, durations, file).size };
}
