import type { Dims } from "#volume";
import type { DrawnPlane } from "#workers";
import { describe, expect, test } from "vitest";
import { inlineKernels } from "./support/kernels.ts";
import { flattenLabels, labelsOf, randomFrom } from "./support/volumes.ts";

const kernels = inlineKernels();

type Shape = (i: number, j: number, k: number) => number;
type Spacing = readonly [number, number, number];

/** Whether a voxel is drawn: within half a voxel of a plane. */
function onPlane(plane: DrawnPlane, spacing: Spacing, ijk: readonly number[]): boolean {
  if ("axis" in plane) return ijk[plane.axis] === plane.index;
  const length = Math.hypot(...plane.normal);
  const n = plane.normal.map((part) => part / length);
  const away = n.reduce((sum, part, axis) => sum + part * (ijk[axis]! - plane.point[axis]!) * spacing[axis]!, 0);
  return Math.abs(away) <= n.reduce((sum, part, axis) => sum + Math.abs(part) * spacing[axis]!, 0) / 2 + 1e-9;
}

function forEach(dims: Dims, visit: (i: number, j: number, k: number, n: number) => void): void {
  for (let k = 0, n = 0; k < dims[2]; k++) {
    for (let j = 0; j < dims[1]; j++) for (let i = 0; i < dims[0]; i++, n++) visit(i, j, k, n);
  }
}

/** What of a shape is drawn on planes, and the fill of that. */
async function filled(
  dims: Dims,
  spacing: Spacing,
  shape: Shape,
  drawn: readonly DrawnPlane[],
  more: object = { drawn },
) {
  const kept = new Uint16Array(dims[0] * dims[1] * dims[2]);
  forEach(dims, (i, j, k, n) => {
    if (drawn.some((plane) => onPlane(plane, spacing, [i, j, k]))) kept[n] = shape(i, j, k);
  });
  const request = { spacingMm: spacing, method: "shape", ...more } as const;
  const { bricks, voxels } = await kernels.fill(labelsOf(dims, kept), request);
  const proposed = flattenLabels(dims, bricks);
  expect(proposed.reduce((count, label) => count + (label === 0 ? 0 : 1), 0)).toBe(voxels);
  return { kept, proposed };
}

function dice(
  dims: Dims,
  { kept, proposed }: { kept: Uint16Array; proposed: Uint16Array },
  shape: Shape,
  label: number,
) {
  let [both, sum] = [0, 0];
  forEach(dims, (i, j, k, n) => {
    const found = (kept[n] || proposed[n]) === label ? 1 : 0;
    const truth = shape(i, j, k) === label ? 1 : 0;
    both += found * truth;
    sum += found + truth;
  });
  return (2 * both) / sum;
}

const dims = [70, 60, 50] as const;
const spacing = [0.8, 0.8, 1.2] as const;
const egg: Shape = (i, j, k) => (((i - 34) / 24) ** 2 + ((j - 30) / 20) ** 2 + ((k - 24) / 15) ** 2 < 1 ? 4 : 0);
const halves: Shape = (i, j, k) => (egg(i, j, k) === 0 ? 0 : i < 36 ? 4 : 9);
const crossing: readonly DrawnPlane[] = [
  { axis: 0, index: 34 },
  { axis: 1, index: 30 },
  { axis: 2, index: 24 },
];
const oblique = (count: number, seed: number): DrawnPlane[] => {
  const random = randomFrom(seed);
  return Array.from({ length: count }, () => ({
    point: [24 + random() * 20, 20 + random() * 20, 15 + random() * 18],
    normal: [random() - 0.5, random() - 0.5, random() - 0.5],
  }));
};

describe("planes of several directions", () => {
  test("three that cross give an egg", async () => {
    expect(dice(dims, await filled(dims, spacing, egg, crossing), egg, 4)).toBeGreaterThan(0.96);
  });

  test.each([5, 6, 7])("eight at random, seed %i, give an egg", async (seed) => {
    expect(dice(dims, await filled(dims, spacing, egg, oblique(8, seed)), egg, 4)).toBeGreaterThan(0.95);
  });

  test("slices of two axes and an oblique plane", async () => {
    const drawn = [
      ...[10, 20, 30, 40].map((index) => ({ axis: 2 as const, index })),
      { axis: 0 as const, index: 30 },
      ...oblique(1, 2),
    ];
    const stack = drawn.slice(0, 4);
    const alone = dice(dims, await filled(dims, spacing, egg, stack), egg, 4);
    const found = dice(dims, await filled(dims, spacing, egg, drawn), egg, 4);
    expect(found).toBeGreaterThan(Math.max(alone, 0.96));
    // Planes that are more than the stack's slices share one field with it.
    const more = [...drawn, { axis: 0 as const, index: 20 }, { axis: 0 as const, index: 44 }, ...oblique(1, 9)];
    expect(dice(dims, await filled(dims, spacing, egg, more), egg, 4)).toBeGreaterThan(0.97);
  });

  test("segments that touch stay in touch", async () => {
    const drawn = [...crossing, ...oblique(6, 3)];
    const found = await filled(dims, spacing, halves, drawn);
    expect(dice(dims, found, halves, 4)).toBeGreaterThan(0.95);
    expect(dice(dims, found, halves, 9)).toBeGreaterThan(0.95);
  });

  test("nothing is proposed on a drawn plane", async () => {
    const drawn = [...crossing, ...oblique(3, 4)];
    const { proposed } = await filled(dims, spacing, egg, drawn);
    forEach(dims, (i, j, k, n) => {
      if (proposed[n] && drawn.some((plane) => onPlane(plane, spacing, [i, j, k]))) expect.fail(`${i}, ${j}, ${k}`);
    });
  });

  test("a shape that the volume's edge cuts off goes on to it", async () => {
    const beam: Shape = (i, j) => (((i - 34) / 14) ** 2 + ((j - 30) / 12) ** 2 < 1 ? 4 : 0);
    const found = await filled(dims, spacing, beam, [...crossing, { axis: 0, index: 28 }, { axis: 1, index: 36 }]);
    for (const edge of [0, dims[2] - 1]) {
      const ofEdge: Shape = (i, j, k) => (k === edge ? beam(i, j, k) : 0);
      const own = (labels: Uint16Array) =>
        labels.map((label, n) => (Math.floor(n / (dims[0] * dims[1])) === edge ? label : 0));
      const shown = { kept: own(found.kept), proposed: own(found.proposed) };
      expect(dice(dims, shown, ofEdge, 4)).toBeGreaterThan(0.96);
    }
  });

  test("an empty plane says that nothing is there", async () => {
    const cut: Shape = (i, j, k) => (i < 50 ? egg(i, j, k) : 0);
    const { proposed } = await filled(dims, spacing, cut, [...crossing, { axis: 0, index: 50 }]);
    forEach(dims, (i, _j, _k, n) => proposed[n] && expect(i).toBeLessThan(53));
  });

  test("slices of several axes are found by themselves", async () => {
    const drawn = [14, 24, 34].flatMap((index) => [
      { axis: 2 as const, index },
      { axis: 0 as const, index: index + 10 },
    ]);
    const found = await filled(dims, spacing, egg, drawn, {});
    expect(dice(dims, found, egg, 4)).toBeGreaterThan(0.97);
    expect(found.proposed).toEqual((await filled(dims, spacing, egg, drawn)).proposed);
  });

  test("slices across one axis are filled as a stack", async () => {
    const drawn = [10, 20, 30, 40].map((index) => ({ axis: 2 as const, index }));
    const planes = drawn.map(({ index }) => index);
    const as = await filled(dims, spacing, egg, drawn, { axis: 2, planes });
    expect((await filled(dims, spacing, egg, drawn)).proposed).toEqual(as.proposed);
  });

  test("the order of the axes in storage decides at most one voxel in 10,000", async () => {
    const drawn = [...crossing, ...oblique(3, 9)];
    const { proposed } = await filled(dims, spacing, egg, drawn);
    const turned = [dims[2], dims[0], dims[1]] as const;
    const turn = <Value>([i, j, k]: readonly [Value, Value, Value]) => [k, i, j] as const;
    const planes = drawn.map((plane) =>
      "axis" in plane
        ? { axis: ((plane.axis + 1) % 3) as 0 | 1 | 2, index: plane.index }
        : { point: turn(plane.point), normal: turn(plane.normal) },
    );
    const other = await filled(turned, turn(spacing), (k, i, j) => egg(i, j, k), planes);
    let differ = 0;
    forEach(dims, (i, j, k, n) => {
      if (proposed[n] !== other.proposed[(j * turned[1] + i) * turned[0] + k]) differ++;
    });
    expect(differ).toBeLessThanOrEqual(proposed.length / 10_000);
  });
});

describe("arguments", () => {
  const one = labelsOf(
    dims,
    Uint16Array.from({ length: dims[0] * dims[1] * dims[2] }, (_, n) => (n === 77_777 ? 1 : 0)),
  );
  const refused: readonly (readonly [string, object])[] = [
    ["a normal of 0", { drawn: [{ point: [1, 2, 3], normal: [0, 0, 0] }, crossing[0]] }],
    ["a slice outside", { drawn: [{ axis: 0, index: 70 }, crossing[1]] }],
    ["planes given twice", { axis: 2, drawn: crossing }],
    [
      "planes that miss the labels",
      {
        drawn: [
          { axis: 0, index: 1 },
          { axis: 1, index: 1 },
        ],
      },
    ],
    ["a segment that is not there", { drawn: crossing, segments: [3] }],
  ];
  test.each(refused)("%s: refused with an argument error", async (_, more) => {
    const request = { spacingMm: spacing, method: "shape", ...more } as const;
    await expect(kernels.fill(one, request)).rejects.toMatchObject({ kind: "argument" });
  });
});

test("too small a memory ends with a limit error, and the next call works", async () => {
  const small = inlineKernels(2 * 2 ** 20);
  const drawn = [...crossing, ...oblique(3, 9)];
  const kept = new Uint16Array(dims[0] * dims[1] * dims[2]);
  forEach(
    dims,
    (i, j, k, n) => (kept[n] = drawn.some((plane) => onPlane(plane, spacing, [i, j, k])) ? egg(i, j, k) : 0),
  );
  const request = { spacingMm: spacing, method: "shape", drawn } as const;
  await expect(small.fill(labelsOf(dims, kept), request)).rejects.toMatchObject({ kind: "limit" });
  expect((await kernels.fill(labelsOf(dims, kept), request)).voxels).toBeGreaterThan(1000);
});

test("an aborted fill ends with AbortError, and the next call works", async () => {
  const drawn = [...crossing, ...oblique(8, 9)];
  const kept = new Uint16Array(dims[0] * dims[1] * dims[2]);
  forEach(
    dims,
    (i, j, k, n) => (kept[n] = drawn.some((plane) => onPlane(plane, spacing, [i, j, k])) ? egg(i, j, k) : 0),
  );
  const request = { spacingMm: spacing, method: "shape", drawn } as const;
  const abort = new AbortController();
  const call = kernels.fill(labelsOf(dims, kept), request, { signal: abort.signal, onProgress: () => abort.abort() });
  await expect(call).rejects.toMatchObject({ name: "AbortError" });
  expect((await kernels.fill(labelsOf(dims, kept), request)).voxels).toBeGreaterThan(1000);
});
