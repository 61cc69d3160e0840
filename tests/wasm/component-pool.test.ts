import { createKernelPool, type Kernels, type LabelProposal, spawnWorker, type WorkerConnection } from "#workers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { KernelHost } from "../../src/workers/kernel-host.ts";
import { bundleWorker } from "./support/bundle-worker.ts";
import { randomLabels } from "./support/component-cases.ts";
import { inlineKernels, wasmModule } from "./support/kernels.ts";
import { applied, same } from "./support/proposals.ts";
import { flatVolume, flattenMask, imageOf, labelsOf, randomFrom } from "./support/volumes.ts";

/* Components, islands, holes, thresholds and histograms in workers equal those of the calling thread, which equal the references. */

let url: URL;
const inOneThread = inlineKernels();
const pools = new Map<number, Kernels>();
const spawn = (): WorkerConnection<KernelHost> =>
  spawnWorker<KernelHost>((Worker) => new Worker(url, { type: "module" }));

beforeAll(async () => {
  url = await bundleWorker("src/workers/kernels.worker.ts");
});
afterAll(() => {
  for (const pool of pools.values()) pool.dispose();
});

function pool(workers: number): Kernels {
  const held = pools.get(workers) ?? createKernelPool({ wasmModule, workers, spawn });
  pools.set(workers, held);
  return held;
}

const { dims, labels } = randomLabels(71, [200, 140, 70], 0.4, 3, 5);
const map = labelsOf(dims, labels);
const random = randomFrom(72);
const image = imageOf(flatVolume(dims, "int16", () => Math.round(random() * 1000)));
const floats = imageOf(flatVolume(dims, "float32", () => Math.fround(random() * 10)));
const flat = (proposal: LabelProposal) => applied(dims, labels, proposal);

for (const workers of [1, 2, 4]) {
  describe(`${workers} workers`, () => {
    test("find the same components with the same numbers", async () => {
      for (const request of [
        { connectivity: 6, leastVoxels: 5 },
        { connectivity: 26, most: 5 },
        { connectivity: 18, segments: [2], leastVoxels: 30 },
      ] as const) {
        expect(await pool(workers).components(map, request)).toEqual(await inOneThread.components(map, request));
      }
    });

    test("change the same islands", async () => {
      const values = Array.from({ length: 9 }, (_, n) => 100 + n);
      for (const request of [
        { operation: "largest", count: 2, connectivity: 6 },
        { operation: "removeSmaller", leastVoxels: 7, connectivity: 18 },
        { operation: "split", count: 3, values, connectivity: 6 },
        { operation: "keep", voxels: [firstOf(1), firstOf(2)], connectivity: 26 },
      ] as const) {
        const expected = await inOneThread.islands(map, request);
        const found = await pool(workers).islands(map, request);
        expect(found.split).toEqual(expected.split);
        expect(same(flat(found.proposal), flat(expected.proposal))).toBe(true);
      }
    });

    test("fill the same holes", async () => {
      for (const request of [{ connectivity: 26 }, { connectivity: 6, axis: 0, mostVoxels: 50 }] as const) {
        const expected = await inOneThread.holes(map, request);
        expect(same(flat(await pool(workers).holes(map, request)), flat(expected))).toBe(true);
      }
    });

    test("find the same voxels in a range, and count the same values", async () => {
      const inside = { labels: map, segments: [1, 3] };
      const request = { range: { low: 200, high: 600 }, segment: 5, inside };
      const expected = await inOneThread.threshold(image, request);
      const found = await pool(workers).threshold(image, request);
      expect(found.voxels).toBe(expected.voxels);
      expect(Buffer.compare(flattenMask(dims, found.bricks), flattenMask(dims, expected.bricks))).toBe(0);
      for (const scan of [image, floats]) {
        expect(await pool(workers).histogram(scan, { inside })).toEqual(await inOneThread.histogram(scan, { inside }));
      }
    });
  });
}

test("an abort half-way crosses to the workers, and the pool goes on", async () => {
  const calls: readonly ((signal: AbortSignal, onProgress: () => void) => Promise<unknown>)[] = [
    (signal, onProgress) => pool(2).components(map, { connectivity: 6 }, { signal, onProgress }),
    (signal, onProgress) =>
      pool(2).islands(map, { operation: "largest", count: 1, connectivity: 6 }, { signal, onProgress }),
    (signal, onProgress) => pool(2).holes(map, { connectivity: 26 }, { signal, onProgress }),
    (signal, onProgress) => pool(2).histogram(floats, {}, { signal, onProgress }),
  ];
  for (const call of calls) {
    const abort = new AbortController();
    const running = call(abort.signal, () => abort.abort());
    // A share that is done before it has told its progress is aborted from here; a quick processor has all done in 20 ms.
    setTimeout(() => abort.abort(), 1);
    await expect(running).rejects.toMatchObject({ name: "AbortError" });
    await expect(call(new AbortController().signal, () => undefined)).resolves.toBeDefined();
  }
});

/** The first voxel of a segment. */
function firstOf(segment: number) {
  const n = labels.indexOf(segment);
  return [n % dims[0], Math.floor(n / dims[0]) % dims[1], Math.floor(n / (dims[0] * dims[1]))] as const;
}
