export interface StatisticsRow {
  readonly segment: number;
  readonly voxels: number;
  readonly mean: number;
  /** Population standard deviation. NaN voxels are counted in `voxels` and left out of the rest. */
  readonly sd: number;
  readonly min: number;
  readonly max: number;
}
