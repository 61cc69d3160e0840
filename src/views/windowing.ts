import type { VolumeDescription } from "#volume";
import type { WindowLevel } from "./window-presets.ts";

/** Stored · gain + bias = grey, 0 at the lower end of a window of shown values and 1 at the upper. */
export function windowing(
  { slope, intercept }: VolumeDescription["rescale"],
  { center, width }: WindowLevel,
): { gain: number; bias: number } {
  return { gain: slope / width, bias: (intercept - (center - width / 2)) / width };
}
