import { type ProgressOptions, VoxelwrightError } from "#base";
import type { IndexBox } from "#volume";
import type { Crew } from "../crew/crew.ts";
import { intersect, isEmpty, sizeOf, wholeBox } from "../index-box.ts";
import type { KernelLabels } from "../kernel-data.ts";
import { requireLabels } from "../label-values.ts";
import type { DistanceField, DistanceRequest } from "./distance.api.ts";
import { requireLengthMm, requireSpacingMm } from "./metric.ts";

/** Distances in one thread: every voxel may depend on every other, and 256³ of them take a tenth of a second. */
export async function distance(
  crew: Crew,
  labels: KernelLabels,
  request: DistanceRequest,
  options: ProgressOptions,
): Promise<DistanceField> {
  requireSpacingMm(request.spacingMm);
  if (request.segments) requireLabels(request.segments);
  if (request.maxMm !== undefined) requireLengthMm("The largest distance", request.maxMm);
  if (request.box) requireBox(request.box, labels);
  return crew.run("distance", { maps: [labels] }, request, options);
}

function requireBox(box: IndexBox, { dims }: KernelLabels): void {
  const inside = intersect(box, wholeBox(dims));
  const whole = [...box.min, ...box.max].every(Number.isInteger);
  if (whole && !isEmpty(box) && sizeOf(inside).every((n, axis) => n === sizeOf(box)[axis])) return;
  throw new VoxelwrightError("argument", `The box ${box.min.join(",")} to ${box.max.join(",")} is not in the volume.`, {
    advice: `Boxes lie between 0,0,0 and ${dims.join(",")}, the upper end outside.`,
  });
}
