import { add, cross, dot, normalize, scale, subtract, type Vec3 } from "#base";
import { type MeasuredShape, planeShape, type PlaneShape, shapeContains } from "#labelmap";
import {
  axisAcrossPlane,
  type BrickAddress,
  type BrickPixels,
  type Dims,
  ImageGrid,
  type ImageGridData,
  slicesOffPlane,
} from "#volume";
import { describe, expect, it } from "vitest";
import { areaValues } from "../../../src/session/measurements/area-values.ts";
import { MOST_SAMPLES } from "../../../src/session/measurements/interpolated-values.ts";
import { ValueSums } from "../../../src/session/measurements/value-sums.ts";
import { randomFrom } from "../../fixtures/random.ts";

const DIMS: Dims = [100, 70, 66];

const turned = (() => {
  const x = normalize([0.9, 0.3, -0.2]);
  const y = normalize(cross([0.1, 0.2, 1], x));
  const z = cross(x, y);
  const at = (v: Vec3, mm: number): Vec3 => scale(v, mm);
  const [a, b, c] = [at(x, 0.7), at(y, 1.1), at(z, 2.3)];
  return [a[0], b[0], c[0], -30, a[1], b[1], c[1], 12, a[2], b[2], c[2], 55] as const;
})();

const GRIDS: Readonly<Record<string, ImageGridData>> = {
  anisotropic: { dims: DIMS, indexToLps: [0.7, 0, 0, -30, 0, 0.7, 0, 10, 0, 0, 2.5, -100] },
  "turned and left-handed": {
    dims: DIMS,
    indexToLps: turned.map((value, n) => (n % 4 === 1 ? -value : value)) as unknown as ImageGridData["indexToLps"],
  },
  sheared: { dims: DIMS, indexToLps: [1, 0, 0, 0, 0, 1, 0.6, 0, 0, 0, 2, 0] },
  uneven: {
    dims: DIMS,
    indexToLps: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0],
    sliceOffsetsMm: Array.from({ length: DIMS[2] }, (_, k) => 2 * k + (k % 3 === 1 ? 0.8 : 0)),
  },
};

/** A volume whose every voxel is a function of its index, in bricks made when they are asked for. */
function image(data: ImageGridData, valueAt: (i: number, j: number, k: number) => number) {
  const grid = new ImageGrid(data);
  const made = new Map<string, BrickPixels>();
  const at = (n: number, axis: 0 | 1 | 2): number => Math.min(n, grid.dims[axis] - 1);
  const readBrick = async (address: BrickAddress): Promise<BrickPixels> => {
    const key = JSON.stringify(address);
    const known = made.get(key);
    if (known) return known;
    const voxels = new Float32Array(64 ** 3);
    for (let n = 0; n < voxels.length; n++) {
      const [i, j, k] = [address.bi * 64 + (n & 63), address.bj * 64 + ((n >> 6) & 63), address.bk * 64 + (n >> 12)];
      voxels[n] = valueAt(at(i, 0), at(j, 1), at(k, 2));
    }
    const brick = { address, voxels, min: 0, max: 0 };
    made.set(key, brick);
    return brick;
  };
  const toShown = (stored: number): number => stored * 2 - 1000;
  return {
    grid,
    bricks: { readBrick },
    toShown,
    shown: (i: number, j: number, k: number) => toShown(valueAt(i, j, k)),
  };
}

const noise = (i: number, j: number, k: number): number => (((i * 73 + j * 179 + k * 283) * 2654435761) % 4096) | 0;

/** A shape in the plane of two directions, its middle at an index. */
function shapeAt(
  grid: ImageGrid,
  kind: "rectangle" | "ellipse",
  middle: Vec3,
  [right, slanted]: readonly [Vec3, Vec3],
  [width, height]: readonly [number, number],
): { shape: PlaneShape; measured: MeasuredShape } {
  const u = normalize(right);
  const down = normalize(subtract(slanted, scale(u, dot(slanted, u))));
  const center = grid.toLps(middle);
  const half = add(scale(u, width / 2), scale(down, height / 2));
  const measured = { kind, points: [subtract(center, half), add(center, half)], plane: { right: u, down } };
  return { shape: planeShape(measured)!, measured };
}

/** Every voxel of the slice, one by one. */
function reference(source: ReturnType<typeof image>, shape: PlaneShape, axis: 0 | 1 | 2) {
  const { grid } = source;
  const slice = Math.round(grid.toIndex(shape.center)[axis]);
  const values: number[] = [];
  for (let k = 0; k < grid.dims[2]; k++)
    for (let j = 0; j < grid.dims[1]; j++)
      for (let i = 0; i < grid.dims[0]; i++) {
        if ([i, j, k][axis] === slice && shapeContains(shape, grid.toLps([i, j, k])))
          values.push(source.shown(i, j, k));
      }
  return plain(values);
}

function plain(values: readonly number[]) {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const sd = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length);
  return { count: values.length, mean, sd, min: Math.min(...values), max: Math.max(...values) };
}

describe.each(Object.entries(GRIDS))("%s grid", (_name, data) => {
  const source = image(data, noise);
  const { grid } = source;

  it("counts the voxels of the slice whose centres lie inside, on every axis, across bricks", async () => {
    const random = randomFrom(11);
    for (const axis of [0, 1, 2] as const) {
      for (const kind of ["rectangle", "ellipse"] as const) {
        for (let n = 0; n < 4; n++) {
          const middle = DIMS.map((dims, at) =>
            at === axis ? Math.floor(random() * dims) + (n % 2) * 0.3 : dims * (0.3 + 0.4 * random()),
          ) as unknown as Vec3;
          const [a, b] = [0, 1, 2].filter((other) => other !== axis).map((other) => grid.axis(other)) as [Vec3, Vec3];
          const { shape } = shapeAt(grid, kind, middle, n % 2 === 0 ? [a, b] : [b, a], [
            8 + 60 * random(),
            5 + 50 * random(),
          ]);
          expect(axisAcrossPlane(grid, shape)).toBe(axis);
          const found = await areaValues(source, shape, 0);
          const expected = reference(source, shape, axis);
          expect(found.method).toBe("voxels");
          expect([found.count, found.min, found.max]).toEqual([expected.count, expected.min, expected.max]);
          expect(found.mean).toBeCloseTo(expected.mean, 8);
          expect(found.sd).toBeCloseTo(expected.sd, 8);
        }
      }
    }
  });

  it("samples an oblique plane as a plain trilinear reference does", async () => {
    for (const kind of ["rectangle", "ellipse"] as const) {
      const plane = [
        add(grid.axis(0), scale(grid.axis(2), 0.3)),
        add(grid.axis(1), scale(grid.axis(2), -0.2)),
      ] as const;
      const { shape } = shapeAt(grid, kind, [60, 40, 33], plane, [31, 22]);
      expect(axisAcrossPlane(grid, shape)).toBeUndefined();
      const found = await areaValues(source, shape, 0);
      const [right, down] = found.stepMm!;
      expect(Math.max(right, down)).toBeLessThanOrEqual(Math.min(...grid.spacingMm) + 1e-9);
      const values: number[] = [];
      for (let v = -shape.halfHeightMm + down / 2; v < shape.halfHeightMm; v += down) {
        for (let u = -shape.halfWidthMm + right / 2; u < shape.halfWidthMm; u += right) {
          const point = add(shape.center, add(scale(shape.right, u), scale(shape.down, v)));
          if (!shapeContains(shape, point)) continue;
          const ijk = grid.toIndex(point);
          const low = ijk.map(Math.floor) as unknown as Vec3;
          let value = 0;
          for (const [di, dj, dk] of CORNERS) {
            const weight = [di, dj, dk].reduce((product, d, axis) => {
              const part = ijk[axis]! - low[axis]!;
              return product * (d === 1 ? part : 1 - part);
            }, 1);
            value += weight * source.shown(low[0] + di, low[1] + dj, low[2] + dk);
          }
          values.push(value);
        }
      }
      const expected = plain(values);
      expect(found).toMatchObject({ count: expected.count, method: "interpolated", outside: false });
      for (const name of ["mean", "sd", "min", "max"] as const) expect(found[name]).toBeCloseTo(expected[name], 6);
    }
  });

  it("a point lies as many slices off a plane as its index says", () => {
    for (const axis of [0, 1, 2] as const) {
      const [right, slanted] = [0, 1, 2].filter((other) => other !== axis).map((other) => grid.axis(other)) as [
        Vec3,
        Vec3,
      ];
      const u = normalize(right);
      const down = normalize(subtract(slanted, scale(u, dot(slanted, u))));
      const origin = grid.toLps([20, 20, 20]);
      const there: [number, number, number] = [31, 9, 14];
      there[axis] = 23.5;
      expect(Math.abs(slicesOffPlane(grid, { right: u, down, origin }, grid.toLps(there)))).toBeCloseTo(3.5, 9);
    }
  });
});

const CORNERS = [0, 1].flatMap((i) => [0, 1].flatMap((j) => [0, 1].map((k) => [i, j, k] as const)));

it("on an image that rises evenly the mean of any oblique plane is the value at its middle", async () => {
  const source = image(GRIDS["turned and left-handed"]!, (i, j, k) => 3 * i - 2 * j + 5 * k);
  const { grid } = source;
  const plane = [add(grid.axis(0), grid.axis(1)), add(grid.axis(2), scale(grid.axis(0), 0.4))] as const;
  const { shape } = shapeAt(grid, "ellipse", [50.3, 33.7, 30.2], plane, [20, 14]);
  const found = await areaValues(source, shape, 0);
  expect(found.mean).toBeCloseTo(source.shown(50.3, 33.7, 30.2), 2);
});

it("what reaches out of the volume is said, and only what is inside is counted", async () => {
  const source = image(GRIDS["anisotropic"]!, noise);
  const { grid } = source;
  const axes = [grid.axis(0), grid.axis(1)] as const;
  const half = shapeAt(grid, "rectangle", [0, 30, 5], axes, [20, 10]).shape;
  const found = await areaValues(source, half, 0);
  expect(found.outside).toBe(true);
  expect(found.count).toBe(reference(source, half, 2).count);
  // Away on its slice, on no slice, and far larger than the volume.
  const away = await areaValues(source, shapeAt(grid, "ellipse", [-400, 30, 5], axes, [20, 10]).shape, 0);
  expect(away).toMatchObject({ count: 0, mean: Number.NaN, outside: true });
  expect((await areaValues(source, shapeAt(grid, "ellipse", [40, 30, 90], axes, [20, 10]).shape, 0)).count).toBe(0);
  const all = await areaValues(source, shapeAt(grid, "rectangle", [50, 35, 5], axes, [1e9, 1e9]).shape, 0);
  expect(all).toMatchObject({ count: DIMS[0] * DIMS[1], outside: true });
  const tilted = [grid.axis(0), add(grid.axis(1), scale(grid.axis(2), 0.1))] as const;
  const coarse = await areaValues(source, shapeAt(grid, "rectangle", [50, 35, 30], tilted, [5000, 5000]).shape, 0);
  expect(coarse.stepMm![0] * coarse.stepMm![1]).toBeGreaterThan((5000 * 5000) / MOST_SAMPLES - 1e-6);
  expect(coarse.outside).toBe(true);
});

it("can be aborted, and a brick that is not there is an error", async () => {
  const source = image(GRIDS["anisotropic"]!, noise);
  const { shape } = shapeAt(
    source.grid,
    "rectangle",
    [50, 35, 5],
    [source.grid.axis(0), source.grid.axis(1)],
    [20, 20],
  );
  const missing = { ...source, bricks: { readBrick: async () => undefined } };
  await expect(areaValues(missing, shape, 0)).rejects.toMatchObject({ kind: "storage" });
  const aborting = {
    ...source,
    bricks: {
      readBrick: async (_address: BrickAddress, { signal }: { signal?: AbortSignal } = {}) => {
        signal?.throwIfAborted();
        return undefined;
      },
    },
  };
  await expect(areaValues(aborting, shape, 0, { signal: AbortSignal.abort() })).rejects.toMatchObject({
    name: "AbortError",
  });
});

it("sums stay exact far from zero, and NaN is left out", () => {
  const sums = new ValueSums();
  sums.addRun([0, 1e9 + 1, 0, 1e9 + 2, 0, Number.NaN, 0], 1, 2, 3);
  sums.addRun([Number.NaN], 0, 1, 1);
  sums.addRun([1e9 + 3], 0, 1, 1);
  const summary = sums.summary((value) => value);
  expect(summary).toMatchObject({ count: 3, mean: 1e9 + 2, min: 1e9 + 1, max: 1e9 + 3 });
  expect(summary.sd).toBeCloseTo(Math.sqrt(2 / 3), 9);
  // A falling rescale turns the range round and leaves the deviation as it is.
  const falling = sums.summary((value) => 1e9 - value);
  expect(falling).toMatchObject({ mean: -2, min: -3, max: -1 });
  expect(falling.sd).toBeCloseTo(Math.sqrt(2 / 3), 6);
  expect(new ValueSums().summary((value) => value)).toMatchObject({ count: 0, mean: Number.NaN });
});
