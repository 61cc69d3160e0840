import { VoxelwrightError } from "#base";
import { SHOWN_PERCENTILES, shownStatistics, statisticsCsv } from "#export";
import { Labelmap, type Segment } from "#labelmap";
import { bytesPerVoxel, ImageGrid } from "#volume";
import { mergeSegmentSums, rowsOfSums } from "#workers";
import { coverage, joinParts } from "./parts.ts";
import { printedJson } from "./print-json.ts";
import { printedRow } from "./printed-row.ts";
import { readStatisticsPart, statisticsPartText } from "./statistics-part.ts";
import type { Arguments, CliPort } from "./verb.ts";
import { requireWritable, writeExport, writeText } from "./write-file.ts";

const SHAPE = "Shape is no sum over voxels and is not merged; statistics of the whole labelmap measures it.";
const WIDE = "Mean, sd and percentiles of 32-bit values do not merge exactly and are left out; least and greatest do.";

/** Adds up statistics of parts: rows as `statistics` prints them, without shape, once the parts cover the volume; else a larger part. */
export async function mergeStatistics(paths: readonly string[], args: Arguments, port: CliPort): Promise<void> {
  const [output, csv] = [args.text("output"), args.text("csv")];
  for (const file of [output, csv]) if (file !== undefined) await requireWritable(file, paths);
  const parts = await Promise.all(paths.map(async (path) => ({ path, ...(await readStatisticsPart(path)) })));
  const { grid, image, segments } = parts[0]!;
  const joined = joinParts(parts, grid.dims);
  const covered = coverage(joined.regions, grid.dims);
  if (covered < 1 && output === undefined) {
    throw new VoxelwrightError("argument", `The parts cover ${(covered * 100).toFixed(3)} % of the volume.`, {
      advice: "Give all parts, or -o PART.json to merge these with others later.",
    });
  }
  const sums = mergeSegmentSums(parts.map((part) => part.sums));
  if (output !== undefined)
    await writeText(output, statisticsPartText({ part: joined, grid, image, segments, sums }), port);
  if (covered < 1) {
    port.print(`${JSON.stringify({ parts: paths.length, regions: joined.regions.length, covered })}\n`);
    return;
  }
  const notes = [SHAPE, ...(image && bytesPerVoxel(image.voxelType) === 4 ? [WIDE] : [])];
  for (const note of notes) port.note(note);
  const rows = shownStatistics(rowsOfSums(image?.voxelType, sums, SHOWN_PERCENTILES), {
    grid: new ImageGrid(grid),
    // Volumes need labels in uneven stacks alone, which no Zarr is.
    labels: new Labelmap(grid.dims),
    segments: segments.map((named): Segment => ({ ...named, color: "#808080", locked: false, visible: true })),
    description: image ?? { rescale: { slope: 1, intercept: 0 }, unit: "" },
  });
  if (csv !== undefined) await writeExport(csv, statisticsCsv(rows, notes), port);
  port.print(printedJson(rows.map(printedRow)));
}
