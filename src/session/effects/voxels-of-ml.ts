import { VoxelwrightError } from "#base";
import type { EffectStudy } from "./effect.ts";

/** Voxels that make up a volume, not rounded. Throws `unsupported` where slices lie unevenly, so that voxels differ. */
export function voxelsOfMl({ image }: EffectStudy, ml: number): number {
  if (image.grid.regular) return (ml * 1000) / image.grid.voxelVolumeMm3();
  throw new VoxelwrightError("unsupported", "Slices lie unevenly, so voxels differ in volume.", {
    advice: "Give a number of voxels, or reslice the scan to an even grid first.",
  });
}
