import { lpsToPixel, type SlicePlane } from "#gpu";
import type { ImageGrid } from "#volume";

/**
 * Where a plane shows slices that an import has not brought yet, as corners in pixels: the part of the plane from slice `slicesIn`
 * on. Undefined when all that the plane shows is there. `axis` and `slice` say which plane of voxels it is.
 */
export function missingSlices(
  grid: ImageGrid,
  plane: SlicePlane,
  axis: 0 | 1 | 2,
  slice: number,
  slicesIn: number,
): readonly (readonly [number, number])[] | undefined {
  const { dims } = grid;
  if (slicesIn >= dims[2]) return undefined;
  if (axis === 2 && slice < slicesIn) return undefined;
  const [across, along] = axis === 2 ? ([0, 1] as const) : axis === 1 ? ([0, 2] as const) : ([1, 2] as const);
  const low = along === 2 ? slicesIn - 0.5 : -0.5;
  const corner = (a: number, b: number): readonly [number, number] => {
    const ijk: [number, number, number] = [slice, slice, slice];
    ijk[across] = a;
    ijk[along] = b;
    return lpsToPixel(plane, grid.toLps(ijk));
  };
  const endAcross = dims[across] - 0.5;
  const endAlong = dims[along] - 0.5;
  return [corner(-0.5, low), corner(endAcross, low), corner(endAcross, endAlong), corner(-0.5, endAlong)];
}
