import type { Dims, VoxelType } from "#volume";
import { createKernelPool, type GrowRequest, type Kernels, spawnWorker } from "#workers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { KernelHost } from "../../src/workers/kernel-host.ts";
import { growByRulesReference } from "../../src/workers/reference/grow-rules.ts";
import { bundleWorker } from "./support/bundle-worker.ts";
import { inlineKernels, wasmModule } from "./support/kernels.ts";
import { type FlatVolume, flattenMask, flatVolume, imageOf, randomFrom } from "./support/volumes.ts";

const kernels = inlineKernels();

/** Two smooth balls joined by a bridge, over noise, so that every rule has something to stop at. */
function dumbbell(dims: Dims, type: VoxelType, bridge: number, seed: number): FlatVolume {
  const random = randomFrom(seed);
  const [ni, nj, nk] = dims;
  return flatVolume(dims, type, (i, j, k) => {
    const y = (j + 0.5 - nj / 2) / (nj / 2);
    const z = (k + 0.5 - nk / 2) / (nk / 2);
    const ball = (center: number): number => Math.hypot((i - center * ni) / (ni * 0.22), y, z);
    const away = Math.min(ball(0.27), ball(0.73));
    const onBridge = Math.abs(j - nj / 2) < bridge && Math.abs(k - nk / 2) < bridge && i > ni * 0.2 && i < ni * 0.8;
    const value = onBridge ? 90 : 100 - 70 * Math.min(1, Math.max(0, away - 0.7) * 3);
    return Math.round(value + (random() - 0.5) * 8);
  });
}

const spacingMm = [0.7, 1, 2.5] as const;
const base = { connectivity: 6, segment: 3, range: { low: 80, high: 120 } } as const;

interface RuleCase {
  readonly name: string;
  readonly volume: FlatVolume;
  readonly request: GrowRequest;
}

function cases(): RuleCase[] {
  const list: RuleCase[] = [];
  const bell = dumbbell([140, 70, 68], "int16", 3, 1);
  const seed: Dims = [38, 35, 34];
  for (const [ri, rj, rk] of [
    [1, 1, 1],
    [3, 3, 3],
    [0, 4, 1],
    [8, 2, 0],
    [31, 1, 1],
  ] as const) {
    const request = { ...base, seeds: [seed], leakGuard: { radius: [ri, rj, rk] as const } };
    list.push({ name: `a leak guard of ±${ri}, ±${rj}, ±${rk} voxels`, volume: bell, request });
  }
  for (const maximumPerMm of [0, 2, 6, 20, 1000]) {
    const request = { ...base, seeds: [seed], gradient: { maximumPerMm, spacingMm } };
    list.push({ name: `a gradient of at most ${maximumPerMm} a mm`, volume: bell, request });
  }
  list.push({
    name: "gradient and leak guard together, 26-connected, in a box",
    volume: bell,
    request: {
      ...base,
      connectivity: 26,
      seeds: [seed],
      gradient: { maximumPerMm: 14, spacingMm },
      leakGuard: { radius: [2, 1, 1] },
      region: { min: [5, 6, 7], max: [110, 66, 60] },
    },
  });
  const whole = flatVolume([66, 65, 64], "uint8", () => 100);
  const touching = { ...base, seeds: [[0, 0, 0] as const], leakGuard: { radius: [5, 5, 5] as const } };
  list.push({ name: "a full volume of a brick and a bit, a leak guard of 5", volume: whole, request: touching });
  list.push({
    name: "a volume of one voxel, a leak guard of 3",
    volume: flatVolume([1, 1, 1], "uint8", () => 100),
    request: { ...touching, leakGuard: { radius: [3, 3, 3] } },
  });
  list.push({
    name: "a layer one voxel thick, a leak guard of 2",
    volume: flatVolume([130, 70, 1], "uint8", (i, j) => (i === 65 && j !== 30 ? 0 : 100)),
    request: { ...touching, leakGuard: { radius: [2, 2, 2] } },
  });
  list.push({
    name: "a seed where no box fits",
    volume: bell,
    request: { ...base, seeds: [[70, 35, 34]], leakGuard: { radius: [4, 4, 4] } },
  });
  for (const [multiplier, iterations, radius] of [
    [2.5, 4, 1],
    [1, 0, 2],
    [2, 1, 3],
    [3.5, 10, 1],
  ] as const) {
    list.push({
      name: `confidence: mean ± ${multiplier} sd, ${iterations} iterations, radius ${radius}`,
      volume: dumbbell([100, 60, 66], "int16", 4, 2),
      request: {
        seeds: [
          [27, 30, 33],
          [30, 33, 30],
        ],
        connectivity: 18,
        segment: 1,
        confidence: { multiplier, iterations, radius },
      },
    });
  }
  list.push({
    name: "confidence with a leak guard",
    volume: dumbbell([100, 60, 66], "uint16", 2, 3),
    request: {
      seeds: [[27, 30, 33]],
      connectivity: 6,
      segment: 1,
      confidence: { multiplier: 2.5, iterations: 3, radius: 2 },
      leakGuard: { radius: [2, 2, 2] },
    },
  });
  const holed = dumbbell([80, 40, 70], "float32", 3, 4);
  const [goodSeed, badSeed] = [[21, 20, 35] as const, [24, 22, 36] as const];
  const voxelAt = ([i, j, k]: Dims): number => (k * 40 + j) * 80 + i;
  holed.voxels[voxelAt(badSeed)] = Number.NaN;
  // Within the box of the good seed, and further away.
  holed.voxels[voxelAt([22, 21, 34])] = Number.POSITIVE_INFINITY;
  holed.voxels[voxelAt([20, 20, 35])] = Number.NEGATIVE_INFINITY;
  holed.voxels[voxelAt([26, 20, 35])] = Number.POSITIVE_INFINITY;
  list.push({
    name: "confidence with NaN at a seed and infinities about",
    volume: holed,
    request: {
      seeds: [goodSeed, badSeed],
      connectivity: 6,
      segment: 1,
      confidence: { multiplier: 2.5, iterations: 3, radius: 2 },
    },
  });
  for (const type of ["uint8", "int8", "uint16", "int16", "uint32", "int32", "float32"] as const) {
    const volume = dumbbell([80, 40, 70], type, 3, 4);
    if (type === "float32") for (let n = 0; n < volume.voxels.length; n += 977) volume.voxels[n] = Number.NaN;
    const request = { ...base, seeds: [[21, 20, 35] as const], gradient: { maximumPerMm: 15, spacingMm } };
    list.push({ name: `gradient of ${type}${type === "float32" ? " with NaN" : ""}`, volume, request });
  }
  for (let seedNumber = 10; seedNumber < 18; seedNumber++) {
    const random = randomFrom(seedNumber);
    const dims = [
      20 + Math.floor(random() * 110),
      10 + Math.floor(random() * 80),
      5 + Math.floor(random() * 70),
    ] as const;
    const volume = dumbbell(dims, "int16", 2 + random() * 4, seedNumber);
    const radius = [0, 1, 2].map(() => Math.floor(random() * 4)) as unknown as Dims;
    list.push({
      name: `random rules, seed ${seedNumber}`,
      volume,
      request: {
        ...base,
        connectivity: ([6, 18, 26] as const)[seedNumber % 3]!,
        seeds: Array.from({ length: 3 }, () => dims.map((n) => Math.floor(random() * n)) as unknown as Dims),
        ...(random() < 0.6 ? { gradient: { maximumPerMm: random() * 20, spacingMm } } : {}),
        leakGuard: { radius },
      },
    });
  }
  return list;
}

const table = cases();

const references = new Map<RuleCase, Uint8Array>();

/** What the reference grows, computed once: cases are asked for again on workers and with little memory. */
function expectedOf(given: RuleCase): Uint8Array {
  const expected = references.get(given) ?? growByRulesReference(given.volume, given.request);
  references.set(given, expected);
  return expected;
}

async function same(on: Kernels, given: RuleCase): Promise<void> {
  const { name, volume, request } = given;
  const expected = expectedOf(given);
  const grown = await on.grow(imageOf(volume), request);
  expect(Buffer.compare(flattenMask(volume.dims, grown.bricks), expected), name).toBe(0);
  expect(grown.voxels, name).toBe(expected.reduce((sum, bit) => sum + bit, 0));
}

describe("growth by gradient, leak guard and confidence equals the reference", () => {
  for (const entry of table) test(entry.name, () => same(kernels, entry));

  test("the bridge is shut by a leak guard that is wider, and open to one that is not", async () => {
    const volume = dumbbell([140, 70, 68], "int16", 3, 1);
    const grow = async (radius: Dims) =>
      (await kernels.grow(imageOf(volume), { ...base, seeds: [[38, 35, 34]], leakGuard: { radius } })).voxels;
    expect(await grow([1, 1, 1])).toBeGreaterThan((await grow([1, 4, 4])) * 1.6);
  });
});

describe("growth by rules on workers, with little memory, and aborted", () => {
  const pools: Kernels[] = [];
  let url: URL;
  beforeAll(async () => {
    url = await bundleWorker("src/workers/kernels.worker.ts");
  });
  afterAll(() => {
    for (const pool of pools) pool.dispose();
  });
  const pool = (workers: number, budgetBytes?: number): Kernels => {
    const spawn = () => spawnWorker<KernelHost>((Worker) => new Worker(url, { type: "module" }));
    const kernelPool = createKernelPool({ wasmModule, workers, spawn, ...(budgetBytes ? { budgetBytes } : {}) });
    pools.push(kernelPool);
    return kernelPool;
  };

  for (const workers of [1, 2, 4]) {
    test(`${workers} workers give the same voxels`, async () => {
      const on = pool(workers);
      for (const entry of table.filter((_, n) => n % 3 === 0)) await same(on, entry);
    });
  }

  test("a memory in which slots have to leave gives the same voxels", async () => {
    const on = inlineKernels(14 * 2 ** 20);
    for (const entry of table.filter((_, n) => n % 3 === 1)) await same(on, entry);
  });

  test("an abort half-way ends with AbortError, and the next growth is whole", async () => {
    const on = pool(2);
    for (const entry of [table.find(({ name }) => name.startsWith("confidence"))!, table[1]!]) {
      const abort = new AbortController();
      const call = on.grow(imageOf(entry.volume), entry.request, {
        signal: abort.signal,
        onProgress: () => abort.abort(),
      });
      await expect(call).rejects.toMatchObject({ name: "AbortError" });
      await same(on, entry);
    }
  });

  test("confidence with no seed that has a number names the seeds", async () => {
    const volume = flatVolume([4, 4, 4], "float32", (i) => [1, Number.NaN, Number.NEGATIVE_INFINITY, 2][i]!);
    const confidence = { multiplier: 2, iterations: 3, radius: 1 };
    const seeds: Dims[] = [
      [1, 1, 1],
      [2, 3, 0],
    ]; // prettier-ignore
    const grow = kernels.grow(imageOf(volume), { seeds, connectivity: 6, segment: 1, confidence });
    await expect(grow).rejects.toMatchObject({
      kind: "argument",
      message: expect.stringContaining("no number at seed 1,1,1 and 2,3,0"),
    });
  });

  for (const [name, confidence] of [
    ["no multiplier", { multiplier: 0, iterations: 3, radius: 1 }],
    ["a radius of 0", { multiplier: 2, iterations: 3, radius: 0 }],
    ["half an iteration", { multiplier: 2, iterations: 0.5, radius: 1 }],
  ] as const) {
    test(`confidence with ${name} is refused`, async () => {
      const volume = flatVolume([4, 4, 4], "uint8", () => 1);
      const grow = kernels.grow(imageOf(volume), { seeds: [[1, 1, 1]], connectivity: 6, segment: 1, confidence });
      await expect(grow).rejects.toMatchObject({ kind: "argument" });
    });
  }
});
