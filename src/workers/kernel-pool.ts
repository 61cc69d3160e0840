import { processors, type ProgressOptions, VoxelwrightError } from "#base";
import { spawnWorker, type WorkerConnection } from "./connect-worker.ts";
import type { Crew } from "./crew/crew.ts";
import { PoolCrew } from "./crew/pool-crew.ts";
import type { BrickPool } from "./brick-pool.ts";
import { grow } from "./growth/grow.ts";
import { DEFAULT_BUDGET_BYTES } from "./inline-kernels.ts";
import type { KernelHost } from "./kernel-host.ts";
import { JobMemory, SHARED_JOB_BYTES } from "./job-memory.ts";
import { KernelSet } from "./kernel-set.ts";
import type { GrowRequest, KernelImage, KernelLabels, Kernels, SeedsProposal, SeedsRequest } from "./kernels.api.ts";
import { MemoryLease } from "./memory-lease.ts";
import { PoolThreads } from "./pool-threads.ts";
import { PoolSeedsThreads } from "./seeds/pool-seeds-threads.ts";
import { SeedsKeeper, type WithThreads } from "./seeds/seeds-keeper.ts";
import { WorkerPool } from "./worker-pool.ts";

export interface KernelPoolOptions {
  /** The WASM core, as `loadKernelModule` gives it. */
  readonly wasmModule: WebAssembly.Module;
  /** Number of workers; the number of processors less one, at least 1 and at most 8, when absent. */
  readonly workers?: number;
  /** Most bytes of WASM memory that a job may take; 1 GiB when absent (a growth takes 256 MiB), 4 GiB at most. */
  readonly budgetBytes?: number;
  /** Bytes for image bricks that kernels read where they lie (`Kernels.bricks`); none when absent. */
  readonly brickBytes?: number;
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
  /** Undefined where workers cannot share memory. */
  readonly #memory: JobMemory | undefined;
  readonly #seeds: SeedsKeeper;
  #disposed = false;

  constructor({
    wasmModule,
    workers,
    budgetBytes = DEFAULT_BUDGET_BYTES,
    brickBytes = 0,
    sharedMemory = globalThis.crossOriginIsolated !== false,
    spawn = spawnHost,
  }: KernelPoolOptions) {
    super();
    this.#memory = sharedMemory
      ? new JobMemory(wasmModule, Math.min(budgetBytes, SHARED_JOB_BYTES), brickBytes)
      : undefined;
    this.#pool = new WorkerPool(workers ?? Math.min(8, Math.max(1, processors() - 1)), spawn, (worker) =>
      worker.load(wasmModule, budgetBytes, this.#memory?.memory),
    );
    this.#crew = new PoolCrew(this.#pool);
    this.mode = { workers: this.#pool.size, sharedMemory };
    this.#seeds = new SeedsKeeper(new MemoryLease(wasmModule, budgetBytes), this.#withSeedsThreads);
  }

  get bricks(): BrickPool | undefined {
    return this.#memory?.bricks;
  }

  protected override async growByRange(image: KernelImage, request: GrowRequest, options: ProgressOptions) {
    if (!this.#memory) return super.growByRange(image, request, options);
    return this.#memory.run(options.signal, async (core, arena) => {
      const workers = await this.#pool.onAll((worker) => Promise.resolve({ worker }));
      const threads = new PoolThreads(
        core,
        arena,
        workers.map(({ worker }) => worker),
      );
      return grow(threads, image, request, options, { resident: this.bricks });
    });
  }

  override async growFromSeeds(
    image: KernelImage,
    labels: KernelLabels,
    request: SeedsRequest,
    options: ProgressOptions = {},
  ): Promise<SeedsProposal> {
    if (!this.mode.sharedMemory) return super.growFromSeeds(image, labels, request, options);
    this.crew();
    return this.#seeds.grow(image, labels, request, options);
  }

  dispose(): void {
    this.#disposed = true;
    this.fills.release();
    this.#seeds.release();
    this.#pool.dispose();
  }

  protected crew(): Crew {
    if (this.#disposed) throw new VoxelwrightError("worker", "The kernels are closed.");
    return this.#crew;
  }

  readonly #withSeedsThreads: WithThreads = async (memory, work) => {
    const attached = await this.#pool.onAll(async (worker) => {
      await worker.attachSeeds(memory.core.memory);
      return { worker };
    });
    const workers = attached.map(({ worker }) => worker);
    try {
      return await work(new PoolSeedsThreads(memory, workers));
    } finally {
      await Promise.allSettled(workers.map((worker) => worker.detachSeeds()));
    }
  };
}

function spawnHost(): WorkerConnection<KernelHost> {
  return spawnWorker<KernelHost>(
    (Worker) => new Worker(new URL("./kernels.worker.ts", import.meta.url), { type: "module" }),
  );
}
