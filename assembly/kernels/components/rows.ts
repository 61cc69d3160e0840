import { BLOCK_FIRST, BLOCK_SET, BLOCK_STARTS } from "../../memory/components";

/* The runs of a brick: which voxels are set and with which a run begins, 64 voxels to a word. */

/** Bits 0 to count − 1. */
export function lowBits(count: i32): u64 {
  return count >= 64 ? ~(<u64>0) : ((<u64>1) << (<u64>count)) - 1;
}

/** Finds the runs of 64³ u16 labels (0 is none) within ni × nj × nk; returns their number. Two bytes before `labels` are read. */
export function componentsRowsOfLabels(block: usize, labels: usize, ni: i32, nj: i32, nk: i32): i32 {
  const inside = lowBits(ni);
  let runs = 0;
  for (let row = 0; row < 4096; row++) {
    store<u32>(block + ((<usize>row) << 2), runs, BLOCK_FIRST);
    let set: u64 = 0;
    let starts: u64 = 0;
    if ((row & 63) < nj && row >> 6 < nk) {
      const at = labels + ((<usize>row) << 7);
      for (let part: usize = 0; part < 4; part++) {
        const from = at + part * 32;
        const a = v128.load(from);
        const b = v128.load(from, 16);
        const zero = i16x8.splat(0);
        const filled = i8x16.narrow_i16x8_s(i16x8.ne(a, zero), i16x8.ne(b, zero));
        const other = i8x16.narrow_i16x8_s(i16x8.ne(a, v128.load(from - 2)), i16x8.ne(b, v128.load(from - 2, 16)));
        set |= (<u64>(<u32>i8x16.bitmask(filled))) << (part * 16);
        starts |= (<u64>(<u32>i8x16.bitmask(other))) << (part * 16);
      }
      set &= inside;
      starts = (starts | 1) & set;
    }
    const to = block + ((<usize>row) << 3);
    store<u64>(to, set, BLOCK_SET);
    store<u64>(to, starts, BLOCK_STARTS);
    runs += <i32>popcnt<u64>(starts);
  }
  store<u32>(block, runs, BLOCK_FIRST + 16384);
  return runs;
}

/** Finds the runs of the voxels that stand in `set` already, those past ni × nj × nk left out; returns their number. */
export function componentsRowsOfMask(block: usize, ni: i32, nj: i32, nk: i32): i32 {
  const inside = lowBits(ni);
  let runs = 0;
  for (let row = 0; row < 4096; row++) {
    store<u32>(block + ((<usize>row) << 2), runs, BLOCK_FIRST);
    const at = block + ((<usize>row) << 3);
    const set = (row & 63) < nj && row >> 6 < nk ? load<u64>(at, BLOCK_SET) & inside : 0;
    const starts = set & ~(set << 1);
    store<u64>(at, set, BLOCK_SET);
    store<u64>(at, starts, BLOCK_STARTS);
    runs += <i32>popcnt<u64>(starts);
  }
  store<u32>(block, runs, BLOCK_FIRST + 16384);
  return runs;
}
