import { createWholeMemory, instantiate, type KernelCore, PAGE_BYTES } from "./kernel-core.ts";
import { type Arena, budgetSpent, FIRST_FREE } from "./memory-arena.ts";

/** Pieces are whole multiples of this. */
const GRAIN = PAGE_BYTES;

/** What an arena takes at a time where its budget allows: 4 MiB. */
const PIECE_BYTES = 4 * 2 ** 20;

interface Piece {
  at: number;
  bytes: number;
}

/**
 * One WebAssembly memory that all workers see, handed out in pieces to jobs and to the brick pool, those at low addresses first. It is as
 * large as it may ever be from the start: engines tell running threads of a memory that has grown a moment later, and until then atomic
 * accesses to what is new are out of bounds there. Pages that nobody has touched take no memory.
 */
export class SharedMemory {
  readonly core: KernelCore;
  /** Free pieces by address; no two touch. */
  readonly #free: Piece[] = [];

  /** `bytes` is all that can ever be handed out, 4 GiB at most. */
  constructor(module: WebAssembly.Module, bytes: number) {
    this.core = instantiate(module, createWholeMemory(bytes));
    this.#free.push({ at: FIRST_FREE, bytes: this.memory.buffer.byteLength - FIRST_FREE });
  }

  get memory(): WebAssembly.Memory {
    return this.core.memory;
  }

  /** Address of a piece of any content, whole 64 KiB pages; undefined when the memory is full. */
  take(bytes: number): Piece | undefined {
    const size = Math.ceil(bytes / GRAIN) * GRAIN;
    const found = this.#free.findIndex((piece) => piece.bytes >= size);
    if (found < 0) return undefined;
    const piece = this.#free[found]!;
    if (piece.bytes === size) this.#free.splice(found, 1);
    else this.#free[found] = { at: piece.at + size, bytes: piece.bytes - size };
    return { at: piece.at, bytes: size };
  }

  give({ at, bytes }: Piece): void {
    let n = this.#free.findIndex((piece) => piece.at > at);
    if (n < 0) n = this.#free.length;
    this.#free.splice(n, 0, { at, bytes });
    for (const left of [n, n - 1]) {
      const [a, b] = [this.#free[left], this.#free[left + 1]];
      if (a && b && a.at + a.bytes === b.at) this.#free.splice(left, 2, { at: a.at, bytes: a.bytes + b.bytes });
    }
  }
}

/** The memory of one job in a shared memory: pieces within a budget, given back at once. */
export class PieceArena implements Arena {
  readonly memory: WebAssembly.Memory;
  readonly #shared: SharedMemory;
  readonly budgetBytes: number;
  readonly #pieces: Piece[] = [];
  #next = 0;
  #end = 0;
  #held = 0;

  constructor(shared: SharedMemory, budgetBytes: number) {
    this.memory = shared.memory;
    this.#shared = shared;
    this.budgetBytes = budgetBytes;
  }

  allocate(bytes: number): number {
    const at = this.room(bytes);
    if (at === undefined) throw budgetSpent(this.#held, this.#held + bytes);
    this.#shared.core.exports.clearBytes(at, Math.ceil(bytes / 64) * 64);
    return at;
  }

  /** Address of bytes of any content, 64-byte aligned; undefined when the budget is spent. */
  room(bytes: number): number | undefined {
    const size = Math.ceil(bytes / 64) * 64;
    if (this.#next + size > this.#end && !this.#extend(size)) return undefined;
    const at = this.#next;
    this.#next += size;
    return at;
  }

  reset(): void {
    for (const piece of this.#pieces.splice(0)) this.#shared.give(piece);
    this.#next = this.#end = this.#held = 0;
  }

  #extend(size: number): boolean {
    const left = this.budgetBytes - this.#held;
    const bytes = Math.max(size, Math.min(PIECE_BYTES, left));
    const piece = bytes <= left ? this.#shared.take(bytes) : undefined;
    if (!piece) return false;
    this.#pieces.push(piece);
    this.#held += piece.bytes;
    this.#next = piece.at;
    this.#end = piece.at + piece.bytes;
    return true;
  }
}
