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
import { samplePath, sharedPath } from "../../inputs.ts";
import { nativePeer, type PeerProcess } from "../../peers/peer-process.ts";
import { plainGrowth } from "../../peers/plain-growth.ts";
import { chestPhantom } from "../../phantom.ts";
import { benchRow, type BenchRow } from "../../report.ts";
import { residentImage } from "../../resident.ts";
import { readScan } from "../../scan.ts";
import type { SuitePort } from "../../suite.ts";
import { timeInterleaved } from "../../timing.ts";

/** Dense int16 voxels and the same as bricks. */
interface Volume {
  readonly what: string;
  readonly dims: Dims;
  readonly dense: Int16Array;
  readonly image: KernelImage;
}

interface Structure {
  readonly what: string;
  /** Stored values. */
  readonly range: readonly [number, number];
  /** Where to look for the seed first, as shares of the edges. */
  readonly near: readonly [number, number, number];
}

/** Room for the bricks of the largest volume, as the page's cache has for a scan of that size. */
const BRICK_BYTES = 512 * 2 ** 20;

const PHANTOM_STRUCTURES: readonly Structure[] = [
  { what: "soft tissue", range: [-20, 100], near: [0.5, 0.25, 0.5] },
  { what: "lung", range: [-1000, -700], near: [0.3, 0.5, 0.3] },
];

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
    for (const { volume, structures } of await realVolumes()) {
      for (const structure of structures) rows.push(...(await measure(volume, structure, crews, bandwidth, port)));
    }
    for (const [n, noise] of [
      [256, 20],
      [512, 0],
      [512, 20],
    ] as const) {
      port.note(`making the ${n}³ phantom, noise ${noise}`);
      const volume = { what: `phantom ${n}³, noise ${noise} HU`, ...chestPhantom(n, noise) };
      for (const structure of PHANTOM_STRUCTURES) {
        rows.push(...(await measure(volume, structure, crews, bandwidth, port)));
      }
    }
  } finally {
    for (const kernels of Object.values(crews)) kernels.dispose();
  }
  return rows;
}

type Crews = Readonly<Record<"one" | "two" | "four", Kernels>>;

async function measure(
  volume: Volume,
  structure: Structure,
  crews: Crews,
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
  const grow = async (kernels: Kernels): Promise<() => Promise<void>> => {
    const resident = await residentImage(image, kernels);
    return async () => void (await kernels.grow(resident, request));
  };
  const times = await timeInterleaved(
    {
      one: await grow(crews.one),
      two: await grow(crews.two),
      four: await grow(crews.four),
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

function plain({ dims, dense }: Volume, seed: Dims, low: number, high: number): Uint8Array {
  return plainGrowth(dims, dense, seed, low, high);
}

async function resultOf(peer: PeerProcess): Promise<Uint8Array> {
  await peer.run();
  return peer.result();
}

function equalBytes(a: Uint8Array, b: Uint8Array): boolean {
  return Buffer.compare(a, b) === 0;
}

/** Bytes of the bricks that a growth asks for. */
function countReads(image: KernelImage): { readonly image: KernelImage; bytes(): number } {
  let bytes = 0;
  const readBrick: KernelImage["bricks"]["readBrick"] = async (address, options) => {
    const brick = await image.bricks.readBrick(address, options);
    bytes += brick?.voxels.byteLength ?? 0;
    return brick;
  };
  return { image: { ...image, bricks: { readBrick } }, bytes: () => bytes };
}

/** The voxel nearest to a place (by rows from there on) around which 5×5×5 voxels are in range. */
function findSeed({ dims, dense }: Volume, { near, range, what }: Structure): Dims {
  const [ni, nj, nk] = dims;
  const start = near.map((share, axis) => Math.floor(share * dims[axis]!)) as unknown as Dims;
  const fits = (i: number, j: number, k: number): boolean => {
    for (let n = 0; n < 125; n++) {
      const [x, y, z] = [i + (n % 5) - 2, j + (Math.floor(n / 5) % 5) - 2, k + Math.floor(n / 25) - 2];
      if (x < 0 || y < 0 || z < 0 || x >= ni || y >= nj || z >= nk) return false;
      const value = dense[(z * nj + y) * ni + x]!;
      if (!(value >= range[0] && value <= range[1])) return false;
    }
    return true;
  };
  for (let k = start[2]; k < nk; k++) {
    for (let j = start[1]; j < nj; j++) for (let i = start[0]; i < ni; i++) if (fits(i, j, k)) return [i, j, k];
  }
  throw new Error(`no seed found for ${what}`);
}

async function realVolumes(): Promise<{ volume: Volume; structures: readonly Structure[] }[]> {
  const found: { volume: Volume; structures: readonly Structure[] }[] = [];
  const add = async (path: string | undefined, what: string, structures: readonly Structure[]): Promise<void> => {
    if (path === undefined) return;
    const { dims, dense, image, description } = await readScan(path);
    const { slope, intercept } = description.rescale;
    const stored = structures.map((structure) => ({
      ...structure,
      range: structure.range.map((value) => (value - intercept) / slope) as unknown as [number, number],
    }));
    // Peers read int16; every value of these scans fits it.
    found.push({ volume: { what, dims, dense: Int16Array.from(dense), image }, structures: stored });
  };
  await add(samplePath("chest-ct.mha"), "chest-ct.mha", [
    { what: "lung", range: [-1100, -400], near: [0.35, 0.5, 0.5] },
  ]);
  await add(samplePath("head-mr.nii.gz"), "head-mr.nii.gz", [
    { what: "white matter", range: [105, 125], near: [0.3, 0.5, 0.5] },
  ]);
  await add(sharedPath("ct-dicom/chest-abdomen-lidc-jpegls"), "LIDC chest CT", [
    { what: "lung", range: [-1000, -700], near: [0.25, 0.5, 0.6] },
    { what: "soft tissue", range: [-20, 120], near: [0.5, 0.3, 0.3] },
    { what: "bone", range: [200, 2000], near: [0.45, 0.6, 0.5] },
  ]);
  return found;
}
