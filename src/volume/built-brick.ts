import { BRICK_EDGE, BRICK_VOXELS, type BrickAddress, type BrickPixels } from "./brick.ts";
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

  /** The brick's voxels, in `room` where it is given, for the receiver to own. Once: its memory goes back to the builder. */
  take(room = createVoxels(this.#voxelType, BRICK_VOXELS)): BrickPixels {
    copyPlanes(this.#groups, room);
    const end = this.#planes * PLANE_VOXELS;
    for (let at = end; at < BRICK_VOXELS; at += PLANE_VOXELS) room.copyWithin(at, end - PLANE_VOXELS, end);
    this.#memory.give(this.#groups);
    this.#groups = [];
    return { address: this.address, voxels: room, min: this.min, max: this.max };
  }
}

/** Copies groups of planes one after another. */
export function copyPlanes(groups: readonly VoxelArray[], to: VoxelArray): void {
  for (const [n, planes] of groups.entries()) to.set(planes, n * planes.length);
}
