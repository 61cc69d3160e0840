import { rowsOfBrick } from "./rows";
import { thresholdRows } from "./threshold";

/*
 * Bits of bricks with their neighbourhood. A table of 27 pointers to 64³ bits, ((dk + 1) · 3 + dj + 1) · 3 + di + 1, gives a brick and
 * those around it; what lies outside the volume repeats its border. Extended rows hold three words each: the row before, the row,
 * the row after it along i; rows of the extended brick go from −rj to 63 + rj and −rk to 63 + rk.
 */

/** Longest radius: a neighbourhood must not reach past the neighbouring brick. */
const LONGEST: i32 = 31;

/** Bytes of scratch for the widest neighbourhood. */
export function neighbourhoodScratch(): usize {
  const edge: usize = 64 + 2 * <usize>LONGEST;
  return edge * edge * 8 * 2;
}

/** Range test of all 64³ voxels of a brick to bits. */
export function candidateBits(type: i32, low: f64, high: f64, voxels: usize, to: usize): void {
  thresholdRows(type, low, high, voxels, to, 4096);
}

/** Erodes (`erode` 1) or dilates (0) a brick by a box of ±ri, ±rj, ±rk voxels. `ni`, `nj`, `nk` are what of it lies in the volume. */
export function boxFilterBits(
  table: usize,
  ri: i32,
  rj: i32,
  rk: i32,
  ni: i32,
  nj: i32,
  nk: i32,
  erode: i32,
  scratch: usize,
  to: usize,
): void {
  const rowsJ = 64 + 2 * rj;
  const rowsK = 64 + 2 * rk;
  const flip: u64 = erode ? ~(<u64>0) : 0;
  // Eroding is dilating what is not there.
  for (let k = 0; k < rowsK; k++) {
    for (let j = 0; j < rowsJ; j++) {
      const at = scratch + ((<usize>(k * rowsJ + j)) << 3);
      store<u64>(at, widened(table, j - rj, k - rk, ri, ni, nj, nk, flip));
    }
  }
  const half = scratch + ((<usize>(rowsJ * rowsK)) << 3);
  for (let k = 0; k < rowsK; k++) {
    for (let j = 0; j < 64; j++) {
      const from = scratch + ((<usize>(k * rowsJ + j)) << 3);
      store<u64>(half + ((<usize>(k * 64 + j)) << 3), joined(from, 2 * rj + 1, 8));
    }
  }
  for (let k = 0; k < 64; k++) {
    for (let j = 0; j < 64; j++) {
      const from = half + ((<usize>(k * 64 + j)) << 3);
      store<u64>(to + ((<usize>(k * 64 + j)) << 3), joined(from, 2 * rk + 1, 512) ^ flip);
    }
  }
}

/** Words at steps of `step` bytes, or-ed. */
function joined(from: usize, count: i32, step: usize): u64 {
  let word: u64 = 0;
  for (let n = 0; n < count; n++, from += step) word |= load<u64>(from);
  return word;
}

/** One row or-ed with itself moved by up to `ri` voxels either way. */
function widened(table: usize, j: i32, k: i32, ri: i32, ni: i32, nj: i32, nk: i32, flip: u64): u64 {
  const row = rowsOfBrick(table, 0, j, k, ni, nj, nk) ^ flip;
  if (ri == 0) return row;
  const before = rowsOfBrick(table, -1, j, k, ni, nj, nk) ^ flip;
  const after = rowsOfBrick(table, 1, j, k, ni, nj, nk) ^ flip;
  let word = row;
  for (let n: u64 = 1; n <= <u64>ri; n++) {
    word |= (row << n) | (before >> (64 - n)) | (row >> n) | (after << (64 - n));
  }
  return word;
}

/** Clears bits of `a` that `b` lacks. */
export function andBits(a: usize, b: usize): void {
  for (let n: usize = 0; n < 32768; n += 16) v128.store(a + n, v128.and(v128.load(a + n), v128.load(b + n)));
}

/** Repeats the border of a brick's bits of which ni × nj × nk lie in the volume over the rest of the brick. */
export function repeatBorderBits(bits: usize, ni: i32, nj: i32, nk: i32): void {
  for (let k = 0; k < nk; k++) {
    const plane = bits + <usize>k * 512;
    for (let j = 0; j < nj && ni < 64; j++) {
      const at = plane + <usize>j * 8;
      const word = load<u64>(at) & (~(<u64>0) >> <u64>(64 - ni));
      store<u64>(at, (word >> <u64>(ni - 1)) & 1 ? word | (~(<u64>0) << (<u64>ni)) : word);
    }
    for (let j = nj; j < 64; j++) store<u64>(plane + <usize>j * 8, load<u64>(plane + <usize>(nj - 1) * 8));
  }
  for (let k = nk; k < 64; k++) memory.copy(bits + <usize>k * 512, bits + <usize>(nk - 1) * 512, 512);
}

/** Clears bits of a brick outside the voxels from (i0, j0, k0) to (i1, j1, k1) outside; returns how many bits are left. */
export function clipBits(bits: usize, i0: i32, j0: i32, k0: i32, i1: i32, j1: i32, k1: i32): i32 {
  const setI = bitsFrom(i0, i1);
  const setJ = bitsFrom(j0, j1);
  const setK = bitsFrom(k0, k1);
  let count: u64 = 0;
  for (let n: u64 = 0; n < 4096; n++) {
    const at = bits + ((<usize>n) << 3);
    const word = (setJ >> (n & 63)) & (setK >> (n >> 6)) & 1 ? load<u64>(at) & setI : 0;
    store<u64>(at, word);
    count += popcnt<u64>(word);
  }
  return <i32>count;
}

/** A word with the bits from `from` to `end` outside, both cut to 0…64. */
function bitsFrom(from: i32, end: i32): u64 {
  const first = max(from, 0);
  const last = min(end, 64);
  return last <= first ? 0 : (~(<u64>0) << (<u64>first)) & (~(<u64>0) >> <u64>(64 - last));
}
