/* What a slice's contest gave, into bricks. */

/**
 * Writes the labels of a tile (countU × countV pixels of a plane nu wide, first pixel at `labels`) into a brick of 64³ u16: the
 * first pixel goes to voxel `first`, the next along u and v are `strideU` and `strideV` voxels on. Where `existing` (a plane of u16
 * like `labels`, 0 for none) holds a label, nothing is written. Returns how many voxels got a label.
 */
export function fillWrite(
  labels: usize,
  existing: usize,
  nu: i32,
  countU: i32,
  countV: i32,
  brick: usize,
  first: i32,
  strideU: i32,
  strideV: i32,
): i32 {
  let written = 0;
  for (let v = 0; v < countV; v++) {
    const row = (<usize>(v * nu)) << 1;
    const to = brick + ((<usize>(first + v * strideV)) << 1);
    let u = 0;
    for (; u + 8 <= countU; u += 8) {
      const at = row + ((<usize>u) << 1);
      let values = v128.load(labels + at);
      if (!v128.any_true(values)) continue;
      if (existing) values = v128.and(values, i16x8.eq(v128.load(existing + at), i16x8.splat(0)));
      const set = i16x8.bitmask(i16x8.ne(values, i16x8.splat(0)));
      if (!set) continue;
      written += popcnt<i32>(set);
      if (strideU == 1) v128.store(to + ((<usize>u) << 1), values);
      else scatter(labels, existing, at, to, u, 8, strideU);
    }
    if (u < countU) {
      written += scatter(labels, existing, row + ((<usize>u) << 1), to, u, countU - u, strideU);
    }
  }
  return written;
}

function scatter(labels: usize, existing: usize, at: usize, to: usize, u: i32, count: i32, stride: i32): i32 {
  let written = 0;
  for (let n = 0; n < count; n++) {
    const label = load<u16>(labels + at + ((<usize>n) << 1));
    if (label == 0 || (existing && load<u16>(existing + at + ((<usize>n) << 1)) != 0)) continue;
    store<u16>(to + ((<usize>((u + n) * stride)) << 1), label);
    written++;
  }
  return written;
}
