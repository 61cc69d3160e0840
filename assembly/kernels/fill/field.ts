/*
 * Exact signed Euclidean distances of a shape in its box, as whole steps of 1/64 of the smaller pixel edge, so that sums of them do
 * not depend on the order of additions. Along rows first, then along columns; a pixel asks for the nearest of the other side only,
 * so that one pass does for inside and outside.
 */

/** Farther along a row than any box is wide; its square still leaves room for another. */
const FAR: i32 = 20000;
const STEPS: f32 = 64;
const LIMIT: f32 = 16383;

/** Bytes of scratch for a box of w × h. */
export function fillFieldScratch(w: i32, h: i32): usize {
  return <usize>(w * h) * 5 + 64;
}

/**
 * Distances, from pixel centre to the nearest pixel centre of the other side less half the smaller pixel edge, positive inside, as
 * i16 at `to` (w × h, w a multiple of 8; pixel (0, 0) of the box is (u0, v0) of the runs' plane). `runs` is v, start, end (i32 each),
 * within the box; `ru` and `rv` are the pixel's edges divided by the smaller of them. Values are cut at `reach` smaller edges, at most
 * 255. Returns the largest.
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
  const mask = squares + ((<usize>(w * h)) << 2);
  memory.fill(mask, 0, <usize>(w * h));
  for (let n = 0; n < count; n++) {
    const run = runs + <usize>n * 12;
    const start = load<i32>(run, 4);
    memory.fill(mask + <usize>((load<i32>(run) - v0) * w + start - u0), 1, <usize>(load<i32>(run, 8) - start));
  }
  for (let v = 0; v < h; v++) rowSquares(mask + <usize>(v * w), w, ru, squares + ((<usize>(v * w)) << 2));
  return columns(squares, w, h, rv, reach, to);
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
