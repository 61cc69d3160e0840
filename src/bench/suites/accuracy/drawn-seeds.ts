import type { Dims } from "#volume";
import { erodedSeeds } from "../../eroded-seeds.ts";
import type { LabelledScan } from "./labelled-scans.ts";
import type { SeedsPlan } from "./scan-plans.ts";

/** Every how many slices one is drawn in, in the seeds that say so. */
const EVERY = 6;
/** How much labels are eroded there, at least; more where voxels are larger. */
const THIN_MM = 1.1;

export interface DrawnSeeds {
  readonly how: string;
  /** Labels of structures, and background as one label more. */
  readonly drawn: Uint16Array;
}

/** Seeds in all slices, far from borders, and seeds near borders in few slices, as a person draws them. */
export function drawnSeeds(
  { dims, spacingMm, labels }: Pick<LabelledScan, "dims" | "spacingMm" | "labels">,
  { erodedMm, ringMm }: SeedsPlan,
): DrawnSeeds[] {
  const thinMm = Math.max(THIN_MM, 1.05 * Math.min(...spacingMm));
  const thin = Math.round(thinMm * 100) / 100;
  return [
    { how: `all slices, eroded by ${erodedMm} mm`, drawn: erodedSeeds(labels, dims, spacingMm, erodedMm, ringMm) },
    {
      how: `one slice in ${EVERY}, eroded by ${thin} mm`,
      drawn: inFewSlices(erodedSeeds(labels, dims, spacingMm, thin, ringMm), labels, dims),
    },
  ];
}

/** Keeps seeds in one slice of a few along k, and draws background over whole slices a little beyond the first and last label. */
function inFewSlices(seeds: Uint16Array, labels: Uint16Array, dims: Dims): Uint16Array {
  const slice = dims[0] * dims[1];
  const first = Math.floor(labels.findIndex((label) => label !== 0) / slice);
  const last = Math.floor(labels.findLastIndex((label) => label !== 0) / slice);
  const background = labels.reduce((most, label) => Math.max(most, label), 0) + 1;
  const kept = new Uint16Array(seeds.length);
  for (let k = first + 1; k <= last; k += EVERY) {
    kept.set(seeds.subarray(k * slice, (k + 1) * slice), k * slice);
  }
  for (const k of [first - 2, last + 2]) if (k >= 0 && k < dims[2]) kept.fill(background, k * slice, (k + 1) * slice);
  return kept;
}
