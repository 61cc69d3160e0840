/* What a kernel changed in a brick. */

const VOXELS: usize = 262144;

/**
 * Compares a part of a dense box of u16 labels before and after, ni × nj × nk voxels of one brick from its voxel (i0, j0, k0) on;
 * strides are in bytes. Returns the voxels changed. Where that is not 0, `labels` (64³ u16) has the label of every voxel that
 * has another one now, 0 elsewhere, and `erased` (64³ bits) every voxel that lost one of the `members` (a byte a label).
 */
export function changesOfBrick(
  before: usize,
  beforeRow: usize,
  beforePlane: usize,
  after: usize,
  afterRow: usize,
  afterPlane: usize,
  i0: i32,
  j0: i32,
  k0: i32,
  ni: i32,
  nj: i32,
  nk: i32,
  members: usize,
  labels: usize,
  erased: usize,
): i32 {
  let changed = 0;
  for (let k = 0; k < nk; k++) {
    for (let j = 0; j < nj; j++) {
      const old = before + <usize>k * beforePlane + <usize>j * beforeRow;
      const now = after + <usize>k * afterPlane + <usize>j * afterRow;
      let i = 0;
      while (i < ni) {
        const at = (<usize>i) << 1;
        const end = min(i + 32, ni);
        if (end - i == 32 ? same(old + at, now + at) : sameTail(old + at, now + at, end - i)) {
          i = end;
          continue;
        }
        if (changed == 0) {
          memory.fill(labels, 0, VOXELS << 1);
          memory.fill(erased, 0, VOXELS >> 3);
        }
        const row = (k0 + k) * 64 + j0 + j;
        changed += changesOfRow(
          old,
          now,
          i,
          end,
          i0,
          members,
          labels + ((<usize>row) << 7),
          erased + ((<usize>row) << 3),
        );
        i = end;
      }
    }
  }
  return changed;
}

/** Whether 32 labels are the same. */
function same(old: usize, now: usize): bool {
  let differ = v128.xor(v128.load(old), v128.load(now));
  differ = v128.or(differ, v128.xor(v128.load(old, 16), v128.load(now, 16)));
  differ = v128.or(differ, v128.xor(v128.load(old, 32), v128.load(now, 32)));
  differ = v128.or(differ, v128.xor(v128.load(old, 48), v128.load(now, 48)));
  return !v128.any_true(differ);
}

function sameTail(old: usize, now: usize, count: i32): bool {
  for (let n: usize = 0; n < (<usize>count) << 1; n += 2) if (load<u16>(old + n) != load<u16>(now + n)) return false;
  return true;
}

function changesOfRow(
  old: usize,
  now: usize,
  start: i32,
  end: i32,
  i0: i32,
  members: usize,
  row: usize,
  bits: usize,
): i32 {
  let changed = 0;
  for (let i = start; i < end; i++) {
    const at = (<usize>i) << 1;
    const was = load<u16>(old + at);
    const is = load<u16>(now + at);
    if (was == is) continue;
    changed++;
    store<u16>(row + ((<usize>(i0 + i)) << 1), is);
    if (load<u8>(members + was)) store<u64>(bits, load<u64>(bits) | ((<u64>1) << (i0 + i)));
  }
  return changed;
}
