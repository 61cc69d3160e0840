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

/** Bytes of scratch for a grid of so many nodes, nx along a row: three grids and a row. */
export function fillBendScratch(nx: i32, nodes: i32): i32 {
  return (nodes * 3 + nx) * 4 + 64;
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
 * Improves the field by `steps` of conjugate gradients, from the start (`fresh` 1) or where the last call stopped; `scratch` is kept
 * between calls, and the start puts `diagonal` upside down.
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
  const row = image + bytes;
  let gain: f64 = 0;
  if (fresh) {
    apply(field, nx, ny, nz, samples, count, weight, image, row);
    for (let at: usize = 0; at < bytes; at += 16) {
      const inverse = f32x4.div(f32x4.splat(1), v128.load(diagonal + at));
      const rest = f32x4.sub(v128.load(sides + at), v128.load(image + at));
      v128.store(diagonal + at, inverse);
      v128.store(left + at, rest);
      v128.store(along + at, f32x4.mul(rest, inverse));
    }
  }
  for (let at: usize = 0; at < bytes; at += 16) {
    const rest = v128.load(left + at);
    gain += sumOf(f32x4.mul(f32x4.mul(rest, rest), v128.load(diagonal + at)));
  }
  for (let step = 0; step < steps && gain > 0; step++) {
    apply(along, nx, ny, nz, samples, count, weight, image, row);
    const curvature = dot(along, image, bytes);
    if (!(curvature > 0)) break;
    const far = f32x4.splat(<f32>(gain / curvature));
    let next: f64 = 0;
    for (let at: usize = 0; at < bytes; at += 16) {
      v128.store(field + at, f32x4.add(v128.load(field + at), f32x4.mul(far, v128.load(along + at))));
      const rest = f32x4.sub(v128.load(left + at), f32x4.mul(far, v128.load(image + at)));
      v128.store(left + at, rest);
      next += sumOf(f32x4.mul(f32x4.mul(rest, rest), v128.load(diagonal + at)));
    }
    const keep = f32x4.splat(<f32>(next / gain));
    for (let at: usize = 0; at < bytes; at += 16) {
      const fresh = f32x4.mul(v128.load(left + at), v128.load(diagonal + at));
      v128.store(along + at, f32x4.add(fresh, f32x4.mul(keep, v128.load(along + at))));
    }
    gain = next;
  }
}

function sumOf(product: v128): f64 {
  return (
    <f64>(f32x4.extract_lane(product, 0) + f32x4.extract_lane(product, 1)) +
    <f64>(f32x4.extract_lane(product, 2) + f32x4.extract_lane(product, 3))
  );
}

function dot(a: usize, b: usize, bytes: usize): f64 {
  let sum: f64 = 0;
  for (let at: usize = 0; at < bytes; at += 16) sum += sumOf(f32x4.mul(v128.load(a + at), v128.load(b + at)));
  return sum;
}

/**
 * `to` = (bending + weight · samplesᵀ samples) of the field. Bending is the sum, over the axes, of squared second differences, and over
 * pairs of axes twice that of mixed ones: A along each axis and 2 L L along each pair, where A is the second difference after itself and
 * L the first after itself, each within the grid. `row`: room for nx + 8 f32.
 */
function apply(
  field: usize,
  nx: i32,
  ny: i32,
  nz: i32,
  samples: usize,
  count: i32,
  weight: f32,
  to: usize,
  row: usize,
): void {
  const stepY = (<usize>nx) << 2;
  const stepZ = stepY * <usize>ny;
  for (let k = 0; k < nz; k++) {
    for (let j = 0; j < ny; j++) {
      const at = (<usize>((k * ny + j) * nx)) << 2;
      bendRow(field + at, to + at, row, nx, j, ny, stepY, k, nz, stepZ);
    }
  }
  for (let n = 0; n < count; n++) {
    const sample = samples + <usize>n * SAMPLE;
    const at = (<usize>load<i32>(sample)) << 2;
    const x = load<f32>(sample, 4);
    const y = load<f32>(sample, 8);
    const z = load<f32>(sample, 12);
    const left: f32 = 1 - x;
    const p: f32 = (1 - y) * (1 - z);
    const q: f32 = y * (1 - z);
    const r: f32 = (1 - y) * z;
    const s: f32 = y * z;
    const a = field + at;
    const near: f32 =
      p * load<f32>(a) + q * load<f32>(a + stepY) + r * load<f32>(a + stepZ) + s * load<f32>(a + stepY + stepZ);
    const b = a + 4;
    const far: f32 =
      p * load<f32>(b) + q * load<f32>(b + stepY) + r * load<f32>(b + stepZ) + s * load<f32>(b + stepY + stepZ);
    const value: f32 = weight * (left * near + x * far);
    const c = to + at;
    give(c, left * value, x * value, p);
    give(c + stepY, left * value, x * value, q);
    give(c + stepZ, left * value, x * value, r);
    give(c + stepY + stepZ, left * value, x * value, s);
  }
}

function give(at: usize, left: f32, right: f32, share: f32): void {
  store<f32>(at, load<f32>(at) + share * left);
  store<f32>(at, load<f32>(at, 4) + share * right, 4);
}

/** What A has two before, one before, at, one and two after node n of a line of `count`: 0 beyond its ends. */
function bendOf(n: i32, count: i32, by: i32): f32 {
  // Second differences around n − 1, n and n + 1, where the line has them.
  const before: f32 = n > 1 ? 1 : 0;
  const here: f32 = n > 0 && n + 1 < count ? 1 : 0;
  const after: f32 = n + 2 < count ? 1 : 0;
  if (by == -2) return before;
  if (by == -1) return -2 * before - 2 * here;
  if (by == 0) return before + 4 * here + after;
  if (by == 1) return -2 * here - 2 * after;
  return after;
}

/** The bending of one row of nodes; j of ny and k of nz say where it lies. */
function bendRow(
  own: usize,
  to: usize,
  row: usize,
  nx: i32,
  j: i32,
  ny: i32,
  y: usize,
  k: i32,
  nz: i32,
  z: usize,
): void {
  // What L has before and after; at the node itself it has less the sum of both.
  const yBefore: f32 = j > 0 ? -1 : 0;
  const yAfter: f32 = j + 1 < ny ? -1 : 0;
  const zBefore: f32 = k > 0 ? -1 : 0;
  const zAfter: f32 = k + 1 < nz ? -1 : 0;
  const yOwn = -yBefore - yAfter;
  const zOwn = -zBefore - zAfter;
  // Rows that are not there count 0, and are read where some row is.
  const y1 = j > 0 ? own - y : own;
  const y2 = j > 1 ? own - 2 * y : own;
  const y3 = j + 1 < ny ? own + y : own;
  const y4 = j + 2 < ny ? own + 2 * y : own;
  const z1 = k > 0 ? own - z : own;
  const z2 = k > 1 ? own - 2 * z : own;
  const z3 = k + 1 < nz ? own + z : own;
  const z4 = k + 2 < nz ? own + 2 * z : own;
  const y1z1 = j > 0 && k > 0 ? own - y - z : own;
  const y3z1 = j + 1 < ny && k > 0 ? own + y - z : own;
  const y1z3 = j > 0 && k + 1 < nz ? own - y + z : own;
  const y3z3 = j + 1 < ny && k + 1 < nz ? own + y + z : own;
  const atOwn = f32x4.splat(bendOf(j, ny, 0) + bendOf(k, nz, 0) + 2 * yOwn * zOwn);
  const atY1 = f32x4.splat(bendOf(j, ny, -1) + 2 * yBefore * zOwn);
  const atY3 = f32x4.splat(bendOf(j, ny, 1) + 2 * yAfter * zOwn);
  const atZ1 = f32x4.splat(bendOf(k, nz, -1) + 2 * yOwn * zBefore);
  const atZ3 = f32x4.splat(bendOf(k, nz, 1) + 2 * yOwn * zAfter);
  const atY2 = f32x4.splat(bendOf(j, ny, -2));
  const atY4 = f32x4.splat(bendOf(j, ny, 2));
  const atZ2 = f32x4.splat(bendOf(k, nz, -2));
  const atZ4 = f32x4.splat(bendOf(k, nz, 2));
  const atY1Z1 = f32x4.splat(2 * yBefore * zBefore);
  const atY3Z1 = f32x4.splat(2 * yAfter * zBefore);
  const atY1Z3 = f32x4.splat(2 * yBefore * zAfter);
  const atY3Z3 = f32x4.splat(2 * yAfter * zAfter);
  const lOwn = f32x4.splat(2 * (yOwn + zOwn));
  const lY1 = f32x4.splat(2 * yBefore);
  const lY3 = f32x4.splat(2 * yAfter);
  const lZ1 = f32x4.splat(2 * zBefore);
  const lZ3 = f32x4.splat(2 * zAfter);
  const bytes = (<usize>nx) << 2;
  // Across the row first; `row` takes what L along the row is still to be applied to.
  for (let at: usize = 0; at < bytes; at += 16) {
    const c = v128.load(own + at);
    const a1 = v128.load(y1 + at);
    const a3 = v128.load(y3 + at);
    const b1 = v128.load(z1 + at);
    const b3 = v128.load(z3 + at);
    let sum = f32x4.mul(atOwn, c);
    sum = f32x4.add(sum, f32x4.add(f32x4.mul(atY1, a1), f32x4.mul(atY3, a3)));
    sum = f32x4.add(sum, f32x4.add(f32x4.mul(atZ1, b1), f32x4.mul(atZ3, b3)));
    sum = f32x4.add(sum, f32x4.add(f32x4.mul(atY2, v128.load(y2 + at)), f32x4.mul(atY4, v128.load(y4 + at))));
    sum = f32x4.add(sum, f32x4.add(f32x4.mul(atZ2, v128.load(z2 + at)), f32x4.mul(atZ4, v128.load(z4 + at))));
    sum = f32x4.add(sum, f32x4.add(f32x4.mul(atY1Z1, v128.load(y1z1 + at)), f32x4.mul(atY3Z1, v128.load(y3z1 + at))));
    sum = f32x4.add(sum, f32x4.add(f32x4.mul(atY1Z3, v128.load(y1z3 + at)), f32x4.mul(atY3Z3, v128.load(y3z3 + at))));
    v128.store(to + at, sum);
    const along = f32x4.add(
      f32x4.mul(lOwn, c),
      f32x4.add(f32x4.add(f32x4.mul(lY1, a1), f32x4.mul(lY3, a3)), f32x4.add(f32x4.mul(lZ1, b1), f32x4.mul(lZ3, b3))),
    );
    v128.store(row + at, along);
  }
  // Then along it; the first two and the last two nodes by themselves.
  let n = 2;
  const six = f32x4.splat(6);
  const four = f32x4.splat(4);
  for (; n + 4 <= nx - 2; n += 4) {
    const at = (<usize>n) << 2;
    const near = f32x4.add(v128.load(own + at - 4), v128.load(own + at + 4));
    const far = f32x4.add(v128.load(own + at - 8), v128.load(own + at + 8));
    const bent = f32x4.add(f32x4.sub(f32x4.mul(six, v128.load(own + at)), f32x4.mul(four, near)), far);
    const middle = v128.load(row + at);
    const even = f32x4.sub(f32x4.add(middle, middle), f32x4.add(v128.load(row + at - 4), v128.load(row + at + 4)));
    v128.store(to + at, f32x4.add(v128.load(to + at), f32x4.add(bent, even)));
  }
  bendNode(own, to, row, 0, nx);
  bendNode(own, to, row, 1, nx);
  for (; n < nx; n++) bendNode(own, to, row, n, nx);
}

/** Adds to node n of a row what A does along it, and L to `row`. */
function bendNode(own: usize, to: usize, row: usize, n: i32, nx: i32): void {
  const at = (<usize>n) << 2;
  let sum: f32 = 0;
  for (let by = max(-2, -n); by <= min(2, nx - 1 - n); by++) {
    sum += bendOf(n, nx, by) * load<f32>(own + at + ((<usize>by) << 2));
  }
  const middle = load<f32>(row + at);
  if (n > 0) sum += middle - load<f32>(row + at - 4);
  if (n + 1 < nx) sum += middle - load<f32>(row + at, 4);
  store<f32>(to + at, load<f32>(to + at) + sum);
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
