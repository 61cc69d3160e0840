/**
 * One piece of work for all who ask for it while it runs. A caller that aborts is let go at once; the work itself is aborted when
 * the last of them has gone.
 */
export class SharedWork<T> {
  readonly #running = new Map<string, Running<T>>();

  /** Joins the work under `key`, or begins it. */
  run(key: string, signal: AbortSignal | undefined, begin: (signal: AbortSignal) => Promise<T>): Promise<T> {
    signal?.throwIfAborted();
    let running = this.#running.get(key);
    if (!running) {
      const abort = new AbortController();
      const work = begin(abort.signal).finally(() => {
        if (this.#running.get(key)?.abort === abort) this.#running.delete(key);
      });
      // Where every caller has gone nobody is left to hear of it.
      work.catch(() => undefined);
      running = { work, abort, callers: 0 };
      this.#running.set(key, running);
    }
    return this.#join(key, running, signal);
  }

  async #join(key: string, running: Running<T>, signal: AbortSignal | undefined): Promise<T> {
    running.callers++;
    if (!signal) return running.work;
    let leave: (() => void) | undefined;
    const left = new Promise<never>((_, reject) => {
      leave = () => {
        running.callers--;
        if (running.callers === 0) {
          // Whoever asks from now on begins anew.
          if (this.#running.get(key) === running) this.#running.delete(key);
          running.abort.abort();
        }
        reject(signal.reason as Error);
      };
      signal.addEventListener("abort", leave, { once: true });
    });
    try {
      return await Promise.race([running.work, left]);
    } finally {
      signal.removeEventListener("abort", leave!);
    }
  }
}

interface Running<T> {
  readonly work: Promise<T>;
  readonly abort: AbortController;
  /** Callers that wait. Those without a signal never leave. */
  callers: number;
}
