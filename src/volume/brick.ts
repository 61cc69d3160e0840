import type { Dims, IndexBox } from "./image-grid.ts";
import type { VoxelArray } from "./voxel-type.ts";

/** Edge of a brick in voxels. */
export const BRICK_EDGE = 64;

/** Voxels in a brick. */
export const BRICK_VOXELS = BRICK_EDGE ** 3;

/** Which brick of a volume: time frame (0 for a 3D volume), level, brick coordinates. */
export interface BrickAddress {
  readonly frame: number;
  readonly level: number;
  readonly bi: number;
  readonly bj: number;
  readonly bk: number;
}

/** An address as text, unique in one volume: `frame/level/bi/bj/bk`. */
export type BrickKey = string & { readonly brickKey?: true };

export function brickKey({ frame, level, bi, bj, bk }: BrickAddress): BrickKey {
  return `${frame}/${level}/${bi}/${bj}/${bk}`;
}

export function parseBrickKey(key: BrickKey): BrickAddress {
  const [frame, level, bi, bj, bk] = key.split("/").map(Number) as [number, number, number, number, number];
  return { frame, level, bi, bj, bk };
}

/**
 * Voxels of one brick: always 64³ values, i fastest. Past the volume's edge the last voxel is repeated, so that filtering at the
 * edge needs no special case; kernels must stop at the level's dims.
 */
export interface BrickPixels extends BrickRange {
  readonly address: BrickAddress;
  readonly voxels: VoxelArray;
}

/** The same as it is built: the voxels in parts of whole planes, one after the other. */
export interface BrickPlanes extends BrickRange {
  readonly address: BrickAddress;
  readonly planes: readonly VoxelArray[];
}

export function planesOf({ voxels, ...brick }: BrickPixels): BrickPlanes {
  return { ...brick, planes: [voxels] };
}

/** Smallest and largest voxel that belongs to the volume; NaN voxels do not count. */
export interface BrickRange {
  readonly min: number;
  readonly max: number;
}

/** Bricks along each axis for voxel dims. */
export function brickDims(dims: Dims): Dims {
  return [Math.ceil(dims[0] / BRICK_EDGE), Math.ceil(dims[1] / BRICK_EDGE), Math.ceil(dims[2] / BRICK_EDGE)];
}

/** Index of a brick in its level, bi fastest. */
export function brickIndex(bricks: Dims, bi: number, bj: number, bk: number): number {
  return (bk * bricks[1] + bj) * bricks[0] + bi;
}

/** The inverse of `brickIndex`. */
export function brickCoordinates(bricks: Dims, index: number): Dims {
  const bi = index % bricks[0];
  const rest = (index - bi) / bricks[0];
  return [bi, rest % bricks[1], Math.floor(rest / bricks[1])];
}

/** Voxel box of a brick within dims. */
export function brickBox(dims: Dims, bi: number, bj: number, bk: number): IndexBox {
  const min: Dims = [bi * BRICK_EDGE, bj * BRICK_EDGE, bk * BRICK_EDGE];
  return {
    min,
    max: [
      Math.min(min[0] + BRICK_EDGE, dims[0]),
      Math.min(min[1] + BRICK_EDGE, dims[1]),
      Math.min(min[2] + BRICK_EDGE, dims[2]),
    ],
  };
}

/** Voxels of a brick that lie in the volume, along i, j, k. */
export function brickExtent(dims: Dims, [bi, bj, bk]: Dims): Dims {
  const along = (axis: 0 | 1 | 2, at: number): number => Math.min(BRICK_EDGE, dims[axis] - at * BRICK_EDGE);
  return [along(0, bi), along(1, bj), along(2, bk)];
}
