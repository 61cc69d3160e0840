import { VoxelwrightError } from "#base";
import { BRICK_EDGE, type BrickAddress, type PyramidLevel, type VolumeDescription } from "#volume";

/** What to do about a damaged scan, for a person. */
export const DAMAGE_ADVICE = "Open the same files again: what is damaged is replaced, and labels stay.";

/** Voxels of level 0 that a brick covers, for a person: `columns 1–64, rows 65–128, slices 1–64`. */
export function placeOfBrick(levels: readonly PyramidLevel[], address: BrickAddress): string {
  const { level, bi, bj, bk } = address;
  const { dims } = levels[0]!;
  const { factor } = levels[level]!;
  const range = (n: number, axis: 0 | 1 | 2): string => {
    const size = BRICK_EDGE * factor[axis];
    return `${n * size + 1}–${Math.min((n + 1) * size, dims[axis])}`;
  };
  return `columns ${range(bi, 0)}, rows ${range(bj, 1)}, slices ${range(bk, 2)}`;
}

/** What a read of a damaged brick rejects with: where it is, and what to do. */
export function damageError(
  image: { readonly levels: readonly PyramidLevel[]; readonly description: VolumeDescription },
  address: BrickAddress,
  cause: unknown,
): VoxelwrightError {
  const place = placeOfBrick(image.levels, address);
  return new VoxelwrightError("integrity", `The scan is damaged in this browser's storage at ${place}.`, {
    subject: image.description.name,
    advice: DAMAGE_ADVICE,
    cause,
  });
}
