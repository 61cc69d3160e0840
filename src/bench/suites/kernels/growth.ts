import type { Dims } from "#volume";
import {
  type Bandwidth,
  createInlineKernels,
  createKernelPool,
  type GrowRequest,
  type KernelImage,
  type Kernels,
  loadKernelModule,
  measureBandwidth,
} from "#workers";
import { drawBricks } from "../../dense.ts";
import { nativePeer, type PeerProcess } from "../../peers/peer-process.ts";
import { plainGrowth } from "../../peers/plain-growth.ts";
import { benchRow, type BenchRow } from "../../report.ts";
import { residentImage } from "../../resident.ts";
import type { SuitePort } from "../../suite.ts";
import { timeInterleaved } from "../../timing.ts";
import { countReads } from "./count-reads.ts";
import { findSeed, type GrowthVolume, growthVolumes, type Structure } from "./growth-volumes.ts";

/** Room for the bricks of the largest volumes, as the page's cache has for a scan of that size. */
const BRICK_BYTES = 1024 * 2 ** 20;

/** Region growing: one thread, two and four against ITK's two ways and the plain breadth-first reference. */
export async function growthKernelRows(port: SuitePort): Promise<BenchRow[]> {
  const module = await loadKernelModule();
  const bandwidth = measureBandwidth(module);
  const crews: Crews = {
    one: createInlineKernels({ wasm: module, brickBytes: BRICK_BYTES }),
    two: createKernelPool({ wasmModule: module, workers: 2, brickBytes: BRICK_BYTES }),
    four: createKernelPool({ wasmModule: module, workers: 4, brickBytes: BRICK_BYTES }),
  };
  const rows: BenchRow[] = [];
  try {
    for await (const { volume, structures } of growthVolumes(port.note)) {
      const images: Images = {
        one: await residentImage(volume.image, crews.one),
        two: await residentImage(volume.image, crews.two),
        four: await residentImage(volume.image, crews.four),
      };
      for (const structure of structures) {
        rows.push(...(await measure(volume, structure, crews, images, bandwidth, port)));
      }
    }
  } finally {
    for (const kernels of Object.values(crews)) kernels.dispose();
  }
  return rows;
}

type Crews = Readonly<Record<"one" | "two" | "four", Kernels>>;
type Images = Readonly<Record<keyof Crews, KernelImage>>;

async function measure(
  volume: GrowthVolume,
  structure: Structure,
  crews: Crews,
  images: Images,
  bandwidth: Bandwidth,
  port: SuitePort,
): Promise<BenchRow[]> {
  const { dims, dense, image } = volume;
  const [low, high] = structure.range;
  const seed = findSeed(volume, structure);
  port.note(`growth: ${structure.what} of ${volume.what}`);
  const request: GrowRequest = { seeds: [seed], range: { low, high }, connectivity: 6, segment: 1 };
  const counted = countReads(image);
  const { bricks, voxels } = await crews.one.grow(counted.image, request);
  const visited = counted.bytes();
  const ours = new Uint8Array(dense.length);
  drawBricks(dims, bricks, (mask, voxel) => (mask[voxel >> 3]! >> (voxel & 7)) & 1, ours);
  const args = [dense, ...dims, low, high, ...seed];
  const connected = await nativePeer("connected-threshold", args, port.note);
  const components = await nativePeer("threshold-components", args, port.note);
  const same = connected
    ? equalBytes(ours, await resultOf(connected))
    : equalBytes(ours, plain(volume, seed, low, high));
  if (components && !equalBytes(ours, await resultOf(components)))
    port.note("threshold and components differ from ours");
  if (!same) port.note("the peer's voxels differ from ours");
  const small = dense.length <= 256 ** 3;
  const grow = (crew: keyof Crews) => async (): Promise<void> => void (await crews[crew].grow(images[crew], request));
  const times = await timeInterleaved(
    {
      one: grow("one"),
      two: grow("two"),
      four: grow("four"),
      ...(connected ? { connected: () => connected.run() } : {}),
      ...(components ? { components: () => components.run() } : {}),
      ...(small ? { plain: () => Promise.resolve(void plain(volume, seed, low, high)) } : {}),
    },
    { warmups: 1, rounds: 5, signal: port.signal },
  );
  connected?.close();
  components?.close();
  const input =
    `${volume.what}, ${dims.join("×")}, ${voxels} voxels grown, ${same ? "same voxels as the peer" : "OTHER VOXELS"}, ` +
    `${((times.one * 1e6) / voxels).toFixed(2)} ns a voxel; 2 workers ${ratio(times.one, times.two)}×, 4 workers ${ratio(times.one, times.four)}×; ` +
    `floor: the ${(visited / 1e6).toFixed(0)} MB of visited bricks read once`;
  const floorMs = visited / bandwidth.read;
  const row = (name: string, peer: string | undefined, peerMs: number | undefined, ourMs: number): BenchRow =>
    benchRow({ name, input, ourMs, floorMs, ...(peer !== undefined && peerMs !== undefined ? { peer, peerMs } : {}) });
  const name = `growth, ${structure.what}`;
  return [
    row(name, "ITK ConnectedThreshold (C++)", times.connected, times.one),
    ...(times.components === undefined
      ? []
      : [row(name, "ITK threshold + ConnectedComponent (C++)", times.components, times.one)]),
    ...(times.plain === undefined ? [] : [row(name, "plain breadth-first (TypeScript)", times.plain, times.one)]),
    row(`${name}, 2 workers against 1 thread`, "ours, one thread", times.one, times.two),
  ];
}

function ratio(a: number, b: number): string {
  return (a / b).toFixed(2);
}

function plain({ dims, dense }: GrowthVolume, seed: Dims, low: number, high: number): Uint8Array {
  return plainGrowth(dims, dense, seed, low, high);
}

async function resultOf(peer: PeerProcess): Promise<Uint8Array> {
  await peer.run();
  return peer.result();
}

function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}
