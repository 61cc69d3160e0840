import { type ProgressOptions, VoxelwrightError } from "#base";
import { type Histogram, MOST_BINS } from "#volume";
import type { Crew } from "../crew/crew.ts";
import { shareOut } from "../crew/share-out.ts";
import type { KernelImage } from "../kernel-data.ts";
import { partOfProgress } from "../part-of-progress.ts";
import { chooseBricks } from "../voxel-choice.ts";
import { mergeCounts } from "./count-values.ts";
import type { HistogramRequest } from "./histogram.api.ts";

/** Bins of float32 voxels when nothing else is said. */
const FLOAT_BINS = 1024;

/** How often values occur, counted in shares of bricks; see `Kernels.histogram`. */
export async function histogram(
  crew: Crew,
  image: KernelImage,
  request: HistogramRequest,
  options: ProgressOptions,
): Promise<Histogram> {
  const { inside, bins = FLOAT_BINS } = request;
  if (!Number.isInteger(bins) || bins < 1 || bins > MOST_BINS) {
    throw new VoxelwrightError("argument", `Bins are a whole number from 1 to ${MOST_BINS}, not ${bins}.`);
  }
  const { indices, chosen } = chooseBricks(image.dims, request);
  const input = { image, ...(inside ? { maps: [inside.labels] } : {}) };
  const shares = shareOut(indices, crew.count).map((own) => ({
    request: { ...chosen, indices: own },
    labelBricks: own,
  }));
  if (image.voxelType !== "float32") {
    const parts = await crew.share("countValues", input, shares, options);
    const none = { values: new Float64Array(0), counts: new Float64Array(0) };
    const { values, counts } = parts.reduce(mergeCounts, none);
    return { kind: "values", centres: values, counts, step: 1, notFinite: 0 };
  }
  const ranges = await crew.share("rangeOfValues", input, shares, partOfProgress(options, 0, 0.5));
  const low = Math.min(...ranges.map(({ min }) => min));
  const high = Math.max(...ranges.map(({ max }) => max));
  // Without a finite voxel there are no bins, and the others are counted all the same.
  const edges = low <= high ? edgesOf(low, high, bins) : Float64Array.of(0, 1);
  const tasks = shares.map(({ request: own, labelBricks }) => ({ request: { ...own, edges }, labelBricks }));
  const parts = await crew.share("countBins", input, tasks, partOfProgress(options, 0.5, 1));
  const notFinite = parts.reduce((sum, part) => sum + part.notFinite, 0);
  if (low > high)
    return { kind: "bins", centres: new Float64Array(0), counts: new Float64Array(0), step: 1, notFinite };
  const counts = new Float64Array(bins);
  for (const part of parts) part.counts.forEach((count, bin) => (counts[bin]! += count));
  const centres = Float64Array.from({ length: bins }, (_, bin) => (edges[bin]! + edges[bin + 1]!) / 2);
  return { kind: "bins", centres, counts, step: (edges.at(-1)! - edges[0]!) / bins, notFinite };
}

/** Borders at even distances; a single value gets a range of 1 round it (as numpy.histogram does). */
function edgesOf(min: number, max: number, bins: number): Float64Array {
  const [low, high] = min === max ? [min - 0.5, max + 0.5] : [min, max];
  const step = (high - low) / bins;
  const edges = Float64Array.from({ length: bins + 1 }, (_, n) => n * step + low);
  edges[bins] = high;
  return edges;
}
