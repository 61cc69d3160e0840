import { VOXEL_RANGE, type VolumeDescription } from "#volume";

/**
 * The inclusive range of stored values whose shown values (slope · stored + intercept) lie in `low` to `high`; undefined when
 * there is none. For whole types the ends are whole and fit the type.
 */
export function storedRange(
  { rescale, voxelType }: Pick<VolumeDescription, "rescale" | "voxelType">,
  low: number,
  high: number,
): { readonly low: number; readonly high: number } | undefined {
  const { slope, intercept } = rescale;
  const ends = [(low - intercept) / slope, (high - intercept) / slope];
  let from = Math.min(...ends);
  let to = Math.max(...ends);
  if (voxelType !== "float32") {
    // A person who writes 0.7 means the voxel that shows 0.7, whichever way its last bit was rounded.
    const near = (value: number): number => {
      const whole = Math.round(value);
      return Math.abs(value - whole) <= 1e-9 * Math.max(1, Math.abs(value)) ? whole : value;
    };
    const [least, most] = VOXEL_RANGE[voxelType];
    from = Math.max(least, Math.ceil(near(from)));
    to = Math.min(most, Math.floor(near(to)));
  }
  return from <= to ? { low: from, high: to } : undefined;
}
