import { applyAffine, type Vec3 } from "#base";
import { BRICK_EDGE, type ImageGrid, type PyramidLevel } from "#volume";
import { planeToIndex, type SlicePlane } from "./slice-plane.ts";

/** Planes of a slab that are sampled together: the first, how many, and the way from one to the next in index at the level. */
export interface SlabRun {
  readonly plane: SlicePlane;
  readonly count: number;
  readonly step: Vec3;
  /** Axis along which they follow one another, each lying across it; undefined where there is none. */
  readonly across: 0 | 1 | 2 | undefined;
}

/** Voxels that planes sampled together span across bricks at most: so much wider grow the strips between bricks. */
const SPAN = 5;

/** Below this step per pixel a plane runs along the faces of bricks. */
const ALONG = 1e-9;

/**
 * Planes at even distances as runs. Where they lie along the faces of bricks a run is all that lie within one layer of bricks, so that
 * it is cut as one plane is; elsewhere runs are short. Each plane of an uneven stack is a run of its own. `reach` is that of the filter.
 */
export function slabRuns(
  grid: ImageGrid,
  level: PyramidLevel,
  planes: readonly SlicePlane[],
  reach: 0 | 1 | 2,
): SlabRun[] {
  const [first, second] = planes;
  if (!first || !second || !grid.regular)
    return planes.map((plane) => ({ plane, count: 1, step: [0, 0, 0], across: undefined }));
  const at = (plane: SlicePlane): Vec3 =>
    applyAffine(grid.lpsToIndex, plane.origin).map(
      (n, axis) => (n + 0.5) / level.factor[axis]! - 0.5,
    ) as unknown as Vec3;
  const [from, to] = [at(first), at(second)];
  const step: Vec3 = [to[0] - from[0], to[1] - from[1], to[2] - from[2]];
  const { right, down } = planeToIndex(grid, first);
  const across = ([0, 1, 2] as const).find(
    (axis) =>
      Math.hypot(right[axis], down[axis]) < ALONG && step.every((n, other) => other === axis || Math.abs(n) < ALONG),
  );
  const most = Math.max(Math.floor(SPAN / Math.max(...step.map(Math.abs))), 1) + 1;
  const runs: { plane: SlicePlane; count: number; step: Vec3; across: 0 | 1 | 2 | undefined }[] = [];
  let last: number | undefined;
  for (const [n, plane] of planes.entries()) {
    const layer = across === undefined ? 0 : layerOf(level, across, from[across] + step[across] * n, reach);
    const run = runs.at(-1);
    if (run && layer !== undefined && layer === last && (across !== undefined || run.count < most)) run.count++;
    else runs.push({ plane, count: 1, step, across });
    last = layer;
  }
  return runs;
}

/** The layer of bricks that holds all taps of a plane across an axis; undefined where they lie in two. */
function layerOf(level: PyramidLevel, axis: 0 | 1 | 2, index: number, reach: 0 | 1 | 2): number | undefined {
  const count = level.bricks[axis];
  const layer = Math.min(Math.max(Math.floor((index + 0.5) / BRICK_EDGE), 0), count - 1);
  const local = index - layer * BRICK_EDGE;
  const inset = reach - 1;
  const holds =
    reach === 0 || ((layer === 0 || local >= inset) && (layer === count - 1 || local <= BRICK_EDGE - 1 - inset));
  return holds ? layer : undefined;
}
