import { VoxelwrightError } from "#base";
import type { EffectStudy } from "./effect.ts";

/**
 * The segments that an effect changes: those given, which must be there and not locked, or all that are not locked. Throws `not-found`
 * or `locked`.
 */
export function chosenSegments({ labels }: EffectStudy, given: readonly number[] | undefined): number[] {
  const segments = given?.map((value) => labels.segments.get(value)) ?? labels.segments.list();
  for (const { value, name, locked } of given ? segments : []) {
    if (!locked) continue;
    throw new VoxelwrightError("locked", "The segment is locked.", {
      subject: name,
      advice: "Unlock it to change it.",
      fields: { segment: value },
    });
  }
  return segments.filter(({ locked }) => !locked).map(({ value }) => value);
}

/** Voxels that make up a volume, not rounded. Throws `unsupported` where slices lie unevenly, so that voxels differ. */
export function voxelsOfMl({ image }: EffectStudy, ml: number): number {
  if (image.grid.regular) return (ml * 1000) / image.grid.voxelVolumeMm3();
  throw new VoxelwrightError("unsupported", "Slices lie unevenly, so voxels differ in volume.", {
    advice: "Give a number of voxels, or reslice the scan to an even grid first.",
  });
}
