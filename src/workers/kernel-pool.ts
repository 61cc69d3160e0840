import { type ProgressOptions, VoxelwrightError } from "#base";
import { spawnWorker, type WorkerConnection } from "./connect-worker.ts";
import type { Crew } from "./crew/crew.ts";
import { PoolCrew } from "./crew/pool-crew.ts";
import { grow } from "./growth/grow.ts";
import { DEFAULT_BUDGET_BYTES } from "./inline-kernels.ts";
import { JobQueue } from "./job-queue.ts";
import type { KernelHost } from "./kernel-host.ts";
import { KernelSet } from "./kernel-set.ts";
import type { GrowRequest, KernelImage, Kernels, MaskProposal } from "./kernels.api.ts";
import { MemoryLease } from "./memory-lease.ts";
import { PoolThreads } from "./pool-threads.ts";
import { WorkerPool } from "./worker-pool.ts";

export interface KernelPoolOptions {
  /** The WASM core, as `loadKernelModule` gives it. */
  readonly wasmModule: WebAssembly.Module;
  /** Number of workers; the number of processors less one, at least 1 and at most 8, when absent. */
  readonly workers?: number;
  /** Most bytes of WASM memory that a job may take; 1 GiB when absent, 4 GiB at most. */
  readonly budgetBytes?: number;
  /** Whether workers may share memory; when absent, whether the page is cross-origin isolated (always in Node). */
  readonly sharedMemory?: boolean;
  /** Starts a worker that serves `KernelHost`; the one of this folder when absent. */
  readonly spawn?: () => WorkerConnection<KernelHost>;
}

/**
 * The kernels in workers, in a browser or in Node. Growth shares one memory among all workers and gives the same result for any
 * number of them; the calling thread copies voxels in and does nothing long. Without shared memory a growth runs in one worker,
 * to which bricks are sent (`mode` says so). A worker that dies rejects the jobs it worked on with `worker` and is replaced.
 */
export function createKernelPool(options: KernelPoolOptions): Kernels {
  return new KernelPool(options);
}

class KernelPool extends KernelSet {
  readonly mode: { readonly workers: number; readonly sharedMemory: boolean };
  readonly #pool: WorkerPool<KernelHost>;
  readonly #crew: Crew;
  readonly #growths = new JobQueue();
  readonly #lease: MemoryLease;
  #disposed = false;

  constructor({
    wasmModule,
    workers,
    budgetBytes = DEFAULT_BUDGET_BYTES,
    sharedMemory,
    spawn = spawnHost,
  }: KernelPoolOptions) {
    super();
    const processors = globalThis.navigator?.hardwareConcurrency ?? 2;
    this.#pool = new WorkerPool(workers ?? Math.min(8, Math.max(1, processors - 1)), spawn, (worker) =>
      worker.load(wasmModule, budgetBytes),
    );
    this.#crew = new PoolCrew(this.#pool);
    this.#lease = new MemoryLease(wasmModule, budgetBytes);
    this.mode = { workers: this.#pool.size, sharedMemory: sharedMemory ?? globalThis.crossOriginIsolated !== false };
  }

  override async grow(image: KernelImage, request: GrowRequest, options: ProgressOptions = {}): Promise<MaskProposal> {
    if (!this.mode.sharedMemory) return super.grow(image, request, options);
    this.crew();
    return this.#growths.run(options.signal, () => this.#growShared(image, request, options));
  }

  dispose(): void {
    this.#disposed = true;
    this.#pool.dispose();
  }

  protected crew(): Crew {
    if (this.#disposed) throw new VoxelwrightError("worker", "The kernels are closed.");
    return this.#crew;
  }

  async #growShared(image: KernelImage, request: GrowRequest, options: ProgressOptions): Promise<MaskProposal> {
    const memory = this.#lease.take();
    const workers = await this.#pool.onAll(async (worker) => {
      await worker.attach(memory.core.memory);
      return worker;
    });
    const proposal = grow(new PoolThreads(memory, workers), image, request, options);
    // Also after a failure all workers have returned; one that died is replaced and was never attached.
    const settled = proposal.then(
      () => true,
      () => false,
    );
    await settled;
    await Promise.allSettled(workers.map((worker) => worker.detach()));
    this.#lease.give(memory);
    return proposal;
  }
}

function spawnHost(): WorkerConnection<KernelHost> {
  return spawnWorker<KernelHost>(
    (Worker) => new Worker(new URL("./kernels.worker.ts", import.meta.url), { type: "module" }),
  );
}
