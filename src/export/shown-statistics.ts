import type { Segment } from "#labelmap";
import { BRICK_EDGE, brickCoordinates, brickDims, type ImageGrid, type VolumeDescription } from "#volume";
import type { StatisticsRow } from "#workers";
import type { LabelBricks } from "./label-stream.ts";
import type { ShownStatistics } from "./statistics-csv.ts";

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
  const { slope, intercept } = context.description.rescale;
  const { unit } = context.description;
  const shown = (stored: number): number => slope * stored + intercept;
  const names = new Map(context.segments.map((segment) => [segment.value, segment.name]));
  const bySegment = new Map(rows.map((row) => [row.segment, row]));
  const volumes = context.grid.regular ? undefined : unevenVolumesMm3(context.grid, context.labels);
  const voxelMm3 = context.grid.voxelVolumeMm3();
  const segments = [...new Set([...names.keys(), ...bySegment.keys()])].toSorted((a, b) => a - b);
  return segments.map((segment) => {
    const name = names.get(segment) ?? `Label ${segment}`;
    const row = bySegment.get(segment);
    if (!row || row.voxels === 0) {
      const none = { mean: Number.NaN, sd: Number.NaN, min: Number.NaN, max: Number.NaN };
      return { segment, name, voxels: 0, volumeMl: 0, ...none, unit };
    }
    const ends = [shown(row.min), shown(row.max)];
    return {
      segment,
      name,
      voxels: row.voxels,
      volumeMl: (volumes ? (volumes.get(segment) ?? 0) : row.voxels * voxelMm3) / 1000,
      mean: shown(row.mean),
      sd: Math.abs(slope) * row.sd,
      min: Math.min(...ends),
      max: Math.max(...ends),
      unit,
    };
  });
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
