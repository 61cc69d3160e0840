import { createInlineKernels, type Kernels, loadKernelModule, measureBandwidth } from "#workers";
import { nativePeer, pythonPeer } from "../../peers/peer-process.ts";
import type { BenchRow } from "../../report.ts";
import type { SuitePort } from "../../suite.ts";
import { type LabelInput, labelInputs, restingBytes } from "./label-inputs.ts";
import { type PeerCase, peerRow, requireSame } from "./peer-rows.ts";

type Rows = Awaited<ReturnType<Kernels["statistics"]>>;

/** Values and shape of every label against scipy, scikit-image and ITK, one thread each. */
export async function statisticsRows(port: SuitePort): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  const wasm = await loadKernelModule();
  const bandwidth = measureBandwidth(wasm);
  const kernels = createInlineKernels({ wasm });
  try {
    for (const input of await labelInputs()) {
      port.note(`statistics of ${input.what}`);
      for (const start of [valuesByScipy, valuesByItk, shapeBySkimage, shapeByItk]) {
        port.signal?.throwIfAborted();
        const found = await start(port, kernels, input);
        if (found) rows.push(await peerRow(port, found, bandwidth));
      }
    }
  } finally {
    kernels.dispose();
  }
  return rows;
}

/** What a case says of its input; `voxelBytes` are read of each labelled voxel. */
function described(
  { what, dims, labelled, map }: LabelInput,
  voxelBytes: number,
): Pick<PeerCase, "input" | "visited" | "floorBytes" | "rounds"> {
  return {
    input: `${what}, ${dims.join("×")}, ${labelled} voxels labelled`,
    visited: { what: "labelled voxel", count: labelled },
    floorBytes: labelled * voxelBytes + restingBytes(map),
    // Short ones are told from the scheduler's whims by number.
    rounds: labelled < 200_000 ? 25 : 7,
  };
}

const valuesOf = (kernels: Kernels, input: LabelInput) => (): Promise<Rows> =>
  kernels.statistics(input.image, input.map);

const shapeOf =
  (kernels: Kernels, { map, spacingMm: [si, sj, sk] }: LabelInput) =>
  (): Promise<Rows> =>
    kernels.statistics(undefined, map, { shape: { indexToLps: [si, 0, 0, 0, 0, sj, 0, 0, 0, 0, sk, 0] } });

async function valuesByScipy(port: SuitePort, kernels: Kernels, input: LabelInput): Promise<PeerCase | undefined> {
  const peer = await pythonPeer("label_values", [input.voxels, input.labels, ...input.dims], port.note);
  const ours = valuesOf(kernels, input);
  const rows = await ours();
  return (
    peer && {
      name: "statistics: values with percentiles",
      ...described(input, 2),
      peerName: "scipy.ndimage",
      peer,
      ours,
      check: (found) =>
        rows.forEach((row, n) => {
          const [, voxels, mean, sd, least, most, median, p95] = found.subarray(n * 8, n * 8 + 8);
          const pairs = [
            [row.voxels, voxels],
            [row.mean, mean],
            [row.sd, sd],
            [row.min, least],
            [row.max, most],
            [row.median, median],
            [row.percentiles[3], p95],
          ] as const;
          for (const [mine, theirs] of pairs) requireSame(`values of label ${row.segment}`, mine, theirs!, 1e-9);
        }),
    }
  );
}

async function valuesByItk(port: SuitePort, kernels: Kernels, input: LabelInput): Promise<PeerCase | undefined> {
  const peer = await nativePeer("label-statistics", [input.voxels, input.labels, ...input.dims], port.note);
  const ours = valuesOf(kernels, input);
  const rows = new Map((await ours()).map((row) => [row.segment, row]));
  return (
    peer && {
      name: "statistics: values (the peer without percentiles)",
      ...described(input, 2),
      peerName: "ITK LabelStatistics (C++)",
      peer,
      ours,
      check(found) {
        for (let n = 0; n < found.length; n += 6) {
          const row = rows.get(found[n]!);
          requireSame(`voxels of label ${found[n]}`, row?.voxels, found[n + 1]!, 0);
          requireSame(`mean of label ${found[n]}`, row?.mean, found[n + 2]!, 1e-9);
        }
      },
    }
  );
}

async function shapeBySkimage(port: SuitePort, kernels: Kernels, input: LabelInput): Promise<PeerCase | undefined> {
  const peer = await pythonPeer("label_shape", [input.labels, ...input.dims, ...input.spacingMm], port.note);
  const ours = shapeOf(kernels, input);
  const rows = await ours();
  return (
    peer && {
      name: "statistics: shape (the peer without Crofton area and oriented box)",
      ...described(input, 0),
      peerName: "scikit-image regionprops, marching cubes; scipy hull",
      peer,
      ours,
      check: (found) =>
        rows.forEach(({ segment, voxels, shape }, n) => {
          const [, count, area, diameter, moment] = found.subarray(n * 5, n * 5 + 5);
          requireSame(`voxels of label ${segment}`, voxels, count!, 0);
          // Its vertices are of single precision.
          requireSame(`mesh area of label ${segment}`, shape!.meshAreaMm2, area!, 1e-5);
          requireSame(`diameter of label ${segment}`, shape!.feretMm, diameter!, 1e-9);
          requireSame(`moment of label ${segment}`, shape!.principalMomentsMm2[2], moment!, 1e-9);
        }),
    }
  );
}

async function shapeByItk(port: SuitePort, kernels: Kernels, input: LabelInput): Promise<PeerCase | undefined> {
  const peer = await nativePeer("label-shape", [input.labels, ...input.dims, ...input.spacingMm], port.note);
  const ours = shapeOf(kernels, input);
  const rows = await ours();
  return (
    peer && {
      name: "statistics: shape (the peer without mesh area and Feret diameter)",
      ...described(input, 0),
      peerName: "ITK ShapeLabelMap (C++)",
      peer,
      ours,
      check: (found) =>
        rows.forEach(({ segment, voxels, shape }, n) => {
          const [, count, perimeter, elongation, flatness] = found.subarray(n * 5, n * 5 + 5);
          requireSame(`voxels of label ${segment}`, voxels, count!, 0);
          requireSame(`Crofton area of label ${segment}`, shape!.croftonAreaMm2, perimeter!, 1e-9);
          requireSame(`elongation of label ${segment}`, shape!.elongation, elongation!, 1e-6);
          requireSame(`flatness of label ${segment}`, shape!.flatness, flatness!, 1e-6);
        }),
    }
  );
}
