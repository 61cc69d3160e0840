import type { IndexIjk } from "#volume";

/**
 * The voxel of a label nearest to a place on its surface, which lies between voxels; among those that are `reach` voxels away along each
 * axis. Undefined where none has the label, as when it has just changed.
 */
export function voxelOfLabel(
  place: IndexIjk,
  label: number,
  labelAt: (ijk: IndexIjk) => number,
  reach = 1,
): IndexIjk | undefined {
  const edge = 2 * reach + 1;
  const middle = place.map(Math.round) as unknown as IndexIjk;
  let nearest: IndexIjk | undefined;
  let least = Number.POSITIVE_INFINITY;
  for (let n = 0; n < edge ** 3; n++) {
    const ijk: IndexIjk = [
      middle[0] + (n % edge) - reach,
      middle[1] + (Math.floor(n / edge) % edge) - reach,
      middle[2] + Math.floor(n / edge ** 2) - reach,
    ];
    const away = Math.hypot(ijk[0] - place[0], ijk[1] - place[1], ijk[2] - place[2]);
    if (away >= least || labelAt(ijk) !== label) continue;
    least = away;
    nearest = ijk;
  }
  return nearest;
}
