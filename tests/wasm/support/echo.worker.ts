import { type AbortOptions, VoxelwrightError } from "#base";
import { serveWorker, transfer } from "#workers";

/** What tests of the worker helpers call. */
export const echo = {
  add: (a: number, b: number) => a + b,
  fail() {
    throw new VoxelwrightError("limit", "Too many.", {
      subject: "scan.nii",
      advice: "Take fewer.",
      fields: { count: 3 },
    });
  },
  double: (values: Float32Array<ArrayBuffer>) => {
    const doubled = values.map((value) => value * 2);
    return transfer(doubled, [doubled.buffer]);
  },
  async count(to: number, options: AbortOptions & { onStep?: (n: number) => unknown }) {
    let sum = 0;
    for (let n = 0; n < to; n++) {
      options.signal?.throwIfAborted();
      sum += Number(await options.onStep?.(n));
    }
    return sum;
  },
  waitForAbort: ({ signal }: AbortOptions) =>
    new Promise<void>((_, reject) => signal?.addEventListener("abort", () => reject(signal.reason as Error))),
  hang: () => new Promise<void>(() => undefined),
  die: () => {
    setTimeout(() => {
      throw new RangeError("out of memory");
    });
    return new Promise<void>(() => undefined);
  },
};

serveWorker(echo);
