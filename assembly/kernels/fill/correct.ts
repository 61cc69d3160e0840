/*
 * A stack's fill corrected by what further planes say: values of one segment on one slice, moved by the planes' errors, weighted by
 * the inverse squares of distances (Shepard 1968), the stack itself being a neighbour without error.
 */
import { DOUBT_BYTES } from "../../memory/fill";
import { enterOne, LEAST } from "./blend";

/** Values of the contest for one pixel: 64 steps in 1/16384. */
const PIXEL: f32 = 64 * 16384;
/** Steps along which a whole slice moves less than a pixel. */
const FLAT: f32 = 1e-5;
/** Square millimetres added to squares of distances, so that none is 0. */
const LEAST_SQUARE: f32 = 1e-6;

/**
 * Writes a stack's own weight at every pixel of a slice (nu × nv) to `to` (f32): 1 / distance² to the nearest of its planes, which lie
 * `count` (f64, ascending) millimetres along their normal at `depths`; the pixel does at d0 + u·du + v·dv. Below 0 before the first and
 * after the last of them. Returns 1 where all pixels lie between these, 2 where none does, 0 where some do.
 */
export function fillStackWeights(
  to: usize,
  nu: i32,
  nv: i32,
  d0: f64,
  du: f64,
  dv: f64,
  depths: usize,
  count: i32,
): i32 {
  const last = load<f64>(depths + ((<usize>(count - 1)) << 3));
  let inside = 0;
  for (let v = 0; v < nv; v++) {
    let n = 0;
    for (let u = 0; u < nu; u++) {
      const depth = d0 + <f64>u * du + <f64>v * dv;
      while (n + 1 < count && depth > load<f64>(depths + ((<usize>n) << 3), 8)) n++;
      while (n > 0 && depth < load<f64>(depths + ((<usize>n) << 3))) n--;
      let distance = abs(depth - load<f64>(depths + ((<usize>n) << 3)));
      if (n + 1 < count) distance = min(distance, abs(depth - load<f64>(depths + ((<usize>n) << 3), 8)));
      const weight = 1 / max<f64>(distance * distance, LEAST_SQUARE);
      const isInside = depth > load<f64>(depths) && depth < last;
      if (isInside) inside++;
      store<f32>(to + ((<usize>(v * nu + u)) << 2), <f32>(isInside ? weight : -weight));
    }
  }
  return inside == nu * nv ? 1 : inside == 0 ? 2 : 0;
}

/**
 * Adds a plane's weight at every pixel of a slice (nu × nv) to `weights` (f32): 1 / distance², where the distance, in millimetres and
 * with a sign, is d0 + u·du + v·dv.
 */
export function fillAddWeights(weights: usize, nu: i32, nv: i32, d0: f32, du: f32, dv: f32): void {
  for (let v = 0; v < nv; v++) {
    for (let u = 0; u < nu; u++) {
      const at = weights + ((<usize>(v * nu + u)) << 2);
      const distance = d0 + <f32>u * du + <f32>v * dv;
      store<f32>(at, load<f32>(at) + 1 / (distance * distance + LEAST_SQUARE));
    }
  }
}

/**
 * Adds errors of a segment on a plane (f32, eu × ev pixels), times the plane's weight of `fillAddWeights`, at every pixel of a slice to
 * `sums` (f32). `places` holds, as f32: x and y of the plane's pixel for pixel (0, 0) of the slice, their steps along u and along v, and
 * d0, du, dv. Between pixels errors go linearly, beyond the last they are 0.
 */
export function fillAddErrors(errors: usize, eu: i32, ev: i32, sums: usize, nu: i32, nv: i32, places: usize): void {
  const x0 = load<f32>(places);
  const y0 = load<f32>(places, 4);
  const xu = load<f32>(places, 8);
  const yu = load<f32>(places, 12);
  const xv = load<f32>(places, 16);
  const yv = load<f32>(places, 20);
  const d0 = load<f32>(places, 24);
  const du = load<f32>(places, 28);
  const dv = load<f32>(places, 32);
  for (let v = 0; v < nv; v++) {
    // Where the row may be over the errors, and a pixel more.
    const xs = x0 + <f32>v * xv;
    const ys = y0 + <f32>v * yv;
    const first = max(firstWithin(xs, xu, <f32>eu, nu), firstWithin(ys, yu, <f32>ev, nu));
    const end = min(endWithin(xs, xu, <f32>eu, nu), endWithin(ys, yu, <f32>ev, nu));
    for (let u = first; u < end; u++) {
      const x = x0 + <f32>u * xu + <f32>v * xv;
      const y = y0 + <f32>u * yu + <f32>v * yv;
      if (x <= -1 || y <= -1 || x >= <f32>eu || y >= <f32>ev) continue;
      const error = errorAt(errors, eu, ev, x, y);
      if (error == 0) continue;
      const distance = d0 + <f32>u * du + <f32>v * dv;
      const at = sums + ((<usize>(v * nu + u)) << 2);
      store<f32>(at, load<f32>(at) + error / (distance * distance + LEAST_SQUARE));
    }
  }
}

/** Least u at which start + u·step may lie between −1 and `count`, with a pixel to spare. */
function firstWithin(start: f32, step: f32, count: f32, nu: i32): i32 {
  if (abs(step) < FLAT) return start > -2 && start < count + 1 ? 0 : nu;
  const u: f32 = ((step > 0 ? <f32>-1 : count) - start) / step;
  return <i32>max<f32>(0, min<f32>(<f32>nu, floor(u) - 1));
}

/** The same at the other end, outside. */
function endWithin(start: f32, step: f32, count: f32, nu: i32): i32 {
  if (abs(step) < FLAT) return start > -2 && start < count + 1 ? nu : 0;
  const u: f32 = ((step > 0 ? count : <f32>-1) - start) / step;
  return <i32>max<f32>(0, min<f32>(<f32>nu, ceil(u) + 2));
}

function errorAt(errors: usize, eu: i32, ev: i32, x: f32, y: f32): f32 {
  const i = <i32>floor(x);
  const j = <i32>floor(y);
  const a = x - <f32>i;
  const b = y - <f32>j;
  const upper: f32 = (1 - a) * pixel(errors, eu, ev, i, j) + a * pixel(errors, eu, ev, i + 1, j);
  const lower: f32 = (1 - a) * pixel(errors, eu, ev, i, j + 1) + a * pixel(errors, eu, ev, i + 1, j + 1);
  return (1 - b) * upper + b * lower;
}

function pixel(errors: usize, eu: i32, ev: i32, i: i32, j: i32): f32 {
  if (i < 0 || j < 0 || i >= eu || j >= ev) return 0;
  return load<f32>(errors + ((<usize>(j * eu + i)) << 2));
}

/**
 * Enters a segment's values (i32, less than any value where there is none) on a slice of `count` pixels into the contest of `fillShapes`
 * (segment 0: into `union`), moved by `sums` / (`weights` + own) pixels: own is the stack's weight (`owns`, of `fillStackWeights`). Where
 * nothing moves, and where own is below 0, a value is as it was. `shared`: whether the union helps. `doubts` (0: not asked for) are filled as by `fillShapes`; how far both annotated
 * slices are apart is taken from `base`, those of the stack alone, less by what the planes are near; where that is 0, or own below 0, it
 * is the way to the nearest plane, in `perMm` pixels a millimetre. `reach`: pixels from an outline beyond which a corrected value says only on which side it
 * is; errors are told up to there.
 */
export function fillCorrect(
  values: usize,
  sums: usize,
  weights: usize,
  owns: usize,
  count: i32,
  segment: i32,
  shared: i32,
  best: usize,
  label: usize,
  union: usize,
  doubts: usize,
  base: usize,
  perMm: f32,
  reach: f32,
): void {
  const none = i32x4.splat(LEAST);
  for (let n = 0; n < count; n++) {
    const at = (<usize>n) << 2;
    // Four pixels where there is no value and nothing moves.
    if (n + 4 <= count) {
      const empty = i32x4.eq(v128.load(values + at), none);
      const still = f32x4.eq(v128.load(sums + at), f32x4.splat(0));
      if (i32x4.all_true(v128.and(empty, still))) {
        n += 3;
        continue;
      }
    }
    let value = load<i32>(values + at);
    const sum = load<f32>(sums + at);
    const own = load<f32>(owns + at);
    if (sum != 0 && own > 0) {
      const held = max<f32>(-reach, min<f32>(reach, <f32>value / PIXEL));
      value = <i32>floor((held + sum / (load<f32>(weights + at) + own)) * PIXEL + 0.5);
    }
    if (segment == 0) {
      store<i32>(union + at, max(load<i32>(union + at), value));
      continue;
    }
    if (doubts && <f32>value > -reach * PIXEL) {
      const record = <usize>n * DOUBT_BYTES;
      const weight = load<f32>(weights + at) + abs(own);
      let apart: f32 = (64 * perMm) / sqrt<f32>(weight);
      if (base && own > 0) apart = <f32>load<i32>(base + record, 8) * sqrt<f32>(own / weight);
      enterOne(value, <i32>apart, segment, doubts + record);
    }
    const may = value > 0 || (shared != 0 && <i64>value + <i64>load<i32>(union + at) > 0);
    if (!may || value <= load<i32>(best + at)) continue;
    store<i32>(best + at, value);
    store<u16>(label + ((<usize>n) << 1), <u16>segment);
  }
}

/** Takes the pixels of a slice where |d0 + u·du + v·dv| is at most 1 out of `labels` (u16), and their chances (f32 at `chances`, 0: none). */
export function fillClearLine(labels: usize, chances: usize, nu: i32, nv: i32, d0: f64, du: f64, dv: f64): void {
  for (let v = 0; v < nv; v++) {
    const start = d0 + <f64>v * dv;
    let first = 0;
    let end = nu;
    if (du != 0) {
      // Where it may be, and a pixel more.
      const a = (-1 - start) / du;
      const b = (1 - start) / du;
      first = <i32>max<f64>(0, min<f64>(nu, floor(min(a, b))));
      end = <i32>min<f64>(nu, max<f64>(0, ceil(max(a, b)) + 1));
    }
    for (let u = first; u < end; u++) {
      if (abs(d0 + <f64>u * du + <f64>v * dv) > 1) continue;
      const n = <usize>(v * nu + u);
      if (labels) store<u16>(labels + (n << 1), 0);
      if (chances) store<f32>(chances + (n << 2), 0);
    }
  }
}

/**
 * Writes a field on nodes (nx × ny × nz, millimetres) at the pixels of a slice, as values of the contest (i32 at `to`; less than any
 * where the grid ends). Pixel (u, v) is at node (x0 + u·xu + v·xv, …) of `places`: x0 y0 z0 xu yu zu xv yv zv (f32). `perMm`: pixels. `only`: weights of
 * `fillStackWeights` that must be below 0 there, 0 for all pixels.
 */
export function fillFieldSlice(
  field: usize,
  nx: i32,
  ny: i32,
  nz: i32,
  places: usize,
  perMm: f32,
  nu: i32,
  nv: i32,
  only: usize,
  to: usize,
): void {
  for (let v = 0; v < nv; v++) {
    for (let u = 0; u < nu; u++) {
      if (only && load<f32>(only + ((<usize>(v * nu + u)) << 2)) > 0) continue;
      const x = load<f32>(places) + <f32>u * load<f32>(places, 12) + <f32>v * load<f32>(places, 24);
      const y = load<f32>(places, 4) + <f32>u * load<f32>(places, 16) + <f32>v * load<f32>(places, 28);
      const z = load<f32>(places, 8) + <f32>u * load<f32>(places, 20) + <f32>v * load<f32>(places, 32);
      if (x < 0 || y < 0 || z < 0 || x >= <f32>(nx - 1) || y >= <f32>(ny - 1) || z >= <f32>(nz - 1)) continue;
      const i = <i32>x;
      const j = <i32>y;
      const k = <i32>z;
      const at = field + ((<usize>((k * ny + j) * nx + i)) << 2);
      const c = z - <f32>k;
      const near = between(at, nx, x - <f32>i, y - <f32>j);
      const far = between(at + ((<usize>(nx * ny)) << 2), nx, x - <f32>i, y - <f32>j);
      const pixels = max<f32>(-1000, min<f32>(1000, (near + c * (far - near)) * perMm));
      store<i32>(to + ((<usize>(v * nu + u)) << 2), <i32>floor(pixels * PIXEL + 0.5));
    }
  }
}

function between(at: usize, nx: i32, a: f32, b: f32): f32 {
  const next = at + ((<usize>nx) << 2);
  const upper = load<f32>(at) + a * (load<f32>(at, 4) - load<f32>(at));
  const lower = load<f32>(next) + a * (load<f32>(next, 4) - load<f32>(next));
  return upper + b * (lower - upper);
}
