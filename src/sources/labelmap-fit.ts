import type { Dims, ImageGrid, IndexIjk } from "#volume";

/** How the grid of a labelmap lies on the grid of an image. */
export type LabelmapFit =
  /** Voxel for voxel. */
  | { readonly kind: "same" }
  /** The same lattice, other bounds: label voxel (i, j, k) is image voxel (i, j, k) + offset. */
  | { readonly kind: "same-lattice"; readonly offset: IndexIjk }
  /** Another lattice that overlaps: labels must be resampled to the nearest voxel, and that must be said. */
  | { readonly kind: "resample"; readonly imageToLabel: (ijk: IndexIjk) => IndexIjk }
  /** No voxel in common: the labels belong to something else. */
  | { readonly kind: "disjoint" };

/** Largest distance in voxels at which two lattices still count as one. */
const LATTICE_TOLERANCE = 0.01;

/**
 * Compares two grids by where their voxels lie, in image voxels, at all corners of the labelmap. Never by dims alone: equal
 * dims at other places are not the same grid.
 */
export function labelmapFit(image: ImageGrid, label: ImageGrid): LabelmapFit {
  if (!overlaps(image, label)) return { kind: "disjoint" };
  const offset = latticeOffset(image, label);
  if (!offset) return { kind: "resample", imageToLabel: (ijk) => label.toIndex(image.toLps(ijk)) };
  const sameDims = image.dims.every((n, axis) => n === label.dims[axis]);
  if (sameDims && offset.every((value) => value === 0)) return { kind: "same" };
  return { kind: "same-lattice", offset };
}

/** The whole-number offset of the label lattice on the image's; undefined when it is another lattice. */
function latticeOffset(image: ImageGrid, label: ImageGrid): IndexIjk | undefined {
  const first = image.toIndex(label.originMm);
  const offset = first.map((value) => Math.round(value) + 0) as unknown as IndexIjk;
  for (const corner of cornerVoxels(label.dims)) {
    const at = image.toIndex(label.toLps(corner));
    const away = at.some((value, axis) => Math.abs(value - corner[axis]! - offset[axis]!) > LATTICE_TOLERANCE);
    if (away) return undefined;
  }
  if (!image.regular || !label.regular) {
    // Between corners an uneven stack may differ: every slice is compared.
    for (let k = 0; k < label.dims[2]; k++) {
      if (Math.abs(image.toIndex(label.toLps([0, 0, k]))[2] - k - offset[2]) > LATTICE_TOLERANCE) return undefined;
    }
  }
  return offset;
}

/** Whether any voxel of one can lie in the other, by separating planes along the axes of both boxes. */
function overlaps(image: ImageGrid, label: ImageGrid): boolean {
  return reaches(image, label) && reaches(label, image);
}

function reaches(grid: ImageGrid, other: ImageGrid): boolean {
  const corners = other.cornersLps().map((corner) => grid.toIndex(corner));
  return [0, 1, 2].every((axis) => {
    const values = corners.map((corner) => corner[axis]!);
    return Math.max(...values) > -0.5 && Math.min(...values) < grid.dims[axis]! - 0.5;
  });
}

function cornerVoxels(dims: Dims): IndexIjk[] {
  return Array.from({ length: 8 }, (_, corner): IndexIjk => {
    const at = (axis: number): number => ((corner >> axis) & 1 ? dims[axis]! - 1 : 0);
    return [at(0), at(1), at(2)];
  });
}
