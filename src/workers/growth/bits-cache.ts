import { BRICK_VOXELS, brickDims, brickIndex, type Dims } from "#volume";
import type { TaskContext } from "../crew/task.ts";

export const BITS_BYTES = BRICK_VOXELS / 8;

/** Fewest places: a brick, the 26 around it, and some to go on with. */
const LEAST = 48;
const MOST = 1024;

/**
 * 64³ bits of bricks in the memory of a task, made when they are asked for, the longest unused given up first. The 27 that `around`
 * gives stay until the next call.
 */
export class BitsCache {
  readonly #context: TaskContext;
  readonly #bricks: Dims;
  readonly #make: (at: Dims, to: number) => Promise<boolean>;
  readonly #places = new Map<number, number>();
  readonly #free: number[] = [];
  readonly #table: number;
  /** Bits of bricks that have none. */
  readonly #none: number;

  /** `make` writes the bits of a brick (brick coordinates) to an address; false, and nothing written, where there are none. */
  constructor(context: TaskContext, dims: Dims, make: (at: Dims, to: number) => Promise<boolean>) {
    this.#context = context;
    this.#bricks = brickDims(dims);
    this.#make = make;
    const { arena } = context;
    this.#table = arena.allocate(27 * 4);
    this.#none = arena.allocate(BITS_BYTES);
    const most = Math.min(MOST, Math.floor(arena.budgetBytes / 8 / BITS_BYTES));
    for (let n = 0; n < LEAST; n++) this.#free.push(arena.allocate(BITS_BYTES));
    for (let n = LEAST; n < most; n++) this.#free.push(arena.room(BITS_BYTES) ?? arena.allocate(BITS_BYTES));
  }

  /** Address of a brick's bits. */
  async get(at: Dims): Promise<number> {
    const index = brickIndex(this.#bricks, ...at);
    const held = this.#places.get(index);
    if (held !== undefined) {
      // Last in the order of use.
      this.#places.delete(index);
      this.#places.set(index, held);
      return held;
    }
    const place = this.#place();
    const some = await this.#make(at, place);
    if (!some) this.#free.push(place);
    this.#places.set(index, some ? place : this.#none);
    return some ? place : this.#none;
  }

  /** Address of a table of 27 pointers to the bits of a brick and those around it; 0 outside the volume. */
  async around([bi, bj, bk]: Dims): Promise<number> {
    const pointers = new Uint32Array(27);
    for (let d = 0; d < 27; d++) {
      const at: Dims = [bi + (d % 3) - 1, bj + (Math.floor(d / 3) % 3) - 1, bk + Math.floor(d / 9) - 1];
      if (at.every((n, axis) => n >= 0 && n < this.#bricks[axis]!)) pointers[d] = await this.get(at);
    }
    new Uint32Array(this.#context.arena.memory.buffer, this.#table, 27).set(pointers);
    return this.#table;
  }

  #place(): number {
    const free = this.#free.pop();
    if (free !== undefined) return free;
    for (const [index, place] of this.#places) {
      this.#places.delete(index);
      if (place !== this.#none) return place;
    }
    throw new Error("Bits have places for a brick and those around it.");
  }
}
