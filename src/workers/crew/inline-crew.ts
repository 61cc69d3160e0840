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
  readonly #wasm: BufferSource | WebAssembly.Module;
  readonly #budgetBytes: number;
  #lease: Promise<MemoryLease> | undefined;

  constructor(wasm: BufferSource | WebAssembly.Module, budgetBytes: number) {
    this.#wasm = wasm;
    this.#budgetBytes = budgetBytes;
  }

  run<Name extends TaskName>(
    name: Name,
    input: TaskInput,
    request: RequestOf<Name>,
    options: ProgressOptions = {},
  ): Promise<ResultOf<Name>> {
    const { signal, onProgress } = options;
    return this.#queue.run(signal, async () => {
      const lease = await (this.#lease ??= this.#createLease());
      const memory = lease.take();
      try {
        const task = TASKS[name] as unknown as Task<RequestOf<Name>, ResultOf<Name>>;
        signal?.throwIfAborted();
        return await task({ ...memory, ...input, signal, onProgress, pacer: new Pacer(options) }, request);
      } finally {
        lease.give(memory);
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

  async #createLease(): Promise<MemoryLease> {
    const module = this.#wasm instanceof WebAssembly.Module ? this.#wasm : await WebAssembly.compile(this.#wasm);
    return new MemoryLease(module, this.#budgetBytes);
  }
}
