import {
  BRICK_EDGE,
  BRICK_VOXELS,
  brickDims,
  brickIndex,
  type BrickPixels,
  type BrickSource,
  type Dims,
} from "#volume";
import type { KernelImage } from "#workers";

/**
 * A chest as CT shows it, as a function of position: a body of soft tissue with two lungs, a spine, and a tree of vessels in each
 * lung, with noise. Stored values are Hounsfield units. `n` is the edge in voxels; everything scales with it.
 */
export interface Phantom {
  readonly dims: Dims;
  readonly dense: Int16Array;
  readonly image: KernelImage;
}

const AIR = -1000;
const LUNG = -850;
const TISSUE = 40;
const BONE = 700;
const VESSEL = 60;

/** Makes the phantom dense and cut into bricks. `noise` is the standard deviation; the seed is fixed. Whole in memory: for benches. */
export function chestPhantom(n: number, noise: number): Phantom {
  const dims: Dims = [n, n, n];
  const dense = new Int16Array(n ** 3);
  const random = gaussian(20_240_611);
  for (let k = 0, at = 0; k < n; k++) {
    const z = (2 * k + 1) / n - 1;
    for (let j = 0; j < n; j++) {
      const y = (2 * j + 1) / n - 1;
      for (let i = 0; i < n; i++, at++) dense[at] = tissueAt((2 * i + 1) / n - 1, y, z);
    }
  }
  for (const side of [-1, 1] as const) growVessels(dense, n, [side * 0.15, 0, 0], [side, 0.1, 0.3], 0.05, 6, random);
  if (noise > 0) for (let at = 0; at < dense.length; at++) dense[at] = Math.round(dense[at]! + noise * random());
  return { dims, dense, image: denseImage(dims, dense) };
}

function inside(x: number, y: number, z: number, a: number, b: number, c: number): boolean {
  return (x / a) ** 2 + (y / b) ** 2 + (z / c) ** 2 <= 1;
}

function tissueAt(x: number, y: number, z: number): number {
  if (!inside(x, y, z, 0.92, 0.72, 1.3)) return AIR;
  if (inside(x, y - 0.5, 0, 0.13, 0.13, 1)) return BONE;
  if (inside(x - 0.45, y, z, 0.34, 0.5, 0.8) || inside(x + 0.45, y, z, 0.34, 0.5, 0.8)) return LUNG;
  return TISSUE;
}

type Point = readonly [number, number, number];

/** A branch as balls along a line, then two thinner ones. Lengths are in half edges of the volume. */
function growVessels(
  dense: Int16Array,
  n: number,
  from: Point,
  along: Point,
  radius: number,
  depth: number,
  random: () => number,
): void {
  const length = Math.hypot(...along);
  const unit = along.map((part) => part / length) as unknown as Point;
  const reach = 0.05 + radius * 3;
  const steps = Math.ceil((reach * n) / 2 / Math.max(1, (radius * n) / 6));
  for (let step = 0; step <= steps; step++) {
    const t = (reach * step) / steps;
    ball(dense, n, from.map((part, axis) => part + unit[axis]! * t) as unknown as Point, radius);
  }
  if (depth === 0) return;
  const end = from.map((part, axis) => part + unit[axis]! * reach) as unknown as Point;
  for (const side of [-1, 1]) {
    const bend = unit.map((part) => part + side * 0.5 * random() * 0.6 + 0.3 * random()) as unknown as Point;
    growVessels(dense, n, end, bend, radius * 0.72, depth - 1, random);
  }
}

function ball(dense: Int16Array, n: number, center: Point, radius: number): void {
  const c = center.map((part) => ((part + 1) * n) / 2) as unknown as Point;
  const r = (radius * n) / 2;
  const range = (axis: 0 | 1 | 2): [number, number] => [
    Math.max(0, Math.floor(c[axis] - r)),
    Math.min(n - 1, Math.ceil(c[axis] + r)),
  ];
  const [i0, i1] = range(0);
  const [j0, j1] = range(1);
  const [k0, k1] = range(2);
  for (let k = k0; k <= k1; k++) {
    for (let j = j0; j <= j1; j++) {
      for (let i = i0; i <= i1; i++) {
        if (Math.hypot(i - c[0], j - c[1], k - c[2]) > r) continue;
        const at = (k * n + j) * n + i;
        if (dense[at] === LUNG) dense[at] = VESSEL;
      }
    }
  }
}

/** Normal deviates that a seed repeats (mulberry32, sums of four). */
function gaussian(seed: number): () => number {
  let state = seed;
  const uniform = (): number => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
  return () => (uniform() + uniform() + uniform() + uniform() - 2) * Math.sqrt(3);
}

/** Dense int16 voxels as bricks in memory, as a cache would hold them. */
export function denseImage(dims: Dims, dense: Int16Array): KernelImage {
  const counts = brickDims(dims);
  const held = new Map<number, BrickPixels>();
  const bricks: BrickSource = {
    readBrick({ bi, bj, bk }) {
      const index = brickIndex(counts, bi, bj, bk);
      let brick = held.get(index);
      if (!brick) held.set(index, (brick = cut(dims, dense, [bi, bj, bk])));
      return Promise.resolve(brick);
    },
  };
  return { dims, voxelType: "int16", frame: 0, bricks };
}

function cut(dims: Dims, dense: Int16Array, [bi, bj, bk]: Dims): BrickPixels {
  const voxels = new Int16Array(BRICK_VOXELS);
  let min = 32_767;
  let max = -32_768;
  for (let k = 0; k < BRICK_EDGE; k++) {
    const fk = Math.min(bk * BRICK_EDGE + k, dims[2] - 1);
    for (let j = 0; j < BRICK_EDGE; j++) {
      const fj = Math.min(bj * BRICK_EDGE + j, dims[1] - 1);
      const from = (fk * dims[1] + fj) * dims[0];
      for (let i = 0; i < BRICK_EDGE; i++) {
        const value = dense[from + Math.min(bi * BRICK_EDGE + i, dims[0] - 1)]!;
        voxels[(k * BRICK_EDGE + j) * BRICK_EDGE + i] = value;
        if (value < min) min = value;
        if (value > max) max = value;
      }
    }
  }
  return { address: { frame: 0, level: 0, bi, bj, bk }, voxels, min, max };
}
