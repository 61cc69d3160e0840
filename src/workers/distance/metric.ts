import { VoxelwrightError } from "#base";
import type { Dims } from "#volume";
import type { SpacingMm } from "../kernel-data.ts";

/** Distances that differ by less than this share count as the same: decimal spacings have no exact sums. */
export const SAME = 1e-6;

/**
 * Millimetres as the core measures them: in the smallest spacing, so that even spacings are whole numbers and every sum of squares
 * is exact there.
 */
export class Metric {
  /** Spacings in units. */
  readonly steps: SpacingMm;
  readonly unitMm: number;

  constructor(spacingMm: SpacingMm) {
    this.unitMm = Math.min(...spacingMm);
    const [i, j, k] = spacingMm.map((mm) => mm / this.unitMm) as [number, number, number];
    this.steps = [i, j, k];
  }

  /** Squared units up to which a distance is within `mm`, as f32. */
  within(mm: number): number {
    return Math.fround(((mm / this.unitMm) * (1 + SAME)) ** 2);
  }

  /** Steps along each axis that lie within `mm`, but no more than `most` where that is given. */
  reach(mm: number, most?: Dims): Dims {
    const along = (axis: 0 | 1 | 2): number =>
      Math.min(
        most?.[axis] ?? Number.POSITIVE_INFINITY,
        Math.floor((mm * (1 + SAME)) / (this.steps[axis] * this.unitMm)),
      );
    return [along(0), along(1), along(2)];
  }
}

/** Throws `argument` unless a spacing is three lengths. */
export function requireSpacingMm(spacingMm: SpacingMm): void {
  if (spacingMm.length === 3 && spacingMm.every((mm) => Number.isFinite(mm) && mm > 0)) return;
  throw new VoxelwrightError("argument", `A spacing is three lengths above 0 mm, not ${spacingMm.join(", ")}.`);
}

/** Throws `argument` unless `mm` is a length above 0. */
export function requireLengthMm(what: string, mm: number): void {
  if (Number.isFinite(mm) && mm > 0) return;
  throw new VoxelwrightError("argument", `${what} is a length above 0 mm, not ${mm}.`);
}
