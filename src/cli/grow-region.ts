import { VoxelwrightError } from "#base";
import { Labelmap, MAX_LABEL, type Proposal } from "#labelmap";
import { type Dims, ImageGrid, type IndexBox } from "#volume";
import type { Kernels } from "#workers";
import type { GrowArguments } from "./grow-arguments.ts";
import { labelOutput, writeLabels } from "./label-output.ts";
import { jobPart, requirePartOutput } from "./parts.ts";
import { requireText } from "./read-arguments.ts";
import { chooseStore } from "./region.ts";
import { requireInside } from "./require-inside.ts";
import { seriesImage } from "./series-image.ts";
import { storedRange } from "./stored-range.ts";
import type { Arguments, CliPort } from "./verb.ts";

/**
 * `voxelwright grow IN --region …`: the components of in-range voxels within the region that hold a seed or touch a face beyond which
 * they may go on, numbered from 1 as labels. `merge growth` joins those of all regions and keeps what the seeds reach.
 */
export async function growRegion(
  path: string,
  region: IndexBox,
  wanted: GrowArguments,
  args: Arguments,
  port: CliPort,
): Promise<void> {
  const { seeds, connectivity, label } = wanted;
  if (!wanted.range || wanted.gradient !== undefined || wanted.leakGuardMm > 0) {
    throw new VoxelwrightError("argument", "--region takes --range alone: other rules look past the region's faces.", {
      advice: "Grow the whole volume for --confidence, --gradient and --leak-guard.",
    });
  }
  const output = requireText(args, "output", "grow");
  const format = await labelOutput(output, [path]);
  requirePartOutput(output, format);
  const series = await chooseStore(path, region, args, port);
  const { description } = series;
  const grid = new ImageGrid(description.grid);
  requireInside(seeds, grid.dims, description.name);
  const { low, high } = wanted.range;
  const part = jobPart(series, region, { grow: { range: [low, high], seeds, connectivity, label } });
  const image = await seriesImage(series, port);
  const kernels = await port.kernels();
  try {
    const labels = new Labelmap(grid.dims);
    const range = storedRange(description, low, high);
    if (range) apply(labels, await kernels.threshold(image, { range, segment: 1, region }, port));
    const components = await numberComponents(labels, region, wanted, kernels, port);
    const numbered = components > 0 ? labels : new Labelmap(grid.dims);
    await writeLabels(output, format, { name: description.name, grid, labels: numbered, segments: [], part }, port);
    port.print(`${JSON.stringify({ components })}\n`);
  } finally {
    kernels.dispose();
  }
}

/** Of the components of label 1 keeps those that the seeds may reach, numbered as labels; says how many. */
async function numberComponents(
  labels: Labelmap,
  region: IndexBox,
  { seeds, connectivity }: GrowArguments,
  kernels: Kernels,
  port: CliPort,
): Promise<number> {
  const { rows } = await kernels.components(labels, { connectivity }, port);
  const open = rows.filter(({ box }) => touchesFace(box, region, labels.dims)).map(({ firstVoxel }) => firstVoxel);
  const voxels = [...open, ...seeds.filter((seed) => labels.valueAt(seed) !== 0)];
  if (voxels.length === 0) return 0;
  if (voxels.length > MAX_LABEL) {
    throw new VoxelwrightError("limit", `More than ${MAX_LABEL} components of the region touch its faces.`, {
      advice: "Take smaller regions, or a narrower range.",
    });
  }
  apply(labels, (await kernels.islands(labels, { operation: "keep", voxels, connectivity }, port)).proposal);
  const values = Array.from({ length: voxels.length }, (_, n) => n + 1);
  const split = { operation: "split", count: voxels.length, values, connectivity } as const;
  const islands = await kernels.islands(labels, split, port);
  apply(labels, islands.proposal);
  // One component alone is not split and keeps the label 1.
  return Math.max(1, islands.split.length);
}

function apply(labels: Labelmap, proposal: Proposal): void {
  const transaction = labels.begin({ over: "all" });
  transaction.apply(proposal);
  transaction.commit();
}

/** Whether a box lies at a face of the region beyond which the volume goes on. */
function touchesFace(box: IndexBox, region: IndexBox, dims: Dims): boolean {
  return dims.some((n, axis) => {
    const atLow = region.min[axis]! > 0 && box.min[axis] === region.min[axis];
    return atLow || (region.max[axis]! < n && box.max[axis] === region.max[axis]);
  });
}
