import { describe, expect, it } from "vitest";
import { type Affine, cross, normalize, type Vec3 } from "#base";
import type { SlicePlane } from "#gpu";
import { pixelToLps } from "#gpu";
import { baseToLevelIndex, brickKey, type Dims, VOXEL_RANGE, type VoxelType } from "#volume";
import { testContext } from "./context.ts";
import { sliceScene } from "./slice-scene.ts";
import { cubicAt, linearAt, type MemoryVolume, memoryVolume, nearestAt } from "./volumes.ts";

const DIMS: Dims = [150, 90, 70];

/** A smooth wave with a hard edge, filling `low` to `high`. */
function wave(low: number, high: number): (i: number, j: number, k: number) => number {
  return (i, j, k) => {
    const smooth = 0.5 + 0.25 * Math.sin(i / 7 + k / 5) + 0.25 * Math.cos(j / 6 - k / 9);
    const value = low + (high - low) * ((i + j + k) % 37 < 3 ? 1 - smooth : smooth);
    return Math.round(value);
  };
}

const AXIAL: Affine = [0.8, 0, 0, -60, 0, 0.8, 0, -36, 0, 0, 2.5, 1000];
const FLIPPED: Affine = [0, 0, -1.2, 20, -0.7, 0, 0, 50, 0, 0.9, 0, -300];
const SHEARED: Affine = [0.8, 0, 0, -60, 0, 0.75, 0.6, -36, 0, -0.27, 2, 40];
const c = Math.cos(0.5);
const s = Math.sin(0.5);
const OBLIQUE: Affine = [0.8 * c, -0.9 * s, 0, 5, 0.8 * s, 0.9 * c, 0.1, -6, 0, -0.1, 1.3, 7];
const OFFSETS = Array.from({ length: DIMS[2] }, (_, k) => k * 2 + (k > 30 ? 5 : 0) + (k % 3) * 0.4);

/** A plane through the middle of the volume, larger than it. */
function planeOf(
  volume: MemoryVolume,
  right: Vec3,
  down: Vec3,
  mmPerPixel = 0.6,
  width = 150,
  height = 130,
): SlicePlane {
  const r = normalize(right);
  const d = normalize(cross(cross(r, down), r));
  const center = volume.grid.centerLps;
  const origin = [0, 1, 2].map(
    (n) => center[n]! - (r[n]! * (width / 2 - 0.3) + d[n]! * (height / 2 - 0.2)) * mmPerPixel,
  ) as unknown as Vec3;
  return { origin, right: r, down: d, mmPerPixel, width, height };
}

/** The grey levels the plain reference gives, −1 where a pixel lies on the very edge and may fall either way. */
function reference(
  volume: MemoryVolume,
  plane: SlicePlane,
  mode: "linear" | "nearest" | "cubic",
  gain: number,
  bias: number,
): Int16Array {
  const { grid, voxels } = volume;
  const picture = new Int16Array(plane.width * plane.height);
  for (let y = 0; y < plane.height; y++) {
    for (let x = 0; x < plane.width; x++) {
      const at = grid.toIndex(pixelToLps(plane, x, y));
      const n = y * plane.width + x;
      const edge = at.some((v, axis) => Math.abs(v + 0.5) < 1e-3 || Math.abs(v - grid.dims[axis]! + 0.5) < 1e-3);
      const tie = mode === "nearest" && at.some((v) => Math.abs(v + 0.5 - Math.round(v + 0.5)) < 1e-3);
      if (edge || tie) picture[n] = -1;
      else if (!grid.contains(at)) picture[n] = 0;
      else {
        const sample = { linear: linearAt, nearest: nearestAt, cubic: cubicAt }[mode];
        const value = sample(voxels, grid.dims, at);
        picture[n] = Math.round(Math.min(Math.max(value * gain + bias, 0), 1) * 255);
      }
    }
  }
  return picture;
}

/** Largest difference between the picture's red and the reference, and how many pixels differ by more than one. */
function difference(picture: Uint8Array, wanted: Int16Array): { worst: number; over: number } {
  let worst = 0;
  let over = 0;
  for (let n = 0; n < wanted.length; n++) {
    if (wanted[n] === -1) continue;
    const off = Math.abs(picture[n * 4]! - wanted[n]!);
    worst = Math.max(worst, off);
    if (off > 1) over++;
  }
  return { worst, over };
}

const TYPES: readonly VoxelType[] = ["uint8", "int8", "uint16", "int16", "uint32", "int32", "float32"];
const GRIDS: readonly [string, Affine, readonly number[] | undefined][] = [
  ["axial", AXIAL, undefined],
  ["permuted and flipped", FLIPPED, undefined],
  ["sheared by gantry tilt", SHEARED, undefined],
  ["oblique", OBLIQUE, undefined],
  ["an uneven stack", [0.8, 0, 0, -60, 0, 0.8, 0, -36, 0, 0, 1, 0], OFFSETS],
];

describe("the slice pass", () => {
  for (const voxelType of TYPES) {
    it(`shows ${voxelType} voxels as the plain reference does, across bricks, nearest, linear and cubic`, async () => {
      const { context, faults } = await testContext();
      const [typeLow, typeHigh] = VOXEL_RANGE[voxelType];
      const low = Math.max(typeLow, -20000);
      const high = Math.min(typeHigh, 30000);
      const volume = memoryVolume({ dims: DIMS, voxelType, indexToLps: AXIAL, voxelAt: wave(low, high) });
      const scene = sliceScene(context, volume);
      const plane = planeOf(volume, [1, 0.2, 0.1], [0, 1, 0.4]);
      await scene.load(plane, 0);
      for (const interpolation of ["linear", "nearest", "cubic"] as const) {
        const gain = 1 / (high - low);
        const bias = -low * gain;
        const picture = await scene.draw(plane, 0, { interpolation, gain, bias });
        expect(difference(picture, reference(volume, plane, interpolation, gain, bias)).worst).toBeLessThanOrEqual(1);
      }
      scene.dispose();
      expect(context.memory.liveBytes).toBe(0);
      expect(faults).toEqual([]);
      context.dispose();
    });
  }

  for (const [name, indexToLps, offsets] of GRIDS) {
    it(`places ${name} where its matrix says`, async () => {
      const { context, faults } = await testContext();
      const volume = memoryVolume({
        dims: DIMS,
        voxelType: "int16",
        indexToLps,
        voxelAt: wave(-1000, 3000),
        ...(offsets ? { sliceOffsetsMm: offsets } : {}),
      });
      const scene = sliceScene(context, volume);
      const gain = 1 / 4000;
      const bias = 0.25;
      for (const [right, down] of [
        [
          [1, 0, 0],
          [0, 1, 0],
        ],
        [
          [0, 1, 0],
          [0, 0, -1],
        ],
        [
          [1, 0.3, -0.2],
          [0.1, 0.5, -1],
        ],
      ] as const) {
        const plane = planeOf(volume, right, down);
        await scene.load(plane, 0);
        for (const interpolation of ["linear", "nearest", "cubic"] as const) {
          const picture = await scene.draw(plane, 0, { interpolation, gain, bias });
          expect(difference(picture, reference(volume, plane, interpolation, gain, bias)).worst).toBeLessThanOrEqual(1);
        }
      }
      scene.dispose();
      expect(faults).toEqual([]);
      context.dispose();
    });
  }

  it("keeps a narrow window over hard edges within one grey level", async () => {
    const { context } = await testContext();
    const volume = memoryVolume({ dims: DIMS, voxelType: "int16", indexToLps: AXIAL, voxelAt: wave(-1000, 3000) });
    const scene = sliceScene(context, volume);
    const plane = planeOf(volume, [1, 0.2, 0.1], [0, 1, 0.4], 0.3);
    await scene.load(plane, 0);
    const picture = await scene.draw(plane, 0, { gain: 1 / 80, bias: 0 });
    const found = difference(picture, reference(volume, plane, "linear", 1 / 80, 0));
    expect(found.worst).toBeLessThanOrEqual(1);
    scene.dispose();
    context.dispose();
  });

  it("falls back to the coarser level where a brick is missing, and only there", async () => {
    const { context } = await testContext();
    const volume = memoryVolume({ dims: DIMS, voxelType: "int16", indexToLps: AXIAL, voxelAt: wave(-1000, 3000) });
    volume.held.add(brickKey({ frame: 0, level: 0, bi: 1, bj: 0, bk: 0 }));
    const scene = sliceScene(context, volume);
    const plane: SlicePlane = {
      origin: volume.grid.toLps([0, 0, 20]),
      right: [1, 0, 0],
      down: [0, 1, 0],
      mmPerPixel: 0.8,
      width: 150,
      height: 90,
    };
    await scene.load(plane, 1);
    await scene.load(plane, 0);
    expect(scene.bricks.table.levelShown(0, [1, 0, 0])).toBe(1);
    const gain = 1 / 4000;
    const bias = 0.25;
    const picture = await scene.draw(plane, 0, { interpolation: "nearest", gain, bias });
    const fine = reference(volume, plane, "nearest", gain, bias);
    const coarse = volume.bricks.get(brickKey({ frame: 0, level: 1, bi: 0, bj: 0, bk: 0 }))!;
    const right = volume.bricks.get(brickKey({ frame: 0, level: 1, bi: 1, bj: 0, bk: 0 }));
    for (let j = 0; j < 90; j++) {
      for (let i = 0; i < 150; i++) {
        let wanted = fine[j * 150 + i]!;
        if (i >= 64 && i < 128 && j < 64) {
          const at = [i, j, 20].map((v, axis) =>
            Math.floor(baseToLevelIndex(v, scene.bricks.levels[1]!.factor[axis]!) + 0.5),
          );
          const source = at[0]! >= 64 ? right! : coarse;
          wanted = Math.round((source.voxels[(at[2]! * 64 + at[1]!) * 64 + (at[0]! & 63)]! * gain + bias) * 255);
        }
        expect(Math.abs(picture[(j * 150 + i) * 4]! - wanted)).toBeLessThanOrEqual(1);
      }
    }
    scene.dispose();
    context.dispose();
  });

  it("colours grey levels by a table, inverted or not, and is grey again without one", async () => {
    const { context, faults } = await testContext();
    const volume = memoryVolume({ dims: DIMS, voxelType: "int16", indexToLps: AXIAL, voxelAt: wave(-1000, 3000) });
    const scene = sliceScene(context, volume);
    const plane = planeOf(volume, [1, 0, 0], [0, 1, 0]);
    await scene.load(plane, 0);
    const look = { gain: 1 / 4000, bias: 0.25 };
    const grey = await scene.draw(plane, 0, look);
    const lut = Uint8Array.from(
      { length: 1024 },
      (_, n) => [(n >> 2) ^ 0x55, 255 - (n >> 2), (n >> 2) >> 1, 255][n & 3]!,
    );
    for (const invert of [false, true]) {
      const picture = await scene.draw(plane, 0, { ...look, lut, invert });
      let wrong = 0;
      for (let n = 0; n < grey.length; n += 4) {
        const inside = picture[n]! !== 0 || picture[n + 1]! !== 0 || picture[n + 2]! !== 0;
        const level = invert ? 255 - grey[n]! : grey[n]!;
        // Rounded once to a level in either picture: a level beside it may be meant.
        const fits = [level - 1, level, level + 1].some(
          (at) => at >= 0 && at < 256 && [0, 1, 2].every((c) => picture[n + c] === lut[at * 4 + c]),
        );
        if (inside && !fits) wrong++;
      }
      expect(wrong).toBe(0);
    }
    expect(await scene.draw(plane, 0, look)).toEqual(grey);
    scene.dispose();
    expect(context.memory.liveBytes).toBe(0);
    expect(faults).toEqual([]);
    context.dispose();
  });

  it("spreads over several textures when one would be too large, and works with the default limits", async () => {
    const { context, faults } = await testContext({ useAdapterLimits: false });
    const volume = memoryVolume({ dims: DIMS, voxelType: "uint8", indexToLps: OBLIQUE, voxelAt: wave(0, 255) });
    const scene = sliceScene(context, volume, { maxTextureBytes: 4 * 64 ** 3 });
    const plane = planeOf(volume, [1, 0.3, -0.2], [0.1, 0.5, -1]);
    await scene.load(plane, 0);
    expect(scene.atlas.textureCount).toBeGreaterThan(1);
    const picture = await scene.draw(plane, 0, { gain: 1 / 255, bias: 0 });
    expect(difference(picture, reference(volume, plane, "linear", 1 / 255, 0)).worst).toBeLessThanOrEqual(1);
    const floats = memoryVolume({ dims: DIMS, voxelType: "int16", indexToLps: AXIAL, voxelAt: wave(-1000, 3000) });
    const second = sliceScene(context, floats);
    const other = planeOf(floats, [1, 0.3, -0.2], [0.1, 0.5, -1]);
    await second.load(other, 0);
    const grey = await second.draw(other, 0, { gain: 1 / 4000, bias: 0.25 });
    expect(difference(grey, reference(floats, other, "linear", 1 / 4000, 0.25)).worst).toBeLessThanOrEqual(1);
    expect(faults).toEqual([]);
    scene.dispose();
    second.dispose();
    context.dispose();
  });
});
