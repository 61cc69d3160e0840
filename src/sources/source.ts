import type { AbortOptions, ProgressOptions } from "#base";
import type { SliceSource, VolumeDescription } from "#volume";

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
  /** Reads a small picture of the middle slice: values 0–255, window of the description or 1st to 99th percentile. */
  thumbnail(options?: AbortOptions): Promise<Thumbnail>;
  /** Opens the voxels. May be called again for another pass. */
  open(options?: AbortOptions): Promise<SliceSource>;
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
}

/** A reader of one family of formats. */
export interface SourceReader {
  readonly name: string;
  /** True when the first bytes (up to 1 KiB, inflated first where the file is gzip) are of this family. `name` only breaks ties. */
  recognises(head: Uint8Array, name: string): boolean;
  /** Opens the files it recognised, with all files beside them for detached data. One bad file never hides the good ones. */
  open(files: readonly SourceFile[], all: readonly SourceFile[], options?: ProgressOptions): Promise<SourceListing>;
}
