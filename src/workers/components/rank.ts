import { VoxelwrightError } from "#base";
import type { ComponentRow, Components, SegmentComponents } from "./components.api.ts";
import type { FoundComponents } from "./find-components.ts";
import { type PieceColumns, voxelAt } from "./piece-columns.ts";

/** Rows that are given out; each is an object of some 300 bytes. */
const MOST_ROWS = 1_000_000;

/** A component among those found: where its columns are, which row of them it is, and its number in its segment. */
export interface RankedComponent {
  readonly columns: PieceColumns;
  readonly n: number;
  readonly number: number;
  /** True where it is within one brick. */
  readonly closed: boolean;
}

export interface RankOptions {
  readonly leastVoxels?: number | undefined;
  /** The largest so many of each segment. */
  readonly most?: number | undefined;
}

/**
 * Components by ascending segment, then by size descending; of equal size the one whose first voxel comes first is first. Throws
 * `limit` for more than a million.
 */
export function rankComponents(found: FoundComponents, { leastVoxels = 1, most }: RankOptions): RankedComponent[] {
  const { forest, closed } = found;
  const open = forest.columns;
  const isTold = (columns: PieceColumns, n: number): boolean => columns.voxels(n) >= leastVoxels;
  const roots: number[] = [];
  for (let n = 0; n < open.count; n++) if (forest.isRoot(n) && isTold(open, n)) roots.push(n);
  const inBricks: number[] = [];
  for (let n = 0; n < closed.count; n++) if (isTold(closed, n)) inBricks.push(n);
  const largest = most === undefined ? roots : largestOf(open, roots, most);
  const within = most === undefined ? inBricks : largestOf(closed, inBricks, most);
  if (largest.length + within.length > MOST_ROWS) {
    throw new VoxelwrightError("limit", `There are ${largest.length + within.length} components.`, {
      advice: "Ask for the largest of them, or for those above a size.",
      fields: { components: largest.length + within.length, limit: MOST_ROWS },
    });
  }
  const all = [
    ...largest.map((n) => ({ columns: open, n, closed: false })),
    ...within.map((n) => ({ columns: closed, n, closed: true })),
  ].sort(
    (a, b) =>
      a.columns.segment(a.n) - b.columns.segment(b.n) ||
      b.columns.voxels(b.n) - a.columns.voxels(a.n) ||
      a.columns.first(a.n) - b.columns.first(b.n),
  );
  let last = 0;
  let number = 0;
  const ranked: RankedComponent[] = [];
  for (const { columns, n, closed: within_ } of all) {
    number = columns.segment(n) === last ? number + 1 : 1;
    last = columns.segment(n);
    if (most === undefined || number <= most) ranked.push({ columns, n, number, closed: within_ });
  }
  return ranked;
}

/** The `most` largest of each segment; of equal size those whose first voxel comes first. */
function largestOf(columns: PieceColumns, pieces: readonly number[], most: number): number[] {
  const kept: number[] = [];
  for (const own of bySegment(columns, pieces).values()) {
    if (own.length <= most) {
      for (const n of own) kept.push(n);
      continue;
    }
    const floor = Float64Array.from(own, (n) => columns.voxels(n)).sort()[own.length - most]!;
    const ties = own.filter((n) => columns.voxels(n) === floor);
    const above = own.filter((n) => columns.voxels(n) > floor);
    const last = Float64Array.from(ties, (n) => columns.first(n)).sort()[most - above.length - 1]!;
    for (const n of above) kept.push(n);
    for (const n of ties) if (columns.first(n) <= last) kept.push(n);
  }
  return kept;
}

function bySegment(columns: PieceColumns, pieces: readonly number[]): Map<number, number[]> {
  const all = new Map<number, number[]>();
  let last = -1;
  let own: number[] = [];
  for (const n of pieces) {
    const segment = columns.segment(n);
    if (segment !== last) {
      last = segment;
      own = all.get(segment) ?? [];
      all.set(segment, own);
    }
    own.push(n);
  }
  return all;
}

/** Rows of ranked components, and what all components of each segment are together. */
export function rowsOf(found: FoundComponents, ranked: readonly RankedComponent[]): Components {
  return { rows: ranked.map(rowOf), segments: segmentsOf(found) };
}

function rowOf({ columns, n, number }: RankedComponent): ComponentRow {
  return {
    segment: columns.segment(n),
    number,
    voxels: columns.voxels(n),
    firstVoxel: voxelAt(columns.dims, columns.first(n)),
    box: columns.box(n),
  };
}

function segmentsOf({ forest, closed, untold }: FoundComponents): SegmentComponents[] {
  const sums = new Map<number, { components: number; voxels: number }>();
  const sumOf = (segment: number): { components: number; voxels: number } => {
    let sum = sums.get(segment);
    if (!sum) sums.set(segment, (sum = { components: 0, voxels: 0 }));
    return sum;
  };
  const add = (columns: PieceColumns, n: number): void => {
    const sum = sumOf(columns.segment(n));
    sum.components++;
    sum.voxels += columns.voxels(n);
  };
  const open = forest.columns;
  for (let n = 0; n < open.count; n++) if (forest.isRoot(n)) add(open, n);
  for (let n = 0; n < closed.count; n++) add(closed, n);
  for (const [segment, { components, voxels }] of untold) {
    const sum = sumOf(segment);
    sum.components += components;
    sum.voxels += voxels;
  }
  return [...sums].sort(([a], [b]) => a - b).map(([segment, sum]) => ({ segment, ...sum }));
}
