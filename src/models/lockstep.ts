/**
 * One inference for all who ask at the same time. Lanes ask when they have heard enough; those that were answered
 * together go on together and ask together again, so batches stay whole without anybody counting lanes. A lane that
 * reads a file, begins or ends is simply not in the batch, and nobody waits for it.
 */

interface Waiting<Row> {
  readonly row: Row;
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

export class Lockstep<Row> {
  readonly #infer: (rows: readonly Row[]) => Promise<void>;
  #lanes = 0;
  #waiting: Waiting<Row>[] = [];
  #isBusy = false;

  /** @param infer answers all rows, in place. Called again only when it has settled. */
  constructor(infer: (rows: readonly Row[]) => Promise<void>) {
    this.#infer = infer;
  }

  /** One more who asks. */
  join(): void {
    this.#lanes++;
  }

  /** Settles when the row is answered. */
  ask(row: Row): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#waiting.push({ row, resolve, reject });
      if (!this.#isBusy) this.#begin();
    });
  }

  /** A turn of the event loop lets everybody ask who is about to; alone there is nobody to wait for. */
  #begin(): void {
    this.#isBusy = true;
    if (this.#lanes > 1) setImmediate(() => void this.#answer());
    else void this.#answer();
  }

  async #answer(): Promise<void> {
    const asked = this.#waiting;
    this.#waiting = [];
    try {
      await this.#infer(asked.map(({ row }) => row));
      for (const { resolve } of asked) resolve();
    } catch (error) {
      for (const { reject } of asked) reject(error);
    }
    this.#isBusy = false;
    if (this.#waiting.length > 0) this.#begin();
  }
}
