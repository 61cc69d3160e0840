/* Masks (bit-rows.ts) out of labels and fields. Sources are boxes of ci × cj × ck inside larger ones; strides are in bytes. */
import { rowWords } from "./bit-rows";
import { mirrored } from "./mirror";

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
  const turned: u64 = others ? ~(<u64>0) : 0;
  let target = to;
  for (let k = 0; k < ck; k++) {
    for (let j = 0; j < cj; j++) {
      const row = labels + <usize>k * planeBytes + <usize>j * rowBytes;
      for (let i = 0; i < ci; i += 64, target += 8) {
        const count = min(64, ci - i);
        const word = wordOfLabel(row + ((<usize>i) << 1), count, label);
        store<u64>(target, (word ^ turned) & (~(<u64>0) >> (64 - count)));
      }
    }
  }
}

/**
 * Bits of a box of ci × cj × ck voxels from (i0, j0, k0) on, in and around a volume of di × dj × dk that goes on mirrored beyond its
 * border (mirror.ts): of the voxels whose label is `label`, or where that is 0 one of the `members` (a byte a label). `labels`
 * is where voxel (0, 0, 0) of the volume would lie; all that the box mirrors lies there.
 */
export function bitsMirrored(
  labels: usize,
  rowBytes: usize,
  planeBytes: usize,
  di: i32,
  dj: i32,
  dk: i32,
  i0: i32,
  j0: i32,
  k0: i32,
  ci: i32,
  cj: i32,
  ck: i32,
  label: i32,
  members: usize,
  to: usize,
): void {
  const words = rowWords(ci);
  const first = max(0, -i0);
  const end = min(ci, di - i0);
  let target = to;
  for (let k = 0; k < ck; k++) {
    for (let j = 0; j < cj; j++, target += (<usize>words) << 3) {
      const row = labels + <usize>mirrored(k0 + k, dk) * planeBytes + <usize>mirrored(j0 + j, dj) * rowBytes;
      for (let w = 0; w < words; w++) {
        const start = w << 6;
        let word: u64 = 0;
        // What lies in the volume, at once; what is mirrored along i, voxel by voxel.
        const low = max(start, first);
        const high = min(start + 64, end);
        if (low < high) {
          const from = row + ((<usize>(i0 + low)) << 1);
          const inside = label ? wordOfLabel(from, high - low, label) : wordOfMembers(from, high - low, members);
          word = inside << (low - start);
        }
        for (let i = start; i < min(start + 64, ci); i++) {
          if (i >= first && i < end) {
            i = min(high, start + 64) - 1;
            continue;
          }
          const own = load<u16>(row + ((<usize>mirrored(i0 + i, di)) << 1));
          if (label ? own == <u16>label : load<u8>(members + own) != 0) word |= (<u64>1) << (i - start);
        }
        store<u64>(target + ((<usize>w) << 3), word);
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

function wordOfLabel(from: usize, count: i32, label: i32): u64 {
  const eight = i16x8.splat(<i16>label);
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
  return word;
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
