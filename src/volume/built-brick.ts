import { BRICK_EDGE, BRICK_VOXELS, type BrickAddress, type BrickPixels, type BrickPlanes } from "./brick.ts";
import { createVoxels, type VoxelArray, type VoxelType } from "./voxel-type.ts";

/** Planes that bricks being built are held in together. */
export const GROUP_PLANES = 16;

export const PLANE_VOXELS = BRICK_EDGE * BRICK_EDGE;

/**
 * Memory of planes of bricks that are being built, `GROUP_PLANES` at a time, used again and again: in whole bricks, new ones would be
 * wanted before those of the slab before can be given back.
 */
export class PlaneGroups {
  readonly #voxelType: VoxelType;
  readonly #free: VoxelArray[] = [];

  constructor(voxelType: VoxelType) {
    this.#voxelType = voxelType;
  }

  /** Of any content. */
  take(): VoxelArray {
    return this.#free.pop() ?? createVoxels(this.#voxelType, GROUP_PLANES * PLANE_VOXELS);
  }

  give(groups: readonly VoxelArray[]): void {
    this.#free.push(...groups);
  }
}

/** A finished brick, still in the planes that it was built in. */
export class BuiltBrick {
  readonly address: BrickAddress;
  readonly min: number;
  readonly max: number;
  readonly #memory: PlaneGroups;
  readonly #voxelType: VoxelType;
  readonly #planes: number;
  #groups: readonly VoxelArray[];

  /** `planes` of the groups are known; the last of them is repeated. */
  constructor(
    { address, min, max }: Omit<BrickPixels, "voxels">,
    voxelType: VoxelType,
    groups: readonly VoxelArray[],
    planes: number,
    memory: PlaneGroups,
  ) {
    this.address = address;
    this.min = min;
    this.max = max;
    this.#voxelType = voxelType;
    this.#groups = groups;
    this.#planes = planes;
    this.#memory = memory;
  }

  /** The brick's voxels, for the receiver to own. Once: its memory goes back to the builder. */
  take(): BrickPixels {
    const { planes, ...brick } = this.takePlanes();
    const voxels = createVoxels(this.#voxelType, BRICK_VOXELS);
    copyPlanes(planes, voxels);
    this.#memory.give(planes);
    return { ...brick, voxels };
  }

  /** The brick as it lies, for the receiver to own, which may give the memory back. Once. */
  takePlanes(): BrickPlanes {
    const groups = [...this.#groups];
    this.#groups = [];
    // The last plane is repeated to the end.
    const last = groups.at(-1)!;
    const known = (this.#planes - (groups.length - 1) * GROUP_PLANES) * PLANE_VOXELS;
    for (let at = known; at < last.length; at += PLANE_VOXELS) last.copyWithin(at, known - PLANE_VOXELS, known);
    while (groups.length * GROUP_PLANES < BRICK_EDGE) {
      const more = this.#memory.take();
      for (let at = 0; at < more.length; at += PLANE_VOXELS) more.set(last.subarray(-PLANE_VOXELS), at);
      groups.push(more);
    }
    return { address: this.address, planes: groups, min: this.min, max: this.max };
  }

  /** Takes memory of planes back, to be used for others. */
  giveBack(planes: readonly VoxelArray[]): void {
    this.#memory.give(planes);
  }
}

/** Copies groups of planes one after another. */
export function copyPlanes(groups: readonly VoxelArray[], to: VoxelArray): void {
  for (const [n, planes] of groups.entries()) to.set(planes, n * planes.length);
}
