import type { VoxelType } from "#volume";
import type { KernelExports } from "./kernel-exports.ts";

/** How the core numbers voxel types (`assembly/kernels/growth/threshold.ts`). */
export const VOXEL_TYPE_CODE: Readonly<Record<VoxelType, number>> = {
  uint8: 0,
  int8: 1,
  uint16: 2,
  int16: 3,
  uint32: 4,
  int32: 5,
  float32: 6,
};

export const PAGE_BYTES = 65_536;

/** What `createMemory` gives at first: the smallest that the core declares. */
export const INITIAL_PAGES = 16;

/** The core on a memory: one instance a thread, all threads of a job on the same memory. */
export interface KernelCore {
  readonly exports: KernelExports;
  readonly memory: WebAssembly.Memory;
}

/**
 * A shared memory that can grow to `budgetBytes` (4 GiB at most). Shared memory can be made and used in one thread also where
 * the page is not cross-origin isolated; only posting it to a worker needs isolation.
 */
export function createMemory(budgetBytes: number): WebAssembly.Memory {
  return new WebAssembly.Memory({ initial: INITIAL_PAGES, maximum: pagesOf(budgetBytes), shared: true });
}

/**
 * The same, of `bytes` from the start: what nobody has touched takes no memory. Half as large, and so on, where the machine does not
 * promise as much. Throws RangeError where it promises nothing.
 */
export function createWholeMemory(bytes: number): WebAssembly.Memory {
  for (let pages = pagesOf(bytes); ; pages = Math.max(INITIAL_PAGES, pages >> 1)) {
    try {
      return new WebAssembly.Memory({ initial: pages, maximum: pages, shared: true });
    } catch (error) {
      if (pages === INITIAL_PAGES) throw error;
    }
  }
}

function pagesOf(bytes: number): number {
  return Math.min(65_536, Math.max(INITIAL_PAGES, Math.floor(bytes / PAGE_BYTES)));
}

/** Instantiates the core on `memory`. Synchronous: the module is compiled already and small. */
export function instantiate(module: WebAssembly.Module, memory: WebAssembly.Memory): KernelCore {
  const instance = new WebAssembly.Instance(module, { env: { memory } });
  return { exports: instance.exports as unknown as KernelExports, memory };
}
