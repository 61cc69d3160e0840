import type { Dims } from "#volume";
import type { Vec3 } from "#base";
import { describe, expect, test } from "vitest";
import { curveWeights } from "../../src/workers/fill/curve.ts";
import { inlineKernels } from "./support/kernels.ts";
import { flattenLabels, flatVolume, labelsOf, randomFrom } from "./support/volumes.ts";

const kernels = inlineKernels();
const EVEN = [1, 1, 1] as const;

type Shape = (i: number, j: number, k: number) => number;

/** The shape on every slice k of `planes`, filled; the whole label map after the fill. */
async function filledMap(dims: Dims, shape: Shape, planes: readonly number[], more: object = {}): Promise<Uint16Array> {
  const kept = flatVolume(dims, "uint16", (i, j, k) => (planes.includes(k) ? shape(i, j, k) : 0)).voxels;
  const { bricks, voxels } = await kernels.fill(labelsOf(dims, kept), { spacingMm: EVEN, method: "shape", ...more });
  const map = flattenLabels(dims, bricks);
  expect(map.reduce((count, label) => count + (label === 0 ? 0 : 1), 0)).toBe(voxels);
  kept.forEach((label, n) => {
    if (label === 0) return;
    expect(map[n]).toBe(0);
    map[n] = label;
  });
  return map;
}

function dice(dims: Dims, map: ArrayLike<number>, shape: Shape, label: number, from: number, to: number): number {
  let both = 0;
  let sum = 0;
  for (let k = from; k <= to; k++) {
    for (let j = 0; j < dims[1]; j++) {
      for (let i = 0; i < dims[0]; i++) {
        const inMap = map[(k * dims[1] + j) * dims[0] + i] === label ? 1 : 0;
        const inShape = shape(i, j, k) === label ? 1 : 0;
        both += inMap * inShape;
        sum += inMap + inShape;
      }
    }
  }
  return (2 * both) / sum;
}

const every = (step: number, from: number, to: number) =>
  Array.from({ length: Math.floor((to - from) / step) + 1 }, (_, n) => from + n * step);

describe("shapes that are known", () => {
  test("a straight cylinder is filled exactly", async () => {
    const dims = [80, 70, 41] as const;
    const shape: Shape = (i, j) => ((i - 40) ** 2 + (j - 33) ** 2 < 300 ? 2 : 0);
    const map = await filledMap(dims, shape, every(10, 0, 40));
    expect(dice(dims, map, shape, 2, 0, 40)).toBe(1);
  });

  test("a thin oblique tube stays one tube", async () => {
    const dims = [100, 40, 41] as const;
    const shape: Shape = (i, j, k) => ((i - 15 - 1.5 * k) ** 2 + (j - 20) ** 2 < 16 ? 1 : 0);
    const map = await filledMap(dims, shape, every(10, 0, 40));
    expect(dice(dims, map, shape, 1, 0, 40)).toBeGreaterThan(0.94);
  });

  test("a ball from every fourth slice", async () => {
    const dims = [70, 70, 70] as const;
    const shape: Shape = (i, j, k) => ((i - 34) ** 2 + (j - 34) ** 2 + (k - 34) ** 2 < 900 ? 9 : 0);
    const map = await filledMap(dims, shape, every(4, 6, 62));
    expect(dice(dims, map, shape, 9, 6, 62)).toBeGreaterThan(0.99);
  });

  test("a branch: one disc becomes two", async () => {
    const dims = [90, 40, 31] as const;
    const shape: Shape = (i, j, k) => (Math.min((i - 45 - k) ** 2, (i - 45 + k) ** 2) + (j - 20) ** 2 < 64 ? 3 : 0);
    const map = await filledMap(dims, shape, every(6, 0, 30));
    expect(dice(dims, map, shape, 3, 0, 30)).toBeGreaterThan(0.93);
  });

  test("irregular gaps, and several segments that never take one another's voxels", async () => {
    const dims = [80, 80, 45] as const;
    const shape: Shape = (i, j, k) => {
      const r = Math.hypot(i - 40, j - 40);
      const outer = 20 + 8 * Math.sin(k / 10);
      return r < outer / 2 ? 1 : r < outer ? 65_535 : 0;
    };
    const map = await filledMap(dims, shape, [0, 3, 5, 12, 20, 21, 33, 44]);
    expect(dice(dims, map, shape, 1, 0, 44)).toBeGreaterThan(0.97);
    expect(dice(dims, map, shape, 65_535, 0, 44)).toBeGreaterThan(0.96);
  });

  test("a shape one pixel wide", async () => {
    const dims = [40, 40, 21] as const;
    const shape: Shape = (i, j) => (i === 20 && j > 5 && j < 30 ? 1 : 0);
    const map = await filledMap(dims, shape, [0, 10, 20]);
    expect(dice(dims, map, shape, 1, 0, 20)).toBe(1);
  });

  test("shapes at every border of the volume", async () => {
    const dims = [66, 65, 21] as const;
    const shape: Shape = (i, j) => (i < 3 || j < 3 || i > 62 || j > 61 ? 1 : 0);
    const map = await filledMap(dims, shape, [0, 10, 20]);
    expect(dice(dims, map, shape, 1, 0, 20)).toBe(1);
  });
});

describe("slices drawn at uneven distances", () => {
  const dims = [70, 66, 64] as const;
  const cone: Shape = (i, j, k) => ((i - 34) ** 2 + (j - 32) ** 2 < (5 + 0.35 * k) ** 2 ? 1 : 0);
  const areas = (map: Uint16Array): number[] =>
    Array.from({ length: dims[2] }, (_, k) => {
      const slice = map.subarray(k * dims[0] * dims[1], (k + 1) * dims[0] * dims[1]);
      return slice.reduce((sum, label) => sum + (label === 0 ? 0 : 1), 0);
    });

  test.each([
    [
      [15, 2],
      [2, 27],
      [4, 29],
    ],
    [
      [15, 2],
      [2, 40],
      [4, 41],
    ],
    [
      [12, 3],
      [6, 50],
      [5, 52],
    ],
  ] as const)(
    "a short gap beside a long one throws nothing out of shape: radius and slice %j, %j, %j",
    async (...discs) => {
      const radius = new Map<number, number>(discs.map(([r, k]) => [k, r]));
      const shape: Shape = (i, j, k) => ((i - 34) ** 2 + (j - 32) ** 2 <= (radius.get(k) ?? -1) ** 2 ? 1 : 0);
      const slices = [...radius.keys()];
      const found = areas(await filledMap(dims, shape, slices, { axis: 2, planes: slices }));
      // Between the first two slices it only shrinks, but for what the curve may add near the small end.
      for (let k = slices[0]! + 1; k <= slices[1]!; k++) {
        expect(found[k]!, `slice ${k}`).toBeLessThanOrEqual(found[k - 1]! + 8);
      }
    },
  );

  test("a slice more beside a drawn one makes nothing worse", async () => {
    const few = dice(dims, await filledMap(dims, cone, [4, 32, 60]), cone, 1, 4, 60);
    expect(few).toBeGreaterThan(0.89);
    for (const more of [31, 33, 34, 36, 5, 59]) {
      const slices = [4, 32, 60, more].sort((a, b) => a - b);
      expect(dice(dims, await filledMap(dims, cone, slices), cone, 1, 4, 60), `and ${more}`).toBeGreaterThan(
        few - 0.01,
      );
    }
  });

  test("neighbouring slices alone leave nothing to fill", async () => {
    await expect(filledMap(dims, cone, [10, 11, 12], { axis: 2 })).rejects.toMatchObject({ kind: "argument" });
  });
});

describe("a part that the next slice does not show", () => {
  test("closes about half-way, however long it is", async () => {
    const dims = [20, 100, 21] as const;
    const shape: Shape = (i, j, k) =>
      k === 0 ? (Math.abs(i - 10) < 5 && j > 5 && j < 95 ? 1 : 0) : k === 20 && i === 10 && j > 47 && j < 53 ? 1 : 0;
    const map = await filledMap(dims, shape, [0, 20]);
    const end = (k: number): number => map[(k * 100 + 12) * 20 + 10]!;
    expect([end(3), end(6), end(15)]).toEqual([1, 1, 0]);
  });
});

const ORDERS = [
  [1, 0, 2],
  [2, 1, 0],
  [0, 2, 1],
  [1, 2, 0],
  [2, 0, 1],
] as const;

describe("the order of the axes in storage", () => {
  for (const seed of [1, 2, 3, 4, 5, 6]) {
    const dims = [44, 52, 36] as const;
    const random = randomFrom(seed);
    const balls = Array.from(
      { length: 7 },
      () => [random() * 44, random() * 52, random() * 36, 4 + random() * 9] as const,
    );
    const shape: Shape = (i, j, k) => {
      const within = balls.findIndex(([x, y, z, r]) => (i - x) ** 2 + (j - y) ** 2 + (k - z) ** 2 < r * r);
      return within < 0 ? 0 : 1 + (within % 2);
    };
    const slices = [0, 4, 9, 10, 17, 24, 26, 35].filter(() => random() < 0.85);
    /** The labels, filled across the axis that is k of the shape, stored with axis n where `order` has n. */
    const filled = async (order: readonly number[], spacingMm: Vec3, flip: boolean): Promise<Uint16Array> => {
      const at = (j: number): number => (flip ? dims[1] - 1 - j : j);
      const place = [0, 1, 2].map((axis) => order.indexOf(axis));
      const stored = order.map((axis) => dims[axis]!) as unknown as Dims;
      const of = (ijk: readonly number[]): number => {
        const [i, j, k] = place.map((n) => ijk[n]!) as [number, number, number];
        return slices.includes(k) ? shape(i, at(j), k) : 0;
      };
      const kept = flatVolume(stored, "uint16", (...ijk) => of(ijk)).voxels;
      const spacing = order.map((axis) => spacingMm[axis]!) as unknown as Vec3;
      const request = { spacingMm: spacing, method: "shape", axis: place[2] as 0 | 1 | 2, planes: slices } as const;
      const map = flattenLabels(stored, (await kernels.fill(labelsOf(stored, kept), request)).bricks);
      const back = new Uint16Array(map.length);
      for (let k = 0, n = 0; k < dims[2]; k++) {
        for (let j = 0; j < dims[1]; j++) {
          for (let i = 0; i < dims[0]; i++, n++) {
            const [x, y, z] = order.map((axis) => [i, at(j), k][axis]!) as [number, number, number];
            back[n] = map[(z * stored[1] + y) * stored[0] + x]!;
          }
        }
      }
      return back;
    };
    const differing = (a: Uint16Array, b: Uint16Array): number =>
      a.reduce((sum, label, n) => sum + +(label !== b[n]), 0);

    for (const [what, spacingMm] of [
      ["square pixels", EVEN],
      ["pixels of 0.7 by 1.3 mm", [0.7, 1.3, 2.1]],
    ] as const) {
      test(`decides no voxel of a stack of ${what}, seed ${seed}`, async () => {
        const map = await filled([0, 1, 2], spacingMm, false);
        expect(map.some((label) => label > 0)).toBe(true);
        for (const order of ORDERS) {
          expect(differing(map, await filled(order, spacingMm, false)), `order ${order.join(" ")}`).toBe(0);
        }
      });
    }

    test(`of square pixels, mirrored, decides none either, seed ${seed}`, async () => {
      const map = await filled([0, 1, 2], EVEN, false);
      for (const order of [[0, 1, 2], ...ORDERS]) {
        expect(differing(map, await filled(order, EVEN, true)), `order ${order.join(" ")}`).toBe(0);
      }
    });
  }
});

describe("what the fill may touch", () => {
  const dims = [40, 40, 21] as const;
  const disc: Shape = (i, j) => ((i - 20) ** 2 + (j - 20) ** 2 < 100 ? 1 : 0);

  test("voxels of other segments between the slices stay as they are", async () => {
    const kept = flatVolume(dims, "uint16", (i, j, k) =>
      k % 10 === 0 ? disc(i, j, k) : i === 20 && k === 5 ? 8 : 0,
    ).voxels;
    const { bricks } = await kernels.fill(labelsOf(dims, kept), {
      axis: 2,
      spacingMm: EVEN,
      method: "shape",
      segments: [1],
    });
    const map = flattenLabels(dims, bricks);
    kept.forEach((label, n) => label !== 0 && expect(map[n]).toBe(0));
    expect(new Set(map)).toEqual(new Set([0, 1]));
  });

  test("only the chosen segments are filled", async () => {
    const two: Shape = (i, j, k) => disc(i, j, k) || (i < 5 ? 2 : 0);
    const map = await filledMap(dims, two, [0, 10, 20], { segments: [2], axis: 2 });
    expect(dice(dims, map, two, 2, 1, 9)).toBe(1);
    expect(dice(dims, map, two, 1, 1, 9)).toBe(0);
  });

  test("segments drawn on different slices are each filled between their own", async () => {
    const kept = flatVolume(dims, "uint16", (i, j, k) =>
      k % 10 === 0 && disc(i, j, k) ? 1 : k % 10 === 5 && i < 5 ? 2 : 0,
    ).voxels;
    const map = flattenLabels(
      dims,
      (await kernels.fill(labelsOf(dims, kept), { axis: 2, spacingMm: EVEN, method: "shape" })).bricks,
    );
    for (const k of [1, 5, 9, 15]) expect(map[(k * 40 + 20) * 40 + 20]).toBe(1);
    for (const k of [6, 10, 14]) expect(map[(k * 40 + 20) * 40 + 2]).toBe(2);
  });

  test("a named slice without the segment ends it", async () => {
    const kept = flatVolume(dims, "uint16", (i, j, k) => (k === 0 || k === 20 ? disc(i, j, k) : 0)).voxels;
    const request = { axis: 2, spacingMm: EVEN, method: "shape" } as const;
    const middle = async (planes?: number[]) =>
      flattenLabels(
        dims,
        (await kernels.fill(labelsOf(dims, kept), { ...request, ...(planes ? { planes } : {}) })).bricks,
      )[(10 * 40 + 20) * 40 + 20];
    expect(await middle()).toBe(1);
    expect(await middle([0, 10, 20])).toBe(0);
  });
});

describe("the axis", () => {
  const spacing = [0.7, 1.3, 2.9] as const;
  const edges = [45, 50, 41] as const;
  const random = randomFrom(3);
  const blobs = Array.from({ length: 5 }, (_, n) => ({
    at: edges.map((edge) => random() * edge),
    r: 5 + random() * 9,
    label: n + 1,
  }));
  const shape: Shape = (i, j, k) =>
    k % 8 === 0
      ? (blobs.find(({ at, r }) => (i - at[0]!) ** 2 + (j - at[1]!) ** 2 + (k - at[2]!) ** 2 < r * r)?.label ?? 0)
      : 0;

  /** The same labels with the axes stored in another order. */
  async function filledIn(order: Dims): Promise<Map<string, number>> {
    const dims = order.map((axis) => edges[axis]!) as unknown as Dims;
    const back = (ijk: readonly number[]) =>
      [0, 1, 2].map((axis) => ijk[order.indexOf(axis)]!) as [number, number, number];
    const kept = flatVolume(dims, "uint16", (...ijk) => shape(...back(ijk))).voxels;
    const spacingMm = order.map((axis) => spacing[axis]!) as unknown as Dims;
    const { bricks } = await kernels.fill(labelsOf(dims, kept), { spacingMm, method: "shape" });
    const found = new Map<string, number>();
    flattenLabels(dims, bricks).forEach((label, n) => {
      const ijk = [n % dims[0], Math.floor(n / dims[0]) % dims[1], Math.floor(n / (dims[0] * dims[1]))];
      if (label !== 0) found.set(back(ijk).join(), label);
    });
    return found;
  }

  for (const order of [
    [0, 2, 1],
    [1, 0, 2],
    [1, 2, 0],
    [2, 0, 1],
    [2, 1, 0],
  ] as const) {
    test(`is found, and the result does not depend on it: stored as ${order.join("")}`, async () => {
      const expected = await filledIn([0, 1, 2]);
      const found = await filledIn(order);
      expect(expected.size).toBeGreaterThan(1000);
      expect(found).toEqual(new Map([...found.keys()].map((key) => [key, expected.get(key)])));
      expect(found.size).toBe(expected.size);
    });
  }

  test("is several where slices of two axes are annotated", async () => {
    const size = [40, 40, 40] as const;
    const ball: Shape = (i, j, k) => ((i - 20) ** 2 + (j - 20) ** 2 + (k - 20) ** 2 < 200 ? 1 : 0);
    const drawn: Shape = (i, j, k) => (k % 10 === 0 || i % 10 === 0 ? ball(i, j, k) : 0);
    const labels = labelsOf(size, flatVolume(size, "uint16", drawn).voxels);
    const { bricks } = await kernels.fill(labels, { spacingMm: EVEN, method: "shape" });
    const map = flattenLabels(size, bricks);
    expect(dice(size, map, (i, j, k) => (k % 10 === 0 || i % 10 === 0 ? 0 : ball(i, j, k)), 1, 0, 39)).toBeGreaterThan(
      0.97,
    );
  });

  const nothing: readonly (readonly [string, Shape])[] = [
    ["no label", () => 0],
    ["one slice", (_i, _j, k) => (k === 5 ? 1 : 0)],
    ["no gap", (_i, _j, k) => (k > 5 && k < 9 ? 1 : 0)],
  ];
  for (const [name, shapeOf] of nothing) {
    test(`${name}: there is nothing to fill, and it is said`, async () => {
      const labels = labelsOf([20, 20, 20], flatVolume([20, 20, 20], "uint16", shapeOf).voxels);
      await expect(kernels.fill(labels, { spacingMm: EVEN, method: "shape" })).rejects.toMatchObject({
        kind: "argument",
      });
      await expect(kernels.fill(labels, { axis: 2, spacingMm: EVEN, method: "shape" })).rejects.toMatchObject({
        kind: "argument",
      });
    });
  }
});

test("spacing from 0.1 to 10 mm alike along all axes changes no voxel", async () => {
  const dims = [60, 60, 21] as const;
  const shape: Shape = (i, j, k) => ((i - 30) ** 2 + (j - 30) ** 2 < (10 + k / 2) ** 2 ? 1 : 0);
  const maps = await Promise.all(
    [0.1, 1, 10].map((s) => filledMap(dims, shape, [0, 10, 20], { spacingMm: [s, s, s] })),
  );
  for (const map of maps) expect(Buffer.compare(Buffer.from(map.buffer), Buffer.from(maps[1]!.buffer))).toBe(0);
  expect(dice(dims, maps[1]!, shape, 1, 0, 20)).toBeGreaterThan(0.98);
});

test("what a new slice changes is filled again between the second drawn ones on either side", async () => {
  const dims = [60, 60, 81] as const;
  const shape: Shape = (i, j, k) => ((i - 30 + k / 8) ** 2 + (j - 30) ** 2 < (12 + 5 * Math.sin(k / 9)) ** 2 ? 1 : 0);
  const [before, after] = [every(10, 0, 80), [...every(10, 0, 40), 44, ...every(10, 50, 80)]];
  const whole = await filledMap(dims, shape, after, { axis: 2 });
  const part = await filledMap(dims, shape, after, { axis: 2, between: [30, 60] });
  const old = await filledMap(dims, shape, before, { axis: 2 });
  const slice = (map: Uint16Array, k: number) => Buffer.from(map.slice(k * 3600, (k + 1) * 3600).buffer);
  for (let k = 0; k <= 80; k++) {
    const as = slice(k > 30 && k < 60 ? part : old, k);
    expect(Buffer.compare(as, slice(whole, k)), `slice ${k}`).toBe(0);
    if ((k <= 30 || k >= 60) && !after.includes(k)) expect(slice(part, k).every((byte) => byte === 0)).toBe(true);
  }
  await expect(
    filledMap(dims, shape, after, {
      drawn: [
        { axis: 0, index: 9 },
        { axis: 2, index: 20 },
      ],
      between: [1, 9],
    }),
  ).rejects.toThrow("as a whole");
});

test("an aborted fill ends with AbortError", async () => {
  const dims = [200, 200, 60] as const;
  const labels = labelsOf(
    dims,
    flatVolume(dims, "uint16", (i, j, k) => (k % 20 === 0 && i > 5 && j > 5 ? 1 + (i >> 5) : 0)).voxels,
  );
  const abort = new AbortController();
  const call = kernels.fill(
    labels,
    { spacingMm: EVEN, method: "shape" },
    { signal: abort.signal, onProgress: () => abort.abort() },
  );
  await expect(call).rejects.toMatchObject({ name: "AbortError" });
});

test("the weights of the curve reproduce lines always and parabolas where all four slices are there", () => {
  for (const [before, from, to, after] of [
    [0, 3, 10, 12],
    [0, 10, 20, 30],
  ] as const) {
    for (let z = from; z <= to; z += 0.5) {
      const at = (f: (z: number) => number, w: readonly number[]) =>
        w[0]! * f(before) + w[1]! * f(from) + w[2]! * f(to) + w[3]! * f(after);
      const line = (x: number) => 3 - 2 * x;
      expect(at((x) => x * x, curveWeights(z, before, from, to, after))).toBeCloseTo(z * z, 9);
      for (const [b, a] of [
        [before, after],
        [undefined, after],
        [before, undefined],
        [undefined, undefined],
      ] as const) {
        expect(at(line, curveWeights(z, b, from, to, a))).toBeCloseTo(line(z), 9);
      }
    }
  }
});
