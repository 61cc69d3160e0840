/* Masks (bit-rows.ts) out of labels and fields. Sources are boxes of ci × cj × ck inside larger ones; strides are in bytes. */
import { rowWords } from "./bit-rows";

/** Bits of the voxels whose u16 label is `label`; of all others where `others` is not 0. */
export function bitsOfLabel(
  labels: usize,
  rowBytes: usize,
  planeBytes: usize,
  ci: i32,
  cj: i32,
  ck: i32,
  label: i32,
  others: i32,
  to: usize,
): void {
  const eight = i16x8.splat(<i16>label);
  const turned: u64 = others ? ~(<u64>0) : 0;
  let target = to;
  for (let k = 0; k < ck; k++) {
    for (let j = 0; j < cj; j++) {
      const row = labels + <usize>k * planeBytes + <usize>j * rowBytes;
      for (let i = 0; i < ci; i += 64, target += 8) {
        const count = min(64, ci - i);
        const from = row + ((<usize>i) << 1);
        let word: u64 = 0;
        let n = 0;
        for (; n + 16 <= count; n += 16) {
          const at = from + ((<usize>n) << 1);
          const low = i16x8.eq(v128.load(at), eight);
          const high = i16x8.eq(v128.load(at, 16), eight);
          word |= (<u64>i8x16.bitmask(i8x16.narrow_i16x8_s(low, high))) << n;
        }
        for (; n < count; n++) {
          if (load<u16>(from + ((<usize>n) << 1)) == <u16>label) word |= (<u64>1) << n;
        }
        store<u64>(target, (word ^ turned) & (~(<u64>0) >> (64 - count)));
      }
    }
  }
}

/** Bits of the voxels whose label is a member: `members` has a byte for each of the 65,536 labels. Returns whether any is. */
export function bitsOfMembers(
  labels: usize,
  rowBytes: usize,
  planeBytes: usize,
  ci: i32,
  cj: i32,
  ck: i32,
  members: usize,
  to: usize,
  toRowBytes: usize,
  toPlaneBytes: usize,
): bool {
  let any: u64 = 0;
  for (let k = 0; k < ck; k++) {
    for (let j = 0; j < cj; j++) {
      const row = labels + <usize>k * planeBytes + <usize>j * rowBytes;
      const target = to + <usize>k * toPlaneBytes + <usize>j * toRowBytes;
      for (let i = 0; i < ci; i += 64) {
        const word = wordOfMembers(row + ((<usize>i) << 1), min(64, ci - i), members);
        any |= word;
        store<u64>(target + ((<usize>(i >> 6)) << 3), word);
      }
    }
  }
  return any != 0;
}

function wordOfMembers(from: usize, count: i32, members: usize): u64 {
  let word: u64 = 0;
  let n = 0;
  while (n < count) {
    const label = load<u16>(from + ((<usize>n) << 1));
    let end = n + 1;
    const eight = i16x8.splat(<i16>label);
    while (end + 8 <= count && i16x8.all_true(i16x8.eq(v128.load(from + ((<usize>end) << 1)), eight))) end += 8;
    while (end < count && load<u16>(from + ((<usize>end) << 1)) == label) end++;
    if (load<u8>(members + label)) word |= (~(<u64>0) >> (64 - (end - n))) << n;
    n = end;
  }
  return word;
}

/** Bits of the values of a dense f32 field that are at most `limit`; of all others where `others` is not 0. */
export function bitsWithin(field: usize, ci: i32, cj: i32, ck: i32, limit: f32, others: i32, to: usize): void {
  const limits = f32x4.splat(limit);
  const turned: u64 = others ? ~(<u64>0) : 0;
  const words = rowWords(ci);
  let row = field;
  let target = to;
  for (let n = 0; n < cj * ck; n++, row += (<usize>ci) << 2) {
    for (let w = 0; w < words; w++, target += 8) {
      const count = min(64, ci - (w << 6));
      const from = row + ((<usize>w) << 8);
      let word: u64 = 0;
      let i = 0;
      for (; i + 4 <= count; i += 4) {
        word |= (<u64>i32x4.bitmask(f32x4.le(v128.load(from + ((<usize>i) << 2)), limits))) << i;
      }
      for (; i < count; i++) if (load<f32>(from + ((<usize>i) << 2)) <= limit) word |= (<u64>1) << i;
      store<u64>(target, (word ^ turned) & (~(<u64>0) >> (64 - count)));
    }
  }
}

/** Turns every bit of `rows` rows of ni voxels. */
export function invertBits(bits: usize, ni: i32, rows: i32): void {
  const words = rowWords(ni);
  const tail = ~(<u64>0) >> ((64 - (ni & 63)) & 63);
  let at = bits;
  for (let n = 0; n < rows; n++) {
    for (let w = 0; w < words; w++, at += 8) {
      store<u64>(at, ~load<u64>(at) & (w == words - 1 ? tail : ~(<u64>0)));
    }
  }
}

/** Bounding box of the set bits of a mask of ni × nj × nk, six i32 at `to`: lower ends inside, upper outside; false for none. */
export function boxOfBits(bits: usize, ni: i32, nj: i32, nk: i32, to: usize): bool {
  const words = rowWords(ni);
  let i0 = ni;
  let j0 = nj;
  let k0 = nk;
  let i1 = 0;
  let j1 = 0;
  let k1 = 0;
  let at = bits;
  for (let k = 0; k < nk; k++) {
    for (let j = 0; j < nj; j++) {
      for (let w = 0; w < words; w++, at += 8) {
        const word = load<u64>(at);
        if (word == 0) continue;
        i0 = min(i0, (w << 6) + <i32>ctz<u64>(word));
        i1 = max(i1, (w << 6) + 64 - <i32>clz<u64>(word));
        j0 = min(j0, j);
        j1 = max(j1, j + 1);
        k0 = min(k0, k);
        k1 = k + 1;
      }
    }
  }
  store<i32>(to, i0);
  store<i32>(to, j0, 4);
  store<i32>(to, k0, 8);
  store<i32>(to, i1, 12);
  store<i32>(to, j1, 16);
  store<i32>(to, k1, 20);
  return i1 > 0;
}
