/**
 * Takes display frames into the bench's own hands: what a program asks to be called for at the next frame is called by `flush`, at
 * once and in order. So no program waits for the display, and all of them are timed by their work alone.
 */
export class HandFrames {
  readonly #native = globalThis.requestAnimationFrame.bind(globalThis);
  #waiting = new Map<number, FrameRequestCallback>();
  #next = 1e9;

  constructor() {
    const cancel = globalThis.cancelAnimationFrame.bind(globalThis);
    globalThis.requestAnimationFrame = (callback) => {
      this.#waiting.set(++this.#next, callback);
      return this.#next;
    };
    globalThis.cancelAnimationFrame = (id) => {
      if (!this.#waiting.delete(id)) cancel(id);
    };
  }

  /** Calls what is waiting now; what that asks for waits for the next flush. */
  flush(): void {
    const due = this.#waiting;
    this.#waiting = new Map();
    for (const callback of due.values()) callback(performance.now());
  }

  /** A true display frame. */
  display(): Promise<void> {
    return new Promise((resolve) => this.#native(() => resolve()));
  }

  /** Flushes at every display frame until `until` holds or the time is over. */
  async run(until: () => boolean, milliseconds = 20_000): Promise<void> {
    for (const end = performance.now() + milliseconds; !until() && performance.now() < end; ) {
      this.flush();
      await this.display();
    }
  }
}
