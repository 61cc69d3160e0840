import { encodeLabelBrick, LabelRunReader } from "#labelmap";
import {
  BRICK_EDGE,
  brickCoordinates,
  brickDims,
  brickIndex,
  type Dims,
  type ImageGrid,
  type VoxelArray,
} from "#volume";
import type { KernelLabels } from "#workers";
import type { VoxelStream } from "./voxel-stream.ts";

/** Labels as a writer needs them: sparse bricks of 64³ values at level 0, at rest where they are at hand. */
export type LabelBricks = Pick<KernelLabels, "readBrick" | "brickIndices" | "encodedBrick">;

/** Every label value that occurs in the volume (the padding of edge bricks does not count), ascending, without background. */
export function presentLabels(dims: Dims, labels: LabelBricks): number[] {
  const seen = new Set<number>();
  const bricks = brickDims(dims);
  for (const index of labels.brickIndices()) {
    const at = brickCoordinates(bricks, index);
    const [columns, rows, planes] = at.map((n, axis) =>
      Math.min(BRICK_EDGE, dims[axis]! - n * BRICK_EDGE),
    ) as unknown as Dims;
    const runs = runsOf(labels, index);
    while (runs?.next()) {
      if (runs.label === 0 || seen.has(runs.label)) continue;
      for (let voxel = runs.start; voxel < runs.end; voxel++) {
        if ((voxel & 63) >= columns || ((voxel >> 6) & 63) >= rows || voxel >> 12 >= planes) continue;
        seen.add(runs.label);
        break;
      }
    }
  }
  return [...seen].sort((a, b) => a - b);
}

/**
 * Labels as voxels: `uint8` when every label fits, else `uint16`. Parts are bands of up to 64 rows. Bricks are told from their runs,
 * each once and row by row, so memory is the bytes at rest of one slab of bricks however large the volume is.
 */
export function labelStream(
  grid: ImageGrid,
  labels: LabelBricks,
  present = presentLabels(grid.dims, labels),
  onProgress?: (share: number) => void,
): VoxelStream {
  const narrow = (present.at(-1) ?? 0) <= 255;
  const create = (length: number): VoxelArray => (narrow ? new Uint8Array(length) : new Uint16Array(length));
  return {
    grid,
    frames: 1,
    voxelType: narrow ? "uint8" : "uint16",
    rescale: { slope: 1, intercept: 0 },
    voxels: () => bands(grid.dims, labels, create, onProgress),
  };
}

async function* bands(
  dims: Dims,
  labels: LabelBricks,
  create: (length: number) => VoxelArray,
  onProgress: ((share: number) => void) | undefined,
): AsyncGenerator<VoxelArray, void, undefined> {
  const bricks = brickDims(dims);
  for (let bk = 0; bk < bricks[2]; bk++) {
    const first = brickIndex(bricks, 0, 0, bk);
    const slab = Array.from({ length: bricks[0] * bricks[1] }, (_, n) => runsOf(labels, first + n));
    for (const runs of slab) runs?.next();
    const planes = Math.min(BRICK_EDGE, dims[2] - bk * BRICK_EDGE);
    for (let plane = 0; plane < planes; plane++) {
      for (let bj = 0; bj < bricks[1]; bj++) {
        const rows = Math.min(BRICK_EDGE, dims[1] - bj * BRICK_EDGE);
        const band = create(rows * dims[0]);
        for (let bi = 0; bi < bricks[0]; bi++) {
          const runs = slab[bj * bricks[0] + bi];
          if (runs) layOut(runs, plane, band, rows, dims[0], bi * BRICK_EDGE);
        }
        yield band;
      }
      onProgress?.((bk * BRICK_EDGE + plane + 1) / dims[2]);
    }
  }
}

function runsOf(labels: LabelBricks, index: number): LabelRunReader | undefined {
  let bytes = labels.encodedBrick?.(index);
  if (!labels.encodedBrick) {
    const brick = labels.readBrick(index);
    bytes = brick && encodeLabelBrick(brick);
  }
  return bytes && new LabelRunReader(bytes);
}

/** Puts the first `rows` rows of a plane of a brick into a band, from column `i0` on; `runs` stands in that plane or before it. */
function layOut(runs: LabelRunReader, plane: number, band: VoxelArray, rows: number, width: number, i0: number): void {
  const columns = Math.min(BRICK_EDGE, width - i0);
  const from = plane * BRICK_EDGE ** 2;
  const to = from + rows * BRICK_EDGE;
  while (runs.end <= from) runs.next();
  for (;;) {
    const end = Math.min(runs.end, to);
    if (runs.label !== 0) {
      for (let start = Math.max(runs.start, from); start < end; ) {
        const row = (start - from) >> 6;
        const last = Math.min(end, from + (row + 1) * BRICK_EDGE);
        const at = row * width + i0;
        band.fill(runs.label, at + (start & 63), at + Math.min(columns, (start & 63) + last - start));
        start = last;
      }
    }
    if (runs.end >= to) return;
    runs.next();
  }
}
