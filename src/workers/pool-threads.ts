import type { WorkerCalls } from "./connect-worker.ts";
import { copySlotMasks, type SlotMasks } from "./growth/collect.ts";
import type { KernelCore } from "./kernel-core.ts";
import type { KernelHost } from "./kernel-host.ts";
import type { KernelThreads } from "./kernel-threads.ts";
import type { Arena } from "./memory-arena.ts";

/** Bricks below which a worker is not asked to copy them out: calling it takes as long as copying some ten. */
const LEAST_SHARE = 24;

/** Worker threads on one shared memory, owned by the calling thread. */
export class PoolThreads implements KernelThreads {
  readonly count: number;
  readonly concurrent = true;
  readonly core: KernelCore;
  readonly arena: Arena;
  readonly #workers: readonly WorkerCalls<KernelHost>[];

  constructor(core: KernelCore, arena: Arena, workers: readonly WorkerCalls<KernelHost>[]) {
    this.core = core;
    this.arena = arena;
    this.count = workers.length;
    this.#workers = workers;
  }

  async growthRun(job: number, scratch: readonly number[]): Promise<void> {
    const runs = this.#workers.map(async (worker, n) => {
      try {
        await worker.growthRun(job, scratch[n]!);
      } catch (error) {
        // The others may be waiting for what this one would have done.
        this.core.exports.growthStop(job, 2);
        throw error;
      }
    });
    for (const result of await Promise.allSettled(runs)) {
      if (result.status === "rejected") throw result.reason;
    }
  }

  async slotMasks(slots: readonly number[]): Promise<readonly SlotMasks[]> {
    const share = Math.ceil(slots.length / this.count);
    if (share < LEAST_SHARE) return [copySlotMasks(this.core, slots)];
    return Promise.all(this.#workers.map((worker, n) => worker.slotMasks(slots.slice(n * share, (n + 1) * share))));
  }
}
