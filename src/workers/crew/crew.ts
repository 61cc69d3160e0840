import type { Progress, ProgressOptions } from "#base";
import type { Task, TaskInput } from "./task.ts";
import type { TASKS } from "./tasks.ts";

type Tasks = typeof TASKS;
export type TaskName = keyof Tasks;
export type RequestOf<Name extends TaskName> = Tasks[Name] extends Task<infer Request, unknown> ? Request : never;
export type ResultOf<Name extends TaskName> = Tasks[Name] extends Task<never, infer Result> ? Result : never;

/** One of the pieces that a kernel's work is shared out in. */
export interface Share<Request> {
  readonly request: Request;
  /** Label bricks that the task reads, of every map; all of them when absent. Others count as background there. */
  readonly labelBricks?: readonly number[];
}

/**
 * The threads that run tasks. A kernel is a function of the calling thread over a crew: it plans shares, has them run, and puts
 * the results together in the order of the shares, so that nothing depends on who ran what and when.
 */
export interface Crew {
  /** Threads: a kernel makes a few times as many shares, so that all end at about the same time. */
  readonly count: number;
  /** Runs one task. */
  run<Name extends TaskName>(
    name: Name,
    input: TaskInput,
    request: RequestOf<Name>,
    options?: ProgressOptions,
  ): Promise<ResultOf<Name>>;
  /** Runs a task for every share, as threads become free; the results in the order of the shares. */
  share<Name extends TaskName>(
    name: Name,
    input: TaskInput,
    shares: readonly Share<RequestOf<Name>>[],
    options?: ProgressOptions,
  ): Promise<ResultOf<Name>[]>;
}

/** Progress of shares as progress of the whole: a callback for each share, undefined where nobody listens. */
export function progressOfShares(
  count: number,
  { onProgress }: ProgressOptions,
): (share: number) => ((progress: Progress) => void) | undefined {
  if (!onProgress) return () => undefined;
  const done = new Float64Array(count);
  return (share) =>
    ({ fraction, what }) => {
      done[share] = Math.max(done[share]!, fraction);
      onProgress({ fraction: done.reduce((sum, part) => sum + part, 0) / count, what });
    };
}
