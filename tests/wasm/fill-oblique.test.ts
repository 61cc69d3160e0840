import type { Dims } from "#volume";
import type { DrawnPlane } from "#workers";
import { describe, expect, test } from "vitest";
import { hasSharedData, sharedData } from "../fixtures/shared-data.ts";
import { inlineKernels } from "./support/kernels.ts";
import { readNifti } from "./support/nifti.ts";
import { flattenLabels, labelsOf } from "./support/volumes.ts";

const kernels = inlineKernels();

type Vector = readonly [number, number, number];
type Shape = (i: number, j: number, k: number) => number;

const dims: Dims = [72, 60, 50];
const spacing: Vector = [0.8, 0.9, 1.2];
const normal: Vector = [0.4, -0.3, 0.9];

function forEach([ni, nj, nk]: Dims, visit: (ijk: Vector, n: number) => void): void {
  for (let k = 0, n = 0; k < nk; k++) {
    for (let j = 0; j < nj; j++) for (let i = 0; i < ni; i++, n++) visit([i, j, k], n);
  }
}

const dot = (a: Vector, b: Vector): number => a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
const times = (a: Vector, b: Vector): Vector => [a[0] * b[0], a[1] * b[1], a[2] * b[2]];
const thickness = (of: Vector, spacingMm: Vector): number =>
  of.reduce((sum, part, axis) => sum + Math.abs(part) * spacingMm[axis]!, 0) / Math.hypot(...of);

/** Parallel planes at distances (millimetres) from the middle of the volume. */
function parallel(size: Dims, spacingMm: Vector, of: Vector, distances: readonly number[]): DrawnPlane[] {
  const length = Math.hypot(...of);
  return distances.map((mm) => ({
    point: size.map(
      (count, axis) => (count - 1) / 2 + (mm * of[axis]!) / length / spacingMm[axis]!,
    ) as unknown as Vector,
    normal: of,
  }));
}

function onPlane(plane: DrawnPlane, spacingMm: Vector, ijk: Vector): boolean {
  if ("axis" in plane) return ijk[plane.axis] === plane.index;
  const from: Vector = [ijk[0] - plane.point[0], ijk[1] - plane.point[1], ijk[2] - plane.point[2]];
  const away = Math.abs(dot(plane.normal, times(from, spacingMm))) / Math.hypot(...plane.normal);
  return away <= thickness(plane.normal, spacingMm) / 2 + 1e-9;
}

function truthOf(size: Dims, shape: Shape): Uint16Array {
  const truth = new Uint16Array(size[0] * size[1] * size[2]);
  forEach(size, ([i, j, k], n) => (truth[n] = shape(i, j, k)));
  return truth;
}

function keptOf(size: Dims, spacingMm: Vector, truth: Uint16Array, drawn: readonly DrawnPlane[]): Uint16Array {
  const kept = new Uint16Array(truth.length);
  forEach(size, (ijk, n) => {
    if (truth[n] && drawn.some((plane) => onPlane(plane, spacingMm, ijk))) kept[n] = truth[n]!;
  });
  return kept;
}

/** What is drawn of a truth on planes, and the fill of that. */
async function filled(size: Dims, spacingMm: Vector, truth: Uint16Array, drawn: readonly DrawnPlane[]) {
  const kept = keptOf(size, spacingMm, truth, drawn);
  const { bricks, voxels } = await kernels.fill(labelsOf(size, kept), { method: "shape", spacingMm, drawn });
  const proposed = flattenLabels(size, bricks);
  expect(proposed.reduce((count, label) => count + (label === 0 ? 0 : 1), 0)).toBe(voxels);
  return { kept, proposed };
}

/** Dice of a label over hidden voxels between two planes at distances from the middle. */
function dice(
  { kept, proposed }: Awaited<ReturnType<typeof filled>>,
  truth: Uint16Array,
  [from, to]: readonly [number, number],
  label: number,
): number {
  const length = Math.hypot(...normal);
  let [both, sum] = [0, 0];
  forEach(dims, (ijk, n) => {
    const from0 = ijk.map((index, axis) => (index - (dims[axis]! - 1) / 2) * spacing[axis]!) as unknown as Vector;
    const depth = dot(from0, normal) / length;
    if (kept[n] || depth < from || depth > to) return;
    const [found, is] = [proposed[n] === label ? 1 : 0, truth[n] === label ? 1 : 0];
    both += found * is;
    sum += found + is;
  });
  return (2 * both) / sum;
}

const uneven = [-20, -9, -3, 6, 18];
const planes = parallel(dims, spacing, normal, uneven);
/** A tube 6 mm wide that runs at 40 degrees to the normal, and bends. */
const tube: Shape = (i, j, k) => {
  const [x, y] = [i * 0.8 - 28 - 6 * Math.sin(k / 12), j * 0.9 - 27 + 0.5 * (k - 25)];
  return x * x + y * y < 9 ? 3 : 0;
};
const egg: Shape = (i, j, k) => (((i - 36) / 24) ** 2 + ((j - 30) / 20) ** 2 + ((k - 25) / 16) ** 2 < 1 ? 4 : 0);
const halves: Shape = (i, j, k) => (egg(i, j, k) === 0 ? 0 : i + j < 66 ? 4 : 9);

describe("parallel planes across no axis", () => {
  test("a thin tube stays one tube over uneven gaps", async () => {
    const truth = truthOf(dims, tube);
    expect(dice(await filled(dims, spacing, truth, planes), truth, [-20, 18], 3)).toBeGreaterThan(0.85);
  });

  test("an egg, and two segments that touch", async () => {
    const truth = truthOf(dims, halves);
    const found = await filled(dims, spacing, truth, planes);
    for (const label of [4, 9]) expect(dice(found, truth, [-20, 18], label)).toBeGreaterThan(0.93);
  });

  test("nothing is proposed on a drawn plane, nor beyond the first and the last", async () => {
    const { proposed } = await filled(dims, spacing, truthOf(dims, halves), planes);
    const length = Math.hypot(...normal);
    let wrong = 0;
    forEach(dims, (ijk, n) => {
      if (!proposed[n]) return;
      const from = ijk.map((index, axis) => (index - (dims[axis]! - 1) / 2) * spacing[axis]!) as unknown as Vector;
      const depth = dot(from, normal) / length;
      if (depth < -20 || depth > 18 || planes.some((plane) => onPlane(plane, spacing, ijk))) wrong++;
    });
    expect(wrong).toBe(0);
  });

  test("labels between the planes stay", async () => {
    const kept = keptOf(dims, spacing, truthOf(dims, egg), planes);
    const at = (25 * dims[1] + 34) * dims[0] + 34;
    expect(kept[at]).toBe(0);
    const request = { method: "shape", spacingMm: spacing, drawn: planes } as const;
    const before = flattenLabels(dims, (await kernels.fill(labelsOf(dims, kept), request)).bricks);
    expect(before[at]).toBe(4);
    kept[at] = 7;
    const after = flattenLabels(dims, (await kernels.fill(labelsOf(dims, kept), request)).bricks);
    before[at] = 0;
    expect(after).toEqual(before);
  });

  test("in any order, with normals of any length and either sign", async () => {
    const truth = truthOf(dims, halves);
    const expected = await filled(dims, spacing, truth, planes);
    const turned = planes.toReversed().map((plane, n) => {
      const by = n % 2 === 0 ? -2 : 4;
      return "axis" in plane ? plane : { ...plane, normal: times(plane.normal, [by, by, by]) };
    });
    const { proposed } = await filled(dims, spacing, truth, turned);
    expect(proposed.filter((label, n) => label !== expected.proposed[n]).length).toBeLessThan(4);
  });

  test("an empty plane says that nothing is there", async () => {
    const truth = truthOf(dims, egg);
    const cut = keptOf(dims, spacing, truth, planes.slice(0, 3));
    const request = { method: "shape", spacingMm: spacing } as const;
    const all = await kernels.fill(labelsOf(dims, cut), { ...request, drawn: planes });
    const three = await kernels.fill(labelsOf(dims, cut), { ...request, drawn: planes.slice(0, 3) });
    expect(all.voxels).toBeGreaterThan(three.voxels);
    const [a, b] = [flattenLabels(dims, all.bricks), flattenLabels(dims, three.bricks)];
    const length = Math.hypot(...normal);
    forEach(dims, (ijk, n) => {
      if (a[n] === b[n]) return;
      const from = ijk.map((index, axis) => (index - (dims[axis]! - 1) / 2) * spacing[axis]!) as unknown as Vector;
      // Beyond the last that shows it the segment dwindles to the middle of the gap.
      expect(dot(from, normal) / length).toBeLessThan(-3 + 0.55 * 9 + 1);
    });
  });

  test("the order of the axes in storage decides at most one voxel in 10,000", async () => {
    const truth = truthOf(dims, halves);
    const { proposed } = await filled(dims, spacing, truth, planes);
    const turn = <Value>([i, j, k]: readonly [Value, Value, Value]) => [k, i, j] as const;
    const turned = turn(dims);
    const drawn = planes.map((plane) =>
      "axis" in plane ? plane : { point: turn(plane.point), normal: turn(plane.normal) },
    );
    const other = await filled(
      turned,
      turn(spacing),
      truthOf(turned, (k, i, j) => halves(i, j, k)),
      drawn,
    );
    let differ = 0;
    forEach(dims, ([i, j, k], n) => {
      if (proposed[n] !== other.proposed[(j * turned[1] + i) * turned[0] + k]) differ++;
    });
    expect(differ).toBeLessThanOrEqual(proposed.length / 10_000);
  });

  test("slices given as points and normals are a stack of slices", async () => {
    const truth = truthOf(dims, halves);
    const slices = [6, 14, 24, 40];
    const as = await filled(
      dims,
      spacing,
      truth,
      slices.map((index) => ({ axis: 2, index })),
    );
    const drawn = slices.map(
      (k, n): DrawnPlane => (n === 1 ? { axis: 2, index: k } : { point: [3, 9, k], normal: [0, 0, -2] }),
    );
    expect((await filled(dims, spacing, truth, drawn)).proposed).toEqual(as.proposed);
  });

  test("turned by a hundredth of a degree they fill like slices", async () => {
    const truth = truthOf(dims, halves);
    const slices = [6, 14, 24, 40];
    const fill = async (drawn: readonly DrawnPlane[]) => (await filled(dims, spacing, truth, drawn)).proposed;
    const as = await fill(slices.map((index) => ({ axis: 2, index })));
    const found = await fill(slices.map((k): DrawnPlane => ({ point: [36, 30, k], normal: [2e-4, 0, 1] })));
    const labelled = as.reduce((count, label) => count + (label ? 1 : 0), 0);
    expect(found.filter((label, n) => label !== as[n]).length).toBeLessThan(labelled / 50);
  });

  test("certainty is 1 on the planes, and least where they are far", async () => {
    const kept = keptOf(dims, spacing, truthOf(dims, egg), planes);
    const request = { method: "shape", spacingMm: spacing, drawn: planes } as const;
    const { certainty } = await kernels.fillCertainty(labelsOf(dims, kept), request, { axis: 2, index: 25 });
    let onPlanes = 1;
    for (let j = 0; j < dims[1]; j++) {
      for (let i = 0; i < dims[0]; i++) {
        const own = certainty[j * dims[0] + i]!;
        if (planes.some((plane) => onPlane(plane, spacing, [i, j, 25]))) onPlanes = Math.min(onPlanes, own);
      }
    }
    expect(onPlanes).toBe(1);
    expect(Math.min(...certainty)).toBeLessThan(0.7);
    expect(Math.min(...certainty)).toBeGreaterThanOrEqual(0.5);
    const next = await kernels.nextSlice(labelsOf(dims, kept), request);
    expect(next.voxels).toBeGreaterThan(0);
  });

  test("planes that miss what is drawn on others, or all side by side, are no stack and still fill", async () => {
    const truth = truthOf(dims, egg);
    const width = thickness(normal, spacing);
    const beside = parallel(dims, spacing, normal, [0, width]);
    expect((await filled(dims, spacing, truth, [...beside, { axis: 2, index: 14 }])).proposed.some(Boolean)).toBe(true);
    const far = parallel(dims, spacing, normal, [-4, 5, 300]);
    expect((await filled(dims, spacing, truth, far)).proposed.some(Boolean)).toBe(true);
  });

  test("too small a memory ends with a limit error, a wrong segment with an argument error", async () => {
    const labels = labelsOf(dims, keptOf(dims, spacing, truthOf(dims, egg), planes));
    const request = { method: "shape", spacingMm: spacing, drawn: planes } as const;
    await expect(inlineKernels(2 ** 20).fill(labels, request)).rejects.toMatchObject({ kind: "limit" });
    await expect(kernels.fill(labels, { ...request, segments: [8] })).rejects.toMatchObject({ kind: "argument" });
    expect((await kernels.fill(labels, request)).voxels).toBeGreaterThan(1000);
  });
});

describe("parallel planes and", () => {
  const others: readonly (readonly [string, readonly DrawnPlane[]])[] = [
    ["a slice across an axis", [{ axis: 1, index: 30 }]],
    ["an oblique plane", [{ point: [36, 30, 25], normal: [1, 0.5, -0.2] }]],
  ];

  test.each(others)("%s: what is drawn stays as drawn", async (_, more) => {
    const truth = truthOf(dims, halves);
    const drawn = [...planes, ...more];
    const { proposed } = await filled(dims, spacing, truth, drawn);
    let wrong = 0;
    forEach(dims, (ijk, n) => {
      if (proposed[n] && drawn.some((plane) => onPlane(plane, spacing, ijk))) wrong++;
    });
    expect(wrong).toBe(0);
  });

  test.each(others)("%s that says what they do: their fill between them", async (_, more) => {
    const stack = await filled(dims, spacing, truthOf(dims, halves), planes);
    const of = stack.kept.map((label, n) => label || stack.proposed[n]!);
    const { kept, proposed } = await filled(dims, spacing, of, [...planes, ...more]);
    const length = Math.hypot(...normal);
    let differ = 0;
    forEach(dims, (ijk, n) => {
      const from = ijk.map((index, axis) => (index - (dims[axis]! - 1) / 2) * spacing[axis]!) as unknown as Vector;
      const depth = dot(from, normal) / length;
      if (depth > -20 && depth < 18 && (kept[n] || proposed[n]) !== of[n]) differ++;
    });
    expect(differ).toBe(0);
  });

  test("a slice across an axis that shows more puts it right", async () => {
    // A knob between two planes, which they do not see.
    const knob: Shape = (i, j, k) => egg(i, j, k) || (Math.hypot(i - 36, j - 51, k - 33) < 5 ? 4 : 0);
    const truth = truthOf(dims, knob);
    const wrong = async (drawn: readonly DrawnPlane[]): Promise<number> => {
      const { kept, proposed } = await filled(dims, spacing, truth, drawn);
      let sum = 0;
      forEach(dims, ([i, j, k], n) => {
        if (Math.hypot(i - 36, j - 51, k - 33) < 6 && i !== 36 && (kept[n] || proposed[n]) !== truth[n]) sum++;
      });
      return sum;
    };
    expect(await wrong([...planes, { axis: 0, index: 36 }])).toBeLessThan(await wrong(planes));
  });

  test("a plane that shows a segment which they do not", async () => {
    const ball: Shape = (i, j, k) => halves(i, j, k) || ((i - 62) ** 2 + (j - 8) ** 2 + (k - 34) ** 2 < 25 ? 3 : 0);
    const truth = truthOf(dims, ball);
    const { proposed } = await filled(dims, spacing, truth, [
      ...planes,
      { axis: 0, index: 61 },
      { axis: 0, index: 63 },
    ]);
    expect(proposed.filter((label) => label === 3).length).toBeGreaterThan(100);
  });
});

describe.runIf(hasSharedData)("on real labels", () => {
  test.each([
    ["spinal-cord-t1/cord-manual.nii.gz", 10, 0.9],
    ["spleen-ct/spleen-manual.nii.gz", 10, 0.85],
  ] as const)("%s, one parallel plane in %i: Dice of hidden voxels above %f", async (file, every, least) => {
    const { dims: size, spacingMm, voxels } = readNifti(sharedData(`labels/${file}`));
    const truth = Uint16Array.from(voxels, (value) => (value ? 1 : 0));
    const of: Vector = [2, 3, 6];
    const step = every * thickness(of, spacingMm);
    const depth = (ijk: Vector): number => dot(of, times(ijk, spacingMm)) / 7;
    const last = Math.floor(depth([size[0] - 1, size[1] - 1, size[2] - 1]) / step);
    const drawn = Array.from(
      { length: last + 1 },
      (_, n): DrawnPlane => ({
        point: of.map((part, axis) => (part * n * step) / 7 / spacingMm[axis]!) as unknown as Vector,
        normal: of,
      }),
    );
    const { kept, proposed } = await filled(size, spacingMm, truth, drawn);
    let [first, end] = [last, 0];
    forEach(size, (ijk, n) => {
      if (!kept[n]) return;
      first = Math.min(first, Math.round(depth(ijk) / step));
      end = Math.max(end, Math.round(depth(ijk) / step));
    });
    let [both, sum] = [0, 0];
    forEach(size, (ijk, n) => {
      const at = depth(ijk) / step;
      if (kept[n] || at < first || at > end) return;
      both += proposed[n]! * truth[n]!;
      sum += proposed[n]! + truth[n]!;
    });
    expect((2 * both) / sum).toBeGreaterThan(least);
  });
});
