import type { IndexBox, IndexIjk } from "#volume";
import type { Connectivity, SpacingMm } from "../kernel-data.ts";

/** Region growing. What a voxel must be to be grown is `range` or `confidence`, and what `gradient` and `leakGuard` add to it. */
export interface GrowRequest {
  /** Whole voxel indices. Seeds that may not be grown grow nothing. */
  readonly seeds: readonly IndexIjk[];
  /** Inclusive range of stored values. NaN voxels are never inside. */
  readonly range?: { readonly low: number; readonly high: number };
  /** A range found from the seeds and then from what has grown, in place of `range`. */
  readonly confidence?: ConfidenceRange;
  readonly connectivity: Connectivity;
  /** Grow only inside this box. */
  readonly region?: IndexBox;
  readonly segment: number;
  readonly gradient?: GradientLimit;
  readonly leakGuard?: LeakGuard;
}

/**
 * Mean ± multiplier · standard deviation: first of the voxels around the seeds, then of what has grown, as often as `iterations` says
 * (confidence-connected growing as ITK defines it, without rounding the range to whole values). Seeds are always inside. NaN and infinities
 * are left out of it; where no seed has a finite value the growth is refused.
 */
export interface ConfidenceRange {
  readonly multiplier: number;
  readonly iterations: number;
  /** Half edge of the box of voxels around a seed, at least 1. */
  readonly radius: number;
}

/** Only voxels around which the image changes by at most `maximumPerMm` (stored values a mm, central differences) are grown. */
export interface GradientLimit {
  readonly maximumPerMm: number;
  readonly spacingMm: SpacingMm;
}

/**
 * Passages that a box of 2 · radius + 1 voxels along i, j, k does not fit through stop the growth. Growth runs where the whole box
 * around a voxel may be grown; the boxes around what it reaches are the result.
 */
export interface LeakGuard {
  /** Voxels along i, j, k, 0 to 31. */
  readonly radius: readonly [number, number, number];
}
