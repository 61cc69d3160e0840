import type { ProgressOptions } from "#base";
import type { LabelFormat } from "#export";
import type { Segment } from "#labelmap";
import type { ImageGridData, VolumeDescription } from "#volume";

/** Committed labels on their way into a file, as plain data. */
export interface LabelFileRequest {
  readonly format: LabelFormat;
  /** The study's name. */
  readonly name: string;
  readonly grid: ImageGridData;
  /** Bytes at rest of every brick that holds a label. */
  readonly bricks: ReadonlyMap<number, Uint8Array>;
  readonly segments: readonly Segment[];
  readonly stored?: VolumeDescription["stored"];
}

export interface WrittenLabelFile {
  /** On the disk, where the browser can keep it there. */
  readonly file: Blob;
  /** With the leading dot. */
  readonly extension: string;
  readonly notes: readonly string[];
}

/** Writes files of labels in a thread of its own: packing billions of voxels takes minutes. */
export interface LabelFilesApi {
  write(request: LabelFileRequest, options?: ProgressOptions): Promise<WrittenLabelFile>;
}
