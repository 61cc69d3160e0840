import { length, type Vec3 } from "#base";
import { CONFIGURATIONS } from "./marching-cubes.ts";

/**
 * Directions between neighbouring voxels up to sign of each axis, with the share of directions in space that each stands for: areas
 * of the Voronoi cells of the 26 directions of a cube on the unit sphere, as ITK's ShapeLabelMapFilter has them.
 */
const DIRECTIONS: readonly (readonly [step: Vec3, share: number])[] = [
  [[1, 0, 0], 0.04577789120476 * 2],
  [[0, 1, 0], 0.04577789120476 * 2],
  [[0, 0, 1], 0.04577789120476 * 2],
  [[1, 1, 0], 0.03698062787608 * 2],
  [[1, 0, 1], 0.03698062787608 * 2],
  [[0, 1, 1], 0.03698062787608 * 2],
  [[1, 1, 1], 0.03519563978232 * 2],
];

/** Area by Crofton's formula from counts of the configurations of 2×2×2 voxels, in the square of the steps' unit. */
export function croftonArea(cells: Float64Array, spacing: Vec3): number {
  const volume = spacing[0] * spacing[1] * spacing[2];
  let area = 0;
  for (const [step, share] of DIRECTIONS) {
    const apart = length([step[0] * spacing[0], step[1] * spacing[1], step[2] * spacing[2]]);
    area += ((volume / apart) * interceptsAlong(cells, step) * share) / 2;
  }
  return 4 * area;
}

/** Pairs of neighbours along a direction, in all its signs, of which one is of the segment and the other is not. */
function interceptsAlong(cells: Float64Array, step: Vec3): number {
  const across = step[0] + 2 * step[1] + 4 * step[2];
  const perCell = (pairsOf[across] ??= pairsAcross(across));
  // A pair along an edge lies in four cells, along a face's diagonal in two, along the body's in one.
  const shared = [0, 4, 2, 1][step[0] + step[1] + step[2]]!;
  let pairs = 0;
  for (let configuration = 0; configuration < CONFIGURATIONS; configuration++) {
    pairs += cells[configuration]! * perCell[configuration]!;
  }
  return pairs / shared;
}

/** Pairs in each configuration, by the bits that a direction flips; made once. */
const pairsOf: Uint8Array[] = [];

function pairsAcross(across: number): Uint8Array {
  return Uint8Array.from({ length: CONFIGURATIONS }, (_, configuration) => {
    let pairs = 0;
    for (let from = 0; from < 8; from++) {
      // Flipping the bits of the direction leads to the other end, in whichever sign; each pair is met from both.
      const to = from ^ across;
      if (from < to && ((configuration >> from) & 1) !== ((configuration >> to) & 1)) pairs++;
    }
    return pairs;
  });
}
