import type { ProgressOptions } from "#base";
import { JobQueue } from "../job-queue.ts";
import { MemoryLease } from "../memory-lease.ts";
import { Pacer } from "../pacer.ts";
import { type Crew, progressOfShares, type RequestOf, type ResultOf, type Share, type TaskName } from "./crew.ts";
import type { Task, TaskInput } from "./task.ts";
import { TASKS } from "./tasks.ts";

/**
 * A crew of one: the calling thread. Tasks run one at a time and look at events every 8 ms; memory is given back after each, up
 * to 64 MiB that are kept for the next.
 */
export class InlineCrew implements Crew {
  readonly count = 1;
  readonly #queue = new JobQueue();
  readonly #lease: MemoryLease;

  constructor(module: WebAssembly.Module, budgetBytes: number) {
    this.#lease = new MemoryLease(module, budgetBytes);
  }

  run<Name extends TaskName>(
    name: Name,
    input: TaskInput,
    request: RequestOf<Name>,
    options: ProgressOptions = {},
  ): Promise<ResultOf<Name>> {
    const { signal, onProgress } = options;
    return this.#queue.run(signal, async () => {
      const memory = this.#lease.take();
      try {
        const task = TASKS[name] as unknown as Task<RequestOf<Name>, ResultOf<Name>>;
        signal?.throwIfAborted();
        return await task({ ...memory, ...input, signal, onProgress, pacer: new Pacer(options) }, request);
      } finally {
        this.#lease.give(memory);
      }
    });
  }

  async share<Name extends TaskName>(
    name: Name,
    input: TaskInput,
    shares: readonly Share<RequestOf<Name>>[],
    options: ProgressOptions = {},
  ): Promise<ResultOf<Name>[]> {
    const progress = progressOfShares(shares.length, options);
    const results: ResultOf<Name>[] = [];
    for (const [n, { request }] of shares.entries()) {
      results.push(await this.run(name, input, request, { signal: options.signal, onProgress: progress(n) }));
    }
    return results;
  }
}
