/* Slices of an image in the frame of a fill, as planes of f32. */

/** Weight of a neighbour along a row or a column: a Gaussian of 0.7 pixels. */
const NEIGHBOUR: f64 = 0.36044778859782095;
const CORNER: f64 = NEIGHBOUR * NEIGHBOUR;
const ALL: f64 = 1 + 4 * NEIGHBOUR + 4 * CORNER;

function copyAs<T>(from: usize, stepU: i32, stepV: i32, nu: i32, nv: i32, to: usize): void {
  for (let v = 0; v < nv; v++) {
    let at = from + <usize>v * <usize>stepV * sizeof<T>();
    for (let u = 0; u < nu; u++, at += <usize>stepU * sizeof<T>(), to += 4) store<f32>(to, <f32>load<T>(at));
  }
}

/** A plane of voxels of a type (`VOXEL_TYPE_CODE`), `stepU` and `stepV` of them from one to the next along u and v. */
function copyPlane(from: usize, type: i32, stepU: i32, stepV: i32, nu: i32, nv: i32, to: usize): void {
  if (type === 0) copyAs<u8>(from, stepU, stepV, nu, nv, to);
  else if (type === 1) copyAs<i8>(from, stepU, stepV, nu, nv, to);
  else if (type === 2) copyAs<u16>(from, stepU, stepV, nu, nv, to);
  else if (type === 3) copyAs<i16>(from, stepU, stepV, nu, nv, to);
  else if (type === 4) copyAs<u32>(from, stepU, stepV, nu, nv, to);
  else if (type === 5) copyAs<i32>(from, stepU, stepV, nu, nv, to);
  else copyAs<f32>(from, stepU, stepV, nu, nv, to);
}

/**
 * Writes a slice of voxels, smoothed over their eight neighbours, to the plane `to`; what is not finite takes no part and is NaN. `raw`: a
 * plane of scratch.
 */
export function fillImageSlice(
  from: usize,
  type: i32,
  stepU: i32,
  stepV: i32,
  nu: i32,
  nv: i32,
  raw: usize,
  to: usize,
): void {
  copyPlane(from, type, stepU, stepV, nu, nv, raw);
  const row = (<usize>nu) << 2;
  for (let v = 0; v < nv; v++) {
    let u = 0;
    if (v > 0 && v + 1 < nv && nu > 2) {
      smoothAt(raw, nu, nv, 0, v, to);
      for (u = 1; u + 4 < nu; u += 4) {
        const at = raw + <usize>v * row + ((<usize>u) << 2);
        // In pairs, so that it does not matter which way an axis is stored.
        const sides = f32x4.add(
          f32x4.add(v128.load(at - 4), v128.load(at + 4)),
          f32x4.add(v128.load(at - row), v128.load(at + row)),
        );
        const corners = f32x4.add(
          f32x4.add(v128.load(at - row - 4), v128.load(at + row + 4)),
          f32x4.add(v128.load(at - row + 4), v128.load(at + row - 4)),
        );
        let sum = f32x4.add(v128.load(at), f32x4.mul(sides, f32x4.splat(<f32>NEIGHBOUR)));
        sum = f32x4.add(sum, f32x4.mul(corners, f32x4.splat(<f32>CORNER)));
        const mean = f32x4.div(sum, f32x4.splat(<f32>ALL));
        v128.store(to + <usize>v * row + ((<usize>u) << 2), mean);
        const rest = f32x4.sub(mean, mean);
        if (v128.any_true(f32x4.ne(rest, rest))) for (let n = 0; n < 4; n++) smoothAt(raw, nu, nv, u + n, v, to);
      }
    }
    for (; u < nu; u++) smoothAt(raw, nu, nv, u, v, to);
  }
}

function smoothAt(raw: usize, nu: i32, nv: i32, u: i32, v: i32, to: usize): void {
  const row = (<usize>nu) << 2;
  const away = <usize>v * row + ((<usize>u) << 2);
  const at = raw + away;
  if (u > 0 && v > 0 && u + 1 < nu && v + 1 < nv) {
    const sides = load<f32>(at - 4) + load<f32>(at + 4) + (load<f32>(at - row) + load<f32>(at + row));
    const main = load<f32>(at - row - 4) + load<f32>(at + row + 4);
    const corners = main + (load<f32>(at - row + 4) + load<f32>(at + row - 4));
    const mean = (load<f32>(at) + sides * <f32>NEIGHBOUR + corners * <f32>CORNER) / <f32>ALL;
    if (isFinite<f32>(mean)) {
      store<f32>(to + away, mean);
      return;
    }
  }
  store<f32>(to + away, isFinite<f32>(load<f32>(at)) ? amongFinite(raw, nu, nv, u, v) : f32.NaN);
}

function amongFinite(raw: usize, nu: i32, nv: i32, u: i32, v: i32): f32 {
  let sum: f64 = 0;
  let weights: f64 = 0;
  for (let y = max(0, v - 1); y <= min(nv - 1, v + 1); y++) {
    for (let x = max(0, u - 1); x <= min(nu - 1, u + 1); x++) {
      const value = load<f32>(raw + ((<usize>(y * nu + x)) << 2));
      if (!isFinite<f32>(value)) continue;
      const weight: f64 = (x === u ? 1 : NEIGHBOUR) * (y === v ? 1 : NEIGHBOUR);
      sum += weight * <f64>value;
      weights += weight;
    }
  }
  return <f32>(sum / weights);
}

/** More steps than any slice has. */
const MANY: i32 = 60000;

/** Writes to a plane of u16 how many steps along rows and columns the nearest pixel with another label is away; many where all are alike. */
export function fillSteps(labels: usize, nu: i32, nv: i32, to: usize): void {
  const row = (<usize>nu) << 1;
  for (let v = 0; v < nv; v++) {
    let beside = MANY;
    let at = <usize>v * row;
    for (let u = 0; u < nu; u++, at += 2) {
      const label = load<u16>(labels + at);
      let least = u > 0 && label !== load<u16>(labels + at - 2) ? 1 : beside + 1;
      if (v > 0) least = min(least, label === load<u16>(labels + at - row) ? <i32>load<u16>(to + at - row) + 1 : 1);
      beside = min(least, MANY);
      store<u16>(to + at, <u16>beside);
    }
  }
  for (let v = nv - 1; v >= 0; v--) {
    let beside = MANY;
    let at = <usize>v * row + row - 2;
    for (let u = nu - 1; u >= 0; u--, at -= 2) {
      const label = load<u16>(labels + at);
      let least = min(<i32>load<u16>(to + at), u < nu - 1 && label !== load<u16>(labels + at + 2) ? 1 : beside + 1);
      if (v < nv - 1)
        least = min(least, label === load<u16>(labels + at + row) ? <i32>load<u16>(to + at + row) + 1 : 1);
      beside = least;
      store<u16>(to + at, <u16>least);
    }
  }
}

/** Labels that are there already are sure: written over `labels`, with a chance of 0 to be wrong. */
export function fillSure(labels: usize, chances: usize, existing: usize, count: i32): void {
  for (let n: usize = 0; n < <usize>count; n++) {
    const label = load<u16>(existing + (n << 1));
    if (label === 0) continue;
    store<u16>(labels + (n << 1), label);
    store<f32>(chances + (n << 2), 0);
  }
}
