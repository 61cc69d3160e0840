import type { SmoothRequest } from "#workers";
import { pythonPeer } from "../../peers/peer-process.ts";
import { benchRow, type BenchRow } from "../../report.ts";
import type { SuitePort } from "../../suite.ts";
import { timeInterleaved } from "../../timing.ts";
import { type LabelSetBench, labelSetRows } from "./label-set-rows.ts";
import type { LabelSet, LabelSetName } from "./label-sets.ts";
import { after, differing, labelsOf } from "./margin.ts";

const CASES: readonly (readonly [LabelSetName, SmoothRequest["method"], number])[] = [
  ["phantom", "median", 5],
  ["lungs", "median", 6],
  ["spleen", "median", 5],
  ["phantom", "gaussian", 2],
  ["lungs", "gaussian", 3],
  ["hippocampus", "joint", 1.5],
  ["body", "joint", 4],
  ["atlas", "joint", 1.5],
];

/** Smoothing of whole label maps on one thread against scipy's filters. */
export function smoothKernelRows(port: SuitePort): Promise<BenchRow[]> {
  return labelSetRows(CASES, (bench, set, method, mm) => measure(bench, set, method, mm, port));
}

async function measure(
  { kernels, bandwidth }: LabelSetBench,
  { what, dims, spacingMm, dense, labels }: LabelSet,
  method: SmoothRequest["method"],
  mm: number,
  port: SuitePort,
): Promise<BenchRow[]> {
  port.note(`smooth: ${method} ${mm} mm, ${what}`);
  const request = { method, spacingMm, mm };
  const proposal = await kernels.smooth(labels, request);
  const ours = after(dims, dense, proposal);
  const sizes = spacingMm.map((step) => (method === "median" ? 2 * Math.floor(mm / 2 / step + 1e-6) + 1 : mm / step));
  const peers = method === "median" ? ["median", "uniform"] : ["gaussian"];
  const rows: BenchRow[] = [];
  for (const way of peers) {
    const peer = await pythonPeer("smooth", [dense, ...dims, way, ...sizes], port.note);
    const other = peer && differing(ours, await labelsOf(peer));
    const times = await timeInterleaved(
      {
        ours: async () => void (await kernels.smooth(labels, request)),
        ...(peer ? { peer: () => peer.run() } : {}),
      },
      { rounds: 5, signal: port.signal },
    );
    peer?.close();
    const ns = (times.ours * 1e6) / dense.length;
    const agrees = other === undefined ? "no peer" : `${other} other voxels`;
    rows.push(
      benchRow({
        name: `smooth, ${method} ${mm} mm`,
        input: `${what}, ${dims.join("×")}, ${proposal.voxels} voxels changed, ${ns.toFixed(2)} ns a voxel, ${agrees}; floor: the labels read once`,
        ourMs: times.ours,
        floorMs: (dense.length * 2) / bandwidth.read,
        ...(times.peer === undefined ? {} : { peer: `scipy ${NAMES[way]!}`, peerMs: times.peer }),
      }),
    );
  }
  return rows;
}

const NAMES: Readonly<Record<string, string>> = {
  median: "median_filter of the mask",
  uniform: "uniform_filter and one half",
  gaussian: "gaussian_filter label by label in its box, the largest",
};
