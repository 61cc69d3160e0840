import type { IslandsOperation } from "#workers";
import { describe, expect, test } from "vitest";
import { componentsReference } from "../../src/workers/reference/components.ts";
import { islandsReference } from "../../src/workers/reference/islands.ts";
import { componentCases, randomLabels } from "./support/component-cases.ts";
import { inlineKernels } from "./support/kernels.ts";
import { applied, same } from "./support/proposals.ts";
import { labelsOf } from "./support/volumes.ts";

const kernels = inlineKernels();

const largest: IslandsOperation = { operation: "largest", count: 3 };
const removeSmaller: IslandsOperation = { operation: "removeSmaller", leastVoxels: 4 };
const split: IslandsOperation = {
  operation: "split",
  count: 3,
  values: Array.from({ length: 2000 }, (_, n) => 60_000 + n),
};
const operations: readonly IslandsOperation[] = [
  { operation: "largest", count: 1 },
  largest,
  { operation: "removeSmaller", leastVoxels: 1 },
  removeSmaller,
  split,
];

describe("islands equal plain means", () => {
  for (const { name, dims, labels } of componentCases) {
    // What the others are about is seen in components.test.ts.
    if (/65535 segments|two segments over|two voxels over (?!corners)/.test(name)) continue;
    test(name, async () => {
      const map = labelsOf(dims, labels);
      for (const connectivity of [6, 26] as const) {
        const found = componentsReference(labels, dims, connectivity);
        const { rows } = found;
        const voxels = [rows[0], rows.at(-1), rows[rows.length >> 1], rows[0]].flatMap((row) =>
          row ? [row.firstVoxel] : [],
        );
        const touching = (["keep", "remove"] as const).map((operation) => ({ operation, voxels }));
        for (const operation of [...operations, ...touching]) {
          const request = { ...operation, connectivity };
          const { proposal } = await kernels.islands(map, request);
          const expected = islandsReference(labels, dims, found, request);
          expect(same(applied(dims, labels, proposal), expected), operation.operation).toBe(true);
        }
      }
    });
  }
});

describe("what islands may be asked", () => {
  const { dims, labels } = randomLabels(51, [70, 66, 65], 0.3, 3);
  const map = labelsOf(dims, labels);
  const all = componentsReference(labels, dims, 6);

  test("only chosen segments change", async () => {
    const segments = [1, 3];
    const chosen = labels.map((label) => (segments.includes(label) ? label : 0));
    const found = componentsReference(chosen, dims, 6);
    for (const operation of [largest, removeSmaller, split]) {
      const request = { ...operation, segments, connectivity: 6 } as const;
      const { proposal } = await kernels.islands(map, request);
      expect(same(applied(dims, labels, proposal), islandsReference(labels, dims, found, request))).toBe(true);
    }
  });

  test("split tells which islands got which value, by segment and size", async () => {
    const request = { operation: "split", count: 2, values: [100, 101, 102, 103], segments: [1, 2] } as const;
    const told = await kernels.islands(map, { ...request, connectivity: 6 });
    const rows = all.rows.filter(({ segment, number }) => segment < 3 && number < 3);
    expect(told.split).toEqual(
      rows.map(({ segment, number, voxels }, n) => ({ value: 100 + n, segment, number, voxels })),
    );
  });

  test("a split that needs more values than there are is refused", async () => {
    const request = { operation: "split", count: 5, values: [100], connectivity: 6 } as const;
    await expect(kernels.islands(map, request)).rejects.toMatchObject({ kind: "limit", fields: { segments: 1 } });
  });

  test("a segment that is one island is not split", async () => {
    const one = labelsOf([10, 10, 10], new Uint8Array(1000).fill(4));
    const told = await kernels.islands(one, { operation: "split", count: 5, values: [9], connectivity: 6 });
    expect([told.proposal.voxels, told.split]).toEqual([0, []]);
  });

  test.each([
    [{ operation: "keep", voxels: [[0, 0, 900]] }, /is not in the volume/],
    [{ operation: "largest", count: 0 }, /1 or more/],
    [{ operation: "removeSmaller", leastVoxels: -3 }, /1 or more/],
    [{ operation: "split", count: 0.5, values: [] }, /1 or more/],
  ] as const)("refuses what makes no sense: %j", async (operation, says) => {
    await expect(kernels.islands(map, { ...operation, connectivity: 6 })).rejects.toMatchObject({
      kind: "argument",
      message: expect.stringMatching(says) as string,
    });
  });

  test("a voxel of the background belongs to no island", async () => {
    const empty = labels.indexOf(0);
    const ijk = [empty % 70, Math.floor(empty / 70) % 66, Math.floor(empty / (70 * 66))] as const;
    const request = { operation: "remove", voxels: [ijk], connectivity: 6 } as const;
    await expect(kernels.islands(map, request)).rejects.toMatchObject({
      kind: "argument",
      message: expect.stringContaining("in none of the segments") as string,
    });
  });

  test("an abort between the passes changes nothing, and the next call works", async () => {
    const abort = new AbortController();
    const request = { ...largest, connectivity: 6 } as const;
    const call = kernels.islands(map, request, { signal: abort.signal });
    abort.abort();
    await expect(call).rejects.toMatchObject({ name: "AbortError" });
    const { proposal } = await kernels.islands(map, request);
    expect(same(applied(dims, labels, proposal), islandsReference(labels, dims, all, request))).toBe(true);
  });

  test("too small a budget ends with what to do", async () => {
    const call = inlineKernels(2 ** 23).islands(map, { ...largest, connectivity: 6 });
    await expect(call).rejects.toMatchObject({ kind: "limit", advice: expect.any(String) as string });
  });
});
