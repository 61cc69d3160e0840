import { sha256 } from "#labelmap";
import type { SeriesChoice } from "#sources";

/**
 * Tells whether a series is one that was opened before, by what its files say of themselves and by their sizes: not by their names,
 * which change with the folder that is chosen, nor by notes, which change with the files beside them.
 */
export function fingerprintOf({
  description,
  fileCount,
  byteLength,
}: Pick<SeriesChoice, "description" | "fileCount" | "byteLength">): Promise<string> {
  const { grid, voxelType, sourceType, rescale, modality, frames, metadata, format } = description;
  const { File: _name, ...known } = metadata;
  const facts = Object.entries(known).sort(([a], [b]) => (a < b ? -1 : 1));
  return sha256(
    JSON.stringify([
      grid,
      voxelType,
      sourceType ?? "",
      rescale,
      modality,
      frames,
      facts,
      format,
      fileCount,
      byteLength,
    ]),
  );
}
