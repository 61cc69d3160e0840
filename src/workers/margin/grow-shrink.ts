import type { Metric } from "../distance/metric.ts";
import { expand, intersect, wholeBox } from "../index-box.ts";
import type { TileWork } from "../tiles/change-tile.ts";
import { bitsOfLabel, clearMembers, clearOfLabel, forEachSegment, NearestContest, squaresTo } from "./fields.ts";

/** Segments take the voxels within `mm`. */
export async function grow(tile: TileWork, metric: Metric, mm: number): Promise<void> {
  const limit = metric.within(mm);
  const reach = metric.reach(mm, tile.dims);
  const contest = new NearestContest(tile);
  await forEachSegment(
    tile,
    (own) => expand(own, reach),
    async (segment) => {
      const mask = bitsOfLabel(segment, segment.own, "own");
      contest.enter(segment, await squaresTo(segment, mask, segment.out, metric, limit), limit);
    },
  );
}

/** Segments lose the voxels within `mm` of another value, or those beyond that. */
export async function shrink(tile: TileWork, metric: Metric, mm: number, lost: "within" | "beyond"): Promise<void> {
  const limit = metric.within(mm);
  const reach = metric.reach(mm, tile.dims);
  const readable = intersect(tile.before.box, wholeBox(tile.dims));
  await forEachSegment(
    tile,
    (own) => own,
    async (segment) => {
      const { own, out } = segment;
      // The nearest other voxel is no farther than the layer around the segment's box.
      const near = intersect(intersect(expand(own, [1, 1, 1]), expand(out, reach)), readable);
      const mask = bitsOfLabel(segment, near, "others");
      clearOfLabel(segment, await squaresTo(segment, mask, out, metric, limit), limit, lost);
    },
  );
}

/** Segments become shells. */
export async function hollow(
  tile: TileWork,
  metric: Metric,
  thicknessMm: number,
  mode: "inside" | "outside" | "middle",
): Promise<void> {
  if (mode === "inside") return shrink(tile, metric, thicknessMm, "beyond");
  const half = mode === "middle" ? thicknessMm / 2 : thicknessMm;
  await grow(tile, metric, half);
  if (mode === "outside") clearMembers(tile);
  else await shrink(tile, metric, half, "beyond");
}
