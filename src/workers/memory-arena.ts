import { VoxelwrightError } from "#base";
import { type KernelCore, PAGE_BYTES } from "./kernel-core.ts";

/** The first bytes belong to the module: its null page and static data. */
const FIRST_FREE = PAGE_BYTES;

/** A memory, the calling thread's instance of the core on it, and what is laid out there. */
export interface KernelMemory {
  readonly core: KernelCore;
  readonly arena: MemoryArena;
}

/**
 * Lays out one job in a WebAssembly memory: every `allocate` follows the last, all is given back at once by `reset`. Grows the
 * memory up to its maximum, which is the budget; views of the memory must be made anew after an `allocate`.
 */
export class MemoryArena {
  readonly memory: WebAssembly.Memory;
  #next = FIRST_FREE;
  #used = FIRST_FREE;

  constructor(memory: WebAssembly.Memory) {
    this.memory = memory;
  }

  /** Bytes of the memory, which grows and never shrinks. */
  get heldBytes(): number {
    return this.memory.buffer.byteLength;
  }

  /** Bytes laid out since the last reset. */
  get usedBytes(): number {
    return this.#next - FIRST_FREE;
  }

  /** Address of `bytes` zeroed bytes, 64-byte aligned. Throws `limit` when the budget is spent. */
  allocate(bytes: number): number {
    const at = this.#next;
    const end = at + Math.ceil(bytes / 64) * 64;
    const held = this.memory.buffer.byteLength;
    if (end > held) {
      // In steps of 4 MiB where the budget allows, so that growing is rare.
      const least = Math.ceil((end - held) / PAGE_BYTES);
      if (!this.#grow(Math.max(least, 64)) && !this.#grow(least)) {
        throw new VoxelwrightError("limit", `The memory budget of this job, ${toMiB(held)} MiB, is spent.`, {
          advice: "Limit the region to a box, narrow the range, or raise the memory budget in the settings.",
          fields: { heldBytes: held, wantedBytes: end },
        });
      }
    }
    if (at < this.#used) new Uint8Array(this.memory.buffer, at, Math.min(end, this.#used) - at).fill(0);
    this.#next = end;
    this.#used = Math.max(this.#used, end);
    return at;
  }

  /** Gives everything back. */
  reset(): void {
    this.#next = FIRST_FREE;
  }

  #grow(pages: number): boolean {
    try {
      this.memory.grow(pages);
      return true;
    } catch {
      return false;
    }
  }
}

function toMiB(bytes: number): number {
  return Math.round(bytes / 2 ** 20);
}
