import type { SuitePort } from "../../suite.ts";
import { median } from "../../timing.ts";

/** A method that is ready to run on one input. */
export interface Runner {
  readonly method: string;
  /** Does the work once; its milliseconds. */
  run(): Promise<number>;
  /** Labels of the last run. */
  result(): Promise<Uint16Array>;
  close?(): void;
}

export interface Timed {
  readonly method: string;
  readonly ms: number;
  readonly runs: number;
  readonly labels: Uint16Array;
}

/** Runs above this are timed once only. */
const SLOW_MS = 250;
const ROUNDS = 3;

/** Each once without timing, then rounds in turn, every other in reverse; medians. Runners are closed. */
export async function timeRunners(runners: readonly Runner[], { signal }: Pick<SuitePort, "signal">): Promise<Timed[]> {
  const rounds = new Map<string, number>();
  const times = new Map<string, number[]>();
  try {
    for (const runner of runners) {
      signal?.throwIfAborted();
      rounds.set(runner.method, (await runner.run()) > SLOW_MS ? 1 : ROUNDS);
      times.set(runner.method, []);
    }
    for (let round = 0; round < ROUNDS; round++) {
      for (const runner of round % 2 === 0 ? runners : runners.toReversed()) {
        signal?.throwIfAborted();
        if (round < rounds.get(runner.method)!) times.get(runner.method)!.push(await runner.run());
      }
    }
    const timed: Timed[] = [];
    for (const runner of runners) {
      const { method } = runner;
      timed.push({
        method,
        ms: median(times.get(method)!),
        runs: rounds.get(method)!,
        labels: await runner.result(),
      });
    }
    return timed;
  } finally {
    for (const runner of runners) runner.close?.();
  }
}

/** Times an async call by the clock and keeps its result. */
export function clocked<Result>(
  method: string,
  work: () => Promise<Result>,
  labelsOf: (result: Result) => Uint16Array | Promise<Uint16Array>,
): Runner {
  let last: { readonly result: Result } | undefined;
  return {
    method,
    async run() {
      const start = performance.now();
      const result = await work();
      const ms = performance.now() - start;
      last = { result };
      return ms;
    },
    async result() {
      if (!last) throw new Error("no run yet");
      return labelsOf(last.result);
    },
  };
}
