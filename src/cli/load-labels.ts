import { type AbortOptions, VoxelwrightError } from "#base";
import { encodeLabelBrick, Labelmap } from "#labelmap";
import { openLabelmap, type SeriesChoice } from "#sources";
import { BRICK_EDGE, BRICK_VOXELS, brickDims, type Dims } from "#volume";

/**
 * Reads a series as labels, slab by slab; memory is one slab and the run-length bytes. Throws `label-range` for a value that is
 * no label, `unsupported` for several layers or frames.
 */
export async function loadLabels(series: SeriesChoice, { signal }: AbortOptions = {}): Promise<Labelmap> {
  const options = signal ? { signal } : {};
  const source = await openLabelmap(series, options);
  const { frames, name, grid } = source.description;
  if (frames > 1) {
    throw new VoxelwrightError("unsupported", `It has ${frames} layers or frames, and labels are read from one.`, {
      subject: name,
      advice: "Save it with a single layer.",
    });
  }
  const { dims } = grid;
  const bricks: [number, Uint8Array][] = [];
  let slab = new Map<number, Uint16Array>();
  for await (const { k, voxels } of source.slices(options)) {
    signal?.throwIfAborted();
    addSlice(slab, dims, k, voxels);
    if ((k + 1) % BRICK_EDGE !== 0 && k !== dims[2] - 1) continue;
    for (const [index, labels] of slab) bricks.push([index, encodeLabelBrick(labels)!]);
    slab = new Map();
  }
  return new Labelmap(dims, { bricks });
}

/** Puts the labels of a slice into the bricks of its slab; a brick comes to be with its first label. */
function addSlice(slab: Map<number, Uint16Array>, dims: Dims, k: number, voxels: Uint16Array): void {
  const bricks = brickDims(dims);
  const slabStart = Math.floor(k / BRICK_EDGE) * bricks[0] * bricks[1];
  const plane = (k % BRICK_EDGE) * BRICK_EDGE * BRICK_EDGE;
  for (let j = 0, n = 0; j < dims[1]; j++) {
    const row = slabStart + (j >> 6) * bricks[0];
    const start = plane + (j & 63) * BRICK_EDGE;
    for (let i = 0; i < dims[0]; i++, n++) {
      const value = voxels[n]!;
      if (value === 0) continue;
      const index = row + (i >> 6);
      let brick = slab.get(index);
      if (!brick) {
        brick = new Uint16Array(BRICK_VOXELS);
        slab.set(index, brick);
      }
      brick[start + (i & 63)] = value;
    }
  }
}
