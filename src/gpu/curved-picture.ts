import { add, scale, type Vec3 } from "#base";
import { BRICK_EDGE, type ImageGrid, type PointLps, type PyramidLevel } from "#volume";
import { type PlaneBrick, planeLevel, type SlicePlane } from "./slice-plane.ts";

/** A column of pixels through the patient. */
export interface CurvedColumn {
  /** What the middle of the column shows, LPS mm. */
  readonly point: PointLps;
  /** Unit vector towards the next column, LPS, at a right angle to `down`. */
  readonly right: Vec3;
  /** Unit vector down the column, LPS. */
  readonly down: Vec3;
}

/** A picture along a curve: columns side by side, each straight, one millimetre of the curve as wide as one down a column. */
export interface CurvedPicture {
  /** One for each pixel of the width. */
  readonly columns: readonly CurvedColumn[];
  readonly mmPerPixel: number;
  readonly height: number;
}

/** An upright strip of a picture that lies on a plane of its own. */
export interface PictureStrip {
  readonly plane: SlicePlane;
  /** First pixel of its width, and the one behind its last. */
  readonly fromPx: number;
  readonly toPx: number;
  /** The bricks of the level that it can show. */
  readonly needed: readonly PlaneBrick[];
}

/** Columns whose bricks are found together, and pixels of their height. */
const CELL_PX = [8, 32] as const;

/** LPS under a pixel; whole numbers are pixel centres, between which places are those of the nearer column. */
export function curvedToLps({ columns, mmPerPixel, height }: CurvedPicture, x: number, y: number): PointLps {
  const n = Math.min(Math.max(Math.round(x), 0), columns.length - 1);
  const { point, right, down } = columns[n]!;
  const across = add(point, scale(right, (x - n) * mmPerPixel));
  return add(across, scale(down, (y - (height - 1) / 2) * mmPerPixel));
}

/** The coarsest level that is no coarser than the pixels of any column. */
export function curvedLevel(grid: ImageGrid, levels: readonly PyramidLevel[], picture: CurvedPicture): number {
  return picture.columns.reduce(
    (least, _, n) =>
      n % CELL_PX[0] === 0 ? Math.min(least, planeLevel(grid, levels, columnPlane(picture, n))) : least,
    levels.length - 1,
  );
}

/** The picture as strips of one column each, exact at the middle of every pixel, with the bricks of a level that each can show. */
export function curvedStrips(grid: ImageGrid, level: PyramidLevel, picture: CurvedPicture): PictureStrip[] {
  const { columns } = picture;
  const strips: PictureStrip[] = [];
  for (let from = 0; from < columns.length; from += CELL_PX[0]) {
    const to = Math.min(from + CELL_PX[0], columns.length);
    const needed = bricksOf(grid, level, picture, from, to);
    for (let n = from; n < to; n++) strips.push({ plane: columnPlane(picture, n), fromPx: n, toPx: n + 1, needed });
  }
  return strips;
}

/** The bricks of all strips, nearest to the middle first. */
export function bricksOfStrips(strips: readonly PictureStrip[]): PlaneBrick[] {
  const found = new Map<string, PlaneBrick>();
  for (const list of new Set(strips.map(({ needed }) => needed))) keepNearest(found, list);
  return [...found.values()].sort((a, b) => a.distance - b.distance);
}

/** The plane of the picture's size that shows column `n` where the picture has it. */
function columnPlane({ columns, mmPerPixel, height }: CurvedPicture, n: number): SlicePlane {
  const { point, right, down } = columns[n]!;
  const back = add(scale(right, -n * mmPerPixel), scale(down, (-(height - 1) / 2) * mmPerPixel));
  return { origin: add(point, back), right, down, mmPerPixel, width: columns.length, height };
}

/** The bricks round small cells of some columns, one voxel of margin for filtering included; a few too many rather than too few. */
function bricksOf(
  grid: ImageGrid,
  level: PyramidLevel,
  picture: CurvedPicture,
  from: number,
  to: number,
): readonly PlaneBrick[] {
  const { height, columns } = picture;
  const found = new Map<string, PlaneBrick>();
  for (let top = 0; top < height; top += CELL_PX[1]) {
    const bottom = Math.min(top + CELL_PX[1], height) - 0.5;
    const corners: PointLps[] = [];
    for (let n = from; n < to; n++) corners.push(curvedToLps(picture, n, top - 0.5), curvedToLps(picture, n, bottom));
    const indices = corners.map((corner) => grid.toIndex(corner));
    const range = ([0, 1, 2] as const).map((axis) => {
      const values = indices.map((ijk) => (ijk[axis] + 0.5) / level.factor[axis] - 0.5);
      const first = Math.floor((Math.min(...values) - 2) / BRICK_EDGE);
      const last = Math.floor((Math.max(...values) + 2) / BRICK_EDGE);
      return [Math.max(first, 0), Math.min(last, level.bricks[axis] - 1)] as const;
    });
    const distance = Math.hypot((from + to) / 2 - columns.length / 2, (top + bottom) / 2 - height / 2);
    const near: PlaneBrick[] = [];
    for (let bk = range[2]![0]; bk <= range[2]![1]; bk++)
      for (let bj = range[1]![0]; bj <= range[1]![1]; bj++)
        for (let bi = range[0]![0]; bi <= range[0]![1]; bi++) near.push({ brick: [bi, bj, bk], distance });
    keepNearest(found, near);
  }
  return [...found.values()];
}

function keepNearest(found: Map<string, PlaneBrick>, bricks: readonly PlaneBrick[]): void {
  for (const one of bricks) {
    const key = one.brick.join();
    const known = found.get(key);
    if (!known || one.distance < known.distance) found.set(key, one);
  }
}
