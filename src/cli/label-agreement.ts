import type { LabelBricks } from "#export";
import { BRICK_VOXELS, type ImageGrid } from "#volume";
import { labelSurfaces } from "./label-surfaces.ts";
import { PointTree } from "./point-tree.ts";

/** How far two labelmaps agree on one label. Distances are null where one of them has no such voxel. */
export interface AgreementRow {
  readonly label: number;
  /** 2·|A∩B| / (|A| + |B|). */
  readonly dice: number;
  /** The larger of the two 95th percentiles (nearest rank) of the distances from one surface to the other. */
  readonly hausdorff95Mm: number | null;
  /** Mean over the surface voxels of both, each to the other's surface. */
  readonly meanSurfaceDistanceMm: number | null;
  readonly voxelsA: number;
  readonly voxelsB: number;
}

/**
 * Compares two labelmaps of one grid, a row for every label in either, by label. Surfaces are voxels with a face neighbour that
 * is not of the label; distances are between voxel centres in LPS millimetres, so sheared and uneven grids are measured as they
 * lie.
 */
export function labelAgreement(grid: ImageGrid, a: LabelBricks, b: LabelBricks): AgreementRow[] {
  const surfacesA = labelSurfaces(grid, a);
  const surfacesB = labelSurfaces(grid, b);
  const common = commonVoxels(a, b);
  const labels = new Set([...surfacesA.voxels.keys(), ...surfacesB.voxels.keys()]);
  return [...labels]
    .toSorted((x, y) => x - y)
    .map((label) => {
      const voxelsA = surfacesA.voxels.get(label) ?? 0;
      const voxelsB = surfacesB.voxels.get(label) ?? 0;
      const dice = (2 * (common.get(label) ?? 0)) / (voxelsA + voxelsB);
      const distances = surfaceDistances(surfacesA.points.get(label), surfacesB.points.get(label));
      return { label, dice, ...distances, voxelsA, voxelsB };
    });
}

function surfaceDistances(a: Float64Array | undefined, b: Float64Array | undefined) {
  if (!a || !b) return { hausdorff95Mm: null, meanSurfaceDistanceMm: null };
  const toB = distancesTo(b, a);
  const toA = distancesTo(a, b);
  const sum = (values: Float64Array): number => values.reduce((total, value) => total + value, 0);
  return {
    hausdorff95Mm: Math.max(percentile95(toA), percentile95(toB)),
    meanSurfaceDistanceMm: (sum(toA) + sum(toB)) / (toA.length + toB.length),
  };
}

/** Distance of each point of `from` to the nearest one of `target`, ascending. */
function distancesTo(target: Float64Array, from: Float64Array): Float64Array {
  const tree = new PointTree(target.slice());
  const distances = new Float64Array(from.length / 3);
  for (let n = 0; n < distances.length; n++)
    distances[n] = tree.distance(from[n * 3]!, from[n * 3 + 1]!, from[n * 3 + 2]!);
  return distances.sort();
}

function percentile95(ascending: Float64Array): number {
  return ascending[Math.ceil(0.95 * ascending.length) - 1]!;
}

function commonVoxels(a: LabelBricks, b: LabelBricks): Map<number, number> {
  const common = new Map<number, number>();
  for (const index of a.brickIndices()) {
    const ofA = a.readBrick(index);
    const ofB = b.readBrick(index);
    if (!ofA || !ofB) continue;
    for (let n = 0; n < BRICK_VOXELS; n++) {
      const label = ofA[n]!;
      if (label !== 0 && label === ofB[n]) common.set(label, (common.get(label) ?? 0) + 1);
    }
  }
  return common;
}
