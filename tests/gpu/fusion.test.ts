import { describe, expect, it } from "vitest";
import { type Affine, cross, Emitter, normalize, type Vec3 } from "#base";
import {
  type FusedLook,
  type GpuContext,
  type Interpolation,
  pixelToLps,
  type SlabMode,
  slabPlanes,
  type SlicePlane,
} from "#gpu";
import type { LabelChange } from "#labelmap";
import type { Dims, VoxelType } from "#volume";
import { testContext } from "./context.ts";
import { fusedVolume, sliceScene } from "./slice-scene.ts";
import { cubicAt, filterSlack, linearAt, type MemoryVolume, memoryVolume, nearestAt } from "./volumes.ts";

const CT: Affine = [0.8, 0, 0, -60, 0, 0.8, 0, -36, 0, 0, 2.5, 1000];
const c = Math.cos(0.4);
const s = Math.sin(0.4);

/** Grids of a fused volume: how its indices lie in LPS. All of them overlap the volume below only in part. */
const GRIDS: readonly { name: string; dims: Dims; indexToLps: Affine; offsets?: readonly number[]; type: VoxelType }[] =
  [
    {
      name: "coarser, int16",
      dims: [40, 44, 50],
      indexToLps: [4, 0, 0, -80, 0, 4, 0, -90, 0, 0, 3.3, 1010],
      type: "int16",
    },
    {
      name: "finer, over bricks, uint8",
      dims: [140, 70, 75],
      indexToLps: [0.6, 0, 0, -30, 0, 0.7, 0, -40, 0, 0, 1.7, 1030],
      type: "uint8",
    },
    {
      name: "permuted and flipped, float32",
      dims: [90, 80, 70],
      indexToLps: [0, 0, -1.6, 60, -1.1, 0, 0, 40, 0, 2, 0, 1010],
      type: "float32",
    },
    {
      name: "oblique, uint16",
      dims: [80, 90, 66],
      indexToLps: [1.2 * c, -0.9 * s, 0, -40, 1.2 * s, 0.9 * c, 0.1, -50, 0, -0.1, 2.1, 1015],
      type: "uint16",
    },
    {
      name: "sheared by gantry tilt, int8",
      dims: [100, 80, 40],
      indexToLps: [0.9, 0, 0, -50, 0, 0.9, 0.8, -60, 0, -0.3, 4, 1020],
      type: "int8",
    },
    {
      name: "an uneven stack, int16",
      dims: [60, 50, 30],
      indexToLps: [1.5, 0, 0, -50, 0, 1.5, 0, -40, 0, 0, 1, 1020],
      offsets: Array.from({ length: 30 }, (_, k) => k * 3 + (k > 12 ? 5 : 0) + (k % 3) * 0.5),
      type: "int16",
    },
  ];

const wave = (low: number, high: number) => (i: number, j: number, k: number) =>
  Math.round(low + (high - low) * (0.5 + 0.25 * Math.sin(i / 7 + k / 5) + 0.25 * Math.cos(j / 6 - k / 9)));

const below = memoryVolume({ dims: [150, 90, 70], voxelType: "int16", indexToLps: CT, voxelAt: wave(-1000, 3000) });
const BELOW = { gain: 1 / 4000, bias: 0.25 };

function fusedOf(grid: (typeof GRIDS)[number]): MemoryVolume {
  const { dims, indexToLps, offsets, type } = grid;
  const [low, high] = type === "int8" ? [-100, 120] : type === "uint8" ? [0, 250] : [0, 1000];
  return memoryVolume({
    dims,
    voxelType: type,
    indexToLps,
    ...(offsets ? { sliceOffsetsMm: offsets } : {}),
    voxelAt: wave(low, high),
  });
}

function windowOf(volume: MemoryVolume): { gain: number; bias: number } {
  const [low, high] = { int8: [-60, 100], uint8: [40, 220] }[volume.voxelType as string] ?? [150, 900];
  return { gain: 1 / (high! - low!), bias: -low! / (high! - low!) };
}

const heat = Uint8Array.from({ length: 1024 }, (_, n) => [n >> 2, (n >> 2) >> 1, 255 - (n >> 2), 255][n & 3]!);
const green = Uint8Array.from({ length: 1024 }, (_, n) => [20, n >> 2, 60, 255][n & 3]!);

function planeOf(right: Vec3, down: Vec3): SlicePlane {
  const [width, height, mmPerPixel] = [120, 100, 1.273];
  const r = normalize(right);
  const d = normalize(cross(cross(r, down), r));
  // A little off the middle, where nearest voxels would be ties.
  const off = [0.21, 0.33, 0.47];
  const origin = below.grid.centerLps.map(
    (value, n) => value + off[n]! - (r[n]! * (width / 2 - 0.3) + d[n]! * (height / 2 - 0.2)) * mmPerPixel,
  );
  return { origin: origin as unknown as Vec3, right: r, down: d, mmPerPixel, width, height };
}

const PLANES = [
  ["axial", planeOf([1, 0, 0], [0, 1, 0])],
  ["coronal", planeOf([1, 0, 0], [0, 0, -1])],
  ["double oblique", planeOf([1, 0.3, -0.2], [0.1, 0.5, -1])],
] as const;

interface Sampled {
  /** Grey before clamping, undefined outside. */
  readonly grey: number | undefined;
  /** So near to where it may fall either way that it says nothing. */
  readonly either: boolean;
  /** How far from `grey` the GPU may be. */
  readonly slack: number;
}

const SAMPLERS = { linear: linearAt, nearest: nearestAt, cubic: cubicAt };

/** Of a level of a picture in eight bits: the hardware rounds no worse than 0.6 of one (Direct3D 11.3, 3.2.3.6). */
const STORED = 0.1 / 255;
const steep = new Map<MemoryVolume, number>();

/** One volume under a pixel of a plane, or of the planes of a slab. */
function sample(
  volume: MemoryVolume,
  planes: readonly SlicePlane[],
  mode: SlabMode,
  x: number,
  y: number,
  { gain, bias, interpolation }: { gain: number; bias: number; interpolation: Interpolation },
): Sampled {
  const greys: number[] = [];
  const { grid, voxels } = volume;
  let either = false;
  for (const plane of planes) {
    const at = grid.toIndex(pixelToLps(plane, x, y));
    either ||= at.some((v, axis) => Math.abs(v + 0.5) < 2e-3 || Math.abs(v - grid.dims[axis]! + 0.5) < 2e-3);
    if (interpolation === "nearest") either ||= at.some((v) => Math.abs(v + 0.5 - Math.round(v + 0.5)) < 2e-3);
    if (grid.contains(at)) greys.push(SAMPLERS[interpolation](voxels, grid.dims, at) * gain + bias);
  }
  const filtered = interpolation === "linear" ? (steep.get(volume) ?? 0) * gain : 0;
  const slack = exact ? 0 : STORED + filtered;
  if (greys.length === 0) return { grey: undefined, either, slack };
  const clamped = greys.map((grey) => Math.min(Math.max(grey, 0), 1));
  const grey = {
    mip: () => Math.max(...clamped),
    minip: () => Math.min(...clamped),
    mean: () => greys.reduce((sum, one) => sum + one, 0) / greys.length,
  }[mode]();
  return { grey, either, slack };
}

/** Whether the driver filters and rounds exactly; set with `steep` by each test. */
let exact = true;

function expectOf(context: GpuContext, volumes: readonly MemoryVolume[]): void {
  exact = context.filtersExactly;
  for (const volume of volumes) steep.set(volume, filterSlack(volume, exact));
}

/** The blend, red green blue from 0 to 255, by the plain reference; undefined where it may fall either way. */
function blend(
  ground: Sampled,
  fused: readonly { readonly at: Sampled; readonly look: FusedLook }[],
): readonly number[] | undefined {
  if (ground.either || fused.some(({ at }) => at.either)) return undefined;
  const level = (grey: number): number => Math.round(Math.min(Math.max(grey, 0), 1) * 255);
  let color = [0, 1, 2].map(() => (ground.grey === undefined ? 0 : level(ground.grey)));
  for (const { at, look } of fused) {
    if (at.grey === undefined) continue;
    // Beside the lowest level a pixel is drawn or not.
    const edge = Math.abs(at.grey * 255 - 0.5) < 0.02 + at.slack * 255;
    if (look.hideLow && edge) return undefined;
    const place = level(at.grey);
    if (look.hideLow && place === 0) continue;
    const entry = (look.invert ? 255 - place : place) * 4;
    color = color.map((value, n) => value + (look.lut[entry + n]! - value) * look.opacity);
  }
  return color;
}

/** How far a picture is from the reference at most, and how much of it was compared. */
function compare(picture: Uint8Array, width: number, wanted: (x: number, y: number) => readonly number[] | undefined) {
  let worst = 0;
  let compared = 0;
  for (let n = 0; n < picture.length / 4; n++) {
    const color = wanted(n % width, Math.floor(n / width));
    if (!color) continue;
    compared++;
    color.forEach((value, axis) => (worst = Math.max(worst, Math.abs(picture[n * 4 + axis]! - value))));
  }
  return { worst, compared: compared / (picture.length / 4) };
}

describe("volumes fused over another one", () => {
  for (const grid of GRIDS) {
    it(`blends as the plain reference does: ${grid.name}`, async () => {
      const { context, faults } = await testContext();
      const scene = sliceScene(context, below);
      const volume = fusedOf(grid);
      expectOf(context, [below, volume]);
      const over = fusedVolume(context, volume);
      for (const [name, plane] of PLANES) {
        await scene.load(plane, 0);
        await over.load(plane, 0);
        for (const interpolation of ["linear", "nearest", "cubic"] as const) {
          const look = { ...windowOf(volume), lut: heat, opacity: 0.6, hideLow: true, invert: false, interpolation };
          const picture = await scene.draw(plane, 0, { ...BELOW, interpolation }, undefined, [over.at(plane, 0, look)]);
          const found = compare(picture, plane.width, (x, y) =>
            blend(sample(below, [plane], "mip", x, y, { ...BELOW, interpolation }), [
              { at: sample(volume, [plane], "mip", x, y, look), look },
            ]),
          );
          expect(found.worst, `${name}, ${interpolation}`).toBeLessThanOrEqual(1.01);
          expect(found.compared, `${name}, ${interpolation}`).toBeGreaterThan(0.75);
        }
      }
      over.dispose();
      scene.dispose();
      expect(context.memory.liveBytes).toBe(0);
      expect(faults).toEqual([]);
      context.dispose();
    });
  }

  it("blends two, the second on top, inverted, with nothing hidden; each on its own slab of the same thickness", async () => {
    const { context, faults } = await testContext();
    const scene = sliceScene(context, below);
    const volumes = [fusedOf(GRIDS[0]!), fusedOf(GRIDS[3]!)] as const;
    expectOf(context, [below, ...volumes]);
    const over = volumes.map((volume) => fusedVolume(context, volume));
    const looks: FusedLook[] = volumes.map((volume, n) => ({
      ...windowOf(volume),
      lut: n === 0 ? heat : green,
      opacity: n === 0 ? 0.5 : 0.3,
      hideLow: n === 1,
      invert: n === 0,
      interpolation: "linear",
    }));
    const at = (plane: SlicePlane, thicknessMm: number) =>
      over.map((one, n) => one.at(plane, 0, looks[n]!, thicknessMm));
    const ground = { ...BELOW, interpolation: "linear" } as const;
    for (const [name, plane] of PLANES) {
      for (const [mode, thicknessMm] of [
        ["mip", 0],
        ["mip", 14],
        ["minip", 14],
        ["mean", 14],
      ] as const) {
        const levels = volumes.map((_, n) => over[n]!.bricks.levels[0]!);
        await scene.load(plane, 0, thicknessMm);
        for (const one of over) await one.load(plane, 0, thicknessMm);
        const slab = thicknessMm === 0 ? undefined : { mode, thicknessMm };
        const picture = await scene.draw(plane, 0, ground, slab, at(plane, thicknessMm));
        const planes = slabPlanes(below.grid, scene.bricks.levels[0]!, plane, thicknessMm);
        const theirs = volumes.map((volume, n) => slabPlanes(volume.grid, levels[n]!, plane, thicknessMm));
        const found = compare(picture, plane.width, (x, y) =>
          blend(
            sample(below, planes, mode, x, y, ground),
            volumes.map((volume, n) => ({ at: sample(volume, theirs[n]!, mode, x, y, looks[n]!), look: looks[n]! })),
          ),
        );
        // A level of the volume below and one of a fused one may be off at once.
        expect(found.worst, `${name}, ${mode} of ${thicknessMm} mm`).toBeLessThanOrEqual(exact ? 1.01 : 2.01);
        expect(found.compared).toBeGreaterThan(0.6);
      }
    }
    // Without them the picture is what it was.
    const [, plane] = PLANES[0];
    await scene.load(plane, 0);
    const alone = await scene.draw(plane, 0, ground);
    const found = compare(alone, plane.width, (x, y) => blend(sample(below, [plane], "mip", x, y, ground), []));
    expect(found.worst).toBeLessThanOrEqual(1);
    for (const one of over) one.dispose();
    scene.dispose();
    expect(context.memory.liveBytes).toBe(0);
    expect(faults).toEqual([]);
    context.dispose();
  });

  it("lie under the labels", async () => {
    const { context, faults } = await testContext();
    const labels = {
      changed: new Emitter<LabelChange>(),
      readBrick: (level: number) => (level === 0 ? new Uint16Array(64 ** 3).fill(1) : undefined),
    };
    const scene = sliceScene(context, below, { labels });
    scene.colors.set([{ value: 1, name: "one", color: "#ff8000", locked: false, visible: true }]);
    const volume = fusedOf(GRIDS[0]!);
    expectOf(context, [below, volume]);
    const over = fusedVolume(context, volume);
    const [, plane] = PLANES[2];
    await scene.load(plane, 0);
    await over.load(plane, 0);
    const ground = { ...BELOW, interpolation: "linear" } as const;
    const look = {
      ...windowOf(volume),
      lut: heat,
      opacity: 0.6,
      hideLow: false,
      invert: false,
      interpolation: "linear",
    } as const;
    const shown = { ...ground, showLabels: true, labelFill: 0.25 };
    const picture = await scene.draw(plane, 0, shown, undefined, [over.at(plane, 0, look)]);
    const found = compare(picture, plane.width, (x, y) => {
      const under = sample(below, [plane], "mip", x, y, ground);
      const color = blend(under, [{ at: sample(volume, [plane], "mip", x, y, look), look }]);
      return color && under.grey !== undefined
        ? color.map((value, n) => value + ([255, 128, 0][n]! - value) * 0.25)
        : color;
    });
    expect(found.worst).toBeLessThanOrEqual(1.01);
    expect(found.compared).toBeGreaterThan(0.9);
    over.dispose();
    scene.dispose();
    expect(faults).toEqual([]);
    context.dispose();
  });
});
