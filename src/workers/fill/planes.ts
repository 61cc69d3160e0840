import { VoxelwrightError } from "#base";
import { type Axis, type Occupancy, occupiedSlices } from "./occupancy.ts";

/** Slices between which one segment is filled. */
export interface Gap {
  readonly segment: number;
  /** Annotated slices on either side; the segment is drawn on at least one of them. */
  readonly from: number;
  readonly to: number;
  readonly drawnFrom: boolean;
  readonly drawnTo: boolean;
  /** The segment's next drawn slices beyond both, for the curve through four; undefined at the ends. */
  readonly before: number | undefined;
  readonly after: number | undefined;
}

/**
 * The gaps of every segment along the axis. A slice is annotated for a segment where the segment is drawn. Where `planes` names
 * the annotated slices, a named slice without the segment says that the segment is not there, and what is drawn elsewhere is
 * left out of account. Without names, only the ends are taken so: beyond the last drawn slice of a segment, the next slice on
 * which another is drawn says that the segment has ended. Gaps in ascending order of `from`, then segment.
 */
export function findGaps(
  segments: ReadonlyMap<number, Occupancy>,
  axis: Axis,
  planes: readonly number[] | undefined,
): Gap[] {
  const named = planes && checkedPlanes(planes, segments, axis);
  const all =
    named ??
    [...new Set([...segments.values()].flatMap((slices) => occupiedSlices(slices[axis])))].sort((a, b) => a - b);
  const gaps: Gap[] = [];
  for (const [segment, occupancy] of segments) {
    const slices = occupancy[axis];
    const drawn = all.filter((z) => slices[z] === 1);
    if (drawn.length === 0) continue;
    const own = named ?? withEnds(drawn, all);
    for (let n = 0; n + 1 < own.length; n++) {
      const from = own[n]!;
      const to = own[n + 1]!;
      const drawnFrom = slices[from] === 1;
      const drawnTo = slices[to] === 1;
      if (to - from < 2 || !(drawnFrom || drawnTo)) continue;
      const isDrawn = (z: number | undefined) => (z !== undefined && slices[z] === 1 ? z : undefined);
      gaps.push({ segment, from, to, drawnFrom, drawnTo, before: isDrawn(own[n - 1]), after: isDrawn(own[n + 2]) });
    }
  }
  return gaps.sort((a, b) => a.from - b.from || a.segment - b.segment);
}

/** A segment's drawn slices, with the slice of another segment next beyond each end. */
function withEnds(drawn: readonly number[], all: readonly number[]): number[] {
  const below = all.findLast((z) => z < drawn[0]!);
  const above = all.find((z) => z > drawn.at(-1)!);
  return [...(below === undefined ? [] : [below]), ...drawn, ...(above === undefined ? [] : [above])];
}

function checkedPlanes(planes: readonly number[], segments: ReadonlyMap<number, Occupancy>, axis: Axis): number[] {
  const first = segments.values().next().value;
  const count = first ? first[axis].length : 0;
  for (const z of planes) {
    if (!Number.isInteger(z) || z < 0 || z >= count) {
      throw new VoxelwrightError("argument", `Slice ${z} is not one of the ${count} slices of this axis.`);
    }
  }
  return [...new Set(planes)].sort((a, b) => a - b);
}
