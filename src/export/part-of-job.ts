import type { IndexBox } from "#volume";

/** What a result says that holds for a part of a volume only, so that parts of one job can be put together. */
export interface PartOfJob {
  /** What was asked of which image, as text: parts of one job have the same. */
  readonly job: string;
  /** Voxels that the result holds for: boxes of whole bricks that share none. */
  readonly regions: readonly IndexBox[];
}
