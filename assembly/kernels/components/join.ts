import { BLOCK_FIRST, BLOCK_PARENTS, BLOCK_SET, BLOCK_STARTS } from "../../memory/components";

/*
 * Joins the runs of a brick that hang together (union-find over runs, the smaller number as root). Each row is held against the
 * rows before it that its voxels can touch: one word says where two rows have the same segment side by side, its first bits name
 * one pair of runs each, and counting starts below a bit gives the number of the run there. What is joined by way of other
 * rows is left out where a mask tells.
 */

/**
 * Joins the runs of all rows. `labels` are the 64³ u16 that the rows were found in, 0 for a mask. With `planar` slices across k
 * are kept apart.
 */
export function componentsJoin(block: usize, labels: usize, connectivity: i32, planar: bool): void {
  const parents = block + BLOCK_PARENTS;
  const runs = load<u32>(block, BLOCK_FIRST + 16384);
  for (let n: u32 = 0; n < runs; n++) store<u32>(parents + ((<usize>n) << 2), n);
  const wide = connectivity > 6;
  const widest = connectivity == 26;
  for (let row = 0; row < 4096; row++) {
    const a = load<u64>(block + ((<usize>row) << 3), BLOCK_SET);
    if (!a) continue;
    const j = row & 63;
    let beside: u64 = 0;
    if (j > 0) beside = joinRows(block, labels, a, row, row - 1, wide, a);
    if (planar || row < 64) continue;
    const below = joinRows(block, labels, a, row, row - 64, wide, a);
    if (!wide) continue;
    // A voxel that has its like beside or below it is joined to the diagonal rows by way of that.
    const left = a & ~below;
    if (!left) continue;
    if (j > 0 && left & ~beside) joinRows(block, labels, left & ~beside, row, row - 65, widest, a);
    if (j < 63) joinRows(block, labels, left, row, row - 63, widest, a);
  }
}

/**
 * Joins a row with one before it at the voxels `at`; with `wide`, also one step along i apart. Returns the voxels of the row that
 * have their like in the other, side by side.
 */
function joinRows(block: usize, labels: usize, at: u64, row: i32, other: i32, wide: bool, a: u64): u64 {
  const b = load<u64>(block + ((<usize>other) << 3), BLOCK_SET);
  if (!b) return 0;
  const startsA = load<u64>(block + ((<usize>row) << 3), BLOCK_STARTS);
  const startsB = load<u64>(block + ((<usize>other) << 3), BLOCK_STARTS);
  const firstA = load<u32>(block + ((<usize>row) << 2), BLOCK_FIRST) - 1;
  const firstB = load<u32>(block + ((<usize>other) << 2), BLOCK_FIRST) - 1;
  const parents = block + BLOCK_PARENTS;
  const rowA = labels + ((<usize>row) << 7);
  const rowB = labels + ((<usize>other) << 7);
  let compare = labels != 0;
  if (compare && (startsA & (startsA - 1)) == 0 && (startsB & (startsB - 1)) == 0) {
    // One run in each, as most rows of organs have: they are of one segment, or never join.
    const segment = load<u16>(rowA + ((<usize>ctz<u64>(startsA)) << 1));
    if (load<u16>(rowB + ((<usize>ctz<u64>(startsB)) << 1)) != segment) return 0;
    compare = false;
  }
  let same = a & b;
  if (compare && same) same &= alike(rowA, rowB);
  const here = same & at;
  let pairs = here & (~(here << 1) | startsA | startsB);
  let starts = startsB;
  let first = firstB;
  for (let side = 0; side < 3; side++) {
    for (; pairs; pairs &= pairs - 1) {
      const upTo = pairs ^ (pairs - 1);
      unite(parents, firstA + <u32>popcnt<u64>(startsA & upTo), first + <u32>popcnt<u64>(starts & upTo));
    }
    if (!wide) break;
    if (side == 0) {
      pairs = at & (b >> 1) & ~(same | (same >> 1));
      if (compare && pairs) pairs &= alike(rowA, rowB + 2);
      starts = startsB >> 1;
      first = firstB + <u32>(startsB & 1);
    } else {
      pairs = at & (b << 1) & ~(same | (same << 1));
      if (compare && pairs) pairs &= alike(rowA, rowB - 2);
      starts = startsB << 1;
      first = firstB;
    }
  }
  return same;
}

/** Bit i is set where two rows of 64 labels agree. */
function alike(a: usize, b: usize): u64 {
  let word: u64 = 0;
  for (let part: usize = 0; part < 4; part++) {
    const at = part * 32;
    const low = i16x8.eq(v128.load(a + at), v128.load(b + at));
    const high = i16x8.eq(v128.load(a + at, 16), v128.load(b + at, 16));
    word |= (<u64>(<u32>i8x16.bitmask(i8x16.narrow_i16x8_s(low, high)))) << (part * 16);
  }
  return word;
}

function unite(parents: usize, a: u32, b: u32): void {
  const atA = parents + ((<usize>a) << 2);
  const atB = parents + ((<usize>b) << 2);
  let rootA = load<u32>(atA);
  let rootB = load<u32>(atB);
  if (rootA == rootB) return;
  for (let up = load<u32>(parents + ((<usize>rootA) << 2)); up != rootA; up = load<u32>(parents + ((<usize>up) << 2)))
    rootA = up;
  for (let up = load<u32>(parents + ((<usize>rootB) << 2)); up != rootB; up = load<u32>(parents + ((<usize>up) << 2)))
    rootB = up;
  const least = min(rootA, rootB);
  store<u32>(parents + ((<usize>max(rootA, rootB)) << 2), least);
  store<u32>(atA, least);
  store<u32>(atB, least);
}
