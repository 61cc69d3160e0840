import { VoxelwrightError } from "#base";
import type { ExportFile } from "./export-file.ts";
import { type ImageInput, shownImageStream, storedImageStream } from "./image-stream.ts";
import { mhaFile } from "./mha.ts";
import { niftiFile } from "./nifti.ts";
import { nrrdFile } from "./nrrd.ts";

/** File forms of an image. NIfTI keeps stored voxels with their rescale; NRRD and MetaImage have none and get shown values. */
export const IMAGE_FORMATS = ["nii.gz", "nii", "nrrd", "mha"] as const;
export type ImageFormat = (typeof IMAGE_FORMATS)[number];

/**
 * An image as a file, all frames, slice by slice. Throws `unsupported` for an uneven stack, before anything is written; a fault
 * of the source rejects `chunks`.
 */
export function imageFile(format: ImageFormat, input: ImageInput): ExportFile {
  const { name, unit } = input.description;
  switch (format) {
    case "nii.gz":
    case "nii": {
      const description = unit ? `Voxelwright, values in ${unit}` : "Voxelwright";
      return niftiFile(storedImageStream(input), { name, intent: 0, description, compressed: format === "nii.gz" });
    }
    case "nrrd": {
      const { stream, notes } = shownImageStream(input, "NRRD");
      const file = nrrdFile(stream, { name, unit });
      return { ...file, notes: [...notes, ...file.notes] };
    }
    case "mha": {
      const { stream, notes } = shownImageStream(input, "MetaImage");
      const file = mhaFile(stream, name);
      return { ...file, notes: [...notes, ...file.notes] };
    }
    default:
      throw new VoxelwrightError("argument", `There is no image format ${String(format)}.`);
  }
}
