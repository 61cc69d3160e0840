import type { VoxelArray } from "#volume";
import type { Arena } from "../memory-arena.ts";
import type { GrowthExports } from "./growth.exports.ts";

/** Places for the voxels of bricks that lie outside the memory of the job: a copy is lent to a slot until all of it is looked at. */
export class Staging {
  readonly #exports: GrowthExports;
  readonly #arena: Arena;
  readonly #bytes: number;
  readonly #most: number;
  /** Places and the slots they are lent to. */
  readonly #places: { readonly at: number; slot: number }[] = [];

  /** At most `most` places, and no more than an eighth of the job's memory, but one. */
  constructor(exports: GrowthExports, arena: Arena, brickBytes: number, most: number) {
    this.#exports = exports;
    this.#arena = arena;
    this.#bytes = brickBytes;
    this.#most = Math.max(1, Math.min(most, Math.floor(arena.budgetBytes / 8 / this.#bytes)));
    this.#places.push({ at: arena.allocate(this.#bytes), slot: 0 });
  }

  /** Whether a place is free, or made free by laying one out. */
  get free(): boolean {
    if (this.#places.some(({ slot }) => !this.#lent(slot))) return true;
    const at = this.#places.length < this.#most ? this.#arena.room(this.#bytes) : undefined;
    if (at !== undefined) this.#places.push({ at, slot: 0 });
    return at !== undefined;
  }

  /** Copies voxels to a free place (there must be one) and lends it to a slot; gives its address. */
  lend(voxels: VoxelArray, slot: number): number {
    const place = this.#places.find((held) => !this.#lent(held.slot))!;
    place.slot = slot;
    const from = new Uint8Array(voxels.buffer, voxels.byteOffset, this.#bytes);
    new Uint8Array(this.#arena.memory.buffer, place.at, this.#bytes).set(from);
    return place.at;
  }

  #lent(slot: number): boolean {
    return slot !== 0 && this.#exports.growthLent(slot) === 1;
  }
}
