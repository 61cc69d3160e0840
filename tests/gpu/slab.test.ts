import { describe, expect, it } from "vitest";
import { type Affine, cross, normalize, type Vec3 } from "#base";
import { type SlabMode, slabPlanes, slabRuns, type SlicePlane, pixelToLps } from "#gpu";
import { brickKey, type Dims, ImageGrid, pyramidLevels } from "#volume";
import { integerFrom, randomFrom } from "../fixtures/random.ts";
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

function worstOf(a: Uint8Array, b: Uint8Array): number {
  let worst = 0;
  for (let at = 0; at < a.length; at++) worst = Math.max(worst, Math.abs(a[at]! - b[at]!));
  return worst;
}

/** The hardware's filter where it is exact, and reads of single voxels where it is not, as on real GPUs. */
const FILTERS = [
  ["filtered where that is exact", {}],
  ["by single voxels", { filtersExactly: false }],
] as const;

describe("a thick slice", () => {
  for (const [name, indexToLps, right, down] of [
    ["along the voxels", AXIAL, [1, 0, 0], [0, 1, 0]],
    ["across them", AXIAL, [0, 1, 0], [0, 0, -1]],
    ["oblique", AXIAL, [1, 0.3, 0.2], [0, 1, 0.5]],
    ["oblique in a sheared volume", SHEARED, [1, -0.4, 0.1], [0.2, 0.3, 1]],
  ] as const) {
    it.each(FILTERS)(
      `shows the greatest, the least and the mean value as the plain reference does: ${name}, %s`,
      async (_, filters) => {
        const { context, faults } = await testContext(filters);
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
      },
    );
  }

  for (const seed of [11, 12, 13, 14]) {
    it.each(FILTERS)(
      `shows what the plain reference shows wherever its planes lie among bricks (seed ${seed}), %s`,
      async (_, filters) => {
        const random = randomFrom(seed);
        const { context, faults } = await testContext(filters);
        const volume = memoryVolume({ dims: [150, 140, 90], voxelType: "int16", indexToLps: AXIAL, voxelAt });
        const scene = sliceScene(context, volume);
        for (let n = 0; n < 6; n++) {
          const straight = random() < 0.5;
          const axes = [[1, 0, 0] as const, [0, 1, 0] as const, [0, 0, -1] as const];
          const off = (): number => (straight ? 0 : random() - 0.5);
          const turn = integerFrom(random, 0, 2);
          const direction = (axis: number): Vec3 => {
            const [x, y, z] = axes[(axis + turn) % 3]!;
            return [x + off(), y + off(), z + off()];
          };
          const middle = planeOf(volume, direction(0), direction(1));
          // Near the faces of bricks more often than not.
          const way = cross(middle.right, middle.down).map((part) => part * (random() * 60 - 30)) as unknown as Vec3;
          const origin = middle.origin.map((value, axis) => value + way[axis]!) as unknown as Vec3;
          const plane = { ...middle, origin, width: 70, height: 60, mmPerPixel: 1.4 };
          const thicknessMm = 1 + random() * 25;
          const mode = (["mip", "minip", "mean"] as const)[integerFrom(random, 0, 2)]!;
          await scene.load(plane, 0, thicknessMm);
          const [gain, bias] = [1 / 4000, 0.25];
          const picture = await scene.draw(plane, 0, { gain, bias }, { mode, thicknessMm });
          const count = slabPlanes(volume.grid, scene.bricks.levels[0]!, plane, thicknessMm).length;
          const wanted = reference(volume, plane, mode, thicknessMm, count, gain, bias);
          let worst = 0;
          for (let at = 0; at < wanted.length; at++)
            if (wanted[at] !== -1) worst = Math.max(worst, Math.abs(picture[at * 4]! - wanted[at]!));
          expect(worst, `${mode} of ${thicknessMm} mm, picture ${n}`).toBeLessThanOrEqual(1);
        }
        scene.dispose();
        expect(faults).toEqual([]);
        context.dispose();
      },
    );
  }

  it.each([
    ["int16", {}],
    ["float32", {}],
    ["int16", { maxTextureBytes: 4 * 64 ** 3 }],
  ] as const)(
    "is the same read by layers as filtered, where coarser bricks stand in too: %s, %o",
    async (voxelType, limits) => {
      const pictures: Uint8Array[] = [];
      for (const filtersExactly of [true, false]) {
        const { context, faults } = await testContext({ filtersExactly });
        const volume = memoryVolume({ dims: [150, 140, 90], voxelType, indexToLps: AXIAL, voxelAt });
        // Neighbours of what is there, along every axis.
        for (const [bi, bj, bk] of [
          [1, 0, 0],
          [0, 1, 1],
          [2, 2, 0],
        ] as const)
          volume.held.add(brickKey({ frame: 0, level: 0, bi, bj, bk }));
        const scene = sliceScene(context, volume, limits);
        let n = 0;
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
            [1, 0, 0],
            [0, 0, 1],
          ],
        ] as const) {
          const plane = planeOf(volume, right, down);
          await scene.load(plane, 0, 45);
          const picture = await scene.draw(plane, 0, { gain: 1 / 4000, bias: 0.25 }, { mode: "mip", thicknessMm: 45 });
          if (filtersExactly) pictures.push(picture);
          else expect(worstOf(picture, pictures[n++]!)).toBeLessThanOrEqual(1);
        }
        scene.dispose();
        expect(faults).toEqual([]);
        context.dispose();
      }
    },
  );

  it("is sampled by layers of bricks along the voxels, and by short runs elsewhere", () => {
    const level = pyramidLevels(DIMS)[0]!;
    const grid = new ImageGrid({ dims: DIMS, indexToLps: AXIAL });
    const at = (k: number): SlicePlane => ({
      origin: grid.toLps([0, 0, k]),
      right: [1, 0, 0],
      down: [0, 1, 0],
      mmPerPixel: 1,
      width: 50,
      height: 50,
    });
    const ks = Array.from({ length: 10 }, (_, n) => 58.5 + n);
    // The plane at 63.5 lies between two layers.
    expect(slabRuns(grid, level, ks.map(at), 1).map(({ count }) => count)).toEqual([5, 1, 4]);
    expect(slabRuns(grid, level, ks.map(at), 0).map(({ count }) => count)).toEqual([5, 5]);
    const tilted = ks.map((k) => ({ ...at(k), right: normalize([1, 0, 0.2]) }));
    const runs = slabRuns(grid, level, tilted, 1);
    expect(runs.reduce((sum, { count }) => sum + count, 0)).toBe(10);
    expect(Math.max(...runs.map(({ count }) => count))).toBe(6);
  });

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
