import { brickCoordinates, brickDims, brickExtent } from "#volume";
import type { TaskContext } from "../crew/task.ts";
import { VOXEL_TYPE_CODE } from "../kernel-core.ts";
import { transfer } from "../wire.ts";
import { PAGE_KEYS } from "./histograms.ts";
import { ImageBrick } from "./image-brick.ts";
import { LabelRows } from "./label-rows.ts";

const LIST_BYTES = 4 + PAGE_KEYS * 4;

export interface RefineRequest {
  /** Bricks with labels. */
  readonly indices: readonly number[];
  /** For each segment the beginnings of keys whose next eight bits are to be counted. */
  readonly wanted: readonly { readonly segment: number; readonly prefixes: readonly number[] }[];
  /** Place of those eight bits. */
  readonly shift: number;
}

/**
 * Counts eight more bits of the 32-bit values that begin with a prefix: 256 counts for every prefix, in the order of the request.
 * Memory: the image brick, 3 MiB, and 1 KiB a prefix.
 */
export async function refineStatistics(
  context: TaskContext,
  { indices, wanted, shift }: RefineRequest,
): Promise<Uint32Array<ArrayBuffer>> {
  const { core, arena, maps, pacer } = context;
  const image = context.image!;
  const labels = maps![0]!;
  const rows = new LabelRows(
    context,
    labels,
    wanted.map(({ segment }) => segment),
  );
  const voxels = new ImageBrick(context, image);
  const bySegment = new Map(wanted.map(({ segment, prefixes }) => [segment, prefixes]));
  const listsAt = arena.allocate(Math.max(1, rows.segments.length) * 8);
  const starts = new Map<number, number>();
  for (const [row, segment] of rows.segments.entries()) {
    const prefixes = bySegment.get(segment)!;
    const at = arena.allocate(prefixes.length * LIST_BYTES);
    const view = new DataView(arena.memory.buffer);
    view.setUint32(listsAt + row * 8, at, true);
    view.setUint32(listsAt + row * 8 + 4, prefixes.length, true);
    for (const [n, prefix] of prefixes.entries()) view.setUint32(at + n * LIST_BYTES, prefix, true);
    starts.set(segment, at);
  }
  const type = VOXEL_TYPE_CODE[image.voxelType];
  const bricks = brickDims(labels.dims);
  for (const [n, index] of indices.entries()) {
    await pacer.pause(n / indices.length, "Measuring percentiles");
    const at = brickCoordinates(bricks, index);
    const runs = rows.read(index, brickExtent(labels.dims, at));
    if (runs === 0) continue;
    await voxels.read(at);
    core.exports.statisticsRefine(rows.runs, runs, voxels.at, type, rows.rowOf, listsAt, shift);
  }
  const counts = new Uint32Array(wanted.reduce((sum, { prefixes }) => sum + prefixes.length, 0) * PAGE_KEYS);
  let to = 0;
  for (const { segment, prefixes } of wanted) {
    for (let n = 0; n < prefixes.length; n++, to += PAGE_KEYS) {
      const at = starts.get(segment)! + n * LIST_BYTES + 4;
      counts.set(new Uint32Array(arena.memory.buffer, at, PAGE_KEYS), to);
    }
  }
  return transfer(counts, [counts.buffer]);
}
