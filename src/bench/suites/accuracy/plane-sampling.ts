import type { Dims } from "#volume";
import type { DrawnPlane } from "#workers";
import { keptSlices, type Sampling, slicesAlong } from "./sampling.ts";

/** Planes that were drawn, as our fill takes them, and which voxels are on them. */
export interface PlaneSampling extends Sampling {
  readonly planes: readonly DrawnPlane[];
}

/** Slices 0, every, 2·every … along several axes at once. */
export function mixedSlices(dims: Dims, axes: readonly (0 | 1 | 2)[], every: number): PlaneSampling {
  const planes = axes.flatMap((axis) => keptSlices(dims[axis], every).map((index) => ({ axis, index })));
  return { ...slicesAlong(axes, every), planes };
}

/** Of length 1, in millimetres along i, j and k: 31° from k, 73° from i, 65° from j. */
const NORMAL: Dims = [2 / 7, 3 / 7, 6 / 7];

/**
 * Parallel planes across no axis, through voxel 0, 0, 0 and every n-th from there. Planes are counted in thicknesses of a voxel along the
 * normal; voxels within half of that are drawn.
 */
export function obliquePlanes(dims: Dims, spacingMm: Dims, every: number): PlaneSampling {
  const steps = spacingMm.map((mm, axis) => mm * NORMAL[axis]!) as unknown as Dims;
  const thicknessMm = steps[0] + steps[1] + steps[2];
  const depth = (i: number, j: number, k: number): number => (i * steps[0] + j * steps[1] + k * steps[2]) / thicknessMm;
  const deepest = depth(dims[0] - 1, dims[1] - 1, dims[2] - 1);
  const planes = Array.from({ length: Math.floor(deepest / every) + 1 }, (_, n): DrawnPlane => {
    const [x, y, z] = NORMAL.map((part, axis) => (part * n * every * thicknessMm) / spacingMm[axis]!) as [
      number,
      number,
      number,
    ];
    return { point: [x, y, z], normal: NORMAL };
  });
  const slot = (i: number, j: number, k: number): number => {
    const at = depth(i, j, k);
    const nearest = Math.round(at / every);
    return Math.abs(at - nearest * every) <= 0.5 ? 2 * nearest : 2 * Math.floor(at / every) + 1;
  };
  return { along: "an oblique normal", every, stacks: [slot], planes };
}
