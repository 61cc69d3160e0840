import type { IndexIjk, PointLps } from "#volume";

/** Where the pointer is on a plane of voxels. */
export interface PlanePick {
  readonly lps: PointLps;
  /** Continuous index. */
  readonly ijk: IndexIjk;
  /** Index axis across the plane and the slice on it. */
  readonly axis: 0 | 1 | 2;
  readonly slice: number;
  /** True inside the volume. */
  readonly inside: boolean;
  /** Screen position in CSS pixels, for tools that read a drag as a number. */
  readonly screen: { readonly x: number; readonly y: number };
}

/** A tool that takes the left button's drag. `move` gets every pointer sample since the last call, in order. */
export interface PointerTool {
  down(pick: PlanePick): void;
  move(picks: readonly PlanePick[]): void;
  up(): void;
  /** The drag was taken away (Escape, lost capture): leaves things as before it. */
  cancel(): void;
}
