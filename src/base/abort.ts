/** Options that every long call takes: it ends by a value, an error, or an AbortError once `signal` is aborted. */
export interface AbortOptions {
  readonly signal?: AbortSignal | undefined;
}

/** Long calls report the share done, 0 to 1, and what they are doing. */
export interface ProgressOptions extends AbortOptions {
  readonly onProgress?: ((progress: Progress) => void) | undefined;
}

export interface Progress {
  /** Share done, 0 to 1. */
  readonly fraction: number;
  /** What is being done, for a person. */
  readonly what: string;
}

export function isAbortError(error: unknown): boolean {
  return error instanceof Error && error.name === "AbortError";
}

/** What `work` comes to, or an AbortError as soon as `signal` is aborted: what cannot be stopped ends by itself, unheard. */
export async function orAbort<T>(work: Promise<T>, signal: AbortSignal | undefined): Promise<T> {
  if (!signal) return work;
  work.catch(() => undefined);
  signal.throwIfAborted();
  let stop: (() => void) | undefined;
  const stopped = new Promise<never>((_, reject) => {
    stop = () => reject(signal.reason as Error);
    signal.addEventListener("abort", stop);
  });
  try {
    return await Promise.race([work, stopped]);
  } finally {
    signal.removeEventListener("abort", stop!);
  }
}

/** Lets timers, input and messages be handled; used between steps of long work. */
export function yieldToEvents(): Promise<void> {
  return new Promise((resolve) => {
    const { port1, port2 } = new MessageChannel();
    port1.onmessage = () => {
      port1.close();
      resolve();
    };
    port2.postMessage(0);
  });
}
