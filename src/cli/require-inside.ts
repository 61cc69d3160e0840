import { VoxelwrightError } from "#base";
import type { Dims, IndexIjk } from "#volume";

/** Throws `argument` for a seed outside the volume. */
export function requireInside(seeds: readonly IndexIjk[], dims: Dims, name: string): void {
  for (const seed of seeds) {
    if (seed.every((index, axis) => index >= 0 && index < dims[axis]!)) continue;
    const advice = `Indices go from 0,0,0 to ${dims.map((n) => n - 1).join(",")}.`;
    throw new VoxelwrightError("argument", `Seed ${seed.join(",")} lies outside the volume.`, {
      subject: name,
      advice,
    });
  }
}
