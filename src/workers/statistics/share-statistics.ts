import { type ProgressOptions, VoxelwrightError } from "#base";
import { brickDims, bytesPerVoxel, type VoxelType } from "#volume";
import type { Crew } from "../crew/crew.ts";
import { adviseOnLimit, phase } from "../crew/phases.ts";
import { shareOut } from "../crew/share-out.ts";
import type { TaskInput } from "../crew/task.ts";
import type { KernelImage, KernelLabels } from "../kernel-data.ts";
import { bricksOfBlocks, planBlocks } from "./blocks.ts";
import {
  DEFAULT_PERCENTILES,
  type Histogram,
  type Moments,
  narrowMoments,
  narrowRanks,
  ranksOf,
} from "./distribution.ts";
import type { Extent } from "./extent.ts";
import { MOST_BLOCKS } from "./label-rows.ts";
import { mergeSums } from "./merge.ts";
import { mergeParts, type Segment } from "./merge-parts.ts";
import { centroidOf } from "./moments.ts";
import { MOST_VOXELS } from "./positions.ts";
import { ShapeMaker } from "./shape.ts";
import { sumsOf } from "./segment-sums.ts";
import type { SegmentSums, ShapeStatistics, StatisticsRequest, StatisticsRow } from "./statistics.api.ts";
import type { StatisticsPart } from "./statistics.ts";
import { statisticsRow } from "./statistics-row.ts";
import { type Refine, wideRanks } from "./wide-ranks.ts";
import { OR_RAISE_BUDGET } from "../raise-budget.ts";

/**
 * Statistics of every label, shared out by blocks; of 32-bit values in two passes more, for percentiles; of shape in a last step by
 * segments. Without an image only shape and size are measured, and values are NaN.
 */
export function statistics(
  crew: Crew,
  image: KernelImage | undefined,
  labels: KernelLabels,
  request: StatisticsRequest,
  options: ProgressOptions,
): Promise<StatisticsRow[]> {
  const advice = `Measure fewer segments at a time${OR_RAISE_BUDGET}.`;
  return adviseOnLimit(advice, measure(crew, image, labels, request, options));
}

async function measure(
  crew: Crew,
  image: KernelImage | undefined,
  labels: KernelLabels,
  request: StatisticsRequest,
  options: ProgressOptions,
): Promise<StatisticsRow[]> {
  const percentiles = [50, ...(request.percentiles ?? DEFAULT_PERCENTILES)];
  check(image, labels, percentiles);
  const input = inputOf(image, labels);
  const shape = request.shape !== undefined;
  const labelled = [...labels.brickIndices()].sort((a, b) => a - b);
  const wide = image !== undefined && bytesPerVoxel(image.voxelType) === 4;
  // Two more passes over wide values, and diameters, take about as long again.
  const first = wide ? 0.4 : shape ? 0.7 : 1;
  const parts = await firstPass(crew, image, labels, request, phase(options, 0, first));
  const segments = mergeParts(parts);
  const sums = mergeSums(parts.flatMap((part) => part.bricks));

  const refine: Refine = async ({ wanted, shift }) => {
    const cuts = shareOut(labelled, crew.count).map((indices) => ({
      request: { indices, wanted, shift },
      labelBricks: indices,
    }));
    const from = shift > 0 ? first : 0.65;
    const counts = await crew.share("statisticsRefine", input, cuts, phase(options, from, from + 0.25));
    const sum = new Float64Array(counts[0]?.length ?? 0);
    for (const part of counts) for (let n = 0; n < part.length; n++) sum[n]! += part[n]!;
    return sum;
  };
  const moments = new Map<number, Moments>();
  for (const { segment, histogram } of segments) {
    const found = wide ? sums.get(segment) : image && histogram.size > 0 && narrowMoments(image.voxelType, histogram);
    if (found) moments.set(segment, found);
  }
  const atRanks = image
    ? await valuesAtRanks(image.voxelType, wide, segments, moments, percentiles, refine)
    : new Map<number, number[]>();
  const shapes = request.shape
    ? await shapesOf(crew, new ShapeMaker(request.shape.indexToLps), segments, phase(options, wide ? 0.9 : first, 1))
    : undefined;

  return segments.map(({ segment, sums }, n) => ({
    ...statisticsRow(segment, sums, moments.get(segment), percentiles, atRanks.get(segment)),
    ...(shapes ? { shape: shapes[n]! } : {}),
  }));
}

/** All that is counted and summed in one pass over bricks with labels, by shares. */
function firstPass(
  crew: Crew,
  image: KernelImage | undefined,
  labels: KernelLabels,
  request: Pick<StatisticsRequest, "shape" | "segments">,
  options: ProgressOptions,
): Promise<StatisticsPart[]> {
  const bricks = brickDims(labels.dims);
  const shape = request.shape !== undefined;
  const shares = cutBlocks(planBlocks(bricks, labels.brickIndices(), shape), crew.count).map((blocks) => ({
    request: { blocks, shape, ...(request.segments ? { segments: wantedSegments(request.segments) } : {}) },
    labelBricks: bricksOfBlocks(bricks, blocks, shape),
  }));
  return crew.share("statistics", inputOf(image, labels), shares, options);
}

function inputOf(image: KernelImage | undefined, labels: KernelLabels): TaskInput {
  return image ? { image, maps: [labels] } : { maps: [labels] };
}

/** What of the labels' voxels adds up over parts of a volume, by ascending segment. */
export async function segmentSums(
  crew: Crew,
  image: KernelImage | undefined,
  labels: KernelLabels,
  options: ProgressOptions,
): Promise<SegmentSums[]> {
  check(image, labels, []);
  const parts = await firstPass(crew, image, labels, {}, options);
  const wide = mergeSums(parts.flatMap((part) => part.bricks));
  return mergeParts(parts).map((segment) => sumsOf(segment, image?.voxelType, wide.get(segment.segment)));
}

async function valuesAtRanks(
  type: VoxelType,
  wide: boolean,
  segments: readonly { readonly segment: number; readonly histogram: Histogram }[],
  moments: ReadonlyMap<number, Moments>,
  percentiles: readonly number[],
  refine: Refine,
): Promise<Map<number, number[]>> {
  const wanted = segments.flatMap(({ segment, histogram }) => {
    const found = moments.get(segment);
    return found ? [{ segment, histogram, ranks: ranksOf(percentiles, found.values) }] : [];
  });
  if (wide) return wanted.length > 0 ? wideRanks(type, wanted, refine) : new Map();
  return new Map(wanted.map(({ segment, histogram, ranks }) => [segment, narrowRanks(type, histogram, ranks)]));
}

async function shapesOf(
  crew: Crew,
  maker: ShapeMaker,
  segments: readonly Segment[],
  options: ProgressOptions,
): Promise<ShapeStatistics[]> {
  const principals = segments.map(({ sums }) => maker.principal(sums));
  const wanted = segments.map(({ sums, positions }, n) => ({
    positions,
    centroidIjk: centroidOf(sums),
    axes: principals[n]!.axes,
  }));
  const shares = shareOut(wanted, crew.count).map((own) => ({
    request: { indexToLps: maker.indexToLps, segments: own },
    labelBricks: [],
  }));
  const extents: Extent[] = (await crew.share("statisticsExtent", {}, shares, options)).flat();
  return segments.map(({ sums, cells }, n) => maker.shape(sums, cells, principals[n]!, extents[n]!));
}

/** Consecutive blocks, as many pieces as threads want and none too large for 32-bit counts. */
function cutBlocks(blocks: readonly number[], threads: number): number[][] {
  return shareOut(blocks, threads).flatMap((piece) =>
    piece.length <= MOST_BLOCKS ? [piece] : shareOut(piece, Math.ceil(piece.length / MOST_BLOCKS)),
  );
}

/** Background is never a segment, and each counts once. */
function wantedSegments(segments: readonly number[]): number[] {
  return [...new Set(segments)].filter((segment) => segment !== 0);
}

function check(image: KernelImage | undefined, labels: KernelLabels, percentiles: readonly number[]): void {
  if (image && !image.dims.every((n, axis) => n === labels.dims[axis])) {
    const sizes = `${image.dims.join("×")} and ${labels.dims.join("×")}`;
    throw new VoxelwrightError("argument", `The image and the labels differ in size: ${sizes}.`, {
      advice: "Resample the labels onto the grid of the image first.",
    });
  }
  const odd = percentiles.find((percentile) => !(percentile >= 0 && percentile <= 100));
  if (odd !== undefined) throw new VoxelwrightError("argument", `A percentile is 0 to 100, not ${odd}.`);
  if (labels.dims.some((n) => n > MOST_VOXELS)) {
    throw new VoxelwrightError("limit", `Statistics take ${MOST_VOXELS} voxels along an axis at most.`, {
      advice: "Measure a part of the volume.",
    });
  }
}
