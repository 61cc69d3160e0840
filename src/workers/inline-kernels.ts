import type { ProgressOptions } from "#base";
import type { BrickPool } from "./brick-pool.ts";
import type { Crew } from "./crew/crew.ts";
import { InlineCrew } from "./crew/inline-crew.ts";
import { grow } from "./growth/grow.ts";
import { InlineThreads } from "./inline-threads.ts";
import { JobMemory, SHARED_JOB_BYTES } from "./job-memory.ts";
import { KernelSet } from "./kernel-set.ts";
import type { GrowRequest, KernelImage, KernelLabels, Kernels, SeedsProposal, SeedsRequest } from "./kernels.api.ts";
import { MemoryLease } from "./memory-lease.ts";
import { SeedsKeeper } from "./seeds/seeds-keeper.ts";
import { InlineSeedsThreads } from "./seeds/seeds-threads.ts";

/** Memory a task may take when nothing else is said: 1 GiB. */
export const DEFAULT_BUDGET_BYTES = 2 ** 30;

export interface InlineKernelsOptions {
  readonly wasm: WebAssembly.Module;
  /** Most bytes of WASM memory that a job may take; 1 GiB when absent (a growth takes 256 MiB), 4 GiB at most. */
  readonly budgetBytes?: number;
  /** Bytes for image bricks that kernels read where they lie (`Kernels.bricks`); none when absent. */
  readonly brickBytes?: number;
}

/** The kernels in the calling thread, for tests and the CLI. Handles events every 8 ms; jobs run one at a time. */
export function createInlineKernels(options: InlineKernelsOptions): Kernels {
  return new InlineKernels(options);
}

class InlineKernels extends KernelSet {
  readonly mode = { workers: 1, sharedMemory: false };
  readonly #crew: Crew;
  readonly #memory: JobMemory;
  readonly #seeds: SeedsKeeper;

  constructor({ wasm, budgetBytes = DEFAULT_BUDGET_BYTES, brickBytes = 0 }: InlineKernelsOptions) {
    super();
    this.#crew = new InlineCrew(wasm, budgetBytes);
    this.#memory = new JobMemory(wasm, Math.min(budgetBytes, SHARED_JOB_BYTES), brickBytes);
    this.#seeds = new SeedsKeeper(new MemoryLease(wasm, budgetBytes), (memory, work) =>
      work(new InlineSeedsThreads(memory)),
    );
  }

  get bricks(): BrickPool {
    return this.#memory.bricks;
  }

  protected override growByRange(image: KernelImage, request: GrowRequest, options: ProgressOptions) {
    return this.#memory.run(options.signal, (core, arena) =>
      grow(new InlineThreads(core, arena), image, request, options, { resident: this.bricks }),
    );
  }

  override async growFromSeeds(
    image: KernelImage,
    labels: KernelLabels,
    request: SeedsRequest,
    options: ProgressOptions = {},
  ): Promise<SeedsProposal> {
    return this.#seeds.grow(image, labels, request, options);
  }

  dispose(): void {
    this.fills.release();
    this.#seeds.release();
  }

  protected crew(): Crew {
    return this.#crew;
  }
}
