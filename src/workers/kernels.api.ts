import type { ProgressOptions } from "#base";
import type { Proposal } from "#labelmap";
import type { BrickPool } from "./brick-pool.ts";
import type { CompareRow } from "./compare/compare.api.ts";
import type { FillRequest } from "./fill/fill.api.ts";
import type { GrowRequest } from "./growth/growth.api.ts";
import type { KernelImage, KernelLabels, SpacingMm } from "./kernel-data.ts";
import type { SeedsReport, SeedsRequest } from "./seeds/seeds.api.ts";
import type { StatisticsRow } from "./statistics/statistics.api.ts";

export type * from "./compare/compare.api.ts";
export type * from "./fill/fill.api.ts";
export type * from "./growth/growth.api.ts";
export type * from "./kernel-data.ts";
export type * from "./seeds/seeds.api.ts";
export type * from "./statistics/statistics.api.ts";

export type MaskProposal = Extract<Proposal, { kind: "mask" }>;
export type LabelProposal = Extract<Proposal, { kind: "labels" }>;
export type SeedsProposal = LabelProposal & { readonly report: SeedsReport };

/**
 * The kernels of the WASM core as the session and the CLI call them, whichever way they are run. The same input gives the same
 * output, on any number of workers. All reject with AbortError when aborted, and leave nothing behind then.
 */
export interface Kernels {
  /** How jobs run, for a person who asks why it is slow: threads, and whether memory is shared between them. */
  readonly mode: { readonly workers: number; readonly sharedMemory: boolean };
  /** Room for image bricks that kernels then read without copying; undefined where memory cannot be shared. */
  readonly bricks: BrickPool | undefined;
  /** Region growing. */
  grow(image: KernelImage, request: GrowRequest, options?: ProgressOptions): Promise<MaskProposal>;
  /** Fill between annotated slices. */
  fill(labels: KernelLabels, request: FillRequest, options?: ProgressOptions): Promise<LabelProposal>;
  /** Voxel counts and stored-value statistics per label present (background left out). */
  statistics(image: KernelImage, labels: KernelLabels, options?: ProgressOptions): Promise<StatisticsRow[]>;
  /**
   * Agreement of two label maps of the same dims, a row for every segment in either, by ascending number. A surface voxel is a
   * voxel of the segment with a 6-neighbour that is not of it (what lies outside the volume is not); a surface distance goes
   * from the centre of a surface voxel to the nearest surface voxel's centre of the other map, along axes at right angles.
   * Rejects with `argument` when dims differ.
   */
  compare(a: KernelLabels, b: KernelLabels, spacingMm: SpacingMm, options?: ProgressOptions): Promise<CompareRow[]>;
  /**
   * Growth from seeds: competing segments divide the region between them. State is kept, so that the next call on the same image
   * with the same costs is in proportion to what was drawn meanwhile. Rejects with `argument` for requests that make no sense,
   * seeds of fewer than two segments among them, `limit` when memory or costs do not suffice, `not-found` (a brick is not imported
   * yet), or what the brick source rejects with.
   */
  growFromSeeds(
    image: KernelImage,
    labels: KernelLabels,
    request: SeedsRequest,
    options?: ProgressOptions,
  ): Promise<SeedsProposal>;
  dispose(): void;
}
