import { type VolumeDescription, withSpacing } from "#volume";
import { THUMBNAIL_INFLATE_BYTES } from "./limits.ts";
import { drawThumbnail } from "./thumbnail.ts";
import type { SeriesChoice, SourceFile, SourceSegment } from "./source.ts";
import { RawVolume } from "./raw-volume.ts";
import { PlannedSource, type VolumePlan } from "./volume-plan.ts";
import { sourceBytes } from "./voxel-conversion.ts";

/** A choice of a listing for a volume planned from `file`. `segments` come from formats that describe them. */
export function plannedSeries(
  plan: VolumePlan,
  file: SourceFile,
  format: string,
  segments?: readonly SourceSegment[],
): SeriesChoice {
  const files = new Map([
    [file.name, file.blob.size],
    ...plan.parts.map(({ name, blob }) => [name, blob.size] as const),
  ]);
  const { description } = plan;
  return {
    id: `${format}:${plan.subject}`,
    description,
    fileCount: files.size,
    byteLength: [...files.values()].reduce((sum, size) => sum + size, 0),
    ...(segments === undefined ? {} : { segments }),
    ...(RawVolume.canRead(plan) ? { inPlace: new RawVolume(plan) } : {}),
    thumbnail: async ({ spacingMm, ...options } = {}) => {
      const k = thumbnailSlice(plan);
      const voxels = await new PlannedSource(plan).slice(0, k, options);
      return drawThumbnail(voxels, withSpacing(description, spacingMm));
    },
    thumbnailOf: (middle) => drawThumbnail(middle, description),
    open: async (options = {}) => {
      options.signal?.throwIfAborted();
      return new PlannedSource(plan);
    },
  };
}

/** The middle slice; of compressed data no later one than `THUMBNAIL_INFLATE_BYTES` reach. */
function thumbnailSlice({ description, sourceType, frameAxis, parts }: VolumePlan): number {
  const { dims } = description.grid;
  const middle = Math.floor(dims[2] / 2);
  if (parts.every(({ encoding }) => encoding === "raw")) return middle;
  const frames = frameAxis === 3 ? 1 : description.frames;
  const sliceBytes = dims[0] * dims[1] * frames * sourceBytes(sourceType);
  return Math.min(middle, Math.floor(THUMBNAIL_INFLATE_BYTES / sliceBytes));
}

/** Name of a volume for a person: the file's name without folders and known endings. */
export function volumeName(path: string): string {
  const base = path.slice(path.lastIndexOf("/") + 1);
  return base.replace(/\.(gz)$/i, "").replace(/\.(nii|hdr|img|seg\.nrrd|nrrd|nhdr|mha|mhd|mgh|mgz)$/i, "") || base;
}

/** The same description with more notes. */
export function withNotes(description: VolumeDescription, notes: readonly string[]): VolumeDescription {
  return notes.length === 0 ? description : { ...description, notes: [...description.notes, ...notes] };
}
