import { type Dims, ImageGrid } from "#volume";
import { createInlineKernels, loadKernelModule, type Kernels } from "#workers";
import { drawBricks, labelsOfDense } from "../dense.ts";
import { samplePath, sharedPath } from "../inputs.ts";
import { diceOf } from "../overlap.ts";
import { type ContourFill, itkContourFill } from "../peers/itk-contours.ts";
import { plainGrowth } from "../peers/plain-growth.ts";
import { benchRow, type BenchRow } from "../report.ts";
import type { SuitePort } from "../suite.ts";
import { readScan } from "../scan.ts";
import { timeInterleaved } from "../timing.ts";
import { GROWTHS } from "./growth.ts";

/** Labels that are known in every slice, of which most slices are hidden. */
interface Truth {
  readonly what: string;
  readonly dims: Dims;
  readonly spacingMm: readonly [number, number, number];
  readonly labels: Uint8Array;
}

/** Every how many slices one is kept. */
const KEPT = 8;

/**
 * Fill between slices along k: of labels known in every slice one in eight is kept, the others are filled in by ours and by ITK's
 * morphological contour interpolation, and both are compared with the truth.
 */
export async function fillRows(port: SuitePort): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  const kernels = createInlineKernels({ wasm: await loadKernelModule() });
  const peer = await itkContourFill();
  try {
    for (const truth of [await grownTruth(), await manualTruth()]) {
      if (!truth) continue;
      port.note(`fill of ${truth.what}`);
      rows.push(await fillRow(truth, kernels, peer, port));
    }
  } finally {
    kernels.dispose();
  }
  return rows;
}

async function fillRow(
  truth: Truth,
  kernels: Kernels,
  peer: ContourFill | undefined,
  port: SuitePort,
): Promise<BenchRow> {
  const { what, dims, spacingMm } = truth;
  const drawn = keepSlices(truth);
  const labels = labelsOfDense(dims, drawn);
  const request = { axis: 2, spacingMm, method: "shape" } as const;
  const filled = drawn.slice();
  const { bricks } = await kernels.fill(labels, request);
  drawBricks(dims, bricks, (brick, voxel) => brick[voxel]!, filled);
  const [start, end] = drawnSpan(dims, drawn);
  const between = (dense: ArrayLike<number>): Uint8Array => Uint8Array.from(dense).subarray(start, end);
  const times = await timeInterleaved(
    {
      ours: async () => void (await kernels.fill(labels, request)),
      ...(peer ? { peer: async () => void (await peer(dims, spacingMm, drawn)) } : {}),
    },
    { rounds: 5, signal: port.signal },
  );
  return benchRow({
    name: `fill between slices: ${what}`,
    input: `${dims.join("×")}, one slice in ${KEPT} drawn, shape only; Dice against the truth between first and last drawn slice`,
    ourMs: times.ours,
    dice: diceOf(between(filled), between(truth.labels)),
    ...(peer && times.peer !== undefined
      ? {
          peer: "ITK morphological contour interpolation (itk-wasm)",
          peerMs: times.peer,
          peerDice: diceOf(between(await peer(dims, spacingMm, drawn)), between(truth.labels)),
        }
      : {}),
  });
}

/** The lungs of the sample, grown by a plain method, so that it depends on nothing that is measured. */
async function grownTruth(): Promise<Truth | undefined> {
  const { what, file, seed, range } = GROWTHS[0]!;
  const path = samplePath(file);
  if (path === undefined) return undefined;
  const { dims, dense, description } = await readScan(path);
  const labels = plainGrowth(dims, dense, seed, range[0], range[1]);
  return { what: `${what} of ${file}, grown`, dims, spacingMm: spacingOf(new ImageGrid(description.grid)), labels };
}

/** A spleen drawn by hand, from the shared data. */
async function manualTruth(): Promise<Truth | undefined> {
  const path = sharedPath("labels/spleen-ct/spleen-manual.nii.gz");
  if (path === undefined) return undefined;
  const { dims, dense, description } = await readScan(path);
  const grid = new ImageGrid(description.grid);
  return { what: "spleen, drawn by hand", dims, spacingMm: spacingOf(grid), labels: Uint8Array.from(dense) };
}

function spacingOf(grid: ImageGrid): readonly [number, number, number] {
  const [x, y, z] = grid.spacingMm;
  return [x, y, z];
}

function keepSlices({ dims, labels }: Truth): Uint8Array {
  const size = dims[0] * dims[1];
  const kept = new Uint8Array(labels.length);
  const first = labels.findIndex((label) => label !== 0);
  for (let k = Math.floor(first / size); k < dims[2]; k += KEPT) {
    kept.set(labels.subarray(k * size, (k + 1) * size), k * size);
  }
  return kept;
}

/** From the first drawn slice to after the last: outside, nothing can be filled between. */
function drawnSpan(dims: Dims, drawn: Uint8Array): [number, number] {
  const size = dims[0] * dims[1];
  const first = Math.floor(drawn.findIndex((label) => label !== 0) / size);
  const last = Math.floor(drawn.findLastIndex((label) => label !== 0) / size);
  return [first * size, (last + 1) * size];
}
