import type { Proposal } from "#labelmap";
import type { IndexIjk } from "#volume";
import type { Connectivity } from "../kernel-data.ts";

/** What becomes of the components of a segment, its islands. */
export type IslandsOperation =
  /** The largest `count` stay, the others become background. */
  | { readonly operation: "largest"; readonly count: number }
  /** Islands of fewer than `leastVoxels` become background. */
  | { readonly operation: "removeSmaller"; readonly leastVoxels: number }
  /**
   * Each of the largest `count` islands of a segment gets the next of `values`, by segment and size; the others stay. A segment
   * that is one island stays as it is.
   */
  | { readonly operation: "split"; readonly count: number; readonly values: readonly number[] }
  /** Islands that hold one of `voxels` stay, the others become background. */
  | { readonly operation: "keep"; readonly voxels: readonly IndexIjk[] }
  /** Islands that hold one of `voxels` become background. */
  | { readonly operation: "remove"; readonly voxels: readonly IndexIjk[] };

export type IslandsRequest = IslandsOperation & {
  /** Segments that are changed; when absent all, and for `keep` and `remove` those of `voxels`. */
  readonly segments?: readonly number[];
  readonly connectivity: Connectivity;
};

/** An island that `split` gave a value of its own. */
export interface SplitIsland {
  readonly value: number;
  /** The segment it was in, and its number there (see `ComponentRow`). */
  readonly segment: number;
  readonly number: number;
  readonly voxels: number;
}

export interface Islands {
  readonly proposal: Extract<Proposal, { kind: "labels" }>;
  /** In the order of `values`; empty for other operations. */
  readonly split: readonly SplitIsland[];
}
