import { add, type Affine, applyAffine, cross, dot, length, normalize, scale, type Vec3 } from "#base";
import type { Extent } from "./extent.ts";
import { croftonArea } from "./intercepts.ts";
import { type CellTables, cellTables, CONFIGURATIONS } from "./marching-cubes.ts";
import { centroidOf, covarianceLps, type IndexSums } from "./moments.ts";
import { type Principal, principalOf } from "./principal.ts";
import type { ShapeStatistics } from "./statistics.api.ts";

/** Axes whose cosines are larger than this are not at right angles, as in `ImageGrid.sheared`. */
const SHEAR = 1e-3;

/** Turns counts and sums into millimetres of one grid. */
export class ShapeMaker {
  readonly indexToLps: Affine;
  readonly #steps: readonly [Vec3, Vec3, Vec3];
  readonly #tables: CellTables;
  readonly #sheared: boolean;
  readonly #cellMm3: number;

  constructor(indexToLps: Affine) {
    this.indexToLps = indexToLps;
    const step = (axis: 0 | 1 | 2): Vec3 => [indexToLps[axis]!, indexToLps[4 + axis]!, indexToLps[8 + axis]!];
    const [i, j, k] = [step(0), step(1), step(2)];
    this.#steps = [i, j, k];
    this.#tables = cellTables(this.#steps);
    this.#cellMm3 = Math.abs(dot(i, cross(j, k)));
    const cosine = (a: Vec3, b: Vec3): number => Math.abs(dot(normalize(a), normalize(b)));
    this.#sheared = Math.max(cosine(i, j), cosine(i, k), cosine(j, k)) > SHEAR;
  }

  principal(sums: IndexSums): Principal {
    return principalOf(covarianceLps(sums, this.indexToLps));
  }

  /** `cells` has no count of the configuration of eight voxels. */
  shape(sums: IndexSums, cells: Float64Array, { moments, axes }: Principal, extent: Extent): ShapeStatistics {
    const centroidLps = applyAffine(this.indexToLps, centroidOf(sums));
    const spacing: Vec3 = [length(this.#steps[0]), length(this.#steps[1]), length(this.#steps[2])];
    const { meshAreaMm2, meshVolumeMm3 } = this.#mesh(Number(sums.sums[0]), cells);
    const ratio = (larger: number, smaller: number): number => (smaller === 0 ? 0 : Math.sqrt(larger / smaller));
    return {
      meshAreaMm2,
      meshVolumeMm3,
      croftonAreaMm2: this.#sheared ? undefined : croftonArea(cells, spacing),
      sphericity: Math.cbrt(36 * Math.PI * meshVolumeMm3 ** 2) / meshAreaMm2,
      feretMm: extent.feretMm,
      principalMomentsMm2: moments,
      principalAxes: axes,
      elongation: ratio(moments[2], moments[1]),
      flatness: ratio(moments[1], moments[0]),
      orientedBox: this.#orientedBox(centroidLps, axes, extent),
    };
  }

  #mesh(voxels: number, cells: Float64Array): { meshAreaMm2: number; meshVolumeMm3: number } {
    const { areas, volumes } = this.#tables;
    let area = 0;
    let volume = 0;
    let corners = 0;
    for (let n = 0; n < CONFIGURATIONS; n++) {
      const count = cells[n]!;
      if (count === 0) continue;
      area += count * areas[n]!;
      volume += count * volumes[n]!;
      for (let bits = n; bits !== 0; bits &= bits - 1) corners += count;
    }
    // Every voxel is a corner of eight cells; what is left are cells of eight voxels.
    const whole = (8 * voxels - corners) / 8;
    return { meshAreaMm2: area, meshVolumeMm3: (volume + whole) * this.#cellMm3 };
  }

  /** From the centres of the outermost voxels to their corners. */
  #orientedBox(
    centroid: Vec3,
    axes: readonly [Vec3, Vec3, Vec3],
    { low, high }: Extent,
  ): ShapeStatistics["orientedBox"] {
    const half = (axis: Vec3): number => this.#steps.reduce((sum, step) => sum + Math.abs(dot(axis, step)) / 2, 0);
    let originLps = centroid;
    const size = axes.map((axis, n) => {
      originLps = add(originLps, scale(axis, low[n]! - half(axis)));
      return high[n]! - low[n]! + 2 * half(axis);
    });
    return { originLps, sizeMm: [size[0]!, size[1]!, size[2]!] };
  }
}
