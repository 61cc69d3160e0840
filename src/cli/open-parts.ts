import type { PartOfJob } from "#export";
import { ImageGrid } from "#volume";
import { chooseSeries } from "./choose-series.ts";
import { openLabelPart, PartLabels } from "./part-labels.ts";
import { joinParts } from "./parts.ts";
import { requireSameGrid } from "./same-grid.ts";
import type { Arguments, CliPort } from "./verb.ts";

/** Label parts of one job, put together. */
export interface OpenedParts {
  /** Name of the image. */
  readonly name: string;
  readonly grid: ImageGrid;
  readonly labels: PartLabels;
  readonly joined: PartOfJob;
}

/** Opens label parts without reading their bricks. Throws `argument` where they do not fit together. */
export async function openParts(paths: readonly string[], args: Arguments, port: CliPort): Promise<OpenedParts> {
  const parts = paths.map(openLabelPart);
  const grids: ImageGrid[] = [];
  for (const path of paths) {
    const { description } = await chooseSeries(path, args, port, { asStore: true });
    grids.push(new ImageGrid(description.grid));
  }
  const grid = grids[0]!;
  for (const [n, other] of grids.entries()) requireSameGrid(grid, other, paths[n]!, "merged");
  const joined = joinParts(parts, grid.dims);
  return { name: parts[0]!.name, grid, labels: new PartLabels(parts, grid.dims), joined };
}
