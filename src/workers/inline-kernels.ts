import type { Crew } from "./crew/crew.ts";
import { InlineCrew } from "./crew/inline-crew.ts";
import { KernelSet } from "./kernel-set.ts";
import type { Kernels } from "./kernels.api.ts";

/** Memory a job may take when nothing else is said: 1 GiB. */
export const DEFAULT_BUDGET_BYTES = 2 ** 30;

export interface InlineKernelsOptions {
  /** The WASM core or its bytes. */
  readonly wasm: BufferSource | WebAssembly.Module;
  /** Most bytes of WASM memory that a job may take; 1 GiB when absent, 4 GiB at most. */
  readonly budgetBytes?: number;
}

/** The kernels in the calling thread, for tests and the CLI. Handles events every 8 ms; tasks run one at a time. */
export function createInlineKernels(options: InlineKernelsOptions): Kernels {
  return new InlineKernels(options);
}

class InlineKernels extends KernelSet {
  readonly mode = { workers: 1, sharedMemory: false };
  readonly #crew: Crew;

  constructor({ wasm, budgetBytes = DEFAULT_BUDGET_BYTES }: InlineKernelsOptions) {
    super();
    this.#crew = new InlineCrew(wasm, budgetBytes);
  }

  dispose(): void {}

  protected crew(): Crew {
    return this.#crew;
  }
}
