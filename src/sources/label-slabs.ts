import { BRICK_EDGE, BRICK_VOXELS, brickDims, brickIndex, type Dims, type IndexIjk } from "#volume";
import type { LabelSlice } from "./labelmap.ts";

/** Label bricks of one slab of 64 image slices of one layer, by brickIndex; only bricks that hold a label. */
export interface LabelSlab {
  readonly layer: number;
  readonly bricks: ReadonlyMap<number, Uint16Array>;
  /** Labelled voxels that lie outside the image. */
  readonly outside: number;
}

/**
 * Cuts label slices into label bricks of the image's grid, a slab at a time, so that memory is one slab. Label voxel (i, j, k) is
 * image voxel (i, j, k) + offset.
 */
export async function* labelSlabs(
  slices: AsyncIterable<LabelSlice>,
  label: Dims,
  image: Dims,
  offset: IndexIjk,
): AsyncGenerator<LabelSlab> {
  const counts = brickDims(image);
  let bricks = new Map<number, Uint16Array>();
  let outside = 0;
  for await (const { frame, k, voxels } of slices) {
    const z = k + offset[2];
    const plane = (z % BRICK_EDGE) * BRICK_EDGE * BRICK_EDGE;
    for (let n = 0; n < voxels.length; n++) {
      const value = voxels[n]!;
      if (value === 0) continue;
      const i = n % label[0];
      const x = i + offset[0];
      const y = (n - i) / label[0] + offset[1];
      if (x < 0 || y < 0 || z < 0 || x >= image[0] || y >= image[1] || z >= image[2]) {
        outside++;
        continue;
      }
      const index = brickIndex(counts, x >> 6, y >> 6, z >> 6);
      let brick = bricks.get(index);
      if (!brick) {
        brick = new Uint16Array(BRICK_VOXELS);
        bricks.set(index, brick);
      }
      brick[plane + (y % BRICK_EDGE) * BRICK_EDGE + (x % BRICK_EDGE)] = value;
    }
    if ((z + 1) % BRICK_EDGE === 0 || k === label[2] - 1) {
      yield { layer: frame, bricks, outside };
      bricks = new Map();
      outside = 0;
    }
  }
}
