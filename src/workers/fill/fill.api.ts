import type { SpacingMm } from "../kernel-data.ts";

export interface FillRequest {
  /**
   * Index axis across which slices were annotated (0 = i, 1 = j, 2 = k), or undefined to find it from the labels: the axis along
   * which annotated slices stand alone. Rejects with `argument` and advice where that is not one axis.
   */
  readonly axis?: 0 | 1 | 2;
  /** Segments to fill; all that are drawn when absent. */
  readonly segments?: readonly number[];
  /**
   * Annotated slice numbers along the axis. Where they are named, a segment that is missing on one of them has ended there; where
   * they are absent, every segment is filled between the slices on which it is drawn itself.
   */
  readonly planes?: readonly number[];
  readonly spacingMm: SpacingMm;
  readonly method: "shape";
}
