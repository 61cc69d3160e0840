/*
 * Exact signed Euclidean distances of a shape in its box, as whole steps of 1/64 of the smaller pixel edge, so that sums of them do
 * not depend on the order of additions. Along rows first, then along columns; a pixel asks for the nearest of the other side only,
 * so that one pass does for inside and outside.
 */

/** Farther along a row than any box is wide; its square still leaves room for another. */
const FAR: i32 = 20000;
const STEPS: f32 = 64;
const LIMIT: f32 = 16383;
/** Reach up to which squares in 1/64 fit 16 bits, eight pixels at a time; distances are then exact to a step. */
const NARROW: i32 = 16;
const MOST_NARROW: f32 = 16384;

/** Bytes of scratch for a box of w × h. */
export function fillFieldScratch(w: i32, h: i32): usize {
  return <usize>(w * h) * 5 + 128;
}

/**
 * Distances, from pixel centre to the nearest pixel centre of the other side less half the smaller pixel edge, positive inside, as
 * i16 at `to` (w × h, w a multiple of 8; pixel (0, 0) of the box is (u0, v0) of the runs' plane). `runs` is v, start, end (i32 each),
 * one or more, rows in order, within the box; `ru` and `rv` are the pixel's edges divided by the smaller of them. Values are cut at `reach` smaller
 * edges, at most 255. Returns the largest.
 */
export function fillField(
  runs: usize,
  count: i32,
  u0: i32,
  v0: i32,
  w: i32,
  h: i32,
  ru: f32,
  rv: f32,
  reach: i32,
  to: usize,
  scratch: usize,
): i32 {
  const squares = (scratch + 15) & ~(<usize>15);
  const end = runs + <usize>count * 12;
  if (reach > NARROW) {
    const mask = squares + ((<usize>(w * h)) << 2);
    memory.fill(mask, 0, <usize>(w * h));
    for (let run = runs; run < end; run += 12) {
      const start = load<i32>(run, 4);
      memory.fill(mask + <usize>((load<i32>(run) - v0) * w + start - u0), 1, <usize>(load<i32>(run, 8) - start));
    }
    for (let v = 0; v < h; v++) rowSquares(mask + <usize>(v * w), w, ru, squares + ((<usize>(v * w)) << 2));
    return columns(squares, w, h, rv, reach, to);
  }
  const along = squares + ((<usize>(w * h)) << 1);
  const across = along + ((NARROW + 1) << 1);
  for (let k = 0; k <= NARROW; k++) {
    store<i16>(along + ((<usize>k) << 1), narrowSquare(<f32>k * ru));
    store<i16>(across + ((<usize>k) << 1), narrowSquare(<f32>k * rv));
  }
  let run = runs;
  for (let v = 0; v < h; v++) {
    const first = run;
    while (run < end && load<i32>(run) == v0 + v) run += 12;
    narrowRow(first, run, u0, w, along, squares + ((<usize>(v * w)) << 1));
  }
  const top = load<i32>(runs) - v0;
  const bottom = load<i32>(end - 12) - v0;
  return narrowColumns(squares, w, h, across, reach, top, bottom, to);
}

/** A square in 1/64, as it fits 16 bits up to NARROW. */
function narrowSquare(edges: f32): i16 {
  return <i16>min<f32>(MOST_NARROW, floor(edges * edges * 64 + 0.5));
}

/** `rowSquares` in 1/64, cut at NARROW, of the runs from `run` to `end`. `table` holds the square of every number of steps up to there. */
function narrowRow(run: usize, end: usize, u0: i32, w: i32, table: usize, to: usize): void {
  const most = load<i16>(table + (NARROW << 1));
  const far = i16x8.splat(-most);
  for (let u = 0; u < w; u += 8) v128.store(to + ((<usize>u) << 1), far);
  let last = -NARROW;
  while (run < end) {
    const start = load<i32>(run, 4) - u0;
    let stop = load<i32>(run, 8) - u0;
    run += 12;
    // Runs of several segments side by side are one.
    for (; run < end && load<i32>(run, 4) - u0 == stop; run += 12) stop = load<i32>(run, 8) - u0;
    for (let n = 1; n < NARROW && start - n >= max(last, 0); n++) {
      const steps = min(n, start - n - last + 1);
      store<i16>(to + ((<usize>(start - n)) << 1), -load<i16>(table + ((<usize>steps) << 1)));
    }
    for (let u = start; u < stop; u++) {
      const before = start == 0 ? NARROW : u - start + 1;
      const after = stop == w ? NARROW : stop - u;
      const steps = min(min(before, after), NARROW);
      store<i16>(to + ((<usize>u) << 1), load<i16>(table + ((<usize>steps) << 1)));
    }
    for (let n = 1; n < NARROW && stop + n <= w; n++) {
      store<i16>(to + ((<usize>(stop + n - 1)) << 1), -load<i16>(table + ((<usize>n) << 1)));
    }
    last = stop;
  }
}

/**
 * `columns` of eight at a time, on squares in 1/64; `table` holds the square of every number of rows up to NARROW. Runs lie in rows
 * `top` to `bottom`, both inside.
 */
function narrowColumns(
  squares: usize,
  w: i32,
  h: i32,
  table: usize,
  reach: i32,
  top: i32,
  bottom: i32,
  to: usize,
): i32 {
  const stride = (<usize>w) << 1;
  const limit = i16x8.splat(<i16>min(<i32>MOST_NARROW, reach * reach * 64));
  const zero = i16x8.splat(0);
  let most = i16x8.splat(-16383);
  for (let v = 0; v < h; v++) {
    const row = squares + <usize>v * stride;
    for (let u: usize = 0; u < stride; u += 16) {
      const own = v128.load(row + u);
      const outside = i16x8.bitmask(own);
      let best = i16x8.min_s(i16x8.abs(own), limit);
      for (let way = -1; way <= 1; way += 2) {
        // Rows without a run say nothing to what is outside.
        let k = 1;
        let end = way < 0 ? v : h - 1 - v;
        if (outside == 0xff) {
          k = max(1, way < 0 ? v - bottom : top - v);
          end = way < 0 ? v - top : bottom - v;
        }
        end = min(end, reach);
        const step = <usize>way * stride;
        let at = row + u + <usize>k * step;
        if (outside == 0 || outside == 0xff) {
          // All eight of one side: what is of the other side costs nothing, the sign of the squares that of this side.
          const flip = outside == 0 ? zero : i16x8.splat(-1);
          for (; k <= end; k++) {
            const square = v128.load_splat<i16>(table + ((<usize>k) << 1));
            // No lane can gain any more.
            if (!v128.any_true(i16x8.gt_s(best, square))) break;
            const cost = i16x8.max_s(i16x8.sub(v128.xor(v128.load(at), flip), flip), zero);
            best = i16x8.min_s(best, i16x8.add_sat_s(cost, square));
            at += step;
          }
        } else {
          for (; k <= end; k++) {
            const square = v128.load_splat<i16>(table + ((<usize>k) << 1));
            if (!v128.any_true(i16x8.gt_s(best, square))) break;
            best = i16x8.min_s(best, i16x8.add_sat_s(narrowCost(v128.load(at), own), square));
            at += step;
          }
        }
      }
      const away = i16x8.narrow_i32x4_s(
        stepsOf(i32x4.extend_low_i16x8_s(best)),
        stepsOf(i32x4.extend_high_i16x8_s(best)),
      );
      const signed = v128.bitselect(away, i16x8.neg(away), i16x8.gt_s(own, zero));
      most = i16x8.max_s(most, signed);
      v128.store(to + <usize>v * stride + u, signed);
    }
  }
  let largest: i32 = i16x8.extract_lane_s(most, 0);
  largest = max(largest, i16x8.extract_lane_s(most, 1));
  largest = max(largest, i16x8.extract_lane_s(most, 2));
  largest = max(largest, i16x8.extract_lane_s(most, 3));
  largest = max(largest, i16x8.extract_lane_s(most, 4));
  largest = max(largest, i16x8.extract_lane_s(most, 5));
  largest = max(largest, i16x8.extract_lane_s(most, 6));
  return max(largest, i16x8.extract_lane_s(most, 7));
}

/** Steps of 1/64 less half an edge, from squares in 1/64. */
function stepsOf(squares: v128): v128 {
  const eight = f32x4.mul(f32x4.sqrt(f32x4.convert_i32x4_s(squares)), f32x4.splat(8));
  return i32x4.trunc_sat_f32x4_s(f32x4.floor(f32x4.sub(eight, f32x4.splat(31.5))));
}

function narrowCost(square: v128, own: v128): v128 {
  const other = i16x8.shr_s(v128.xor(square, own), 15);
  return v128.andnot(i16x8.abs(square), other);
}

/** Signed squared distances (f32) along a row to the nearest pixel of the other side; the sign is that of the pixel's own side. */
function rowSquares(mask: usize, w: i32, ru: f32, to: usize): void {
  let steps = FAR;
  let last = load<u8>(mask);
  for (let u = 0; u < w; u++) {
    const here = load<u8>(mask + <usize>u);
    steps = here == last ? min(steps + 1, FAR) : 1;
    if (u == 0) steps = FAR;
    last = here;
    store<i32>(to + ((<usize>u) << 2), steps);
  }
  steps = FAR;
  for (let u = w - 1; u >= 0; u--) {
    const here = load<u8>(mask + <usize>u);
    steps = here == last ? min(steps + 1, FAR) : 1;
    last = here;
    const at = to + ((<usize>u) << 2);
    const away = <f32>min(steps, load<i32>(at)) * ru;
    store<f32>(at, here ? away * away : -(away * away));
  }
}

/** Of four columns at a time, the least of every row's square plus the square of the way to that row. */
function columns(squares: usize, w: i32, h: i32, rv: f32, reach: i32, to: usize): i32 {
  const stride = (<usize>w) << 2;
  const half = f32x4.splat(0.5);
  const zero = f32x4.splat(0);
  const limit = f32x4.splat(LIMIT);
  const steps = f32x4.splat(STEPS);
  let most = i32x4.splat(-16383);
  for (let v = 0; v < h; v++) {
    const row = squares + <usize>v * stride;
    for (let u: usize = 0; u < stride; u += 16) {
      const own = v128.load(row + u);
      let best = f32x4.min(f32x4.abs(own), f32x4.splat(<f32>(reach * reach)));
      const up = v;
      const down = h - 1 - v;
      const rows = min(max(up, down), reach);
      let above = row + u;
      let below = row + u;
      for (let k = 1; k <= rows; k++) {
        const along = <f32>k * rv;
        const square = f32x4.splat(along * along);
        // No lane can gain any more.
        if (!v128.any_true(f32x4.gt(best, square))) break;
        if (k <= up) {
          above -= stride;
          best = f32x4.min(best, f32x4.add(cost(v128.load(above), own), square));
        }
        if (k <= down) {
          below += stride;
          best = f32x4.min(best, f32x4.add(cost(v128.load(below), own), square));
        }
      }
      const away = f32x4.min(f32x4.floor(f32x4.add(f32x4.mul(f32x4.sub(f32x4.sqrt(best), half), steps), half)), limit);
      const inside = f32x4.gt(own, zero);
      const signed = i32x4.trunc_sat_f32x4_s(v128.bitselect(away, f32x4.neg(away), inside));
      most = i32x4.max_s(most, signed);
      v128.store64_lane(to + <usize>v * (stride >> 1) + (u >> 1), i16x8.narrow_i32x4_s(signed, signed), 0);
    }
  }
  return max(
    max(i32x4.extract_lane(most, 0), i32x4.extract_lane(most, 1)),
    max(i32x4.extract_lane(most, 2), i32x4.extract_lane(most, 3)),
  );
}

/** What another row's pixel costs: nothing where it is of the other side. */
function cost(square: v128, own: v128): v128 {
  const other = i32x4.shr_s(v128.xor(square, own), 31);
  return v128.andnot(f32x4.abs(square), other);
}
