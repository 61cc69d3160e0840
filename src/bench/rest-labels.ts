import { encodeLabelBrick } from "#labelmap";
import { BRICK_EDGE, BRICK_VOXELS, brickDims, brickIndex, type Dims } from "#volume";
import type { KernelLabels } from "#workers";

/** Labels as a labelmap holds them, bytes at rest a brick, and how many these are. */
export interface RestLabels {
  readonly labels: KernelLabels;
  readonly bytes: number;
}

/** Cuts dense labels into bricks at rest. */
export function restLabels(dims: Dims, dense: ArrayLike<number>): RestLabels {
  const counts = brickDims(dims);
  const held = new Map<number, Uint8Array>();
  const brick = new Uint16Array(BRICK_VOXELS);
  let bytes = 0;
  for (let bk = 0; bk < counts[2]; bk++) {
    for (let bj = 0; bj < counts[1]; bj++) {
      for (let bi = 0; bi < counts[0]; bi++) {
        brick.fill(0);
        cut(dims, dense, [bi, bj, bk], brick);
        const encoded = encodeLabelBrick(brick);
        if (!encoded) continue;
        held.set(brickIndex(counts, bi, bj, bk), encoded);
        bytes += encoded.length;
      }
    }
  }
  const labels: KernelLabels = {
    dims,
    brickIndices: () => held.keys(),
    encodedBrick: (index) => held.get(index),
    readBrick: () => {
      throw new Error("kernels that are measured read bytes at rest");
    },
  };
  return { labels, bytes };
}

function cut(dims: Dims, dense: ArrayLike<number>, [bi, bj, bk]: Dims, to: Uint16Array): void {
  const end = (b: number, axis: 0 | 1 | 2): number => Math.min(BRICK_EDGE, dims[axis] - b * BRICK_EDGE);
  const [ni, nj, nk] = [end(bi, 0), end(bj, 1), end(bk, 2)];
  for (let k = 0; k < nk; k++) {
    for (let j = 0; j < nj; j++) {
      const from = ((bk * BRICK_EDGE + k) * dims[1] + bj * BRICK_EDGE + j) * dims[0] + bi * BRICK_EDGE;
      const row = (k * BRICK_EDGE + j) * BRICK_EDGE;
      for (let i = 0; i < ni; i++) to[row + i] = dense[from + i]!;
    }
  }
}
