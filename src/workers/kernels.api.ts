import type { ProgressOptions } from "#base";
import type { Proposal } from "#labelmap";
import type { FoundThresholds, Histogram, ThresholdMethod } from "#volume";
import type { BrickPool } from "./brick-pool.ts";
import type { CompareOptions, CompareRow } from "./compare/compare.api.ts";
import type { Components, ComponentsRequest } from "./components/components.api.ts";
import type { Consensus, ConsensusRequest } from "./consensus/consensus.api.ts";
import type { DistanceField, DistanceRequest } from "./distance/distance.api.ts";
import type { FillCertainty, FillOptions, FillProposal, FillRequest, NextSlice, SliceOfAxis } from "./fill/fill.api.ts";
import type { GrowRequest } from "./growth/growth.api.ts";
import type { HistogramRequest } from "./histogram/histogram.api.ts";
import type { HolesRequest } from "./holes/holes.api.ts";
import type { Islands, IslandsRequest } from "./islands/islands.api.ts";
import type { KernelImage, KernelLabels, SpacingMm } from "./kernel-data.ts";
import type { HollowRequest, MarginRequest } from "./margin/margin.api.ts";
import type { SeedsReport, SeedsRequest } from "./seeds/seeds.api.ts";
import type { SmoothRequest } from "./smooth/smooth.api.ts";
import type { SegmentSums, StatisticsRequest, StatisticsRow } from "./statistics/statistics.api.ts";
import type { BrickSurface, SurfaceRequest } from "./surface/surface.api.ts";
import type { ThresholdRequest } from "./threshold/threshold.api.ts";

export type * from "./compare/compare.api.ts";
export type * from "./components/components.api.ts";
export type * from "./consensus/consensus.api.ts";
export type * from "./distance/distance.api.ts";
export type * from "./fill/fill.api.ts";
export type * from "./growth/growth.api.ts";
export type * from "./histogram/histogram.api.ts";
export type * from "./holes/holes.api.ts";
export type * from "./islands/islands.api.ts";
export type * from "./kernel-data.ts";
export type * from "./margin/margin.api.ts";
export type * from "./seeds/seeds.api.ts";
export type * from "./smooth/smooth.api.ts";
export type * from "./statistics/statistics.api.ts";
export type * from "./surface/surface.api.ts";
export type * from "./threshold/threshold.api.ts";

export type MaskProposal = Extract<Proposal, { kind: "mask" }>;
export type GrowResult = MaskProposal & { readonly range?: { readonly low: number; readonly high: number } };
export type SeedsProposal = LabelProposal & { readonly report: SeedsReport };
export type LabelProposal = Extract<Proposal, { kind: "labels" }>;

/**
 * The kernels of the WASM core as the session and the CLI call them, whichever way they are run. The same input gives the same
 * output, on any number of workers. All reject with AbortError when aborted, and leave nothing behind then.
 */
export interface Kernels {
  /** How jobs run, for a person who asks why it is slow: threads, and whether memory is shared between them. */
  readonly mode: { readonly workers: number; readonly sharedMemory: boolean };
  /** Room for image bricks that kernels then read without copying; undefined where memory cannot be shared. */
  readonly bricks: BrickPool | undefined;
  /** Region growing. With `confidence`, the result tells the range of stored values that was found last. */
  grow(image: KernelImage, request: GrowRequest, options?: ProgressOptions): Promise<GrowResult>;
  /** Fill between annotated slices. */
  fill(labels: KernelLabels, request: FillRequest, options?: FillOptions): Promise<FillProposal>;
  /** How sure that fill is on a slice, by shapes whatever its method; rejects as it does. */
  fillCertainty(
    labels: KernelLabels,
    request: FillRequest,
    slice: SliceOfAxis,
    options?: ProgressOptions,
  ): Promise<FillCertainty>;
  /**
   * The slice across one of the axes whose annotation would put most of that fill right; rejects as it does. Without axes that of a
   * stack, or any of planes of several directions.
   */
  nextSlice(
    labels: KernelLabels,
    request: FillRequest,
    across?: readonly (0 | 1 | 2)[],
    options?: ProgressOptions,
  ): Promise<NextSlice>;
  /**
   * Size, place, stored values and, when asked for, shape of every segment that is present, by ascending number. Values are NaN
   * without an image. Rejects with `argument` when dims differ, with `not-found` when a brick is not imported yet.
   */
  statistics(
    image: KernelImage | undefined,
    labels: KernelLabels,
    request?: StatisticsRequest,
    options?: ProgressOptions,
  ): Promise<StatisticsRow[]>;
  /** What adds up over parts of a volume, `labels` being those of a part; else as `statistics`. Segments without voxels have no row. */
  segmentSums(image: KernelImage | undefined, labels: KernelLabels, options?: ProgressOptions): Promise<SegmentSums[]>;
  /**
   * Agreement of two label maps of the same dims, a row for every segment in either, by ascending number. A surface voxel is a
   * voxel of the segment with a 6-neighbour that is not of it (what lies outside the volume is not); a surface distance goes
   * from the centre of a surface voxel to the nearest surface voxel's centre of the other map, along axes at right angles.
   * Rejects with `argument` when dims differ.
   */
  compare(a: KernelLabels, b: KernelLabels, spacingMm: SpacingMm, options?: CompareOptions): Promise<CompareRow[]>;
  /**
   * Connected components of segments: rows by ascending segment, within it by voxels descending, then by first voxel. Memory
   * follows the components that touch sides of bricks and the rows. Rejects with `argument`, or `limit` for more than a million
   * rows.
   */
  components(labels: KernelLabels, request: ComponentsRequest, options?: ProgressOptions): Promise<Components>;
  /**
   * Keeps, removes or splits islands (components of a segment). Labels must not change meanwhile. Rejects with `argument`, or
   * `limit` when a split needs more values than are given.
   */
  islands(labels: KernelLabels, request: IslandsRequest, options?: ProgressOptions): Promise<Islands>;
  /** The voxels of a range, of a box or of segments where these are said. Rejects with `argument` or `not-found`. */
  threshold(image: KernelImage, request: ThresholdRequest, options?: ProgressOptions): Promise<MaskProposal>;
  /**
   * How often stored values occur: whole types value by value, float32 in bins of equal width. Rejects with `argument`, `not-found`,
   * or `limit` for too many different 32-bit values.
   */
  histogram(image: KernelImage, request?: HistogramRequest, options?: ProgressOptions): Promise<Histogram>;
  /** Automatic thresholds of a histogram (`findThresholds`), in a thread where half a second holds up nobody. */
  thresholds(
    histogram: Histogram,
    methods: readonly ThresholdMethod[],
    options?: ProgressOptions,
  ): Promise<FoundThresholds[]>;
  /**
   * Fills holes of segments: what is not of a segment and does not hang together with the border of the volume, or of the slice.
   * Proposes them whatever they hold; where holes of several segments lie in one another the smallest wins. Rejects with
   * `argument`.
   */
  holes(labels: KernelLabels, request: HolesRequest, options?: ProgressOptions): Promise<LabelProposal>;
  /** One label map from several of the same dims. Rejects with `argument` for fewer than two, or when dims differ. */
  consensus(maps: readonly KernelLabels[], request: ConsensusRequest, options?: ProgressOptions): Promise<Consensus>;
  /** Exact Euclidean distances of a box of voxels. Rejects with `limit` when the box is above the memory budget. */
  distance(labels: KernelLabels, request: DistanceRequest, options?: ProgressOptions): Promise<DistanceField>;
  /** Grows or shrinks segments by millimetres. Rejects with `limit` when a brick with that around it is above the budget. */
  margin(labels: KernelLabels, request: MarginRequest, options?: ProgressOptions): Promise<LabelProposal>;
  /** Makes shells of segments; as `margin`. */
  hollow(labels: KernelLabels, request: HollowRequest, options?: ProgressOptions): Promise<LabelProposal>;
  /** Smooths segments; as `margin`. */
  smooth(labels: KernelLabels, request: SmoothRequest, options?: ProgressOptions): Promise<LabelProposal>;
  /**
   * Surfaces of segments, brick by brick, by ascending brick; bricks without any are left out. Rejects with `argument` or `limit`.
   */
  surface(labels: KernelLabels, request: SurfaceRequest, options?: ProgressOptions): Promise<BrickSurface[]>;
  /**
   * Growth from seeds: competing segments divide the region between them. State is kept, so that the next call on the same image
   * with the same costs is in proportion to what was drawn meanwhile. Rejects with `argument` for requests that make no sense,
   * seeds of fewer than two segments among them, `limit` when memory or costs do not suffice, `not-found` (a brick is not imported
   * yet), or what the brick source rejects with.
   */
  growFromSeeds(
    image: KernelImage,
    labels: KernelLabels,
    request: SeedsRequest,
    options?: ProgressOptions,
  ): Promise<SeedsProposal>;
  dispose(): void;
}
