import type { ExportFile } from "./export-file.ts";
import { gzip } from "./gzip.ts";
import { niftiHeader, niftiVersion } from "./nifti-header.ts";
import { requireEvenSlices, type VoxelStream, voxelBytes } from "./voxel-stream.ts";

/** What goes into a NIfTI file beside the voxels. */
export interface NiftiOptions {
  /** Name of the study, for error lines. */
  readonly name: string;
  /** `intent_code`. */
  readonly intent: number;
  readonly description: string;
  readonly compressed: boolean;
}

/** A `.nii` or `.nii.gz`: NIfTI-1, or NIfTI-2 when a dimension is above 32,767. Throws `unsupported` for an uneven stack. */
export function niftiFile(stream: VoxelStream, options: NiftiOptions): ExportFile {
  const { name, intent, description, compressed } = options;
  requireEvenSlices(stream.grid, "NIfTI", name);
  const notes: string[] = [];
  const version = niftiVersion(stream);
  if (version === 2) notes.push("A dimension is above 32,767, so the file is NIfTI-2.");
  const { slope, intercept } = stream.rescale;
  if (version === 1 && (Math.fround(slope) !== slope || Math.fround(intercept) !== intercept)) {
    notes.push(`NIfTI-1 holds the rescale ${slope} · stored + ${intercept} to 7 digits only.`);
  }
  const bytes = niftiBytes(stream, intent, description);
  return {
    extension: compressed ? ".nii.gz" : ".nii",
    mediaType: compressed ? "application/gzip" : "application/octet-stream",
    chunks: compressed ? gzip(bytes) : bytes,
    notes,
  };
}

async function* niftiBytes(
  stream: VoxelStream,
  intent: number,
  description: string,
): AsyncGenerator<Uint8Array<ArrayBuffer>> {
  const { grid, frames, voxelType, rescale } = stream;
  yield niftiHeader({ grid, frames, voxelType, rescale, intent, description });
  yield* voxelBytes(stream);
}
