import type { SpacingMm } from "../kernel-data.ts";
import type { MixtureRequest } from "./fill.api.ts";

/** Where the planes of a stack lie, slices across an axis or not. */
export interface StackDepths {
  /** Across them, of length 1, in millimetres along i, j, k. */
  readonly normal: readonly [number, number, number];
  /** Ascending along the normal, in millimetres from voxel 0, 0, 0. */
  readonly depthsMm: readonly number[];
  /** The smaller edge of the pixels in which shapes are told, and how many of them to an edge of what was drawn on. */
  readonly edgeMm: number;
  readonly finer: 1 | 2;
}

export function depthsOf(
  { axis, slices, oblique }: Pick<MixtureRequest, "axis" | "slices" | "oblique">,
  spacingMm: SpacingMm,
): StackDepths {
  if (oblique) {
    return { normal: oblique.normal, depthsMm: oblique.depthsMm, edgeMm: Math.min(...spacingMm) / 2, finer: 2 };
  }
  return {
    normal: [axis === 0 ? 1 : 0, axis === 1 ? 1 : 0, axis === 2 ? 1 : 0],
    depthsMm: slices.toSorted((a, b) => a - b).map((z) => z * spacingMm[axis]),
    edgeMm: Math.min(...spacingMm.filter((_, other) => other !== axis)),
    finer: 1,
  };
}

/** How far along the normal a place (millimetres) lies. */
export function depthAt({ normal }: Pick<StackDepths, "normal">, at: readonly [number, number, number]): number {
  return at[0] * normal[0] + at[1] * normal[1] + at[2] * normal[2];
}
