import type { Dims } from "#volume";
import type { CompareRow, Kernels } from "#workers";
import type { Agreement, StructureScore } from "../../accuracy.ts";
import { snapshotOf } from "../kernels/label-inputs.ts";
import type { LabelledScan, Structure } from "./labelled-scans.ts";
import { type Sampling, scopesOf, type Span } from "./sampling.ts";

/** Scores structures over the whole volume, by the program's own comparison. */
export async function scoreWhole(
  kernels: Kernels,
  { dims, spacingMm }: LabelledScan,
  truth: Uint16Array,
  found: Uint16Array,
  structures: readonly Structure[],
): Promise<StructureScore[]> {
  const rows = await compared(kernels, dims, spacingMm, truth, found, structures);
  return structures.map(({ name, voxels, label }) => ({ name, voxels, ...agreementOf(rows.get(label)) }));
}

/**
 * Scores fills: Dice over the voxels that were hidden between a structure's own first and last drawn plane, distances over all voxels
 * between these, and both over the structure from end to end.
 */
export async function scoreFill(
  kernels: Kernels,
  { dims, spacingMm, labels }: LabelledScan,
  found: Uint16Array,
  sampling: Sampling,
  spans: readonly Span[][],
  structures: readonly Structure[],
): Promise<StructureScore[]> {
  const [truth, result] = [labels, found].map((map) => scopesOf(dims, map, sampling, spans)) as [Scoped, Scoped];
  const hidden = await compared(kernels, dims, spacingMm, truth.hidden, result.hidden, structures);
  const between = await compared(kernels, dims, spacingMm, truth.between, result.between, structures);
  const whole = await compared(kernels, dims, spacingMm, labels, found, structures);
  return structures.map(({ name, voxels, label }) => ({
    name,
    voxels,
    ...agreementOf(between.get(label)),
    dice: hidden.get(label)?.dice ?? 0,
    whole: agreementOf(whole.get(label)),
  }));
}

type Scoped = ReturnType<typeof scopesOf>;

async function compared(
  kernels: Kernels,
  dims: Dims,
  spacingMm: Dims,
  truth: Uint16Array,
  found: Uint16Array,
  structures: readonly Structure[],
): Promise<Map<number, CompareRow>> {
  const segments = structures.map(({ label }) => label);
  const rows = await kernels.compare(snapshotOf(dims, truth), snapshotOf(dims, found), spacingMm, { segments });
  return new Map(rows.map((row) => [row.segment, row]));
}

function agreementOf(row: CompareRow | undefined): Agreement {
  return {
    dice: row?.dice ?? 0,
    ...(row?.hausdorff95Mm === undefined ? {} : { hd95Mm: row.hausdorff95Mm }),
    ...(row?.meanSurfaceDistanceMm === undefined ? {} : { meanSurfaceMm: row.meanSurfaceDistanceMm }),
  };
}
