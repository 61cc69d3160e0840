import { describe, expect, it } from "vitest";
import type { Affine, Vec3 } from "#base";
import { type CurvedPicture, curvedToLps } from "#gpu";
import { leastSpread, pathCurve, placesOnPath, polylineLengthMm } from "#labelmap";
import type { Dims } from "#volume";
import { testContext } from "./context.ts";
import { NO_LABELS, sliceScene } from "./slice-scene.ts";
import { cubicAt, linearAt, type MemoryVolume, memoryVolume, nearestAt } from "./volumes.ts";

const DIMS: Dims = [150, 90, 70];
const c = Math.cos(0.5);
const s = Math.sin(0.5);
const OFFSETS = Array.from({ length: DIMS[2] }, (_, k) => k * 2 + (k > 30 ? 5 : 0) + (k % 3) * 0.4);
const GRIDS: readonly [string, Affine, readonly number[] | undefined][] = [
  ["an axial grid", [0.8, 0, 0, -60, 0, 0.8, 0, -36, 0, 0, 2.5, 1000], undefined],
  ["a flipped grid", [0, 0, -1.2, 20, -0.7, 0, 0, 50, 0, 0.9, 0, -300], undefined],
  ["an oblique grid", [0.8 * c, -0.9 * s, 0, 5, 0.8 * s, 0.9 * c, 0.1, -6, 0, -0.1, 1.3, 7], undefined],
  ["an uneven stack", [0.8, 0, 0, -60, 0, 0.8, 0, -36, 0, 0, 1, 0], OFFSETS],
];

/** A path by indices, so that it bends through every grid and over brick borders, and ends outside. */
function pictureOf(volume: MemoryVolume): CurvedPicture {
  const places: Dims[] = [
    [5, 10, 5],
    [40, 70, 20],
    [90, 30, 40],
    [120, 80, 60],
    [160, 60, 66],
  ];
  const path = pathCurve(places.map((ijk) => volume.grid.toLps(ijk)));
  const width = 180;
  const mmPerPixel = polylineLengthMm(path) / width;
  const offsets = Float64Array.from({ length: width }, (_, n) => (n + 0.5) * mmPerPixel);
  const columns = placesOnPath(path, offsets, leastSpread(path)).map(({ point, tangent, normal }) => ({
    point,
    right: tangent,
    down: normal,
  }));
  return { columns, mmPerPixel, height: 90 };
}

const wave = (i: number, j: number, k: number): number => {
  const smooth = 0.5 + 0.25 * Math.sin(i / 7 + k / 5) + 0.25 * Math.cos(j / 6 - k / 9);
  return Math.round(-1000 + 4000 * ((i + j + k) % 37 < 3 ? 1 - smooth : smooth));
};

/** Pixels that are more than one grey level from a plain sampling, pixel by pixel. */
function wrong(
  volume: MemoryVolume,
  picture: CurvedPicture,
  pixels: Uint8Array,
  mode: "nearest" | "linear" | "cubic",
): number {
  const { grid, voxels } = volume;
  const sample = { linear: linearAt, nearest: nearestAt, cubic: cubicAt }[mode];
  const width = picture.columns.length;
  let count = 0;
  for (let y = 0; y < picture.height; y++) {
    for (let x = 0; x < width; x++) {
      const at = grid.toIndex(curvedToLps(picture, x, y));
      const edge = at.some((v, axis) => Math.abs(v + 0.5) < 1e-3 || Math.abs(v - grid.dims[axis]! + 0.5) < 1e-3);
      if (edge || (mode === "nearest" && at.some((v) => Math.abs(v + 0.5 - Math.round(v + 0.5)) < 1e-3))) continue;
      const grey = grid.contains(at) ? sample(voxels, grid.dims, at as Vec3) / 4000 + 0.25 : 0;
      const wanted = Math.round(Math.min(Math.max(grey, 0), 1) * 255);
      if (Math.abs(pixels[(y * width + x) * 4]! - wanted) > 1) count++;
    }
  }
  return count;
}

describe("a picture along a path", () => {
  for (const [name, indexToLps, offsets] of GRIDS) {
    it(`through ${name} is a plain sampling to one grey level, nearest, linear and cubic`, async () => {
      const { context, faults } = await testContext();
      const volume = memoryVolume({
        dims: DIMS,
        voxelType: "int16",
        indexToLps,
        voxelAt: wave,
        ...(offsets ? { sliceOffsetsMm: offsets } : {}),
      });
      const scene = sliceScene(context, volume);
      const picture = pictureOf(volume);
      for (const interpolation of ["linear", "nearest", "cubic"] as const) {
        const pixels = await scene.drawCurved(picture, 0, { interpolation, gain: 1 / 4000, bias: 0.25 });
        expect(wrong(volume, picture, pixels, interpolation)).toBe(0);
      }
      scene.dispose();
      expect(context.memory.liveBytes).toBe(0);
      expect(faults).toEqual([]);
      context.dispose();
    });
  }

  it("shows labels where a plain look-up has them", async () => {
    const { context, faults } = await testContext();
    const [, indexToLps] = GRIDS[2]!;
    const volume = memoryVolume({ dims: DIMS, voxelType: "uint8", indexToLps, voxelAt: () => 0 });
    const labelAt = (i: number, j: number, k: number): number =>
      i < DIMS[0] && j < DIMS[1] && k < DIMS[2] && (i >> 3) % 3 === 0 && (j >> 2) % 2 === 0 ? 1 + ((k >> 3) % 2) : 0;
    const scene = sliceScene(context, volume, {
      labels: {
        changed: NO_LABELS.changed,
        readBrick: (level, bi, bj, bk) =>
          level === 0
            ? Uint16Array.from({ length: 64 ** 3 }, (_, n) =>
                labelAt(bi * 64 + (n & 63), bj * 64 + ((n >> 6) & 63), bk * 64 + (n >> 12)),
              )
            : undefined,
      },
    });
    scene.colors.set([
      { value: 1, name: "one", color: "#ff0000", locked: false, visible: true },
      { value: 2, name: "two", color: "#0000ff", locked: false, visible: true },
    ]);
    const picture = pictureOf(volume);
    const pixels = await scene.drawCurved(picture, 0, { showLabels: true, labelFill: 1, interpolation: "nearest" });
    const width = picture.columns.length;
    let count = 0;
    for (let y = 0; y < picture.height; y++) {
      for (let x = 0; x < width; x++) {
        const at = volume.grid.toIndex(curvedToLps(picture, x, y));
        if (at.some((v) => Math.abs(v + 0.5 - Math.round(v + 0.5)) < 1e-3)) continue;
        const [i, j, k] = at.map((v) => Math.floor(v + 0.5)) as unknown as Dims;
        const label = volume.grid.contains(at) ? labelAt(i, j, k) : 0;
        const n = (y * width + x) * 4;
        if (pixels[n] !== (label === 1 ? 255 : 0) || pixels[n + 2] !== (label === 2 ? 255 : 0)) count++;
      }
    }
    expect(count).toBe(0);
    scene.dispose();
    expect(faults).toEqual([]);
    context.dispose();
  });
});
