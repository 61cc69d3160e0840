import type { Segment } from "#labelmap";
import {
  BRICK_EDGE,
  brickCoordinates,
  brickDims,
  type ImageGrid,
  type IndexBox,
  type PointLps,
  type VolumeDescription,
} from "#volume";
import type { ShapeStatistics, StatisticsRow } from "#workers";
import type { LabelBricks } from "./label-stream.ts";

/** Percentiles of a shown row: symmetric, so that a falling rescale turns them round. `StatisticsRow.percentiles` must be these. */
export const SHOWN_PERCENTILES = [5, 25, 75, 95] as const;

/** One segment's statistics as people read them: shown values, millilitres, LPS millimetres. */
export interface ShownStatistics {
  readonly segment: number;
  readonly name: string;
  readonly voxels: number;
  readonly volumeMl: number;
  /** Shown (rescaled) values; NaN when there is no voxel, or no image. */
  readonly mean: number;
  /** Population standard deviation. */
  readonly sd: number;
  readonly min: number;
  readonly max: number;
  /** Unit of values; empty when unknown. */
  readonly unit: string;
  readonly median: number;
  /** Percentiles, linear between ranks. */
  readonly p5: number;
  readonly p25: number;
  readonly p75: number;
  readonly p95: number;
  /** Mean position of the voxels; absent without voxels and in an uneven stack. */
  readonly centroidLps?: PointLps;
  /** Smallest box of voxel indices; absent without voxels. */
  readonly box?: IndexBox;
  /** Absent without voxels, where it was not asked for, and in an uneven stack. */
  readonly shape?: ShapeStatistics;
}

/** What turns kernel rows (stored values, voxel counts) into rows for people. */
export interface StatisticsContext {
  readonly grid: ImageGrid;
  readonly labels: LabelBricks;
  readonly segments: readonly Segment[];
  readonly description: Pick<VolumeDescription, "rescale" | "unit">;
}

/**
 * Rows in shown values with volumes, one for every segment (0 voxels too) and every label present, by label value. In an uneven
 * stack each slice's voxels count with that slice's own volume.
 */
export function shownStatistics(rows: readonly StatisticsRow[], context: StatisticsContext): ShownStatistics[] {
  const { grid, description } = context;
  const names = new Map(context.segments.map((segment) => [segment.value, segment.name]));
  const bySegment = new Map(rows.map((row) => [row.segment, row]));
  const volumes = grid.regular ? undefined : unevenVolumesMm3(grid, context.labels);
  const voxelMm3 = grid.voxelVolumeMm3();
  const segments = [...new Set([...names.keys(), ...bySegment.keys()])].toSorted((a, b) => a - b);
  return segments.map((segment) => {
    const row = bySegment.get(segment);
    const present = row !== undefined && row.voxels > 0;
    const voxels = present ? row.voxels : 0;
    const { shape } = row ?? {};
    return {
      segment,
      name: names.get(segment) ?? `Label ${segment}`,
      voxels,
      volumeMl: (volumes ? (volumes.get(segment) ?? 0) : voxels * voxelMm3) / 1000,
      ...shownValues(present ? row : undefined, description),
      ...(present && grid.regular ? { centroidLps: grid.toLps(row.centroidIjk) } : {}),
      ...(present ? { box: row.box } : {}),
      ...(present && shape ? { shape } : {}),
    };
  });
}

type ShownValues = Pick<
  ShownStatistics,
  "mean" | "sd" | "min" | "max" | "unit" | "median" | "p5" | "p25" | "p75" | "p95"
>;

function shownValues(row: StatisticsRow | undefined, { rescale, unit }: StatisticsContext["description"]): ShownValues {
  const { slope, intercept } = rescale;
  const shown = (stored: number | undefined): number =>
    stored === undefined ? Number.NaN : slope * stored + intercept;
  const ends = [shown(row?.min), shown(row?.max)];
  const percentiles = SHOWN_PERCENTILES.map((_, n) => shown(row?.percentiles[n]));
  const [p5, p25, p75, p95] = slope < 0 ? percentiles.toReversed() : percentiles;
  return {
    mean: shown(row?.mean),
    sd: Math.abs(slope) * (row?.sd ?? Number.NaN),
    min: Math.min(...ends),
    max: Math.max(...ends),
    unit,
    median: shown(row?.median),
    p5: p5!,
    p25: p25!,
    p75: p75!,
    p95: p95!,
  };
}

function unevenVolumesMm3(grid: ImageGrid, labels: LabelBricks): Map<number, number> {
  const { dims } = grid;
  const bricks = brickDims(dims);
  const volumes = new Map<number, number>();
  for (const index of labels.brickIndices()) {
    const brick = labels.readBrick(index);
    if (!brick) continue;
    const [bi, bj, bk] = brickCoordinates(bricks, index);
    const [columns, rows, planes] = [bi, bj, bk].map((b, axis) => Math.min(BRICK_EDGE, dims[axis]! - b * BRICK_EDGE));
    for (let k = 0; k < planes!; k++) {
      const voxelMm3 = grid.voxelVolumeMm3(bk * BRICK_EDGE + k);
      for (let j = 0; j < rows!; j++) {
        const from = (k * BRICK_EDGE + j) * BRICK_EDGE;
        for (let n = from; n < from + columns!; n++) {
          const label = brick[n]!;
          if (label !== 0) volumes.set(label, (volumes.get(label) ?? 0) + voxelMm3);
        }
      }
    }
  }
  return volumes;
}

/** What of shape a grid does not allow, one sentence each. */
export function shapeNotes(grid: ImageGrid): string[] {
  if (!grid.regular) return ["The slices lie unevenly: centroid and shape are not measured."];
  if (grid.sheared) return ["The axes are not at right angles: the area by Crofton's formula is not measured."];
  return [];
}
