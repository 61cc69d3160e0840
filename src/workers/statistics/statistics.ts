import { VoxelwrightError } from "#base";
import { BRICK_EDGE, BRICK_VOXELS, brickBox, brickCoordinates, brickDims, bytesPerVoxel } from "#volume";
import type { TaskContext } from "../crew/task.ts";
import { VOXEL_TYPE_CODE } from "../kernel-core.ts";
import type { BrickStatistics } from "./merge.ts";

const ROW_BYTES = 56;
const LABELS = 65_536;

/**
 * Statistics of the bricks `indices`, a list for each; only bricks with labels are read. Memory: 2 bricks and 4 MiB. Rejects
 * with what the brick source rejects with, `not-found` when a brick is not imported yet, or AbortError.
 */
export async function statisticsOfBricks(
  { core, arena, image: input, maps, pacer, signal }: TaskContext,
  { indices }: { readonly indices: readonly number[] },
): Promise<BrickStatistics[][]> {
  const image = input!;
  const labels = maps![0]!;
  const bricks = brickDims(image.dims);
  const bytes = BRICK_VOXELS * bytesPerVoxel(image.voxelType);
  const voxelsAt = arena.allocate(bytes);
  const labelsAt = arena.allocate(BRICK_VOXELS * 2);
  const rowOf = arena.allocate(LABELS * 2);
  const rows = arena.allocate(LABELS * ROW_BYTES);
  new Uint16Array(arena.memory.buffer, rowOf, LABELS).fill(0xffff);
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
    const brick = await image.bricks.readBrick(address, { signal });
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
