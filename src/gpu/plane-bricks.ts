import { applyAffine, cross, dot, subtract, type Vec3 } from "#base";
import { BRICK_EDGE, type ImageGrid, type PyramidLevel } from "#volume";
import { type PlaneBrick, pixelToLps, type SlicePlane } from "./slice-plane.ts";

/**
 * The bricks of a level that the picture can show, one voxel of margin for filtering included; never too few, at oblique corners
 * a few too many. Nearest to the pixel `focus` first, by default the middle.
 */
export function planeBricks(
  grid: ImageGrid,
  level: PyramidLevel,
  plane: SlicePlane,
  focus?: readonly [number, number],
): PlaneBrick[] {
  return slabBricks(grid, level, [plane], focus);
}

/** The bricks of a level that any of the planes of a slab, from `slabPlanes`, can show. */
export function slabBricks(
  grid: ImageGrid,
  level: PyramidLevel,
  planes: readonly SlicePlane[],
  focus?: readonly [number, number],
): PlaneBrick[] {
  const plane = planes[0]!;
  const last = planes.at(-1)!;
  const { width, height, mmPerPixel } = plane;
  const normal = cross(plane.right, plane.down);
  const gapMm = planes.length > 1 ? dot(subtract(last.origin, plane.origin), normal) / (planes.length - 1) : 1;
  const spans = spansOf(grid, level, [plane, last]);
  const origin = applyAffine(grid.indexToLps, [0, 0, 0]);
  // Everything is linear in the spans' places, so a brick is as far along a direction as its three spans together.
  const onto = (direction: Vec3, perMm: number): Onto => ({
    start: dot(subtract(origin, plane.origin), direction) * perMm,
    steps: [0, 1, 2].map((axis) => dot(grid.axis(axis), direction) * perMm) as unknown as Vec3,
  });
  const [across, downwards, deep] = [
    onto(plane.right, 1 / mmPerPixel),
    onto(plane.down, 1 / mmPerPixel),
    onto(normal, 1),
  ];
  const [fx, fy] = focus ?? [width / 2, height / 2];
  const found: PlaneBrick[] = [];
  for (const k of spans[2]) {
    for (const j of spans[1]) {
      for (const i of spans[0]) {
        const off = placeOf(deep, i, j, k);
        const nearest = Math.min(Math.max(Math.round(off / gapMm), 0), planes.length - 1);
        if (Math.abs(off - nearest * gapMm) > reachOf(deep, i, j, k)) continue;
        const x = placeOf(across, i, j, k);
        const y = placeOf(downwards, i, j, k);
        const rx = reachOf(across, i, j, k);
        const ry = reachOf(downwards, i, j, k);
        if (x + rx < -0.5 || x - rx > width - 0.5 || y + ry < -0.5 || y - ry > height - 0.5) continue;
        found.push({ brick: [i.brick, j.brick, k.brick], distance: Math.hypot(x - fx, y - fy) });
      }
    }
  }
  return found.sort((a, b) => a.distance - b.distance);
}

/** Bricks along one axis, with one voxel of margin: middle and half of the way, in index at level 0, or mm along an uneven stack. */
interface Span {
  readonly brick: number;
  readonly middle: number;
  readonly half: number;
}

/** A direction of the picture: place of the axes' origin on it, and what a step along each axis moves. */
interface Onto {
  readonly start: number;
  readonly steps: Vec3;
}

function placeOf({ start, steps }: Onto, i: Span, j: Span, k: Span): number {
  return start + steps[0] * i.middle + steps[1] * j.middle + steps[2] * k.middle;
}

function reachOf({ steps }: Onto, i: Span, j: Span, k: Span): number {
  return Math.abs(steps[0]) * i.half + Math.abs(steps[1]) * j.half + Math.abs(steps[2]) * k.half;
}

/** The bricks along each axis that lie as far as the corners of the planes. */
function spansOf(
  grid: ImageGrid,
  level: PyramidLevel,
  planes: readonly SlicePlane[],
): readonly [Span[], Span[], Span[]] {
  const corners = planes.flatMap((plane) => {
    const [right, bottom] = [plane.width - 1, plane.height - 1];
    const pixels = [
      [0, 0],
      [right, 0],
      [0, bottom],
      [right, bottom],
    ] as const;
    return pixels.map(([x, y]) => grid.toIndex(pixelToLps(plane, x, y)));
  });
  const along = (axis: 0 | 1 | 2): Span[] => {
    const factor = level.factor[axis];
    const values = corners.map((ijk) => (ijk[axis] + 0.5) / factor - 0.5);
    const first = Math.max(Math.floor((Math.min(...values) - 1) / BRICK_EDGE), 0);
    const last = Math.min(Math.floor((Math.max(...values) + 1) / BRICK_EDGE), level.bricks[axis] - 1);
    const spans: Span[] = [];
    for (let brick = first; brick <= last; brick++) {
      const low = placeAlong(grid, axis, (brick * BRICK_EDGE - 1) * factor - 0.5);
      const end = Math.min((brick + 1) * BRICK_EDGE + 1, level.dims[axis] + 1);
      const high = placeAlong(grid, axis, end * factor - 0.5);
      spans.push({ brick, middle: (low + high) / 2, half: (high - low) / 2 });
    }
    return spans;
  };
  return [along(0), along(1), along(2)];
}

/** An index at level 0 as the affine takes it: millimetres along an uneven stack. */
function placeAlong(grid: ImageGrid, axis: 0 | 1 | 2, index0: number): number {
  return axis === 2 && !grid.regular ? applyAffine(grid.lpsToIndex, grid.toLps([0, 0, index0]))[2] : index0;
}
