/** A clock that moves when a test says so, and by a tick whenever it is read. */
export class FakeClock {
  /** ms. */
  ms = 0;
  readonly now: () => number;

  constructor(tickMs = 0) {
    this.now = () => {
      this.ms += tickMs;
      return this.ms;
    };
  }
}
