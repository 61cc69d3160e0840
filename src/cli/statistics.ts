import { VoxelwrightError } from "#base";
import { SHOWN_PERCENTILES, shapeNotes, shownStatistics, statisticsCsv } from "#export";
import { ImageGrid } from "#volume";
import type { KernelImage } from "#workers";
import { chooseSeries, SERIES_OPTION } from "./choose-series.ts";
import { SPACING_OPTION } from "./given-spacing.ts";
import { loadLabels } from "./load-labels.ts";
import { printedJson } from "./print-json.ts";
import { printedRow } from "./printed-row.ts";
import { readRegion, REGION_OPTION } from "./region.ts";
import { segmentsOf } from "./segments-of.ts";
import { seriesImage } from "./series-image.ts";
import { statisticsOfRegion } from "./statistics-region.ts";
import type { Arguments, CliPort, Verb } from "./verb.ts";
import { requireWritable, writeExport } from "./write-file.ts";

/** `voxelwright statistics LABELS [--image IN] [--csv FILE]`. */
export const statistics: Verb = {
  name: "statistics",
  positionals: ["LABELS"],
  summary: "Size, place, shape and, with the scan, values of every label of a labelmap, as JSON.",
  details:
    "Rows {label, name, voxels, volumeMl, mean, sd, min, max, unit, median, p5, p25, p75, p95, centroidLps, box, shape}. Values are shown\n" +
    'ones (HU for CT), null without --image, the words "Infinity" and "-Infinity" where voxels are infinite; positions are LPS\n' +
    "millimetres, box is of voxel indices, its upper end outside. shape has\n" +
    "meshAreaMm2 and meshVolumeMm3 (marching cubes at 0.5), croftonAreaMm2, sphericity (from the mesh), feretMm (between voxel centres),\n" +
    "principalMomentsMm2, principalAxes, elongation, flatness and orientedBox. In an uneven stack there is no centroid and no shape, and\n" +
    "on axes that are not at right angles no croftonAreaMm2.",
  options: {
    image: { type: "string", value: "IN", help: "the scan, on the grid of the labels" },
    csv: { type: "string", value: "FILE", help: "write the rows as CSV too" },
    region: REGION_OPTION,
    json: { type: "string", value: "PART", help: "with --region: the file of this part, for merge statistics" },
    series: { ...SERIES_OPTION, help: "which series of each file that holds several: its id or its number" },
    "spacing-mm": SPACING_OPTION,
  },
  async run(args, port) {
    const [path] = args.positionals as [string];
    const region = readRegion(args);
    if (region) {
      await statisticsOfRegion(path, region, args, port);
      return 0;
    }
    if (args.text("json") !== undefined)
      throw new VoxelwrightError("argument", "--json goes with --region; without it the rows are printed.");
    const imagePath = args.text("image");
    const csv = args.text("csv");
    if (csv !== undefined) await requireWritable(csv, imagePath === undefined ? [path] : [path, imagePath]);
    const series = await chooseSeries(path, args, port, { ifSeveral: true });
    const { description } = series;
    const grid = new ImageGrid(description.grid);
    const image = imagePath === undefined ? undefined : await readImage(imagePath, grid, args, port);
    const labels = await loadLabels(series, port);
    const notes = shapeNotes(grid);
    for (const note of notes) port.note(`${description.name}: ${note}`);
    const kernels = await port.kernels();
    try {
      const shape = grid.regular ? { shape: { indexToLps: grid.indexToLps } } : {};
      const request = { percentiles: SHOWN_PERCENTILES, ...shape };
      const measured = await kernels.statistics(image?.kernelImage, labels, request, port);
      const rows = shownStatistics(measured, {
        grid,
        labels,
        segments: segmentsOf(series),
        description: image?.description ?? { rescale: { slope: 1, intercept: 0 }, unit: "" },
      });
      if (csv !== undefined) await writeExport(csv, statisticsCsv(rows, notes), port);
      port.print(printedJson(rows.map(printedRow)));
      return 0;
    } finally {
      kernels.dispose();
    }
  },
};

async function readImage(
  path: string,
  grid: ImageGrid,
  args: Arguments,
  port: CliPort,
): Promise<{ kernelImage: KernelImage; description: Awaited<ReturnType<typeof chooseSeries>>["description"] }> {
  const series = await chooseSeries(path, args, port, { ifSeveral: true });
  const { description } = series;
  const own = new ImageGrid(description.grid);
  if (!grid.matches(own)) {
    const sizes = own.dims.some((n, axis) => n !== grid.dims[axis]);
    const message = sizes
      ? `It has ${own.dims.join("×")} voxels and the labelmap ${grid.dims.join("×")}.`
      : "Its voxels lie elsewhere than those of the labelmap (more than 0.01 mm at a corner).";
    throw new VoxelwrightError("argument", message, {
      subject: path,
      advice: "Values are read on the grid of the labelmap only.",
    });
  }
  return { kernelImage: await seriesImage(series, port), description };
}
