import { type ProgressOptions, VoxelwrightError } from "#base";
import type { Crew } from "../crew/crew.ts";
import type { KernelLabels } from "../kernel-data.ts";
import type { Components, ComponentsRequest } from "./components.api.ts";
import { checkComponentArguments, findComponents } from "./find-components.ts";
import { rankComponents, rowsOf } from "./rank.ts";

/** Connected components of segments; see `Kernels.components`. */
export async function components(
  crew: Crew,
  labels: KernelLabels,
  { segments, connectivity, most, leastVoxels = 1 }: ComponentsRequest,
  options: ProgressOptions,
): Promise<Components> {
  checkComponentArguments(segments, connectivity);
  if (most !== undefined) requireCount(most, "The number of components asked for");
  requireCount(leastVoxels, "The least size in voxels");
  const found = await findComponents(crew, labels, { segments, connectivity, leastVoxels, most }, options);
  return rowsOf(found, rankComponents(found, { leastVoxels, most }));
}

/** Throws `argument` unless `value` is a whole number of 1 or more. */
export function requireCount(value: number, what: string): void {
  if (Number.isInteger(value) && value >= 1) return;
  throw new VoxelwrightError("argument", `${what} is a whole number of 1 or more, not ${value}.`);
}
