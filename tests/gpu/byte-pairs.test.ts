import { describe, expect, it } from "vitest";
import { type Affine, normalize } from "#base";
import type { SlicePlane } from "#gpu";
import type { Dims } from "#volume";
import { testContext } from "./context.ts";
import { sliceScene } from "./slice-scene.ts";
import { memoryVolume } from "./volumes.ts";

const DIMS: Dims = [100, 80, 70];
const AFFINE: Affine = [0.9, 0, 0, -30, 0, 0.9, 0, 10, 0, 0, 1.3, 5];

/** Numbers all over the range, steep and flat, with steps from one high byte to the next. */
const VALUES = {
  int16: (i: number, j: number, k: number) =>
    Math.round(300 * Math.sin(i / 5) * Math.cos(j / 7 + k / 6)) + (i > 60 ? -3 : 2),
  uint16: (i: number, j: number, k: number) => (i * 517 + j * 211 + k * 97) % 60_000,
} as const;

const PLANE: SlicePlane = {
  origin: [-20.3, 15.2, 20.1],
  right: normalize([1, 0.2, 0.3]),
  down: normalize([-0.2, 1, 0]),
  mmPerPixel: 0.61,
  width: 110,
  height: 90,
};

describe("16-bit voxels in pairs of bytes", () => {
  for (const voxelType of ["int16", "uint16"] as const) {
    for (const interpolation of ["nearest", "linear", "cubic"] as const) {
      it(`look as in floats: ${voxelType}, ${interpolation}`, async () => {
        const { context, faults } = await testContext();
        const volume = memoryVolume({ dims: DIMS, voxelType, indexToLps: AFFINE, voxelAt: VALUES[voxelType] });
        const window = voxelType === "int16" ? { gain: 1 / 600, bias: 0.5 } : { gain: 1 / 60_000, bias: 0 };
        const pictures: Uint8Array[] = [];
        for (const bytePairs of [false, true]) {
          const scene = sliceScene(context, volume, { bytePairs });
          expect(scene.atlas.format).toBe(bytePairs ? "rg8unorm" : "r32float");
          await scene.load(PLANE, 0);
          pictures.push(await scene.draw(PLANE, 0, { ...window, interpolation }));
          scene.dispose();
        }
        const off = pictures[0]!.map((level, n) => Math.abs(level - pictures[1]![n]!));
        expect(Math.max(...off)).toBeLessThanOrEqual(1);
        expect(new Set(pictures[0]).size).toBeGreaterThan(100);
        expect(faults).toEqual([]);
        context.dispose();
      });
    }
  }
});
