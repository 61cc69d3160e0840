import { Labelmap, type Segment } from "#labelmap";
import { BRICK_EDGE, type BrickSource, ImageGrid, type VolumeDescription } from "#volume";
import { chooseSeries, SERIES_OPTION } from "./choose-series.ts";
import { SPACING_OPTION } from "./given-spacing.ts";
import { keepsSegments, LABEL_ENDINGS, type LabelOutput, labelOutput, writeLabels } from "./label-output.ts";
import { heldImage } from "./series-image.ts";
import { type GrowArguments, growRequest, readGrowArguments } from "./grow-arguments.ts";
import { growRegion } from "./grow-region.ts";
import { requireText } from "./read-arguments.ts";
import { readRegion, REGION_OPTION } from "./region.ts";
import { requireInside } from "./require-inside.ts";
import type { CliPort, Verb } from "./verb.ts";

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
    confidence: {
      type: "string",
      value: "m,n,r",
      help: "in place of --range: mean ± m sd, n iterations, radius r voxels",
    },
    gradient: { type: "string", value: "G", help: "stop where the shown value changes by more than G a mm" },
    "leak-guard": { type: "string", value: "MM", help: "do not enter passages narrower than twice this" },
    connectivity: { type: "string", value: "6|18|26", help: "neighbours of a voxel (default 6)" },
    label: { type: "string", value: "N", help: "label value to write (default 1)" },
    series: SERIES_OPTION,
    "spacing-mm": SPACING_OPTION,
    region: REGION_OPTION,
    output: { type: "string", short: "o", value: "OUT", help: LABEL_ENDINGS },
  },
  async run(args, port) {
    const [path] = args.positionals as [string];
    const wanted = readGrowArguments(args);
    const region = readRegion(args);
    if (region) {
      await growRegion(path, region, wanted, args, port);
      return 0;
    }
    const output = requireText(args, "output", "grow");
    const format = await labelOutput(output, [path]);
    const series = await chooseSeries(path, args, port);
    const { description } = series;
    const grid = new ImageGrid(description.grid);
    requireInside(wanted.seeds, grid.dims, description.name);
    const request = growRequest(wanted, description, grid);
    const image = await heldImage(series, port);
    await noteSeedsOutside(image.bricks, description, wanted, port);
    const labels = new Labelmap(grid.dims);
    let changed = 0;
    let milliseconds = 0;
    if (request) {
      const kernels = await port.kernels();
      try {
        const start = performance.now();
        const proposal = await kernels.grow(image, request, port);
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
      { name: description.name, grid, labels, segments: segmentsFor(format, wanted) },
      port,
    );
    port.print(`${JSON.stringify({ changed, milliseconds: Math.round(milliseconds * 1000) / 1000 })}\n`);
    return 0;
  },
};

/** The one segment, for a format that can name it. */
function segmentsFor(output: LabelOutput, { label }: GrowArguments): Segment[] {
  return keepsSegments(output) ? [grownSegment(label)] : [];
}

/** The segment that a growth is written as. */
export function grownSegment(label: number): Segment {
  return { value: label, name: `Label ${label}`, color: "#e6194b", locked: false, visible: true };
}

/** A seed outside the range, or without a number, grows nothing; say so rather than leave the person to wonder. */
async function noteSeedsOutside(
  bricks: BrickSource,
  { rescale }: VolumeDescription,
  { seeds, range }: GrowArguments,
  port: CliPort,
): Promise<void> {
  const { low, high } = range ?? { low: -Number.MAX_VALUE, high: Number.MAX_VALUE };
  for (const seed of seeds) {
    const [bi, bj, bk] = seed.map((index) => Math.floor(index / BRICK_EDGE)) as [number, number, number];
    const [i, j, k] = seed.map((index) => index % BRICK_EDGE) as [number, number, number];
    const brick = await bricks.readBrick({ frame: 0, level: 0, bi, bj, bk });
    const value = rescale.slope * brick!.voxels[(k * BRICK_EDGE + j) * BRICK_EDGE + i]! + rescale.intercept;
    if (value >= low && value <= high) continue;
    const why = range ? "outside the range" : "from which nothing grows";
    port.note(`Seed ${seed.join(",")} has the value ${value}, ${why}.`);
  }
}
