import { type ProgressOptions, VoxelwrightError } from "#base";
import { spawnWorker, type WorkerConnection } from "./connect-worker.ts";
import { grow, type MaskProposal } from "./growth/grow.ts";
import { DEFAULT_BUDGET_BYTES } from "./inline-kernels.ts";
import { JobQueue } from "./job-queue.ts";
import type { HostedImageOptions, ImageShape, KernelHost } from "./kernel-host.ts";
import type {
  CompareRow,
  FillRequest,
  GrowRequest,
  KernelImage,
  KernelLabels,
  Kernels,
  StatisticsRow,
} from "./kernels.api.ts";
import { MemoryLease } from "./memory-lease.ts";
import { packLabels } from "./packed-labels.ts";
import { PoolThreads } from "./pool-threads.ts";
import { mergeStatistics } from "./statistics/statistics.ts";
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

class KernelPool implements Kernels {
  readonly mode: { readonly workers: number; readonly sharedMemory: boolean };
  readonly #pool: WorkerPool<KernelHost>;
  readonly #growths = new JobQueue();
  readonly #lease: MemoryLease;
  #disposed = false;
  #turn = 0;

  constructor({
    wasmModule,
    workers,
    budgetBytes = DEFAULT_BUDGET_BYTES,
    sharedMemory,
    spawn = spawnHost,
  }: KernelPoolOptions) {
    const processors = globalThis.navigator?.hardwareConcurrency ?? 2;
    this.#pool = new WorkerPool(workers ?? Math.min(8, Math.max(1, processors - 1)), spawn, (worker) =>
      worker.load(wasmModule, budgetBytes),
    );
    this.#lease = new MemoryLease(wasmModule, budgetBytes);
    this.mode = { workers: this.#pool.size, sharedMemory: sharedMemory ?? globalThis.crossOriginIsolated !== false };
  }

  grow(image: KernelImage, request: GrowRequest, options: ProgressOptions = {}): Promise<MaskProposal> {
    this.#check();
    if (this.mode.sharedMemory)
      return this.#growths.run(options.signal, () => this.#growShared(image, request, options));
    return this.#growths.run(options.signal, async () =>
      (await this.#next()).grow(shapeOf(image), request, hosted(image, options)),
    );
  }

  async fill(labels: KernelLabels, request: FillRequest, options: ProgressOptions = {}) {
    return (await this.#next()).fill(packLabels(labels), request, { ...options });
  }

  async statistics(image: KernelImage, labels: KernelLabels, options: ProgressOptions = {}): Promise<StatisticsRow[]> {
    this.#check();
    const indices = [...labels.brickIndices()].sort((a, b) => a - b);
    const share = Math.ceil(indices.length / this.#pool.size);
    const done = new Float64Array(this.#pool.size);
    const parts = await this.#pool.onAll((worker, slot) => {
      const own = indices.slice(slot * share, (slot + 1) * share);
      if (own.length === 0) return Promise.resolve([]);
      return worker.statisticsOfBricks(shapeOf(image), packLabels(labels, own), {
        ...hosted(image, options),
        onProgress: ({ fraction, what }) => {
          done[slot] = fraction / this.#pool.size;
          options.onProgress?.({ fraction: done.reduce((sum, part) => sum + part, 0), what });
        },
      });
    });
    return mergeStatistics(parts.flat());
  }

  async compare(
    a: KernelLabels,
    b: KernelLabels,
    spacingMm: readonly [number, number, number],
    options: ProgressOptions = {},
  ): Promise<CompareRow[]> {
    return (await this.#next()).compare(packLabels(a), packLabels(b), spacingMm, { ...options });
  }

  dispose(): void {
    this.#disposed = true;
    this.#pool.dispose();
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

  /** Whole jobs go to the workers in turn. */
  async #next() {
    this.#check();
    this.#turn = (this.#turn + 1) % this.#pool.size;
    return this.#pool.worker(this.#turn);
  }

  #check(): void {
    if (this.#disposed) throw new VoxelwrightError("worker", "The kernels are closed.");
  }
}

function spawnHost(): WorkerConnection<KernelHost> {
  return spawnWorker<KernelHost>(
    (Worker) => new Worker(new URL("./kernels.worker.ts", import.meta.url), { type: "module" }),
  );
}

function shapeOf({ dims, voxelType, frame }: KernelImage): ImageShape {
  return { dims, voxelType, frame };
}

function hosted(image: KernelImage, options: ProgressOptions): HostedImageOptions {
  const abort = options.signal ? { signal: options.signal } : {};
  return { ...options, readBrick: (address) => image.bricks.readBrick(address, abort) };
}
