import { VoxelwrightError } from "#base";
import type { LabelFormat } from "#export";
import { Labelmap, MAX_LABEL, type Segment } from "#labelmap";
import { BRICK_EDGE, type Dims, ImageGrid, type IndexIjk, type VolumeDescription } from "#volume";
import type { Connectivity } from "#workers";
import { chooseSeries, SERIES_OPTION } from "./choose-series.ts";
import { labelOutput, writeLabels } from "./label-output.ts";
import { MemoryBricks } from "./memory-bricks.ts";
import { readNumbers, readWhole, requireText } from "./read-arguments.ts";
import { storedRange } from "./stored-range.ts";
import type { Arguments, CliPort, Verb } from "./verb.ts";

/** `voxelwright grow IN --seed i,j,k --range lo,hi -o OUT`. */
export const grow: Verb = {
  name: "grow",
  positionals: ["IN"],
  summary: "Region growing: label what is connected to the seeds within a range of values.",
  details:
    "Prints {changed, milliseconds}: voxels labelled and the time of the growth itself, reading and writing not counted.",
  options: {
    seed: {
      type: "string",
      value: "i,j,k",
      multiple: true,
      help: "voxel index to start from; may be given several times",
    },
    range: { type: "string", value: "lo,hi", help: "inclusive range of shown values (HU for CT)" },
    connectivity: { type: "string", value: "6|18|26", help: "neighbours of a voxel (default 6)" },
    label: { type: "string", value: "N", help: "label value to write (default 1)" },
    series: SERIES_OPTION,
    output: { type: "string", short: "o", value: "OUT", help: ".seg.nrrd, .nii.gz, .nii, .nrrd or .mha" },
  },
  async run(args, port) {
    const [path] = args.positionals as [string];
    const request = readRequest(args);
    const output = requireText(args, "output", "grow");
    const format = await labelOutput(output, [path]);
    const series = await chooseSeries(path, args, port);
    const { description } = series;
    const grid = new ImageGrid(description.grid);
    requireInside(request.seeds, grid.dims, description.name);
    const range = storedRange(description, request.low, request.high);
    if (description.frames > 1) port.note(`${description.name} has ${description.frames} frames; the first is used.`);
    const bricks = await MemoryBricks.read(await series.open(port), port);
    await noteSeedsOutside(bricks, description, request, port);
    const labels = new Labelmap(grid.dims);
    let changed = 0;
    let milliseconds = 0;
    if (range) {
      const kernels = await port.kernels();
      try {
        const { seeds, connectivity, label: segment } = request;
        const image = { dims: grid.dims, voxelType: description.voxelType, frame: 0, bricks };
        const start = performance.now();
        const proposal = await kernels.grow(image, { seeds, range, connectivity, segment }, port);
        milliseconds = performance.now() - start;
        const change = labels.begin({ over: "all" });
        changed = change.apply(proposal);
        change.commit();
      } finally {
        kernels.dispose();
      }
    }
    await writeLabels(
      output,
      format,
      { name: description.name, grid, labels, segments: segmentsFor(format, request) },
      port,
    );
    port.print(`${JSON.stringify({ changed, milliseconds: Math.round(milliseconds * 1000) / 1000 })}\n`);
    return 0;
  },
};

/** The one segment, for the format that can name it. */
function segmentsFor(format: LabelFormat, { label }: GrowArguments): Segment[] {
  if (format !== "seg.nrrd") return [];
  return [{ value: label, name: `Label ${label}`, color: "#e6194b", locked: false, visible: true }];
}

interface GrowArguments {
  readonly seeds: readonly IndexIjk[];
  readonly low: number;
  readonly high: number;
  readonly connectivity: Connectivity;
  readonly label: number;
}

function readRequest(args: Arguments): GrowArguments {
  const seeds = args.texts("seed").map((text) => readNumbers(text, 3, "--seed") as unknown as IndexIjk);
  if (seeds.length === 0) requireText(args, "seed", "grow");
  if (!seeds.flat().every(Number.isInteger))
    throw new VoxelwrightError("argument", "--seed takes whole voxel indices.");
  const [low, high] = readNumbers(requireText(args, "range", "grow"), 2, "--range") as [number, number];
  if (low > high) throw new VoxelwrightError("argument", `--range goes from low to high, not from ${low} to ${high}.`);
  const connectivity = Number(args.text("connectivity") ?? 6);
  if (connectivity !== 6 && connectivity !== 18 && connectivity !== 26) {
    throw new VoxelwrightError("argument", `--connectivity is 6, 18 or 26, not "${args.text("connectivity")}".`);
  }
  return { seeds, low, high, connectivity, label: readWhole(args.text("label") ?? "1", 1, MAX_LABEL, "--label") };
}

function requireInside(seeds: readonly IndexIjk[], dims: Dims, name: string): void {
  for (const seed of seeds) {
    if (seed.every((index, axis) => index >= 0 && index < dims[axis]!)) continue;
    const advice = `Indices go from 0,0,0 to ${dims.map((n) => n - 1).join(",")}.`;
    throw new VoxelwrightError("argument", `Seed ${seed.join(",")} lies outside the volume.`, {
      subject: name,
      advice,
    });
  }
}

/** A seed outside the range grows nothing; say so rather than leave the person to wonder. */
async function noteSeedsOutside(
  bricks: MemoryBricks,
  { rescale }: VolumeDescription,
  { seeds, low, high }: GrowArguments,
  port: CliPort,
): Promise<void> {
  for (const seed of seeds) {
    const [bi, bj, bk] = seed.map((index) => Math.floor(index / BRICK_EDGE)) as [number, number, number];
    const [i, j, k] = seed.map((index) => index % BRICK_EDGE) as [number, number, number];
    const brick = await bricks.readBrick({ frame: 0, level: 0, bi, bj, bk });
    const value = rescale.slope * brick!.voxels[(k * BRICK_EDGE + j) * BRICK_EDGE + i]! + rescale.intercept;
    if (!(value >= low && value <= high))
      port.note(`Seed ${seed.join(",")} has the value ${value}, outside the range.`);
  }
}
