import type { ProgressOptions } from "#base";

export interface CompareOptions extends ProgressOptions {
  /** Surface voxels this near the other surface, or a millionth beyond it, agree, in millimetres; 1 when absent. */
  readonly toleranceMm?: number;
  /** Segments to compare; every one that is in either map when absent. */
  readonly segments?: readonly number[];
}

/** Distances from every surface voxel of one map to the surface of the other. */
export interface DirectedDistances {
  readonly meanMm: number;
  /** 95th percentile, linear between ranks. */
  readonly hausdorff95Mm: number;
  /** The largest: the directed Hausdorff distance. */
  readonly hausdorffMm: number;
}

/**
 * How far two label maps agree on one segment; where one is known to be right, it is the first. Surface distances are undefined where
 * the segment is in one map only, shares of nothing too.
 */
export interface CompareRow {
  readonly segment: number;
  readonly voxelsA: number;
  readonly voxelsB: number;
  /** |A ∩ B|. */
  readonly voxelsCommon: number;
  /** 2 |A ∩ B| / (|A| + |B|). */
  readonly dice: number;
  /** |A ∩ B| / |A ∪ B|. */
  readonly jaccard: number;
  /** |A ∩ B| / |A|: how much of the first the second finds. */
  readonly sensitivity: number | undefined;
  /** |A ∩ B| / |B|: how much of the second is in the first. */
  readonly precision: number | undefined;
  /** (|B| − |A|) / |A|. */
  readonly volumeDifference: number | undefined;
  /** 95th percentile of all surface distances, both ways pooled, with linear interpolation between ranks, in millimetres. */
  readonly hausdorff95Mm: number | undefined;
  /** The largest surface distance, either way. */
  readonly hausdorffMm: number | undefined;
  /** Mean of all surface distances, both ways pooled, in millimetres. */
  readonly meanSurfaceDistanceMm: number | undefined;
  /** Median of all surface distances, both ways pooled. */
  readonly medianSurfaceDistanceMm: number | undefined;
  readonly surfaceVoxelsA: number;
  readonly surfaceVoxelsB: number;
  /** Surface voxels of both that lie within the tolerance of the other surface. */
  readonly surfaceVoxelsWithin: number;
  /** Share of the surface voxels of both that lie within the tolerance (normalised surface Dice over voxels, as MONAI has it). */
  readonly surfaceDice: number;
  readonly fromAToB: DirectedDistances | undefined;
  readonly fromBToA: DirectedDistances | undefined;
}

/** Agreement over all segments together: counts are summed before they are divided. */
export interface OverallAgreement {
  readonly segments: number;
  readonly voxelsA: number;
  readonly voxelsB: number;
  readonly voxelsCommon: number;
  readonly dice: number;
  readonly jaccard: number;
  readonly sensitivity: number | undefined;
  readonly precision: number | undefined;
  readonly volumeDifference: number | undefined;
  /** Mean of the segments' Dice, a segment that is in one map only counting as 0. */
  readonly meanDice: number;
  readonly surfaceDice: number;
  /** Largest and mean of the segments' Hausdorff distances, over those that have one. */
  readonly hausdorffMm: number | undefined;
  readonly meanHausdorff95Mm: number | undefined;
  /** Mean of the segments' mean surface distances. */
  readonly meanSurfaceDistanceMm: number | undefined;
}
