import { VOXEL_RANGE, type VoxelType } from "#volume";

/**
 * The inclusive range in values of the voxel type that holds the same voxels as `low` to `high`, or undefined when no value of
 * the type lies in it. For float32 both ends are rounded inwards to float32.
 */
export function typedRange(type: VoxelType, low: number, high: number): readonly [number, number] | undefined {
  let least: number;
  let most: number;
  if (type === "float32") {
    least = roundToFloat32(low, 1);
    most = roundToFloat32(high, -1);
  } else {
    const [min, max] = VOXEL_RANGE[type];
    least = Math.max(Math.ceil(low), min);
    most = Math.min(Math.floor(high), max);
  }
  return least <= most ? [least, most] : undefined;
}

/** The float32 nearest to `value` on the side of `direction` (1 up, −1 down). */
function roundToFloat32(value: number, direction: 1 | -1): number {
  const near = Math.fround(value);
  if (direction === 1 ? near >= value : near <= value) return near;
  if (near === 0) return direction * 2 ** -149;
  const view = new DataView(new ArrayBuffer(4));
  view.setFloat32(0, near);
  // Neighbouring floats of one sign are neighbouring integers.
  view.setInt32(0, view.getInt32(0) + (near > 0 === direction > 0 ? 1 : -1));
  return view.getFloat32(0);
}
