import { type AbortOptions, VoxelwrightError } from "#base";
import { MAX_LABEL } from "#labelmap";
import { BRICK_EDGE, BRICK_VOXELS, type Dims, type SliceSource } from "#volume";

/** Label bricks of one slab of 64 slices, by the slab's bricks (bi fastest); only bricks that hold a label. */
export interface LabelSlab {
  readonly bk: number;
  readonly bricks: ReadonlyMap<number, Uint16Array>;
}

/**
 * Cuts the slices of a labelmap source into label bricks, a slab at a time. Values are shown values (slope and intercept
 * applied); anything but a whole number of 0 to 65,535 ends it with `label-range`, naming value and voxel.
 */
export async function* labelSlabs(source: SliceSource, { signal }: AbortOptions = {}): AsyncGenerator<LabelSlab> {
  const { grid, rescale, name } = source.description;
  const dims: Dims = grid.dims;
  const columns = Math.ceil(dims[0] / BRICK_EDGE);
  let bricks = new Map<number, Uint16Array>();
  for await (const slice of source.slices(signal ? { signal } : {})) {
    signal?.throwIfAborted();
    if (slice.frame > 0) break;
    const plane = (slice.k % BRICK_EDGE) * BRICK_EDGE * BRICK_EDGE;
    for (let n = 0; n < slice.voxels.length; n++) {
      const value = slice.voxels[n]! * rescale.slope + rescale.intercept;
      if (value === 0) continue;
      const i = n % dims[0];
      const j = (n - i) / dims[0];
      if (!(value > 0 && value <= MAX_LABEL && Number.isInteger(value))) {
        throw new VoxelwrightError("label-range", `Voxel ${i}, ${j}, ${slice.k} has the value ${value}, which is no label.`, {
          subject: name,
          advice: `Labels are whole numbers from 0 to ${MAX_LABEL}.`,
        });
      }
      const index = Math.floor(j / BRICK_EDGE) * columns + Math.floor(i / BRICK_EDGE);
      let brick = bricks.get(index);
      if (!brick) {
        brick = new Uint16Array(BRICK_VOXELS);
        bricks.set(index, brick);
      }
      brick[plane + (j % BRICK_EDGE) * BRICK_EDGE + (i % BRICK_EDGE)] = value;
    }
    if ((slice.k + 1) % BRICK_EDGE === 0 || slice.k === dims[2] - 1) {
      yield { bk: Math.floor(slice.k / BRICK_EDGE), bricks };
      bricks = new Map();
    }
  }
}
