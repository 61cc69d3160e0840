import { type ProgressOptions, VoxelwrightError } from "#base";
import type { Crew } from "../crew/crew.ts";
import { requireLengthMm, requireSpacingMm } from "../distance/metric.ts";
import type { KernelLabels } from "../kernel-data.ts";
import type { LabelProposal } from "../kernels.api.ts";
import { requireLabels } from "../label-values.ts";
import { byDistance } from "../margin/ask-margin.ts";
import { joinChanges } from "../packed-changes.ts";
import { planTiles } from "../tiles/plan-tiles.ts";
import type { SmoothRequest } from "./smooth.api.ts";
import { smoothingKernel } from "./smoothing-kernel.ts";

export async function smooth(
  crew: Crew,
  labels: KernelLabels,
  { method, spacingMm, mm, segments }: SmoothRequest,
  options: ProgressOptions,
): Promise<LabelProposal> {
  requireLengthMm("What smoothing goes by", mm);
  if (method === "open" || method === "close") {
    return byDistance(crew, labels, spacingMm, segments, { kind: method, mm }, options);
  }
  if (method !== "median" && method !== "gaussian" && method !== "joint") {
    throw new VoxelwrightError("argument", `There is no smoothing method ${String(method)}.`, {
      advice: "Methods: median, open, close, gaussian, joint.",
    });
  }
  requireSpacingMm(spacingMm);
  if (segments) requireLabels(segments);
  const halo = smoothingKernel({ spacingMm, method, mm }).radius;
  const shares = planTiles(labels, halo, crew.count).map(({ box, labelBricks }) => {
    return { request: { box, halo, segments, spacingMm, method, mm }, labelBricks };
  });
  return joinChanges(await crew.share("smooth", { maps: [labels] }, shares, options));
}
