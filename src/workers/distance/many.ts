import type { Dims, IndexBox } from "#volume";
import type { TaskContext } from "../crew/task.ts";
import { BoxGatherer } from "../gather.ts";
import { expand, intersect, isEmpty, moved, sizeOf, voxelsOf, wholeBox } from "../index-box.ts";
import { bitMaskBytes, fieldOrInfinity, NO_LIMIT } from "./box-distances.ts";
import type { DistanceRequest } from "./distance.api.ts";
import { labelledBox } from "./gather-mask.ts";
import { boxesOfLabels } from "../tiles/label-boxes.ts";
import { Metric } from "./metric.ts";

/**
 * Distances of every labelled voxel of a box to the nearest voxel of another value, one label after the other within its own box:
 * the nearest other voxel is no farther than the layer around that. Returns the address of the field.
 */
export async function distancesOfMany(
  context: TaskContext,
  { spacingMm, segments, maxMm }: DistanceRequest,
  box: IndexBox,
): Promise<number> {
  const { core, arena, pacer } = context;
  const map = context.maps![0]!;
  const whole = wholeBox(map.dims);
  const metric = new Metric(spacingMm);
  const reach = maxMm === undefined ? map.dims : metric.reach(maxMm, map.dims);
  const size = sizeOf(box);
  const to = arena.allocate(voxelsOf(box) * 4);
  const labelled = labelledBox(map);
  const read = labelled && intersect(intersect(expand(labelled, [1, 1, 1]), expand(box, reach)), whole);
  if (!read || isEmpty(read)) return to;
  const [ni, nj] = sizeOf(read);
  const labels = arena.allocate(voxelsOf(read) * 2);
  new BoxGatherer(context).labels(map, read, labels);
  const at = ([i, j, k]: readonly number[]): number =>
    labels + (((k! - read.min[2]) * nj + (j! - read.min[1])) * ni + (i! - read.min[0])) * 2;
  const found = boxesOfLabels(context, labels, sizeOf(read), segments);
  const mark = arena.usedBytes;
  for (const [n, [label, local]] of found.entries()) {
    const own = moved(local, [-read.min[0], -read.min[1], -read.min[2]]);
    const out = intersect(own, box);
    if (isEmpty(out)) continue;
    arena.rewind(mark);
    const sites = intersect(expand(own, [1, 1, 1]), read);
    const mask = { at: arena.allocate(bitMaskBytes(sizeOf(sites))), size: sizeOf(sites) };
    core.exports.bitsOfLabel(at(sites.min), ni * 2, ni * nj * 2, ...mask.size, label, 1, mask.at);
    const outSize: Dims = sizeOf(out);
    const limit = maxMm === undefined ? NO_LIMIT : metric.within(maxMm);
    const asked = { metric, first: moved(out, sites.min).min, size: outSize, limit, as: "mm" } as const;
    const field = await fieldOrInfinity(context, mask, asked, (done) =>
      pacer.pause((n + done) / found.length, "Measuring distances"),
    );
    const [i, j, k] = moved(out, box.min).min;
    const target = to + ((k * size[1] + j) * size[0] + i) * 4;
    core.exports.placeOfLabel(
      field,
      ...outSize,
      at(out.min),
      ni * 2,
      ni * nj * 2,
      label,
      target,
      size[0] * 4,
      size[0] * size[1] * 4,
    );
  }
  if (maxMm !== undefined) core.exports.capField(to, voxelsOf(box), 0, maxMm);
  return to;
}
