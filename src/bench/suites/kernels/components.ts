import {
  type Bandwidth,
  type Components,
  createInlineKernels,
  type Kernels,
  loadKernelModule,
  measureBandwidth,
} from "#workers";
import { cpuTimeOf } from "../../cpu-time.ts";
import { nativePeer, type PeerProcess, pythonPeer } from "../../peers/peer-process.ts";
import { benchRow, type BenchRow } from "../../report.ts";
import { restLabels } from "../../rest-labels.ts";
import type { SuitePort } from "../../suite.ts";
import { timeInterleaved } from "../../timing.ts";
import { type ComponentVolume, labelVolumes, maskVolumes, noiseVolume } from "./component-volumes.ts";

/** Rows asked for: what a list of islands shows. All are found and counted. */
const MOST = 100;

/** Connected components on one thread against scipy or scikit-image and ITK. */
export async function componentRows(port: SuitePort): Promise<BenchRow[]> {
  const module = await loadKernelModule();
  const kernels = createInlineKernels({ wasm: module });
  const bandwidth = measureBandwidth(module);
  const rows: BenchRow[] = [];
  try {
    for await (const volume of componentVolumes(port)) {
      for (const connectivity of [6, 26] as const) {
        rows.push(...(await measure(volume, connectivity, kernels, bandwidth, port)));
      }
    }
  } finally {
    kernels.dispose();
  }
  return rows;
}

async function* componentVolumes({ note }: SuitePort): AsyncGenerator<ComponentVolume> {
  yield* labelVolumes();
  yield* maskVolumes();
  for (const share of [0.31, 0.5]) {
    note(`making noise of share ${share}`);
    yield noiseVolume(512, share);
  }
}

async function measure(
  { what, dims, dense, several }: ComponentVolume,
  connectivity: 6 | 26,
  kernels: Kernels,
  bandwidth: Bandwidth,
  port: SuitePort,
): Promise<BenchRow[]> {
  port.note(`components: ${what}, ${connectivity} neighbours`);
  const { labels, bytes } = restLabels(dims, dense);
  const find = (): Promise<Components> => kernels.components(labels, { connectivity, most: MOST });
  const found = await find();
  const how = several ? "skimage" : "scipy";
  const python = await pythonPeer("label", [dense, several ? "u2" : "u1", ...dims, connectivity, how], port.note);
  const full = connectivity === 26 ? 1 : 0;
  const native = several ? undefined : await nativePeer("connected-components", [dense, ...dims, full], port.note);
  try {
    for (const peer of [python, native]) if (peer) await checkSame(peer, found, port);
    const times = await timeInterleaved(
      {
        ours: () => cpuTimeOf(find),
        ...(python ? { python: () => python.runForCpu() } : {}),
        ...(native ? { native: () => native.runForCpu() } : {}),
      },
      { warmups: dense.length > 1e8 ? 1 : 5, rounds: dense.length > 1e8 ? 3 : 9, signal: port.signal },
    );
    const count = found.segments.reduce((sum, { components }) => sum + components, 0);
    const input =
      `${what}, ${dims.join("×")}, ${count} components, ${((times.ours * 1e6) / dense.length).toFixed(2)} ns a voxel; processor time of one thread; ` +
      `labels at rest, ${(bytes / 1e6).toFixed(1)} MB, the largest ${MOST} of each as rows; floor: these bytes read once`;
    const row = (peer: string, peerMs: number): BenchRow =>
      benchRow({
        name: `components, ${connectivity} neighbours`,
        input,
        ourMs: times.ours,
        peer,
        peerMs,
        floorMs: bytes / bandwidth.read,
      });
    return [
      ...(times.python === undefined
        ? []
        : [row(several ? "skimage.measure.label" : "scipy.ndimage.label, sizes not counted", times.python)]),
      ...(times.native === undefined ? [] : [row("ITK ConnectedComponent + Relabel (C++)", times.native)]),
    ];
  } finally {
    python?.close();
    native?.close();
  }
}

/** Notes where a peer has other components: their number, their voxels, or the sizes of the largest. */
async function checkSame(peer: PeerProcess, { rows, segments }: Components, { note }: SuitePort): Promise<void> {
  await peer.run();
  const bytes = await peer.result();
  const sizes = [...new BigInt64Array(bytes.buffer, bytes.byteOffset, bytes.length / 8)].map(Number);
  const ours = rows.map(({ voxels }) => voxels).sort((a, b) => b - a);
  const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
  const same =
    sizes.length === sum(segments.map(({ components }) => components)) &&
    sum(sizes) === sum(segments.map(({ voxels }) => voxels)) &&
    ours.slice(0, MOST).every((size, n) => size === sizes[n]);
  if (!same) note("OTHER COMPONENTS than the peer's");
}
