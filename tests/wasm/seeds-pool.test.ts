import type { Dims } from "#volume";
import {
  createKernelPool,
  type Kernels,
  type SeedsProposal,
  type SeedsRequest,
  spawnWorker,
  type WorkerConnection,
} from "#workers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { KernelHost } from "../../src/workers/kernel-host.ts";
import { bundleWorker } from "./support/bundle-worker.ts";
import { inlineKernels, wasmModule } from "./support/kernels.ts";
import { type SeedsCase, seedsCases } from "./support/seeds-cases.ts";
import { flattenLabels, flatVolume, imageOf, labelsOf, randomFrom } from "./support/volumes.ts";

let url: URL;
const inOneThread = inlineKernels();
const pools = new Map<string, Kernels>();
const connections: WorkerConnection<KernelHost>[] = [];

beforeAll(async () => {
  url = await bundleWorker("src/workers/kernels.worker.ts");
});
afterAll(() => {
  for (const pool of pools.values()) pool.dispose();
});

function spawn(): WorkerConnection<KernelHost> {
  const connection = spawnWorker<KernelHost>((Worker) => new Worker(url, { type: "module" }));
  connections.push(connection);
  return connection;
}

function pool(workers: number, sharedMemory = true, budgetBytes?: number): Kernels {
  const key = `${workers} ${sharedMemory} ${budgetBytes}`;
  const budget = budgetBytes === undefined ? {} : { budgetBytes };
  const held = pools.get(key) ?? createKernelPool({ wasmModule, workers, sharedMemory, spawn, ...budget });
  pools.set(key, held);
  return held;
}

/** Voxels that differ; `toEqual` takes seconds for a million. */
function differing(a: SeedsProposal, b: SeedsProposal, dims: Dims): number {
  const [x, y] = [flattenLabels(dims, a.bricks), flattenLabels(dims, b.bricks)];
  return x.reduce((count, label, n) => count + (label === y[n] ? 0 : 1), 0);
}

/** What one thread gives for a case of the table, computed once. */
const inOne = new Map<SeedsCase, Promise<SeedsProposal>>();
function expectedOf(given: SeedsCase): Promise<SeedsProposal> {
  const { volume, drawn, request } = given;
  const held = inOne.get(given) ?? inOneThread.growFromSeeds(imageOf(volume), labelsOf(volume.dims, drawn), request);
  inOne.set(given, held);
  return held;
}

const ways: readonly (readonly [string, () => Kernels])[] = [
  ["1 worker", () => pool(1)],
  ["2 workers", () => pool(2)],
  ["4 workers", () => pool(4)],
  ["1 worker without shared memory", () => pool(1, false)],
];

for (const [name, kernels] of ways) {
  test(`growth from seeds on ${name} gives the same voxels as in one thread`, async () => {
    for (const given of seedsCases) {
      const { name: title, volume, drawn, request } = given;
      const expected = await expectedOf(given);
      const grown = await kernels().growFromSeeds(imageOf(volume), labelsOf(volume.dims, drawn), request);
      expect(grown.report, title).toEqual(expected.report);
      expect([...grown.bricks].length, title).toBe([...expected.bricks].length);
      expect(differing(grown, expected, volume.dims), title).toBe(0);
    }
  });
}

describe("growth from seeds in workers", () => {
  const dims: Dims = [140, 130, 70];
  const random = randomFrom(8);
  const volume = flatVolume(dims, "int16", () => Math.floor(random() * 80));
  const drawn = new Uint16Array(dims[0] * dims[1] * dims[2]);
  for (let n = 0; n < 40; n++) drawn[Math.floor(random() * drawn.length)] = 1 + (n % 7);
  const request: SeedsRequest = { segments: [1, 2, 3, 4, 5, 6, 7], spacingMm: [1, 1, 1.5], connectivity: 6 };
  const image = imageOf(volume);

  for (const workers of [1, 2, 4]) {
    test(`is brought up to date on ${workers} workers as in one thread, seed 31`, async () => {
      const paint = randomFrom(31);
      const changing = drawn.slice();
      for (let step = 0; step < 6; step++) {
        for (let n = 0; n < 30; n++) {
          const label = [0, 3, 5][step % 3]!;
          const at = Math.floor(paint() * changing.length);
          changing.fill(label, at, at + 12);
        }
        const labels = labelsOf(dims, changing);
        const expected = await inlineKernels().growFromSeeds(image, labels, request);
        const grown = await pool(workers).growFromSeeds(image, labels, request);
        expect(grown.report.updated).toBe(step > 0);
        expect(differing(grown, expected, dims), `step ${step}`).toBe(0);
      }
    });
    test(`is the same on ${workers} workers when few bricks find room at a time`, async () => {
      const labels = labelsOf(dims, drawn);
      const own = imageOf(volume);
      const grown = await pool(workers, true, (18 + 5 * workers) * 2 ** 20).growFromSeeds(own, labels, request);
      const expected = await inOneThread.growFromSeeds(image, labels, request);
      expect(Math.max(...own.reads.values())).toBeGreaterThan(1);
      expect(differing(grown, expected, dims)).toBe(0);
    });
  }

  test("is left alone by an abort half-way, and the next one is whole", async () => {
    const abort = new AbortController();
    const labels = labelsOf(dims, drawn);
    const kernels = pool(2);
    const other = { ...request, spatialWeight: 5 };
    const call = kernels.growFromSeeds(image, labels, other, {
      signal: abort.signal,
      onProgress: ({ fraction }) => fraction > 0.3 && abort.abort(),
    });
    await expect(call).rejects.toMatchObject({ name: "AbortError" });
    const next = await kernels.growFromSeeds(image, labels, other);
    expect(next.report.updated).toBe(false);
    const expected = await inOneThread.growFromSeeds(image, labels, other);
    expect(differing(next, expected, dims)).toBe(0);
  });

  test("and region growing run at once without harm", async () => {
    const labels = labelsOf(dims, drawn);
    const growth = { seeds: [[1, 1, 1]], range: { low: 0, high: 60 }, connectivity: 6, segment: 1 } as const;
    const [seeds, grown] = await Promise.all([
      pool(2).growFromSeeds(image, labels, { ...request, spatialWeight: 7 }),
      pool(2).grow(image, growth),
    ]);
    const [alone, grownAlone] = [
      await inOneThread.growFromSeeds(image, labels, { ...request, spatialWeight: 7 }),
      await inOneThread.grow(image, growth),
    ];
    expect(differing(seeds, alone, dims)).toBe(0);
    expect(grown.voxels).toBe(grownAlone.voxels);
  });

  test("a worker that dies ends it with a worker error and is replaced", async () => {
    connections.length = 0;
    const kernels = createKernelPool({ wasmModule, workers: 2, spawn });
    pools.set("dies", kernels);
    const labels = labelsOf(dims, drawn);
    const call = kernels.growFromSeeds(image, labels, request, { onProgress: () => connections[1]!.terminate() });
    await expect(call).rejects.toMatchObject({ kind: "worker" });
    const expected = await inOneThread.growFromSeeds(image, labels, request);
    expect((await kernels.growFromSeeds(image, labels, request)).voxels).toBe(expected.voxels);
    expect(connections.length).toBe(3);
  });
});
