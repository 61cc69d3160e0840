import { VoxelwrightError } from "#base";
import type { Dims, IndexBox } from "#volume";
import type { TaskContext } from "../crew/task.ts";
import { BoxGatherer } from "../gather.ts";
import { expand, intersect, isEmpty, moved, sizeOf, voxelsOf, wholeBox } from "../index-box.ts";
import { requireRoom } from "../memory-arena.ts";
import { transfer } from "../wire.ts";
import {
  bitMaskBytes,
  bitRowBytes,
  boxOfBits,
  fieldBytes,
  fieldOf,
  fieldOrInfinity,
  filledField,
  NO_LIMIT,
} from "./box-distances.ts";
import type { DistanceField, DistanceRequest } from "./distance.api.ts";
import { gatherMask, labelledBox, memberTable, type PlacedMask } from "./gather-mask.ts";
import { distancesOfMany } from "./many.ts";
import { Metric } from "./metric.ts";

/**
 * Distances of a box of voxels. Memory: 4 bytes a voxel of the box (of as many slices as the labels have, where they have more)
 * and a bit a voxel of the labels; `signed` 4 bytes more for the segments' box, `many` 2 for the labels'. Rejects with `limit`
 * where that is above the budget.
 */
export async function distanceField(context: TaskContext, request: DistanceRequest): Promise<DistanceField> {
  const { dims } = context.maps![0]!;
  const box = request.box ?? wholeBox(dims);
  try {
    const at = await (request.mode === "many" ? distancesOfMany : distancesOfOne)(context, request, box);
    const values = new Float32Array(context.arena.memory.buffer, at, voxelsOf(box)).slice();
    return transfer({ box, values }, [values.buffer]);
  } catch (error) {
    if (!(error instanceof VoxelwrightError) || error.kind !== "limit") throw error;
    throw new VoxelwrightError(
      "limit",
      `Distances of ${sizeOf(box).join("×")} voxels do not fit in the memory budget.`,
      {
        advice: "Ask for a smaller box or give a largest distance.",
        fields: error.fields,
        cause: error,
      },
    );
  }
}

/** Distances to, and within, the chosen segments together. Returns the address of the field. */
async function distancesOfOne(
  context: TaskContext,
  { mode, spacingMm, segments, maxMm }: DistanceRequest,
  box: IndexBox,
): Promise<number> {
  const { core, arena, pacer } = context;
  const { exports } = core;
  const map = context.maps![0]!;
  const metric = new Metric(spacingMm);
  const limit = maxMm === undefined ? NO_LIMIT : metric.within(maxMm);
  const most = maxMm ?? Number.POSITIVE_INFINITY;
  const size = sizeOf(box);
  const labelled = labelledBox(map);
  // One voxel more than the labels: what is nearest to their inside lies there.
  const sites =
    labelled && sitesFor(box, labelled, map.dims, maxMm === undefined ? map.dims : metric.reach(maxMm, map.dims));
  if (!sites) return filledField(context, size, most);
  const mask = await gatherMask(context, new BoxGatherer(context), map, memberTable(context, segments), sites);
  const around = boxOfMask(context, mask);
  if (!around) return filledField(context, size, most);
  const slices: PlacedMask = slicesOf(mask, around);
  const to = requireRoom(arena, fieldBytes(slices.size, size));
  const first = moved(box, slices.first).min;
  const share = mode === "signed" ? 0.6 : 1;
  await fieldOf(context, slices, { metric, first, size, limit, as: "mm" }, to, (done) =>
    pacer.pause(share * done, WHAT),
  );
  const inside = intersect(around, box);
  if (mode === "signed" && !isEmpty(inside)) {
    const others = othersAround(context, mask, intersect(expand(around, [1, 1, 1]), sites));
    const own = sizeOf(inside);
    const asked = { metric, first: moved(inside, others.first).min, size: own, limit, as: "mm" } as const;
    const field = await fieldOrInfinity(context, others, asked, (done) =>
      pacer.pause(share + (1 - share) * done, WHAT),
    );
    const [i, j, k] = moved(inside, box.min).min;
    const start = to + ((k * size[1] + j) * size[0] + i) * 4;
    exports.placeInside(field, ...own, start, size[0] * 4, size[0] * size[1] * 4);
  }
  if (maxMm !== undefined) exports.capField(to, voxelsOf(box), -maxMm, maxMm);
  return to;
}

const WHAT = "Measuring distances";

/** Voxels whose labels matter for the distances of a box; undefined where none do. */
function sitesFor(box: IndexBox, labelled: IndexBox, dims: Dims, reach: Dims): IndexBox | undefined {
  const sites = intersect(intersect(expand(labelled, [1, 1, 1]), expand(box, reach)), wholeBox(dims));
  return isEmpty(sites) ? undefined : sites;
}

/** Bounding box of a mask's set bits, in the volume; undefined where none is set. */
function boxOfMask(context: TaskContext, mask: PlacedMask): IndexBox | undefined {
  const { first } = mask;
  const box = boxOfBits(context, mask);
  return box && moved(box, [-first[0], -first[1], -first[2]]);
}

/** The mask without the slices before and after its set bits. */
function slicesOf({ at, size, first }: PlacedMask, around: IndexBox): PlacedMask {
  const plane = bitRowBytes(size[0]) * size[1];
  return {
    at: at + (around.min[2] - first[2]) * plane,
    size: [size[0], size[1], around.max[2] - around.min[2]],
    first: [first[0], first[1], around.min[2]],
  };
}

/** The bits of a box that are not set in a mask; the box begins where words do along i. */
function othersAround({ core, arena }: TaskContext, mask: PlacedMask, box: IndexBox): PlacedMask {
  const word = Math.floor((box.min[0] - mask.first[0]) / 64);
  const first: Dims = [mask.first[0] + word * 64, box.min[1], box.min[2]];
  const size = sizeOf({ min: first, max: box.max });
  const at = arena.allocate(bitMaskBytes(size));
  const [row, ownRow] = [bitRowBytes(mask.size[0]), bitRowBytes(size[0])];
  const [, j, k] = moved(box, mask.first).min;
  const from = mask.at + (k * mask.size[1] + j) * row + word * 8;
  core.exports.copyBox(from, row, row * mask.size[1], at, ownRow, ownRow * size[1], ownRow, size[1], size[2]);
  core.exports.invertBits(at, size[0], size[1] * size[2]);
  return { at, size, first };
}
