/** Wall clock, as something that tests can replace. */
export interface Clock {
  /** ms, from any origin, never going back. */
  nowMs(): number;
  /** Resolves at that moment or later, never before, and not before messages that have arrived by then were read. */
  until(moment: number): Promise<void>;
}

export const wallClock: Clock = {
  nowMs: () => performance.now(),
  async until(moment) {
    // Timers may be early by a fraction of a millisecond.
    for (let restMs = moment - performance.now(); restMs > 0; restMs = moment - performance.now()) {
      await new Promise((resolve) => setTimeout(resolve, Math.ceil(restMs)));
    }
    // Timers come before sockets in a turn of the event loop, this comes after them.
    await new Promise((resolve) => setImmediate(resolve));
  },
};
