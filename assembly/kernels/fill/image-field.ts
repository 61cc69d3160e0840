import { AXES, FIELD_BYTES, FieldSlice, SIDES } from "../../memory/fill-image";

/* The labels of doubtful pixels, decided together: a mean field of Potts' model between a pixel's own label and one other. */

/** How much six neighbours that are alike to a pixel say together with its own odds. */
const LIKENESS: f64 = 1;
/** Bytes of a doubtful pixel. */
const PIXEL_BYTES: i32 = 4 + 4 + 4 + 4 + 4 + 4 * <i32>AXES + 8 * <i32>SIDES;

/** Bytes of the record of a slice with room for so many doubtful pixels, a multiple of 16. */
export function fillFieldBytes(room: i32): i32 {
  return <i32>FIELD_BYTES + PIXEL_BYTES * room;
}

/** Lays out a record of a slice, without doubtful pixels as yet, for the planes that are given (memory/fill-image.ts). */
export function fillFieldStart(slice: usize, room: i32, labels: usize, values: usize, ordinals: usize): void {
  const own = changetype<FieldSlice>(slice);
  const bytes = (<usize>room) << 2;
  own.labels = labels;
  own.values = values;
  own.ordinals = ordinals;
  own.step = 0;
  own.at = slice + FIELD_BYTES;
  own.rivals = own.at + bytes;
  own.byShape = own.rivals + bytes;
  own.byImage = own.byShape + bytes;
  own.fixed = own.byImage + bytes;
  own.alike = own.fixed + bytes;
  own.neighbours = own.alike + AXES * bytes;
  own.factors = own.neighbours + SIDES * bytes;
  own.count = 0;
}

/** Where it says which pixels are doubtful. */
export function fillFieldPixels(slice: usize): usize {
  return changetype<FieldSlice>(slice).at;
}

/** Makes a slice ready for its neighbours. */
export function fillFieldReady(slice: usize, step: f64): void {
  const own = changetype<FieldSlice>(slice);
  const bytes = (<usize>own.count) << 2;
  own.step = step;
  memory.fill(own.fixed, 0, bytes);
  memory.fill(own.neighbours, 0, SIDES * bytes);
  memory.fill(own.factors, 0, SIDES * bytes);
}

/**
 * Adds neighbours in the slice `beside` (itself, or the one below or above), `du` and `dv` away, as side `side`; `ratio`: how far away they
 * are, in edges of a pixel. How alike two doubtful pixels are is found for one of them: sides 1 and 3 of a slice come before 0 and 2, and
 * side 4 before the other's side 5.
 */
export function fillFieldLink(
  slice: usize,
  side: i32,
  beside: usize,
  nu: i32,
  nv: i32,
  du: i32,
  dv: i32,
  ratio: f64,
): void {
  const own = changetype<FieldSlice>(slice);
  const other = changetype<FieldSlice>(beside);
  const steps = max(own.step, other.step);
  const scale = -1 / (steps === 0 ? 1 : steps);
  const like = LIKENESS / (ratio * ratio);
  const axis = <usize>side >> 1;
  const known = side === 0 || side === 2 || side === 5;
  const labels = own.labels;
  const values = own.values;
  const theirLabels = other.labels;
  const theirValues = other.values;
  const ordinals = other.ordinals;
  const count = <usize>own.count;
  const pixels = nu * nv;
  const step = dv * nu + du;
  for (let n: usize = 0; n < count; n++) {
    const pixel = load<i32>(own.at + (n << 2));
    const there = pixel + step;
    if (there < 0 || there >= pixels) continue;
    if (du !== 0 && (du < 0 ? pixel : there) % nu === 0) continue;
    const ordinal = load<i32>(ordinals + ((<usize>there) << 2));
    let weight: f64 = 0;
    if (known && ordinal > 0) weight = load<f32>(other.alike + ((<usize>(ordinal - 1) * AXES + axis) << 2));
    else {
      const apart =
        <f64>load<f32>(values + ((<usize>pixel) << 2)) - <f64>load<f32>(theirValues + ((<usize>there) << 2));
      const exponent = apart * apart * scale;
      // Also where either is NaN: they say nothing of one another.
      if (exponent > -700) weight = <f64>(<f32>(like * exponential(exponent)));
      if (!known) store<f32>(own.alike + ((n * AXES + axis) << 2), <f32>weight);
    }
    if (!(weight > 0)) continue;
    const label = <i32>load<u16>(labels + ((<usize>pixel) << 1));
    const rival = load<i32>(own.rivals + (n << 2));
    const asItIs = vote(load<u16>(theirLabels + ((<usize>there) << 1)), label, rival) * weight;
    const fixed = own.fixed + (n << 2);
    if (ordinal === 0) {
      store<f32>(fixed, <f32>(<f64>load<f32>(fixed) + asItIs));
      continue;
    }
    const otherwise = vote(load<i32>(other.rivals + ((<usize>(ordinal - 1)) << 2)), label, rival) * weight;
    store<f32>(fixed, <f32>(<f64>load<f32>(fixed) + otherwise));
    const place = (n * SIDES + <usize>side) << 2;
    store<i32>(own.neighbours + place, ordinal - 1);
    store<f32>(own.factors + place, <f32>(asItIs - otherwise));
  }
}

/** What a label says to a pixel that may have one of two. */
function vote(label: i32, own: i32, rival: i32): f64 {
  return label === own ? 1 : label === rival ? -1 : 0;
}

/** Writes the chances that doubtful pixels have their own label, from shape and image alone (f32, two more may be written). */
export function fillFieldAlone(slice: usize, weight: f64, to: usize): void {
  const own = changetype<FieldSlice>(slice);
  const count = <usize>own.count;
  for (let at: usize = 0; at < count << 2; at += 4) {
    store<f32>(to + at, <f32>(<f64>load<f32>(own.byShape + at) + weight * <f64>load<f32>(own.byImage + at)));
  }
  chancesOf(to, count);
}

/** The same when pixels have heard of their neighbours: chances of this slice, of the one below and the one above (this where none is). */
export function fillFieldRound(slice: usize, weight: f64, chances: usize, below: usize, above: usize, to: usize): void {
  const own = changetype<FieldSlice>(slice);
  const count = <usize>own.count;
  let f = own.factors;
  let m = own.neighbours;
  for (let n: usize = 0; n < count; n++, f += SIDES << 2, m += SIDES << 2) {
    // In pairs, so that it does not matter which way an axis is stored. A side without a doubtful pixel has no factor.
    const alongU = part(f, m, chances) + part(f + 4, m + 4, chances);
    const alongV = part(f + 8, m + 8, chances) + part(f + 12, m + 12, chances);
    const across = part(f + 16, m + 16, below) + part(f + 20, m + 20, above);
    const at = n << 2;
    const alone = <f64>load<f32>(own.byShape + at) + weight * <f64>load<f32>(own.byImage + at);
    store<f32>(to + at, <f32>(alone + <f64>load<f32>(own.fixed + at) + (alongU + alongV + across)));
  }
  chancesOf(to, count);
}

function part(factor: usize, neighbour: usize, chances: usize): f64 {
  return <f64>load<f32>(factor) * <f64>load<f32>(chances + ((<usize>load<i32>(neighbour)) << 2));
}

/** Replaces logarithms of odds by chances. */
function chancesOf(odds: usize, count: usize): void {
  const one = f64x2.splat(1);
  for (let at = odds, end = odds + (count << 2); at < end; at += 8) {
    const x = f64x2.neg(f64x2.promote_low_f32x4(v128.load64_zero(at)));
    const e = exponentials(f64x2.max(f64x2.splat(-700), f64x2.min(f64x2.splat(700), x)));
    v128.store64_lane(at, f32x4.demote_f64x2_zero(f64x2.div(one, f64x2.add(one, e))), 0);
  }
}

/** Writes the labels of a slice (u16) when chances have decided. */
export function fillFieldDecide(slice: usize, chances: usize, pixels: i32, to: usize): void {
  const own = changetype<FieldSlice>(slice);
  memory.copy(to, own.labels, (<usize>pixels) << 1);
  for (let n: usize = 0; n < <usize>own.count; n++) {
    if (load<f32>(chances + (n << 2)) >= 0.5) continue;
    store<u16>(to + ((<usize>load<i32>(own.at + (n << 2))) << 1), <u16>load<i32>(own.rivals + (n << 2)));
  }
}

const LOG2E: f64 = 1.4426950408889634;
const LN2: f64 = 0.6931471805599453;

/** eˣ by a polynomial of degree 9 about the nearest power of two, to 2 · 10⁻¹²; x is within ±700. */
function exponential(x: f64): f64 {
  const k = Math.floor(x * LOG2E + 0.5);
  const r = x - k * LN2;
  let p: f64 = r * (1 / 362880.0) + 1 / 40320.0;
  p = p * r + 1 / 5040.0;
  p = p * r + 1 / 720.0;
  p = p * r + 1 / 120.0;
  p = p * r + 1 / 24.0;
  p = p * r + 1 / 6.0;
  p = p * r + 0.5;
  p = p * r + 1;
  p = p * r + 1;
  return p * reinterpret<f64>((<i64>k + 1023) << 52);
}

/** The same of two, with the same bits. */
function exponentials(x: v128): v128 {
  const k = f64x2.floor(f64x2.add(f64x2.mul(x, f64x2.splat(LOG2E)), f64x2.splat(0.5)));
  const r = f64x2.sub(x, f64x2.mul(k, f64x2.splat(LN2)));
  let p = f64x2.add(f64x2.mul(r, f64x2.splat(1 / 362880.0)), f64x2.splat(1 / 40320.0));
  p = f64x2.add(f64x2.mul(p, r), f64x2.splat(1 / 5040.0));
  p = f64x2.add(f64x2.mul(p, r), f64x2.splat(1 / 720.0));
  p = f64x2.add(f64x2.mul(p, r), f64x2.splat(1 / 120.0));
  p = f64x2.add(f64x2.mul(p, r), f64x2.splat(1 / 24.0));
  p = f64x2.add(f64x2.mul(p, r), f64x2.splat(1 / 6.0));
  p = f64x2.add(f64x2.mul(p, r), f64x2.splat(0.5));
  p = f64x2.add(f64x2.mul(p, r), f64x2.splat(1));
  p = f64x2.add(f64x2.mul(p, r), f64x2.splat(1));
  const whole = i64x2.extend_low_i32x4_s(i32x4.trunc_sat_f64x2_s_zero(k));
  return f64x2.mul(p, i64x2.shl(i64x2.add(whole, i64x2.splat(1023)), 52));
}
