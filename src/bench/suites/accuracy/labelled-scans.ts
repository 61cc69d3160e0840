import { type Dims, ImageGrid, type VoxelArray } from "#volume";
import type { KernelImage } from "#workers";
import type { FileFacts, ScanFacts } from "../../accuracy.ts";
import { hashOfData } from "../../data-hash.ts";
import { samplePath, sharedPath } from "../../inputs.ts";
import { plainGrowth } from "../../peers/plain-growth.ts";
import { denseImage } from "../../phantom.ts";
import { readScan } from "../../scan.ts";
import { GROWTHS } from "../growth.ts";
import type { ScanPlan } from "./scan-plans.ts";

/** A scan with labels that are known everywhere. */
export interface LabelledScan {
  readonly plan: ScanPlan;
  readonly facts: ScanFacts;
  readonly dims: Dims;
  readonly spacingMm: Dims;
  /** Voxels as int16, which peers read; absent where only labels are there. */
  readonly dense: Int16Array;
  readonly image: KernelImage;
  /** Numbered from 1 without gaps, in the order of the values in the file. */
  readonly labels: Uint16Array;
  /** By label, the first at 0. */
  readonly structures: readonly Structure[];
}

export interface Structure {
  readonly label: number;
  /** Value in the file. */
  readonly value: number;
  readonly name: string;
  readonly voxels: number;
}

/** Reads the scan of a plan; undefined where its files are not here. */
export async function readLabelledScan(plan: ScanPlan): Promise<LabelledScan | undefined> {
  const imagePath = plan.sample === true ? samplePath(plan.image) : sharedPath(plan.image);
  const labelsPath = plan.labels === undefined ? undefined : sharedPath(plan.labels);
  if (imagePath === undefined || (plan.labels !== undefined && labelsPath === undefined)) return undefined;
  const { dims, dense, description } = await readScan(imagePath);
  const [x, y, z] = new ImageGrid(description.grid).spacingMm;
  const values =
    labelsPath === undefined
      ? grownLungs(dims, dense)
      : await readLabels(labelsPath, dims, description.grid.indexToLps);
  const { labels, structures } = numbered(values, plan.names ?? {});
  const files: FileFacts[] = [{ role: "image", path: plan.image, ...hashOfData(imagePath) }];
  if (labelsPath !== undefined) files.push({ role: "labels", path: plan.labels!, ...hashOfData(labelsPath) });
  const spacingMm: Dims = [x, y, z];
  const whole = wholeNumbers(dense);
  return {
    plan,
    facts: {
      id: plan.id,
      what: plan.what,
      group: plan.group ?? plan.what,
      truth: plan.truth,
      ...(plan.remark === undefined ? {} : { remark: plan.remark }),
      dims: [...dims],
      spacingMm: [...spacingMm],
      structures: structures.length,
      files,
    },
    dims,
    spacingMm,
    dense: whole,
    image: denseImage(dims, whole),
    labels,
    structures,
  };
}

async function readLabels(path: string, dims: Dims, indexToLps: readonly number[]): Promise<VoxelArray> {
  const { dense, description } = await readScan(path);
  const apart = description.grid.indexToLps.some((value, n) => Math.abs(value - indexToLps[n]!) > 0.01);
  if (apart || description.grid.dims.some((count, axis) => count !== dims[axis]))
    throw new Error(`${path} is on another grid than its image`);
  return dense;
}

/** Lungs by the plain growth, so that they depend on nothing that is measured. */
function grownLungs(dims: Dims, dense: VoxelArray): Uint8Array {
  const { seed, range } = GROWTHS[0]!;
  return plainGrowth(dims, dense, seed, range[0], range[1]);
}

function numbered(values: ArrayLike<number>, names: Readonly<Record<number, string>>) {
  const counts = new Map<number, number>();
  for (let n = 0; n < values.length; n++) {
    const value = values[n]!;
    if (value !== 0) counts.set(value, (counts.get(value) ?? 0) + 1);
  }
  const present = [...counts.keys()].sort((a, b) => a - b);
  const structures = present.map((value, n) => ({
    label: n + 1,
    value,
    name: names[value] ?? `label ${value}`,
    voxels: counts.get(value)!,
  }));
  const labelOf = new Map(structures.map(({ value, label }) => [value, label]));
  labelOf.set(0, 0);
  const labels = new Uint16Array(values.length);
  for (let n = 0; n < values.length; n++) labels[n] = labelOf.get(values[n]!)!;
  return { labels, structures };
}

/** Rounded to int16; voxels with fractions and a small range are scaled up first, so that a thousand steps are left. */
function wholeNumbers(dense: VoxelArray): Int16Array {
  let most = 0;
  let fractions = false;
  for (let n = 0; n < dense.length; n++) {
    most = Math.max(most, Math.abs(dense[n]!));
    if (dense[n] !== Math.round(dense[n]!)) fractions = true;
  }
  const scale = fractions && most < 1000 ? 10 ** Math.floor(Math.log10(32_000 / most)) : 1;
  return Int16Array.from(dense, (value) => Math.round(value * scale));
}
