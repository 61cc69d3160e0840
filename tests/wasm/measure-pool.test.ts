import { type Consensus, createKernelPool, type Kernels, spawnWorker } from "#workers";
import type { BrickSource, Dims, VoxelType } from "#volume";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { KernelHost } from "../../src/workers/kernel-host.ts";
import { bundleWorker } from "./support/bundle-worker.ts";
import { inlineKernels, wasmModule } from "./support/kernels.ts";
import { flatVolume, flattenLabels, imageOf, labelsOf, randomFrom } from "./support/volumes.ts";

let url: URL;
const inOneThread = inlineKernels();
const pools = new Map<number, Kernels>();

beforeAll(async () => {
  url = await bundleWorker("src/workers/kernels.worker.ts");
});
afterAll(() => {
  for (const pool of pools.values()) pool.dispose();
});

function pool(workers: number): Kernels {
  const spawn = () => spawnWorker<KernelHost>((Worker) => new Worker(url, { type: "module" }));
  const held = pools.get(workers) ?? createKernelPool({ wasmModule, workers, spawn });
  pools.set(workers, held);
  return held;
}

const dims: Dims = [150, 130, 70];
const random = randomFrom(11);
/** Blobs of five labels over brick borders, some voxels alone. */
const blobs = (di: number) =>
  flatVolume(dims, "uint16", (i, j, k) => {
    if (random() < 0.001) return 1 + Math.floor(random() * 5);
    const cell = (n: number): number => (n % 65) - 32;
    const r = cell(i + di) ** 2 + cell(j) ** 2 + cell(k) ** 2;
    return r < 500 ? 1 + (Math.floor((i + di) / 65) + 2 * Math.floor(j / 65)) : 0;
  }).voxels;
const maps = [0, 2, -1, 4].map((di) => labelsOf(dims, blobs(di)));
const [a, b] = maps as [(typeof maps)[0], (typeof maps)[0]];
const image = (type: VoxelType) =>
  imageOf(flatVolume(dims, type, (i, j, k) => ((i * 31 + j * 17 + k * 7) % 997) + random()));
const images = (["uint8", "int16", "int32", "float32"] as const).map((type) => [type, image(type)] as const);
const shape = { indexToLps: [0.8, 0.1, 0, 5, -0.1, 0.8, 0, 6, 0, 0, 2.5, -7] } as const;

/** A consensus as plain data. */
const flat = ({ proposal, ...rest }: Consensus) => ({
  ...rest,
  voxels: proposal.voxels,
  labels: Buffer.from(flattenLabels(dims, proposal.bricks).buffer).toString("base64"),
});

describe.each([1, 2, 4])("on %i workers", (workers) => {
  test.each(images)("statistics of %s voxels have the same digits as in one thread", async (_type, of) => {
    const request = { percentiles: [1, 50, 99], shape };
    expect(await pool(workers).statistics(of, a, request)).toEqual(await inOneThread.statistics(of, a, request));
  });

  test.each(images)("nothing changes where %s bricks are read to the memory of the workers", async (_type, of) => {
    let read = 0;
    const bricks: BrickSource = {
      readBrick: () => Promise.reject(new Error("Bricks are to be read to a place.")),
      readBrickInto: async (address, into, options) => {
        read++;
        expect(into.buffer).toBeInstanceOf(SharedArrayBuffer);
        const brick = await of.bricks.readBrick(address, options);
        into.set(brick!.voxels);
        return brick;
      },
    };
    const direct = { ...of, bricks };
    expect(await pool(workers).statistics(direct, a)).toEqual(await inOneThread.statistics(of, a));
    expect(read).toBeGreaterThan(5);
    const missing = { ...of, bricks: { ...bricks, readBrickInto: async () => undefined } };
    await expect(pool(workers).statistics(missing, a)).rejects.toMatchObject({ kind: "not-found" });
  });

  test("compare has the same digits as in one thread, near and far", async () => {
    const spacing = [0.8, 0.8, 2.5] as const;
    expect(await pool(workers).compare(a, b, spacing)).toEqual(await inOneThread.compare(a, b, spacing));
    const one = labelsOf(dims, flatVolume(dims, "uint16", (i, j, k) => (i + j + k < 20 ? 1 : 0)).voxels);
    const other = labelsOf(dims, flatVolume(dims, "uint16", (i, j, k) => (i + j + k > 320 ? 1 : 0)).voxels);
    expect(await pool(workers).compare(one, other, spacing)).toEqual(await inOneThread.compare(one, other, spacing));
  });

  test.each(["majority", "staple", "staple-binary"] as const)(
    "consensus by %s is that of one thread",
    async (method) => {
      const found = flat(await pool(workers).consensus(maps, { method }));
      expect(found).toEqual(flat(await inOneThread.consensus(maps, { method })));
      expect(found.voxels).toBeGreaterThan(10_000);
    },
  );

  test("an abort crosses to the workers, and the pool goes on", async () => {
    for (const call of [
      (signal: AbortSignal) => pool(workers).statistics(images[3]![1], a, { shape }, { signal }),
      (signal: AbortSignal) => pool(workers).compare(a, b, [1, 1, 1], { signal }),
      (signal: AbortSignal) => pool(workers).consensus(maps, { method: "staple" }, { signal }),
    ]) {
      const abort = new AbortController();
      const aborted = call(abort.signal);
      abort.abort();
      await expect(aborted).rejects.toMatchObject({ name: "AbortError" });
    }
    expect(await pool(workers).statistics(undefined, a)).toEqual(await inOneThread.statistics(undefined, a));
  });
});
