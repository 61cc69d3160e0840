import type { Dims } from "#volume";
import type { FillRequest } from "#workers";
import { describe, expect, test } from "vitest";
import { bestWeight, WEIGHTS } from "../../src/workers/fill/image-trial.ts";
import { inlineKernels } from "./support/kernels.ts";
import { flattenLabels, flatVolume, imageOf, labelsOf, randomFrom } from "./support/volumes.ts";

const kernels = inlineKernels();
const dims: Dims = [60, 56, 41];
const spacingMm = [0.9, 0.9, 1.5] as const;
const slices = [0, 8, 16, 24, 32, 40];
/** A shape that sways between its drawn slices, so that shapes alone are wrong. */
const swaying = (i: number, j: number, k: number) =>
  Math.hypot(i - 30 - 4 * Math.sin((k * Math.PI) / 8 + 0.4), j - 28) < 11 ? (j < 28 ? 3 : 6) : 0;
const truth = flatVolume(dims, "uint16", swaying).voxels as Uint16Array;
const drawn = flatVolume(dims, "uint16", (i, j, k) => (k % 8 === 0 ? swaying(i, j, k) : 0)).voxels as Uint16Array;
const request = { axis: 2, planes: slices, spacingMm } as const;

function noisy(seed: number, contrast: number, noise: number) {
  const random = randomFrom(seed);
  return flatVolume(dims, "float32", (i, j, k) => {
    const label = swaying(i, j, k);
    return 40 + (label === 0 ? 0 : label === 3 ? contrast : 2 * contrast) + noise * (random() + random() - 1);
  });
}

async function fillOf(more: Partial<FillRequest>, by = kernels) {
  const proposal = await by.fill(labelsOf(dims, drawn), { ...request, method: "shape", ...more });
  return { map: flattenLabels(dims, proposal.bricks), proposal };
}

const wrong = (map: Uint16Array) => map.reduce((sum, label, n) => sum + ((drawn[n] || label) === truth[n] ? 0 : 1), 0);

describe("a fill that looks at the image", () => {
  test.each([1, 2, 3])("is nearer to the truth where there is contrast, seed %i", async (seed) => {
    const { map, proposal } = await fillOf({ method: "image", image: imageOf(noisy(seed, 30, 12)) });
    expect(proposal.image).toMatchObject({ used: true, gains: [{ z: 8 }, { z: 16 }, { z: 24 }, { z: 32 }] });
    expect(wrong(map)).toBeLessThan(0.9 * wrong((await fillOf({})).map));
  });

  const useless = [
    ["without contrast", () => flatVolume(dims, "int16", () => 7)],
    ["of nothing but NaN", () => flatVolume(dims, "float32", () => Number.NaN)],
    ["of noise", () => noisy(4, 0, 50)],
  ] as const;
  test.each(useless)("%s is the fill by shape, voxel for voxel, and says so", async (_, image) => {
    const { map, proposal } = await fillOf({ method: "image", image: imageOf(image()) });
    expect(map).toEqual((await fillOf({})).map);
    expect(proposal.image!.used).toBe(false);
    expect(proposal.note).toMatch(/filled by shape/);
  });

  test.each(["int8", "uint8", "int16", "uint16", "int32", "uint32", "float32"] as const)(
    "gives the same from %s",
    async (type) => {
      const whole = (i: number, j: number, k: number) =>
        [5, 0, 0, 60, 0, 0, 110][swaying(i, j, k)]! + ((i * 7 + j * 5 + k * 3) % 9);
      const { map, proposal } = await fillOf({ method: "image", image: imageOf(flatVolume(dims, type, whole)) });
      expect(proposal.image!.used).toBe(true);
      const expected = await fillOf({ method: "image", image: imageOf(flatVolume(dims, "float32", whole)) });
      expect(map).toEqual(expected.map);
    },
  );

  test("leaves out voxels that are NaN", async () => {
    const image = noisy(5, 30, 12);
    for (let n = 0; n < image.voxels.length; n += 11) image.voxels[n] = Number.NaN;
    const { map } = await fillOf({ method: "image", image: imageOf(image) });
    expect(wrong(map)).toBeLessThan(0.95 * wrong((await fillOf({})).map));
  });

  test("does not depend on the order of the axes in storage", async () => {
    const { map } = await fillOf({ method: "image", image: imageOf(noisy(6, 30, 12)) });
    const image = noisy(6, 30, 12);
    const turned: Dims = [dims[2], dims[0], dims[1]];
    const from = (k: number, i: number, j: number) => (k * dims[1] + j) * dims[0] + i;
    const labels = flatVolume(turned, "uint16", (k, i, j) => drawn[from(k, i, j)]!).voxels;
    const voxels = flatVolume(turned, "float32", (k, i, j) => image.voxels[from(k, i, j)]!);
    const { bricks } = await kernels.fill(labelsOf(turned, labels), {
      method: "image",
      image: imageOf(voxels),
      axis: 0,
      planes: slices,
      spacingMm: [spacingMm[2], spacingMm[0], spacingMm[1]],
    });
    const other = flattenLabels(turned, bricks);
    let differ = 0;
    for (let j = 0, n = 0; j < dims[1]; j++) {
      for (let i = 0; i < dims[0]; i++)
        for (let k = 0; k < dims[2]; k++, n++) if (other[n] !== map[from(k, i, j)]) differ++;
    }
    expect(differ).toBeLessThanOrEqual(map.length / 10_000);
  });

  test("where two drawn slices cannot tell whether it helps it is used, a little", async () => {
    const image = imageOf(noisy(7, 30, 12));
    const two = { planes: [8, 16], image };
    const { map, proposal } = await fillOf({ method: "image", ...two });
    expect(proposal.image).toEqual({ used: true, gains: [] });
    expect(wrong(map)).toBeLessThan(wrong((await fillOf(two)).map));
  });

  test("parts of a stack give what the whole does", async () => {
    const more = { method: "image", image: imageOf(noisy(8, 30, 12)) } as const;
    const { map } = await fillOf(more);
    for (const between of [
      [8, 16],
      [8, 32],
    ] as const) {
      const part = (await fillOf({ ...more, between })).map;
      const layer = dims[0] * dims[1];
      const [from, to] = between.map((k) => k * layer) as [number, number];
      expect(part.slice(from, to)).toEqual(map.slice(from, to));
    }
  });

  const refused: readonly (readonly [string, Partial<FillRequest>])[] = [
    ["no image", {}],
    ["an image of another size", { image: imageOf(flatVolume([60, 56, 40], "int8", () => 0)) }],
  ];
  test.each(refused)("%s is refused with an argument error", async (_, more) => {
    await expect(fillOf({ method: "image", ...more })).rejects.toMatchObject({ kind: "argument" });
  });

  /** Voxels within half a voxel of planes 7 mm apart along i and k alike. */
  const turned = [0, 1, 2, 3, 4, 5, 6, 7, 8].map((n) => ({
    point: [(7 * n * Math.SQRT1_2) / 0.9, 0, (7 * n * Math.SQRT1_2) / 1.5] as const,
    normal: [1, 0, 1] as const,
  }));
  const depth = (i: number, k: number) => (i * 0.9 + k * 1.5) * Math.SQRT1_2;
  const beside = [...slices.map((index) => ({ axis: 2, index }) as const), { axis: 0, index: 30 } as const];
  const crossing = [
    ...[4, 20, 36].map((index) => ({ axis: 2, index }) as const),
    ...[22, 30, 38].map((index) => ({ axis: 0, index }) as const),
    ...[20, 28, 36].map((index) => ({ axis: 1, index }) as const),
  ];
  type IsDrawn = (i: number, j: number, k: number) => boolean;
  const onTurned: IsDrawn = (i, _, k) => Math.abs(depth(i, k) - 7 * Math.round(depth(i, k) / 7)) < 0.4;
  const onCrossing: IsDrawn = (...ijk) => crossing.some(({ axis, index }) => ijk[axis] === index);
  const directions = [
    ["parallel planes across no axis", turned, onTurned],
    ["a stack and a plane across it", beside, ((i, _, k) => k % 8 === 0 || i === 30) as IsDrawn],
    ["planes of three directions", crossing, onCrossing],
  ] as const;
  test.each(directions)("is nearer to the truth between %s", async (_, planes, isDrawn) => {
    const given = flatVolume(dims, "uint16", (i, j, k) => (isDrawn(i, j, k) ? swaying(i, j, k) : 0)).voxels;
    const off = async (more: Pick<FillRequest, "method" | "image">) => {
      const { bricks, image } = await kernels.fill(labelsOf(dims, given), { spacingMm, drawn: planes, ...more });
      const map = flattenLabels(dims, bricks);
      const used = image?.used;
      return { used, wrong: map.reduce((sum, label, n) => sum + ((given[n] || label) === truth[n] ? 0 : 1), 0) };
    };
    const shape = await off({ method: "shape" });
    const looked = await off({ method: "image", image: imageOf(noisy(9, 30, 12)) });
    expect(looked.used).toBe(true);
    expect(looked.wrong).toBeLessThan(0.9 * shape.wrong);
  });

  test("an aborted one ends with AbortError, and the next call works", async () => {
    const abort = new AbortController();
    const size: Dims = [200, 200, 60];
    const stripes = (i: number, j: number, k: number) => (k % 20 === 0 && i > 5 && j > 5 ? 1 + (i >> 5) : 0);
    const call = kernels.fill(
      labelsOf(size, flatVolume(size, "uint16", stripes).voxels),
      { spacingMm, method: "image", image: imageOf(flatVolume(size, "uint8", (i, j, k) => (i * 7 + j * 5 + k) & 31)) },
      { signal: abort.signal, onProgress: () => abort.abort() },
    );
    await expect(call).rejects.toMatchObject({ name: "AbortError" });
    const { proposal } = await fillOf({ method: "image", image: imageOf(noisy(1, 30, 12)) });
    expect(proposal.voxels).toBeGreaterThan(1000);
  });

  test("too small a memory ends with a limit error", async () => {
    const small = inlineKernels(3 * 2 ** 19);
    await expect(fillOf({ method: "image", image: imageOf(noisy(1, 30, 12)) }, small)).rejects.toMatchObject({
      kind: "limit",
    });
  });
});

describe("how much the image counts", () => {
  const [small, large] = WEIGHTS;
  test.each([
    [[[], []], small],
    [[[0], [0]], small],
    [[[0], [0.01]], large],
    [[[-0.01], [-0.02]], 0],
    [[[0.01], [0.02]], large],
    [
      [
        [0.01, 0.012, 0.011],
        [0.011, 0.013, 0.012],
      ],
      small,
    ],
    [
      [
        [0.01, 0.012, 0.011],
        [0.02, 0.022, 0.021],
      ],
      large,
    ],
    [
      [
        [0.03, -0.02, 0.001],
        [0.03, -0.02, 0.001],
      ],
      0,
    ],
    [
      [
        [0.5, 0.001, 0.002, -0.001, 0.0],
        [0.5, 0.001, 0.002, -0.001, 0.0],
      ],
      0,
    ],
  ])("gains of %j: weight %s", (gains, weight) => {
    expect(bestWeight(gains)).toBe(weight);
  });
});
