import { add, scale } from "#base";
import type { AreaValues } from "#export";
import { type PlaneShape, shapeHolds } from "#labelmap";
import { BRICK_EDGE, type BrickPixels, type ImageGrid } from "#volume";
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
  for (let tileRow = 0; tileRow < rows; tileRow += TILE) {
    for (let tileColumn = 0; tileColumn < columns; tileColumn += TILE) {
      const samples: number[] = [];
      for (let row = tileRow; row < Math.min(tileRow + TILE, rows); row++) {
        for (let column = tileColumn; column < Math.min(tileColumn + TILE, columns); column++) {
          const right = (column + 0.5) * step[0] - shape.halfWidthMm;
          const down = (row + 0.5) * step[1] - shape.halfHeightMm;
          if (!shapeHolds(shape, right, down)) continue;
          const ijk = grid.toIndex(add(shape.center, add(scale(shape.right, right), scale(shape.down, down))));
          if (grid.contains(ijk)) samples.push(ijk[0], ijk[1], ijk[2]);
        }
      }
      if (samples.length === 0) continue;
      const held = await bricksRound(grid, samples, bricks);
      for (let n = 0; n < samples.length; n += 3) {
        sums.add(trilinear(grid, held, bricks, samples[n]!, samples[n + 1]!, samples[n + 2]!));
      }
    }
  }
  return { ...sums.result, method: "interpolated", stepMm: step, outside: reachesOutside(grid, shape) };
}

type HeldBricks = ReadonlyMap<number, BrickPixels>;

/** Key of a brick among those round some samples; 2²⁰ bricks an axis are more than any volume has. */
const keyOf = (bi: number, bj: number, bk: number): number => (bk * 2 ** 20 + bj) * 2 ** 20 + bi;

/** All bricks that hold a voxel beside a sample. */
async function bricksRound(grid: ImageGrid, samples: readonly number[], bricks: LevelZero): Promise<HeldBricks> {
  const range = ([0, 1, 2] as const).map((axis) => {
    let low = Number.POSITIVE_INFINITY;
    let high = Number.NEGATIVE_INFINITY;
    for (let n = axis; n < samples.length; n += 3) {
      low = Math.min(low, samples[n]!);
      high = Math.max(high, samples[n]!);
    }
    const last = grid.dims[axis] - 1;
    const clamped = (at: number): number => Math.min(Math.max(at, 0), last);
    return [clamped(Math.floor(low)), clamped(Math.floor(high) + 1)].map((at) => Math.floor(at / BRICK_EDGE));
  }) as [number[], number[], number[]];
  const held = new Map<number, BrickPixels>();
  for (let bk = range[2][0]!; bk <= range[2][1]!; bk++) {
    for (let bj = range[1][0]!; bj <= range[1][1]!; bj++) {
      for (let bi = range[0][0]!; bi <= range[0][1]!; bi++) held.set(keyOf(bi, bj, bk), await bricks.read(bi, bj, bk));
    }
  }
  return held;
}

/** Shown value at a continuous index; the outermost half voxel repeats the last one, as on screen. */
function trilinear(
  grid: ImageGrid,
  held: HeldBricks,
  bricks: LevelZero,
  ...ijk: readonly [number, number, number]
): number {
  const [i, j, k] = ijk.map((at, axis) => Math.min(Math.max(at, 0), grid.dims[axis]! - 1)) as [number, number, number];
  const [i0, j0, k0] = [Math.floor(i), Math.floor(j), Math.floor(k)];
  let value = 0;
  for (let corner = 0; corner < 8; corner++) {
    const [di, dj, dk] = [corner & 1, (corner >> 1) & 1, corner >> 2] as const;
    const weight = (di ? i - i0 : 1 - i + i0) * (dj ? j - j0 : 1 - j + j0) * (dk ? k - k0 : 1 - k + k0);
    // A neighbour past the edge has no weight, and no brick.
    if (weight === 0) continue;
    const [ci, cj, ck] = [i0 + di, j0 + dj, k0 + dk];
    const key = keyOf(Math.floor(ci / BRICK_EDGE), Math.floor(cj / BRICK_EDGE), Math.floor(ck / BRICK_EDGE));
    value += weight * bricks.shown(held.get(key)!.voxels[voxelInBrick(ci, cj, ck)]!);
  }
  return value;
}
