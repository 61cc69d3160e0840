import { BRICK_VOXELS, bytesPerVoxel, type VoxelArray, type VoxelType } from "#volume";
import type { SeedsThreads } from "./seeds-threads.ts";

/** What a step can do with a brick (`assembly/kernels/seeds/items.ts`). */
export const ADMIT = 0;
export const RETURN = 1;
export const PUT_AWAY = 2;
export const DOOM_REDRAWN = 3;
export const APPLY_REDRAWN = 4;
export const OUTCOME = 5;

/** Bytes of bricks that a step can be given: those of two bricks at the worst, of hundreds as they are. */
const BYTES_ROOM = 3 * 2 ** 20;

export interface StagedItem {
  readonly address: number;
  readonly out: number;
}

/**
 * What a step has to do before it relaxes, and the places for it: voxels, bytes in, bytes out. All are of the job's memory, laid out
 * once, and used anew by every step.
 */
export class StepItems {
  /** Items that a step can have at most. */
  static readonly MOST = 64;
  readonly #threads: SeedsThreads;
  readonly #job: number;
  readonly #voxelPlaces: number[];
  readonly #bytesAt: number;
  readonly #outs: number[];
  #items = 0;
  #voxels = 0;
  #bytes = 0;
  #out = 0;

  /** `bricks` is the number of bricks that a step can take in. */
  constructor(threads: SeedsThreads, job: number, type: VoxelType, bricks: number) {
    const { arena, core } = threads;
    this.#threads = threads;
    this.#job = job;
    const voxelBytes = BRICK_VOXELS * bytesPerVoxel(type);
    this.#voxelPlaces = Array.from({ length: bricks }, () => arena.allocate(voxelBytes));
    this.#bytesAt = arena.allocate(BYTES_ROOM);
    const outBytes = Math.max(core.exports.seedsSpillRoom(), core.exports.labelRunsRoom());
    this.#outs = Array.from({ length: 2 * threads.count }, () => arena.allocate(outBytes));
  }

  get count(): number {
    return this.#items;
  }

  /** Begins the next step. */
  clear(): void {
    this.#threads.core.exports.seedsItemsDone(this.#job);
    this.#items = this.#voxels = this.#bytes = this.#out = 0;
  }

  /** A place that a brick of voxels fits in; undefined when all are taken. */
  takeVoxels(): number | undefined {
    return this.#voxels < this.#voxelPlaces.length ? this.#voxelPlaces[this.#voxels++] : undefined;
  }

  /** Copies a brick's voxels to a place. */
  putVoxels(at: number, { buffer, byteOffset, byteLength }: VoxelArray): void {
    new Uint8Array(this.#threads.arena.memory.buffer, at, byteLength).set(
      new Uint8Array(buffer, byteOffset, byteLength),
    );
  }

  /** Whether bytes still find room in this step. */
  fits(byteLength: number): boolean {
    return this.#bytes + byteLength <= BYTES_ROOM;
  }

  /** Whether another item with bytes out finds room in this step. */
  get hasOut(): boolean {
    return this.#out < this.#outs.length;
  }

  /** Adds an item; `bytes` are copied, those out are read by `outBytes` after the step. */
  add(what: number, slot: number, voxels = 0, bytes?: Uint8Array, countIfNone = 0): StagedItem {
    const { core, arena } = this.#threads;
    const at = this.#bytesAt + this.#bytes;
    if (bytes) new Uint8Array(arena.memory.buffer, at, bytes.length).set(bytes);
    this.#bytes += bytes?.length ?? 0;
    const out = what === PUT_AWAY || what === OUTCOME ? this.#outs[this.#out++]! : 0;
    const count = bytes?.length ?? countIfNone;
    const address = core.exports.seedsItem(this.#job, this.#items++, what, slot, voxels, at, count, out);
    return { address, out };
  }

  /** A copy of the bytes that an item wrote. */
  outBytes({ address, out }: StagedItem): Uint8Array<ArrayBuffer> {
    const { buffer } = this.#threads.arena.memory;
    const count = new DataView(buffer, address).getInt32(24, true);
    return new Uint8Array(buffer, out, count).slice() as Uint8Array<ArrayBuffer>;
  }

  /** The three counts that an item of `OUTCOME` left: voxels reached, voxels not reached, largest key. */
  outCounts({ address }: StagedItem): readonly [reached: number, unreached: number, largest: number] {
    const view = new DataView(this.#threads.arena.memory.buffer, address);
    return [view.getInt32(8, true), view.getInt32(12, true), view.getInt32(16, true)];
  }
}
