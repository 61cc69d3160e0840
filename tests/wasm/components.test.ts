import type { ComponentRow } from "#workers";
import { describe, expect, test } from "vitest";
import { componentsReference } from "../../src/workers/reference/components.ts";
import { componentCases, randomLabels } from "./support/component-cases.ts";
import { inlineKernels } from "./support/kernels.ts";
import { flatVolume, labelsOf } from "./support/volumes.ts";

const kernels = inlineKernels();

/** A row as text: comparing these is a hundred times as fast as comparing the rows. */
function textOf({ segment, number, voxels, firstVoxel, box }: ComponentRow): string {
  return [segment, number, voxels, ...firstVoxel, ...box.min, ...box.max].join();
}

describe("components equal a plain search", () => {
  for (const { name, dims, labels } of componentCases) {
    test(name, async () => {
      const map = labelsOf(dims, labels);
      for (const connectivity of [6, 18, 26] as const) {
        const expected = componentsReference(labels, dims, connectivity).rows;
        const { rows, segments } = await kernels.components(map, { connectivity });
        expect(rows.length, `${connectivity} neighbours`).toBe(expected.length);
        expect(rows.findIndex((row, n) => textOf(row) !== textOf(expected[n]!))).toBe(-1);
        expect(segments.reduce((sum, { components }) => sum + components, 0)).toBe(rows.length);
        expect(segments.reduce((sum, { voxels }) => sum + voxels, 0)).toBe(
          rows.reduce((sum, { voxels }) => sum + voxels, 0),
        );
      }
    });
  }
});

describe("what is asked for", () => {
  const { dims, labels } = randomLabels(41, [70, 66, 65], 0.25, 3);
  const map = labelsOf(dims, labels);

  test("some segments: the others are background", async () => {
    const only = Array.from(labels, (label) => (label === 2 ? 2 : 0));
    const { rows } = await kernels.components(map, { connectivity: 26, segments: [2] });
    expect(rows).toEqual(componentsReference(only, dims, 26).rows);
  });

  test("the largest of each, with all of them counted", async () => {
    const all = componentsReference(labels, dims, 6).rows;
    const { rows, segments } = await kernels.components(map, { connectivity: 6, most: 4 });
    expect(rows).toEqual(all.filter(({ number }) => number <= 4));
    for (const { segment, components, voxels } of segments) {
      const own = all.filter((row) => row.segment === segment);
      expect([components, voxels]).toEqual([own.length, own.reduce((sum, row) => sum + row.voxels, 0)]);
    }
  });

  test("those above a size, with all of them counted", async () => {
    const all = componentsReference(labels, dims, 6).rows;
    const { rows, segments } = await kernels.components(map, { connectivity: 6, leastVoxels: 5 });
    expect(rows).toEqual(all.filter(({ voxels }) => voxels >= 5));
    expect(segments.reduce((sum, { components }) => sum + components, 0)).toBe(all.length);
  });

  test("labels in the padding of a brick do not count", async () => {
    const padded = { dims: [10, 11, 12], readBrick: () => new Uint16Array(64 ** 3).fill(2), brickIndices: () => [0] };
    const { rows } = await kernels.components({ ...padded, dims: [10, 11, 12] }, { connectivity: 6 });
    expect(rows).toEqual([
      { segment: 2, number: 1, voxels: 1320, firstVoxel: [0, 0, 0], box: { min: [0, 0, 0], max: [10, 11, 12] } },
    ]);
  });

  test.each([
    [{ connectivity: 8 as 6 }, /6, 18 or 26/],
    [{ connectivity: 6, segments: [0] } as const, /from 1 to 65535/],
    [{ connectivity: 6, most: 0 } as const, /1 or more/],
    [{ connectivity: 6, leastVoxels: 1.5 } as const, /1 or more/],
  ])("refuses what makes no sense: %j", async (request, says) => {
    await expect(kernels.components(map, request)).rejects.toMatchObject({
      kind: "argument",
      message: expect.stringMatching(says) as string,
    });
  });
});

describe("limits", () => {
  const { dims, labels } = randomLabels(42, [130, 66, 65], 0.2, 1);

  test("too small a budget ends with what to do, and the next call works", async () => {
    const map = labelsOf(dims, labels);
    const small = inlineKernels(2 ** 22);
    await expect(small.components(map, { connectivity: 6 })).rejects.toMatchObject({ kind: "limit" });
    expect((await kernels.components(map, { connectivity: 6 })).rows).toEqual(
      componentsReference(labels, dims, 6).rows,
    );
  });

  test("an abort ends it, and the next call works", async () => {
    const map = labelsOf(dims, labels);
    const abort = new AbortController();
    const call = kernels.components(map, { connectivity: 6 }, { signal: abort.signal });
    abort.abort();
    await expect(call).rejects.toMatchObject({ name: "AbortError" });
    expect((await kernels.components(map, { connectivity: 26 })).rows.length).toBeGreaterThan(0);
  });

  test("more than a million rows are refused, the largest of them are not", async () => {
    const many = [128, 128, 128] as const;
    const map = labelsOf(many, flatVolume(many, "uint16", (i, j, k) => (i + j + k) % 2).voxels);
    await expect(kernels.components(map, { connectivity: 6 })).rejects.toMatchObject({
      kind: "limit",
      fields: { components: 2 ** 20 },
    });
    const { rows, segments } = await kernels.components(map, { connectivity: 6, most: 3 });
    expect(rows.map(({ firstVoxel }) => firstVoxel)).toEqual([
      [1, 0, 0],
      [3, 0, 0],
      [5, 0, 0],
    ]);
    expect(segments).toEqual([{ segment: 1, components: 2 ** 20, voxels: 2 ** 20 }]);
  });
});
