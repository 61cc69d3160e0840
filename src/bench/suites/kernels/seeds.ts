import { encodeLabelBrick, Labelmap } from "#labelmap";
import type { Dims } from "#volume";
import {
  createInlineKernels,
  createKernelPool,
  type KernelImage,
  type Kernels,
  loadKernelModule,
  measureBandwidth,
  type SeedsRequest,
} from "#workers";
import { drawBricks, labelsOfDense } from "../../dense.ts";
import { nativePeer, type PeerProcess } from "../../peers/peer-process.ts";
import { benchRow, type BenchRow } from "../../report.ts";
import type { SuitePort } from "../../suite.ts";
import { timeInterleaved } from "../../timing.ts";
import { seededScans, type SeededScan, synthetic } from "./seeded-scans.ts";

/** Stored values that a millimetre counts as, here and in the peers: the default. */
const WEIGHT = 2;

/** Growth from seeds against Dijkstra's algorithm with a Fibonacci heap, one thread each. */
export async function seedsRows(port: SuitePort): Promise<BenchRow[]> {
  const rows: BenchRow[] = [];
  for (const scan of await seededScans()) {
    for (const connectivity of [6, 26] as const) rows.push(...(await scanRows(scan, connectivity, 3, port)));
  }
  port.note("making the synthetic scan of 400×400×300");
  rows.push(...(await scanRows(synthetic([400, 400, 300]), 6, 1, port)));
  return rows;
}

async function scanRows(scan: SeededScan, connectivity: 6 | 26, rounds: number, port: SuitePort): Promise<BenchRow[]> {
  const { what, dims, spacingMm, image, drawn, stroke } = scan;
  port.note(`growth from seeds: ${what}, ${connectivity} neighbours`);
  const module = await loadKernelModule();
  const bandwidth = measureBandwidth(module);
  const segments = [...new Set(drawn)].filter((label) => label !== 0);
  const request: SeedsRequest = { segments, spacingMm, connectivity, spatialWeight: WEIGHT };
  const before = labelmapOf(dims, drawn);
  const after = labelmapOf(dims, withStroke(drawn, stroke));
  const one = createInlineKernels({ wasm: module });
  const two = createKernelPool({ wasmModule: module, workers: 2 });
  const peers: PeerProcess[] = [];
  try {
    const { voxels, report } = await one.growFromSeeds(image, before, request);
    const args = [scan.dense, drawn, ...dims, ...spacingMm, connectivity, WEIGHT, shiftOf(report.costStep)];
    const start = async (heap: string, more?: Uint16Array): Promise<PeerProcess | undefined> => {
      const peer = await nativePeer("seeds-dijkstra", [heap, ...args, ...(more ? [more] : [])], port.note);
      if (peer) peers.push(peer);
      return peer;
    };
    const fibonacci = await start("fibonacci");
    const binary = await start("binary");
    const adaptive = await start("fibonacci", withStroke(drawn, stroke));
    const first = { ...scan, request, labels: before };
    const same = await agrees(one, { ...first, dense: drawn }, fibonacci);
    const sameAfter = await agrees(one, { ...first, labels: after, dense: withStroke(drawn, stroke) }, adaptive);
    const times = await timeInterleaved(
      {
        ours: () => fromStart(() => createInlineKernels({ wasm: module }), first),
        workers: () => fromStart(() => two, { ...first, request: { ...request, maximumCost: once() } }),
        added: () => update(one, { ...first, labels: before }, after),
        erased: () => update(one, { ...first, labels: after }, before),
        ...(fibonacci ? { fibonacci: () => fibonacci.run() } : {}),
        ...(binary ? { binary: () => binary.run() } : {}),
        ...(adaptive ? { adaptive: () => adaptive.run() } : {}),
      },
      { warmups: rounds > 1 ? 1 : 0, rounds, signal: port.signal },
    );
    const visited = `${((times.ours * 1e6) / voxels).toFixed(1)} ns a voxel, 6.15 bytes a voxel of its bricks`;
    const head = `${what}, ${dims.join("×")}, ${connectivity} neighbours, ${segments.length} labels, ${voxels} voxels grown`;
    const input = `${head}, ${said(same)}; ${visited}; floor: values read and labels written once`;
    const floorMs = (dims[0] * dims[1] * dims[2] * 4) / bandwidth.read;
    const row = (name: string, peer: string, ourMs: number, peerMs: number | undefined, text = input): BenchRow =>
      benchRow({ name, input: text, ourMs, floorMs, ...(peerMs === undefined ? {} : { peer, peerMs }) });
    const changes = `${head}, one ball of radius 5; ${said(sameAfter)}`;
    return [
      row("growth from seeds, first result", "Dijkstra, Fibonacci heap (boost)", times.ours, times.fibonacci),
      row("growth from seeds, first result", "Dijkstra, binary heap (C++)", times.ours, times.binary),
      row("growth from seeds, 2 workers", "Dijkstra, Fibonacci heap (boost)", times.workers, times.fibonacci),
      row(
        "growth from seeds, a stroke more",
        "adaptive Dijkstra, Fibonacci heap (boost)",
        times.added,
        times.adaptive,
        changes,
      ),
      row("growth from seeds, a stroke erased", "ours from the start", times.erased, times.ours, changes),
    ];
  } finally {
    for (const peer of peers) peer.close();
    one.dispose();
    two.dispose();
  }
}

interface Growth {
  readonly dims: Dims;
  readonly image: KernelImage;
  readonly request: SeedsRequest;
  readonly labels: Labelmap;
}

/** Milliseconds of a growth that finds no state. */
async function fromStart(kernels: () => Kernels, { image, request, labels }: Growth): Promise<number> {
  const made = kernels();
  const start = performance.now();
  await made.growFromSeeds(image, labels, request);
  const milliseconds = performance.now() - start;
  if (!made.mode.sharedMemory) made.dispose();
  return milliseconds;
}

/** Milliseconds of bringing a growth up to other labels. */
async function update(kernels: Kernels, { image, request, labels }: Growth, to: Labelmap): Promise<number> {
  await kernels.growFromSeeds(image, labels, request);
  const start = performance.now();
  await kernels.growFromSeeds(image, to, request);
  return performance.now() - start;
}

/** Whether a peer gives our labels; undefined where there is no peer. `dense` are the seeds. */
async function agrees(
  kernels: Kernels,
  { dims, image, request, labels, dense }: Growth & { readonly dense: Uint16Array },
  peer: PeerProcess | undefined,
): Promise<boolean | undefined> {
  if (!peer) return undefined;
  const ours = dense.slice();
  const { bricks } = await kernels.growFromSeeds(image, labels, request);
  drawBricks(dims, bricks, (brick, voxel) => brick[voxel]!, ours);
  await peer.run();
  return Buffer.compare(new Uint8Array(ours.buffer), await peer.result()) === 0;
}

function said(same: boolean | undefined): string {
  return same === undefined ? "no peer" : same ? "same labels as the peer" : "OTHER LABELS";
}

/** Units of cost a value are 2 to this. */
function shiftOf(costStep: number): number {
  return -Math.log2(costStep);
}

let calls = 0;

/** A cost above all others, another one every time: state of the call before does not fit. */
function once(): number {
  return 20_000 - calls++;
}

function withStroke(drawn: Uint16Array, { voxels, label }: SeededScan["stroke"]): Uint16Array {
  const more = drawn.slice();
  for (const voxel of voxels) if (more[voxel] === 0) more[voxel] = label;
  return more;
}

/** Labels at rest, as a study has them. */
function labelmapOf(dims: Dims, dense: Uint16Array): Labelmap {
  const bricks = labelsOfDense(dims, dense);
  const entries = [...bricks.brickIndices()].map(
    (index) => [index, encodeLabelBrick(bricks.readBrick(index)!)!] as const,
  );
  return new Labelmap(dims, { bricks: entries });
}
