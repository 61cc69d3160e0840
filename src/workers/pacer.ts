import { type ProgressOptions, yieldToEvents } from "#base";

/** Work between looks at events, in milliseconds: half a frame. */
const SLICE_MS = 8;

/** Keeps long synchronous work from holding up its thread, reports progress, and ends it when aborted. */
export class Pacer {
  readonly #options: ProgressOptions;
  #last = performance.now();

  constructor(options: ProgressOptions) {
    this.#options = options;
  }

  /** Throws AbortError when aborted; handles events when 8 ms have passed since the last time. */
  async pause(fraction: number, what: string): Promise<void> {
    this.#options.signal?.throwIfAborted();
    if (performance.now() - this.#last < SLICE_MS) return;
    this.#options.onProgress?.({ fraction, what });
    await yieldToEvents();
    this.#last = performance.now();
    this.#options.signal?.throwIfAborted();
  }
}
