import type { BrickPlanes, VolumeDescription, VoxelArray } from "#volume";
import type { StudyPlace, StudyRecord } from "./study-store.ts";

/** What the writer worker does: the calls of one `StudyWriter` after another, of a cache that it opens itself. */
export interface WriterWorkerApi {
  /** Called first: as `tellProcessors`. */
  tellProcessors(count: number): void;
  /** As `StudyStore.create`. Gives the whole slices. */
  create(
    volumeId: string,
    description: VolumeDescription,
    expectedBytes: number,
    place: StudyPlace | undefined,
  ): Promise<number>;
  /** As `StudyStore.resume`. Gives the whole slices. */
  resume(volumeId: string, expectedBytes: number): Promise<number>;
  /** The planes of several bricks are moved, and those of each that can be used again are moved back. */
  writeBricks(bricks: readonly BrickPlanes[]): Promise<readonly (readonly VoxelArray[])[]>;
  flush(wholeSlices: number | undefined): Promise<void>;
  finish(extra: { thumbnail?: string }): Promise<StudyRecord>;
  suspend(): Promise<void>;
  abort(): Promise<void>;
}
