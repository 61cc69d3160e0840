import {
  createKernelPool,
  type GrowRequest,
  type KernelImage,
  type Kernels,
  spawnWorker,
  type WorkerConnection,
} from "#workers";
import { isDeepStrictEqual } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { KernelHost } from "../../src/workers/kernel-host.ts";
import { bundleWorker } from "./support/bundle-worker.ts";
import { growthCases } from "./support/growth-cases.ts";
import { inlineKernels, wasmModule } from "./support/kernels.ts";
import { flatVolume, imageOf, labelsOf, randomFrom } from "./support/volumes.ts";

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

function pool(workers: number, sharedMemory = true): Kernels {
  const key = `${workers} ${sharedMemory}`;
  const held = pools.get(key) ?? createKernelPool({ wasmModule, workers, sharedMemory, spawn });
  pools.set(key, held);
  return held;
}

const ways: readonly (readonly [string, () => Kernels])[] = [
  ["1 worker", () => pool(1)],
  ["2 workers", () => pool(2)],
  ["4 workers", () => pool(4)],
  ["1 worker without shared memory", () => pool(1, false)],
];

/** What one thread grows, computed once for all the ways below. */
const grownAlone = new Map<object, { readonly voxels: number; readonly bricks: ReadonlyMap<number, Uint8Array> }>();
async function alone(given: object, image: KernelImage, request: GrowRequest) {
  const held = grownAlone.get(given);
  if (held) return held;
  const { voxels, bricks } = await inOneThread.grow(image, request);
  const found = { voxels, bricks: new Map(Array.from(bricks, ([index, bits]) => [index, bits.slice()])) };
  grownAlone.set(given, found);
  return found;
}

for (const [name, kernels] of ways) {
  test(`growth on ${name} gives the same voxels as in one thread`, async () => {
    for (const given of growthCases) {
      const { name: title, volume, seeds, range, connectivity, region } = given;
      const request = { seeds, range, connectivity, segment: 1, ...(region ? { region } : {}) };
      const image = imageOf(volume);
      const expected = await alone(given, image, request);
      const grown = await kernels().grow(image, request);
      expect(grown.voxels, title).toBe(expected.voxels);
      const want = expected.bricks;
      expect(new Set(Array.from(grown.bricks, ([index]) => index)), title).toEqual(new Set(want.keys()));
      for (const [index, bits] of grown.bricks) expect(Buffer.compare(bits, want.get(index)!), title).toBe(0);
    }
  });
}

describe("jobs in workers", () => {
  const dims = [130, 100, 70] as const;
  const random = randomFrom(5);
  const image = imageOf(flatVolume(dims, "int16", () => Math.round(random() * 1000)));
  const drawn = labelsOf(
    dims,
    flatVolume(dims, "uint16", (i, j, k) => (k % 10 === 0 && (i - 60) ** 2 + (j - 50) ** 2 < 900 ? 3 : 0)).voxels,
  );
  const request = { spacingMm: [1, 1, 2], method: "shape" } as const;

  for (const [name, kernels] of ways) {
    test(`fill, statistics and compare on ${name} equal those in one thread`, async () => {
      const filled = await kernels().fill(drawn, request);
      // `toEqual` takes seconds for a million voxels.
      expect(isDeepStrictEqual(filled, await inlineKernels().fill(drawn, request))).toBe(true);
      expect(await kernels().statistics(image, drawn)).toEqual(await inlineKernels().statistics(image, drawn));
      const spacing = [1, 1, 2] as const;
      expect(await kernels().compare(drawn, drawn, spacing)).toEqual(
        await inlineKernels().compare(drawn, drawn, spacing),
      );
    });
  }

  test("an abort crosses to the workers, and the pool goes on", async () => {
    const abort = new AbortController();
    const call = pool(2).fill(drawn, request, { signal: abort.signal });
    abort.abort();
    await expect(call).rejects.toMatchObject({ name: "AbortError" });
    expect((await pool(2).fill(drawn, request)).voxels).toBeGreaterThan(0);
  });

  test("a growth that is aborted half-way leaves nothing behind, and the next one is whole", async () => {
    const abort = new AbortController();
    const whole = imageOf(flatVolume([300, 130, 130], "int16", () => 100));
    const grow = { seeds: [[0, 0, 0]], range: { low: 50, high: 150 }, connectivity: 6, segment: 1 } as const;
    const call = pool(2).grow(whole, grow, { signal: abort.signal, onProgress: () => abort.abort() });
    await expect(call).rejects.toMatchObject({ name: "AbortError" });
    expect((await pool(2).grow(whole, grow)).voxels).toBe(300 * 130 * 130);
  });

  test("a growth that waits for its turn can be aborted", async () => {
    const grow = { seeds: [[0, 0, 0]], range: { low: 0, high: 900 }, connectivity: 6, segment: 1 } as const;
    const abort = new AbortController();
    const first = pool(2).grow(image, grow);
    const second = pool(2).grow(image, grow, { signal: abort.signal });
    abort.abort();
    await expect(second).rejects.toMatchObject({ name: "AbortError" });
    expect((await first).voxels).toBe((await pool(2).grow(image, grow)).voxels);
  });

  test("a worker that dies ends its growth with a worker error and is replaced", async () => {
    connections.length = 0;
    const kernels = createKernelPool({ wasmModule, workers: 2, spawn });
    pools.set("dies", kernels);
    const whole = imageOf(flatVolume([300, 130, 130], "int16", () => 100));
    const grow = { seeds: [[0, 0, 0]], range: { low: 50, high: 150 }, connectivity: 6, segment: 1 } as const;
    const call = kernels.grow(whole, grow, { onProgress: () => connections[1]!.terminate() });
    await expect(call).rejects.toMatchObject({ kind: "worker" });
    expect((await kernels.grow(whole, grow)).voxels).toBe(300 * 130 * 130);
    expect(connections.length).toBe(3);
  });
});
