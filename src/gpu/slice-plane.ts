import { type Affine, add, applyAffine, applyLinear, dot, scale, type Vec3 } from "#base";
import type { BrickAddress, Dims, ImageGrid, PointLps, PyramidLevel } from "#volume";
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
