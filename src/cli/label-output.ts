import { VoxelwrightError } from "#base";
import { LABEL_FORMATS, type LabelInput, labelFile, labelFormatOf, type LabelFormat } from "#export";
import type { CliPort } from "./verb.ts";
import { requireWritable, writeExport } from "./write-file.ts";

/** The label format of OUT, refused before any work when its name says none or it cannot be written. */
export async function labelOutput(path: string, inputs: readonly string[]): Promise<LabelFormat> {
  const format = labelFormatOf(path);
  if (!format) {
    const endings = LABEL_FORMATS.map((known) => `.${known}`).join(", ");
    throw new VoxelwrightError("argument", "The name says no format.", {
      subject: path,
      advice: `Endings: ${endings}.`,
    });
  }
  await requireWritable(path, inputs);
  return format;
}

/** Writes labels and says what the format could not hold. */
export async function writeLabels(path: string, format: LabelFormat, input: LabelInput, port: CliPort): Promise<void> {
  const file = labelFile(format, input);
  await writeExport(path, file, port);
  for (const note of file.notes) port.note(note);
}
