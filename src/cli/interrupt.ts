import { EXIT, UserError } from '../core/errors.js';

/**
 * Run something that Ctrl-C or a scheduler's SIGTERM asks to stop: the first signal aborts `signal` and lets the work
 * save itself, a second Ctrl-C ends the process at once. A second SIGTERM does not: schedulers signal every process of
 * a job, and the scripts that started them pass theirs on, so that it often comes twice. Who means it sends SIGKILL.
 * @throws UserError when the work gives up because it was stopped.
 */
export async function interruptible<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const controller = new AbortController();
  const stop = (signal: NodeJS.Signals): void => {
    if (controller.signal.aborted) {
      if (signal === 'SIGINT') process.exit(EXIT.interrupted);
      return;
    }
    const more = signal === 'SIGINT' ? ' (again to stop at once)' : '';
    process.stderr.write(`\nstopping: what is finished is kept${more}\n`);
    controller.abort();
  };
  process.on('SIGINT', stop);
  process.on('SIGTERM', stop);
  try {
    return await work(controller.signal);
  } catch (error) {
    if (error !== controller.signal.reason) throw error;
    throw new UserError('interrupted', { exitCode: EXIT.interrupted });
  } finally {
    process.off('SIGINT', stop);
    process.off('SIGTERM', stop);
  }
}
