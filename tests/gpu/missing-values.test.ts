import { describe, expect, it } from "vitest";
import { type Affine, cross, type Vec3 } from "#base";
import type { SlicePlane } from "#gpu";
import { pixelToLps } from "#gpu";
import type { Dims } from "#volume";
import { parallelCamera } from "./cameras.ts";
import { testContext } from "./context.ts";
import { rayScene } from "./ray-scene.ts";
import { sliceScene } from "./slice-scene.ts";
import { cubicAt, linearAt, type MemoryVolume, memoryVolume, nearestAt } from "./volumes.ts";

const DIMS: Dims = [90, 80, 70];
const AFFINE: Affine = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0];

/** Floats that lie evenly along k and rise along i, with NaN in a block over a corner of bricks, and a voxel that is infinite. */
const volume = (holes = true): MemoryVolume =>
  memoryVolume({
    dims: DIMS,
    voxelType: "float32",
    indexToLps: AFFINE,
    voxelAt: (i, j, k) => {
      if (holes && [i - 64, j - 60, k - 62].every((away) => Math.abs(away) < 6)) return Number.NaN;
      return holes && i === 30 && j === 40 && k === 35 ? Number.POSITIVE_INFINITY : 40 + 2 * i + (j % 3);
    },
  });

const LOOK = { gain: 1 / 255, bias: 0 } as const;

function planeAt(k: number, right: Vec3 = [1, 0, 0], down: Vec3 = [0, 1, 0]): SlicePlane {
  return { origin: [0.3, 0.2, k], right, down, mmPerPixel: 0.7, width: 120, height: 110 };
}

/** The plain reference: mixed where all its voxels have values, else the nearest voxel; undefined where that has none. */
function plainAt({ voxels }: MemoryVolume, at: Vec3, cubic: boolean): number | undefined {
  const mixed = (cubic ? cubicAt : linearAt)(voxels, DIMS, at);
  const value = Number.isFinite(mixed) ? mixed : nearestAt(voxels, DIMS, at);
  return Number.isNaN(value) ? undefined : value;
}

const grey = (value: number | undefined): number =>
  value === undefined ? 0 : Math.round(Math.min(Math.max(value, 0), 255));

describe("voxels without a value", () => {
  for (const [name, filters] of [
    ["filtered where that is exact", {}],
    ["by single voxels", { filtersExactly: false }],
  ] as const) {
    it(`leave no rim in a slice, ${name}`, async () => {
      const { context, faults } = await testContext(filters);
      const own = volume();
      const scene = sliceScene(context, own);
      for (const plane of [planeAt(60), planeAt(63.4), planeAt(35.3), planeAt(62, [0.8, 0, 0.6], [0, 1, 0])]) {
        await scene.load(plane, 0);
        for (const interpolation of ["linear", "cubic"] as const) {
          const picture = await scene.draw(plane, 0, { ...LOOK, interpolation });
          let off = 0;
          for (let n = 0; n < plane.width * plane.height; n++) {
            const at = own.grid.toIndex(pixelToLps(plane, n % plane.width, Math.floor(n / plane.width)));
            if (!own.grid.contains(at)) continue;
            if (Math.abs(picture[n * 4]! - grey(plainAt(own, at, interpolation === "cubic"))) > 1) off++;
          }
          // Where the nearest voxel is a matter of rounding.
          expect(off, `${interpolation} at ${plane.origin.join(" ")}`).toBeLessThan(40);
        }
      }
      scene.dispose();
      expect(faults).toEqual([]);
      context.dispose();
    });

    it(`count for nothing in a slab, ${name}`, async () => {
      const { context } = await testContext(filters);
      const own = volume();
      const scene = sliceScene(context, own);
      const thicknessMm = 20;
      for (const plane of [planeAt(58), planeAt(50, [0.8, 0, 0.6], [0, 1, 0])]) {
        await scene.load(plane, 0, thicknessMm);
        const normal = cross(plane.right, plane.down);
        const count = Math.ceil(thicknessMm * Math.max(...normal.map(Math.abs)) - 1e-6);
        for (const mode of ["mip", "minip", "mean"] as const) {
          const picture = await scene.draw(plane, 0, LOOK, { mode, thicknessMm });
          let off = 0;
          for (let n = 0; n < plane.width * plane.height; n++) {
            const middle = pixelToLps(plane, n % plane.width, Math.floor(n / plane.width));
            const values: number[] = [];
            for (let s = 0; s < count; s++) {
              const away = ((s + 0.5) / count - 0.5) * thicknessMm;
              const at = own.grid.toIndex(middle.map((mm, axis) => mm + normal[axis]! * away) as unknown as Vec3);
              const value = own.grid.contains(at) ? plainAt(own, at, false) : undefined;
              if (value !== undefined) values.push(value);
            }
            if (values.length === 0) continue;
            const sum = values.reduce((all, one) => all + one, 0);
            const wanted =
              mode === "mip" ? Math.max(...values) : mode === "minip" ? Math.min(...values) : sum / values.length;
            if (Math.abs(picture[n * 4]! - grey(wanted)) > 2) off++;
          }
          expect(off, `${mode} at ${plane.origin.join(" ")}`).toBeLessThan(plane.width * plane.height * 0.02);
        }
      }
      scene.dispose();
      context.dispose();
    });
  }

  it("count for nothing in projections of the volume", async () => {
    const options = { size: 80, stepMm: 0.7 };
    const [holed, whole] = [await rayScene(volume(), options), await rayScene(volume(false), options)];
    for (const way of [
      [0.001, 0.002, 1],
      [0.03, 0.5, 1],
    ] as const) {
      const camera = parallelCamera(volume().grid.centerLps, way, [0, 1, 0], 80, 80, 110);
      for (const mode of ["mip", "minip", "mean"] as const) {
        for (const showLabels of [false, true]) {
          const look = { mode, window: { center: 127.5, width: 255 }, showLabels };
          const [picture, wanted] = [await holed.draw(camera, look), await whole.draw(camera, look)];
          const off = [...wanted.keys()].filter((n) => Math.abs(wanted[n]! - picture[n]!) > 6);
          // The infinite voxel is seen, as white.
          expect(off.length, `${mode} along ${way.join(" ")}`).toBeLessThan(mode === "minip" ? 4 : 80);
          expect(off.every((n) => picture[n] === 255)).toBe(true);
          expect(off.length > 0).toBe(mode !== "minip");
        }
      }
    }
    holed.end();
    whole.end();
  });
});
