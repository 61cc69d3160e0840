import { createKernelPool, type Kernels, spawnWorker, type WorkerConnection } from "#workers";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { KernelHost } from "../../src/workers/kernel-host.ts";
import { bundleWorker } from "./support/bundle-worker.ts";
import { inlineKernels, wasmModule } from "./support/kernels.ts";
import { randomShapes } from "./support/label-cases.ts";
import { labelsOf } from "./support/volumes.ts";

/* Surfaces made in workers equal those of the calling thread, which equal the reference. */

let url: URL;
const spawn = (): WorkerConnection<KernelHost> =>
  spawnWorker<KernelHost>((Worker) => new Worker(url, { type: "module" }));
const pools: Kernels[] = [];

beforeAll(async () => {
  url = await bundleWorker("src/workers/kernels.worker.ts");
});
afterAll(() => {
  for (const pool of pools) pool.dispose();
});

const { dims, labels } = randomShapes(211, [150, 130, 30], 12, [1, 2, 40_000]);
const map = labelsOf(dims, labels);

for (const workers of [1, 2, 4]) {
  test(`${workers} workers make the same surfaces, seed 211`, async () => {
    const pool = createKernelPool({ wasmModule, workers, spawn });
    pools.push(pool);
    for (const request of [{ rounds: 6 }, { rounds: 2, bricks: [4, 1], segments: [2] }]) {
      expect(await pool.surface(map, request)).toEqual(await inlineKernels().surface(map, request));
    }
    const abort = new AbortController();
    const running = pool.surface(map, { rounds: 6 }, { signal: abort.signal, onProgress: () => abort.abort() });
    setTimeout(() => abort.abort(), 5);
    await expect(running).rejects.toMatchObject({ name: "AbortError" });
    expect((await pool.surface(map, { rounds: 0 })).length).toBeGreaterThan(0);
  });
}
