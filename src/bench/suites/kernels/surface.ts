import { nativePeer, pythonPeer } from "../../peers/peer-process.ts";
import { benchRow, type BenchRow } from "../../report.ts";
import type { SuitePort } from "../../suite.ts";
import { timeInterleaved } from "../../timing.ts";
import { type LabelSetBench, labelSetRows } from "./label-set-rows.ts";
import type { LabelSet, LabelSetName } from "./label-sets.ts";

const CASES: readonly (readonly [LabelSetName, number])[] = [
  ["phantom", 4],
  ["phantom", 12],
  ["lungs", 4],
  ["spleen", 4],
  ["body", 4],
  ["atlas", 4],
];

/** Surfaces of whole label maps on one thread, smoothed, against marching cubes of scikit-image and ITK's mesh of a mask, which are not. */
export function surfaceRows(port: SuitePort): Promise<BenchRow[]> {
  return labelSetRows(CASES, (bench, set, rounds) => measure(bench, set, rounds, port));
}

async function measure(
  { kernels, bandwidth }: LabelSetBench,
  { what, dims, spacingMm, dense, labels }: LabelSet,
  rounds: number,
  port: SuitePort,
): Promise<BenchRow[]> {
  port.note(`surface: ${rounds} rounds, ${what}`);
  const surfaces = await kernels.surface(labels, { rounds });
  const triangles = surfaces.reduce((sum, surface) => sum + surface.triangles.length / 3, 0);
  const visited = labels.brickIndices().length * 64 ** 3;
  const skimage = await pythonPeer("surface", [dense, ...dims, ...spacingMm], port.note);
  const several = new Set(dense).size > 2;
  const mask = Uint8Array.from(dense, (label) => (label === 0 ? 0 : 1));
  const itk = several ? undefined : await nativePeer("mask-mesh", [mask, ...dims], port.note);
  const times = await timeInterleaved(
    {
      ours: async () => void (await kernels.surface(labels, { rounds })),
      ...(skimage ? { skimage: () => skimage.run() } : {}),
      ...(itk ? { itk: () => itk.run() } : {}),
    },
    { rounds: 5, signal: port.signal },
  );
  skimage?.close();
  itk?.close();
  const ns = (times.ours * 1e6) / visited;
  const input = `${what}, ${dims.join("×")}, ${triangles} triangles, ${ns.toFixed(2)} ns a voxel of ${surfaces.length} bricks; floor: the labels read once`;
  const row = (peer?: string, peerMs?: number): BenchRow =>
    benchRow({
      name: `surface, ${rounds} rounds`,
      input,
      ourMs: times.ours,
      floorMs: (dense.length * 2) / bandwidth.read,
      ...(peer === undefined || peerMs === undefined ? {} : { peer, peerMs }),
    });
  const rows = [row("scikit-image marching_cubes, a label in its box, not smoothed", times.skimage)];
  if (times.itk !== undefined) rows.push(row("ITK BinaryMask3DMeshSource, no normals, not smoothed", times.itk));
  return rows;
}
