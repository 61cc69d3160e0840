import { BRICK_EDGE, brickDims, brickIndex, type Dims, type ImageGrid, type VoxelArray } from "#volume";
import type { KernelLabels } from "#workers";
import type { VoxelStream } from "./voxel-stream.ts";

/** Labels as a writer needs them: sparse bricks of 64³ values at level 0. */
export type LabelBricks = Pick<KernelLabels, "readBrick" | "brickIndices">;

/** Bricks of one slab that are kept while its slices are written (256 MiB); beyond that they are read again for each slice. */
const SLAB_BRICKS_KEPT = 512;

/** Every label value that occurs in the volume (the padding of edge bricks does not count), ascending, without background. */
export function presentLabels(dims: Dims, labels: LabelBricks): number[] {
  const seen = new Uint8Array(65536);
  const bricks = brickDims(dims);
  for (const index of labels.brickIndices()) {
    const brick = labels.readBrick(index);
    if (!brick) continue;
    const bi = index % bricks[0];
    const bj = Math.floor(index / bricks[0]) % bricks[1];
    const bk = Math.floor(index / (bricks[0] * bricks[1]));
    const columns = Math.min(BRICK_EDGE, dims[0] - bi * BRICK_EDGE);
    const rows = Math.min(BRICK_EDGE, dims[1] - bj * BRICK_EDGE);
    const planes = Math.min(BRICK_EDGE, dims[2] - bk * BRICK_EDGE);
    for (let k = 0; k < planes; k++) {
      for (let j = 0; j < rows; j++) {
        const from = (k * BRICK_EDGE + j) * BRICK_EDGE;
        for (let n = from; n < from + columns; n++) seen[brick[n]!] = 1;
      }
    }
  }
  const values: number[] = [];
  for (let value = 1; value < seen.length; value++) if (seen[value]) values.push(value);
  return values;
}

/** Labels as voxels: `uint8` when every label fits, else `uint16`. Parts are bands of up to 64 rows; memory is one slab's bricks. */
export function labelStream(
  grid: ImageGrid,
  labels: LabelBricks,
  present = presentLabels(grid.dims, labels),
): VoxelStream {
  const narrow = (present.at(-1) ?? 0) <= 255;
  const create = (length: number): VoxelArray => (narrow ? new Uint8Array(length) : new Uint16Array(length));
  return {
    grid,
    frames: 1,
    voxelType: narrow ? "uint8" : "uint16",
    rescale: { slope: 1, intercept: 0 },
    voxels: () => bands(grid.dims, labels, create),
  };
}

async function* bands(
  dims: Dims,
  labels: LabelBricks,
  create: (length: number) => VoxelArray,
): AsyncGenerator<VoxelArray, void, undefined> {
  const bricks = brickDims(dims);
  const held = new Set(labels.brickIndices());
  for (let bk = 0; bk < bricks[2]; bk++) {
    const read = slabReader(labels, held, brickIndex(bricks, 0, 0, bk), bricks[0] * bricks[1]);
    const planes = Math.min(BRICK_EDGE, dims[2] - bk * BRICK_EDGE);
    for (let plane = 0; plane < planes; plane++) {
      for (let bj = 0; bj < bricks[1]; bj++) {
        const rows = Math.min(BRICK_EDGE, dims[1] - bj * BRICK_EDGE);
        const band = create(rows * dims[0]);
        for (let bi = 0; bi < bricks[0]; bi++) {
          const brick = read(brickIndex(bricks, bi, bj, bk));
          if (brick) copyRows(brick, plane, band, rows, dims[0], bi * BRICK_EDGE);
        }
        yield band;
      }
    }
  }
}

/** Reads the bricks of one slab: each once while they are few, again for every slice when they are many. */
function slabReader(
  labels: LabelBricks,
  held: ReadonlySet<number>,
  first: number,
  count: number,
): (index: number) => Uint16Array | undefined {
  let present = 0;
  for (let index = first; index < first + count; index++) if (held.has(index)) present++;
  if (present > SLAB_BRICKS_KEPT) return (index) => (held.has(index) ? labels.readBrick(index) : undefined);
  const kept = new Map<number, Uint16Array | undefined>();
  return (index) => {
    if (!held.has(index)) return undefined;
    if (!kept.has(index)) kept.set(index, labels.readBrick(index));
    return kept.get(index);
  };
}

function copyRows(brick: Uint16Array, plane: number, band: VoxelArray, rows: number, width: number, i0: number): void {
  const columns = Math.min(BRICK_EDGE, width - i0);
  for (let j = 0; j < rows; j++) {
    const from = (plane * BRICK_EDGE + j) * BRICK_EDGE;
    band.set(brick.subarray(from, from + columns), j * width + i0);
  }
}
