import type { TaskContext } from "../crew/task.ts";
import { clearMembers } from "../margin/fields.ts";
import type { PackedChanges } from "../packed-changes.ts";
import { changeTile, placed, type TileRequest, type TileWork } from "../tiles/change-tile.ts";
import { Smoother, tileValues } from "./smoother.ts";
import { FULL, type KernelShape, type SmoothingKernel, smoothingKernel, votesOf } from "./smoothing-kernel.ts";

export type SmoothTask = TileRequest & KernelShape;

/** One tile of a smoothing. */
export function smoothTile(
  context: TaskContext,
  { spacingMm, method, mm, ...tile }: SmoothTask,
): Promise<PackedChanges> {
  const kernel = smoothingKernel({ spacingMm, method, mm });
  const work = method === "median" ? majority : method === "gaussian" ? eachByItself : allTogether;
  return changeTile(context, tile, (own) => work(own, kernel), "Smoothing segments");
}

/** Every voxel takes the value that most voxels around it have. */
async function majority(tile: TileWork, kernel: SmoothingKernel): Promise<void> {
  const { context, box, members, before, after } = tile;
  const { exports } = context.core;
  const smoother = new Smoother(tile, kernel);
  const best = tileValues(tile, 0);
  const total = tileValues(tile, 0);
  await smoother.forEachSegment((label, { at, size, box: { min } }) => {
    const sum = total.address(min);
    const [held, row, plane] = placed(best, min);
    exports.vote(at, ...size, label, ...placed(before, min), held, sum, row, plane, ...placed(after, min));
  });
  const { min } = box;
  const [held, row, plane] = placed(best, min);
  exports.endVote(
    votesOf(kernel),
    ...after.size,
    members,
    ...placed(before, min),
    held,
    total.at,
    row,
    plane,
    ...placed(after, min),
  );
}

/** Every segment keeps and takes the voxels of at least one half. */
async function eachByItself(tile: TileWork, kernel: SmoothingKernel): Promise<void> {
  await contest(tile, new Smoother(tile, kernel), tileValues(tile, FULL / 2 - 1));
}

/** The union keeps and takes voxels of at least one half, which then go to the largest. */
async function allTogether(tile: TileWork, kernel: SmoothingKernel): Promise<void> {
  if (tile.segments.length === 1) return eachByItself(tile, kernel);
  const smoother = new Smoother(tile, kernel);
  // Nothing is above this: closed, until the union opens it.
  const best = tileValues(tile, FULL * 2 - 1);
  const mark = tile.context.arena.usedBytes;
  const union = await smoother.union();
  if (union) tile.context.core.exports.openWhere(union.at, ...union.size, FULL / 2, ...placed(best, union.box.min));
  tile.context.arena.rewind(mark);
  await contest(tile, smoother, best);
}

async function contest(tile: TileWork, smoother: Smoother, best: ReturnType<typeof tileValues>): Promise<void> {
  const { context, after } = tile;
  clearMembers(tile);
  await smoother.forEachSegment((label, { at, size, box: { min } }) => {
    context.core.exports.claimLargest(at, ...size, label, ...placed(best, min), ...placed(after, min));
  });
}
