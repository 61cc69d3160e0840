import { VoxelwrightError } from "#base";
import type { Dims } from "#volume";
import { SAME } from "../distance/metric.ts";
import type { SpacingMm } from "../kernel-data.ts";

/** A kernel that works along one axis after the other. */
export interface SmoothingKernel {
  /** Voxels on each side of the middle. */
  readonly radius: Dims;
  /** Weights from −radius to radius along each axis, adding up to `FULL`; absent where all are 1 and counts are wanted. */
  readonly weights?: readonly [Int16Array, Int16Array, Int16Array];
}

/** What a mask that holds all of a kernel gives: 2¹⁴. */
export const FULL = 16_384;

/** The most voxels in the box of a median: twice their count and one are votes of 16 bits. */
const MOST_VOTES = 32_767;

/** Standard deviations at which a Gaussian is cut, as scipy.ndimage.gaussian_filter cuts it. */
const CUT = 4;

/** Which kernel: its method, and the size or the standard deviation. */
export interface KernelShape {
  readonly spacingMm: SpacingMm;
  readonly method: "median" | "gaussian" | "joint";
  readonly mm: number;
}

export function smoothingKernel({ spacingMm, method, mm }: KernelShape): SmoothingKernel {
  return method === "median" ? boxKernel(spacingMm, mm) : gaussianKernel(spacingMm, mm);
}

function gaussianKernel(spacingMm: SpacingMm, sigmaMm: number): SmoothingKernel {
  const along = (axis: 0 | 1 | 2): Int16Array => gaussianWeights(sigmaMm / spacingMm[axis]);
  const weights = [along(0), along(1), along(2)] as const;
  return { radius: weights.map((own) => (own.length - 1) / 2) as unknown as Dims, weights };
}

/**
 * A Gaussian in whole numbers that add up to `FULL`; `sigma` in voxels. Rounded sums from the tail on, so that no part of it is off
 * by more than one.
 */
export function gaussianWeights(sigma: number): Int16Array {
  const radius = Math.floor(CUT * sigma + 0.5);
  const shape = Array.from({ length: radius + 1 }, (_, d) => Math.exp(-0.5 * (d / sigma) ** 2));
  const sum = shape.reduce((all, value, d) => all + (d === 0 ? value : 2 * value), 0);
  const weights = new Int16Array(2 * radius + 1);
  let tail = 0;
  let told = 0;
  for (let d = radius; d > 0; d--) {
    tail += (shape[d]! / sum) * FULL;
    const weight = Math.round(tail) - told;
    told += weight;
    weights[radius - d] = weight;
    weights[radius + d] = weight;
  }
  weights[radius] = FULL - 2 * told;
  return weights;
}

/** The box of edge `mm`. Throws `limit` when it holds more voxels than votes can tell. */
function boxKernel(spacingMm: SpacingMm, mm: number): SmoothingKernel {
  const radius = spacingMm.map((step) => Math.floor(((mm / 2) * (1 + SAME)) / step)) as unknown as Dims;
  const voxels = votesOf({ radius });
  if (voxels > MOST_VOTES) {
    throw new VoxelwrightError(
      "limit",
      `A median over ${mm} mm looks at ${voxels} voxels, and ${MOST_VOTES} is the most.`,
      {
        advice: "Choose a smaller size.",
      },
    );
  }
  return { radius };
}

/** Voxels in the box of a kernel. */
export function votesOf({ radius }: Pick<SmoothingKernel, "radius">): number {
  return radius.reduce((product, n) => product * (2 * n + 1), 1);
}
