/*
 * Memory of one smoothing of a mask: what is asked, then the scratch of its passes.
 *
 *   job ─┬ fields     256 B   below
 *        ├ steps      (2 span + 16) u16: what a row's kernel gives at −span … span voxels from the begin of a run of set bits
 *        ├ slice      nj rows of ci u16 (rounded up to 32): one slice after the first axis
 *        ├ window     max(nj, nk) + 1 rows of 64 B
 *        └ results    max(cj, ck) rows of 64 B
 *
 *   kernel            for each axis (2 radius + 17) u16: 8 zeros, the weights from −radius to radius, 8 zeros
 */

export const JOB_BYTES: usize = 256;

/** The fields, as `changetype` reads them; never constructed. */
export class SmoothJob {
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
  radiusI: i32 = 0;
  radiusJ: i32 = 0;
  radiusK: i32 = 0;
  /** First weights of the kernels along j and k; 0 where all weights are 1 and the sum is wanted. */
  weightsJ: usize = 0;
  weightsK: usize = 0;
  /** Results, and before them the slices of the mask after two axes. */
  to: usize = 0;
  /** Middle of the table of steps. */
  steps: usize = 0;
  slice: usize = 0;
  window: usize = 0;
  results: usize = 0;
}
