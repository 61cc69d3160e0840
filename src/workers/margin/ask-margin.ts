import { type ProgressOptions, VoxelwrightError } from "#base";
import type { Dims } from "#volume";
import type { Crew } from "../crew/crew.ts";
import { Metric, requireLengthMm, requireSpacingMm } from "../distance/metric.ts";
import type { KernelLabels, SpacingMm } from "../kernel-data.ts";
import type { LabelProposal } from "../kernels.api.ts";
import { requireLabels } from "../label-values.ts";
import { joinChanges } from "../packed-changes.ts";
import { planTiles } from "../tiles/plan-tiles.ts";
import type { HollowRequest, MarginRequest } from "./margin.api.ts";
import type { MarginStep } from "./margin.ts";

export function margin(
  crew: Crew,
  labels: KernelLabels,
  { spacingMm, mm, segments }: MarginRequest,
  options: ProgressOptions,
): Promise<LabelProposal> {
  requireLengthMm("A margin, whichever way,", Math.abs(mm));
  return byDistance(crew, labels, spacingMm, segments, { kind: mm > 0 ? "grow" : "shrink", mm: Math.abs(mm) }, options);
}

export function hollow(
  crew: Crew,
  labels: KernelLabels,
  { spacingMm, thicknessMm, mode, segments }: HollowRequest,
  options: ProgressOptions,
): Promise<LabelProposal> {
  requireLengthMm("The thickness of a shell", thicknessMm);
  if (mode !== "inside" && mode !== "outside" && mode !== "middle") {
    throw new VoxelwrightError("argument", `A shell lies inside, outside or in the middle, not ${String(mode)}.`);
  }
  return byDistance(crew, labels, spacingMm, segments, { kind: "hollow", mm: thicknessMm, mode }, options);
}

/** A change of segments by distance, in tiles. */
export async function byDistance(
  crew: Crew,
  labels: KernelLabels,
  spacingMm: SpacingMm,
  segments: readonly number[] | undefined,
  step: MarginStep,
  options: ProgressOptions,
): Promise<LabelProposal> {
  requireSpacingMm(spacingMm);
  if (segments) requireLabels(segments);
  const halo = haloOf(new Metric(spacingMm), step, labels.dims);
  const shares = planTiles(labels, halo, crew.count).map(({ box, labelBricks }) => {
    return { request: { box, halo, segments, spacingMm, step }, labelBricks };
  });
  return joinChanges(await crew.share("margin", { maps: [labels] }, shares, options));
}

/** Voxels around a tile on which it depends. Opening and closing go there and back, also outside the volume. */
function haloOf(metric: Metric, { kind, mm }: MarginStep, dims: Dims): Dims {
  if (kind !== "open" && kind !== "close") return metric.reach(mm, dims);
  const [i, j, k] = metric.reach(mm);
  return [2 * i, 2 * j, 2 * k];
}
