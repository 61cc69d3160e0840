import { describe, expect, it } from "vitest";
import { Emitter } from "#base";
import { type RaycastLook, type RaycastScene, type SurfaceMesh, SurfaceMeshes, SurfacePass, TransferTable } from "#gpu";
import type { Dims, PointLps } from "#volume";
import { VolumeSight } from "../../src/views/volume-sight.ts";
import { inlineKernels } from "../wasm/support/kernels.ts";
import { flatVolume, labelsOf } from "../wasm/support/volumes.ts";
import { parallelCamera } from "./cameras.ts";
import { rayScene } from "./ray-scene.ts";
import { memoryVolume } from "./volumes.ts";

const DIMS: Dims = [60, 60, 60];
const SIZE = 64;
/** Along +j through 64 mm, a pixel a millimetre. */
const AHEAD = parallelCamera([29.5, 29.5, 29.5], [0, 1, 0], [0, 0, 1], SIZE, SIZE, 60);
const ISO = { mode: "iso", iso: { level: 500, opacity: 1, color: [1, 1, 1] } } as const;
const CLEAR = new TransferTable([
  { value: 0, opacity: 0, color: [0, 0, 0] },
  { value: 1000, opacity: 0, color: [0, 0, 0] },
]);
/** Voxels of a block in the middle. */
const inBlock = (i: number, j: number, k: number): boolean => [i, j, k].every((at) => at >= 20 && at < 40);
const block = (i: number, j: number, k: number): number => (inBlock(i, j, k) ? 1000 : 0);
/** From side to side, past the block or through it. */
const across = (j: number): PointLps[] => [
  [2, j, 30],
  [57, j, 30],
];

async function sightScene(voxelAt: (i: number, j: number, k: number) => number) {
  const indexToLps = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0] as const;
  const volume = memoryVolume({ dims: DIMS, voxelType: "int16", indexToLps, voxelAt });
  const scene = await rayScene(volume, { size: SIZE, stepMm: 0.5 });
  const sight = new VolumeSight(scene.context, scene.pass);

  /** Where along +i the line is how clear. */
  async function seen(
    points: readonly PointLps[],
    look: Partial<RaycastLook>,
    changes: Omit<Partial<RaycastScene>, "look"> = {},
  ): Promise<(i: number) => number> {
    const line = { key: "line", points };
    await sight.look({ ...scene.sceneOf(AHEAD, look, {}), ...changes }, [line], 3);
    const pieces = sight.pieces(line, ([x, , z]) => [x, z]);
    return (i) => pieces.find(({ points: ends }) => ends[0]![0] <= i && ends.at(-1)![0] >= i)!.clear;
  }
  return { ...scene, volume, sight, seen };
}

describe("lines are in sight by depth", () => {
  it("an opaque isosurface hides a line within and behind it, not one before it or on its face", async () => {
    const scene = await sightScene(block);
    for (const [j, expected] of [
      [10, 1],
      [19.6, 1],
      [30, 0],
      [50, 0],
    ] as const) {
      const clear = await scene.seen(across(j), ISO);
      // The edge of what hides it lies within a step of three pixels.
      expect([10, 16, 24, 30, 36, 43, 50].map((i) => clear(i))).toEqual([1, 1, ...[0, 0, 0].map(() => expected), 1, 1]);
    }
    scene.end();
  });

  it("what is cut away hides nothing, and its cut face does", async () => {
    const scene = await sightScene(block);
    const cut = { clip: { box: { min: [0, 30, 0], max: DIMS } } } as const;
    const at = async (j: number, changes: Omit<Partial<RaycastScene>, "look">) =>
      (await scene.seen(across(j), ISO, changes))(30);
    expect(await at(25, {})).toBe(0);
    expect(await at(25, cut)).toBe(1);
    expect(await at(29.5, cut)).toBe(1);
    expect(await at(34, cut)).toBe(0);
    expect(await at(55, { clip: { box: { min: [0, 45, 0], max: DIMS } } })).toBe(1);
    const plane = { point: [0, 30, 0], normal: [0, -1, 0] } as const;
    expect(await at(25, { clip: { plane } })).toBe(1);
    expect(await at(34, { clip: { plane } })).toBe(0);
    scene.end();
  });

  it("fog before a line dims it by its opacity, and one of the three planes hides it", async () => {
    const scene = await sightScene(() => 500);
    const perMm = 0.02;
    const fog = new TransferTable([0, 1000].map((value) => ({ value, opacity: perMm, color: [1, 1, 1] as const })));
    const look = { mode: "shaded", transfer: fog } as const;
    for (const j of [5, 20, 50]) {
      // A millimetre before the place counts as in sight; shares are told apart in eighths.
      const wanted = (1 - perMm) ** (j + 0.5 - 1);
      expect(Math.abs((await scene.seen(across(j), look))(30) - wanted)).toBeLessThanOrEqual(1 / 16 + 0.02);
    }
    const planes = [{ point: [0, 30, 0], normal: [0, 1, 0] }] as const;
    const bare = { mode: "shaded", transfer: CLEAR } as const;
    expect((await scene.seen(across(10), bare, { planes }))(30)).toBe(1);
    expect((await scene.seen(across(30), bare, { planes }))(30)).toBe(1);
    expect((await scene.seen(across(40), bare, { planes }))(30)).toBe(0);
    scene.end();
  });

  it("a projection has no depth and hides nothing; a line of another shape than was looked for is in sight", async () => {
    const scene = await sightScene(block);
    expect((await scene.seen(across(50), { mode: "mip" }))(30)).toBe(1);
    expect((await scene.seen(across(50), ISO))(30)).toBe(0);
    const bent = { key: "line", points: [...across(50), [57, 50, 50]] as const };
    expect(scene.sight.pieces(bent, ([x, , z]) => [x, z])).toMatchObject([{ clear: 1 }]);
    scene.end();
  });

  it("surfaces hide what is behind them, translucent ones by their share, in any part of a picture", async () => {
    const scene = await sightScene(() => 500);
    const labels = labelsOf(DIMS, flatVolume(DIMS, "uint16", (i, j, k) => (inBlock(i, j, k) ? 1 : 0)).voxels);
    const meshes = new Map<number, SurfaceMesh>();
    for (const surface of await inlineKernels().surface(labels, { rounds: 0 })) meshes.set(surface.brick, surface);
    const held = new SurfaceMeshes(scene.context, { level: 0, meshes, changed: new Emitter<readonly number[]>() });
    const pass = new SurfacePass(scene.context);
    const bare = { mode: "shaded", transfer: CLEAR } as const;
    const at = async (j: number, opacity3d: number): Promise<number[]> => {
      const { grid } = scene.volume;
      scene.scene.colors.set([{ value: 1, name: "Block", color: "#ff0000", locked: false, visible: true, opacity3d }]);
      const surfaces = pass.draw(
        { width: SIZE, height: SIZE },
        {
          camera: AHEAD,
          width: SIZE,
          height: SIZE,
          originPx: [0.3, -0.3],
          grid,
          meshes: held,
          labels: scene.scene.labelBindings,
          clip: {},
          ambient: 1,
          diffuse: 0,
          specular: 0,
          activeSegment: 0,
        },
      );
      const clear = await scene.seen(across(j), bare, { surfaces, originPx: [0.3, -0.3] });
      return [10, 30, 50].map((i) => clear(i));
    };
    expect(await at(10, 1)).toEqual([1, 1, 1]);
    expect(await at(30, 1)).toEqual([1, 0, 1]);
    expect(await at(50, 1)).toEqual([1, 0, 1]);
    // One side before what lies within, both before what lies behind.
    expect(await at(10, 0.5)).toEqual([1, 1, 1]);
    expect(await at(30, 0.5)).toEqual([1, 0.5, 1]);
    expect(await at(50, 0.5)).toEqual([1, 0.25, 1]);
    held.dispose();
    pass.dispose();
    scene.end();
  });
});
