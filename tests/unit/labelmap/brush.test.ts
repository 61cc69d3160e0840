import {
  isInMask,
  rasterisePoints,
  rasteriseStroke,
  restrictToRange,
  emptyMask,
  countMask,
  type StrokeRequest,
} from "#labelmap";
import { type Affine, composeAffine, cross, dot, normalize, subtract } from "#base";
import { brickCoordinates, brickDims, ImageGrid, type IndexIjk, type PointLps } from "#volume";
import { describe, expect, it } from "vitest";
import { randomFrom as random } from "../../fixtures/random.ts";

const turned: Affine = [0.8, -0.6, 0, 5, 0.6, 0.8, 0, -7, 0, 0, 1, 3];
const anisotropic: Affine = [0.7, 0, 0, -20, 0, 0.9, 0, -30, 0, 0, 3, 11];
const sheared: Affine = [0.7, 0, 0, -20, 0, 0.9, 0.8, -30, 0, 0, 2.5, 11];
const dims = [90, 80, 40] as const;
const grids = {
  anisotropic: new ImageGrid({ dims, indexToLps: anisotropic }),
  sheared: new ImageGrid({ dims, indexToLps: sheared }),
  "turned and sheared": new ImageGrid({ dims, indexToLps: composeAffine(turned, sheared) }),
  uneven: new ImageGrid({
    dims,
    indexToLps: [0.7, 0, 0, -20, 0, 0.9, 0.1, -30, 0, 0, 0.995, 11],
    sliceOffsetsMm: Array.from({ length: 40 }, (_, k) => k * 2 + (k > 20 ? 3 : 0) + (k % 2) * 0.5),
  }),
};

function voxels(grid: ImageGrid, masks: Map<number, Uint8Array>): Set<string> {
  const set = new Set<string>();
  const bricks = brickDims(grid.dims);
  for (const [index, mask] of masks) {
    const [bi, bj, bk] = brickCoordinates(bricks, index);
    for (let n = 0; n < 64 ** 3; n++) {
      if (isInMask(mask, n)) set.add(`${bi * 64 + (n & 63)},${bj * 64 + ((n >> 6) & 63)},${bk * 64 + (n >> 12)}`);
    }
  }
  return set;
}

/** Every voxel of the volume, one by one. */
function plainCapsule({ grid, from, to, radiusMm, plane, shape }: StrokeRequest): Set<string> {
  const set = new Set<string>();
  const flat = shape === "disc" && plane && "axis" in plane ? plane : undefined;
  const normal = shape === "disc" && plane && "normal" in plane ? plane.normal : undefined;
  const half = normal
    ? ([0, 1, 2] as const).reduce<number>((sum, axis) => sum + Math.abs(dot(normal, grid.axis(axis))) / 2, 0)
    : 0;
  const project = (point: PointLps): PointLps => {
    const ijk = [...grid.toIndex(point)] as [number, number, number];
    if (flat) ijk[flat.axis] = flat.slice;
    return grid.toLps(ijk);
  };
  const a = project(from);
  const b = project(to);
  const way = subtract(b, a);
  for (let k = 0; k < grid.dims[2]; k++) {
    for (let j = 0; j < grid.dims[1]; j++) {
      for (let i = 0; i < grid.dims[0]; i++) {
        if (flat && [i, j, k][flat.axis] !== flat.slice) continue;
        const p = subtract(grid.toLps([i, j, k]), a);
        const off = normal ? dot(normal, p) : 0;
        if (normal && !(off > -half && off <= half)) continue;
        const length2 = dot(way, way);
        const t = length2 === 0 ? 0 : Math.min(1, Math.max(0, dot(p, way) / length2));
        const d = subtract(p, [way[0] * t, way[1] * t, way[2] * t]);
        if (dot(d, d) <= radiusMm ** 2) set.add(`${i},${j},${k}`);
      }
    }
  }
  return set;
}

describe("shape", () => {
  for (const [name, grid] of Object.entries(grids)) {
    it(`[B1] [B2] equals a plain test of every voxel: ${name}`, () => {
      const next = random(3);
      const point = (): PointLps => grid.toLps([next() * 100 - 5, next() * 90 - 5, next() * 46 - 3]);
      for (let round = 0; round < 6; round++) {
        const from = point();
        const to = round % 3 === 0 ? from : point();
        const axis = (round % 3) as 0 | 1 | 2;
        const plane = { axis, slice: Math.floor(next() * grid.dims[axis]) };
        for (const shape of ["sphere", "disc"] as const) {
          const request = { grid, from, to, radiusMm: 2.3 + next() * 6, shape, plane };
          const got = voxels(grid, rasteriseStroke(request));
          const wanted = plainCapsule(request);
          expect([...wanted].filter((voxel) => !got.has(voxel))).toEqual([]);
          // What is more can only be the voxels on the way itself.
          const more = [...got].filter((voxel) => !wanted.has(voxel));
          expect(more.length, more.join(" ")).toBeLessThanOrEqual(12);
        }
      }
    });
  }
});

describe("a disc on a plane that lies in no slice of voxels", () => {
  for (const [name, grid] of Object.entries(grids)) {
    it(`equals a plain test of every voxel, and leaves nothing out that is seen on the plane: ${name}`, () => {
      const next = random(5);
      for (let round = 0; round < 6; round++) {
        const normal = normalize([next() - 0.5, next() - 0.5, next() - 0.5]);
        const from = grid.toLps([20 + next() * 50, 20 + next() * 40, 8 + next() * 20]);
        const across = normalize(cross(normal, [0.3, 0.5, 0.8]));
        const reach = round % 2 === 0 ? 0 : 15;
        const to: PointLps = [from[0] + across[0] * reach, from[1] + across[1] * reach, from[2] + across[2] * reach];
        const request = { grid, from, to, radiusMm: 4 + next() * 5, shape: "disc", plane: { normal } } as const;
        const got = voxels(grid, rasteriseStroke(request));
        const wanted = plainCapsule(request);
        expect([...wanted].filter((voxel) => !got.has(voxel))).toEqual([]);
        // What is more can only be the voxels on the way itself, one a step.
        const [a, b] = [grid.toIndex(from), grid.toIndex(to)];
        const steps = Math.max(1, Math.ceil(Math.max(...a.map((value, axis) => Math.abs(value - b[axis]!)))));
        expect([...got].filter((voxel) => !wanted.has(voxel)).length).toBeLessThanOrEqual(steps + 1);
        if (grid.sliceOffsetsMm) continue;
        // Whatever is seen on the plane within the disc is painted.
        const down = cross(normal, across);
        for (let n = 0; n < 200; n++) {
          const [angle, r] = [next() * 2 * Math.PI, next() * (request.radiusMm - 2)];
          const p = from.map(
            (value, axis) => value + r * (Math.cos(angle) * across[axis]! + Math.sin(angle) * down[axis]!),
          );
          const voxel = grid.toIndex(p as unknown as PointLps).map((value) => Math.round(value));
          if (grid.contains(voxel as unknown as IndexIjk)) expect(got.has(voxel.join())).toBe(true);
        }
      }
    });
  }
});

it("[B3] the voxel under the pointer is painted however small the brush", () => {
  const grid = grids.sheared;
  for (const radiusMm of [0, 0.01]) {
    for (const shape of ["disc", "sphere"] as const) {
      const at = grid.toLps([10.3, 20.4, 7.2]);
      const masks = rasteriseStroke({ grid, from: at, to: at, radiusMm, shape, plane: { axis: 2, slice: 7 } });
      expect([...voxels(grid, masks)]).toEqual(["10,20,7"]);
    }
  }
});

it("[B4] a stroke has no gap at any pointer speed", () => {
  const grid = grids["turned and sheared"];
  const masks = rasteriseStroke({
    grid,
    from: grid.toLps([3, 4, 9]),
    to: grid.toLps([85, 41, 9]),
    radiusMm: 0.1,
    shape: "disc",
    plane: { axis: 2, slice: 9 },
  });
  const columns = [...voxels(grid, masks)].map((voxel) => voxel.split(",").map(Number) as [number, number, number]);
  columns.sort((a, b) => a[0] - b[0]);
  expect(columns[0]).toEqual([3, 4, 9]);
  expect(columns.at(-1)).toEqual([85, 41, 9]);
  for (let i = 3; i <= 85; i++) expect(columns.some((voxel) => voxel[0] === i)).toBe(true);
});

it("[B5] what lies outside the volume is left out, a stroke wholly outside paints nothing", () => {
  const grid = grids.anisotropic;
  const corner = rasteriseStroke({
    grid,
    from: grid.toLps([0, 0, 0]),
    to: grid.toLps([0, 0, 0]),
    radiusMm: 5,
    shape: "sphere",
  });
  for (const voxel of voxels(grid, corner)) expect(voxel.split(",").every((n) => Number(n) >= 0)).toBe(true);
  const far = grid.toLps([-50, 300, 3]);
  expect(rasteriseStroke({ grid, from: far, to: far, radiusMm: 5, shape: "sphere" }).size).toBe(0);
  const plane = { axis: 2, slice: 41 } as const;
  expect(
    rasteriseStroke({ grid, from: grid.centerLps, to: grid.centerLps, radiusMm: 5, shape: "disc", plane }).size,
  ).toBe(0);
});

it("[B1] points given as indices are painted one by one", () => {
  const grid = grids.anisotropic;
  const masks = rasterisePoints(
    grid,
    [
      [5, 5, 5],
      [70, 5, 5],
    ],
    0,
    "sphere",
  );
  expect([...voxels(grid, masks)].sort()).toEqual(["5,5,5", "70,5,5"]);
});

it("[B6] an intensity range keeps only voxels inside it, NaN never", () => {
  const values = new Float32Array(64 ** 3).map((_, n) => (n % 5 === 4 ? Number.NaN : n % 5));
  const pixels = { address: { frame: 0, level: 0, bi: 0, bj: 0, bk: 0 }, voxels: values, min: 0, max: 3 };
  const kept = restrictToRange(emptyMask().fill(0xff), pixels, 1, 2);
  expect([0, 1, 2, 3, 4].map((n) => isInMask(kept, n))).toEqual([false, true, true, false, false]);
  expect(countMask(restrictToRange(emptyMask().fill(0xff), pixels, 0, 3))).toBe(Math.ceil((64 ** 3 * 4) / 5));
  expect(countMask(restrictToRange(emptyMask().fill(0xff), pixels, 4, 9))).toBe(0);
});

it("[B7] a disc of 30 pixels takes well under 2 ms", () => {
  const grid = new ImageGrid({ dims: [512, 512, 300], indexToLps: [0.7, 0, 0, 0, 0, 0.7, 0, 0, 0, 0, 1, 0] });
  const rounds = 200;
  const time = (shape: "disc" | "sphere") => {
    const start = performance.now();
    for (let n = 0; n < rounds; n++) {
      const from = grid.toLps([200 + n, 250, 100]);
      rasteriseStroke({
        grid,
        from,
        to: grid.toLps([206 + n, 253, 100]),
        radiusMm: 21,
        shape,
        plane: { axis: 2, slice: 100 },
      });
    }
    return (performance.now() - start) / rounds;
  };
  time("disc");
  const disc = time("disc");
  console.info(`disc of 30 px radius: ${disc.toFixed(3)} ms, sphere: ${time("sphere").toFixed(3)} ms`);
  expect(disc).toBeLessThan(2);
});
