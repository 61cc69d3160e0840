/*
 * The further axes of a smoothing, on windows of 32 columns of u16, 64 bytes a row. Whole numbers throughout, so that no order of
 * sums changes a result.
 */

export const WINDOW_LANES: i32 = 32;
export const WINDOW_ROW: usize = 64;

/** Bits of a kernel's sum, and of a full value. */
export const FULL_BITS: i32 = 14;

/** Copies `count` rows of `lanes` columns into a window, and a row of zeros after. */
export function readWindow(from: usize, stride: usize, count: i32, lanes: i32, window: usize): void {
  const end = window + <usize>count * WINDOW_ROW;
  copyRows(from, stride, window, WINDOW_ROW, count, lanes);
  memory.fill(end, 0, WINDOW_ROW);
}

export function writeWindow(window: usize, count: i32, lanes: i32, to: usize, stride: usize): void {
  copyRows(window, WINDOW_ROW, to, stride, count, lanes);
}

function copyRows(from: usize, fromStride: usize, to: usize, toStride: usize, count: i32, lanes: i32): void {
  let source = from;
  let target = to;
  const end = from + <usize>count * fromStride;
  if (lanes == WINDOW_LANES) {
    for (; source < end; source += fromStride, target += toStride) copyRow(source, target);
    return;
  }
  const bytes = (<usize>lanes) << 1;
  const whole = bytes & ~15;
  for (; source < end; source += fromStride, target += toStride) {
    let n: usize = 0;
    for (; n < whole; n += 16) v128.store(target + n, v128.load(source + n));
    for (; n < bytes; n += 2) store<u16>(target + n, load<u16>(source + n));
  }
}

function copyRow(source: usize, target: usize): void {
  v128.store(target, v128.load(source));
  v128.store(target, v128.load(source, 16), 16);
  v128.store(target, v128.load(source, 32), 32);
  v128.store(target, v128.load(source, 48), 48);
}

/** Rows v0 to v0 + count − 1 of `lanes` columns (a multiple of 8 is worked on) as sums of the rows at most `radius` away, of `rows` at `window`; to `to`. */
export function sumColumns(window: usize, lanes: i32, rows: i32, v0: i32, count: i32, radius: i32, to: usize): void {
  for (let half: usize = 0; half < (<usize>lanes) << 1; half += 32) {
    let low = i64x2.splat(0);
    let high = low;
    for (let w = max(0, v0 - radius); w < min(rows, v0 + radius); w++) {
      const row = window + <usize>w * WINDOW_ROW + half;
      low = i16x8.add(low, v128.load(row));
      high = i16x8.add(high, v128.load(row, 16));
    }
    let target = to + half;
    for (let v = v0; v < v0 + count; v++, target += WINDOW_ROW) {
      const comes = v + radius;
      if (comes >= 0 && comes < rows) {
        const row = window + <usize>comes * WINDOW_ROW + half;
        low = i16x8.add(low, v128.load(row));
        high = i16x8.add(high, v128.load(row, 16));
      }
      const goes = v - radius - 1;
      if (goes >= 0 && goes < rows && v > v0) {
        const row = window + <usize>goes * WINDOW_ROW + half;
        low = i16x8.sub(low, v128.load(row));
        high = i16x8.sub(high, v128.load(row, 16));
      }
      v128.store(target, low);
      v128.store(target, high, 16);
    }
  }
}

/**
 * Rows v0 to v0 + count − 1 of `lanes` columns under a kernel whose weights add up to 2¹⁴, each sum divided by that and rounded up, so
 * that no trace of a mask is lost. `weights` is the weight at −radius, with zeros around. Values are at most 2¹⁴.
 */
export function weighColumns(
  window: usize,
  lanes: i32,
  rows: i32,
  v0: i32,
  count: i32,
  radius: i32,
  weights: usize,
  to: usize,
): void {
  for (let part: usize = 0; part < (<usize>lanes) << 1; part += 16) {
    // Rows before the first and after the last that is not 0 add nothing.
    let first = 0;
    let last = rows - 1;
    while (first < rows && !v128.any_true(v128.load(window + <usize>first * WINDOW_ROW + part))) first++;
    while (last > first && !v128.any_true(v128.load(window + <usize>last * WINDOW_ROW + part))) last--;
    for (let x = 0; x < count; x += 4) {
      const v = v0 + x;
      fourRows(
        window + part,
        max(first, v - radius),
        min(last, v + 3 + radius),
        weights + ((<usize>(radius - v)) << 1),
        min(4, count - x),
        to + <usize>x * WINDOW_ROW + part,
      );
    }
  }
}

/** Up to four rows of eight columns from the rows `low` to `high`; the first row's weight for row w is weights[w]. */
function fourRows(window: usize, low: i32, high: i32, weights: usize, count: i32, to: usize): void {
  const up = i32x4.splat((1 << FULL_BITS) - 1);
  let low0 = up;
  let high0 = up;
  let low1 = up;
  let high1 = up;
  let low2 = up;
  let high2 = up;
  let low3 = up;
  let high3 = up;
  let from = window + <usize>low * WINDOW_ROW;
  let weight = weights + ((<usize>low) << 1);
  for (let w = low; w <= high; w += 2, from += 2 * WINDOW_ROW, weight += 4) {
    const a = v128.load(from);
    const b = v128.load(from, 64);
    const pairs = v128.shuffle<i16>(a, b, 0, 8, 1, 9, 2, 10, 3, 11);
    const more = v128.shuffle<i16>(a, b, 4, 12, 5, 13, 6, 14, 7, 15);
    const weight0 = v128.load32_splat(weight);
    low0 = i32x4.add(low0, i32x4.dot_i16x8_s(pairs, weight0));
    high0 = i32x4.add(high0, i32x4.dot_i16x8_s(more, weight0));
    const weight1 = v128.load32_splat(weight - 2);
    low1 = i32x4.add(low1, i32x4.dot_i16x8_s(pairs, weight1));
    high1 = i32x4.add(high1, i32x4.dot_i16x8_s(more, weight1));
    const weight2 = v128.load32_splat(weight - 4);
    low2 = i32x4.add(low2, i32x4.dot_i16x8_s(pairs, weight2));
    high2 = i32x4.add(high2, i32x4.dot_i16x8_s(more, weight2));
    const weight3 = v128.load32_splat(weight - 6);
    low3 = i32x4.add(low3, i32x4.dot_i16x8_s(pairs, weight3));
    high3 = i32x4.add(high3, i32x4.dot_i16x8_s(more, weight3));
  }
  v128.store(to, divided(low0, high0));
  if (count > 1) v128.store(to, divided(low1, high1), 64);
  if (count > 2) v128.store(to, divided(low2, high2), 128);
  if (count > 3) v128.store(to, divided(low3, high3), 192);
}

function divided(low: v128, high: v128): v128 {
  return i16x8.narrow_i32x4_s(i32x4.shr_s(low, FULL_BITS), i32x4.shr_s(high, FULL_BITS));
}
