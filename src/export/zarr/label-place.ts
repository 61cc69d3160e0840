import type { ImageGrid, PyramidLevel, StoredAxes, StoredAxis } from "#volume";

/** Where labels lie in a Zarr group, and what is to be said of it. */
export interface LabelPlace {
  readonly axes: StoredAxes;
  /** The whole affine, row-major 3×4 in LPS millimetres, where axes, scale and translation cannot say it. */
  readonly indexToLps?: readonly number[];
  readonly notes: readonly string[];
}

/** Orientations (RFC 4) of an axis that runs along +L, +P, +S, then along −L, −P, −S. */
const ALONG = ["right-to-left", "anterior-to-posterior", "inferior-to-superior"];
const AGAINST = ["left-to-right", "posterior-to-anterior", "superior-to-inferior"];

/**
 * Labels of an OME-Zarr image take its axes as they are, also where these have no scale, with its frames as axes of one element. Others get z, y, x in millimetres,
 * each with its orientation in the patient where the grid lies along the patient's axes. OME-Zarr holds no rotation: the affine of any
 * other grid goes into attributes of Voxelwright's own, which only its reader knows.
 */
export function labelPlace(grid: ImageGrid, stored?: StoredAxes): LabelPlace {
  if (stored) {
    const notes: string[] = [];
    if (stored.axes.some(({ type }) => type === "time"))
      notes.push("Labels hold for all time points; in the file they lie at the first.");
    if (stored.scaleMissing)
      notes.push(
        "The image gives no voxel size, so its labels are written without one and lie on it in every program.",
      );
    return { axes: stored, ...(stored.indexToLps ? { indexToLps: stored.indexToLps } : {}), notes };
  }
  const ends = [0, 1, 2].map((axis) => endOf(grid, axis));
  const plain = ends.every((end) => end !== undefined);
  const axes = [2, 1, 0].map((axis): StoredAxis => {
    const scale = grid.spacingMm[axis]!;
    const end = ends[axis];
    const place = plain && end ? { orientation: end.orientation, translation: end.originMm } : { translation: 0 };
    return { name: "xyz"[axis]!, type: "space", unit: "millimeter", scale, ...place };
  });
  const placed: StoredAxes = { version: "0.5", axes, space: [2, 1, 0] };
  if (plain) return { axes: placed, notes: [] };
  const note =
    "The scan does not lie along the patient's axes, and OME-Zarr holds no rotation: other programs see the right voxel sizes without the rotation.";
  return { axes: placed, indexToLps: [...grid.indexToLps], notes: [note] };
}

/** The patient axis that an index axis runs along, and the origin along it in the axis's own direction. */
function endOf(grid: ImageGrid, axis: number): { orientation: string; originMm: number } | undefined {
  const step = grid.axis(axis);
  const rows = [0, 1, 2].filter((row) => step[row] !== 0);
  const row = rows[0];
  if (rows.length !== 1 || row === undefined) return undefined;
  const sign = Math.sign(step[row]!);
  return { orientation: (sign > 0 ? ALONG : AGAINST)[row]!, originMm: sign * grid.originMm[row]! };
}

/** `[scale, translation]` of each stored axis at a level: its voxels lie in the middle of those they cover. */
export function placeOfLevel({ axes, space }: StoredAxes, { factor }: PyramidLevel): (readonly [number, number])[] {
  return axes.map(({ scale, translation }, at) => {
    const axis = space.indexOf(at);
    const f = axis < 0 ? 1 : factor[axis as 0 | 1 | 2];
    return [scale * f, translation + ((f - 1) / 2) * scale] as const;
  });
}
