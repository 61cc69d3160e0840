import type { AbortOptions } from "#base";
import { createKernelPool, type KernelLabels, type Kernels, type LabelProposal, spawnWorker } from "#workers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { KernelHost } from "../../src/workers/kernel-host.ts";
import { planTiles } from "../../src/workers/tiles/plan-tiles.ts";
import { bundleWorker } from "./support/bundle-worker.ts";
import { inlineKernels, wasmModule } from "./support/kernels.ts";
import { randomShapes } from "./support/label-cases.ts";
import { labelsOf } from "./support/volumes.ts";

let url: URL;
const pools = new Map<string, Kernels>();

beforeAll(async () => {
  url = await bundleWorker("src/workers/kernels.worker.ts");
});
afterAll(() => {
  for (const kernels of pools.values()) kernels.dispose();
});

function pool(workers: number, budgetBytes?: number): Kernels {
  const key = `${workers} ${budgetBytes}`;
  const spawn = () => spawnWorker<KernelHost>((Worker) => new Worker(url, { type: "module" }));
  const held =
    pools.get(key) ?? createKernelPool({ wasmModule, workers, spawn, ...(budgetBytes ? { budgetBytes } : {}) });
  pools.set(key, held);
  return held;
}

const { dims, labels } = randomShapes(101, [150, 140, 135], 24, [1, 2, 3, 700]);
const map = labelsOf(dims, labels);
const spacingMm = [0.8, 0.9, 1.7] as const;

interface Run extends AbortOptions {
  readonly map?: KernelLabels;
}

const asks: readonly (readonly [string, (kernels: Kernels, run?: Run) => Promise<LabelProposal>])[] = [
  ["growing", (kernels, run) => kernels.margin(run?.map ?? map, { spacingMm, mm: 5 }, run)],
  ["shrinking", (kernels, run) => kernels.margin(run?.map ?? map, { spacingMm, mm: -2, segments: [2, 3] }, run)],
  ["hollowing", (kernels, run) => kernels.hollow(run?.map ?? map, { spacingMm, thicknessMm: 3, mode: "middle" }, run)],
  ["closing", (kernels, run) => kernels.smooth(run?.map ?? map, { spacingMm, method: "close", mm: 3 }, run)],
  ["a median", (kernels, run) => kernels.smooth(run?.map ?? map, { spacingMm, method: "median", mm: 5 }, run)],
  ["joint smoothing", (kernels, run) => kernels.smooth(run?.map ?? map, { spacingMm, method: "joint", mm: 2 }, run)],
];

/** A proposal by its bricks, whatever order they come in. */
function byBrick({ bricks, erased, voxels }: LabelProposal): object {
  const hash = (values: Uint16Array | Uint8Array): string =>
    Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString("base64");
  return {
    voxels,
    bricks: Object.fromEntries(Array.from(bricks, ([index, values]) => [index, hash(values)])),
    erased: Object.fromEntries(Array.from(erased ?? [], ([index, bits]) => [index, hash(bits)])),
  };
}

test("tiles are more where more threads share them, and hold every brick that may change", () => {
  const halo = [7, 6, 3] as const;
  const alone = planTiles(map, halo, 1);
  const shared = planTiles(map, halo, 4);
  expect(shared.length).toBeGreaterThan(alone.length);
  for (const tiles of [alone, shared]) {
    const voxels = tiles.map(({ box }) => box.max.reduce((product, n, axis) => product * (n - box.min[axis]!), 1));
    expect(voxels.reduce((a, b) => a + b)).toBe(dims[0] * dims[1] * dims[2]);
  }
});

describe.each([1, 2, 4])("%i workers", (workers) => {
  test.each(asks)("%s gives the same voxels as one thread", async (_, ask) => {
    expect(byBrick(await ask(pool(workers)))).toEqual(byBrick(await ask(inlineKernels())));
  });

  test("distances are the same as in one thread", async () => {
    for (const mode of ["unsigned", "signed", "many"] as const) {
      const request = { mode, spacingMm, segments: [1, 700] };
      const [found, expected] = [
        await pool(workers).distance(map, request),
        await inlineKernels().distance(map, request),
      ];
      expect(Buffer.compare(Buffer.from(found.values.buffer), Buffer.from(expected.values.buffer))).toBe(0);
    }
  });
});

describe("two workers", () => {
  test.each(asks)("%s that is aborted half-way leaves nothing behind, and the next one is whole", async (_, ask) => {
    const kernels = pool(2);
    const abort = new AbortController();
    let reads = 0;
    // The first tiles are done or under way when a later one's bricks are read.
    const watched: KernelLabels = {
      ...map,
      readBrick(index) {
        if (++reads === 60) abort.abort();
        return map.readBrick(index);
      },
    };
    const call = ask(kernels, { signal: abort.signal, map: watched });
    await expect(call).rejects.toMatchObject({ name: "AbortError" });
    expect((await ask(kernels)).voxels).toBeGreaterThan(0);
  });

  test.each(asks)("%s with little memory gives the same voxels brick by brick", async (_, ask) => {
    expect(byBrick(await ask(pool(2, 14 * 2 ** 20)))).toEqual(byBrick(await ask(inlineKernels())));
  });

  test("a length that memory has no room for says what to do", async () => {
    await expect(pool(2, 9 * 2 ** 20).margin(map, { spacingMm, mm: 90 })).rejects.toMatchObject({
      kind: "limit",
      advice: expect.stringContaining("smaller length") as string,
    });
  });
});
