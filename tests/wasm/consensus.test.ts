import type { Dims } from "#volume";
import type { Consensus } from "#workers";
import { describe, expect, test } from "vitest";
import { majorityReference, stapleBinaryReference, stapleReference } from "../../src/workers/reference/consensus.ts";
import { inlineKernels } from "./support/kernels.ts";
import { flatVolume, flattenLabels, labelsOf, randomFrom } from "./support/volumes.ts";

const kernels = inlineKernels();

/** Raters that move the borders of a truth of several labels and now and then put another label. */
function raters(dims: Dims, count: number, seed: number): Uint16Array[] {
  const random = randomFrom(seed);
  const label = (i: number, j: number, k: number): number => {
    const [x, y, z] = [i - dims[0] / 2, j - dims[1] / 2, k - dims[2] / 2];
    if (x * x + y * y + z * z < 16) return 7;
    if (x * x + y * y + 4 * z * z < (dims[0] * dims[0]) / 9) return i < dims[0] / 2 ? 1 : 300;
    return 0;
  };
  return Array.from({ length: count }, () => {
    const [di, dj, dk] = [0, 0, 0].map(() => Math.round(random() * 4 - 2));
    const wrong = random() * 0.04;
    return flatVolume(dims, "uint16", (i, j, k) =>
      random() < wrong ? [0, 1, 7, 300][Math.floor(random() * 4)]! : label(i + di!, j + dj!, k + dk!),
    ).voxels as Uint16Array;
  });
}

function flat(dims: Dims, { proposal }: Consensus): number[] {
  return Array.from(flattenLabels(dims, proposal.bricks));
}

const cases: readonly (readonly [Dims, number, number])[] = [
  [[20, 18, 12], 3, 1],
  [[66, 20, 10], 4, 2],
  [[30, 66, 9], 5, 3],
  [[9, 7, 65], 2, 4],
  [[16, 16, 16], 9, 5],
];

for (const [dims, count, seed] of cases) {
  describe(`${count} maps of ${dims.join("×")}, seed ${seed}`, () => {
    const maps = raters(dims, count, seed);
    const inBricks = maps.map((map) => labelsOf(dims, map));

    test("majority equals counting votes at every voxel", async () => {
      const found = await kernels.consensus(inBricks, { method: "majority" });
      const expected = majorityReference(maps);
      expect(flat(dims, found)).toEqual(expected.map((label) => label ?? 0));
      expect(found.undecided).toBe(expected.filter((label) => label === undefined).length);
      expect(found.labels).toEqual([1, 7, 300]);
      expect(found.proposal.voxels).toBe(expected.filter(Boolean).length);
      const truth = expected.map((label) => label ?? 0);
      for (const [k, { labels }] of found.raters.entries()) {
        for (const { label, sensitivity, specificity } of labels) {
          const share = (right: boolean): number | undefined => {
            const places = truth.flatMap((value, n) => ((value === label) === right ? [n] : []));
            const agreed = places.filter((n) => (maps[k]![n] === label) === right).length;
            return places.length > 0 ? agreed / places.length : undefined;
          };
          expect(sensitivity).toBe(share(true));
          expect(specificity).toBe(share(false));
        }
      }
    });

    test("multi-label STAPLE equals iterating over every voxel with whole matrices", async () => {
      const small = maps.map((map) => map.map((label) => (label === 300 ? 2 : label === 7 ? 3 : label)));
      for (const threshold of [1e-5, 1e-9]) {
        const found = await kernels.consensus(inBricks, { method: "staple", threshold });
        const back = [0, 1, 300, 7];
        const expected = stapleReference(small, back, threshold);
        expect(found.iterations).toBe(expected.iterations);
        expect(flat(dims, found)).toEqual(expected.labels.map((label) => back[label ?? 0]!));
        for (const [k, { confusion, labels }] of found.raters.entries()) {
          const held = new Map(
            confusion!.map(({ decided, truth, probability }) => [`${decided} ${truth}`, probability]),
          );
          for (let j = 0; j < 4; j++) {
            for (let c = 0; c < 4; c++) {
              expect(Math.abs((held.get(`${back[j]} ${back[c]}`) ?? 0) - expected.confusion[k]![j]![c]!)).toBeLessThan(
                1e-10,
              );
            }
          }
          for (const { label, sensitivity } of labels)
            expect(sensitivity ?? 0).toBe(held.get(`${label} ${label}`) ?? 0);
        }
      }
    });

    test("binary STAPLE equals iterating over every voxel", async () => {
      const found = await kernels.consensus(inBricks, { method: "staple-binary" });
      const each = found.labels.map((label) => stapleBinaryReference(maps, label, 1e-7));
      for (const [n, label] of found.labels.entries()) {
        for (const [k, { labels }] of found.raters.entries()) {
          expect(labels[n]!.label).toBe(label);
          expect(Math.abs(labels[n]!.sensitivity! - each[n]!.sensitivity[k]!)).toBeLessThan(1e-10);
          expect(Math.abs(labels[n]!.specificity! - each[n]!.specificity[k]!)).toBeLessThan(1e-10);
        }
      }
      expect(found.iterations).toBe(Math.max(...each.map(({ iterations }) => iterations)));
      const expected = maps[0]!.map((_, n) => {
        const weights = each.map(({ weights: own }) => own[n]!);
        const most = Math.max(...weights);
        return most > 0.5 ? found.labels[weights.indexOf(most)]! : 0;
      });
      expect(flat(dims, found)).toEqual(Array.from(expected));
    });
  });
}

test("equal maps are their own consensus, and every map is perfect", async () => {
  const dims = [70, 5, 3] as const;
  const map = labelsOf(dims, flatVolume(dims, "uint16", (i) => (i < 65 ? 2 : 0)).voxels);
  for (const method of ["majority", "staple", "staple-binary"] as const) {
    const found = await kernels.consensus([map, map, map], { method });
    expect(flat(dims, found).filter((label) => label === 2)).toHaveLength(65 * 15);
    for (const { labels } of found.raters) expect(labels).toEqual([{ label: 2, sensitivity: 1, specificity: 1 }]);
    expect(found.undecided).toBe(0);
  }
});

test("a label that fills the volume in all maps has no specificity", async () => {
  const dims = [5, 4, 3] as const;
  const map = labelsOf(dims, new Uint8Array(60).fill(1));
  for (const method of ["majority", "staple", "staple-binary"] as const) {
    const found = await kernels.consensus([map, map], { method });
    expect(found.proposal.voxels).toBe(60);
    expect(found.raters[0]!.labels).toEqual([{ label: 1, sensitivity: 1, specificity: undefined }]);
  }
});

test("empty maps give an empty consensus", async () => {
  const dims = [5, 4, 3] as const;
  const map = labelsOf(dims, new Uint8Array(60));
  for (const method of ["majority", "staple", "staple-binary"] as const) {
    const found = await kernels.consensus([map, map], { method });
    expect([found.proposal.voxels, found.proposal.bricks.size, found.labels, found.undecided]).toEqual([0, 0, [], 0]);
  }
});

test("a tie of two maps is undecided and becomes background", async () => {
  const dims = [4, 1, 1] as const;
  const found = await kernels.consensus([labelsOf(dims, [1, 1, 2, 0]), labelsOf(dims, [1, 0, 3, 0])], {
    method: "majority",
  });
  expect(flat(dims, found)).toEqual([1, 0, 0, 0]);
  expect(found.undecided).toBe(2);
});

test("more patterns than the table holds are counted all the same", async () => {
  const dims = [64, 64, 20] as const;
  const random = randomFrom(9);
  const maps = [1, 2, 3].map(() => flatVolume(dims, "uint16", () => Math.floor(random() * 60)).voxels);
  const found = await kernels.consensus(
    maps.map((map) => labelsOf(dims, map)),
    { method: "majority" },
  );
  const expected = majorityReference(maps);
  expect(flat(dims, found)).toEqual(expected.map((label) => label ?? 0));
  expect(found.undecided).toBe(expected.filter((label) => label === undefined).length);
});

test("labels in the padding of a brick do not count", async () => {
  const dims = [10, 9, 8] as const;
  const padded = { dims, readBrick: () => new Uint16Array(64 ** 3).fill(2), brickIndices: () => [0] };
  const found = await kernels.consensus([padded, padded], { method: "majority" });
  expect(found.proposal.voxels).toBe(720);
  expect(flat(dims, found)).toEqual(Array.from({ length: 720 }, () => 2));
});

test("bad arguments are refused", async () => {
  const map = labelsOf([4, 4, 4], new Uint8Array(64));
  const other = labelsOf([4, 4, 5], new Uint8Array(80));
  const argument = { kind: "argument" };
  await expect(kernels.consensus([map], { method: "majority" })).rejects.toMatchObject(argument);
  await expect(kernels.consensus([map, other], { method: "majority" })).rejects.toMatchObject(argument);
  await expect(kernels.consensus([map, map], { method: "vote" as "majority" })).rejects.toMatchObject(argument);
  await expect(kernels.consensus([map, map], { method: "staple", threshold: -1 })).rejects.toMatchObject(argument);
  await expect(kernels.consensus([map, map], { method: "staple", maxIterations: 0 })).rejects.toMatchObject(argument);
});

test("a budget too small for the patterns ends with a limit error, and the next call works", async () => {
  const dims = [64, 64, 64] as const;
  const small = inlineKernels(6 * 2 ** 20);
  const random = randomFrom(3);
  const noise = [1, 2].map(() =>
    labelsOf(dims, flatVolume(dims, "uint16", () => Math.floor(random() * 60_000)).voxels),
  );
  await expect(small.consensus(noise, { method: "majority" })).rejects.toMatchObject({ kind: "limit" });
  const map = labelsOf(dims, flatVolume(dims, "uint16", (i) => (i < 10 ? 1 : 0)).voxels);
  expect((await small.consensus([map, map], { method: "staple" })).proposal.voxels).toBe(10 * 4096);
});

test("an abort half-way leaves nothing behind", async () => {
  const dims = [64, 64, 640] as const;
  const map = labelsOf(dims, flatVolume(dims, "uint16", (i, j, k) => (i ^ j ^ k) & 3).voxels);
  const abort = new AbortController();
  const options = { signal: abort.signal, onProgress: () => abort.abort() };
  await expect(kernels.consensus([map, map], { method: "staple" }, options)).rejects.toMatchObject({
    name: "AbortError",
  });
  expect((await kernels.consensus([map, map], { method: "staple" })).undecided).toBe(0);
});
