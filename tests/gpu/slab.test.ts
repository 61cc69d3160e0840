import { describe, expect, it } from "vitest";
import { type Affine, cross, normalize, type Vec3 } from "#base";
import { type SlabMode, type SlicePlane, pixelToLps } from "#gpu";
import type { Dims } from "#volume";
import { testContext } from "./context.ts";
import { sliceScene } from "./slice-scene.ts";
import { linearAt, type MemoryVolume, memoryVolume } from "./volumes.ts";

const DIMS: Dims = [150, 90, 70];
const AXIAL: Affine = [0.8, 0, 0, -60, 0, 0.8, 0, -36, 0, 0, 2.5, 1000];
const SHEARED: Affine = [0.8, 0, 0, -60, 0, 0.75, 0.6, -36, 0, -0.27, 2, 40];
const LOW = -1000;
const HIGH = 3000;

const voxelAt = (i: number, j: number, k: number): number => {
  const smooth = 0.5 + 0.25 * Math.sin(i / 7 + k / 5) + 0.25 * Math.cos(j / 6 - k / 9);
  return Math.round(LOW + (HIGH - LOW) * ((i + j + k) % 37 < 3 ? 1 - smooth : smooth));
};

function planeOf(volume: MemoryVolume, right: Vec3, down: Vec3): SlicePlane {
  const [width, height, mmPerPixel] = [130, 110, 0.7];
  const r = normalize(right);
  const d = normalize(cross(cross(r, down), r));
  const center = volume.grid.centerLps;
  const origin = center.map(
    (value, n) => value - (r[n]! * (width / 2 - 0.3) + d[n]! * (height / 2 - 0.2)) * mmPerPixel,
  );
  return { origin: origin as unknown as Vec3, right: r, down: d, mmPerPixel, width, height };
}

/**
 * Grey levels of a slab sampled at `count` even distances by the plain reference; −1 where a sample lies on the edge of the volume,
 * which may fall either way, and 0 where all are outside.
 */
function reference(
  volume: MemoryVolume,
  plane: SlicePlane,
  mode: SlabMode,
  thicknessMm: number,
  count: number,
  gain: number,
  bias: number,
): Int16Array {
  const { grid, voxels } = volume;
  const normal = cross(plane.right, plane.down);
  const picture = new Int16Array(plane.width * plane.height);
  for (let n = 0; n < picture.length; n++) {
    const middle = pixelToLps(plane, n % plane.width, Math.floor(n / plane.width));
    const values: number[] = [];
    let edge = false;
    for (let s = 0; s < count; s++) {
      const off = ((s + 0.5) / count - 0.5) * thicknessMm;
      const at = grid.toIndex(middle.map((value, axis) => value + normal[axis]! * off) as unknown as Vec3);
      edge ||= at.some((v, axis) => Math.abs(v + 0.5) < 1e-3 || Math.abs(v - grid.dims[axis]! + 0.5) < 1e-3);
      if (grid.contains(at)) values.push(linearAt(voxels, grid.dims, at));
    }
    const value =
      mode === "mip"
        ? Math.max(...values)
        : mode === "minip"
          ? Math.min(...values)
          : values.reduce((sum, one) => sum + one, 0) / values.length;
    picture[n] = edge ? -1 : values.length === 0 ? 0 : Math.round(Math.min(Math.max(value * gain + bias, 0), 1) * 255);
  }
  return picture;
}

describe("a thick slice", () => {
  for (const [name, indexToLps, right, down] of [
    ["along the voxels", AXIAL, [1, 0, 0], [0, 1, 0]],
    ["across them", AXIAL, [0, 1, 0], [0, 0, -1]],
    ["oblique", AXIAL, [1, 0.3, 0.2], [0, 1, 0.5]],
    ["oblique in a sheared volume", SHEARED, [1, -0.4, 0.1], [0.2, 0.3, 1]],
  ] as const) {
    it(`shows the greatest, the least and the mean value as the plain reference does: ${name}`, async () => {
      const { context, faults } = await testContext();
      const volume = memoryVolume({ dims: DIMS, voxelType: "int16", indexToLps, voxelAt });
      const scene = sliceScene(context, volume);
      const plane = planeOf(volume, right, down);
      for (const thicknessMm of [12, 30]) {
        await scene.load(plane, 0, thicknessMm);
        // A window of a tenth of the values, so that most of what is added up lies far outside.
        for (const [gain, bias] of [
          [1 / 4000, 0.25],
          [1 / 400, -2.5],
        ] as const) {
          for (const mode of ["mip", "minip", "mean"] as const) {
            const picture = await scene.draw(plane, 0, { gain, bias }, { mode, thicknessMm });
            const n = volume.grid.lpsToIndex;
            const normal = cross(plane.right, plane.down);
            const steps = [0, 4, 8].map((row) =>
              Math.abs(n[row]! * normal[0] + n[row + 1]! * normal[1] + n[row + 2]! * normal[2]),
            );
            const count = Math.ceil(thicknessMm * Math.max(...steps) - 1e-6);
            const wanted = reference(volume, plane, mode, thicknessMm, count, gain, bias);
            let worst = 0;
            let compared = 0;
            for (let at = 0; at < wanted.length; at++) {
              if (wanted[at] === -1) continue;
              compared++;
              worst = Math.max(worst, Math.abs(picture[at * 4]! - wanted[at]!));
            }
            expect(worst, `${mode} of ${thicknessMm} mm, gain ${gain}`).toBeLessThanOrEqual(1);
            expect(compared).toBeGreaterThan(wanted.length * 0.8);
          }
        }
      }
      scene.dispose();
      expect(context.memory.liveBytes).toBe(0);
      expect(faults).toEqual([]);
      context.dispose();
    });
  }

  it("inverts its greys, and is one plane where it is thinner than a voxel", async () => {
    const { context, faults } = await testContext();
    const volume = memoryVolume({ dims: DIMS, voxelType: "int16", indexToLps: AXIAL, voxelAt });
    const scene = sliceScene(context, volume);
    const plane = planeOf(volume, [1, 0, 0], [0, 1, 0]);
    await scene.load(plane, 0, 20);
    const look = { gain: 1 / 4000, bias: 0.25 };
    const plain = await scene.draw(plane, 0, look, { mode: "mip", thicknessMm: 20 });
    const inverted = await scene.draw(plane, 0, { ...look, invert: true }, { mode: "mip", thicknessMm: 20 });
    const inside = 55 * plane.width + 65;
    expect(plain[inside * 4]! + inverted[inside * 4]!).toBe(255);
    expect(await scene.draw(plane, 0, look, { mode: "mip", thicknessMm: 2 })).toEqual(await scene.draw(plane, 0, look));
    scene.dispose();
    expect(context.memory.liveBytes).toBe(0);
    expect(faults).toEqual([]);
    context.dispose();
  });
});
