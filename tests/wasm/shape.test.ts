import { type Affine, applyAffine, cross, dot, scale, type Vec3, add } from "#base";
import type { Dims } from "#volume";
import { describe, expect, test } from "vitest";
import { shapeReference } from "../../src/workers/reference/shape.ts";
import { inlineKernels } from "./support/kernels.ts";
import { flatVolume, labelsOf, randomFrom } from "./support/volumes.ts";

const kernels = inlineKernels();

const plain: Affine = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0];
/** Rotated about two axes, flipped, spacing 0.3 × 2 × 10 mm. */
const turned = affineOf([0.3, 2, 10], 0.4, -1.1);
const sheared: Affine = [0.7, 0, 0.3, -20, 0, 0.8, -0.4, 5, 0, 0, 2.5, 900];

function affineOf(spacing: Vec3, a: number, b: number): Affine {
  const x: Vec3 = [Math.cos(a), Math.sin(a), 0];
  const up: Vec3 = [0, 0, 1];
  const y = add(scale(cross(up, x), Math.cos(b)), scale(up, Math.sin(b)));
  const z = scale(cross(x, y), -1);
  const [i, j, k] = [scale(x, spacing[0]), scale(y, spacing[1]), scale(z, spacing[2])];
  return [i[0], j[0], k[0], 12, i[1], j[1], k[1], -300, i[2], j[2], k[2], 44.5];
}

interface Case {
  readonly name: string;
  readonly dims: Dims;
  readonly label: (i: number, j: number, k: number) => number;
}

function cases(): Case[] {
  const list: Case[] = [
    { name: "one voxel", dims: [5, 5, 5], label: (i, j, k) => (i === 2 && j === 2 && k === 2 ? 7 : 0) },
    { name: "a volume of one voxel", dims: [1, 1, 1], label: () => 1 },
    { name: "a full volume that touches every border", dims: [7, 5, 9], label: () => 3 },
    { name: "one voxel in every corner of the bricks", dims: [66, 66, 66], label: cornersOfBricks },
    {
      name: "a line along i over a brick border",
      dims: [130, 3, 3],
      label: (_i, j, k) => (j === 1 && k === 1 ? 2 : 0),
    },
    {
      name: "a line along j over a brick border",
      dims: [3, 130, 3],
      label: (i, _j, k) => (i === 1 && k === 1 ? 2 : 0),
    },
    { name: "a line along k over a brick border", dims: [3, 3, 130], label: (i, j) => (i === 1 && j === 1 ? 2 : 0) },
    { name: "a plane one voxel thick", dims: [66, 5, 34], label: (_i, j) => (j === 2 ? 9 : 0) },
    {
      name: "a diagonal of voxels that touch at corners",
      dims: [70, 70, 70],
      label: (i, j, k) => (i === j && j === k ? 1 : 0),
    },
    { name: "a checkerboard", dims: [6, 6, 6], label: (i, j, k) => 1 + ((i + j + k) & 1) },
    {
      name: "a layer before a brick border only",
      dims: [64, 64, 70],
      label: (i, j, k) => (k === 64 && i > 60 && j > 60 ? 5 : 0),
    },
  ];
  for (const seed of [1, 2, 3]) {
    const random = randomFrom(seed);
    const dims: Dims = [60 + Math.floor(random() * 12), 58 + Math.floor(random() * 12), 4 + Math.floor(random() * 6)];
    const noise = flatVolume(dims, "uint16", () => (random() < 0.97 ? 0 : 1 + Math.floor(random() * 3))).voxels;
    list.push({
      name: `random voxels of three labels over brick borders, seed ${seed}`,
      dims,
      label: (i, j, k) => noise[(k * dims[1] + j) * dims[0] + i]!,
    });
    const [x, y, z] = [64 + random() * 4, 64 + random() * 4, 64 + random() * 4];
    list.push({
      name: `an ellipsoid over the corner of eight bricks, seed ${seed}`,
      dims: [80, 80, 80],
      label: (i, j, k) => ((i - x) ** 2 / 80 + (j - y) ** 2 / 30 + (k - z) ** 2 / 16 < 1 ? (i < x ? 1 : 65_535) : 0),
    });
  }
  return list;
}

function cornersOfBricks(i: number, j: number, k: number): number {
  const end = (n: number): boolean => n === 0 || n === 63 || n === 64 || n === 65;
  return end(i) && end(j) && end(k) ? 4 : 0;
}

function near(found: number, expected: number, scaleOf = Math.abs(expected)): void {
  expect(Math.abs(found - expected)).toBeLessThanOrEqual(1e-10 * Math.max(scaleOf, 1e-3));
}

describe.each([
  ["a plain grid", plain],
  ["a turned and flipped grid", turned],
  ["a sheared grid", sheared],
] as const)("shape on %s", (_grid, indexToLps) => {
  for (const { name, dims, label } of cases()) {
    test(`${name}: equals plain loops over voxels and pairs`, async () => {
      const flat = flatVolume(dims, "uint16", label).voxels;
      const rows = await kernels.statistics(undefined, labelsOf(dims, flat), { shape: { indexToLps } });
      expect(rows.map(({ segment }) => segment)).toEqual(
        [...new Set(flat)].filter((value) => value > 0).sort((a, b) => a - b),
      );
      for (const { segment, shape, centroidIjk } of rows) {
        const { principalAxes: axes, principalMomentsMm2: moments, orientedBox } = shape!;
        const expected = shapeReference(flat, dims, indexToLps, segment, axes);
        near(shape!.meshAreaMm2, expected.meshAreaMm2);
        near(shape!.meshVolumeMm3, expected.meshVolumeMm3);
        near(shape!.sphericity, (36 * Math.PI * expected.meshVolumeMm3 ** 2) ** (1 / 3) / expected.meshAreaMm2);
        if (indexToLps === sheared) expect(shape!.croftonAreaMm2).toBeUndefined();
        else near(shape!.croftonAreaMm2!, expected.croftonAreaMm2);
        near(shape!.feretMm, expected.feretMm);
        applyAffine(indexToLps, centroidIjk).forEach((value, axis) => near(value, expected.centroidLps[axis]!, 1000));
        const spread = moments[2] + 1;
        axes.forEach((axis, a) => {
          const turnedAxis = expected.covarianceMm2.map(
            (row) => row[0]! * axis[0] + row[1]! * axis[1] + row[2]! * axis[2],
          );
          turnedAxis.forEach((value, b) => near(value, moments[a]! * axis[b]!, 1e3 * spread));
          axes.forEach((other, b) => near(dot(axis, other), a === b ? 1 : 0, 1));
        });
        near(dot(cross(axes[0], axes[1]), axes[2]), 1);
        orientedBox.sizeMm.forEach((size, a) => near(size, expected.high[a]! - expected.low[a]!, 1000));
        const origin = axes.reduce<Vec3>(
          (sum, axis, a) => add(sum, scale(axis, expected.low[a]!)),
          expected.centroidLps,
        );
        orientedBox.originLps.forEach((value, axis) => near(value, origin[axis]!, 1000));
      }
    });
  }
});

test("a box of voxels has the moments, elongation and flatness of its formula", async () => {
  const dims = [20, 12, 9] as const;
  const box = labelsOf(dims, flatVolume(dims, "uint16", (i, j, k) => (i < 16 && j < 8 && k < 4 ? 1 : 0)).voxels);
  const [row] = await kernels.statistics(undefined, box, {
    shape: { indexToLps: [2, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0.5, 0] },
  });
  const { principalMomentsMm2: moments, elongation, flatness, principalAxes, orientedBox } = row!.shape!;
  const variance = (n: number, step: number): number => ((n * n - 1) / 12) * step * step;
  [variance(4, 0.5), variance(8, 1), variance(16, 2)].forEach((expected, n) => near(moments[n]!, expected));
  near(elongation, Math.sqrt(moments[2] / moments[1]));
  near(flatness, Math.sqrt(moments[1] / moments[0]));
  expect(principalAxes.map((axis) => axis.map(Math.abs))).toEqual([
    [0, 0, 1],
    [0, 1, 0],
    [1, 0, 0],
  ]);
  expect(orientedBox.sizeMm.map((size) => Math.round(size * 1e9) / 1e9)).toEqual([2, 8, 32]);
});

test("a plane one voxel thick has flatness 0, a line elongation 0, as in ITK", async () => {
  const dims = [9, 9, 9] as const;
  const labels = flatVolume(dims, "uint16", (i, j, k) => (k === 0 ? 1 : i === 4 && k === 8 ? 2 : 0)).voxels;
  const rows = await kernels.statistics(undefined, labelsOf(dims, labels), { shape: { indexToLps: turned } });
  expect(rows[0]!.shape!.flatness).toBe(0);
  expect(rows[0]!.shape!.elongation).toBeGreaterThan(1);
  expect([rows[1]!.shape!.flatness, rows[1]!.shape!.elongation]).toEqual([0, 0]);
});

test("the diameter of a large digital ball is exact", async () => {
  const dims = [150, 150, 150] as const;
  const ball = flatVolume(dims, "uint16", (i, j, k) => ((i - 75) ** 2 + (j - 74) ** 2 + (k - 73) ** 2 <= 4900 ? 1 : 0));
  const [row] = await kernels.statistics(undefined, labelsOf(dims, ball.voxels), { shape: { indexToLps: plain } });
  expect(row!.shape!.feretMm).toBe(140);
  expect(row!.shape!.sphericity).toBeGreaterThan(0.9);
});
