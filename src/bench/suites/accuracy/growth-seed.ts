import type { Dims } from "#volume";
import type { Kernels } from "#workers";
import { snapshotOf } from "../kernels/label-inputs.ts";
import type { LabelledScan, Structure } from "./labelled-scans.ts";

/** Where and around which values a structure is grown, as a person would who clicks into the middle of it. */
export interface GrowthSeed {
  readonly seed: Dims;
  /** Of the stored values of the core. */
  readonly mean: number;
  readonly deviation: number;
}

/** The core is what lies deeper than this share of the greatest depth. */
const CORE = 0.5;
const FEWEST = 8;

/**
 * The deepest voxel whose value is within a standard deviation of the core's mean, the first of equally deep ones. Structures
 * whose core has fewer than 8 voxels have none. `depths` are those of `depthsOf`.
 */
export function growthSeed(
  { dims, dense, labels }: Pick<LabelledScan, "dims" | "dense" | "labels">,
  { label }: Pick<Structure, "label">,
  depths: Float32Array,
): GrowthSeed | undefined {
  let deepest = 0;
  for (let n = 0; n < labels.length; n++) if (labels[n] === label) deepest = Math.max(deepest, depths[n]!);
  let [count, sum, squares] = [0, 0, 0];
  for (let n = 0; n < labels.length; n++) {
    if (labels[n] !== label || depths[n]! <= CORE * deepest) continue;
    count++;
    sum += dense[n]!;
    squares += dense[n]! ** 2;
  }
  if (count < FEWEST) return undefined;
  const mean = sum / count;
  const deviation = Math.sqrt(Math.max(0, squares / count - mean ** 2));
  let best = -1;
  for (let n = 0; n < labels.length; n++) {
    if (labels[n] !== label || Math.abs(dense[n]! - mean) > deviation) continue;
    if (best < 0 || depths[n]! > depths[best]!) best = n;
  }
  const [ni, nj] = dims;
  return { seed: [best % ni, Math.floor(best / ni) % nj, Math.floor(best / (ni * nj))], mean, deviation };
}

/** Distance of every labelled voxel to the nearest voxel of another label, millimetres. */
export async function depthsOf(kernels: Kernels, { dims, spacingMm, labels }: LabelledScan): Promise<Float32Array> {
  return (await kernels.distance(snapshotOf(dims, labels), { mode: "many", spacingMm })).values;
}
