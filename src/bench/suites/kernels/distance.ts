import type { DistanceRequest } from "#workers";
import { nativePeer, type PeerProcess, pythonPeer } from "../../peers/peer-process.ts";
import { benchRow, type BenchRow } from "../../report.ts";
import type { SuitePort } from "../../suite.ts";
import { timeInterleaved } from "../../timing.ts";
import { type LabelSetBench, labelSetRows } from "./label-set-rows.ts";
import type { LabelSet, LabelSetName } from "./label-sets.ts";

const CASES: readonly (readonly [DistanceRequest["mode"], readonly LabelSetName[]])[] = [
  ["unsigned", ["phantom", "lungs", "spleen", "body", "atlas"]],
  ["signed", ["phantom", "lungs", "spleen"]],
  ["many", ["body", "atlas"]],
];

/** Distances of whole volumes on one thread against scipy and ITK's SignedMaurer. */
export function distanceKernelRows(port: SuitePort): Promise<BenchRow[]> {
  return labelSetRows(
    CASES.flatMap(([mode, names]) => names.map((name) => [name, mode] as const)),
    (bench, set, mode) => measure(bench, set, mode, port),
  );
}

async function measure(
  { kernels, bandwidth }: LabelSetBench,
  { what, dims, spacingMm, dense, labels }: LabelSet,
  mode: DistanceRequest["mode"],
  port: SuitePort,
): Promise<BenchRow[]> {
  port.note(`distance: ${mode}, ${what}`);
  const { values } = await kernels.distance(labels, { mode, spacingMm });
  const scipy = await pythonPeer("distance", [dense, ...dims, ...spacingMm, mode], port.note);
  const mask = Uint8Array.from(dense, (label) => (label === 0 ? 0 : 1));
  // One transform of ITK tells both sides, so it stands against ours of both.
  const maurer =
    mode === "signed" ? await nativePeer("signed-maurer", [mask, ...dims, ...spacingMm], port.note) : undefined;
  const off = scipy ? largestDifference(values, await fieldOf(scipy), () => true) : undefined;
  const offMaurer = maurer ? largestDifference(values, await fieldOf(maurer), (n) => mask[n] === 0) : undefined;
  const times = await timeInterleaved(
    {
      ours: async () => void (await kernels.distance(labels, { mode, spacingMm })),
      ...(scipy ? { scipy: () => scipy.run() } : {}),
      ...(maurer ? { maurer: () => maurer.run() } : {}),
    },
    { rounds: 5, signal: port.signal },
  );
  scipy?.close();
  maurer?.close();
  const ns = (times.ours * 1e6) / dense.length;
  const row = (peer: string, peerMs: number | undefined, agrees: string): BenchRow =>
    benchRow({
      name: `distance, ${mode}`,
      input: `${what}, ${dims.join("×")}, ${ns.toFixed(2)} ns a voxel, ${agrees}; floor: the distances copied once`,
      ourMs: times.ours,
      floorMs: (dense.length * 4) / bandwidth.copy,
      ...(peerMs === undefined ? {} : { peer, peerMs }),
    });
  const said = (difference: number | undefined, where: string): string =>
    difference === undefined
      ? "no peer"
      : `${difference <= 1e-4 ? "equal" : "NOT EQUAL"} to ${difference.toExponential(1)} mm${where}`;
  const scipyName =
    mode === "unsigned"
      ? "scipy distance_transform_edt"
      : mode === "signed"
        ? "scipy, two of them"
        : "scipy, label by label";
  return [
    row(scipyName, times.scipy, said(off, "")),
    ...(maurer ? [row("ITK SignedMaurerDistanceMap (C++)", times.maurer, said(offMaurer, " outside"))] : []),
  ];
}

async function fieldOf(peer: PeerProcess): Promise<Float32Array> {
  await peer.run();
  const bytes = await peer.result();
  return new Float32Array(bytes.slice().buffer);
}

function largestDifference(a: Float32Array, b: Float32Array, counts: (n: number) => boolean): number {
  let largest = 0;
  for (let n = 0; n < a.length; n++) if (counts(n)) largest = Math.max(largest, Math.abs(a[n]! - b[n]!));
  return largest;
}
