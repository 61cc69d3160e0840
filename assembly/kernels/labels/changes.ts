/* What a kernel changed in a brick. */

/**
 * Compares a part of a dense box of u16 labels before and after, ni × nj × nk voxels that lie in one brick from its voxel `first`
 * (64 to a row) on; strides are in bytes. `labels` (64³ u16) gets the label of every voxel that has another one now, 0
 * elsewhere; `erased` (64³ bits) every voxel that lost one of the `members` (a byte a label). Returns the voxels changed.
 */
export function changesOfBrick(
  before: usize,
  beforeRow: usize,
  beforePlane: usize,
  after: usize,
  afterRow: usize,
  afterPlane: usize,
  ni: i32,
  nj: i32,
  nk: i32,
  members: usize,
  labels: usize,
  erased: usize,
): i32 {
  memory.fill(labels, 0, 262144 << 1);
  memory.fill(erased, 0, 262144 >> 3);
  let changed = 0;
  for (let k = 0; k < nk; k++) {
    for (let j = 0; j < nj; j++) {
      const old = before + <usize>k * beforePlane + <usize>j * beforeRow;
      const now = after + <usize>k * afterPlane + <usize>j * afterRow;
      const row = labels + ((<usize>(k * 64 + j)) << 7);
      const bits = erased + ((<usize>(k * 64 + j)) << 3);
      let i = 0;
      while (i < ni) {
        const at = (<usize>i) << 1;
        if (i + 8 <= ni && i16x8.all_true(i16x8.eq(v128.load(old + at), v128.load(now + at)))) {
          i += 8;
          continue;
        }
        const end = min(i + 8, ni);
        for (; i < end; i++) {
          const was = load<u16>(old + ((<usize>i) << 1));
          const is = load<u16>(now + ((<usize>i) << 1));
          if (was == is) continue;
          changed++;
          store<u16>(row + ((<usize>i) << 1), is);
          if (load<u8>(members + was)) store<u64>(bits, load<u64>(bits) | ((<u64>1) << i));
        }
      }
    }
  }
  return changed;
}
