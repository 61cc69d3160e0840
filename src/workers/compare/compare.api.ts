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
