import type { AbortOptions, ProgressOptions, Vec3 } from "#base";
import type { BrickAddress, BrickPixels, BrickSource, SliceSource, VolumeDescription, VoxelArray } from "#volume";

/** One file handed to a reader: bytes by range, never read whole unless small. `File` is a Blob; in Node `fs.openAsBlob` gives one. */
export interface SourceFile {
  /** Path relative to what was dropped, `/` between folders. */
  readonly name: string;
  readonly blob: Blob;
}

/** One volume found among the files. */
export interface SeriesChoice {
  /** Unique in a listing. */
  readonly id: string;
  readonly description: VolumeDescription;
  readonly fileCount: number;
  readonly byteLength: number;
  /** Segments that the file itself describes (`.seg.nrrd`); absent when it describes none. */
  readonly segments?: readonly SourceSegment[];
  /** Id of the image in the same listing that these are labels of, as they lie beside it. */
  readonly labelsOf?: string;
  /** Present where bricks can be read one by one where they lie, so that the volume need not be copied to be opened. */
  readonly chunked?: ChunkedVolume;
  /** The same for a volume that a copy serves better, as its overviews have to be computed; for want of room. */
  readonly inPlace?: ChunkedVolume;
  /** Reads a small picture of the middle slice (an earlier one where a large compressed file would have to be inflated): values 0–255, window of the description or 1st to 99th percentile. */
  thumbnail(options?: ThumbnailOptions): Promise<Thumbnail>;
  /** The same of voxels of the middle slice, for one who reads them all; absent where reading that slice alone is cheap. */
  thumbnailOf?(middle: VoxelArray): Thumbnail;
  /** Opens the voxels. May be called again for another pass. */
  open(options?: AbortOptions): Promise<SliceSource>;
}

/** A volume whose bricks are read where they lie: at an address, or in the files of a folder or archive. */
export interface ChunkedVolume {
  /** Tells images of different metadata apart: what was cached of one is of no use to another. */
  readonly fingerprint: string;
  /** Whether the coarsest brick costs little to read. */
  readonly overviewAtHand: boolean;
  /** True where bricks of the finest level are read as fast as from a cache: to keep them once more is of no use. */
  readonly nearby?: boolean;
  /**
   * A brick, its voxels the caller's own. Levels that are not stored are computed from bricks of the level before, which come from
   * `finer` where it is given. Rejects with `network`, `source` (damaged), `limit` (a value that cannot be held), AbortError.
   */
  readBrick(address: BrickAddress, options?: AbortOptions, finer?: BrickSource): Promise<BrickPixels>;
  /** Rejects with `network` while the source cannot be reached; tries once. */
  probe(options?: AbortOptions): Promise<void>;
}

/** A segment as a labelmap file describes it. */
export interface SourceSegment {
  /** Frame of the volume that holds it; several where segments overlap. */
  readonly layer: number;
  /** Voxel value in that layer. */
  readonly value: number;
  readonly name: string;
  /** `#rrggbb`, when the file gives one. */
  readonly color?: string;
  /** Coded term, when the file gives one. */
  readonly code?: { readonly scheme: string; readonly value: string; readonly meaning: string };
}

export interface ThumbnailOptions extends AbortOptions {
  /** Sizes of voxels for those that the files do not give. */
  readonly spacingMm?: Vec3 | undefined;
}

export interface Thumbnail {
  readonly width: number;
  readonly height: number;
  /** Grey values, row by row, `width · height` long; at most 96 on the longer side. */
  readonly pixels: Uint8Array;
}

/** A file that cannot be opened, with one line that says why and what to do. */
export interface RefusedFile {
  readonly name: string;
  readonly message: string;
}

/** What was found: volumes to choose from, and everything that was left out and why. */
export interface SourceListing {
  readonly series: readonly SeriesChoice[];
  readonly refused: readonly RefusedFile[];
  /** Names of files that hold voxels of a series without being recognised by themselves (detached data). */
  readonly used?: readonly string[];
  /** What is to be said about the opening as a whole, one full sentence each. */
  readonly notes?: readonly string[];
}

/** A reader of one family of formats. */
export interface SourceReader {
  readonly name: string;
  /** True when the first bytes (up to 1 KiB, inflated first where the file is gzip) are of this family. `name` only breaks ties. */
  recognises(head: Uint8Array, name: string): boolean;
  /** Opens the files it recognised, with all files beside them for detached data. One bad file never hides the good ones. */
  open(files: readonly SourceFile[], all: readonly SourceFile[], options?: ProgressOptions): Promise<SourceListing>;
}
