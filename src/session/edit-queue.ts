/**
 * One change of labels at a time, in the order they were asked for. A preview or a stroke holds the queue while it is open;
 * the next change waits for it or, for a preview, takes it back first.
 */
export class EditQueue {
  #tail: Promise<unknown> = Promise.resolve();
  #yielding: (() => void) | undefined;
  #tickets = 0;

  /** Runs `work` when all before it have ended, whichever way. */
  run<T>(work: () => Promise<T>): Promise<T> {
    this.#tickets++;
    this.#yielding?.();
    const result = this.#tail.then(work, work);
    this.#tail = result.catch(() => undefined);
    return result;
  }

  /**
   * Holds the queue until `release`. `yieldHold` is called when another change wants its turn: the holder should take its
   * work back and release.
   */
  async hold(yieldHold: () => void): Promise<{ release(): void }> {
    let release = (): void => undefined;
    const held = new Promise<void>((resolve) => {
      release = resolve;
    });
    const ticket = ++this.#tickets;
    this.#yielding?.();
    const before = this.#tail;
    this.#tail = before.then(() => held);
    await before;
    this.#yielding = yieldHold;
    // Somebody may have asked while this hold was itself waiting.
    if (this.#tickets !== ticket) yieldHold();
    return {
      release: () => {
        if (this.#yielding === yieldHold) this.#yielding = undefined;
        release();
      },
    };
  }
}
