import { type ProgressOptions, VoxelwrightError } from "#base";
import { BRICK_EDGE, BRICK_VOXELS, brickBox, brickCoordinates, brickDims, bytesPerVoxel } from "#volume";
import { VOXEL_TYPE_CODE } from "../kernel-core.ts";
import type { KernelImage, KernelLabels, StatisticsRow } from "../kernels.api.ts";
import type { KernelMemory } from "../memory-arena.ts";
import { Pacer } from "../pacer.ts";

/** One label in one brick. */
export interface BrickStatistics {
  readonly segment: number;
  readonly voxels: number;
  /** Voxels that are numbers. */
  readonly values: number;
  readonly mean: number;
  /** Sum of squared differences from the mean. */
  readonly squares: number;
  readonly min: number;
  readonly max: number;
}

const ROW_BYTES = 56;
const LABELS = 65_536;

/**
 * Statistics of the bricks `indices`, a list for each; only bricks with labels are read. Memory: 2 bricks and 4 MiB. Rejects
 * with what the brick source rejects with, `not-found` when a brick is not imported yet, or AbortError.
 */
export async function statisticsOfBricks(
  { core, arena }: KernelMemory,
  image: KernelImage,
  labels: KernelLabels,
  indices: readonly number[],
  options: ProgressOptions = {},
): Promise<BrickStatistics[][]> {
  const bricks = brickDims(image.dims);
  const bytes = BRICK_VOXELS * bytesPerVoxel(image.voxelType);
  const voxelsAt = arena.allocate(bytes);
  const labelsAt = arena.allocate(BRICK_VOXELS * 2);
  const rowOf = arena.allocate(LABELS * 2);
  const rows = arena.allocate(LABELS * ROW_BYTES);
  new Uint16Array(arena.memory.buffer, rowOf, LABELS).fill(0xffff);
  const pacer = new Pacer(options);
  const found: BrickStatistics[][] = [];
  for (const [n, index] of indices.entries()) {
    await pacer.pause(n / indices.length, "Reading statistics");
    const values = labels.readBrick(index);
    if (!values) {
      found.push([]);
      continue;
    }
    const [bi, bj, bk] = brickCoordinates(bricks, index);
    const address = { frame: image.frame, level: 0, bi, bj, bk };
    const brick = await image.bricks.readBrick(address, options.signal ? { signal: options.signal } : {});
    if (!brick) throw new VoxelwrightError("not-found", `Brick ${bi}, ${bj}, ${bk} of the image is not there yet.`);
    const { buffer } = arena.memory;
    new Uint8Array(buffer, voxelsAt, bytes).set(new Uint8Array(brick.voxels.buffer, brick.voxels.byteOffset, bytes));
    new Uint16Array(buffer, labelsAt, BRICK_VOXELS).set(values);
    const { max } = brickBox(image.dims, bi, bj, bk);
    const [ni, nj, nk] = [max[0] - bi * BRICK_EDGE, max[1] - bj * BRICK_EDGE, max[2] - bk * BRICK_EDGE];
    const type = VOXEL_TYPE_CODE[image.voxelType];
    const count = core.exports.statisticsBrick(voxelsAt, type, labelsAt, ni, nj, nk, rowOf, rows);
    const view = new DataView(buffer, rows, count * ROW_BYTES);
    found.push(Array.from({ length: count }, (_, row) => readRow(view, row * ROW_BYTES)));
  }
  return found;
}

function readRow(view: DataView, at: number): BrickStatistics {
  const values = view.getInt32(at + 8, true);
  const first = view.getFloat64(at + 16, true);
  const sum = view.getFloat64(at + 24, true);
  const squares = view.getFloat64(at + 32, true);
  return {
    segment: view.getUint32(at, true),
    voxels: view.getInt32(at + 4, true),
    values,
    mean: values === 0 ? Number.NaN : first + sum / values,
    squares: values === 0 ? 0 : Math.max(0, squares - (sum * sum) / values),
    min: view.getFloat64(at + 40, true),
    max: view.getFloat64(at + 48, true),
  };
}

/**
 * Rows for all bricks together, by ascending segment. Merged in the order given, pair by pair (Chan, Golub and LeVeque, 1979), so
 * that the sums do not depend on who computed which brick.
 */
export function mergeStatistics(bricks: readonly (readonly BrickStatistics[])[]): StatisticsRow[] {
  const merged = new Map<number, BrickStatistics>();
  for (const row of bricks.flat()) {
    const held = merged.get(row.segment);
    merged.set(row.segment, held ? mergeTwo(held, row) : row);
  }
  return [...merged.values()]
    .sort((a, b) => a.segment - b.segment)
    .map(({ segment, voxels, values, mean, squares, min, max }) => {
      const none = values === 0;
      const sd = none ? Number.NaN : Math.sqrt(squares / values);
      return { segment, voxels, mean, sd, min: none ? Number.NaN : min, max: none ? Number.NaN : max };
    });
}

function mergeTwo(a: BrickStatistics, b: BrickStatistics): BrickStatistics {
  const voxels = a.voxels + b.voxels;
  if (b.values === 0) return { ...a, voxels };
  if (a.values === 0) return { ...b, voxels };
  const values = a.values + b.values;
  const apart = b.mean - a.mean;
  return {
    segment: a.segment,
    voxels,
    values,
    mean: a.mean + (apart * b.values) / values,
    squares: a.squares + b.squares + (apart * apart * a.values * b.values) / values,
    min: Math.min(a.min, b.min),
    max: Math.max(a.max, b.max),
  };
}
