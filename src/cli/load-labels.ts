import { type AbortOptions, VoxelwrightError } from "#base";
import { encodeLabelBrick, Labelmap } from "#labelmap";
import { labelSlabs, openLabelmap, type SeriesChoice } from "#sources";

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
  for await (const slab of labelSlabs(source.slices(options), dims, dims, [0, 0, 0])) {
    signal?.throwIfAborted();
    for (const [index, labels] of slab.bricks) bricks.push([index, encodeLabelBrick(labels)!]);
  }
  return new Labelmap(dims, { bricks });
}
