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
