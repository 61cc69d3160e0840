import type { WorkerCalls } from "./connect-worker.ts";
import type { KernelCore } from "./kernel-core.ts";
import type { KernelHost } from "./kernel-host.ts";
import type { KernelThreads } from "./kernel-threads.ts";
import type { KernelMemory, MemoryArena } from "./memory-arena.ts";

/** Worker threads on one shared memory, owned by the calling thread. */
export class PoolThreads implements KernelThreads {
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

  async growthStep(job: number, scratch: readonly number[], runs: number): Promise<void> {
    const steps = this.#workers.map(async (worker, n) => {
      try {
        await worker.growthStep(job, scratch[n]!, runs, this.count);
      } catch (error) {
        // The others may be waiting for what this one would have done.
        this.core.exports.growthStop(job);
        throw error;
      }
    });
    for (const result of await Promise.allSettled(steps)) {
      if (result.status === "rejected") throw result.reason;
    }
  }
}
