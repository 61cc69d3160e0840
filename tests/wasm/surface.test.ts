import { cross, dot, length, subtract, type Vec3 } from "#base";
import { brickCoordinates, brickDims, type Dims, ImageGrid } from "#volume";
import { type BrickSurface, SurfaceReader } from "#workers";
import { describe, expect, test } from "vitest";
import { surfaceReference } from "../../src/workers/reference/surface.ts";
import { inlineKernels } from "./support/kernels.ts";
import { type LabelCase, labelCases, randomShapes } from "./support/label-cases.ts";
import { flatVolume, labelsOf } from "./support/volumes.ts";

const kernels = inlineKernels();

/** Rows as the reference has them. */
function rowsOf({ vertices }: BrickSurface): number[][] {
  return Array.from({ length: vertices.length / 3 }, (_, n) => {
    const [a, b, c] = [vertices[n * 3]!, vertices[n * 3 + 1]!, vertices[n * 3 + 2]!];
    return [a & 0xffff, a >>> 16, b & 0xffff, b >>> 16, (c << 16) >> 16, c >> 16];
  });
}

async function check({ dims, labels }: LabelCase, rounds: number): Promise<BrickSurface[]> {
  const found = await kernels.surface(labelsOf(dims, labels), { rounds });
  const expected = surfaceReference(labels, dims, rounds);
  expect(found.map(({ brick }) => brick)).toEqual([...expected.keys()]);
  for (const surface of found) {
    const { vertices, triangles } = expected.get(surface.brick)!;
    // As text, because rows by the ten thousand take long to compare one by one.
    expect(String(rowsOf(surface))).toBe(String(vertices));
    expect(String(surface.triangles)).toBe(String(triangles));
    expect([...surface.labels]).toEqual([...new Set(vertices.map((row) => row[3]!))].sort((a, b) => a - b));
  }
  expectClosed(dims, found);
  return found;
}

/** Over all bricks together every edge of a label is gone along as often one way as the other: the surface has no border. */
function expectClosed(dims: Dims, surfaces: readonly BrickSurface[]): void {
  const bricks = brickDims(dims);
  const numbers = new Map<number, Map<number, number>>();
  let count = 0;
  const ways = new Map<number, number>();
  for (const { brick, vertices, triangles } of surfaces) {
    const home = brickCoordinates(bricks, brick).map((n) => n * 64 * 512);
    const own = Array.from({ length: vertices.length / 3 }, (_, n) => {
      const [first, second] = [vertices[n * 3]!, vertices[n * 3 + 1]!];
      const place =
        (((second & 0xffff) + home[2]!) * 2 ** 17 + (first >>> 16) + home[1]!) * 2 ** 17 + (first & 0xffff) + home[0]!;
      const ofLabel = numbers.get(second >>> 16) ?? new Map<number, number>();
      numbers.set(second >>> 16, ofLabel);
      if (!ofLabel.has(place)) ofLabel.set(place, count++);
      return ofLabel.get(place)!;
    });
    for (let n = 0; n < triangles.length; n++) {
      const from = own[triangles[n]!]!;
      const to = own[triangles[n % 3 === 2 ? n - 2 : n + 1]!]!;
      const [key, way] = from < to ? [from * 2 ** 26 + to, 1] : [to * 2 ** 26 + from, -1];
      ways.set(key, (ways.get(key) ?? 0) + way);
    }
  }
  expect([...ways.values()].filter((sum) => sum !== 0)).toEqual([]);
}

describe("equals the reference and is closed", () => {
  for (const [n, labelCase] of labelCases.entries()) {
    const rounds = [0, 3, 12][n % 3]!;
    test(`${labelCase.name}, ${rounds} rounds`, () => check(labelCase, rounds));
  }
  for (const seed of [201, 202]) {
    test(`labels over several bricks, seed ${seed}`, () =>
      check(randomShapes(seed, [70, 68, 30], 10, [1, 2, 3]), seed - 198));
  }
  test("a pattern without order across a corner of bricks", () =>
    check(
      {
        name: "pattern",
        dims: [67, 67, 67],
        labels: flatVolume([67, 67, 67], "uint16", (i, j, k) =>
          Math.min(i, j, k) < 58 ? 0 : (i * 7 + j * 13 + k * 5 + i * j * k) % 3,
        ).voxels as Uint16Array,
      },
      2,
    ));
});

test("a brick's mesh depends on its neighbourhood alone", async () => {
  const wide = randomShapes(205, [130, 70, 20], 14, [1, 2]);
  const map = labelsOf(wide.dims, wide.labels);
  const all = await kernels.surface(map, { rounds: 5 });
  for (const surface of all)
    expect(await kernels.surface(map, { rounds: 5, bricks: [surface.brick] })).toEqual([surface]);
  const some = all.slice(1, 3);
  expect(await kernels.surface(map, { rounds: 5, bricks: some.map(({ brick }) => brick).toReversed() })).toEqual(some);
});

test("wanted segments keep the shape that they have among all", async () => {
  const { dims, labels } = randomShapes(206, [50, 40, 30], 8, [1, 2, 3]);
  const map = labelsOf(dims, labels);
  const [all] = await kernels.surface(map, { rounds: 6 });
  const [two] = await kernels.surface(map, { rounds: 6, segments: [2] });
  expect([...two!.labels]).toEqual([2]);
  const triangles = (surface: BrickSurface): string[] => {
    const rows = rowsOf(surface);
    const count = surface.triangles.length / 3;
    return Array.from({ length: count }, (_, n) =>
      [...surface.triangles.subarray(n * 3, n * 3 + 3)].map((v) => rows[v]!),
    )
      .filter(([first]) => first![3] === 2)
      .map(String);
  };
  expect(triangles(two!)).toEqual(triangles(all!));
});

const ball = (dims: Dims, radius: number, spacing: Vec3): LabelCase => ({
  name: "ball",
  dims,
  labels: flatVolume(dims, "uint16", (...ijk) => {
    const away = ijk.map((n, axis) => (n - (dims[axis]! - 1) / 2) * spacing[axis]!);
    return Math.hypot(...away) <= radius ? 5 : 0;
  }).voxels as Uint16Array,
});

/** An affine with these spacings, turned about an oblique axis; left-handed where `mirror` is −1. */
function oblique([x, y, z]: Vec3, mirror: 1 | -1): ImageGrid["indexToLps"] {
  const [c, s] = [Math.cos(0.7), Math.sin(0.7)];
  const columns: Vec3[] = [
    [c * x * mirror, s * x * mirror, 0],
    [-s * 0.8 * y, c * 0.8 * y, 0.6 * y],
    [s * 0.6 * z, -c * 0.6 * z, 0.8 * z],
  ];
  const row = (n: 0 | 1 | 2): readonly [number, number, number] => [columns[0]![n], columns[1]![n], columns[2]![n]];
  return [...row(0), -40, ...row(1), 25, ...row(2), 300];
}

describe("in the volume's geometry", () => {
  for (const [spacing, mirror] of [
    [[1, 1, 1], 1],
    [[1, 1, 1], -1],
    [[0.8, 1.1, 2.5], 1],
    [[0.1, 0.12, 0.3], -1],
    [[10, 8, 5], -1],
  ] as const) {
    test(`a ball has its area and volume, normals and triangles out of it, spacing ${spacing.join(" ")}${mirror < 0 ? ", left-handed" : ""}`, async () => {
      const radius = 16 * Math.max(...spacing);
      const dims = spacing.map((step) => Math.ceil((2 * radius) / step) + 7) as unknown as Dims;
      const { labels } = ball(dims, radius, spacing);
      const grid = new ImageGrid({ dims, indexToLps: oblique(spacing, mirror) });
      const surfaces = await kernels.surface(labelsOf(dims, labels), { rounds: 12 });
      const reader = new SurfaceReader(grid);
      expect(reader.mirrored).toBe(mirror < 0);
      let area = 0;
      let volume = 0;
      let inward = 0;
      let skew = 0;
      let count = 0;
      for (const surface of surfaces) {
        for (let n = 0; n < surface.vertices.length / 3; n++) {
          const out = subtract(reader.point(surface, n), grid.centerLps);
          const cosine = dot(reader.normal(surface, n), out) / length(out);
          if (cosine <= 0) inward++;
          skew += Math.acos(Math.min(cosine, 1));
          count++;
        }
        for (let n = 0; n < surface.triangles.length; n += 3) {
          const corner = (c: number): Vec3 =>
            subtract(reader.point(surface, surface.triangles[n + (reader.mirrored ? 2 - c : c)]!), grid.centerLps);
          const [a, b, c] = [corner(0), corner(1), corner(2)];
          const normal = cross(subtract(b, a), subtract(c, a));
          area += length(normal) / 2;
          volume += dot(a, cross(b, c)) / 6;
        }
      }
      expect(inward).toBe(0);
      // Normals are off by a few degrees on average where voxels are steps.
      expect((skew / count / Math.PI) * 180).toBeLessThan(6);
      // Within 4% of the sphere's area (marching cubes of the mask is 8 to 10% above it) and 3% of its volume.
      expect(Math.abs(area / (4 * Math.PI * radius ** 2) - 1)).toBeLessThan(0.04);
      expect(Math.abs(volume / ((4 / 3) * Math.PI * radius ** 3) - 1)).toBeLessThan(0.03);
    });
  }

  test("vertices of an uneven stack lie between its slices", async () => {
    const dims: Dims = [5, 5, 4];
    const labels = new Uint16Array(100).fill(1);
    const offsets = [0, 1, 5, 6];
    const grid = new ImageGrid({ dims, indexToLps: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0], sliceOffsetsMm: offsets });
    const [surface] = await kernels.surface(labelsOf(dims, labels), { rounds: 0 });
    const reader = new SurfaceReader(grid);
    const heights = new Set(
      Array.from({ length: surface!.vertices.length / 3 }, (_, n) => reader.point(surface!, n)[2]),
    );
    expect([...heights].sort((a, b) => a - b)).toEqual([-0.5, 0.5, 3, 5.5, 6.5]);
  });
});

describe("the mesh before smoothing", () => {
  test("has the volume of the voxels but at edges and corners", async () => {
    const dims: Dims = [40, 40, 40];
    const block = flatVolume(dims, "uint16", (...ijk) => (ijk.every((n) => n >= 10 && n < 30) ? 1 : 0)).voxels;
    const [surface] = await kernels.surface(labelsOf(dims, block as Uint16Array), { rounds: 0 });
    const rows = rowsOf(surface!);
    let volume = 0;
    for (let n = 0; n < surface!.triangles.length; n += 3) {
      const [a, b, c] = [0, 1, 2].map((m) =>
        rows[surface!.triangles[n + m]!]!.slice(0, 3).map((v) => v / 512),
      ) as unknown as [Vec3, Vec3, Vec3];
      volume += dot(a, cross(b, c)) / 6;
    }
    expect(volume).toBeCloseTo(20 ** 3, 6);
  });
});

describe("requests that do not fit", () => {
  const map = labelsOf([8, 8, 8], new Uint16Array(512).fill(1));
  test.each([-1, 2.5, 17, Number.NaN])("%s rounds", async (rounds) => {
    await expect(kernels.surface(map, { rounds })).rejects.toMatchObject({ kind: "argument" });
  });
  test("no segment", async () => {
    await expect(kernels.surface(map, { rounds: 1, segments: [] })).rejects.toMatchObject({ kind: "argument" });
  });
  test("a budget below one brick", async () => {
    const small = inlineKernels(3 * 2 ** 20);
    await expect(small.surface(map, { rounds: 8 })).rejects.toMatchObject({ kind: "limit" });
  });
  test("bricks without labels are no surface", async () => {
    expect(await kernels.surface(labelsOf([8, 8, 8], new Uint16Array(512)), { rounds: 1, bricks: [0] })).toEqual([]);
  });
});

test("an abort half-way leaves nothing behind", async () => {
  const wide = randomShapes(207, [150, 140, 20], 10, [1, 2]);
  const map = labelsOf(wide.dims, wide.labels);
  const abort = new AbortController();
  const call = kernels.surface(map, { rounds: 8 }, { signal: abort.signal, onProgress: () => abort.abort() });
  await expect(call).rejects.toMatchObject({ name: "AbortError" });
  expect((await kernels.surface(map, { rounds: 8 })).length).toBeGreaterThan(0);
});
