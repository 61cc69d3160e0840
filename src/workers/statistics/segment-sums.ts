import { bytesPerVoxel, type VoxelType } from "#volume";
import {
  DEFAULT_PERCENTILES,
  type Histogram,
  narrowBins,
  narrowHistogram,
  narrowMoments,
  narrowRanks,
  ranksOf,
} from "./distribution.ts";
import type { BrickSums } from "./merge.ts";
import type { Segment } from "./merge-parts.ts";
import { mergeBoxes } from "./moments.ts";
import type { SegmentSums, StatisticsRow } from "./statistics.api.ts";
import { statisticsRow } from "./statistics-row.ts";

/** The sums of a segment of the first pass; `wide` are those of its values of 32 bits. */
export function sumsOf(
  { segment, sums: { sums, box }, histogram }: Pick<Segment, "segment" | "sums" | "histogram">,
  type: VoxelType | undefined,
  wide: BrickSums | undefined,
): SegmentSums {
  const own = { segment, sums: sums.slice(0, 4) as unknown as SegmentSums["sums"], box };
  if (type !== undefined && bytesPerVoxel(type) === 4)
    return { ...own, min: wide?.min ?? Number.NaN, max: wide?.max ?? Number.NaN };
  const bins = type === undefined ? [] : narrowBins(type, histogram);
  return { ...own, min: bins[0]?.[0] ?? Number.NaN, max: bins.at(-1)?.[0] ?? Number.NaN, histogram: bins };
}

/** Sums of parts that share no voxel as those of all of them, by ascending segment. Order and grouping of the parts change no digit. */
export function mergeSegmentSums(parts: Iterable<readonly SegmentSums[]>): SegmentSums[] {
  const merged = new Map<number, SegmentSums>();
  for (const part of parts)
    for (const own of part) {
      const held = merged.get(own.segment);
      merged.set(own.segment, held ? mergeTwo(held, own) : own);
    }
  return [...merged.values()].sort((a, b) => a.segment - b.segment);
}

function mergeTwo(a: SegmentSums, b: SegmentSums): SegmentSums {
  return {
    segment: a.segment,
    sums: a.sums.map((sum, n) => sum + b.sums[n]!) as unknown as SegmentSums["sums"],
    box: mergeBoxes(a.box, b.box),
    min: Number.isNaN(a.min) || b.min < a.min ? b.min : a.min,
    max: Number.isNaN(a.max) || b.max > a.max ? b.max : a.max,
    ...(a.histogram && b.histogram ? { histogram: mergeBins(a.histogram, b.histogram) } : {}),
  };
}

type Bins = NonNullable<SegmentSums["histogram"]>;

function mergeBins(a: Bins, b: Bins): Bins {
  const counts = new Map(a);
  for (const [value, voxels] of b) counts.set(value, (counts.get(value) ?? 0) + voxels);
  return [...counts].sort(([x], [y]) => x - y);
}

/** Rows of sums of a whole volume, as `Kernels.statistics` gives them, without shape; of 32-bit values only the ends are numbers. */
export function rowsOfSums(
  type: VoxelType | undefined,
  sums: readonly SegmentSums[],
  others: readonly number[] = DEFAULT_PERCENTILES,
): StatisticsRow[] {
  const percentiles = [50, ...others];
  return sums.map((own) => {
    const bins: Histogram | undefined =
      type !== undefined && own.histogram && own.histogram.length > 0
        ? narrowHistogram(type, own.histogram)
        : undefined;
    const moments = bins && narrowMoments(type!, bins);
    const atRanks = moments && narrowRanks(type!, bins, ranksOf(percentiles, moments.values));
    const row = statisticsRow(own.segment, own, moments, percentiles, atRanks);
    return { ...row, min: own.min, max: own.max };
  });
}
