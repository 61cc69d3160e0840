import { wrongChance } from "./doubt";

/* Fields of segments on grids of nodes, held against one another in a brick. */

/**
 * Enters a segment's field into a brick of 64³: `best` (f32) holds the largest value so far and `labels` (u16) its segment, unless it
 * is 0 (the union of all); a value enters where it is above `best`, which begins as `least`. `second` (0: not asked for), which
 * begins so too, holds the next largest. Voxel (i, j, k) of the brick lies at node (x0 + i·dx, y0 + j·dy, z0 + k·dz); what
 * lies beyond the grid is not of the segment. `row` is room for nx + 128 f32.
 */
export function fillEvaluate(
  field: usize,
  nx: i32,
  ny: i32,
  nz: i32,
  x0: f32,
  y0: f32,
  z0: f32,
  dx: f32,
  dy: f32,
  dz: f32,
  segment: i32,
  least: f32,
  best: usize,
  second: usize,
  labels: usize,
  row: usize,
): void {
  const from = max(0, <i32>ceil(-x0 / dx));
  const end = min(64, <i32>ceil((<f32>(nx - 1) - x0) / dx));
  // Where each voxel's node lies in `row`, and how far it is on to the next.
  const nodes = row + ((<usize>nx) << 2);
  const ways = nodes + 256;
  for (let i = from; i < end; i++) {
    const x = x0 + <f32>i * dx;
    const node = <i32>x;
    store<i32>(nodes + ((<usize>i) << 2), node << 2);
    store<f32>(ways + ((<usize>i) << 2), x - <f32>node);
  }
  for (let k = 0; k < 64; k++) {
    const z = z0 + <f32>k * dz;
    if (z < 0 || z >= <f32>(nz - 1)) continue;
    const zNode = <i32>z;
    const forZ = z - <f32>zNode;
    for (let j = 0; j < 64; j++) {
      const y = y0 + <f32>j * dy;
      if (y < 0 || y >= <f32>(ny - 1)) continue;
      const yNode = <i32>y;
      if (!nodesOfRow(field + ((<usize>((zNode * ny + yNode) * nx)) << 2), nx, ny, y - <f32>yNode, forZ, least, row))
        continue;
      const first = <usize>((k << 12) | (j << 6));
      const bestRow = best + (first << 2);
      const secondRow = second ? second + (first << 2) : 0;
      const labelRow = labels + (first << 1);
      let i = from;
      for (; i + 4 <= end; i += 4) {
        const at = (<usize>i) << 2;
        const a = row + <usize>load<i32>(nodes + at);
        const b = row + <usize>load<i32>(nodes + at, 4);
        const c = row + <usize>load<i32>(nodes + at, 8);
        const d = row + <usize>load<i32>(nodes + at, 12);
        const left = f32x4(load<f32>(a), load<f32>(b), load<f32>(c), load<f32>(d));
        const right = f32x4(load<f32>(a, 4), load<f32>(b, 4), load<f32>(c, 4), load<f32>(d, 4));
        const value = f32x4.add(left, f32x4.mul(v128.load(ways + at), f32x4.sub(right, left)));
        const held = v128.load(bestRow + at);
        if (second) {
          v128.store(secondRow + at, f32x4.max(v128.load(secondRow + at), f32x4.min(held, value)));
        }
        const above = i32x4.bitmask(f32x4.gt(value, held));
        if (!above) continue;
        v128.store(bestRow + at, f32x4.max(value, held));
        if (segment == 0) continue;
        const to = labelRow + ((<usize>i) << 1);
        if (above & 1) store<u16>(to, <u16>segment);
        if (above & 2) store<u16>(to, <u16>segment, 2);
        if (above & 4) store<u16>(to, <u16>segment, 4);
        if (above & 8) store<u16>(to, <u16>segment, 6);
      }
      for (; i < end; i++) {
        const at = (<usize>i) << 2;
        const node = row + <usize>load<i32>(nodes + at);
        const value = load<f32>(node) + load<f32>(ways + at) * (load<f32>(node, 4) - load<f32>(node));
        const held = load<f32>(bestRow + at);
        if (second) store<f32>(secondRow + at, max(load<f32>(secondRow + at), min(held, value)));
        if (value <= held) continue;
        store<f32>(bestRow + at, value);
        if (segment != 0) store<u16>(labelRow + ((<usize>i) << 1), <u16>segment);
      }
    }
  }
}

/** The nodes of a row between four rows of the grid; false where none is above `least`. */
function nodesOfRow(first: usize, nx: i32, ny: i32, forY: f32, forZ: f32, least: f32, row: usize): bool {
  const y = (<usize>nx) << 2;
  const z = y * <usize>ny;
  const a = f32x4.splat((1 - forY) * (1 - forZ));
  const b = f32x4.splat(forY * (1 - forZ));
  const c = f32x4.splat((1 - forY) * forZ);
  const d = f32x4.splat(forY * forZ);
  const bound = f32x4.splat(least);
  let above = bound;
  for (let at: usize = 0; at < y; at += 16) {
    const near = f32x4.add(f32x4.mul(a, v128.load(first + at)), f32x4.mul(b, v128.load(first + y + at)));
    const far = f32x4.add(f32x4.mul(c, v128.load(first + z + at)), f32x4.mul(d, v128.load(first + z + y + at)));
    const sum = f32x4.add(near, far);
    above = f32x4.max(above, sum);
    v128.store(row + at, sum);
  }
  return v128.any_true(f32x4.gt(above, bound));
}

/** Takes the voxels of a brick whose |a·i + b·j + c·k + d| is at most 1 out of `labels`. */
export function fillClearPlane(labels: usize, a: f64, b: f64, c: f64, d: f64): void {
  for (let k = 0; k < 64; k++) {
    for (let j = 0; j < 64; j++) {
      const rest = b * <f64>j + c * <f64>k + d;
      const row = labels + ((<usize>((k << 12) | (j << 6))) << 1);
      if (abs(a) < 1e-9) {
        if (abs(rest) <= 1) memory.fill(row, 0, 128);
        continue;
      }
      const p = (-1 - rest) / a;
      const q = (1 - rest) / a;
      const from = <i32>max(0, ceil(min(p, q)));
      const last = <i32>min(63, floor(max(p, q)));
      if (from <= last) memory.fill(row + ((<usize>from) << 1), 0, (<usize>(last - from + 1)) << 1);
    }
  }
}

/**
 * Takes out of `labels` what is not to be proposed: voxels whose value and the union's (0: there is none) together are not above 0,
 * that hold a label already (u16 at `existing`, 0: none do), or that lie outside of ni × nj × nk. Returns how many are left.
 */
export function fillKeepEmpty(
  labels: usize,
  best: usize,
  union: usize,
  existing: usize,
  ni: i32,
  nj: i32,
  nk: i32,
): i32 {
  let left = 0;
  for (let k = 0; k < 64; k++) {
    for (let j = 0; j < 64; j++) {
      for (let i = 0; i < 64; i++) {
        const voxel = <usize>((k << 12) | (j << 6) | i);
        const at = labels + (voxel << 1);
        if (load<u16>(at) == 0) continue;
        let value = load<f32>(best + (voxel << 2));
        if (value <= 0 && union) value += load<f32>(union + (voxel << 2));
        const taken = existing != 0 && load<u16>(existing + (voxel << 1)) != 0;
        if (value > 0 && !taken && k < nk && j < nj && i < ni) left++;
        else store<u16>(at, 0);
      }
    }
  }
  return left;
}

/** Fills `count` f32 with a value. */
export function fillValue(to: usize, count: i32, value: f32): void {
  for (let n = 0; n < count; n++) store<f32>(to + ((<usize>n) << 2), value);
}

/**
 * Writes the chance that a voxel of a brick is wrong (f32 at `to`) as `fillDoubts` does, where the deviation, in millimetres, is
 * `own` at a drawn plane and grows by `spread` for each millimetre from the nearest of them. `planes` holds a, b, c, d of
 * `fillClearPlane` and the millimetres that 1 stands for (f64 each). 0 on drawn planes and where no field comes near (`least`).
 */
export function fillBrickDoubts(
  best: usize,
  second: usize,
  least: f32,
  planes: usize,
  count: i32,
  own: f32,
  spread: f32,
  to: usize,
): void {
  for (let k = 0; k < 64; k++) {
    for (let j = 0; j < 64; j++) {
      for (let i = 0; i < 64; i++) {
        const at = (<usize>((k << 12) | (j << 6) | i)) << 2;
        const value = load<f32>(best + at);
        let chance: f32 = 0;
        if (value > least) {
          const away = fromPlanes(planes, count, i, j, k);
          const margin = value > 0 ? value - max<f32>(load<f32>(second + at), 0) : -value;
          if (away > 0) chance = wrongChance(margin, own + spread * away);
        }
        store<f32>(to + at, chance);
      }
    }
  }
}

/** Millimetres to the nearest plane, 0 on its voxels. */
function fromPlanes(planes: usize, count: i32, i: i32, j: i32, k: i32): f32 {
  let least: f64 = Infinity;
  for (let n = 0; n < count; n++) {
    const plane = planes + <usize>n * 40;
    const away = abs(
      load<f64>(plane) * <f64>i + load<f64>(plane, 8) * <f64>j + load<f64>(plane, 16) * <f64>k + load<f64>(plane, 24),
    );
    if (away <= 1) return 0;
    least = min(least, away * load<f64>(plane, 32));
  }
  return <f32>least;
}
