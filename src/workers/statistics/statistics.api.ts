import type { Affine, Vec3 } from "#base";
import type { IndexBox, IndexIjk, PointLps } from "#volume";

export interface StatisticsRequest {
  /** Segments to measure; every one that is present when absent. */
  readonly segments?: readonly number[];
  /** Percentiles of stored values, 0 to 100; 5, 25, 75 and 95 when absent. */
  readonly percentiles?: readonly number[];
  /** Measures shape too, in an evenly spaced grid with this index-to-LPS affine in millimetres; it may be sheared. */
  readonly shape?: { readonly indexToLps: Affine };
}

/**
 * One segment. Values are stored ones; NaN voxels are counted in `voxels` and left out of the rest, which is NaN where no number is
 * left.
 */
export interface StatisticsRow {
  readonly segment: number;
  readonly voxels: number;
  readonly mean: number;
  /** Population standard deviation. */
  readonly sd: number;
  readonly min: number;
  readonly max: number;
  readonly median: number;
  /** In the order asked for; exact, linear between ranks (numpy's default; definition 7 of Hyndman and Fan, 1996). */
  readonly percentiles: readonly number[];
  /** Mean index of the voxels. */
  readonly centroidIjk: IndexIjk;
  /** Smallest box of voxels that holds the segment. */
  readonly box: IndexBox;
  /** Present when it was asked for. */
  readonly shape?: ShapeStatistics;
}

/**
 * What one segment's voxels in a part of a volume add up to. Sums of parts that share no voxel add up to those of the whole, to the
 * last digit (`mergeSegmentSums`), and give all of a row but its shape (`rowsOfSums`).
 */
export interface SegmentSums {
  readonly segment: number;
  /** Voxels, and sums of their indices i, j, k. */
  readonly sums: readonly [voxels: bigint, i: bigint, j: bigint, k: bigint];
  /** Smallest box of voxels that holds them. */
  readonly box: IndexBox;
  /** Smallest and largest stored value; NaN where there is none. */
  readonly min: number;
  readonly max: number;
  /**
   * Voxels by stored value, ascending; without an image, empty. Absent for values of 32 bits, which have too many: a part of them gives
   * no mean, deviation or percentiles, since sums of floats depend on their order.
   */
  readonly histogram?: readonly (readonly [value: number, voxels: number])[] | undefined;
}

/**
 * Shape of a segment in LPS millimetres. Moments, axes, elongation, flatness, Feret diameter and oriented box are those of ITK's
 * ShapeLabelMapFilter (Lehmann, Label object representation and manipulation with ITK, 2007).
 */
export interface ShapeStatistics {
  /** Area of the marching cubes mesh of the segment's mask at level 0.5, closed at the border of the volume. */
  readonly meshAreaMm2: number;
  /** Volume that the mesh encloses: less than that of the voxels, whose corners it cuts. */
  readonly meshVolumeMm3: number;
  /**
   * Area by Crofton's formula from intercepts along 13 directions (Lehmann and Legland, Efficient N-dimensional surface estimation
   * using Crofton formula, 2012). Its weights are those of right angles: undefined on a sheared grid.
   */
  readonly croftonAreaMm2: number | undefined;
  /** Area of the sphere of the mesh's volume over the mesh's area: 1 for a sphere, less for all else (Wadell, 1935). */
  readonly sphericity: number;
  /** Largest distance between two voxel centres. */
  readonly feretMm: number;
  /** Variances of voxel centres along the principal axes, ascending. */
  readonly principalMomentsMm2: readonly [number, number, number];
  /**
   * Unit vectors of the principal axes, in the order of the moments. They are right-handed, and the largest component of the first
   * two is positive. Where moments are equal the axes between them are arbitrary.
   */
  readonly principalAxes: readonly [Vec3, Vec3, Vec3];
  /** Root of the largest moment over the middle one; 0 where the middle one is 0. */
  readonly elongation: number;
  /** Root of the middle moment over the smallest one; 0 where the smallest one is 0. */
  readonly flatness: number;
  /** Smallest box along the principal axes that holds all voxels, to their corners. */
  readonly orientedBox: {
    /** Corner from which the axes lead into the box. */
    readonly originLps: PointLps;
    /** Extent along each principal axis. */
    readonly sizeMm: Vec3;
  };
}
