import type { Dims } from "#volume";
import { describe, expect, test } from "vitest";
import { holesReference } from "../../src/workers/reference/holes.ts";
import { componentCases, type LabelCase, randomLabels } from "./support/component-cases.ts";
import { inlineKernels } from "./support/kernels.ts";
import { applied, same } from "./support/proposals.ts";
import { flatVolume, labelsOf } from "./support/volumes.ts";

const kernels = inlineKernels();

function shape(name: string, dims: Dims, value: (i: number, j: number, k: number) => number): LabelCase {
  return { name, dims, labels: flatVolume(dims, "uint16", value).voxels as Uint16Array };
}

/** A box with walls one voxel thick, from `min` to before `max`. */
const isWall = (min: Dims, max: Dims, ijk: Dims): boolean =>
  ijk.every((n, axis) => n >= min[axis]! && n < max[axis]!) &&
  ijk.some((n, axis) => n === min[axis] || n === max[axis]! - 1);

const cases: readonly LabelCase[] = [
  shape("a closed box over many bricks, with bricks that are empty inside", [134, 133, 132], (i, j, k) =>
    isWall([60, 59, 58], [131, 131, 130], [i, j, k]) ? 4 : 0,
  ),
  shape("a box with a gap of one voxel", [70, 70, 70], (i, j, k) =>
    isWall([3, 3, 3], [67, 66, 66], [i, j, k]) && !(i === 66 && j === 30 && k === 30) ? 4 : 0,
  ),
  shape("a box with a gap over an edge", [70, 70, 70], (i, j, k) =>
    isWall([3, 3, 3], [66, 67, 68], [i, j, k]) && !(i === 3 && j === 3) ? 4 : 0,
  ),
  shape("a box with a gap at a corner", [70, 70, 70], (i, j, k) =>
    isWall([3, 3, 3], [66, 67, 68], [i, j, k]) && !(i === 3 && j === 3 && k === 3) ? 4 : 0,
  ),
  shape("walls along the border of the volume", [66, 65, 67], (i, j, k) =>
    isWall([0, 0, 0], [66, 65, 67], [i, j, k]) ? 4 : 0,
  ),
  shape("a box that is open at the border of the volume", [66, 65, 67], (i, j, k) =>
    isWall([-1, 5, 5], [60, 60, 60], [i, j, k]) ? 4 : 0,
  ),
  shape("a tube along k", [70, 70, 66], (i, j) => (isWall([10, 10, -5], [66, 66, 200], [i, j, 0]) ? 4 : 0)),
  shape("a tube along i", [66, 70, 70], (_i, j, k) => (isWall([-5, 10, 10], [200, 66, 66], [0, j, k]) ? 4 : 0)),
  shape("boxes in boxes, of other segments and full of one another", [100, 74, 72], (i, j, k) => {
    if (isWall([2, 2, 2], [98, 72, 70], [i, j, k])) return 1;
    if (isWall([6, 6, 6], [94, 68, 67], [i, j, k])) return 2;
    if (isWall([20, 20, 20], [60, 60, 60], [i, j, k])) return 1;
    return i > 70 && i < 90 && j > 30 && j < 50 && k > 30 && k < 50 ? 3 : 0;
  }),
  ...componentCases.filter(({ name }) =>
    /nothing|full|one voxel$|layer|chequers|shells|serpentine|share 0.9, 3|share 0.5, 1/.test(name),
  ),
  randomLabels(61, [70, 66, 65], 0.7, 1),
  randomLabels(62, [66, 66, 67], 0.8, 2, 4),
];

describe("filled holes equal a search through the background", () => {
  for (const { name, dims, labels } of cases) {
    test(name, async () => {
      const map = labelsOf(dims, labels);
      for (const connectivity of [26, 6] as const) {
        for (const axis of [undefined, 0, 1, 2] as const) {
          const request = { connectivity, ...(axis === undefined ? {} : { axis }) };
          const proposal = await kernels.holes(map, request);
          const found = applied(dims, new Uint16Array(labels.length), proposal);
          expect(same(found, holesReference(labels, dims, request)), `${connectivity}, axis ${axis}`).toBe(true);
        }
      }
    });
  }
});

describe("what is asked for", () => {
  const { dims, labels } = cases.find(({ name }) => name.startsWith("boxes"))!;
  const map = labelsOf(dims, labels);

  test("some segments", async () => {
    for (const segments of [[1], [2], [1, 3]]) {
      const request = { segments, connectivity: 26 } as const;
      const found = applied(dims, new Uint16Array(labels.length), await kernels.holes(map, request));
      expect(same(found, holesReference(labels, dims, request))).toBe(true);
    }
  });

  test("holes up to a size, within bricks and over them", async () => {
    const noise = randomLabels(63, [70, 70, 66], 0.72, 1);
    for (const [item, sizes] of [
      [{ dims, labels }, [54_871, 54_872, 54_873]],
      [noise, [1, 2, 10]],
    ] as const) {
      for (const mostVoxels of sizes) {
        for (const axis of item === noise ? ([undefined, 0] as const) : [undefined]) {
          const request = { connectivity: 26, mostVoxels, ...(axis === undefined ? {} : { axis }) } as const;
          const proposal = await kernels.holes(labelsOf(item.dims, item.labels), request);
          const found = applied(item.dims, new Uint16Array(item.labels.length), proposal);
          expect(same(found, holesReference(item.labels, item.dims, request)), String(mostVoxels)).toBe(true);
        }
      }
    }
  });

  test.each([
    [{ connectivity: 4 as 6 }, /6, 18 or 26/],
    [{ connectivity: 26, axis: 3 as 2 }, /0, 1 or 2/],
    [{ connectivity: 26, mostVoxels: 0 }, /1 or more/],
    [{ connectivity: 26, segments: [70_000] }, /from 1 to 65535/],
  ] as const)("refuses what makes no sense: %j", async (request, says) => {
    await expect(kernels.holes(map, request)).rejects.toMatchObject({
      kind: "argument",
      message: expect.stringMatching(says) as string,
    });
  });

  test("too small a budget ends with what to do, an abort with nothing, and the next call works", async () => {
    const request = { connectivity: 26 } as const;
    await expect(inlineKernels(2 ** 22).holes(map, request)).rejects.toMatchObject({ kind: "limit" });
    const abort = new AbortController();
    const noise = randomLabels(64, [200, 200, 130], 0.72, 1);
    const long = labelsOf(noise.dims, noise.labels);
    const call = kernels.holes(long, request, { signal: abort.signal, onProgress: () => abort.abort() });
    await expect(call).rejects.toMatchObject({ name: "AbortError" });
    expect((await kernels.holes(map, request)).voxels).toBeGreaterThan(0);
  });
});
