/* 64³ u16 labels of a brick, i fastest. */

/** Makes background of labels that are not wanted: `wanted` has one byte a label, 0 for those. */
export function labelsSelect(labels: usize, wanted: usize): void {
  let last: u16 = 0;
  let kept = true;
  for (let at = labels, end = labels + 524288; at < end; at += 2) {
    const label = load<u16>(at);
    if (label == 0) continue;
    if (label != last) {
      last = label;
      kept = load<u8>(wanted + <usize>label) != 0;
    }
    if (!kept) store<u16>(at, 0);
  }
}

/** Exchanges an axis (0 = i, 1 = j) with k; its own inverse. */
export function labelsSwapWithK(labels: usize, axis: i32): void {
  const stride: usize = axis == 0 ? 1 : 64;
  const other: usize = axis == 0 ? 64 : 1;
  for (let line: usize = 0; line < 64; line++) {
    for (let k: usize = 0; k < 64; k++) {
      for (let n = k + 1; n < 64; n++) {
        const a = labels + ((k * 4096 + line * other + n * stride) << 1);
        const b = labels + ((n * 4096 + line * other + k * stride) << 1);
        const label = load<u16>(a);
        store<u16>(a, load<u16>(b));
        store<u16>(b, label);
      }
    }
  }
}

/** Labels that are not 0. */
export function labelsCount(labels: usize): i32 {
  let count: i32 = 0;
  for (let at = labels, end = labels + 524288; at < end; at += 32) {
    const zero = i16x8.splat(0);
    const filled = i8x16.narrow_i16x8_s(i16x8.ne(v128.load(at), zero), i16x8.ne(v128.load(at, 16), zero));
    count += popcnt<i32>(i8x16.bitmask(filled));
  }
  return count;
}
