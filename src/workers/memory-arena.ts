import { VoxelwrightError } from "#base";
import { type KernelCore, PAGE_BYTES } from "./kernel-core.ts";
import { OR_RAISE_BUDGET } from "./raise-budget.ts";

/** The first bytes belong to the module: its null page and static data. */
export const FIRST_FREE = PAGE_BYTES;

/** Sets bytes of a memory to 0. */
type Clear = (at: number, bytes: number) => void;

/** A memory, the calling thread's instance of the core on it, and what is laid out there. */
export interface KernelMemory {
  readonly core: KernelCore;
  readonly arena: MemoryArena;
}

/** Where a job lays out its memory. */
export interface Arena {
  readonly memory: WebAssembly.Memory;
  /** Bytes that the job may take in all. */
  readonly budgetBytes: number;
  /** Address of `bytes` zeroed bytes, 64-byte aligned. Throws `limit` when the budget is spent. */
  allocate(bytes: number): number;
  /** Address of bytes of any content, 64-byte aligned; undefined when the budget is spent. */
  room(bytes: number): number | undefined;
}

/**
 * Lays out one job in a WebAssembly memory: every `allocate` follows the last, all is given back at once by `reset`. Grows the
 * memory up to its maximum, which is the budget; views of the memory must be made anew after an `allocate`.
 */
export class MemoryArena implements Arena {
  readonly memory: WebAssembly.Memory;
  readonly budgetBytes: number;
  readonly #clear: Clear;
  #next = FIRST_FREE;
  #used = FIRST_FREE;

  /** `clear` is the core's where there is one: JavaScript clears shared memory slowly. */
  constructor(memory: WebAssembly.Memory, clear?: Clear, budgetBytes = 2 ** 32) {
    this.memory = memory;
    this.budgetBytes = budgetBytes;
    this.#clear = clear ?? ((at, bytes) => void new Uint8Array(memory.buffer, at, bytes).fill(0));
  }

  /** Bytes of the memory, which grows and never shrinks. */
  get heldBytes(): number {
    return this.memory.buffer.byteLength;
  }

  /** Bytes laid out since the last reset. */
  get usedBytes(): number {
    return this.#next - FIRST_FREE;
  }

  allocate(bytes: number): number {
    const used = this.#used;
    const at = this.room(bytes);
    if (at === undefined) throw budgetSpent(this.heldBytes, this.#next + bytes);
    if (at < used) this.#clear(at, Math.min(this.#next, used) - at);
    return at;
  }

  room(bytes: number): number | undefined {
    const at = this.#next;
    const end = at + Math.ceil(bytes / 64) * 64;
    const held = this.memory.buffer.byteLength;
    if (end > held) {
      // In steps of 4 MiB where the budget allows, so that growing is rare.
      const least = Math.ceil((end - held) / PAGE_BYTES);
      if (!this.#grow(Math.max(least, 64)) && !this.#grow(least)) return undefined;
    }
    this.#next = end;
    this.#used = Math.max(this.#used, end);
    return at;
  }

  /** `room` for what cannot do without: throws `limit` when the budget is spent. */
  scratch(bytes: number): number {
    const at = this.room(bytes);
    if (at === undefined) throw budgetSpent(this.heldBytes, this.#next + bytes);
    return at;
  }

  /** Gives everything back. */
  reset(): void {
    this.#next = FIRST_FREE;
  }

  /** Gives back what was laid out since `usedBytes` was this. */
  rewind(usedBytes: number): void {
    this.#next = FIRST_FREE + usedBytes;
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

/** As `room`; throws `limit` when the budget is spent. For what is written whole before it is read. */
export function requireRoom(arena: MemoryArena, bytes: number): number {
  const at = arena.room(bytes);
  if (at === undefined) throw budgetSpent(arena.heldBytes, arena.usedBytes + bytes);
  return at;
}

/** Said when a job needs more memory than it may take. */
export function budgetSpent(heldBytes: number, wantedBytes: number): VoxelwrightError {
  const mebibytes = Math.round(heldBytes / 2 ** 20);
  return new VoxelwrightError("limit", `The memory budget of this job, ${mebibytes} MiB, is spent.`, {
    advice: `Limit the region to a box or narrow the range${OR_RAISE_BUDGET}.`,
    fields: { heldBytes, wantedBytes },
  });
}
