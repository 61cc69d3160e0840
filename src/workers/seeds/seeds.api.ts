import type { IndexBox } from "#volume";
import type { SpacingMm } from "../kernel-data.ts";

/**
 * Growth from seeds: every voxel gets the segment of the seed from which the cheapest path leads to it. A step to a neighbour
 * costs the difference of stored values plus `spatialWeight` for each millimetre; at equal cost the lower segment wins.
 */
export interface SeedsRequest {
  /** Segments whose voxels are the seeds, as they are drawn; two at least must have voxels in the region. */
  readonly segments: readonly number[];
  /** Millimetres along the axes, which must be at right angles. */
  readonly spacingMm: SpacingMm;
  /** Neighbours of a voxel. A step over an edge or corner costs its own length in millimetres. */
  readonly connectivity: 6 | 26;
  /**
   * Difference of stored values that counts as much as one millimetre; 0 leaves flat areas to the lowest segment. When absent: 2
   * for types of 8 and 16 bits, a 1024th of the range of the image for types of 32 bits.
   */
  readonly spatialWeight?: number;
  /** Stored values that every path of a segment costs before its first step, 0 or more; holds a segment back. */
  readonly bias?: Readonly<Record<number, number>>;
  /** Voxels that only costlier paths reach keep their label; in stored values. */
  readonly maximumCost?: number;
  /** Only voxels in this box are read and changed; the volume when absent. */
  readonly region?: IndexBox;
  /** Labels whose voxels may change: 0 is background. `[0]` when absent. Voxels of all other labels are walls, as are NaN voxels. */
  readonly inside?: readonly number[];
}

/** What a growth from seeds tells beside its labels. */
export interface SeedsReport {
  /** Stored values are compared in steps of this; 1 for types of 8 and 16 bits, so that nothing is rounded. */
  readonly valueStep: number;
  /** Costs are whole multiples of this, in stored values. */
  readonly costStep: number;
  /** The weight in use, given or default. */
  readonly spatialWeight: number;
  /** Voxels in the region that might have changed and were not reached. */
  readonly unreached: number;
  /** Whether the state of the run before was brought up to date; the result is that of a run from the start. */
  readonly updated: boolean;
}
