import { VoxelwrightError } from "#base";
import { LABEL_FORMATS, type LabelInput, labelFile, labelFormatOf, type LabelFormat, namesSegments } from "#export";
import type { CliPort } from "./verb.ts";
import { requireWritable, writeExport } from "./write-file.ts";
import { writeZarr, type ZarrOutput, zarrOutput } from "./zarr-output.ts";

/** Whether names and colours of segments are kept. */
export function keepsSegments(output: LabelOutput): boolean {
  return typeof output !== "string" || namesSegments(output);
}

/** Endings of OUT, for help. */
export const LABEL_ENDINGS = ".seg.nrrd, .nii.gz, .nii, .nrrd, .mha, .zarr, .zarr.zip or IMAGE.zarr/labels/NAME";

/** What OUT is: a file of a format, or a place in a Zarr hierarchy. */
export type LabelOutput = LabelFormat | ZarrOutput;

/** What OUT names, refused before any work when its name says no format or it cannot be written. */
export async function labelOutput(path: string, inputs: readonly string[]): Promise<LabelOutput> {
  const place = await zarrOutput(path, inputs);
  if (place) return place;
  const format = labelFormatOf(path);
  if (!format) {
    const endings = [...LABEL_FORMATS, "zarr"].map((known) => `.${known}`).join(", ");
    throw new VoxelwrightError("argument", "The name says no format.", {
      subject: path,
      advice: `Endings: ${endings}.`,
    });
  }
  await requireWritable(path, inputs);
  return format;
}

/** Writes labels and says what the format could not hold. */
export async function writeLabels(path: string, output: LabelOutput, input: LabelInput, port: CliPort): Promise<void> {
  if (typeof output !== "string") return writeZarr(output, input, port);
  const file = labelFile(output, input);
  await writeExport(path, file, port);
  for (const note of file.notes) port.note(note);
}
