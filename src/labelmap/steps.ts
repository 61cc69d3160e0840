import { type ProgressOptions, yieldToEvents } from "#base";

/** Work cut into steps; yields the share done, 0 to 1, wherever it can be interrupted. */
export type Steps<Result> = Generator<number, Result>;

/** Longest time between two turns of the event loop: a frame at 60 Hz has room for it. */
const STEP_MS = 10;

/** Does all steps now. */
export function runAtOnce<Result>(steps: Steps<Result>): Result {
  while (true) {
    const next = steps.next();
    if (next.done) return next.value;
  }
}

/** Does the steps with a turn of the event loop every 10 ms; rejects with AbortError when aborted between two. */
export async function runInSteps<Result>(
  steps: Steps<Result>,
  what: string,
  options: ProgressOptions,
): Promise<Result> {
  const { signal, onProgress } = options;
  let since = performance.now();
  while (true) {
    const next = steps.next();
    if (next.done) return next.value;
    if (performance.now() - since < STEP_MS) continue;
    onProgress?.({ fraction: next.value, what });
    await yieldToEvents();
    if (signal?.aborted) {
      // Lets the work put its own state in order before the caller hears.
      steps.return(undefined as never);
      signal.throwIfAborted();
    }
    since = performance.now();
  }
}

/** The steps and then, in the same turn as the last one, what comes of their result. */
export function* followedBy<First, Result>(steps: Steps<First>, then: (result: First) => Result): Steps<Result> {
  return then(yield* steps);
}
