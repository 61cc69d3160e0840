import type { Histogram } from "./distribution.ts";
import { PAGE_KEYS } from "./histograms.ts";
import { CONFIGURATIONS } from "./marching-cubes.ts";
import { type IndexSums, mergeIndexSums, readSums } from "./moments.ts";
import type { StatisticsPart } from "./statistics.ts";

/** All that the first pass found of one segment. */
export interface Segment {
  readonly segment: number;
  readonly sums: IndexSums;
  readonly histogram: Histogram;
  readonly cells: Float64Array;
  /** Voxels that may be corners of the hull, packed. */
  readonly positions: Float64Array;
}

interface Growing {
  sums: IndexSums | undefined;
  readonly histogram: Map<number, Float64Array>;
  readonly cells: Float64Array;
  readonly positions: Float64Array[];
}

/** Segments that have voxels, ascending. Everything is a sum of whole numbers: the cut of the shares does not matter. */
export function mergeParts(parts: readonly StatisticsPart[]): Segment[] {
  const merged = new Map<number, Growing>();
  for (const part of parts) addPart(merged, part);
  return [...merged]
    .sort(([a], [b]) => a - b)
    .flatMap(([segment, { sums, histogram, cells, positions }]) =>
      sums ? [{ segment, sums, histogram, cells, positions: join(positions) }] : [],
    );
}

function addPart(merged: Map<number, Growing>, { segments, sums, histograms, cells, hull }: StatisticsPart): void {
  const rows = segments.map((segment) => {
    let held = merged.get(segment);
    if (!held) {
      held = {
        sums: undefined,
        histogram: new Map(),
        cells: new Float64Array(cells ? CONFIGURATIONS : 0),
        positions: [],
      };
      merged.set(segment, held);
    }
    return held;
  });
  let position = 0;
  for (const [row, held] of rows.entries()) {
    const own = readSums(sums, row);
    if (own) held.sums = mergeIndexSums(held.sums, own);
    if (cells) addTo(held.cells, cells.subarray(row * CONFIGURATIONS, (row + 1) * CONFIGURATIONS));
    const count = hull?.counts[row] ?? 0;
    if (count > 0) held.positions.push(hull!.positions.subarray(position, position + count));
    position += count;
  }
  for (const [n, code] of (histograms?.pages ?? []).entries()) {
    const { histogram } = rows[Math.floor(code / PAGE_KEYS)]!;
    const page = code % PAGE_KEYS;
    let counts = histogram.get(page);
    if (!counts) histogram.set(page, (counts = new Float64Array(PAGE_KEYS)));
    addTo(counts, histograms!.counts.subarray(n * PAGE_KEYS, (n + 1) * PAGE_KEYS));
  }
}

function addTo(sums: Float64Array, counts: Uint32Array): void {
  for (let n = 0; n < sums.length; n++) sums[n]! += counts[n]!;
}

function join(lists: readonly Float64Array[]): Float64Array {
  const all = new Float64Array(lists.reduce((sum, list) => sum + list.length, 0));
  let at = 0;
  for (const list of lists) {
    all.set(list, at);
    at += list.length;
  }
  return all;
}
