import { type Affine, add, applyAffine, applyLinear, cross, dot, scale, type Vec3 } from "#base";
import { BRICK_EDGE, type BrickAddress, type Dims, type ImageGrid, type PointLps, type PyramidLevel } from "#volume";
import type { BrickWant } from "./brick-queue.ts";

/** A picture's place in the patient: any plane, by its pixels. */
export interface SlicePlane {
  /** Centre of the top left pixel, LPS mm. */
  readonly origin: PointLps;
  /** Unit vector along a row of pixels, LPS. */
  readonly right: Vec3;
  /** Unit vector down a column, LPS, at a right angle to `right`. */
  readonly down: Vec3;
  readonly mmPerPixel: number;
  readonly width: number;
  readonly height: number;
}

/** LPS of a pixel; whole numbers are pixel centres. */
export function pixelToLps(plane: SlicePlane, x: number, y: number): PointLps {
  const { origin, right, down, mmPerPixel } = plane;
  return add(origin, add(scale(right, x * mmPerPixel), scale(down, y * mmPerPixel)));
}

/** Pixel of a point's projection on the plane. */
export function lpsToPixel(plane: SlicePlane, point: PointLps): readonly [number, number] {
  const from: Vec3 = [point[0] - plane.origin[0], point[1] - plane.origin[1], point[2] - plane.origin[2]];
  return [dot(from, plane.right) / plane.mmPerPixel, dot(from, plane.down) / plane.mmPerPixel];
}

/** The affine from pixels to the grid's index, composed in double precision; third row mm along an uneven stack. */
export function planeToIndex(grid: ImageGrid, plane: SlicePlane): { origin: Vec3; right: Vec3; down: Vec3 } {
  const m: Affine = grid.lpsToIndex;
  return {
    origin: applyAffine(m, plane.origin),
    right: applyLinear(m, scale(plane.right, plane.mmPerPixel)),
    down: applyLinear(m, scale(plane.down, plane.mmPerPixel)),
  };
}

/**
 * The coarsest level that is no coarser than the pixels: a step of one pixel in any direction moves by at least one of its
 * voxels along some axis.
 */
export function planeLevel(grid: ImageGrid, levels: readonly PyramidLevel[], plane: SlicePlane): number {
  const { right, down } = planeToIndex(grid, plane);
  const gap = grid.regular ? 1 : grid.spacingMm[2];
  let chosen = 0;
  for (const { level, factor } of levels) {
    const step = (v: Vec3): number =>
      Math.max(Math.abs(v[0]) / factor[0], Math.abs(v[1]) / factor[1], Math.abs(v[2]) / gap / factor[2]);
    if (Math.min(step(right), step(down)) >= 0.999) chosen = level;
  }
  return chosen;
}

/** A brick with the distance of its middle from where it matters most in the picture, pixels. */
export interface PlaneBrick {
  readonly brick: Dims;
  readonly distance: number;
}

/** The pixel of a picture that is nearest to a point of the patient. */
export function focusOn(plane: SlicePlane, point: PointLps): readonly [number, number] {
  const [x, y] = lpsToPixel(plane, point);
  return [Math.min(Math.max(x, 0), plane.width - 1), Math.min(Math.max(y, 0), plane.height - 1)];
}

/**
 * The bricks of a level that the picture can show, one voxel of margin for filtering included; never too few, at oblique corners
 * a few too many. Nearest to the pixel `focus` first, by default the middle.
 */
export function planeBricks(
  grid: ImageGrid,
  level: PyramidLevel,
  plane: SlicePlane,
  focus: readonly [number, number] = [plane.width / 2, plane.height / 2],
): PlaneBrick[] {
  const { width, height, mmPerPixel, right, down } = plane;
  const normal = cross(right, down);
  const corners = [
    pixelToLps(plane, 0, 0),
    pixelToLps(plane, width - 1, 0),
    pixelToLps(plane, 0, height - 1),
    pixelToLps(plane, width - 1, height - 1),
  ];
  const indices = corners.map((corner) => grid.toIndex(corner));
  const range = ([0, 1, 2] as const).map((axis) => {
    const values = indices.map((ijk) => (ijk[axis] + 0.5) / level.factor[axis] - 0.5);
    const first = Math.floor((Math.min(...values) - 1) / BRICK_EDGE);
    const last = Math.floor((Math.max(...values) + 1) / BRICK_EDGE);
    return [Math.max(first, 0), Math.min(last, level.bricks[axis] - 1)] as const;
  }) as [readonly [number, number], readonly [number, number], readonly [number, number]];
  const found: PlaneBrick[] = [];
  for (let bk = range[2][0]; bk <= range[2][1]; bk++) {
    for (let bj = range[1][0]; bj <= range[1][1]; bj++) {
      for (let bi = range[0][0]; bi <= range[0][1]; bi++) {
        const { center, halves } = brickInLps(grid, level, [bi, bj, bk]);
        const [x, y] = lpsToPixel(plane, center);
        const radius = (axis: Vec3): number => halves.reduce((sum, half) => sum + Math.abs(dot(half, axis)), 0);
        const off = Math.abs(
          dot([center[0] - plane.origin[0], center[1] - plane.origin[1], center[2] - plane.origin[2]], normal),
        );
        if (off > radius(normal)) continue;
        const rx = radius(right) / mmPerPixel;
        const ry = radius(down) / mmPerPixel;
        if (x + rx < -0.5 || x - rx > width - 0.5 || y + ry < -0.5 || y - ry > height - 0.5) continue;
        found.push({ brick: [bi, bj, bk], distance: Math.hypot(x - focus[0], y - focus[1]) });
      }
    }
  }
  return found.sort((a, b) => a.distance - b.distance);
}

/** Centre and half edges of a brick with one voxel of margin, LPS mm. */
function brickInLps(grid: ImageGrid, level: PyramidLevel, brick: Dims): { center: PointLps; halves: Vec3[] } {
  const low = brick.map((b, axis) => (b * BRICK_EDGE - 1) * level.factor[axis]! - 0.5) as unknown as Vec3;
  const high = brick.map(
    (b, axis) => Math.min((b + 1) * BRICK_EDGE + 1, level.dims[axis]! + 1) * level.factor[axis]! - 0.5,
  ) as unknown as Vec3;
  const a = grid.toLps(low);
  const b = grid.toLps(high);
  const center = scale(add(a, b), 0.5);
  const corner = (axis: number): Vec3 => {
    const at = low.map((value, n) => (n === axis ? high[n]! : value)) as unknown as Vec3;
    const c = grid.toLps(at);
    return [(c[0] - a[0]) / 2, (c[1] - a[1]) / 2, (c[2] - a[2]) / 2];
  };
  return { center, halves: [corner(0), corner(1), corner(2)] };
}

/** Turns the bricks of a level into wants: the coarsest level first, then a level between, then the level itself. */
export function wantsFor(
  levels: readonly PyramidLevel[],
  frame: number,
  level: number,
  bricks: readonly PlaneBrick[],
): BrickWant[] {
  const wants: BrickWant[] = [];
  const add = (address: BrickAddress, priority: number): void => void wants.push({ address, priority });
  const coarsest = levels.length - 1;
  if (coarsest !== level) add({ frame, level: coarsest, bi: 0, bj: 0, bk: 0 }, -2e9);
  if (level + 2 < coarsest) {
    const seen = new Set<string>();
    const shift = (axis: 0 | 1 | 2): number => Math.log2(levels[level + 2]!.factor[axis] / levels[level]!.factor[axis]);
    for (const { brick, distance } of bricks) {
      const up: Dims = [brick[0] >> shift(0), brick[1] >> shift(1), brick[2] >> shift(2)];
      if (seen.has(up.join())) continue;
      seen.add(up.join());
      add({ frame, level: level + 2, bi: up[0], bj: up[1], bk: up[2] }, -1e9 + distance);
    }
  }
  for (const { brick, distance } of bricks) add({ frame, level, bi: brick[0], bj: brick[1], bk: brick[2] }, distance);
  return wants;
}
