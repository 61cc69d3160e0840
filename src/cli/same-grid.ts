import { VoxelwrightError } from "#base";
import type { ImageGrid } from "#volume";

/** Throws `argument` where a labelmap does not lie on the grid of the first one; `done` is what cannot be done then. */
export function requireSameGrid(first: ImageGrid, other: ImageGrid, subject: string, done: string): void {
  if (first.matches(other)) return;
  const sameDims = first.dims.every((n, axis) => n === other.dims[axis]);
  const message = sameDims
    ? "Its voxels lie elsewhere than those of the first labelmap (more than 0.01 mm at a corner)."
    : `It has ${other.dims.join("×")} voxels and the first labelmap ${first.dims.join("×")}.`;
  throw new VoxelwrightError("argument", message, { subject, advice: `Only labelmaps of one grid can be ${done}.` });
}
