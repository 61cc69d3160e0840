import { VoxelwrightError } from "#base";
import { ImageGrid, type IndexBox } from "#volume";
import { loadRegionLabels } from "./load-region-labels.ts";
import { fingerprintOf, jobPart } from "./parts.ts";
import { requireText } from "./read-arguments.ts";
import { chooseStore } from "./region.ts";
import { requireSameGrid } from "./same-grid.ts";
import { segmentsOf } from "./segments-of.ts";
import { seriesImage } from "./series-image.ts";
import { statisticsPartText } from "./statistics-part.ts";
import type { Arguments, CliPort } from "./verb.ts";
import { requireWritable, writeText } from "./write-file.ts";

/** `voxelwright statistics LABELS --region … --json PART`: sums of the labels' voxels in a region. */
export async function statisticsOfRegion(
  path: string,
  region: IndexBox,
  args: Arguments,
  port: CliPort,
): Promise<void> {
  const output = requireText(args, "json", "statistics --region");
  if (args.text("csv") !== undefined)
    throw new VoxelwrightError(
      "argument",
      "A part is no table: --region goes with --json, and merge writes the --csv.",
    );
  const imagePath = args.text("image");
  await requireWritable(output, imagePath === undefined ? [path] : [path, imagePath]);
  const series = await chooseStore(path, region, args, port, true);
  const grid = new ImageGrid(series.description.grid);
  const scan = imagePath === undefined ? undefined : await chooseStore(imagePath, region, args, port, true);
  if (scan) requireSameGrid(grid, new ImageGrid(scan.description.grid), imagePath!, "measured");
  const image = scan && (await seriesImage(scan, port));
  const labels = await loadRegionLabels(series, region, port);
  const kernels = await port.kernels();
  try {
    const sums = await kernels.segmentSums(image, labels, port);
    const { dims, indexToLps } = grid;
    const text = statisticsPartText({
      part: jobPart(scan ?? series, region, { statistics: fingerprintOf(series) }),
      grid: { dims, indexToLps },
      image: scan && {
        voxelType: scan.description.voxelType,
        rescale: scan.description.rescale,
        unit: scan.description.unit,
      },
      segments: segmentsOf(series).map(({ value, name }) => ({ value, name })),
      sums,
    });
    await writeText(output, text, port);
    port.print(
      `${JSON.stringify({ labels: sums.length, voxels: Number(sums.reduce((n, row) => n + row.sums[0], 0n)) })}\n`,
    );
  } finally {
    kernels.dispose();
  }
}
