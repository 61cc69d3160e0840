import { add, applyLinear, scale } from "#base";
import type { AreaValues } from "#export";
import { type PlaneShape, shapeHolds } from "#labelmap";
import { BRICK_EDGE, type ImageGrid, type IndexIjk, type VoxelArray } from "#volume";
import { type LevelZero, voxelInBrick } from "./level-zero.ts";
import { reachesOutside } from "./shape-reach.ts";
import { ValueSums } from "./value-sums.ts";

/** Samples of the rectangle round the shape at most: a larger one is sampled more coarsely, and its step says so. */
export const MOST_SAMPLES = 1_000_000;

/** Samples along an edge of the tiles that are read together. */
const TILE = 32;

/**
 * Values of an oblique plane: a lattice of samples as close as the voxels of the grid's finest axis, cells of equal size that fill the
 * rectangle round the shape, each taken at its middle by trilinear interpolation.
 */
export async function interpolatedValues(grid: ImageGrid, shape: PlaneShape, bricks: LevelZero): Promise<AreaValues> {
  const width = 2 * shape.halfWidthMm;
  const height = 2 * shape.halfHeightMm;
  const finest = Math.min(...grid.spacingMm);
  const wanted = Math.max(finest, Math.sqrt((width * height) / MOST_SAMPLES));
  const columns = Math.max(Math.ceil(width / wanted - 1e-9), 1);
  const rows = Math.max(Math.ceil(height / wanted - 1e-9), 1);
  const step = [width / columns, height / rows] as const;
  const sums = new ValueSums();
  const at = indexOn(grid, shape);
  const ends = grid.dims.map((dims) => dims - 0.5) as [number, number, number];
  for (let tileRow = 0; tileRow < rows; tileRow += TILE) {
    for (let tileColumn = 0; tileColumn < columns; tileColumn += TILE) {
      const samples: number[] = [];
      for (let row = tileRow; row < Math.min(tileRow + TILE, rows); row++) {
        for (let column = tileColumn; column < Math.min(tileColumn + TILE, columns); column++) {
          const right = (column + 0.5) * step[0] - shape.halfWidthMm;
          const down = (row + 0.5) * step[1] - shape.halfHeightMm;
          if (!shapeHolds(shape, right, down)) continue;
          const [i, j, k] = at(right, down);
          if (i >= -0.5 && j >= -0.5 && k >= -0.5 && i < ends[0] && j < ends[1] && k < ends[2]) samples.push(i, j, k);
        }
      }
      if (samples.length === 0) continue;
      const held = await bricksRound(grid, samples, bricks);
      const values = new Float64Array(samples.length / 3);
      for (let n = 0; n < values.length; n++) {
        values[n] = trilinear(grid, held, samples[3 * n]!, samples[3 * n + 1]!, samples[3 * n + 2]!);
      }
      sums.addRun(values, 0, 1, values.length);
    }
  }
  return {
    ...sums.summary((stored) => bricks.shown(stored)),
    method: "interpolated",
    stepMm: step,
    outside: reachesOutside(grid, shape),
  };
}

/** Continuous index of a place on the shape's plane, mm from its centre. */
function indexOn(grid: ImageGrid, { center, right, down }: PlaneShape): (u: number, v: number) => IndexIjk {
  if (!grid.regular) return (u, v) => grid.toIndex(add(center, add(scale(right, u), scale(down, v))));
  const o = grid.toIndex(center);
  const x = applyLinear(grid.lpsToIndex, right);
  const y = applyLinear(grid.lpsToIndex, down);
  return (u, v) => [o[0] + u * x[0] + v * y[0], o[1] + u * x[1] + v * y[1], o[2] + u * x[2] + v * y[2]];
}

/** The bricks round some samples: a box of them, bi fastest. */
interface HeldBricks {
  readonly first: readonly [number, number, number];
  readonly count: readonly [number, number, number];
  readonly voxels: readonly VoxelArray[];
}

/** All bricks that hold a voxel beside a sample. */
async function bricksRound(grid: ImageGrid, samples: readonly number[], bricks: LevelZero): Promise<HeldBricks> {
  const ends = ([0, 1, 2] as const).map((axis) => {
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    for (let n = axis; n < samples.length; n += 3) {
      if (samples[n]! < low) low = samples[n]!;
      if (samples[n]! > high) high = samples[n]!;
    }
    const last = grid.dims[axis] - 1;
    const brickAt = (at: number): number => Math.floor(Math.min(Math.max(at, 0), last) / BRICK_EDGE);
    return { first: brickAt(Math.floor(low)), last: brickAt(Math.floor(high) + 1) };
  });
  const [i, j, k] = ends as [(typeof ends)[0], (typeof ends)[0], (typeof ends)[0]];
  const voxels: VoxelArray[] = [];
  for (let bk = k.first; bk <= k.last; bk++) {
    for (let bj = j.first; bj <= j.last; bj++) {
      for (let bi = i.first; bi <= i.last; bi++) voxels.push((await bricks.read(bi, bj, bk)).voxels);
    }
  }
  return {
    first: [i.first, j.first, k.first],
    count: [i.last - i.first + 1, j.last - j.first + 1, k.last - k.first + 1],
    voxels,
  };
}

/** Stored value at a continuous index; the outermost half voxel repeats the last one, as on screen. */
function trilinear({ dims }: ImageGrid, held: HeldBricks, atI: number, atJ: number, atK: number): number {
  const i = Math.min(Math.max(atI, 0), dims[0] - 1);
  const j = Math.min(Math.max(atJ, 0), dims[1] - 1);
  const k = Math.min(Math.max(atK, 0), dims[2] - 1);
  const i0 = Math.floor(i);
  const j0 = Math.floor(j);
  const k0 = Math.floor(k);
  const fi = i - i0;
  const fj = j - j0;
  const fk = k - k0;
  let value = 0;
  for (let corner = 0; corner < 8; corner++) {
    const weight = (corner & 1 ? fi : 1 - fi) * (corner & 2 ? fj : 1 - fj) * (corner & 4 ? fk : 1 - fk);
    // A neighbour past the edge has no weight, and no brick.
    if (weight === 0) continue;
    value += weight * storedAt(held, i0 + (corner & 1), j0 + ((corner >> 1) & 1), k0 + (corner >> 2));
  }
  return value;
}

function storedAt({ first, count, voxels }: HeldBricks, i: number, j: number, k: number): number {
  const bi = Math.floor(i / BRICK_EDGE) - first[0];
  const bj = Math.floor(j / BRICK_EDGE) - first[1];
  const bk = Math.floor(k / BRICK_EDGE) - first[2];
  return voxels[(bk * count[1] + bj) * count[0] + bi]![voxelInBrick(i, j, k)]!;
}
