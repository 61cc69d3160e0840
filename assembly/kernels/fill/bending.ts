/*
 * A field on a grid of nodes (f32, x fastest, nx a multiple of 4) that bends as little as possible and passes near given values:
 * least of (sum of squared second differences) + weight · (sum of squared misses), which between planes is a cubic spline and in
 * general what radial basis functions of r are. Solved by conjugate gradients, preconditioned by the diagonal.
 */

/** Bytes of a sample: base node (i32), fractions along x, y, z (f32) and value (f32). */
const SAMPLE: usize = 20;
/** Diagonal of the bending part away from the grid's border: 6 along each axis, 8 for each pair of axes. */
const BENDING: f32 = 42;

export function fillSampleBytes(): i32 {
  return <i32>SAMPLE;
}

/** Clears the right side (`sides`) and sets up the diagonal. */
export function fillBendStart(nodes: i32, sides: usize, diagonal: usize): void {
  memory.fill(sides, 0, (<usize>nodes) << 2);
  for (let n = 0; n < nodes; n++) store<f32>(diagonal + ((<usize>n) << 2), BENDING);
}

/** Adds each sample's share to the right side and to the diagonal. */
export function fillBendSamples(
  samples: usize,
  count: i32,
  nx: i32,
  ny: i32,
  weight: f32,
  sides: usize,
  diagonal: usize,
): void {
  for (let n = 0; n < count; n++) {
    const sample = samples + <usize>n * SAMPLE;
    const value = weight * load<f32>(sample, 16);
    for (let corner = 0; corner < 8; corner++) {
      const share = shareOf(sample, corner);
      const at = (<usize>nodeOf(sample, corner, nx, ny)) << 2;
      store<f32>(sides + at, load<f32>(sides + at) + share * value);
      store<f32>(diagonal + at, load<f32>(diagonal + at) + share * share * weight);
    }
  }
}

/**
 * Improves the field by `steps` of conjugate gradients, from the start (`fresh` 1) or where the last call stopped; `scratch`, room
 * for three grids, is kept between calls.
 */
export function fillBendSolve(
  field: usize,
  nx: i32,
  ny: i32,
  nz: i32,
  samples: usize,
  count: i32,
  weight: f32,
  sides: usize,
  diagonal: usize,
  scratch: usize,
  fresh: i32,
  steps: i32,
): void {
  const nodes = nx * ny * nz;
  const bytes = (<usize>nodes) << 2;
  const left = scratch;
  const along = left + bytes;
  const image = along + bytes;
  let gain: f64 = 0;
  if (fresh) apply(field, nx, ny, nz, samples, count, weight, image);
  for (let at: usize = 0; at < bytes; at += 4) {
    if (fresh) {
      const rest = load<f32>(sides + at) - load<f32>(image + at);
      store<f32>(left + at, rest);
      store<f32>(along + at, rest / load<f32>(diagonal + at));
    }
    gain += (<f64>load<f32>(left + at) * <f64>load<f32>(left + at)) / <f64>load<f32>(diagonal + at);
  }
  for (let step = 0; step < steps && gain > 0; step++) {
    apply(along, nx, ny, nz, samples, count, weight, image);
    const curvature = dot(along, image, bytes);
    if (!(curvature > 0)) break;
    const far = f32x4.splat(<f32>(gain / curvature));
    let next: f64 = 0;
    for (let at: usize = 0; at < bytes; at += 16) {
      v128.store(field + at, f32x4.add(v128.load(field + at), f32x4.mul(far, v128.load(along + at))));
      const rest = f32x4.sub(v128.load(left + at), f32x4.mul(far, v128.load(image + at)));
      v128.store(left + at, rest);
      const product = f32x4.div(f32x4.mul(rest, rest), v128.load(diagonal + at));
      next +=
        <f64>(f32x4.extract_lane(product, 0) + f32x4.extract_lane(product, 1)) +
        <f64>(f32x4.extract_lane(product, 2) + f32x4.extract_lane(product, 3));
    }
    const keep = f32x4.splat(<f32>(next / gain));
    for (let at: usize = 0; at < bytes; at += 16) {
      const fresh = f32x4.div(v128.load(left + at), v128.load(diagonal + at));
      v128.store(along + at, f32x4.add(fresh, f32x4.mul(keep, v128.load(along + at))));
    }
    gain = next;
  }
}

function dot(a: usize, b: usize, bytes: usize): f64 {
  let sum: f64 = 0;
  for (let at: usize = 0; at < bytes; at += 16) {
    const product = f32x4.mul(v128.load(a + at), v128.load(b + at));
    sum +=
      <f64>(f32x4.extract_lane(product, 0) + f32x4.extract_lane(product, 1)) +
      <f64>(f32x4.extract_lane(product, 2) + f32x4.extract_lane(product, 3));
  }
  return sum;
}

/** `to` = (bending + weight · samplesᵀ samples) of the field. */
function apply(field: usize, nx: i32, ny: i32, nz: i32, samples: usize, count: i32, weight: f32, to: usize): void {
  memory.fill(to, 0, (<usize>(nx * ny * nz)) << 2);
  const y = (<usize>nx) << 2;
  const z = y * <usize>ny;
  for (let k = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      const row = (<usize>((k * ny + j) * nx)) << 2;
      const own = field + row;
      const out = to + row;
      second(own + 4, out + 4, nx - 2, 4);
      if (j > 0 && j + 1 < ny) second(own, out, nx, y);
      if (k > 0 && k + 1 < nz) second(own, out, nx, z);
      if (j + 1 < ny) mixed(own, out, nx - 1, 4, y);
      if (k + 1 < nz) mixed(own, out, nx - 1, 4, z);
      if (j + 1 < ny && k + 1 < nz) mixed(own, out, nx, y, z);
    }
  }
  for (let n = 0; n < count; n++) {
    const sample = samples + <usize>n * SAMPLE;
    let value: f32 = 0;
    for (let corner = 0; corner < 8; corner++) {
      value += shareOf(sample, corner) * load<f32>(field + ((<usize>nodeOf(sample, corner, nx, ny)) << 2));
    }
    value *= weight;
    for (let corner = 0; corner < 8; corner++) {
      const at = to + ((<usize>nodeOf(sample, corner, nx, ny)) << 2);
      store<f32>(at, load<f32>(at) + shareOf(sample, corner) * value);
    }
  }
}

/** Second differences over `step` bytes of `count` nodes, and what they give back to the three nodes of each. */
function second(own: usize, out: usize, count: i32, step: usize): void {
  let n = 0;
  for (; n + 4 <= count; n += 4) {
    const at = own + ((<usize>n) << 2);
    const to = out + ((<usize>n) << 2);
    const middle = v128.load(at);
    const difference = f32x4.sub(f32x4.add(v128.load(at - step), v128.load(at + step)), f32x4.add(middle, middle));
    v128.store(to - step, f32x4.add(v128.load(to - step), difference));
    v128.store(to, f32x4.sub(v128.load(to), f32x4.add(difference, difference)));
    v128.store(to + step, f32x4.add(v128.load(to + step), difference));
  }
  for (; n < count; n++) {
    const at = own + ((<usize>n) << 2);
    const to = out + ((<usize>n) << 2);
    const difference = load<f32>(at - step) - 2 * load<f32>(at) + load<f32>(at + step);
    store<f32>(to - step, load<f32>(to - step) + difference);
    store<f32>(to, load<f32>(to) - 2 * difference);
    store<f32>(to + step, load<f32>(to + step) + difference);
  }
}

/** Mixed differences over two steps, which count twice. */
function mixed(own: usize, out: usize, count: i32, a: usize, b: usize): void {
  let n = 0;
  for (; n + 4 <= count; n += 4) {
    const at = own + ((<usize>n) << 2);
    const to = out + ((<usize>n) << 2);
    const once = f32x4.sub(
      f32x4.add(v128.load(at), v128.load(at + a + b)),
      f32x4.add(v128.load(at + a), v128.load(at + b)),
    );
    const twice = f32x4.add(once, once);
    v128.store(to, f32x4.add(v128.load(to), twice));
    v128.store(to + a, f32x4.sub(v128.load(to + a), twice));
    v128.store(to + b, f32x4.sub(v128.load(to + b), twice));
    v128.store(to + a + b, f32x4.add(v128.load(to + a + b), twice));
  }
  for (; n < count; n++) {
    const at = own + ((<usize>n) << 2);
    const to = out + ((<usize>n) << 2);
    const once = load<f32>(at) + load<f32>(at + a + b) - load<f32>(at + a) - load<f32>(at + b);
    const twice = once + once;
    store<f32>(to, load<f32>(to) + twice);
    store<f32>(to + a, load<f32>(to + a) - twice);
    store<f32>(to + b, load<f32>(to + b) - twice);
    store<f32>(to + a + b, load<f32>(to + a + b) + twice);
  }
}

function nodeOf(sample: usize, corner: i32, nx: i32, ny: i32): i32 {
  return load<i32>(sample) + (corner & 1) + ((corner >> 1) & 1) * nx + (corner >> 2) * nx * ny;
}

function shareOf(sample: usize, corner: i32): f32 {
  const x = load<f32>(sample, 4);
  const y = load<f32>(sample, 8);
  const z = load<f32>(sample, 12);
  return (corner & 1 ? x : 1 - x) * (corner & 2 ? y : 1 - y) * (corner & 4 ? z : 1 - z);
}

/** The field of a grid on one of half the step: (nx, ny, nz) nodes to (mx, my, mz), every other of them a node of the coarse one. */
export function fillBendRefine(field: usize, nx: i32, ny: i32, nz: i32, to: usize, mx: i32, my: i32, mz: i32): void {
  for (let k = 0; k < mz; k++) {
    const z = min(k >> 1, nz - 1);
    const z1 = min((k + 1) >> 1, nz - 1);
    for (let j = 0; j < my; j++) {
      const y = min(j >> 1, ny - 1);
      const y1 = min((j + 1) >> 1, ny - 1);
      for (let i = 0; i < mx; i++) {
        const x = min(i >> 1, nx - 1);
        const x1 = min((i + 1) >> 1, nx - 1);
        const value =
          node(field, x, y, z, nx, ny) +
          node(field, x1, y, z, nx, ny) +
          node(field, x, y1, z, nx, ny) +
          node(field, x1, y1, z, nx, ny) +
          node(field, x, y, z1, nx, ny) +
          node(field, x1, y, z1, nx, ny) +
          node(field, x, y1, z1, nx, ny) +
          node(field, x1, y1, z1, nx, ny);
        store<f32>(to + ((<usize>((k * my + j) * mx + i)) << 2), value * 0.125);
      }
    }
  }
}

function node(field: usize, x: i32, y: i32, z: i32, nx: i32, ny: i32): f32 {
  return load<f32>(field + ((<usize>((z * ny + y) * nx + x)) << 2));
}
