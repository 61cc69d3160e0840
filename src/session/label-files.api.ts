import type { ProgressOptions } from "#base";
import type { LabelFormat } from "#export";
import type { Segment } from "#labelmap";
import type { ImageGridData, VolumeDescription } from "#volume";
import type { SurfaceFileOptions, SurfaceFileRequest, WrittenSurfaceFile } from "./write-surface-file.ts";

/** Committed labels on their way into a file, as plain data. */
export interface LabelFileRequest {
  readonly format: LabelFormat;
  /** Into a file on the disk, as far as the browser has room for it; else in memory. */
  readonly onDisk: boolean;
  /** The study's name. */
  readonly name: string;
  readonly grid: ImageGridData;
  /** Bytes at rest of every brick that holds a label. */
  readonly bricks: ReadonlyMap<number, Uint8Array>;
  readonly segments: readonly Segment[];
  readonly stored?: VolumeDescription["stored"];
}

export interface WrittenLabelFile {
  readonly file: Blob;
  /** With the leading dot. */
  readonly extension: string;
  readonly notes: readonly string[];
}

/** Writes files of labels and of their surfaces in a thread of its own: packing billions of voxels takes minutes. */
export interface LabelFilesApi {
  write(request: LabelFileRequest, options?: ProgressOptions): Promise<WrittenLabelFile>;
  /** Surfaces of billions of voxels take as long. */
  writeSurface(request: SurfaceFileRequest, options: SurfaceFileOptions): Promise<WrittenSurfaceFile>;
}
