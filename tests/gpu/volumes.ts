import type { Affine } from "#base";
import {
  type BrickAddress,
  type BrickKey,
  type BrickPixels,
  type BrickSource,
  brickKey,
  createVoxels,
  type Dims,
  ImageGrid,
  PyramidBuilder,
  type VoxelArray,
  type VoxelType,
} from "#volume";

/** A whole volume in memory with its bricks, as a source that can hold bricks back. */
export interface MemoryVolume extends BrickSource {
  readonly grid: ImageGrid;
  readonly voxelType: VoxelType;
  readonly voxels: VoxelArray;
  readonly bricks: ReadonlyMap<BrickKey, BrickPixels>;
  /** Bricks that `readBrick` says are not there. */
  readonly held: Set<BrickKey>;
  readonly asked: BrickAddress[];
}

/** Builds the pyramid of `voxelAt(i, j, k)`. */
export function memoryVolume(options: {
  readonly dims: Dims;
  readonly voxelType: VoxelType;
  readonly indexToLps: Affine;
  readonly sliceOffsetsMm?: readonly number[];
  readonly voxelAt: (i: number, j: number, k: number) => number;
}): MemoryVolume {
  const { dims, voxelType, indexToLps, sliceOffsetsMm, voxelAt } = options;
  const grid = new ImageGrid(sliceOffsetsMm ? { dims, indexToLps, sliceOffsetsMm } : { dims, indexToLps });
  const size = dims[0] * dims[1];
  const voxels = createVoxels(voxelType, size * dims[2]);
  for (let k = 0, n = 0; k < dims[2]; k++) {
    for (let j = 0; j < dims[1]; j++) for (let i = 0; i < dims[0]; i++) voxels[n++] = voxelAt(i, j, k);
  }
  const bricks = new Map<BrickKey, BrickPixels>();
  const builder = new PyramidBuilder(dims, voxelType, 0, (brick) => bricks.set(brickKey(brick.address), brick.take()));
  for (let k = 0; k < dims[2]; k++) builder.push(k, voxels.subarray(k * size, (k + 1) * size));
  const held = new Set<BrickKey>();
  const asked: BrickAddress[] = [];
  return {
    grid,
    voxelType,
    voxels,
    bricks,
    held,
    asked,
    readBrick: (address) => {
      asked.push(address);
      const key = brickKey(address);
      return Promise.resolve(held.has(key) ? undefined : bricks.get(key));
    },
  };
}

/**
 * How far a value that the hardware filters may be off: real GPUs round its weights to 1/256 of the step between two voxels, on each
 * axis, and half a step of a 16-bit number in what pairs of bytes give. Nothing where the driver filters exactly.
 */
export function filterSlack({ voxels, grid: { dims } }: MemoryVolume, filtersExactly: boolean): number {
  if (filtersExactly) return 0;
  const stride = [1, dims[0], dims[0] * dims[1]] as const;
  const steep = [0, 0, 0];
  for (let n = 0; n < voxels.length; n++) {
    for (const axis of [0, 1, 2] as const)
      if (Math.floor(n / stride[axis]) % dims[axis] > 0)
        steep[axis] = Math.max(steep[axis]!, Math.abs(voxels[n]! - voxels[n - stride[axis]]!));
  }
  return steep.reduce((sum, step) => sum + step, 0) / 256 + 0.5;
}

/** Trilinear value at a continuous index, edge voxels repeated: the plain reference. */
export function linearAt(voxels: VoxelArray, dims: Dims, p: readonly [number, number, number]): number {
  const q = p.map((value, axis) => Math.min(Math.max(value, 0), dims[axis]! - 1)) as [number, number, number];
  const base = q.map(Math.floor) as [number, number, number];
  let sum = 0;
  for (let corner = 0; corner < 8; corner++) {
    let weight = 1;
    const at = [0, 0, 0];
    for (let axis = 0; axis < 3; axis++) {
      const up = (corner >> axis) & 1;
      const f = q[axis]! - base[axis]!;
      weight *= up ? f : 1 - f;
      at[axis] = Math.min(base[axis]! + up, dims[axis]! - 1);
    }
    if (weight > 0) sum += weight * voxels[(at[2]! * dims[1] + at[1]!) * dims[0] + at[0]!]!;
  }
  return sum;
}

/** Keys' cubic convolution (a = −½) at a continuous index, edge voxels repeated: the plain reference. */
export function cubicAt(voxels: VoxelArray, dims: Dims, p: readonly [number, number, number]): number {
  const kernel = (x: number): number => {
    const d = Math.abs(x);
    if (d < 1) return 1.5 * d ** 3 - 2.5 * d ** 2 + 1;
    return d < 2 ? -0.5 * d ** 3 + 2.5 * d ** 2 - 4 * d + 2 : 0;
  };
  const q = p.map((value, axis) => Math.min(Math.max(value, 0), dims[axis]! - 1));
  const base = q.map(Math.floor);
  let sum = 0;
  for (let n = 0; n < 64; n++) {
    const tap = [(n & 3) - 1, ((n >> 2) & 3) - 1, (n >> 4) - 1];
    const weight = tap.reduce((product, t, axis) => product * kernel(base[axis]! + t - q[axis]!), 1);
    const [i, j, k] = tap.map((t, axis) => Math.min(Math.max(base[axis]! + t, 0), dims[axis]! - 1));
    sum += weight * voxels[(k! * dims[1] + j!) * dims[0] + i!]!;
  }
  return sum;
}

/** Value of the nearest voxel at a continuous index inside the volume. */
export function nearestAt(voxels: VoxelArray, dims: Dims, p: readonly [number, number, number]): number {
  const at = p.map((value, axis) => Math.min(Math.max(Math.floor(value + 0.5), 0), dims[axis]! - 1));
  return voxels[(at[2]! * dims[1] + at[1]!) * dims[0] + at[0]!]!;
}
