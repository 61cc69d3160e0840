import { VoxelwrightError } from "#base";
import { type Axis, type Occupancy, occupiedSlices } from "./occupancy.ts";

/** Slices between which one segment, or the union of all, is filled. */
export interface Gap {
  /** The segment; 0 for the union. */
  readonly segment: number;
  /** Annotated slices on either side; the segment is drawn on at least one of them. */
  readonly from: number;
  readonly to: number;
  readonly drawnFrom: boolean;
  readonly drawnTo: boolean;
  /** The segment's next drawn slices beyond both, for the curve through four; undefined at the ends. */
  readonly before: number | undefined;
  readonly after: number | undefined;
  /** Whether the union is known on both slices as well, so that it helps to decide. */
  readonly shared: boolean;
}

/**
 * The gaps of every segment along the axis, and those of the union of all segments. A slice is annotated for a segment where the
 * segment is drawn. Where `planes` names the annotated slices, a named slice without the segment says that the segment is not
 * there, and what is drawn elsewhere is left out of account. Without names, only the ends are taken so: beyond the last drawn
 * slice of a segment, the next slice on which another is drawn says that the segment has ended.
 *
 * Neighbouring slices have a gap without slices between them, by which what is drawn on one goes on to the other.
 *
 * The union is known on a slice where every segment is: named, or no segment is skipped there between slices on which it is drawn.
 * Gaps in ascending order of `from`, then segment.
 */
export function findGaps(
  segments: ReadonlyMap<number, Occupancy>,
  axis: Axis,
  planes: readonly number[] | undefined,
): Gap[] {
  const named = planes && checkedPlanes(planes, segments, axis);
  const drawnOn = new Map<number, number[]>();
  for (const [segment, occupancy] of segments) {
    const slices = occupancy[axis];
    drawnOn.set(segment, named ? named.filter((z) => slices[z] === 1) : occupiedSlices(slices));
  }
  const all = named ?? [...new Set([...drawnOn.values()].flat())].sort((a, b) => a - b);
  const gaps: Gap[] = [];
  const skipped = new Set<number>();
  for (const drawn of drawnOn.values()) {
    if (named || drawn.length === 0) continue;
    const own = new Set(drawn);
    for (const z of all) if (z > drawn[0]! && z < drawn.at(-1)! && !own.has(z)) skipped.add(z);
  }
  const unionPairs = new Set(all.slice(1).map((to, n) => `${all[n]!} ${to}`));
  const isShared = (from: number, to: number, both: boolean): boolean =>
    unionPairs.has(`${from} ${to}`) && (both || !(skipped.has(from) || skipped.has(to)));
  for (const [segment, drawn] of drawnOn) {
    if (drawn.length > 0) gaps.push(...gapsBetween(segment, named ?? withEnds(drawn, all), drawn, isShared));
  }
  if (drawnOn.size > 1) {
    const holding = all.filter((z) => [...segments.values()].some((occupancy) => occupancy[axis][z] === 1));
    gaps.push(...gapsBetween(0, all, holding, () => true));
  }
  return gaps.sort((a, b) => a.from - b.from || a.segment - b.segment);
}

function gapsBetween(
  segment: number,
  slices: readonly number[],
  drawn: readonly number[],
  isShared: (from: number, to: number, both: boolean) => boolean,
): Gap[] {
  const own = new Set(drawn);
  const ifDrawn = (z: number | undefined) => (z !== undefined && own.has(z) ? z : undefined);
  const gaps: Gap[] = [];
  for (let n = 0; n + 1 < slices.length; n++) {
    const from = slices[n]!;
    const to = slices[n + 1]!;
    const drawnFrom = own.has(from);
    const drawnTo = own.has(to);
    if (!(drawnFrom || drawnTo)) continue;
    const shared = isShared(from, to, drawnFrom && drawnTo);
    const before = ifDrawn(slices[n - 1]);
    const after = ifDrawn(slices[n + 2]);
    gaps.push({ segment, from, to, drawnFrom, drawnTo, before, after, shared });
  }
  return gaps;
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
