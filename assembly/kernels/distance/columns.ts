/*
 * The further axes of a distance transform, eight columns at a time. Of squared distances f over the rows w of a column, row v gets
 * min over w of f(w) + |v − w|². The w that gives the minimum never falls as v rises (parabolas of one width cross once), so rows
 * are worked out in the order of a binary search, each between the rows that its neighbours found: n log n looks at most, all
 * of them along the columns' vectors.
 *
 * A window has 64 bytes a row: 16 columns, two lots of eight.
 */

export const WINDOW_LANES: i32 = 16;
export const WINDOW_ROW: usize = 64;

/** Farther than any squared distance. */
export const FAR: f32 = 1e30;

/** Rows of candidates from which on it pays to narrow them by what is known already. */
const MANY = 24;

/** Reach up to which it is faster to look at every row within it. */
const NEAR = 10;

/** Copies rows `first` to `last` of `lanes` columns into a window; lanes past them, up to eight or sixteen, repeat the first. */
export function readWindow(from: usize, stride: usize, first: i32, last: i32, lanes: i32, window: usize): void {
  let source = from + <usize>first * stride;
  let target = window + <usize>first * WINDOW_ROW;
  const end = window + <usize>last * WINDOW_ROW;
  if (lanes == WINDOW_LANES) {
    for (; target <= end; target += WINDOW_ROW, source += stride) copyRow(source, target);
    return;
  }
  const whole = ((<usize>lanes) << 2) & ~15;
  const bytes = (<usize>lanes) << 2;
  for (; target <= end; target += WINDOW_ROW, source += stride) {
    let n: usize = 0;
    for (; n < whole; n += 16) v128.store(target + n, v128.load(source + n));
    for (; n < bytes; n += 4) store<f32>(target + n, load<f32>(source + n));
    const first = load<f32>(source);
    for (; n & 31; n += 4) store<f32>(target + n, first);
  }
}

/** Copies the first `count` rows of a window out, as square roots times `scale` where that is not 0. */
export function writeWindow(window: usize, count: i32, lanes: i32, scale: f32, to: usize, stride: usize): void {
  const end = window + <usize>count * WINDOW_ROW;
  if (scale != 0) {
    const scales = f32x4.splat(scale);
    for (let at = window; at < end; at += 16) v128.store(at, f32x4.mul(f32x4.sqrt(v128.load(at)), scales));
  }
  let target = to;
  if (lanes == WINDOW_LANES) {
    for (let source = window; source < end; source += WINDOW_ROW, target += stride) copyRow(source, target);
    return;
  }
  const whole = ((<usize>lanes) << 2) & ~15;
  const bytes = (<usize>lanes) << 2;
  for (let source = window; source < end; source += WINDOW_ROW, target += stride) {
    let n: usize = 0;
    for (; n < whole; n += 16) v128.store(target + n, v128.load(source + n));
    for (; n < bytes; n += 4) store<f32>(target + n, load<f32>(source + n));
  }
}

function copyRow(source: usize, target: usize): void {
  v128.store(target, v128.load(source));
  v128.store(target, v128.load(source, 16), 16);
  v128.store(target, v128.load(source, 32), 32);
  v128.store(target, v128.load(source, 48), 48);
}

/** Whether a row of eight columns has a value of at most `limit`. */
export function isNear(row: usize, limit: f32): bool {
  return v128.any_true(f32x4.le(f32x4.pmin(v128.load(row), v128.load(row, 16)), f32x4.splat(limit)));
}

export function fillFar(to: usize, count: i32): void {
  const end = to + ((<usize>count) << 2);
  let at = to;
  for (; at + 16 <= end; at += 16) v128.store(at, f32x4.splat(FAR));
  for (; at < end; at += 4) store<f32>(at, FAR);
}

/**
 * Rows v0 to v0 + count − 1 of eight columns, to f32 at `to`, from the rows `first` to `last` at `sites` (row 0; none when
 * the first comes after the last), which are told for all columns or FAR for all. `squares` is the middle of the axis's table, `perStep` one over its step. Rows farther than
 * `reach` cannot be as near as anybody asks. `bounds` has 8 bytes for each row of the result.
 */
export function nearestInColumns(
  sites: usize,
  first: i32,
  last: i32,
  v0: i32,
  count: i32,
  squares: usize,
  perStep: f32,
  reach: i32,
  to: usize,
  bounds: usize,
): void {
  // Rows that no site reaches.
  const start = first > last ? count : min(max(first - reach - v0, 0), count);
  const end = max(start, min(last + reach + 1 - v0, count));
  farRows(to, 0, start);
  farRows(to, end, count);
  if (start == end) return;
  const target = to + <usize>start * WINDOW_ROW;
  if (reach <= NEAR) withinReach(sites, first, last, v0 + start, end - start, squares, reach, target);
  else bySearch(sites, first, last, v0 + start, end - start, squares, perStep, target, bounds);
}

function farRows(to: usize, start: i32, end: i32): void {
  for (let x = start; x < end; x++) {
    const at = to + <usize>x * WINDOW_ROW;
    v128.store(at, f32x4.splat(FAR));
    v128.store(at, f32x4.splat(FAR), 16);
  }
}

function withinReach(
  sites: usize,
  first: i32,
  last: i32,
  v0: i32,
  count: i32,
  squares: usize,
  reach: i32,
  to: usize,
): void {
  let target = to;
  for (let v = v0; v < v0 + count; v++, target += WINDOW_ROW) {
    const low = max(first, v - reach);
    let from = sites + <usize>low * WINDOW_ROW;
    const end = sites + <usize>min(last, v + reach) * WINDOW_ROW;
    let square = squares + ((<usize>(low - v)) << 2);
    let best0 = f32x4.splat(FAR);
    let best1 = best0;
    for (; from <= end; from += WINDOW_ROW, square += 4) {
      const away = v128.load32_splat(square);
      best0 = f32x4.pmin(best0, f32x4.add(v128.load(from), away));
      best1 = f32x4.pmin(best1, f32x4.add(v128.load(from, 16), away));
    }
    v128.store(target, best0);
    v128.store(target, best1, 16);
  }
}

function bySearch(
  sites: usize,
  first: i32,
  last: i32,
  v0: i32,
  count: i32,
  squares: usize,
  perStep: f32,
  to: usize,
  bounds: usize,
): void {
  let step = 1;
  while (step * 2 <= count) step *= 2;
  for (; step > 0; step >>= 1) {
    for (let x = step - 1; x < count; x += step * 2) {
      const v = v0 + x;
      const bound = bounds + ((<usize>x) << 3);
      const below = x >= step ? load<i32>(bound - ((<usize>step) << 3)) : first;
      const above = x + step < count ? load<i32>(bound + ((<usize>step) << 3), 4) : last;
      // Roundings may let neighbours cross where two rows are equally near.
      let low = min(below, above);
      let high = max(below, above);
      const target = to + <usize>x * WINDOW_ROW;
      const near = min(max(v, low), high);
      let from = sites + <usize>near * WINDOW_ROW;
      let away = v128.load32_splat(squares + ((<usize>(near - v)) << 2));
      let best0 = f32x4.add(v128.load(from), away);
      let best1 = f32x4.add(v128.load(from, 16), away);
      if (near == v && !v128.any_true(v128.or(best0, best1))) {
        v128.store(target, best0);
        v128.store(target, best1, 16);
        store<i32>(bound, v);
        store<i32>(bound, v, 4);
        continue;
      }
      if (high - low > MANY) {
        const within = <i32>min(sqrt<f32>(largest(f32x4.pmax(best0, best1))) * perStep, <f32>1e9) + 1;
        low = max(low, v - within);
        high = min(high, v + within);
      }
      from = sites + <usize>low * WINDOW_ROW;
      const end = sites + <usize>high * WINDOW_ROW;
      let square = squares + ((<usize>(low - v)) << 2);
      if (step == 1) {
        for (; from <= end; from += WINDOW_ROW, square += 4) {
          away = v128.load32_splat(square);
          best0 = f32x4.pmin(best0, f32x4.add(v128.load(from), away));
          best1 = f32x4.pmin(best1, f32x4.add(v128.load(from, 16), away));
        }
        v128.store(target, best0);
        v128.store(target, best1, 16);
        continue;
      }
      let at0 = i32x4.splat(near);
      let at1 = at0;
      let site = i32x4.splat(low);
      for (; from <= end; from += WINDOW_ROW, square += 4) {
        away = v128.load32_splat(square);
        const a = f32x4.add(v128.load(from), away);
        const b = f32x4.add(v128.load(from, 16), away);
        at0 = v128.bitselect(site, at0, f32x4.lt(a, best0));
        at1 = v128.bitselect(site, at1, f32x4.lt(b, best1));
        best0 = f32x4.pmin(best0, a);
        best1 = f32x4.pmin(best1, b);
        site = i32x4.add(site, i32x4.splat(1));
      }
      v128.store(target, best0);
      v128.store(target, best1, 16);
      let least = i32x4.min_s(at0, at1);
      let most = i32x4.max_s(at0, at1);
      least = i32x4.min_s(least, v128.shuffle<i32>(least, least, 2, 3, 0, 1));
      most = i32x4.max_s(most, v128.shuffle<i32>(most, most, 2, 3, 0, 1));
      store<i32>(bound, min(i32x4.extract_lane(least, 0), i32x4.extract_lane(least, 1)));
      store<i32>(bound, max(i32x4.extract_lane(most, 0), i32x4.extract_lane(most, 1)), 4);
    }
  }
}

function largest(values: v128): f32 {
  const two = f32x4.pmax(values, v128.shuffle<f32>(values, values, 2, 3, 0, 1));
  return max(f32x4.extract_lane(two, 0), f32x4.extract_lane(two, 1));
}
