import type { Dims } from "#volume";
import type { DrawnPlane } from "#workers";
import { describe, expect, test } from "vitest";
import { hasSharedData, sharedData } from "../fixtures/shared-data.ts";
import { inlineKernels } from "./support/kernels.ts";
import { readNifti } from "./support/nifti.ts";
import { flattenLabels, labelsOf } from "./support/volumes.ts";

const kernels = inlineKernels();
type Spacing = readonly [number, number, number];
type Ijk = readonly [number, number, number];

function onPlane(plane: DrawnPlane, spacing: Spacing, ijk: Ijk): boolean {
  if ("axis" in plane) return ijk[plane.axis] === plane.index;
  const length = Math.hypot(...plane.normal);
  const n = plane.normal.map((part) => part / length);
  const away = n.reduce((sum, part, axis) => sum + part * (ijk[axis]! - plane.point[axis]!) * spacing[axis]!, 0);
  return Math.abs(away) <= n.reduce((sum, part, axis) => sum + Math.abs(part) * spacing[axis]!, 0) / 2 + 1e-9;
}

function forEach(dims: Dims, visit: (ijk: Ijk, n: number) => void): void {
  for (let k = 0, n = 0; k < dims[2]; k++) {
    for (let j = 0; j < dims[1]; j++) for (let i = 0; i < dims[0]; i++, n++) visit([i, j, k], n);
  }
}

/** What is drawn of a truth on planes, filled; drawn voxels too. */
async function filled(dims: Dims, spacingMm: Spacing, truth: ArrayLike<number>, drawn: readonly DrawnPlane[]) {
  const kept = new Uint16Array(truth.length);
  forEach(dims, (ijk, n) => {
    if (truth[n] && drawn.some((plane) => onPlane(plane, spacingMm, ijk))) kept[n] = truth[n]!;
  });
  const { bricks } = await kernels.fill(labelsOf(dims, kept), { method: "shape", spacingMm, drawn });
  const map = flattenLabels(dims, bricks);
  kept.forEach((label, n) => label && (map[n] = label));
  return map;
}

function truthOf(dims: Dims, shape: (i: number, j: number, k: number) => number): Uint16Array {
  const truth = new Uint16Array(dims[0] * dims[1] * dims[2]);
  forEach(dims, ([i, j, k], n) => (truth[n] = shape(i, j, k)));
  return truth;
}

const dims = [70, 60, 50] as const;
const spacing = [0.8, 0.8, 1.2] as const;
const stack: readonly DrawnPlane[] = [10, 18, 26, 34, 40].map((index) => ({ axis: 2, index }));
const bent = (i: number, j: number, k: number) =>
  ((i - 34 - 5 * Math.sin(k / 4)) / 20) ** 2 + ((j - 30) / 16) ** 2 + ((k - 24) / 21) ** 2 < 1 ? (j < 30 ? 4 : 9) : 0;
const oblique: DrawnPlane = { point: [35, 30, 24], normal: [1, 0.3, 0.5] };
const others: readonly (readonly [string, readonly DrawnPlane[]])[] = [
  ["an oblique plane", [oblique]],
  ["two oblique planes", [oblique, { point: [33, 28, 22], normal: [-0.3, 1, 0.4] }]],
  ["a slice of another axis", [{ axis: 1, index: 28 }]],
  ["an oblique plane nearly along the slices", [{ point: [35, 30, 24], normal: [0.1, 0.1, 1] }]],
];

describe("a stack and", () => {
  test.each(others)("%s: what is drawn stays as drawn", async (_, planes) => {
    const truth = truthOf(dims, bent);
    const drawn = [...stack, ...planes];
    const map = await filled(dims, spacing, truth, drawn);
    let wrong = 0;
    forEach(dims, (ijk, n) => {
      if (map[n] !== truth[n] && drawn.some((plane) => onPlane(plane, spacing, ijk))) wrong++;
    });
    expect(wrong).toBe(0);
  });

  test.each(others)("%s that says what the stack does: the stack's fill", async (_, planes) => {
    // The stack's own fill, and planes that draw it.
    const of = await filled(dims, spacing, truthOf(dims, bent), stack);
    const map = await filled(dims, spacing, of, [...stack, ...planes]);
    let differ = 0;
    forEach(dims, ([, , k], n) => {
      if (k >= 10 && k <= 40 && map[n] !== of[n]) differ++;
    });
    expect(differ).toBe(0);
  });

  test("the order of the axes in storage decides at most one voxel in 10,000", async () => {
    const drawn = [...stack, oblique, { axis: 1, index: 28 } as const];
    const map = await filled(dims, spacing, truthOf(dims, bent), drawn);
    const turned = [dims[2], dims[0], dims[1]] as const;
    const turn = <Value>([i, j, k]: readonly [Value, Value, Value]) => [k, i, j] as const;
    const planes = drawn.map((plane) =>
      "axis" in plane
        ? { axis: ((plane.axis + 1) % 3) as 0 | 1 | 2, index: plane.index }
        : { point: turn(plane.point), normal: turn(plane.normal) },
    );
    const other = await filled(
      turned,
      turn(spacing),
      truthOf(turned, (k, i, j) => bent(i, j, k)),
      planes,
    );
    let differ = 0;
    forEach(dims, ([i, j, k], n) => {
      if (map[n] !== other[(j * turned[1] + i) * turned[0] + k]) differ++;
    });
    expect(differ).toBeLessThanOrEqual(map.length / 10_000);
  });

  test("a plane shows a segment that the stack does not", async () => {
    const ball = (i: number, j: number, k: number) => ((i - 60) ** 2 + (j - 10) ** 2 + (k - 30) ** 2 < 25 ? 3 : 0);
    const truth = truthOf(dims, (i, j, k) => bent(i, j, k) || ball(i, j, k));
    const planes: DrawnPlane[] = [60, 62].map((index) => ({ axis: 0, index }));
    const map = await filled(dims, spacing, truth, [...stack, ...planes]);
    expect(map.filter((label) => label === 3).length).toBeGreaterThan(200);
  });
});

describe.runIf(hasSharedData)("on real labels", () => {
  const cases = [
    ["spleen-ct/spleen-manual.nii.gz", 8],
    ["hippocampus/001-label.nii.gz", 5],
    ["hippocampus/006-label.nii.gz", 5],
  ] as const;
  test.each(cases)("%s, one slice in %i: an oblique plane more does not hurt", async (file, every) => {
    const { dims: size, spacingMm, voxels } = readNifti(sharedData(`labels/${file}`));
    const truth = Uint16Array.from(voxels);
    const slices: DrawnPlane[] = [];
    const centre = [0, 0, 0];
    let [count, first, last] = [0, size[2], 0];
    forEach(size, (ijk, n) => {
      if (!truth[n]) return;
      count++;
      for (const axis of [0, 1, 2]) centre[axis]! += ijk[axis]!;
      [first, last] = [Math.min(first, ijk[2]), Math.max(last, ijk[2])];
    });
    for (let index = first; index <= last; index += every) slices.push({ axis: 2, index });
    const plane: DrawnPlane = {
      point: [centre[0]! / count, centre[1]! / count, centre[2]! / count],
      normal: [1, 0.3, 0.6],
    };
    const wrong = async (drawn: readonly DrawnPlane[]): Promise<number> => {
      const map = await filled(size, spacingMm, truth, drawn);
      let sum = 0;
      forEach(size, (ijk, n) => {
        const between = ijk[2] > first && ijk[2] < slices.length * every + first - every;
        if (between && !onPlane(plane, spacingMm, ijk) && map[n] !== truth[n]) sum++;
      });
      return sum;
    };
    expect(await wrong([...slices, plane])).toBeLessThan(await wrong(slices));
  });

  test.each(["001", "003", "006"])(
    "hippocampus %s, three slices: three of another axis beside them do not hurt",
    async (name) => {
      const { dims: size, spacingMm, voxels } = readNifti(sharedData(`labels/hippocampus/${name}-label.nii.gz`));
      const truth = Uint16Array.from(voxels);
      const stack: DrawnPlane[] = [8, 16, 24].map((index) => ({ axis: 2, index }));
      let [count, sum] = [0, 0];
      forEach(size, (ijk, n) => {
        if (!truth[n]) return;
        count++;
        sum += ijk[1];
      });
      const middle = Math.round(sum / count);
      const across: DrawnPlane[] = [-4, 0, 4].map((by) => ({ axis: 1, index: middle + by }));
      const wrong = async (drawn: readonly DrawnPlane[]): Promise<number> => {
        const map = await filled(size, spacingMm, truth, drawn);
        let off = 0;
        forEach(size, (ijk, n) => {
          if (!across.some((plane) => onPlane(plane, spacingMm, ijk)) && map[n] !== truth[n]) off++;
        });
        return off;
      };
      expect(await wrong([...stack, ...across])).toBeLessThan(await wrong(stack));
    },
  );
});
