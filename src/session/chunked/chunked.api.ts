import type { AbortOptions, ProgressOptions, Vec3 } from "#base";
import type { StudyOrigin, StudyRecord } from "#storage";
import type { BrickAddress, BrickPixels, BrickRange, VoxelArray } from "#volume";
import type { ImportInput } from "../import-input.ts";

/** A new study on a source that is not copied. */
export interface NewChunkedStudy {
  readonly volumeId: string;
  readonly input: ImportInput;
  readonly seriesId: string;
  /** Kept with the study, after the notes of its description. */
  readonly notes: readonly string[];
  /** Sizes of voxels for those that the source does not give. */
  readonly spacingMm?: Vec3;
}

/** What is said of a brick that was read. */
export interface Unkept {
  /** Why this brick and others are not kept for work without the source; told with one brick. */
  readonly unkept?: string;
}

export type ReadBrick = BrickPixels & Unkept;

/** Reads bricks of studies from where their images lie, and keeps them in the cache; off the page's thread. */
export interface ChunkedWorkerApi {
  /** Opens the cache, so that what comes next need not wait for it. */
  prepare(): Promise<void>;
  /** Opens a source, reads its overview and lists the study. Failure or abort leaves nothing behind. */
  create(study: NewChunkedStudy, options?: ProgressOptions): Promise<StudyRecord>;
  /**
   * Makes bricks of a study readable; `input` is where its image lies now, undefined for an image in files that were not given again.
   * Reads nothing yet.
   */
  attach(volumeId: string, origin: StudyOrigin, input: ImportInput | undefined): Promise<void>;
  /** Whether the image of `input` is the one that the study was made of. Rejects as opening it does. */
  matches(volumeId: string, origin: StudyOrigin, input: ImportInput, options?: AbortOptions): Promise<boolean>;
  /** From the cache, else from the source. The voxels are moved. Rejects as `BrickSource.readBrick`, and with `network`. */
  readBrick(volumeId: string, address: BrickAddress, options?: AbortOptions): Promise<ReadBrick>;
  /** The same; the voxels are copied to `into`, which lies in memory that both threads see. */
  readBrickInto(
    volumeId: string,
    address: BrickAddress,
    into: VoxelArray,
    options?: AbortOptions,
  ): Promise<BrickRange & Unkept>;
  /** Rejects with `network` while the source cannot be reached. */
  probe(volumeId: string, options?: AbortOptions): Promise<void>;
  /** Ends reading of a study; what was read is kept. */
  release(volumeId: string): Promise<void>;
}
