/*
 * Blending of moved distance fields, and the contest between labels, on one slice (fill between slices). Planes are u fastest;
 * fields and sums are f32.
 */

/**
 * Adds `weight` · field, moved, to a sum of nu × nv: pixel (u, v) of the sum samples the field at (u + du, v + dv), bilinearly.
 * Beyond the field's edge, the edge value less the distance to it (in spacings su, sv): what a distance field is at least.
 */
export function fillAddMoved(
  sum: usize,
  nu: i32,
  nv: i32,
  field: usize,
  fieldNu: i32,
  fieldNv: i32,
  du: f64,
  dv: f64,
  su: f32,
  sv: f32,
  weight: f32,
): void {
  const wholeU = <i32>floor(du);
  const wholeV = <i32>floor(dv);
  const partU = <f32>(du - <f64>wholeU);
  const partV = <f32>(dv - <f64>wholeV);
  const weightA = weight * (1 - partU) * (1 - partV);
  const weightB = weight * partU * (1 - partV);
  const weightC = weight * (1 - partU) * partV;
  const weightD = weight * partU * partV;
  const a = v128.splat<f32>(weightA);
  const b = v128.splat<f32>(weightB);
  const c = v128.splat<f32>(weightC);
  const d = v128.splat<f32>(weightD);
  // Columns whose two taps both lie in the field.
  const first = max(0, min(nu, -wholeU));
  const end = max(first, min(nu, fieldNu - 1 - wholeU));
  for (let v = 0; v < nv; v++) {
    const row = sum + ((<usize>(v * nu)) << 2);
    const fieldV = v + wholeV;
    if (fieldV < 0 || fieldV >= fieldNv - 1) {
      edgeRow(row, 0, nu, field, fieldNu, fieldNv, wholeU, partU, <f32>fieldV + partV, su, sv, weight);
      continue;
    }
    edgeRow(row, 0, first, field, fieldNu, fieldNv, wholeU, partU, <f32>fieldV + partV, su, sv, weight);
    let u = first;
    let from = field + ((<usize>(fieldV * fieldNu + u + wholeU)) << 2);
    const down = (<usize>fieldNu) << 2;
    for (; u + 4 <= end; u += 4, from += 16) {
      const at = row + ((<usize>u) << 2);
      const upper = f32x4.add(f32x4.mul(v128.load(from), a), f32x4.mul(v128.load(from, 4), b));
      const lower = f32x4.add(f32x4.mul(v128.load(from + down), c), f32x4.mul(v128.load(from + down, 4), d));
      v128.store(at, f32x4.add(v128.load(at), f32x4.add(upper, lower)));
    }
    for (; u < end; u++, from += 4) {
      const at = row + ((<usize>u) << 2);
      const upper = load<f32>(from) * weightA + load<f32>(from, 4) * weightB;
      const lower = load<f32>(from + down) * weightC + load<f32>(from + down, 4) * weightD;
      store<f32>(at, load<f32>(at) + (upper + lower));
    }
    edgeRow(row, u, nu, field, fieldNu, fieldNv, wholeU, partU, <f32>fieldV + partV, su, sv, weight);
  }
}

/** Pixels from u to end of one row, wherever they fall. */
function edgeRow(
  row: usize,
  u: i32,
  end: i32,
  field: usize,
  fieldNu: i32,
  fieldNv: i32,
  wholeU: i32,
  partU: f32,
  y: f32,
  su: f32,
  sv: f32,
  weight: f32,
): void {
  const inV = max<f32>(0, min<f32>(y, <f32>(fieldNv - 1)));
  const v0 = min(<i32>inV, max(fieldNv - 2, 0));
  const v1 = min(v0 + 1, fieldNv - 1);
  const fv = inV - <f32>v0;
  const awayV = (y - inV) * sv;
  for (; u < end; u++) {
    const x = <f32>(u + wholeU) + partU;
    const inU = max<f32>(0, min<f32>(x, <f32>(fieldNu - 1)));
    const u0 = min(<i32>inU, max(fieldNu - 2, 0));
    const u1 = min(u0 + 1, fieldNu - 1);
    const fu = inU - <f32>u0;
    const upper = at(field, fieldNu, u0, v0) * (1 - fu) + at(field, fieldNu, u1, v0) * fu;
    const lower = at(field, fieldNu, u0, v1) * (1 - fu) + at(field, fieldNu, u1, v1) * fu;
    const awayU = (x - inU) * su;
    const value = upper * (1 - fv) + lower * fv - sqrt<f32>(awayU * awayU + awayV * awayV);
    const to = row + ((<usize>u) << 2);
    store<f32>(to, load<f32>(to) + weight * value);
  }
}

function at(field: usize, nu: i32, u: i32, v: i32): f32 {
  return load<f32>(field + ((<usize>(v * nu + u)) << 2));
}

/**
 * Lets a label with the values of `sum` (nu × nv, its first pixel at (u0, v0) of the slice) take the pixels where its value is
 * above 0 and above the best so far. `best` is f32, `labels` u16, both `sliceNu` wide. Labels come in ascending order, so that
 * the lower one keeps a tie. Values are compared in whole steps of 1 / `perMm` millimetres, so that the order of additions,
 * which follows the order of the axes, decides no tie; the offset keeps round values off the limits of a step.
 */
export function fillContest(
  sum: usize,
  nu: i32,
  nv: i32,
  best: usize,
  labels: usize,
  sliceNu: i32,
  u0: i32,
  v0: i32,
  label: i32,
  perMm: f32,
): void {
  for (let v = 0; v < nv; v++) {
    const from = sum + ((<usize>(v * nu)) << 2);
    const to = <usize>((v + v0) * sliceNu + u0);
    for (let u: usize = 0; u < <usize>nu; u++) {
      const steps = floor<f32>(load<f32>(from + (u << 2)) * perMm + 0.37);
      const bestAt = best + ((to + u) << 2);
      if (steps > load<f32>(bestAt)) {
        store<f32>(bestAt, steps);
        store<u16>(labels + ((to + u) << 1), <u16>label);
      }
    }
  }
}
