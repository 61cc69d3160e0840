import { VoxelwrightError } from "#base";
import { IMAGE_FORMATS, type ImageFormat, imageFile, imageFormatOf } from "#export";
import { ImageGrid, type Slice, type VolumeDescription } from "#volume";
import { chooseSeries, SERIES_OPTION } from "./choose-series.ts";
import { SPACING_OPTION } from "./given-spacing.ts";
import { readLabels, requirePresent, requireSpacing } from "./label-change.ts";
import { loadLabels } from "./load-labels.ts";
import { readNumbers, requireText } from "./read-arguments.ts";
import type { Arguments, Verb } from "./verb.ts";
import { requireWritable, writeExport } from "./write-file.ts";

/** `voxelwright distance LABELS [--label N ...] [--signed | --many] [--max MM] -o OUT`. */
export const distance: Verb = {
  name: "distance",
  positionals: ["LABELS"],
  summary: "Exact distances to labels in millimetres, as an image of float32.",
  details:
    "Prints {milliseconds}. Distances go from voxel centre to voxel centre: 0 in the labels; with --signed, minus the distance to the\n" +
    "nearest voxel outside in them; with --many, for each labelled voxel to the nearest of another value and 0 elsewhere.",
  options: {
    label: {
      type: "string",
      value: "N",
      multiple: true,
      help: "label to measure to; several count as one (default all)",
    },
    signed: { type: "boolean", help: "negative distances inside" },
    many: { type: "boolean", help: "how deep each labelled voxel lies in its label" },
    max: { type: "string", value: "MM", help: "larger distances become this one" },
    series: SERIES_OPTION,
    "spacing-mm": SPACING_OPTION,
    output: { type: "string", short: "o", value: "OUT", help: ".nii.gz, .nii, .nrrd or .mha" },
  },
  async run(args, port) {
    const [path] = args.positionals as [string];
    const mode = readMode(args);
    const maxMm = readMost(args);
    const wanted = readLabels(args);
    const output = requireText(args, "output", "distance");
    const format = requireImage(output);
    await requireWritable(output, [path]);
    const series = await chooseSeries(path, args, port);
    const { name, grid: data } = series.description;
    const grid = new ImageGrid(data);
    const spacingMm = requireSpacing(grid, name);
    const labels = await loadLabels(series, port);
    requirePresent(wanted, labels, name);
    const kernels = await port.kernels();
    try {
      const start = performance.now();
      const request = {
        mode,
        spacingMm,
        ...(wanted ? { segments: wanted } : {}),
        ...(maxMm === undefined ? {} : { maxMm }),
      };
      const { values } = await kernels.distance(labels, request, port);
      const milliseconds = performance.now() - start;
      requireFinite(values, name);
      const file = imageFile(format, { description: describe(name, grid), slices: () => slicesOf(values, grid) });
      await writeExport(output, file, port);
      for (const note of file.notes) port.note(note);
      port.print(`${JSON.stringify({ milliseconds: Math.round(milliseconds * 1000) / 1000 })}\n`);
      return 0;
    } finally {
      kernels.dispose();
    }
  },
};

function readMode(args: Arguments): "unsigned" | "signed" | "many" {
  const signed = args.text("signed") !== undefined;
  const many = args.text("many") !== undefined;
  if (signed && many) throw new VoxelwrightError("argument", "--signed and --many do not go together.");
  return signed ? "signed" : many ? "many" : "unsigned";
}

function readMost(args: Arguments): number | undefined {
  const text = args.text("max");
  if (text === undefined) return undefined;
  const [mm] = readNumbers(text, 1, "--max") as [number];
  if (mm > 0 && Number.isFinite(mm)) return mm;
  throw new VoxelwrightError("argument", "--max is above 0.");
}

function requireImage(output: string): ImageFormat {
  const format = imageFormatOf(output);
  if (format) return format;
  const endings = IMAGE_FORMATS.map((known) => `.${known}`).join(", ");
  throw new VoxelwrightError("argument", "The name says no image format.", {
    subject: output,
    advice: `Endings: ${endings}.`,
  });
}

/** A label that fills the volume has nothing around it to measure to. */
function requireFinite(values: Float32Array, name: string): void {
  if (values.every(Number.isFinite)) return;
  throw new VoxelwrightError("argument", "The labels fill the volume: there is nothing that distances could end at.", {
    subject: name,
    advice: "Give --max, or measure without --signed and --many.",
  });
}

function describe(name: string, grid: ImageGrid): VolumeDescription {
  return {
    name: `Distances of ${name}`,
    grid: grid.toData(),
    voxelType: "float32",
    rescale: { slope: 1, intercept: 0 },
    unit: "mm",
    modality: "",
    frames: 1,
    notes: [],
    metadata: {},
    format: "",
  };
}

async function* slicesOf(values: Float32Array, { dims }: ImageGrid): AsyncGenerator<Slice> {
  const size = dims[0] * dims[1];
  for (let k = 0; k < dims[2]; k++) yield { frame: 0, k, voxels: values.subarray(k * size, (k + 1) * size) };
}
