import { BRICK_EDGE, BRICK_VOXELS, brickCoordinates, brickDims, brickIndex, type Dims } from "#volume";
import type { KernelLabels } from "#workers";

/** Dense labels cut into sparse bricks, as kernels read them. Benchmark volumes only: this holds the whole volume. */
export function labelsOfDense(dims: Dims, dense: ArrayLike<number>): KernelLabels {
  const bricks = brickDims(dims);
  const held = new Map<number, Uint16Array>();
  for (let k = 0, n = 0; k < dims[2]; k++) {
    for (let j = 0; j < dims[1]; j++) {
      for (let i = 0; i < dims[0]; i++, n++) {
        if (dense[n] === 0) continue;
        const index = brickIndex(bricks, i >> 6, j >> 6, k >> 6);
        let brick = held.get(index);
        if (!brick) held.set(index, (brick = new Uint16Array(BRICK_VOXELS)));
        brick[((k & 63) * BRICK_EDGE + (j & 63)) * BRICK_EDGE + (i & 63)] = dense[n]!;
      }
    }
  }
  return { dims, readBrick: (index) => held.get(index), brickIndices: () => held.keys() };
}

/** Writes what sparse bricks hold over a dense array: `valueAt(brick, voxel)` of 0 leaves the voxel as it is. */
export function drawBricks<Brick>(
  dims: Dims,
  bricks: Iterable<readonly [number, Brick]>,
  valueAt: (brick: Brick, voxel: number) => number,
  dense: Uint8Array | Uint16Array,
): void {
  const counts = brickDims(dims);
  for (const [index, brick] of bricks) {
    const [bi, bj, bk] = brickCoordinates(counts, index);
    for (let voxel = 0; voxel < BRICK_VOXELS; voxel++) {
      const value = valueAt(brick, voxel);
      if (value === 0) continue;
      const i = bi * BRICK_EDGE + (voxel & 63);
      const j = bj * BRICK_EDGE + ((voxel >> 6) & 63);
      const k = bk * BRICK_EDGE + (voxel >> 12);
      if (i < dims[0] && j < dims[1] && k < dims[2]) dense[(k * dims[1] + j) * dims[0] + i] = value;
    }
  }
}
