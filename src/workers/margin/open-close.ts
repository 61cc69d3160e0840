import type { Dims, IndexBox } from "#volume";
import type { Metric } from "../distance/metric.ts";
import { expand, intersect, wholeBox } from "../index-box.ts";
import type { TileWork } from "../tiles/change-tile.ts";
import { bitsBeyond, bitsOfLabel, clearOfLabel, forEachSegment, NearestContest, squaresTo } from "./fields.ts";

/**
 * Opening: a segment keeps the voxels within `mm` of a place that is farther than `mm` from every other value. Such places may lie
 * outside the volume, which is unknown: what is thin only because the volume ends is kept.
 */
export async function open(tile: TileWork, metric: Metric, mm: number): Promise<void> {
  const { dims } = tile;
  const limit = metric.within(mm);
  const reach = metric.reach(mm);
  const readable = intersect(tile.before.box, wholeBox(dims));
  await forEachSegment(
    tile,
    (own) => own,
    async (segment) => {
      const { own, out } = segment;
      const deep = intersect(expand(out, reach), beyondBorders(own, dims));
      const near = intersect(intersect(expand(own, [1, 1, 1]), expand(deep, reach)), readable);
      const depth = await squaresTo(segment, bitsOfLabel(segment, near, "others"), deep, metric, limit);
      const field = await squaresTo(segment, bitsBeyond(segment, depth, limit), out, metric, limit);
      clearOfLabel(segment, field, limit, "beyond");
    },
  );
}

/**
 * Closing: a segment takes the voxels that are farther than `mm` from every place that is farther than `mm` from it, of several
 * segments the nearest. Places outside the volume count, as far from the segment as they are, so that the border of the volume
 * closes nothing.
 */
export async function close(tile: TileWork, metric: Metric, mm: number): Promise<void> {
  const limit = metric.within(mm);
  const reach = metric.reach(mm);
  const contest = new NearestContest(tile);
  await forEachSegment(
    tile,
    // A closing does not leave the segment's box.
    (own) => own,
    async (segment) => {
      const { own, out } = segment;
      const around = expand(out, reach);
      const mask = bitsOfLabel(segment, intersect(own, expand(around, reach)), "own");
      const away = await squaresTo(segment, mask, around, metric, limit);
      const field = await squaresTo(segment, bitsBeyond(segment, away, limit), out, metric, limit);
      const { exports } = tile.context.core;
      const inAway = away.address(out.min);
      exports.farWhereWithin(field.at, ...field.size, limit, inAway, away.rowBytes, away.planeBytes);
      contest.enter(segment, away, limit);
    },
  );
}

/** A box that goes on for ever where it ends at the border of the volume. */
function beyondBorders({ min, max }: IndexBox, dims: Dims): IndexBox {
  const low = min.map((n) => (n === 0 ? Number.NEGATIVE_INFINITY : n)) as unknown as Dims;
  const high = max.map((n, axis) => (n === dims[axis] ? Number.POSITIVE_INFINITY : n)) as unknown as Dims;
  return { min: low, max: high };
}
