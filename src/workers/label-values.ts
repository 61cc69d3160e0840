import { VoxelwrightError } from "#base";

/** Throws `argument` unless these are label values of segments, at least one. */
export function requireLabels(segments: readonly number[]): void {
  if (segments.length === 0) throw new VoxelwrightError("argument", "No segment is given.");
  for (const segment of segments) {
    if (Number.isInteger(segment) && segment >= 1 && segment <= 65_535) continue;
    throw new VoxelwrightError("argument", `A segment is a whole number from 1 to 65535, not ${segment}.`);
  }
}
