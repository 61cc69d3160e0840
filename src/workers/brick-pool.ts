import { BRICK_VOXELS, bytesPerVoxel, viewVoxels, type VoxelArray, type VoxelType } from "#volume";
import type { SharedMemory } from "./shared-memory.ts";

/**
 * Room for image bricks in the memory of the kernels, so that these read voxels where they lie. A place is free again when
 * nobody holds its array any more: whoever got a brick may keep it as long as it likes, as a `BrickSource` promises.
 */
export class BrickPool {
  readonly #shared: SharedMemory;
  readonly #budgetBytes: number;
  /** Free places by size. */
  readonly #free = new Map<number, number[]>();
  readonly #addresses = new WeakMap<VoxelArray, number>();
  readonly #dropped = new FinalizationRegistry<{ readonly at: number; readonly bytes: number }>(({ at, bytes }) =>
    this.#freeOf(bytes).push(at),
  );
  #held = 0;

  constructor(shared: SharedMemory, budgetBytes: number) {
    this.#shared = shared;
    this.#budgetBytes = budgetBytes;
  }

  /** An array for the 64³ voxels of a brick, of any content; undefined when there is no room, for the caller to do without. */
  allocate(type: VoxelType): VoxelArray | undefined {
    const bytes = BRICK_VOXELS * bytesPerVoxel(type);
    const at = this.#freeOf(bytes).pop() ?? this.#extend(bytes);
    if (at === undefined) return undefined;
    const voxels = viewVoxels(type, this.#shared.memory.buffer, at, BRICK_VOXELS);
    this.#addresses.set(voxels, at);
    this.#dropped.register(voxels, { at, bytes });
    return voxels;
  }

  /** Where voxels lie in the memory of the kernels; undefined when they lie elsewhere. */
  addressOf(voxels: VoxelArray): number | undefined {
    return this.#addresses.get(voxels);
  }

  #freeOf(bytes: number): number[] {
    let free = this.#free.get(bytes);
    if (!free) this.#free.set(bytes, (free = []));
    return free;
  }

  #extend(bytes: number): number | undefined {
    if (this.#held + bytes > this.#budgetBytes) return undefined;
    const piece = this.#shared.take(bytes);
    if (!piece) return undefined;
    this.#held += piece.bytes;
    return piece.at;
  }
}
