import type { Dims } from "#volume";
import { describe, expect, test } from "vitest";
import { inlineKernels } from "./support/kernels.ts";
import { flatVolume, flattenLabels, imageOf, labelsOf, randomFrom } from "./support/volumes.ts";

const kernels = inlineKernels();
const dims = [60, 50, 41] as const;
const spacingMm = [1, 1, 1.5] as const;

type Shape = (i: number, j: number, k: number) => number;
const drawnOn = (planes: readonly number[], shape: Shape) =>
  labelsOf(dims, flatVolume(dims, "uint16", (i, j, k) => (planes.includes(k) ? shape(i, j, k) : 0)).voxels);
const request = (planes: readonly number[]) => ({ axis: 2, planes, spacingMm, method: "shape" }) as const;

const cylinder: Shape = (i, j) => ((i - 30) ** 2 + (j - 25) ** 2 < 150 ? 3 : 0);
const hourglass: Shape = (i, j, k) => ((i - 30) ** 2 + (j - 25) ** 2 < (4 + Math.abs(k - 20) / 2) ** 2 ? 3 : 0);
/** Straight up to slice 20, then ever wider. */
const funnel: Shape = (i, j, k) => ((i - 30) ** 2 + (j - 25) ** 2 < (6 + Math.max(0, k - 20) / 1.5) ** 2 ? 3 : 0);

const wrong = (certainty: Float32Array) => certainty.reduce((sum, chance) => sum + 1 - chance, 0);

describe("certainty", () => {
  test("is 1 on drawn slices and where no shape comes near, and least at outlines", async () => {
    const labels = drawnOn([0, 20, 40], hourglass);
    const drawn = await kernels.fillCertainty(labels, request([0, 20, 40]), { axis: 2, index: 20 });
    expect(drawn.size).toEqual([60, 50]);
    expect(Math.min(...drawn.certainty)).toBe(1);
    const { certainty } = await kernels.fillCertainty(labels, request([0, 20, 40]), { axis: 2, index: 10 });
    expect(certainty[0]).toBe(1);
    expect(certainty[25 * 60 + 30]).toBeGreaterThan(0.9);
    expect(Math.min(...certainty)).toBeLessThan(0.7);
    expect(Math.min(...certainty)).toBeGreaterThanOrEqual(0.5);
  });

  test("is less in the middle of a gap, and where drawn slices differ", async () => {
    const at = async (shape: Shape, index: number) =>
      wrong(
        (await kernels.fillCertainty(drawnOn([0, 20, 40], shape), request([0, 20, 40]), { axis: 2, index })).certainty,
      );
    expect(await at(hourglass, 10)).toBeGreaterThan(await at(hourglass, 3));
    expect(await at(hourglass, 10)).toBeGreaterThan(2 * (await at(cylinder, 10)));
  });

  test("is the same voxel seen from another axis", async () => {
    const labels = drawnOn([0, 20, 40], hourglass);
    const across = await kernels.fillCertainty(labels, request([0, 20, 40]), { axis: 2, index: 10 });
    const along = await kernels.fillCertainty(labels, request([0, 20, 40]), { axis: 1, index: 25 });
    expect(along.size).toEqual([60, 41]);
    expect(along.certainty.subarray(600, 660)).toEqual(across.certainty.subarray(1500, 1560));
  });

  describe.each([1, 2])("with an image of the shape, seed %i", (seed) => {
    const random = randomFrom(seed);
    const slices = [0, 8, 16, 24, 32, 40];
    const swaying: Shape = (i, j, k) =>
      Math.hypot(i - 30 - 4 * Math.sin((k * Math.PI) / 8 + 0.4), j - 25) < 11 ? (j < 25 ? 3 : 6) : 0;
    const image = imageOf(flatVolume(dims, "float32", (i, j, k) => 10 * swaying(i, j, k) + 24 * (random() - 0.5)));
    const labels = drawnOn(slices, swaying);
    const looking = { ...request(slices), method: "image", image } as const;

    test("is the less for what is wrong", async () => {
      const filled = flattenLabels(dims, (await kernels.fill(labels, looking)).bricks);
      for (const index of [4, 11, 29]) {
        const { certainty } = await kernels.fillCertainty(labels, looking, { axis: 2, index });
        const shape = (await kernels.fillCertainty(labels, request(slices), { axis: 2, index })).certainty;
        const isWrong = (n: number) => filled[index * 3000 + n] !== swaying(n % 60, Math.floor(n / 60), index);
        const voxels = [...certainty.keys()];
        const wrongVoxels = voxels.filter(isWrong).length;
        /** Wrong ones among as many as there are that are least sure. */
        const found = (sure: Float32Array) =>
          voxels
            .toSorted((a, b) => sure[a]! - sure[b]!)
            .slice(0, wrongVoxels)
            .filter(isWrong).length;
        expect(found(certainty)).toBeGreaterThan(found(shape));
        expect(wrong(certainty)).toBeLessThan(wrong(shape));
        expect(Math.min(...certainty)).toBeGreaterThanOrEqual(0.5);
      }
    });

    test("is 1 on drawn slices, and the same voxel seen from another axis", async () => {
      const drawn = await kernels.fillCertainty(labels, looking, { axis: 2, index: 16 });
      expect(Math.min(...drawn.certainty)).toBe(1);
      const across = await kernels.fillCertainty(labels, looking, { axis: 2, index: 11 });
      const along = await kernels.fillCertainty(labels, looking, { axis: 1, index: 20 });
      expect(along.certainty.subarray(11 * 60, 12 * 60)).toEqual(across.certainty.subarray(20 * 60, 21 * 60));
    });

    test("an image of another size is refused", async () => {
      const small = imageOf(flatVolume([60, 50, 40], "int8", () => 0));
      const ask = kernels.fillCertainty(labels, { ...looking, image: small }, { axis: 2, index: 4 });
      await expect(ask).rejects.toMatchObject({ kind: "argument" });
    });
  });

  test("between planes of several directions is 1 on them and less far from them", async () => {
    const drawn = [
      { axis: 2, index: 20 },
      { axis: 0, index: 30 },
    ] as const;
    const ball: Shape = (i, j, k) => ((i - 30) ** 2 + (j - 25) ** 2 + (1.5 * (k - 20)) ** 2 < 300 ? 3 : 0);
    const on: Shape = (i, j, k) => (k === 20 || i === 30 ? ball(i, j, k) : 0);
    const labels = labelsOf(dims, flatVolume(dims, "uint16", on).voxels);
    const ask = (slice: { axis: 0 | 1 | 2; index: number }) =>
      kernels.fillCertainty(labels, { drawn, spacingMm, method: "shape" }, slice);
    expect(Math.min(...(await ask(drawn[0])).certainty)).toBe(1);
    const near = wrong((await ask({ axis: 2, index: 21 })).certainty);
    expect(wrong((await ask({ axis: 2, index: 26 })).certainty)).toBeGreaterThan(near);
  });
});

describe("the next slice", () => {
  test("lies where drawn slices differ, not in the widest gap", async () => {
    const planes = [0, 22, 40];
    const next = await kernels.nextSlice(drawnOn(planes, funnel), request(planes), [2]);
    expect(next.axis).toBe(2);
    expect(next.index).toBeGreaterThan(26);
    expect(next.index).toBeLessThan(36);
    expect(next.voxels).toBeGreaterThan(0);
    expect(next.ml).toBeCloseTo((next.voxels * 1.5) / 1000, 9);
    expect(next.wrongVoxels).toBeGreaterThan(next.voxels / 2);
  });

  test("leaves less in doubt once it is drawn", async () => {
    const planes = [0, 22, 40];
    const next = await kernels.nextSlice(drawnOn(planes, funnel), request(planes), [2]);
    const more = [...planes, next.index].sort((a, b) => a - b);
    const then = await kernels.nextSlice(drawnOn(more, funnel), request(more), [2]);
    expect(then.wrongVoxels).toBeLessThan(next.wrongVoxels);
  });

  test("may lie across any axis", async () => {
    const labels = drawnOn([0, 40], hourglass);
    for (const axis of [0, 1, 2] as const) {
      expect((await kernels.nextSlice(labels, request([0, 40]), [axis])).axis).toBe(axis);
    }
  });

  test("is refused where there is nothing to fill, and outside the volume", async () => {
    const labels = drawnOn([5], cylinder);
    await expect(kernels.nextSlice(labels, request([5]))).rejects.toMatchObject({ kind: "argument" });
    const slice = { axis: 2, index: 41 } as const;
    await expect(kernels.fillCertainty(drawnOn([0, 40], cylinder), request([0, 40]), slice)).rejects.toMatchObject({
      kind: "argument",
    });
  });
});

test("a slice in the order of axes stored otherwise is as sure", async () => {
  const turned: Dims = [dims[2], dims[0], dims[1]];
  const labels = labelsOf(
    turned,
    flatVolume(turned, "uint16", (k, i, j) => ([0, 20, 40].includes(k) ? hourglass(i, j, k) : 0)).voxels,
  );
  const slice = await kernels.fillCertainty(drawnOn([0, 20, 40], hourglass), request([0, 20, 40]), {
    axis: 2,
    index: 7,
  });
  const other = await kernels.fillCertainty(
    labels,
    { axis: 0, planes: [0, 20, 40], spacingMm: [1.5, 1, 1], method: "shape" },
    { axis: 0, index: 7 },
  );
  expect(other.certainty).toEqual(slice.certainty);
});
