import { describe, expect, test } from "vitest";
import { createMemory, instantiate } from "../../src/workers/kernel-core.ts";
import { MemoryArena } from "../../src/workers/memory-arena.ts";
import { bendingGradientReference, type PlacedValue } from "../../src/workers/reference/bending.ts";
import { planeSignedDistanceReference } from "../../src/workers/reference/distance.ts";
import { slicePiecesReference } from "../../src/workers/reference/slice-pieces.ts";
import { wasmModule } from "./support/kernels.ts";
import { randomFrom } from "./support/volumes.ts";

const core = instantiate(wasmModule, createMemory(2 ** 26));
const { exports, memory } = core;

/** Runs v, start, end of the pixels of a mask. */
function runsOf(mask: Uint8Array, width: number): number[] {
  const runs: number[] = [];
  for (let n = 0; n < mask.length; n++) {
    if (mask[n] === 0) continue;
    const start = n;
    while (n + 1 < mask.length && mask[n + 1] === 1 && (n + 1) % width !== 0) n++;
    runs.push(Math.floor(n / width), start % width, (n % width) + 1);
  }
  return runs;
}

describe("distances on a slice", () => {
  test.each([0.01, 0.1, 0.5, 0.9, 0.99, 0.5, 0.02].map((share, seed) => [share, seed] as const))(
    "equal trying every pair of pixels, share %d, seed %i",
    (share, seed) => {
      const random = randomFrom(seed + 1);
      const nu = 8 * (1 + Math.floor(random() * 5));
      const nv = 2 + Math.floor(random() * 40);
      const [su, sv] = [0.1 + random() * 9.9, 0.1 + random() * 9.9];
      const mask = Uint8Array.from({ length: nu * nv }, () => (random() < share ? 1 : 0));
      mask[0] = 1;
      mask[nu * nv - 1] = 0;
      const arena = new MemoryArena(memory);
      const runs = runsOf(mask, nu);
      const at = arena.allocate(runs.length * 4);
      const to = arena.allocate(nu * nv * 2 + 16);
      const scratch = arena.allocate(exports.fillFieldScratch(nu, nv));
      new Int32Array(memory.buffer, at, runs.length).set(runs);
      const edge = Math.min(su, sv);
      for (const reach of [16, 200]) {
        const most = exports.fillField(at, runs.length / 3, 0, 0, nu, nv, su / edge, sv / edge, reach, to, scratch);
        const found = new Int16Array(memory.buffer, to, nu * nv);
        const expected = planeSignedDistanceReference(mask, nu, su, sv).map((mm) =>
          Math.max(-reach + 0.5, Math.min(reach - 0.5, mm / edge)),
        );
        for (let n = 0; n < nu * nv; n++)
          expect(Math.abs(found[n]! - expected[n]! * 64)).toBeLessThan(reach === 16 ? 1.05 : 0.52);
        expect(most).toBe(Math.max(...found));
      }
    },
  );
});

describe("connected pieces of a slice", () => {
  const cases = [0, 0.1, 0.3, 0.5, 0.8, 1].flatMap((share, n) =>
    [1, 2, 7, 33].map((width) => [share, width, n] as const),
  );
  test.each(cases)("equal a flood by the reference, share %d, %i wide, seed %i", (share, width, seed) => {
    const random = randomFrom(seed * 100 + width);
    const height = 1 + Math.floor(random() * 30);
    const slice = Uint16Array.from({ length: width * height }, () =>
      random() < share ? 1 + Math.floor(random() * 3) : 0,
    );
    const arena = new MemoryArena(memory);
    const at = arena.allocate(slice.length * 2 + 64);
    new Uint16Array(memory.buffer, at, slice.length).set(slice);
    const wanted = arena.allocate(65_536);
    new Uint8Array(memory.buffer, wanted, 65_536).fill(1);
    const count = exports.fillCountRuns(at, width, height, wanted);
    const runs = arena.allocate(Math.max(1, count) * exports.fillRunBytes());
    const components = arena.allocate(Math.max(1, count) * exports.fillComponentBytes());
    const sorted = arena.allocate(Math.max(1, count) * 12);
    expect(exports.fillFindRuns(at, width, height, wanted, runs)).toBe(count);
    for (const together of [false, true]) {
      const found = exports.fillComponents(runs, count, together ? 1 : 0, components, sorted);
      const words = new Int32Array(memory.buffer, components, found * 16);
      const sums = new Float64Array(memory.buffer, components, found * 8);
      const pieces = Array.from({ length: found }, (_, n) => ({
        label: words[n * 16],
        pixels: words[n * 16 + 7],
        sumU: sums[n * 8 + 4],
        sumV: sums[n * 8 + 5],
        box: Array.from(words.subarray(n * 16 + 3, n * 16 + 7)),
      }));
      expect(pieces).toEqual(slicePiecesReference(slice, width, together));
    }
  });
});

test.each([1, 2, 3])("a bent field is the one with the least energy, seed %i", (seed) => {
  const random = randomFrom(seed);
  const nodes = [8, 5 + seed, 6] as const;
  const count = nodes[0] * nodes[1] * nodes[2];
  const samples: PlacedValue[] = Array.from({ length: 60 }, () => ({
    x: Math.fround(random() * 6.9),
    y: Math.fround(random() * (nodes[1] - 1.1)),
    z: Math.fround(random() * 4.9),
    value: Math.fround(random() * 10 - 5),
  }));
  const arena = new MemoryArena(memory);
  const grids = Array.from({ length: 3 }, () => arena.allocate(count * 4 + 64)) as [number, number, number];
  const [field, sides, diagonal] = grids;
  const scratch = arena.allocate(exports.fillBendScratch(nodes[0], count));
  const at = arena.allocate(samples.length * exports.fillSampleBytes());
  const words = new Int32Array(memory.buffer, at, samples.length * 5);
  const reals = new Float32Array(memory.buffer, at, samples.length * 5);
  for (const [n, { x, y, z, value }] of samples.entries()) {
    const [i, j, k] = [Math.floor(x), Math.floor(y), Math.floor(z)];
    words[n * 5] = (k * nodes[1] + j) * nodes[0] + i;
    reals.set([x - i, y - j, z - k, value], n * 5 + 1);
  }
  exports.fillBendStart(count, sides, diagonal);
  exports.fillBendSamples(at, samples.length, nodes[0], nodes[1], 16, sides, diagonal);
  // In pieces, as the kernel does to look at events.
  for (let n = 0; n < 40; n++) {
    exports.fillBendSolve(field, ...nodes, at, samples.length, 16, sides, diagonal, scratch, n === 0 ? 1 : 0, 10);
  }
  const found = new Float32Array(memory.buffer, field, count);
  const still = Math.max(...bendingGradientReference(found, nodes, samples, 16).map(Math.abs));
  const before = Math.max(...bendingGradientReference(new Float32Array(count), nodes, samples, 16).map(Math.abs));
  expect(still).toBeLessThan(2e-3 * before);
});
