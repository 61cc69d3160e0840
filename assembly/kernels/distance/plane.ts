/*
 * Exact signed Euclidean distance in a plane, with a spacing for each axis: the lower envelope of parabolas, one axis after the
 * other (Felzenszwalb and Huttenlocher, Distance Transforms of Sampled Functions, 2012).
 */

/** Farther than any distance in a plane, and still exact arithmetic when squared sums are compared. */
const FAR: f64 = 1e15;

/** Bytes of scratch for a plane of nu × nv: two planes of squared distances and the envelope of one column. */
export function planeDistanceScratch(nu: i32, nv: i32): usize {
  return <usize>(nu * nv) * 8 + <usize>nv * 24 + 64;
}

/**
 * Signed distances of a mask (one byte a pixel, u fastest): from pixel centre to the nearest pixel centre of the other side,
 * less half the smaller spacing, positive inside. The zero level then runs between pixels. `to` gets f32. Returns the largest distance inside, 0
 * for an empty mask.
 */
export function planeSignedDistance(mask: usize, nu: i32, nv: i32, su: f64, sv: f64, to: usize, scratch: usize): f32 {
  const half = min(su, sv) * 0.5;
  squaredDistances(mask, 1, nu, nv, su, sv, scratch);
  const count = <usize>(nu * nv);
  for (let n: usize = 0; n < count; n++) {
    // Outside: minus the distance to the mask.
    if (!load<u8>(mask + n)) store<f32>(to + n * 4, <f32>(half - sqrt<f64>(load<f64>(scratch + n * 8))));
  }
  squaredDistances(mask, 0, nu, nv, su, sv, scratch);
  let most: f64 = half * half;
  for (let n: usize = 0; n < count; n++) {
    if (!load<u8>(mask + n)) continue;
    const squared = load<f64>(scratch + n * 8);
    most = max(most, squared);
    store<f32>(to + n * 4, <f32>(sqrt<f64>(squared) - half));
  }
  return <f32>(sqrt<f64>(most) - half);
}

/** Squared distance of every pixel to the nearest pixel whose mask is `side`, into the head of `scratch`. */
function squaredDistances(mask: usize, side: i32, nu: i32, nv: i32, su: f64, sv: f64, scratch: usize): void {
  for (let v = 0; v < nv; v++) rowDistances(mask + <usize>(v * nu), side, nu, su, scratch + <usize>(v * nu) * 8);
  const envelope = scratch + <usize>(nu * nv) * 8;
  for (let u = 0; u < nu; u++) columnDistances(scratch + <usize>u * 8, nu, nv, sv, envelope);
}

function rowDistances(mask: usize, side: i32, nu: i32, su: f64, to: usize): void {
  let steps: f64 = FAR;
  for (let u: usize = 0; u < <usize>nu; u++) {
    steps = (load<u8>(mask + u) != 0 ? 1 : 0) == side ? 0 : steps + su;
    store<f64>(to + u * 8, steps);
  }
  steps = FAR;
  for (let u = nu - 1; u >= 0; u--) {
    const at = to + <usize>u * 8;
    steps = load<f64>(at) == 0 ? 0 : steps + su;
    const least = min(steps, load<f64>(at));
    store<f64>(at, least * least);
  }
}

/** Replaces a column of squared distances f by min over w of f(w) + (sv (v − w))². */
function columnDistances(column: usize, nu: i32, nv: i32, sv: f64, envelope: usize): void {
  const stride = <usize>nu * 8;
  const places = envelope;
  const values = envelope + <usize>nv * 8;
  const starts = envelope + <usize>nv * 16;
  const weight = sv * sv;
  let top = -1;
  for (let v = 0; v < nv; v++) {
    const f = load<f64>(column + <usize>v * stride);
    if (f >= FAR * FAR) continue;
    let start: f64 = -FAR;
    while (top >= 0) {
      const w = load<f64>(places + <usize>top * 8);
      start = (f - load<f64>(values + <usize>top * 8)) / (2 * weight * (<f64>v - w)) + (<f64>v + w) * 0.5;
      if (start > load<f64>(starts + <usize>top * 8)) break;
      top--;
      start = -FAR;
    }
    top++;
    store<f64>(places + <usize>top * 8, <f64>v);
    store<f64>(values + <usize>top * 8, f);
    store<f64>(starts + <usize>top * 8, start);
  }
  if (top < 0) return;
  let n = 0;
  for (let v = 0; v < nv; v++) {
    while (n < top && load<f64>(starts + <usize>(n + 1) * 8) < <f64>v) n++;
    const away = <f64>v - load<f64>(places + <usize>n * 8);
    store<f64>(column + <usize>v * stride, load<f64>(values + <usize>n * 8) + weight * away * away);
  }
}
