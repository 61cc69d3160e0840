import type { BrickSource, Dims } from "#volume";
import { createKernelPool, type Kernels, spawnWorker } from "#workers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { KernelHost } from "../../src/workers/kernel-host.ts";
import { growReference } from "../../src/workers/reference/grow.ts";
import { bundleWorker } from "./support/bundle-worker.ts";
import { growthCases, serpentine } from "./support/growth-cases.ts";
import { inlineKernels, wasmModule } from "./support/kernels.ts";
import { flattenMask, flatVolume, imageOf, randomFrom } from "./support/volumes.ts";

/** Room for the job itself, one brick of voxels and one or two slots: every other brick has to leave. */
const TINY = 1.1 * 2 ** 20;
const SMALL = 2 * 2 ** 20;

let url: URL;
const pools: Kernels[] = [];
beforeAll(async () => {
  url = await bundleWorker("src/workers/kernels.worker.ts");
});
afterAll(() => {
  for (const pool of pools) pool.dispose();
});

function pool(workers: number, budgetBytes: number): Kernels {
  const spawn = () => spawnWorker<KernelHost>((Worker) => new Worker(url, { type: "module" }));
  const kernels = createKernelPool({ wasmModule, workers, budgetBytes, spawn });
  pools.push(kernels);
  return kernels;
}

const ways: readonly (readonly [string, () => Kernels, typeof growthCases])[] = [
  ["one thread, tiny memory", () => inlineKernels(TINY), growthCases],
  ["one thread, small memory", () => inlineKernels(SMALL), []],
  ["1 worker, tiny memory", () => pool(1, TINY), []],
  ["2 workers, small memory", () => pool(2, SMALL), []],
  ["4 workers, tiny memory", () => pool(4, TINY), growthCases.filter((_, n) => n % 4 === 0)],
];

/** Volumes of many bricks in which a growth comes back to bricks again and again. */
const winding: readonly (readonly [string, ReturnType<typeof flatVolume>])[] = [
  ["a serpentine of 150³", serpentine(150)],
  ["walls with holes", walls([140, 140, 200], 3)],
  ["percolation, share 0.4, seed 9", percolation([150, 140, 130], 0.4, 9)],
];

function percolation(dims: Dims, share: number, seed: number) {
  const random = randomFrom(seed);
  return flatVolume(dims, "uint8", (i, j, k) => (random() < share || Math.max(i, j, k) < 9 ? 100 : 0));
}

/** Plates across i, each with one hole at the other end. */
function walls(dims: Dims, width: number) {
  return flatVolume(dims, "uint8", (i, j, k) => {
    if (i % (2 * width) < width) return 100;
    const odd = Math.floor(i / (2 * width)) % 2 === 1;
    return odd ? (j < 2 && k < 2 ? 100 : 0) : j >= dims[1] - 2 && k >= dims[2] - 2 ? 100 : 0;
  });
}

/** What the reference grows, computed once for all the ways below. */
const references = new Map<object | string, Uint8Array>();
function once(what: object | string, compute: () => Uint8Array): Uint8Array {
  const expected = references.get(what) ?? compute();
  references.set(what, expected);
  return expected;
}

for (const [way, make, cases] of ways) {
  describe(`bricks that leave and come back: ${way}`, () => {
    test(`${cases.length} cases of the table equal the reference`, async () => {
      const kernels = make();
      for (const given of cases) {
        const { name, volume, seeds, range, connectivity, region } = given;
        const reference = () => growReference(volume.voxels, volume.dims, seeds, range, connectivity, region);
        const expected = once(given, reference);
        const request = { seeds, range, connectivity, segment: 1, ...(region ? { region } : {}) };
        const grown = await kernels.grow(imageOf(volume), request);
        expect(Buffer.compare(flattenMask(volume.dims, grown.bricks), expected), name).toBe(0);
      }
    });

    for (const [name, volume] of winding) {
      for (const connectivity of [6, 26] as const) {
        test(`${name}, ${connectivity}-connected`, async () => {
          const range = { low: 50, high: 150 };
          const reference = () => growReference(volume.voxels, volume.dims, [[0, 0, 0]], range, connectivity);
          const expected = once(`${name}, ${connectivity}`, reference);
          const image = imageOf(volume);
          const grown = await make().grow(image, { seeds: [[0, 0, 0]], range, connectivity, segment: 1 });
          expect(Buffer.compare(flattenMask(volume.dims, grown.bricks), expected)).toBe(0);
          expect(grown.voxels).toBe(expected.reduce((sum, bit) => sum + bit, 0));
          // It really was short of memory.
          expect(Math.max(...image.reads.values())).toBeGreaterThan(1);
        });
      }
    }
  });
}

describe.each(ways.filter(([, , cases]) => cases.length > 0))("bricks that nobody keeps: %s", (_way, make, cases) => {
  test(`${cases.length} cases of the table equal the reference, and rooms are used again`, async () => {
    const kernels = make();
    for (const { name, volume, seeds, range, connectivity, region } of cases) {
      const image = imageOf(volume);
      const rooms = new Set<ArrayBufferLike>();
      let reads = 0;
      const bricks: BrickSource = {
        readBrick: () => Promise.reject(new Error("Nothing is to be kept.")),
        keeps: () => false,
        readBrickInto: async (address, into, options) => {
          const brick = await image.bricks.readBrick(address, options);
          into.set(brick!.voxels);
          rooms.add(into.buffer);
          reads++;
          return brick;
        },
      };
      const expected = growReference(volume.voxels, volume.dims, seeds, range, connectivity, region);
      const request = { seeds, range, connectivity, segment: 1, ...(region ? { region } : {}) };
      const grown = await kernels.grow({ ...image, bricks }, request);
      expect(Buffer.compare(flattenMask(volume.dims, grown.bricks), expected), name).toBe(0);
      expect(rooms.size).toBeLessThanOrEqual(Math.min(reads, 24));
    }
  });
});
