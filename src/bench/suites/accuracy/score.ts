import type { Dims } from "#volume";
import type { CompareRow, KernelLabels, Kernels } from "#workers";
import type { Agreement, StructureScore } from "../../accuracy.ts";
import { snapshotOf } from "../kernels/label-inputs.ts";
import type { LabelledScan, Structure } from "./labelled-scans.ts";
import { type Sampling, scopesOf, type Span } from "./sampling.ts";

/** Scores structures over the whole volume, by the program's own comparison. */
export async function scoreWhole(
  kernels: Kernels,
  { dims, spacingMm }: LabelledScan,
  truth: KernelLabels,
  found: Uint16Array,
  structures: readonly Structure[],
): Promise<StructureScore[]> {
  const rows = await compared(kernels, truth, snapshotOf(dims, found), spacingMm, structures);
  return structures.map(({ name, voxels, label }) => ({ name, voxels, ...agreementOf(rows.get(label)) }));
}

/**
 * Scores fills: Dice over the voxels that were hidden between a structure's own first and last drawn plane, distances over all voxels
 * between these, and both over the structure from end to end. Holds what of the truth is compared.
 */
export class FillScorer {
  readonly #scan: LabelledScan;
  readonly #sampling: Sampling;
  readonly #spans: readonly Span[][];
  readonly #structures: readonly Structure[];
  readonly #truth: Readonly<Record<"hidden" | "between" | "whole", KernelLabels>>;

  constructor(scan: LabelledScan, sampling: Sampling, spans: readonly Span[][], structures: readonly Structure[]) {
    this.#scan = scan;
    this.#sampling = sampling;
    this.#spans = spans;
    this.#structures = structures;
    this.#truth = this.#cut(scan.labels);
  }

  async score(kernels: Kernels, found: Uint16Array): Promise<StructureScore[]> {
    const result = this.#cut(found);
    const { spacingMm } = this.#scan;
    const of = (what: "hidden" | "between" | "whole") =>
      compared(kernels, this.#truth[what], result[what], spacingMm, this.#structures);
    const [hidden, between, whole] = [await of("hidden"), await of("between"), await of("whole")];
    return this.#structures.map(({ name, voxels, label }) => ({
      name,
      voxels,
      ...agreementOf(between.get(label)),
      dice: hidden.get(label)?.dice ?? 0,
      whole: agreementOf(whole.get(label)),
    }));
  }

  #cut(labels: Uint16Array) {
    const { dims } = this.#scan;
    const { hidden, between } = scopesOf(dims, labels, this.#sampling, this.#spans);
    return {
      hidden: snapshotOf(dims, hidden),
      between: snapshotOf(dims, between),
      whole: snapshotOf(dims, labels),
    };
  }
}

async function compared(
  kernels: Kernels,
  truth: KernelLabels,
  found: KernelLabels,
  spacingMm: Dims,
  structures: readonly Structure[],
): Promise<Map<number, CompareRow>> {
  const segments = structures.map(({ label }) => label);
  const rows = await kernels.compare(truth, found, spacingMm, { segments });
  return new Map(rows.map((row) => [row.segment, row]));
}

function agreementOf(row: CompareRow | undefined): Agreement {
  return {
    dice: row?.dice ?? 0,
    ...(row?.hausdorff95Mm === undefined ? {} : { hd95Mm: row.hausdorff95Mm }),
    ...(row?.meanSurfaceDistanceMm === undefined ? {} : { meanSurfaceMm: row.meanSurfaceDistanceMm }),
  };
}
