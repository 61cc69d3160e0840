import type { AbortOptions } from "#base";
import { studyClosed } from "#labelmap";

/**
 * One change of labels at a time, in the order they were asked for. A preview or a stroke holds the queue while it is open;
 * the next change waits for it or, for a preview, takes it back first.
 */
export class EditQueue {
  #tail: Promise<unknown> = Promise.resolve();
  #yielding: (() => void) | undefined;
  #tickets = 0;
  readonly #ending = new AbortController();

  /** Runs `work` when all before it have ended, whichever way; its signal says that the study is being closed. */
  run<T>(work: (ending: AbortSignal) => Promise<T>): Promise<T> {
    const { signal } = this.#ending;
    if (signal.aborted) return Promise.reject(studyClosed());
    this.#tickets++;
    this.#yielding?.();
    const begin = (): Promise<T> => work(signal);
    const result = this.#tail.then(begin, begin);
    this.#tail = result.catch(() => undefined);
    return result;
  }

  /**
   * Holds the queue until `release`. `yieldHold` is called when another change wants its turn: the holder should take its
   * work back and release.
   */
  async hold(yieldHold: () => void): Promise<{ release(): void }> {
    if (this.#ending.signal.aborted) throw studyClosed();
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

  /** Takes nothing more; resolves when all that was asked for before has ended. Long work is aborted, a preview is asked to yield. */
  async end(): Promise<void> {
    this.#ending.abort();
    this.#tickets++;
    this.#yielding?.();
    await this.#tail;
  }
}

/** Options whose signal also says that the study is being closed. */
export function orWhenEnding(options: AbortOptions, ending: AbortSignal): AbortOptions {
  return { signal: options.signal ? AbortSignal.any([options.signal, ending]) : ending };
}
