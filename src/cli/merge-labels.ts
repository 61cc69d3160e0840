import { ImageGrid } from "#volume";
import { chooseSeries } from "./choose-series.ts";
import { labelOutput, writeLabels } from "./label-output.ts";
import { openLabelPart, PartLabels } from "./part-labels.ts";
import { coverage, joinParts, requirePartOutput } from "./parts.ts";
import { requireText } from "./read-arguments.ts";
import { requireSameGrid } from "./same-grid.ts";
import type { Arguments, CliPort } from "./verb.ts";

/** Puts label parts together as one label image, which is a part itself as long as they do not cover the volume. */
export async function mergeLabels(paths: readonly string[], args: Arguments, port: CliPort): Promise<void> {
  const output = requireText(args, "output", "merge");
  const format = await labelOutput(output, paths);
  requirePartOutput(output, format);
  const parts = paths.map(openLabelPart);
  const [first] = paths as [string];
  const { description } = await chooseSeries(first, args, port, { asStore: true });
  const grid = new ImageGrid(description.grid);
  for (const path of paths.slice(1)) {
    const other = await chooseSeries(path, args, port, { asStore: true });
    requireSameGrid(grid, new ImageGrid(other.description.grid), path, "merged");
  }
  const joined = joinParts(parts, grid.dims);
  const covered = coverage(joined.regions, grid.dims);
  const labels = new PartLabels(parts, grid.dims);
  const part = covered < 1 ? joined : undefined;
  const { name } = parts[0]!;
  await writeLabels(output, format, { name, grid, labels, segments: [], part }, port);
  port.print(`${JSON.stringify({ parts: paths.length, regions: joined.regions.length, covered })}\n`);
}
