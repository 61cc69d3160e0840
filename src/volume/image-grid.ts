import {
  type Affine,
  add,
  applyAffine,
  cross,
  dot,
  invertAffine,
  length,
  normalize,
  scale,
  type Vec3,
  VoxelwrightError,
} from "#base";

declare const frame: unique symbol;

/** A voxel index or continuous index position, i fastest; voxel centres lie at whole numbers. */
export type IndexIjk = Vec3 & { readonly [frame]?: "ijk" };

/** A point in patient space, millimetres, axes to the patient's Left, Posterior, Superior (DICOM and ITK). */
export type PointLps = Vec3 & { readonly [frame]?: "lps" };

export type Dims = readonly [number, number, number];

/** Half-open box of voxel indices: `min` inside, `max` outside. */
export interface IndexBox {
  readonly min: IndexIjk;
  readonly max: IndexIjk;
}

/** The plain form of a grid, as stored and sent. */
export interface ImageGridData {
  readonly dims: Dims;
  /** Row-major 3×4 in LPS millimetres. For an uneven stack column k is the direction of the stack per millimetre. */
  readonly indexToLps: Affine;
  /** Only for an uneven stack: the position of every slice along column k, millimetres, strictly ascending, `dims[2]` long. */
  readonly sliceOffsetsMm?: readonly number[];
}

/**
 * Where voxels lie: dims and the full affine, shear kept. Spacing, direction and origin are derived. All conversions between
 * index and LPS live here; the same rule in WGSL is `shaders/common/grid.wgsl`.
 */
export class ImageGrid {
  readonly dims: Dims;
  readonly indexToLps: Affine;
  readonly sliceOffsetsMm: readonly number[] | undefined;
  readonly #lpsToIndex: Affine;

  /** Throws `argument` for dims below 1 or not whole, a singular affine, or offsets that do not ascend. */
  constructor(data: ImageGridData) {
    const { dims, indexToLps, sliceOffsetsMm } = data;
    if (!dims.every((n) => Number.isInteger(n) && n >= 1)) {
      throw new VoxelwrightError("argument", `Dims must be whole numbers of 1 or more, not ${dims.join("×")}.`);
    }
    const inverse = invertAffine(indexToLps);
    if (!inverse) throw new VoxelwrightError("argument", "The index-to-LPS affine cannot be inverted.");
    if (sliceOffsetsMm) {
      const ascends = sliceOffsetsMm.every((offset, k) => k === 0 || offset > sliceOffsetsMm[k - 1]!);
      if (sliceOffsetsMm.length !== dims[2] || !ascends) {
        throw new VoxelwrightError("argument", "Slice offsets must be one per slice and ascend.");
      }
    }
    this.dims = dims;
    this.indexToLps = indexToLps;
    this.sliceOffsetsMm = sliceOffsetsMm;
    this.#lpsToIndex = inverse;
  }

  toData(): ImageGridData {
    const { dims, indexToLps, sliceOffsetsMm } = this;
    return sliceOffsetsMm ? { dims, indexToLps, sliceOffsetsMm } : { dims, indexToLps };
  }

  /** True when slices are evenly spaced, so that the affine alone says where voxels lie. */
  get regular(): boolean {
    return this.sliceOffsetsMm === undefined;
  }

  /** LPS to index for a regular grid; for an uneven stack the third row gives millimetres along the stack. */
  get lpsToIndex(): Affine {
    return this.#lpsToIndex;
  }

  get voxelCount(): number {
    return this.dims[0] * this.dims[1] * this.dims[2];
  }

  /** Length of each index axis's step. For an uneven stack the third is the smallest gap. */
  get spacingMm(): Vec3 {
    const steps = [0, 1, 2].map((axis) => length(this.axis(axis)));
    if (this.sliceOffsetsMm && this.dims[2] > 1) {
      const gaps = this.sliceOffsetsMm.slice(1).map((offset, k) => offset - this.sliceOffsetsMm![k]!);
      steps[2] = steps[2]! * Math.min(...gaps);
    }
    return [steps[0]!, steps[1]!, steps[2]!];
  }

  /** The largest distance of neighbouring slices; with a regular grid all are the same. */
  get largestGapMm(): number {
    const { sliceOffsetsMm: offsets } = this;
    if (!offsets || offsets.length < 2) return this.spacingMm[2];
    return length(this.axis(2)) * Math.max(...offsets.slice(1).map((offset, k) => offset - offsets[k]!));
  }

  /** LPS of voxel (0, 0, 0). */
  get originMm(): PointLps {
    return this.toLps([0, 0, 0]);
  }

  /** Unit vectors of the index axes as columns, row-major 3×3. Not orthogonal when the grid is sheared. */
  get direction(): readonly number[] {
    const [x, y, z] = [0, 1, 2].map((axis) => normalize(this.axis(axis))) as [Vec3, Vec3, Vec3];
    return [x[0], y[0], z[0], x[1], y[1], z[1], x[2], y[2], z[2]];
  }

  /** Volume of one voxel in cubic millimetres; an uneven stack's differs by slice. */
  voxelVolumeMm3(k = 0): number {
    const perIndex = Math.abs(dot(this.axis(0), cross(this.axis(1), this.axis(2))));
    const offsets = this.sliceOffsetsMm;
    if (!offsets) return perIndex;
    const last = offsets.length - 1;
    const below = k > 0 ? offsets[k]! - offsets[k - 1]! : undefined;
    const above = k < last ? offsets[k + 1]! - offsets[k]! : undefined;
    return perIndex * (((below ?? above ?? 1) + (above ?? below ?? 1)) / 2);
  }

  /** Column `axis` of the affine: LPS step per index (per millimetre for k of an uneven stack). */
  axis(axis: number): Vec3 {
    const m = this.indexToLps;
    return [m[axis]!, m[4 + axis]!, m[8 + axis]!];
  }

  toLps(ijk: IndexIjk): PointLps {
    return applyAffine(this.indexToLps, this.sliceOffsetsMm ? [ijk[0], ijk[1], this.#offsetAt(ijk[2])] : ijk);
  }

  /** Continuous index; voxel (i, j, k) covers i ± 0.5. */
  toIndex(point: PointLps): IndexIjk {
    const ijk = applyAffine(this.#lpsToIndex, point);
    return this.sliceOffsetsMm ? [ijk[0], ijk[1], this.#sliceAt(ijk[2])] : ijk;
  }

  /** True when the nearest voxel exists. */
  contains(ijk: IndexIjk): boolean {
    return ijk.every((value, axis) => value >= -0.5 && value < this.dims[axis]! - 0.5);
  }

  get centerLps(): PointLps {
    return this.toLps([(this.dims[0] - 1) / 2, (this.dims[1] - 1) / 2, (this.dims[2] - 1) / 2]);
  }

  /** The eight outer corners (voxel borders, not centres). */
  cornersLps(): PointLps[] {
    const corners: PointLps[] = [];
    for (let corner = 0; corner < 8; corner++) {
      const at = (axis: number): number => ((corner >> axis) & 1 ? this.dims[axis]! - 0.5 : -0.5);
      corners.push(this.toLps([at(0), at(1), at(2)]));
    }
    return corners;
  }

  /** True when the index axes are not at right angles (gantry tilt, sheared sform). */
  get sheared(): boolean {
    const [x, y, z] = [0, 1, 2].map((axis) => normalize(this.axis(axis))) as [Vec3, Vec3, Vec3];
    return Math.max(Math.abs(dot(x, y)), Math.abs(dot(y, z)), Math.abs(dot(x, z))) > 1e-3;
  }

  /** Same dims and places within `toleranceMm` at every corner. */
  matches(other: ImageGrid, toleranceMm = 0.01): boolean {
    if (this.dims.some((n, axis) => n !== other.dims[axis])) return false;
    const theirs = other.cornersLps();
    return this.cornersLps().every((corner, n) => length(add(corner, scale(theirs[n]!, -1))) <= toleranceMm);
  }

  #offsetAt(k: number): number {
    const offsets = this.sliceOffsetsMm!;
    if (offsets.length === 1) return offsets[0]! + k;
    const base = Math.min(Math.max(Math.floor(k), 0), offsets.length - 2);
    return offsets[base]! + (k - base) * (offsets[base + 1]! - offsets[base]!);
  }

  #sliceAt(offsetMm: number): number {
    const offsets = this.sliceOffsetsMm!;
    if (offsets.length === 1) return offsetMm - offsets[0]!;
    let low = 0;
    let high = offsets.length - 2;
    while (low < high) {
      const middle = (low + high + 1) >> 1;
      if (offsets[middle]! <= offsetMm) low = middle;
      else high = middle - 1;
    }
    return low + (offsetMm - offsets[low]!) / (offsets[low + 1]! - offsets[low]!);
  }
}
