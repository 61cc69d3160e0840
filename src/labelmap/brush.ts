import { add, dot, scale, subtract, type Vec3, VoxelwrightError } from "#base";
import { type Dims, type ImageGrid, type IndexIjk, type PointLps } from "#volume";
import { MaskBuilder } from "./mask-builder.ts";

/** `disc`: voxels of one index plane; `sphere`: voxels of the volume. */
export type BrushShape = "disc" | "sphere";

/** The plane of a disc: index axis across it (0 = i, 1 = j, 2 = k) and its whole index on that axis. */
export interface BrushPlane {
  readonly axis: 0 | 1 | 2;
  readonly slice: number;
}

/** The plane of a disc that does not lie in a slice of voxels: it goes through `from`, and takes every voxel that it cuts. */
export interface ObliquePlane {
  /** Unit vector, LPS. */
  readonly normal: Vec3;
}

export interface StrokeRequest {
  readonly grid: ImageGrid;
  /** Pointer at the last sample and now; equal for a click. */
  readonly from: PointLps;
  readonly to: PointLps;
  readonly radiusMm: number;
  readonly shape: BrushShape;
  /** Needed for a disc. */
  readonly plane?: BrushPlane | ObliquePlane;
}

/**
 * Voxels whose centres lie within `radiusMm` of the way from `from` to `to`, as a mask per level-0 brick. So a stroke is without
 * gaps at any pointer speed. Distances are millimetres in patient space, whatever the grid's spacing and shear. The voxels on the
 * way itself are always in, however small the brush. A disc takes the way's shadow on its plane, cast along the plane's axis.
 */
export function rasteriseStroke(request: StrokeRequest): Map<number, Uint8Array> {
  const { grid, radiusMm, shape, plane } = request;
  if (!(radiusMm >= 0 && Number.isFinite(radiusMm))) {
    throw new VoxelwrightError("argument", `A brush radius is a length in millimetres, not ${radiusMm}.`);
  }
  if (shape === "disc" && !plane) throw new VoxelwrightError("argument", "A disc needs the plane it lies in.");
  const flat = shape === "disc" && plane && "axis" in plane ? plane : undefined;
  const oblique = shape === "disc" && plane && "normal" in plane ? slabOf(grid, plane, request.from) : undefined;
  const onPlane = (point: PointLps): IndexIjk => {
    const ijk = grid.toIndex(point);
    return flat ? (ijk.map((value, axis) => (axis === flat.axis ? flat.slice : value)) as unknown as IndexIjk) : ijk;
  };
  const builder = new MaskBuilder(grid.dims);
  if (flat && !(flat.slice >= 0 && flat.slice < grid.dims[flat.axis])) return builder.finish();
  const from = onPlane(request.from);
  const to = onPlane(request.to);
  addWay(builder, from, to);
  addCapsule(builder, grid, grid.toLps(from), grid.toLps(to), radiusMm, flat, oblique);
  return builder.finish();
}

/** The same for separate points, given as whole voxel indices: a disc or a sphere round each. Discs lie in `axis` (default k). */
export function rasterisePoints(
  grid: ImageGrid,
  points: readonly IndexIjk[],
  radiusMm: number,
  shape: BrushShape,
  axis: 0 | 1 | 2 = 2,
): Map<number, Uint8Array> {
  const joined = new Map<number, Uint8Array>();
  for (const ijk of points) {
    const point = grid.toLps(ijk);
    const plane = { axis, slice: Math.round(ijk[axis]) };
    for (const [index, mask] of rasteriseStroke({ grid, from: point, to: point, radiusMm, shape, plane })) {
      const earlier = joined.get(index);
      if (earlier) for (let n = 0; n < mask.length; n++) earlier[n]! |= mask[n]!;
      else joined.set(index, mask);
    }
  }
  return joined;
}

/** Voxels nearest to the straight way, each touching the next. */
function addWay(builder: MaskBuilder, from: IndexIjk, to: IndexIjk): void {
  const steps = Math.max(1, Math.ceil(Math.max(...from.map((value, axis) => Math.abs(to[axis]! - value)))));
  for (let step = 0; step <= steps; step++) {
    const t = step / steps;
    const at = (axis: 0 | 1 | 2): number => Math.floor(from[axis] + (to[axis] - from[axis]) * t + 0.5);
    builder.addRun(at(0), at(0), at(1), at(2));
  }
}

/** Voxels of a capsule, row by row along i: a capsule is convex, so each row has one run. */
function addCapsule(
  builder: MaskBuilder,
  grid: ImageGrid,
  a: PointLps,
  b: PointLps,
  radiusMm: number,
  plane: BrushPlane | undefined,
  slab: Slab | undefined,
): void {
  const box = capsuleBox(grid, a, b, radiusMm, plane);
  const step = grid.axis(0);
  const way = subtract(b, a);
  const wayLength2 = dot(way, way);
  const isInside = (i: number, row: Vec3): boolean => {
    const p = subtract(add(row, scale(step, i)), a);
    const t = wayLength2 === 0 ? 0 : Math.min(1, Math.max(0, dot(p, way) / wayLength2));
    const d = subtract(p, scale(way, t));
    if (slab && !slab.holds(add(p, a))) return false;
    return dot(d, d) <= radiusMm * radiusMm * (1 + 1e-12);
  };
  for (let k = box.min[2]; k <= box.max[2]; k++) {
    for (let j = box.min[1]; j <= box.max[1]; j++) {
      const row = grid.toLps([0, j, k]);
      const ball = rowRun(subtract(row, a), step, way, wayLength2, radiusMm);
      const run = ball && slab ? slab.within(row, step, ball) : ball;
      if (!run) continue;
      // The ends are found by the test itself, so that rounding in the equations decides nothing.
      let low = Math.max(box.min[0], Math.floor(run[0]) - 1);
      let high = Math.min(box.max[0], Math.ceil(run[1]) + 1);
      while (low <= high && !isInside(low, row)) low++;
      while (high >= low && !isInside(high, row)) high--;
      if (low <= high) builder.addRun(low, high, j, k);
    }
  }
}

type Interval = readonly [number, number];

/** Voxels that a plane cuts. */
interface Slab {
  holds(point: PointLps): boolean;
  /** The part of a row of voxels from `row` along `step` that may lie in it. */
  within(row: PointLps, step: Vec3, run: Interval): Interval | undefined;
}

function slabOf(grid: ImageGrid, { normal }: ObliquePlane, through: PointLps): Slab {
  // Half of what a voxel's cell measures along the normal: whatever is seen on the plane is painted.
  const half = ([0, 1, 2] as const).reduce<number>((sum, axis) => sum + Math.abs(dot(normal, grid.axis(axis))) / 2, 0);
  const at = dot(normal, through);
  return {
    holds: (point) => {
      const off = dot(normal, point) - at;
      return off > -half && off <= half;
    },
    within: (row, step, [low, high]) => {
      const off = dot(normal, row) - at;
      const slope = dot(normal, step);
      if (Math.abs(slope) < 1e-12) return Math.abs(off) <= half ? [low, high] : undefined;
      const ends = [(-half - off) / slope, (half - off) / slope];
      const from = Math.max(low, Math.min(...ends));
      const to = Math.min(high, Math.max(...ends));
      return from <= to ? [from, to] : undefined;
    },
  };
}

/** Where the line `p + i · u` may be within the radius of the way from 0 along `way`; undefined where it stays outside. */
function rowRun(p: Vec3, u: Vec3, way: Vec3, wayLength2: number, radius: number): Interval | undefined {
  const loose = radius * radius * (1 + 1e-9) + 1e-12;
  let run = ballRun(p, u, loose);
  if (wayLength2 === 0) return run;
  run = join(run, ballRun(subtract(p, way), u, loose));
  const along = dot(u, way);
  const begin = dot(p, way);
  // Across the way: the same equation without the part along it.
  const pAcross = subtract(p, scale(way, begin / wayLength2));
  const uAcross = subtract(u, scale(way, along / wayLength2));
  const tube = ballRun(pAcross, uAcross, loose);
  if (!tube) return run;
  if (Math.abs(along) < 1e-12 * wayLength2) return begin >= 0 && begin <= wayLength2 ? join(run, tube) : run;
  const ends = [-begin / along, (wayLength2 - begin) / along];
  const low = Math.max(tube[0], Math.min(...ends));
  const high = Math.min(tube[1], Math.max(...ends));
  return low <= high ? join(run, [low, high]) : run;
}

/** Where |p + i · u|² ≤ radius2. */
function ballRun(p: Vec3, u: Vec3, radius2: number): Interval | undefined {
  const a = dot(u, u);
  const half = dot(p, u);
  const c = dot(p, p) - radius2;
  if (a < 1e-18) return c <= 0 ? [-1e9, 1e9] : undefined;
  const discriminant = half * half - a * c;
  if (discriminant < 0) return undefined;
  const root = Math.sqrt(discriminant);
  return [(-half - root) / a, (-half + root) / a];
}

function join(a: Interval | undefined, b: Interval | undefined): Interval | undefined {
  if (!a || !b) return a ?? b;
  return [Math.min(a[0], b[0]), Math.max(a[1], b[1])];
}

/** Whole-index box, both ends inside, that holds the capsule, within the volume and the plane. */
function capsuleBox(
  grid: ImageGrid,
  a: PointLps,
  b: PointLps,
  radiusMm: number,
  plane: BrushPlane | undefined,
): { readonly min: Dims; readonly max: Dims } {
  // The farthest that a ball reaches along an index axis is the radius times the length of that row of LPS-to-index.
  const m = grid.lpsToIndex;
  const reach = [0, 4, 8].map((row) => radiusMm * Math.hypot(m[row]!, m[row + 1]!, m[row + 2]!));
  const offsets = grid.sliceOffsetsMm;
  const ends = [grid.toIndex(a), grid.toIndex(b)] as const;
  const min = [0, 0, 0];
  const max = [0, 0, 0];
  for (let axis = 0; axis < 3; axis++) {
    let low = Math.min(ends[0][axis]!, ends[1][axis]!) - reach[axis]!;
    let high = Math.max(ends[0][axis]!, ends[1][axis]!) + reach[axis]!;
    if (axis === 2 && offsets && !plane) {
      // On an uneven stack the third row is millimetres, so the reach is taken there.
      const along = ends.map((ijk) => offsetMm(grid, ijk));
      low = offsets.findIndex((offset) => offset >= Math.min(...along) - reach[2]!);
      high = offsets.findLastIndex((offset) => offset <= Math.max(...along) + reach[2]!);
      if (low < 0) low = offsets.length;
    }
    min[axis] = Math.max(0, Math.ceil(low - 1e-9));
    max[axis] = Math.min(grid.dims[axis]! - 1, Math.floor(high + 1e-9));
  }
  if (plane) min[plane.axis] = max[plane.axis] = plane.slice;
  return { min: min as unknown as Dims, max: max as unknown as Dims };
}

/** Millimetres along the stack of an uneven grid. */
function offsetMm(grid: ImageGrid, ijk: IndexIjk): number {
  const m = grid.lpsToIndex;
  const p = grid.toLps(ijk);
  return m[8] * p[0] + m[9] * p[1] + m[10] * p[2] + m[11];
}
