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
  /**
   * Index axis across which slices were annotated (0 = i, 1 = j, 2 = k), or undefined to find it from the labels: the axis along
   * which annotated slices stand alone. Rejects with `argument` and advice where that is not one axis.
   */
  readonly axis?: 0 | 1 | 2;
  /** Segments to fill; all that are drawn when absent. */
  readonly segments?: readonly number[];
  /**
   * Annotated slice numbers along the axis. Where they are named, a segment that is missing on one of them has ended there; where
   * they are absent, every segment is filled between the slices on which it is drawn itself.
   */
  readonly planes?: readonly number[];
  /** Voxel size along i, j, k in millimetres. */
  readonly spacingMm: readonly [number, number, number];
  readonly method: "shape";
}

export interface StatisticsRow {
  readonly segment: number;
  readonly voxels: number;
  readonly mean: number;
  /** Population standard deviation. NaN voxels are counted in `voxels` and left out of the rest. */
  readonly sd: number;
  readonly min: number;
  readonly max: number;
}

/** How far two label maps agree on one segment. Surface distances are undefined where the segment is in one map only. */
export interface CompareRow {
  readonly segment: number;
  readonly voxelsA: number;
  readonly voxelsB: number;
  /** 2 |A ∩ B| / (|A| + |B|). */
  readonly dice: number;
  /** 95th percentile of all surface distances, both ways pooled, with linear interpolation between ranks, in millimetres. */
  readonly hausdorff95Mm: number | undefined;
  /** Mean of all surface distances, both ways pooled, in millimetres. */
  readonly meanSurfaceDistanceMm: number | undefined;
}

/** The kernels of the WASM core as the session and the CLI call them, whichever way they are run. */
export interface Kernels {
  /** How jobs run, for a person who asks why it is slow: threads, and whether memory is shared between them. */
  readonly mode: { readonly workers: number; readonly sharedMemory: boolean };
  /** Region growing. The result does not depend on the number of workers. */
  grow(image: KernelImage, request: GrowRequest, options?: ProgressOptions): Promise<Proposal & { kind: "mask" }>;
  /** Fill between annotated slices. */
  fill(labels: KernelLabels, request: FillRequest, options?: ProgressOptions): Promise<Proposal & { kind: "labels" }>;
  /** Voxel counts and stored-value statistics per label present (background left out). */
  statistics(image: KernelImage, labels: KernelLabels, options?: ProgressOptions): Promise<StatisticsRow[]>;
  /**
   * Agreement of two label maps of the same dims, a row for every segment in either, by ascending number. A surface voxel is a
   * voxel of the segment with a 6-neighbour that is not of it (what lies outside the volume is not); a surface distance goes
   * from the centre of a surface voxel to the nearest surface voxel's centre of the other map, along axes at right angles.
   * Rejects with `argument` when dims differ.
   */
  compare(
    a: KernelLabels,
    b: KernelLabels,
    spacingMm: readonly [number, number, number],
    options?: ProgressOptions,
  ): Promise<CompareRow[]>;
  dispose(): void;
}
