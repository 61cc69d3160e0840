import { type Dims, ImageGrid } from "#volume";
import { createInlineKernels, type DrawnPlane, type FillRequest, type Kernels, loadKernelModule } from "#workers";
import { sharedPath } from "../../inputs.ts";
import { type ContourFill, itkContourFill } from "../../peers/itk-contours.ts";
import { pythonPeer } from "../../peers/peer-process.ts";
import { chestPhantom } from "../../phantom.ts";
import { readScan } from "../../scan.ts";
import { benchRow, type BenchRow } from "../../report.ts";
import type { SuitePort } from "../../suite.ts";
import { timeInterleaved } from "../../timing.ts";
import { filled, keep, meanDice, slicesOf, type Truth } from "./fill-truth.ts";
import { renewedPlanesRow } from "./fill-update.ts";
import { snapshotOf } from "./label-inputs.ts";
import { LABEL_SETS, type LabelSetName } from "./label-sets.ts";

/** Label maps, the axis, and every how many slices one is drawn. */
const STACKS: readonly (readonly [LabelSetName, 0 | 1 | 2, number])[] = [
  ["spleen", 2, 2],
  ["spleen", 2, 5],
  ["spleen", 2, 8],
  ["hippocampus", 2, 5],
  ["hippocampus", 0, 5],
  ["body", 2, 5],
  ["atlas", 2, 5],
  ["atlas", 2, 10],
  ["lungs", 2, 8],
  ["phantom", 2, 10],
];

/** Drawn labels with their scans, and every how many slices across k one is kept. */
const GUIDED = [
  ["spleen drawn by hand", "spleen-ct/spleen-manual.nii.gz", "spleen-ct/ct.nii.gz", 5],
  ["hippocampus, 2 labels drawn by hand", "hippocampus/003-label.nii.gz", "hippocampus/003-image.nii.gz", 5],
  ["spinal cord drawn by hand", "spinal-cord-t1/cord-manual.nii.gz", "spinal-cord-t1/t1w.nii.gz", 4],
  ["tumour drawn by hand", "sts-001-gtv/MR_T1_gtv_mask.nii.gz", "sts-001-gtv/MR_T1_image.nii.gz", 5],
  ["body, 39 organs", "totalsegmentator-body/labels.nii.gz", "totalsegmentator-body/ct.nii.gz", 5],
] as const;

/**
 * Fill between slices on one thread: stacks against ITK's morphological contour interpolation; planes of several directions, which no
 * peer fills; and a noisy phantom against the random walker, which sees the image. Dice is a mean over labels, of voxels that are
 * not drawn, between the first and the last drawn slice.
 */
export async function fillKernelRows(port: SuitePort): Promise<BenchRow[]> {
  const kernels = createInlineKernels({ wasm: await loadKernelModule() });
  const rows: BenchRow[] = [];
  try {
    const peer = await itkContourFill();
    for (const [name, axis, every] of STACKS) {
      const set = await LABEL_SETS[name]();
      if (set) rows.push(await stackRow(kernels, set, axis, every, peer, port));
    }
    for (const name of ["hippocampus", "spleen", "phantom"] as const) {
      const set = await LABEL_SETS[name]();
      if (set) rows.push(await planesRow(kernels, set, port));
    }
    for (const name of ["hippocampus", "spleen"] as const) {
      const set = await LABEL_SETS[name]();
      if (set) rows.push(await mixtureRow(kernels, set, port));
    }
    for (const name of ["hippocampus", "spleen", "body", "atlas"] as const) {
      const set = await LABEL_SETS[name]();
      if (set) rows.push(await renewedPlanesRow(kernels, set, port));
    }
    for (const [what, labels, scan, every] of GUIDED) {
      const row = await guidedRow(kernels, { what, labels, scan, every }, port);
      if (row) rows.push(row);
    }
    rows.push(await walkerRow(kernels, "shape", port), await walkerRow(kernels, "image", port));
  } finally {
    kernels.dispose();
  }
  return rows;
}

async function stackRow(
  kernels: Kernels,
  truth: Truth,
  axis: 0 | 1 | 2,
  every: number,
  peer: ContourFill | undefined,
  port: SuitePort,
): Promise<BenchRow> {
  const { what, dims, spacingMm } = truth;
  port.note(`fill: ${what}, one slice in ${every}`);
  const planes = slicesOf(truth, axis, every);
  const isDrawn = (ijk: Dims): boolean => planes.includes(ijk[axis]);
  const kept = keep(truth, isDrawn);
  const labels = snapshotOf(dims, kept);
  const request = { axis, spacingMm, method: "shape" } as const;
  // Bytes that the package takes and gives; more labels than that go in one by one elsewhere.
  const bytes = Uint8Array.from(kept);
  const theirs = peer && axis === 2 ? () => peer(dims, spacingMm, bytes) : undefined;
  const counted = (ijk: Dims): boolean => !isDrawn(ijk) && ijk[axis] > planes[0]! && ijk[axis] < planes.at(-1)!;
  const ours = await filled(kernels, kept, dims, labels, request);
  const { ours: ourMs, peer: peerMs } = await timeInterleaved(
    {
      ours: async () => void (await kernels.fill(labels, request)),
      ...(theirs ? { peer: async () => void (await theirs()) } : {}),
    },
    { rounds: 5, signal: port.signal },
  );
  const proposed = kept.reduce((count, label, n) => count + (label === ours[n] ? 0 : 1), 0);
  return benchRow({
    name: `fill between slices: ${what}`,
    input: `${dims.join("×")}, one slice in ${every} across ${"ijk"[axis]} drawn; ${((ourMs * 1e6) / proposed).toFixed(0)} ns a voxel filled`,
    ourMs,
    dice: meanDice(truth, ours, counted),
    ...(theirs && peerMs !== undefined
      ? {
          peer: "ITK morphological contour interpolation (itk-wasm)",
          peerMs,
          peerDice: meanDice(truth, await theirs(), counted),
        }
      : {}),
  });
}

async function planesRow(kernels: Kernels, truth: Truth, port: SuitePort): Promise<BenchRow> {
  const { what, dims, spacingMm } = truth;
  port.note(`fill between planes: ${what}`);
  const middle = (axis: 0 | 1 | 2): DrawnPlane[] => {
    const slices = slicesOf(truth, axis, 1);
    return [0.3, 0.5, 0.7].map((part) => ({ axis, index: slices[Math.floor(slices.length * part)]! }));
  };
  const drawn = [...middle(0), ...middle(1), ...middle(2)];
  const isDrawn = (ijk: Dims): boolean => drawn.some((plane) => "axis" in plane && ijk[plane.axis] === plane.index);
  const kept = keep(truth, isDrawn);
  const labels = snapshotOf(dims, kept);
  const request = { drawn, spacingMm, method: "shape" } as const;
  const ours = await filled(kernels, kept, dims, labels, request);
  const { ours: ourMs } = await timeInterleaved(
    { ours: async () => void (await kernels.fill(labels, request)) },
    { rounds: 5, signal: port.signal },
  );
  return benchRow({
    name: `fill between planes: ${what}`,
    input: `${dims.join("×")}, three slices across each axis drawn`,
    ourMs,
    dice: meanDice(truth, ours, (ijk) => !isDrawn(ijk)),
  });
}

/** A stack, and one oblique plane through its middle, against the stack alone. */
async function mixtureRow(kernels: Kernels, truth: Truth, port: SuitePort): Promise<BenchRow> {
  const { what, dims, spacingMm } = truth;
  port.note(`fill, a stack and a plane: ${what}`);
  const planes = slicesOf(truth, 2, 5);
  const stack: DrawnPlane[] = planes.map((index) => ({ axis: 2, index }));
  const middle = ([0, 1, 2] as const).map((axis) => {
    const own = slicesOf(truth, axis, 1);
    return own[own.length >> 1]!;
  }) as [number, number, number];
  const normal = [1, 0.3, 0.6] as const;
  const oblique: DrawnPlane = { point: middle, normal };
  const half = normal.reduce((sum, part, axis) => sum + (part * spacingMm[axis]!) / 2, 0);
  const onPlane = (ijk: Dims): boolean =>
    Math.abs(normal.reduce((sum, part, axis) => sum + part * (ijk[axis]! - middle[axis]!) * spacingMm[axis]!, 0)) <=
    half;
  const counted = (ijk: Dims): boolean =>
    !planes.includes(ijk[2]) && !onPlane(ijk) && ijk[2] > planes[0]! && ijk[2] < planes.at(-1)!;
  const diceOf = async (drawn: readonly DrawnPlane[]): Promise<number> => {
    const kept = keep(truth, (ijk) => planes.includes(ijk[2]) || (drawn.length > stack.length && onPlane(ijk)));
    const request = { drawn, spacingMm, method: "shape" } as const;
    return meanDice(truth, await filled(kernels, kept, dims, snapshotOf(dims, kept), request), counted);
  };
  const drawn = [...stack, oblique];
  const labels = snapshotOf(
    dims,
    keep(truth, (ijk) => planes.includes(ijk[2]) || onPlane(ijk)),
  );
  const { ours: ourMs } = await timeInterleaved(
    { ours: async () => void (await kernels.fill(labels, { drawn, spacingMm, method: "shape" })) },
    { rounds: 5, signal: port.signal },
  );
  return benchRow({
    name: `fill, a stack and a plane: ${what}`,
    input: `${dims.join("×")}, one slice in 5 and an oblique plane drawn; Dice of the stack alone ${(await diceOf(stack)).toFixed(4)}`,
    ourMs,
    dice: await diceOf(drawn),
  });
}

/** The image beside shapes, against shapes alone. */
async function guidedRow(
  kernels: Kernels,
  {
    what,
    labels: file,
    scan,
    every,
  }: { readonly what: string; readonly labels: string; readonly scan: string; readonly every: number },
  port: SuitePort,
): Promise<BenchRow | undefined> {
  const [path, scanPath] = [sharedPath(`labels/${file}`), sharedPath(`labels/${scan}`)];
  if (path === undefined || scanPath === undefined) return undefined;
  port.note(`fill by the image: ${what}`);
  const { dims, dense, description } = await readScan(path);
  const { image } = await readScan(scanPath);
  const [x, y, z] = new ImageGrid(description.grid).spacingMm;
  const truth: Truth = { what, dims, spacingMm: [x, y, z], dense: Uint16Array.from(dense) };
  const planes = slicesOf(truth, 2, every);
  const kept = keep(truth, (ijk) => planes.includes(ijk[2]));
  const labels = snapshotOf(dims, kept);
  const shape = { axis: 2, planes, spacingMm: truth.spacingMm, method: "shape" } as const;
  const guided = { ...shape, method: "image", image } as const;
  const counted = (ijk: Dims): boolean => !planes.includes(ijk[2]) && ijk[2] > planes[0]! && ijk[2] < planes.at(-1)!;
  const times = await timeInterleaved(
    {
      ours: async () => void (await kernels.fill(labels, guided)),
      peer: async () => void (await kernels.fill(labels, shape)),
    },
    { rounds: 3, signal: port.signal },
  );
  return benchRow({
    name: `fill by the image: ${what}`,
    input: `${dims.join("×")}, one slice in ${every} across k drawn`,
    ourMs: times.ours,
    dice: meanDice(truth, await filled(kernels, kept, dims, labels, guided), counted),
    peer: "the fill by shape",
    peerMs: times.peer!,
    peerDice: meanDice(truth, await filled(kernels, kept, dims, labels, shape), counted),
  });
}

/** Shapes alone, or with the image, against a peer that sees the image: lungs, vessels, bone and tissue in noise. */
async function walkerRow(kernels: Kernels, method: FillRequest["method"], port: SuitePort): Promise<BenchRow> {
  const n = 64;
  const every = 8;
  const { dims, dense: clean } = chestPhantom(n, 0);
  const values = new Map(
    [...new Set(clean)].filter((value) => value > -1000).map((value, label) => [value, label + 1]),
  );
  const truth: Truth = {
    what: `noisy phantom ${n}³, ${values.size} tissues`,
    dims,
    spacingMm: [1, 1, 1],
    dense: Uint16Array.from(clean, (value) => values.get(value) ?? 0),
  };
  port.note(`fill: ${truth.what}, random walker`);
  const planes = Array.from({ length: Math.ceil(n / every) }, (_, k) => k * every);
  const isDrawn = (ijk: Dims): boolean => planes.includes(ijk[2]);
  const kept = keep(truth, isDrawn);
  const labels = snapshotOf(dims, kept);
  const { dense: noisy, image } = chestPhantom(n, 150);
  const request = { axis: 2, planes, spacingMm: truth.spacingMm, method, image } as const;
  const counted = (ijk: Dims): boolean => !isDrawn(ijk) && ijk[2] < planes.at(-1)!;
  const peer = await pythonPeer("random_walker", [noisy, kept, ...dims, every], port.note);
  try {
    const ours = await filled(kernels, kept, dims, labels, request);
    const times = await timeInterleaved(
      { ours: async () => void (await kernels.fill(labels, request)), ...(peer ? { peer: () => peer.run() } : {}) },
      { warmups: 1, rounds: 1, signal: port.signal },
    );
    return benchRow({
      name: `fill between slices: ${truth.what}`,
      input: `one slice in ${every} across k drawn, noise of 150; ours by ${method}`,
      ourMs: times.ours,
      dice: meanDice(truth, ours, counted),
      ...(peer && times.peer !== undefined
        ? {
            peer: "random walker, image smoothed (scikit-image)",
            peerMs: times.peer,
            peerDice: meanDice(truth, new Uint16Array((await peer.result()).slice().buffer), counted),
          }
        : {}),
    });
  } finally {
    peer?.close();
  }
}
