import type { Vec3 } from "#base";
import type { VolumeDescription } from "#volume";

/** What is said of a file whose header gives no size of voxels. */
export const NO_SIZE_IN_HEADER =
  "The header gives no voxel size; 1 mm is assumed, so lengths and volumes measured here are not real.";

/** What is said of an image of one slice whose thickness nothing tells. */
export const NO_THICKNESS = "The image is one slice; a thickness of 1 mm is assumed.";

/**
 * The part of a description that says along which axes a size was assumed; nothing where every size is known. `fixedIjk` is the index
 * position that a reader puts at its place whatever the sizes are; the first voxel where it is not given.
 */
export function missingSpacing(
  missing: readonly boolean[],
  notes: readonly string[],
  fixedIjk: Vec3 = [0, 0, 0],
): Pick<VolumeDescription, "missingSpacing"> {
  const axes = (["i", "j", "k"] as const).filter((_, n) => missing[n]);
  return axes.length === 0 ? {} : { missingSpacing: { axes, notes, fixedIjk } };
}
