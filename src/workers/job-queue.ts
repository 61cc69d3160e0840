/** Runs jobs one after the other. A job that is aborted while it waits rejects at once and never starts. */
export class JobQueue {
  #last: Promise<unknown> = Promise.resolve();

  run<T>(signal: AbortSignal | undefined, job: () => Promise<T>): Promise<T> {
    const turn = this.#last;
    const started = new Promise<T>((resolve, reject) => {
      const abort = () => reject(signal!.reason as Error);
      if (signal?.aborted) {
        abort();
        return;
      }
      signal?.addEventListener("abort", abort, { once: true });
      void turn.then(() => {
        signal?.removeEventListener("abort", abort);
        if (!signal?.aborted) resolve(job());
      });
    });
    // The next waits for this one to end, also when its caller was told earlier that it is aborted.
    const ended = started.catch(() => undefined);
    this.#last = turn.then(() => ended);
    return started;
  }
}
