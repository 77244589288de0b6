import { messageOf } from '../core/errors.js';
import type { DiscriminativeModel } from '../core/model.js';
import { Deadline } from '../stream/deadline.js';

/**
 * Let go of a model after its last pass. What goes wrong now costs no number, so it is a warning and no failure.
 * @param limitS how long it may take, s.
 */
export async function closeModel(name: string, model: DiscriminativeModel | null, limitS: number): Promise<void> {
  const deadline = new Deadline(limitS);
  try {
    const closed = model?.close?.();
    if (closed) await deadline.settle(closed);
  } catch (error) {
    process.stderr.write(`warning: the model ${name} did not close: ${messageOf(error)}\n`);
  } finally {
    deadline.close();
  }
}
