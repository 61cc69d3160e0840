import type { WorkerCalls } from "../connect-worker.ts";
import type { KernelCore } from "../kernel-core.ts";
import type { KernelHost } from "../kernel-host.ts";
import type { KernelMemory, MemoryArena } from "../memory-arena.ts";
import type { SeedsThreads } from "./seeds-threads.ts";

/** Worker threads on one shared memory, owned by the calling thread. */
export class PoolSeedsThreads implements SeedsThreads {
  readonly count: number;
  readonly core: KernelCore;
  readonly arena: MemoryArena;
  readonly #workers: readonly WorkerCalls<KernelHost>[];

  constructor({ core, arena }: KernelMemory, workers: readonly WorkerCalls<KernelHost>[]) {
    this.core = core;
    this.arena = arena;
    this.count = workers.length;
    this.#workers = workers;
  }

  async seedsStep(job: number, scratch: readonly number[], runs: number, dooming: boolean): Promise<void> {
    const steps = this.#workers.map(async (worker, n) => {
      try {
        await worker.seedsStep(job, scratch[n]!, runs, dooming, this.count);
      } catch (error) {
        // The others may be waiting for what this one would have done.
        this.core.exports.seedsStop(job);
        throw error;
      }
    });
    for (const result of await Promise.allSettled(steps)) {
      if (result.status === "rejected") throw result.reason;
    }
  }
}
