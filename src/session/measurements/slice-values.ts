import { dot, subtract, type Vec3 } from "#base";
import type { AreaValues } from "#export";
import { type PlaneShape, shapeHolds } from "#labelmap";
import { BRICK_EDGE, type ImageGrid } from "#volume";
import { type LevelZero, voxelInBrick } from "./level-zero.ts";
import { reachesOutside, shapeReach } from "./shape-reach.ts";
import { ValueSums } from "./value-sums.ts";

type Axis = 0 | 1 | 2;

/** Values of the voxels of the slice nearest to the shape, those whose centres lie in the shape. */
export async function sliceValues(
  grid: ImageGrid,
  shape: PlaneShape,
  across: Axis,
  bricks: LevelZero,
): Promise<AreaValues> {
  const slice = Math.round(grid.toIndex(shape.center)[across]);
  const sums = new ValueSums();
  if (slice >= 0 && slice < grid.dims[across]) {
    const [u, v] = ([0, 1, 2] as const).filter((axis) => axis !== across) as [Axis, Axis];
    const [alongU, alongV] = [placesAlong(grid, shape, u), placesAlong(grid, shape, v)];
    const ijk: [number, number, number] = [0, 0, 0];
    ijk[across] = slice;
    const start = subtract(grid.toLps(ijk), shape.center);
    const [startRight, startDown] = [dot(start, shape.right), dot(start, shape.down)];
    for (const partV of parts(alongV)) {
      for (const partU of parts(alongU)) {
        ijk[u] = partU.first;
        ijk[v] = partV.first;
        const [bi, bj, bk] = ijk.map((n) => Math.floor(n / BRICK_EDGE)) as [number, number, number];
        const { voxels } = await bricks.read(bi, bj, bk);
        for (let atV = partV.first; atV <= partV.last; atV++) {
          const right = startRight + alongV.right[atV - alongV.first]!;
          const down = startDown + alongV.down[atV - alongV.first]!;
          const holds = (atU: number): boolean => {
            const n = atU - alongU.first;
            return shapeHolds(shape, right + alongU.right[n]!, down + alongU.down[n]!);
          };
          // A line meets a shape without hollows in one piece.
          let [from, to] = [partU.first, partU.last];
          while (from <= to && !holds(from)) from++;
          while (to > from && !holds(to)) to--;
          if (from > to) continue;
          ijk[u] = from;
          ijk[v] = atV;
          sums.addRun(voxels, voxelInBrick(ijk[0], ijk[1], ijk[2]), BRICK_EDGE ** u, to - from + 1);
        }
      }
    }
  }
  return { ...sums.summary((stored) => bricks.shown(stored)), method: "voxels", outside: reachesOutside(grid, shape) };
}

interface Range {
  readonly first: number;
  readonly last: number;
}

/** Indices of the volume that the shape reaches on an axis, and how far each lies from index 0 along the plane, mm. */
interface Places extends Range {
  readonly right: Float64Array;
  readonly down: Float64Array;
}

/** LPS is a sum of one part an axis, so that a voxel's place in the plane is one too; uneven stacks included. */
function placesAlong(grid: ImageGrid, shape: PlaneShape, axis: Axis): Places {
  const [low, high] = shapeReach(grid, shape, axis);
  const first = Math.max(Math.ceil(low - 1e-4), 0);
  const last = Math.min(Math.floor(high + 1e-4), grid.dims[axis] - 1);
  const zero = grid.toLps([0, 0, 0]);
  const along = (direction: Vec3): Float64Array =>
    Float64Array.from({ length: Math.max(last - first + 1, 0) }, (_, n) => {
      const ijk: [number, number, number] = [0, 0, 0];
      ijk[axis] = first + n;
      return dot(subtract(grid.toLps(ijk), zero), direction);
    });
  return { first, last, right: along(shape.right), down: along(shape.down) };
}

/** A range cut at brick borders. */
function* parts({ first, last }: Range): Generator<Range> {
  for (let from = first; from <= last; ) {
    const to = Math.min((Math.floor(from / BRICK_EDGE) + 1) * BRICK_EDGE - 1, last);
    yield { first: from, last: to };
    from = to + 1;
  }
}
