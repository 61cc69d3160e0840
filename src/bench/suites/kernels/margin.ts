import type { LabelProposal } from "#workers";
import { drawBricks } from "../../dense.ts";
import { nativePeer, type PeerProcess, pythonPeer } from "../../peers/peer-process.ts";
import { benchRow, type BenchRow } from "../../report.ts";
import type { SuitePort } from "../../suite.ts";
import { timeInterleaved } from "../../timing.ts";
import { type LabelSetBench, labelSetRows } from "./label-set-rows.ts";
import type { LabelSet, LabelSetName } from "./label-sets.ts";

const CASES: readonly (readonly [LabelSetName, number])[] = [
  ["phantom", 3],
  ["phantom", 10],
  ["phantom", -3],
  ["lungs", 6],
  ["lungs", -3],
  ["spleen", 5],
  ["body", 6],
  ["atlas", 3],
];

/** Margins of whole label maps on one thread against scipy's distance and threshold, and ITK's dilation by a ball. */
export function marginKernelRows(port: SuitePort): Promise<BenchRow[]> {
  return labelSetRows(CASES, (bench, set, mm) => measure(bench, set, mm, port));
}

async function measure(
  { kernels, bandwidth }: LabelSetBench,
  { what, dims, spacingMm, dense, labels }: LabelSet,
  mm: number,
  port: SuitePort,
): Promise<BenchRow[]> {
  port.note(`margin: ${mm} mm, ${what}`);
  const proposal = await kernels.margin(labels, { spacingMm, mm });
  const several = new Set(dense).size > 2;
  const scipy = await pythonPeer("margin", [dense, ...dims, ...spacingMm, mm], port.note);
  const radius = spacingMm.map((step) => Math.floor(mm / step));
  const mask = Uint8Array.from(dense, (label) => (label === 0 ? 0 : 1));
  const ball = mm > 0 && !several ? await nativePeer("dilate-ball", [mask, ...dims, ...radius], port.note) : undefined;
  const other = scipy ? differing(after(dims, dense, proposal), await labelsOf(scipy)) : undefined;
  const times = await timeInterleaved(
    {
      ours: async () => void (await kernels.margin(labels, { spacingMm, mm })),
      ...(scipy ? { scipy: () => scipy.run() } : {}),
      ...(ball ? { ball: () => ball.run() } : {}),
    },
    { rounds: 5, signal: port.signal },
  );
  scipy?.close();
  ball?.close();
  const ns = (times.ours * 1e6) / dense.length;
  const agrees =
    other === undefined ? "no peer" : `${other} other voxels${several ? ", equally near to two labels" : ""}`;
  const row = (peer: string, peerMs: number | undefined, says: string): BenchRow =>
    benchRow({
      name: `margin, ${mm} mm`,
      input: `${what}, ${dims.join("×")}, ${proposal.voxels} voxels changed, ${ns.toFixed(2)} ns a voxel, ${says}; floor: the labels read once`,
      ourMs: times.ours,
      floorMs: (dense.length * 2) / bandwidth.read,
      ...(peerMs === undefined ? {} : { peer, peerMs }),
    });
  return [
    row("scipy distance_transform_edt and threshold", times.scipy, agrees),
    ...(ball ? [row("ITK BinaryDilate with a ball (C++)", times.ball, "another ball")] : []),
  ];
}

/** Dense labels after a proposal. */
export function after(dims: LabelSet["dims"], dense: Uint16Array, { bricks, erased }: LabelProposal): Uint16Array {
  const labels = dense.slice();
  const cleared = new Uint8Array(dense.length);
  drawBricks(dims, erased ?? [], (mask, voxel) => (mask[voxel >> 3]! >> (voxel & 7)) & 1, cleared);
  for (let n = 0; n < labels.length; n++) if (cleared[n] === 1) labels[n] = 0;
  drawBricks(dims, bricks, (brick, voxel) => brick[voxel]!, labels);
  return labels;
}

export async function labelsOf(peer: PeerProcess): Promise<Uint16Array> {
  await peer.run();
  return new Uint16Array((await peer.result()).slice().buffer);
}

export function differing(a: Uint16Array, b: Uint16Array): number {
  return a.reduce((count, label, n) => count + (label === b[n] ? 0 : 1), 0);
}
