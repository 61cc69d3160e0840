import type { Dims } from "#volume";
import { createInlineKernels, type Kernels, loadKernelModule, type SeedsRequest } from "#workers";
import { drawBricks, labelsOfDense } from "../../dense.ts";
import { erodedSeeds } from "../../eroded-seeds.ts";
import { benchRow, type BenchRow } from "../../report.ts";
import type { SuitePort } from "../../suite.ts";
import { type LabelledScan, labelledScans } from "./seeded-scans.ts";

/** Every how many slices one is drawn in, in the rows that say so. */
const EVERY = 6;

/**
 * Dice with labels drawn by hand, a mean over labels: seeds are the labels eroded and a ring of background, in all slices or in one
 * slice of six. Held against the costs that Slicer weighs with by default: 26 neighbours and no term for length.
 */
export async function seedsDiceRows(port: SuitePort): Promise<BenchRow[]> {
  const kernels = createInlineKernels({ wasm: await loadKernelModule() });
  const rows: BenchRow[] = [];
  try {
    for (const scan of await labelledScans()) {
      port.note(`growth from seeds, Dice: ${scan.what}`);
      const { dims, spacingMm, labels } = scan;
      const fine = scan.what.startsWith("spleen") ? 5.9 : 1.5;
      const ring = scan.what.startsWith("spleen") ? ([6.1, 9.1] as const) : ([2.1, 4.1] as const);
      const whole = erodedSeeds(labels, dims, spacingMm, fine, ring);
      const few = inFewSlices(erodedSeeds(labels, dims, spacingMm, 1.1, ring), labels, dims);
      for (const [how, drawn] of [
        [`all slices, eroded by ${fine} mm`, whole],
        [`one slice in ${EVERY}, eroded by 1.1 mm`, few],
      ] as const) {
        const ours = await diceWith(kernels, scan, drawn, { connectivity: 6 });
        const slicer = await diceWith(kernels, scan, drawn, { connectivity: 26, spatialWeight: 0 });
        rows.push(
          benchRow({
            name: `growth from seeds, Dice, ${scan.what}`,
            input: `${dims.join("×")}, seeds in ${how}, ring of background ${ring.join(" to ")} mm; default costs`,
            dice: ours,
            peer: "26 neighbours, no term for length (Slicer's default)",
            peerDice: slicer,
          }),
        );
      }
    }
  } finally {
    kernels.dispose();
  }
  return rows;
}

async function diceWith(
  kernels: Kernels,
  { dims, spacingMm, image, labels }: LabelledScan,
  drawn: Uint16Array,
  costs: Pick<SeedsRequest, "connectivity" | "spatialWeight">,
): Promise<number> {
  const segments = [...new Set(drawn)].filter((label) => label !== 0);
  const request = { segments, spacingMm, ...costs };
  const { bricks } = await kernels.growFromSeeds(image, labelsOfDense(dims, drawn), request);
  const grown = drawn.slice();
  drawBricks(dims, bricks, (brick, voxel) => brick[voxel]!, grown);
  return meanDice(grown, labels);
}

/** Mean over the labels of the truth. */
function meanDice(found: Uint16Array, truth: Uint16Array): number {
  const sizes = new Map<number, { found: number; truth: number; both: number }>();
  for (const label of truth) if (label !== 0 && !sizes.has(label)) sizes.set(label, { found: 0, truth: 0, both: 0 });
  for (let n = 0; n < truth.length; n++) {
    const [a, b] = [sizes.get(found[n]!), sizes.get(truth[n]!)];
    if (a) a.found++;
    if (b) b.truth++;
    if (b && a === b) b.both++;
  }
  const dices = [...sizes.values()].map((size) => (2 * size.both) / (size.found + size.truth));
  return dices.reduce((sum, dice) => sum + dice, 0) / dices.length;
}

/** Keeps seeds in one slice of a few along k, and draws background over whole slices a little beyond the first and last label. */
function inFewSlices(seeds: Uint16Array, labels: Uint16Array, dims: Dims): Uint16Array {
  const slice = dims[0] * dims[1];
  const first = Math.floor(labels.findIndex((label) => label !== 0) / slice);
  const last = Math.floor(labels.findLastIndex((label) => label !== 0) / slice);
  const background = seeds.reduce((most, label) => Math.max(most, label), 0);
  const kept = new Uint16Array(seeds.length);
  for (let k = first + 1; k <= last; k += EVERY) {
    kept.set(seeds.subarray(k * slice, (k + 1) * slice), k * slice);
  }
  for (const k of [first - 2, last + 2]) if (k >= 0 && k < dims[2]) kept.fill(background, k * slice, (k + 1) * slice);
  return kept;
}
