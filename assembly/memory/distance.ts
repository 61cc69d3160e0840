/*
 * Memory of one distance transform: what is asked, then the scratch of its passes.
 *
 *   job ─┬ fields     256 B   below
 *        ├ tables     for each axis 2 span + 9 f32: squared lengths of −span … span steps, span the most between a voxel and a bit
 *        ├ slice      nj rows of ci f32 (rounded up to 16): one slice after the first axis
 *        ├ window     max(nj, nk) rows of 64 B
 *        ├ results    max(cj, ck) rows of 64 B
 *        └ bounds     max(cj, ck) × 8 B
 */

export const JOB_BYTES: usize = 256;

/** The fields, as `changetype` reads them; never constructed. */
export class DistanceJob {
  /** The mask: ni × nj × nk bits. */
  bits: usize = 0;
  ni: i32 = 0;
  nj: i32 = 0;
  nk: i32 = 0;
  /** First voxel of the results, counted from the mask's first, and how many. */
  i0: i32 = 0;
  j0: i32 = 0;
  k0: i32 = 0;
  ci: i32 = 0;
  cj: i32 = 0;
  ck: i32 = 0;
  /** Squared; what is farther is of no interest. */
  limit: f32 = 0;
  /** 0 for squared results. */
  scale: f32 = 0;
  /** Results, and before them the slices of the mask after two axes. */
  to: usize = 0;
  /** Middles of the tables. */
  squaresI: usize = 0;
  squaresJ: usize = 0;
  squaresK: usize = 0;
  /** One over a step. */
  perJ: f32 = 0;
  perK: f32 = 0;
  /** Steps beyond which nothing is of interest. */
  reachJ: i32 = 0;
  reachK: i32 = 0;
  slice: usize = 0;
  window: usize = 0;
  results: usize = 0;
  bounds: usize = 0;
  /** Slices that hold a set bit, as far as they were seen. */
  firstK: i32 = 0;
  lastK: i32 = 0;
}
