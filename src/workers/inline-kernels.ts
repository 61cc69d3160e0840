import type { ProgressOptions } from "#base";
import { compareLabels } from "./compare/compare.ts";
import { fillByShape } from "./fill/fill.ts";
import { grow } from "./growth/grow.ts";
import { InlineThreads } from "./inline-threads.ts";
import { JobQueue } from "./job-queue.ts";
import type {
  CompareRow,
  FillRequest,
  GrowRequest,
  KernelImage,
  KernelLabels,
  Kernels,
  StatisticsRow,
} from "./kernels.api.ts";
import type { KernelMemory } from "./memory-arena.ts";
import { MemoryLease } from "./memory-lease.ts";
import { type BrickStatistics, mergeStatistics, statisticsOfBricks } from "./statistics/statistics.ts";

/** Memory a job may take when nothing else is said: 1 GiB. */
export const DEFAULT_BUDGET_BYTES = 2 ** 30;

export interface InlineKernelsOptions {
  /** The WASM core or its bytes. */
  readonly wasm: BufferSource | WebAssembly.Module;
  /** Most bytes of WASM memory that a job may take; 1 GiB when absent, 4 GiB at most. */
  readonly budgetBytes?: number;
}

/**
 * The kernels in the calling thread, for tests, the CLI and inside workers. Handles events every 8 ms. Jobs run one at a time;
 * memory is given back after each, up to 64 MiB that are kept for the next.
 */
export function createInlineKernels(options: InlineKernelsOptions): InlineKernels {
  return new InlineKernels(options);
}

export class InlineKernels implements Kernels {
  readonly mode = { workers: 1, sharedMemory: false };
  readonly #queue = new JobQueue();
  readonly #wasm: BufferSource | WebAssembly.Module;
  readonly #budgetBytes: number;
  #lease: Promise<MemoryLease> | undefined;

  constructor({ wasm, budgetBytes = DEFAULT_BUDGET_BYTES }: InlineKernelsOptions) {
    this.#wasm = wasm;
    this.#budgetBytes = budgetBytes;
  }

  grow(image: KernelImage, request: GrowRequest, options: ProgressOptions = {}) {
    return this.#run(options, (memory) => grow(new InlineThreads(memory), image, request, options));
  }

  fill(labels: KernelLabels, request: FillRequest, options: ProgressOptions = {}) {
    return this.#run(options, (memory) => fillByShape(memory, labels, request, options));
  }

  async statistics(image: KernelImage, labels: KernelLabels, options: ProgressOptions = {}): Promise<StatisticsRow[]> {
    const indices = [...labels.brickIndices()].sort((a, b) => a - b);
    return mergeStatistics(await this.statisticsOfBricks(image, labels, indices, options));
  }

  /** Part of `statistics`, for those who share it out. */
  statisticsOfBricks(
    image: KernelImage,
    labels: KernelLabels,
    indices: readonly number[],
    options: ProgressOptions,
  ): Promise<BrickStatistics[][]> {
    return this.#run(options, (memory) => statisticsOfBricks(memory, image, labels, indices, options));
  }

  compare(
    a: KernelLabels,
    b: KernelLabels,
    spacingMm: readonly [number, number, number],
    options: ProgressOptions = {},
  ): Promise<CompareRow[]> {
    return this.#queue.run(options.signal, () => compareLabels(a, b, spacingMm, options));
  }

  dispose(): void {
    this.#lease = undefined;
  }

  #run<T>({ signal }: ProgressOptions, job: (memory: KernelMemory) => Promise<T>): Promise<T> {
    return this.#queue.run(signal, async () => {
      const lease = await (this.#lease ??= this.#createLease());
      const memory = lease.take();
      try {
        return await job(memory);
      } finally {
        lease.give(memory);
      }
    });
  }

  async #createLease(): Promise<MemoryLease> {
    const module = this.#wasm instanceof WebAssembly.Module ? this.#wasm : await WebAssembly.compile(this.#wasm);
    return new MemoryLease(module, this.#budgetBytes);
  }
}
