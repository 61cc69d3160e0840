/*
 * Range test of rows of 64 voxels to words, both ends of the range inside, NaN never. Rows follow one another in memory. For whole
 * numbers a value is moved so that the range begins at the type's smallest value; one comparison then tells both ends.
 */

/** Codes of voxel types, as src/workers/kernel-core.ts numbers them. */
const UINT8: i32 = 0;
const INT8: i32 = 1;
const UINT16: i32 = 2;
const INT16: i32 = 3;
const UINT32: i32 = 4;
const INT32: i32 = 5;

/** Bytes of one voxel. */
export function voxelBytes(type: i32): usize {
  return type <= INT8 ? 1 : type <= INT16 ? 2 : 4;
}

/** Tests `rows` rows at `from`; words go to `to`. `low` and `high` are values of the type. */
export function thresholdRows(type: i32, low: f64, high: f64, from: usize, to: usize, rows: i32): void {
  const end = to + ((<usize>rows) << 3);
  if (type <= INT8) {
    const least = <i32>low;
    const away = i8x16.splat(<i8>(-128 - least));
    rows8(from, to, end, away, i8x16.splat(<i8>(<i32>high - least - 128)));
  } else if (type <= INT16) {
    const least = <i32>low;
    const away = i16x8.splat(<i16>(-32768 - least));
    rows16(from, to, end, away, i16x8.splat(<i16>(<i32>high - least - 32768)));
  } else if (type <= INT32) {
    const least = <i64>low;
    const away = i32x4.splat(<i32>(-2147483648 - least));
    rows32(from, to, end, away, i32x4.splat(<i32>(<i64>high - least - 2147483648)));
  } else rowsFloat(from, to, end, f32x4.splat(<f32>low), f32x4.splat(<f32>high));
}

/** 16 lanes of 0 or −1 to 16 bits. */
function bits(lanes: v128): u64 {
  return <u64>(<u32>i8x16.bitmask(lanes));
}

function rows8(at: usize, word: usize, end: usize, away: v128, most: v128): void {
  for (let from = at, to = word; to < end; from += 64, to += 8) {
    const a = bits(i8x16.gt_s(i8x16.add(v128.load(from), away), most));
    const b = bits(i8x16.gt_s(i8x16.add(v128.load(from, 16), away), most));
    const c = bits(i8x16.gt_s(i8x16.add(v128.load(from, 32), away), most));
    const d = bits(i8x16.gt_s(i8x16.add(v128.load(from, 48), away), most));
    store<u64>(to, ~(a | (b << 16) | (c << 32) | (d << 48)));
  }
}

/** Which of 16 voxels at `at` lie outside the range. */
function above16(at: usize, away: v128, most: v128): u64 {
  const a = i16x8.gt_s(i16x8.add(v128.load(at), away), most);
  const b = i16x8.gt_s(i16x8.add(v128.load(at, 16), away), most);
  return bits(i8x16.narrow_i16x8_s(a, b));
}

function rows16(at: usize, word: usize, end: usize, away: v128, most: v128): void {
  for (let from = at, to = word; to < end; from += 128, to += 8) {
    const low = above16(from, away, most) | (above16(from + 32, away, most) << 16);
    const high = above16(from + 64, away, most) | (above16(from + 96, away, most) << 16);
    store<u64>(to, ~(low | (high << 32)));
  }
}

/** Four vectors of four lanes to 16 bits. */
function bits32(a: v128, b: v128, c: v128, d: v128): u64 {
  return bits(i8x16.narrow_i16x8_s(i16x8.narrow_i32x4_s(a, b), i16x8.narrow_i32x4_s(c, d)));
}

function above32(at: usize, away: v128, most: v128): v128 {
  return i32x4.gt_s(i32x4.add(v128.load(at), away), most);
}

function rows32(at: usize, word: usize, end: usize, away: v128, most: v128): void {
  for (let from = at, to = word; to < end; to += 8) {
    let out: u64 = 0;
    for (let part: u64 = 0; part < 64; part += 16, from += 64) {
      const a = above32(from, away, most);
      const b = above32(from + 16, away, most);
      const c = above32(from + 32, away, most);
      out |= bits32(a, b, c, above32(from + 48, away, most)) << part;
    }
    store<u64>(to, ~out);
  }
}

function inFloat32(at: usize, low: v128, high: v128): v128 {
  const v = v128.load(at);
  return v128.and(f32x4.ge(v, low), f32x4.le(v, high));
}

function rowsFloat(at: usize, word: usize, end: usize, low: v128, high: v128): void {
  for (let from = at, to = word; to < end; to += 8) {
    let inside: u64 = 0;
    for (let part: u64 = 0; part < 64; part += 16, from += 64) {
      const a = inFloat32(from, low, high);
      const b = inFloat32(from + 16, low, high);
      const c = inFloat32(from + 32, low, high);
      inside |= bits32(a, b, c, inFloat32(from + 48, low, high)) << part;
    }
    store<u64>(to, inside);
  }
}
