import { VoxelwrightError } from "#base";
import { IMAGE_FORMATS, type ImageFormat, type ImageInput, imageFile, imageFormatOf, wantsRange } from "#export";
import type { SeriesChoice } from "#sources";
import { ImageGrid } from "#volume";
import { chooseSeries, SERIES_OPTION } from "./choose-series.ts";
import { SPACING_OPTION } from "./given-spacing.ts";
import { type LabelOutput, labelOutput, writeLabels } from "./label-output.ts";
import { loadLabels } from "./load-labels.ts";
import { segmentsOf } from "./segments-of.ts";
import type { CliPort, Verb } from "./verb.ts";
import { requireWritable, writeExport } from "./write-file.ts";
import { zarrOutput } from "./zarr-output.ts";

/** `voxelwright convert IN OUT`. */
export const convert: Verb = {
  name: "convert",
  positionals: ["IN", "OUT"],
  summary: "Write any readable scan or labelmap as .nii.gz, .nii, .nrrd, .mha, .seg.nrrd or OME-Zarr labels.",
  details:
    "Voxels go through slice by slice; the type is kept. .nii keeps the rescale; .nrrd and .mha hold shown values, with a note.\n" +
    ".seg.nrrd, .zarr, .zarr.zip and IMAGE.zarr/labels/NAME take labels only (whole numbers from 0 to 65535).",
  options: { series: SERIES_OPTION, "spacing-mm": SPACING_OPTION },
  async run(args, port) {
    const [path, output] = args.positionals as [string, string];
    const place =
      (await zarrOutput(output, [path])) ??
      (/\.(seg\.nrrd|zarr\.zip)$/i.test(output) ? await labelOutput(output, [path]) : undefined);
    const format = place ? undefined : requireFormat(output);
    if (format) await requireWritable(output, [path]);
    const series = await chooseSeries(path, args, port, { allNotes: true });
    for (const note of series.description.notes) port.note(note);
    if (format) await convertImage(series, format, output, port);
    else await convertLabels(series, output, place!, port);
    return 0;
  },
};

function requireFormat(output: string): ImageFormat {
  const format = imageFormatOf(output);
  if (format) return format;
  const endings = [...IMAGE_FORMATS, "seg.nrrd", "zarr", "zarr.zip"].map((known) => `.${known}`).join(", ");
  throw new VoxelwrightError("argument", "The name says no format.", {
    subject: output,
    advice: `Endings: ${endings}.`,
  });
}

async function convertImage(series: SeriesChoice, format: ImageFormat, output: string, port: CliPort): Promise<void> {
  const { description } = series;
  async function* slices() {
    yield* (await series.open(port)).slices(port);
  }
  const input: ImageInput = { description, slices };
  // A format without a rescale keeps whole numbers only when their range is known, which takes a pass of its own.
  const needsRange = (format === "nrrd" || format === "mha") && wantsRange(description);
  const range = needsRange ? await rangeOf(slices()) : undefined;
  const file = imageFile(format, range ? { ...input, range } : input);
  await writeExport(output, file, port);
  for (const note of file.notes) port.note(note);
}

async function rangeOf(slices: ReturnType<ImageInput["slices"]>): Promise<{ min: number; max: number }> {
  let min = Number.POSITIVE_INFINITY;
  let max = Number.NEGATIVE_INFINITY;
  for await (const { voxels } of slices) {
    for (let n = 0; n < voxels.length; n++) {
      const value = voxels[n]!;
      if (value < min) min = value;
      if (value > max) max = value;
    }
  }
  return { min, max };
}

async function convertLabels(series: SeriesChoice, output: string, place: LabelOutput, port: CliPort): Promise<void> {
  const { description } = series;
  const labels = await loadLabels(series, port);
  const input = { name: description.name, grid: new ImageGrid(description.grid), labels, segments: segmentsOf(series) };
  await writeLabels(output, place, input, port);
}
