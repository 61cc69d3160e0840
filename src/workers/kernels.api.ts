import type { ProgressOptions } from "#base";
import type { BrickSource, Dims, IndexBox, IndexIjk, VoxelType } from "#volume";
import type { Proposal } from "#labelmap";

/** The image a kernel reads, brick by brick, at level 0. Values in requests are stored values, not rescaled ones. */
export interface KernelImage {
  readonly dims: Dims;
  readonly voxelType: VoxelType;
  readonly frame: number;
  readonly bricks: BrickSource;
}

/** The labels a kernel reads: 64³ values of a level-0 brick, undefined where all is background. Synchronous: labels are sparse. */
export interface KernelLabels {
  readonly dims: Dims;
  readBrick(brickIndex: number): Uint16Array | undefined;
  /** `brickIndex` of every brick that holds a label. */
  brickIndices(): Iterable<number>;
}

export type Connectivity = 6 | 18 | 26;

export interface GrowRequest {
  /** Whole voxel indices. Seeds whose value is outside the range grow nothing. */
  readonly seeds: readonly IndexIjk[];
  /** Inclusive range of stored values. NaN voxels are never inside. */
  readonly range: { readonly low: number; readonly high: number };
  readonly connectivity: Connectivity;
  /** Grow only inside this box. */
  readonly region?: IndexBox;
  readonly segment: number;
}

export interface FillRequest {
  /** Index axis across which slices were annotated (0 = i, 1 = j, 2 = k), or undefined to find it from the labels. */
  readonly axis?: 0 | 1 | 2;
  /** Segments to fill; all that are drawn when absent. */
  readonly segments?: readonly number[];
  /** Annotated slice numbers along the axis; found from the labels when absent (slices with a drawn segment). */
  readonly planes?: readonly number[];
  /** Voxel size along i, j, k in millimetres. */
  readonly spacingMm: readonly [number, number, number];
  readonly method: "shape";
}

export interface StatisticsRow {
  readonly segment: number;
  readonly voxels: number;
  readonly mean: number;
  /** Population standard deviation. */
  readonly sd: number;
  readonly min: number;
  readonly max: number;
}

/** The kernels of the WASM core as the session and the CLI call them, whichever way they are run. */
export interface Kernels {
  /** Region growing. The result does not depend on the number of workers. */
  grow(image: KernelImage, request: GrowRequest, options?: ProgressOptions): Promise<Proposal & { kind: "mask" }>;
  /** Fill between annotated slices. */
  fill(labels: KernelLabels, request: FillRequest, options?: ProgressOptions): Promise<Proposal & { kind: "labels" }>;
  /** Voxel counts and stored-value statistics per label present (background left out). */
  statistics(image: KernelImage, labels: KernelLabels, options?: ProgressOptions): Promise<StatisticsRow[]>;
  dispose(): void;
}
