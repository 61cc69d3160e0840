import { VoxelwrightError } from "#base";
import { labelOutput, writeLabels } from "./label-output.ts";
import { openParts } from "./open-parts.ts";
import { coverage, requirePartOutput } from "./parts.ts";
import { requireText } from "./read-arguments.ts";
import type { Arguments, CliPort } from "./verb.ts";

/** Puts label parts together as one label image, which is a part itself as long as they do not cover the volume. */
export async function mergeLabels(paths: readonly string[], args: Arguments, port: CliPort): Promise<void> {
  const output = requireText(args, "output", "merge");
  const format = await labelOutput(output, paths);
  requirePartOutput(output, format);
  const { name, grid, labels, joined } = await openParts(paths, args, port);
  if (joined.job.startsWith('{"grow":')) {
    throw new VoxelwrightError("argument", "It is part of a growth, whose labels are components still to be joined.", {
      subject: paths[0]!,
      advice: "Merge it by merge growth.",
    });
  }
  const covered = coverage(joined.regions, grid.dims);
  const part = covered < 1 ? joined : undefined;
  await writeLabels(output, format, { name, grid, labels, segments: [], part }, port);
  port.print(`${JSON.stringify({ parts: paths.length, regions: joined.regions.length, covered })}\n`);
}
