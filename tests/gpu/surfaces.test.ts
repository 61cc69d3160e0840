import { describe, expect, it } from "vitest";
import { type Affine, Emitter, normalize, type Vec3 } from "#base";
import { type RayCamera, SurfaceMeshes, type SurfaceMesh, SurfacePass, TransferTable, type VolumeClip } from "#gpu";
import type { Segment } from "#labelmap";
import { type Dims, pyramidLevels } from "#volume";
import { inlineKernels } from "../wasm/support/kernels.ts";
import { flatVolume, labelsOf } from "../wasm/support/volumes.ts";
import { parallelCamera, pixelRay } from "./cameras.ts";
import { fromGolden } from "./golden.ts";
import { rayScene } from "./ray-scene.ts";
import { memoryVolume } from "./volumes.ts";

const SIZE = 64;
const kernels = inlineKernels();

/** A grey fog of even opacity, so that what a ray gathers follows from its length alone. */
const FOG_PER_MM = 0.01;
const FOG = new TransferTable([
  { value: 0, opacity: FOG_PER_MM, color: [0.5, 0.5, 0.5] },
  { value: 1000, opacity: FOG_PER_MM, color: [0.5, 0.5, 0.5] },
]);
const CLEAR = new TransferTable([
  { value: 0, opacity: 0, color: [0, 0, 0] },
  { value: 1000, opacity: 0, color: [0, 0, 0] },
]);
/** Bare colours, so that what is mixed can be told. */
const BARE = { ambient: 1, diffuse: 0, specular: 0 };
const LIT = { ambient: 0.3, diffuse: 0.7, specular: 0.1 };
const BARE_FOG = { mode: "shaded", light: "none", transfer: FOG, ...BARE } as const;
const UNIT: Affine = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0];

const segment = (value: number, color: string, opacity3d = 1, visible = true): Segment => ({
  value,
  name: `Segment ${value}`,
  color,
  locked: false,
  visible,
  ...(opacity3d === 1 ? {} : { opacity3d }),
});

/** Fog with surfaces in it. */
async function surfaceScene(options: {
  readonly dims: Dims;
  readonly indexToLps?: Affine;
  readonly sliceOffsetsMm?: readonly number[];
  readonly rounds?: number;
  /** Level of the labels that surfaces are made of: 0 or 1. */
  readonly level?: number;
  readonly labelAt: (i: number, j: number, k: number) => number;
}) {
  const { dims, indexToLps = UNIT, sliceOffsetsMm, rounds = 0, level = 0, labelAt } = options;
  const uneven = sliceOffsetsMm ? { sliceOffsetsMm } : {};
  const volume = memoryVolume({ dims, voxelType: "int16", indexToLps, ...uneven, voxelAt: () => 500 });
  const scene = await rayScene(volume, { size: SIZE, stepMm: 0.5 });
  const { dims: size, factor } = pyramidLevels(dims)[level]!;
  const voxelAt: typeof labelAt = (i, j, k) => labelAt(i * factor[0], j * factor[1], k * factor[2]);
  const labels = labelsOf(size, flatVolume(size, "uint16", voxelAt).voxels);
  const meshes = new Map<number, SurfaceMesh>();
  const source = { level, meshes, changed: new Emitter<readonly number[]>() };
  for (const surface of await kernels.surface(labels, { rounds })) meshes.set(surface.brick, surface);
  const held = new SurfaceMeshes(scene.context, source);
  const pass = new SurfacePass(scene.context);
  const { colors } = scene.scene;

  /** Surfaces of the whole picture for a target of `width` × `height` from `originPx` on. */
  function layers(
    camera: RayCamera,
    clip: VolumeClip,
    target = { width: SIZE, height: SIZE, originPx: [0, 0] as readonly [number, number] },
    output: "color" | "label" = "color",
    light = BARE,
  ) {
    return pass.draw(
      target,
      {
        camera,
        width: SIZE,
        height: SIZE,
        originPx: target.originPx,
        grid: volume.grid,
        meshes: held,
        labels: scene.scene.labelBindings,
        clip,
        ...light,
        activeSegment: 0,
      },
      output,
    );
  }
  const draw = (camera: RayCamera, { fog = true, clip = {} }: { fog?: boolean; clip?: VolumeClip } = {}) =>
    scene.draw(camera, { ...BARE_FOG, transfer: fog ? FOG : CLEAR }, { clip, surfaces: layers(camera, clip) });
  const end = (): void => {
    held.dispose();
    pass.dispose();
    scene.end();
  };
  return { ...scene, rays: scene.draw, volume, held, source, colors, layers, draw, end };
}

const at = (picture: ArrayLike<number>, x: number, y: number, channels = 3): number[] =>
  Array.from({ length: channels }, (_, n) => picture[(y * SIZE + x) * 4 + n]!);

/** Looks along +j at a box of 60 × 60 mm, from its middle. */
const ahead = (center: Vec3): RayCamera => parallelCamera(center, [0, 1, 0], [0, 0, 1], 60, 60, 60);

/** What fog adds over a way in mm, and what it lets through. */
const through = (mm: number): number => (1 - FOG_PER_MM) ** mm;
const fogged = (mm: number, behind: readonly number[]): number[] =>
  behind.map((value) => 127.5 * (1 - through(mm)) + value * through(mm));

function expectNear(found: readonly number[], wanted: readonly number[], within = 2): void {
  for (const [n, value] of found.entries())
    expect(Math.abs(value - wanted[n]!), `${found.join()} not ${wanted.join()}`).toBeLessThanOrEqual(within);
}

describe("surfaces and the volume are one picture by depth", () => {
  // A plate across the view in the lower half, from voxel `j` on 4 voxels thick.
  for (const [name, j] of [
    ["in front of", 0],
    ["inside", 30],
    ["behind", 56],
  ] as const) {
    it(`an opaque plate ${name} the fog`, async () => {
      const dims: Dims = [60, 60, 60];
      const scene = await surfaceScene({ dims, labelAt: (_i, y, k) => (k < 30 && y >= j && y < j + 4 ? 1 : 0) });
      scene.colors.set([segment(1, "#ff8000")]);
      const picture = await scene.draw(ahead(scene.volume.grid.centerLps));
      expectNear(at(picture, 32, 16), fogged(60, [0, 0, 0]));
      expectNear(at(picture, 32, 48), fogged(j, [255, 128, 0]));
      scene.end();
    });
  }

  it("a translucent plate takes its share before and after the fog within it", async () => {
    const dims: Dims = [60, 60, 60];
    const scene = await surfaceScene({ dims, labelAt: (_i, j, k) => (k < 30 && j >= 20 && j < 40 ? 1 : 0) });
    scene.colors.set([segment(1, "#ff0000", 0.4)]);
    const picture = await scene.draw(ahead(scene.volume.grid.centerLps));
    const share = 102 / 255;
    const over = (behind: readonly number[]): number[] =>
      [255, 0, 0].map((value, n) => value * share + behind[n]! * (1 - share));
    expectNear(at(picture, 32, 48), fogged(20, over(fogged(20, over(fogged(20, [0, 0, 0]))))));
    scene.end();
  });

  it("an opaque plate hides a translucent one behind it, and is seen through one before it", async () => {
    const dims: Dims = [60, 60, 60];
    const scene = await surfaceScene({
      dims,
      labelAt: (i, j) => (j >= 28 && j < 32 ? 1 : (i < 30 ? j >= 10 && j < 14 : j >= 46 && j < 50) ? 2 : 0),
    });
    scene.colors.set([segment(1, "#00ff00"), segment(2, "#ff0000", 0.5)]);
    const picture = await scene.draw(ahead(scene.volume.grid.centerLps), { fog: false });
    // Both sides of the plate count: half and half of what is left.
    const half = 128 / 255;
    expectNear(at(picture, 16, 32), [255 * (1 - (1 - half) ** 2), 255 * (1 - half) ** 2, 0]);
    expectNear(at(picture, 48, 32), [0, 255, 0]);
    scene.end();
  });

  it("planes hide surfaces behind them, and surfaces planes", async () => {
    const dims: Dims = [60, 60, 60];
    const scene = await surfaceScene({ dims, labelAt: (i, j) => ((i < 30 ? j < 10 : j > 50) ? 1 : 0) });
    scene.colors.set([segment(1, "#0000ff")]);
    const camera = ahead(scene.volume.grid.centerLps);
    const picture = await scene.draw(camera);
    const plane = { point: scene.volume.grid.centerLps, normal: [0, 1, 0] as const };
    const surfaces = scene.layers(camera, {});
    const cut = await scene.rays(camera, BARE_FOG, { surfaces, planes: [plane] });
    expectNear(at(picture, 48, 32), fogged(51, [0, 0, 255]));
    expectNear(at(cut, 16, 32), [0, 0, 255]);
    // The plane's grey in its window.
    expectNear(at(cut, 48, 32), fogged(30, [127.5, 127.5, 127.5]));
    scene.end();
  });
});

describe("cuts", () => {
  it("box and plane cut surfaces where they cut the volume, and a cut segment is solid", async () => {
    const dims: Dims = [60, 60, 60];
    const scene = await surfaceScene({
      dims,
      labelAt: (i, j, k) => (Math.hypot(i - 29.5, j - 29.5, k - 29.5) < 22 ? 1 : 0),
    });
    scene.colors.set([segment(1, "#ffffff")]);
    const center = scene.volume.grid.centerLps;
    const box = await scene.draw(ahead(center), { fog: false, clip: { box: { min: [30, 0, 0], max: [60, 60, 60] } } });
    expectNear(at(box, 24, 32), [0, 0, 0]);
    expectNear(at(box, 40, 32), [255, 255, 255]);
    const plane = { point: center, normal: [0, 0, 1] as const };
    const cut = await scene.draw(ahead(center), { fog: false, clip: { plane } });
    expectNear(at(cut, 32, 20), [0, 0, 0]);
    expectNear(at(cut, 32, 44), [255, 255, 255]);
    // From above the ball is cut open: its inner side closes the cut.
    const above = parallelCamera(center, [0, 0.3, -1], [0, 1, 0], 60, 60, 60);
    const open = await scene.draw(above, { fog: false, clip: { plane } });
    expectNear(at(open, 32, 32), [255, 255, 255]);
    scene.end();
  });
});

describe("picks and geometry", () => {
  for (const [name, indexToLps] of [
    ["right-handed", [1.5, 0, 0, -20, 0, 0.8, 0, 5, 0, 0, 2, 100]],
    ["left-handed", [-1.5, 0, 0, -20, 0, 0.8, 0, 5, 0, 0, 2, 100]],
    ["oblique", [1.2, -0.3, 0, 7, 0.4, 0.9, 0.2, -9, 0, 0.1, 1.6, 3]],
  ] as const) {
    it(`the nearest side of a ball is where its label begins, ${name}`, async () => {
      const dims: Dims = [70, 40, 30];
      const inside = (i: number, j: number, k: number): boolean =>
        Math.hypot((i - 40) / 1.4, j - 20, (k - 15) * 1.3) < 11;
      const scene = await surfaceScene({
        dims,
        indexToLps,
        rounds: 4,
        labelAt: (...ijk) => (inside(...ijk) ? 40_000 : 0),
      });
      scene.colors.set([segment(40_000, "#ffffff")]);
      const { grid } = scene.volume;
      const camera = parallelCamera(grid.toLps([40, 20, 15]), normalize([0.3, 1, -0.4]), [0, 0, 1], 30, 30, 60);
      const surfaces = scene.layers(camera, {}, undefined, "label");
      const look = { mode: "shaded", light: "none", transfer: CLEAR } as const;
      const places = await scene.measure(camera, look, "place", { surfaces });
      let worst = 0;
      let hits = 0;
      for (let y = 4; y < SIZE; y += 8) {
        for (let x = 4; x < SIZE; x += 8) {
          const { near, dir } = pixelRay(camera, SIZE, SIZE, x, y);
          let met: number | undefined;
          for (let t = 0; t < 120 && met === undefined; t += 0.05) {
            const ijk = grid.toIndex([near[0] + dir[0] * t, near[1] + dir[1] * t, near[2] + dir[2] * t]);
            if (inside(...(ijk.map(Math.round) as unknown as Dims))) met = t;
          }
          const [i, j, k, label] = at(places, x, y, 4) as [number, number, number, number];
          if (label > 0) {
            hits++;
            expect(label).toBe(40_001);
          }
          if (met === undefined || label === 0) continue;
          const found = grid.toLps([i, j, k]);
          const t = (found[0] - near[0]) * dir[0] + (found[1] - near[1]) * dir[1] + (found[2] - near[2]) * dir[2];
          worst = Math.max(worst, Math.abs(t - met));
        }
      }
      expect(hits).toBeGreaterThan(15);
      // A voxel's edge is 2 mm at most; towards the rim rays graze it.
      expect(worst).toBeLessThan(4);
      scene.end();
    });
  }

  // An edge of the volume that the coarser level reaches past, and one that it ends at.
  for (const [name, sliceOffsetsMm] of [
    ["even", undefined],
    ["uneven", Array.from({ length: 31 }, (_, k) => k + (k > 12 ? 3 : 0))],
  ] as const) {
    it(`surfaces of a coarser level lie where those of the finest do, ${name} slices`, async () => {
      const dims: Dims = [70, 41, 31];
      const indexToLps: Affine = [0.9, 0.1, 0, 0, -0.1, 1, 0, 0, 0, 0, 1, 0];
      // Blocks of whole coarse voxels, one across bricks, one up to the far corner.
      const labelAt = (i: number, j: number, k: number): number =>
        i >= 20 && i < 68 && j >= 8 && j < 30 && k >= 4 && k < 18 ? 1 : i >= 60 && j >= 34 && k >= 24 ? 2 : 0;
      const made = { dims, indexToLps, labelAt, ...(sliceOffsetsMm ? { sliceOffsetsMm } : {}) };
      const scenes = [await surfaceScene(made), await surfaceScene({ ...made, level: 1 })] as const;
      const bare: Uint8Array[] = [];
      const lit: Uint8Array[] = [];
      for (const scene of scenes) {
        scene.colors.set([segment(1, "#ff8040"), segment(2, "#40ff80")]);
        const camera = parallelCamera(scene.volume.grid.centerLps, normalize([0.3, 1, -0.4]), [0, 0, 1], 80, 80, 90);
        for (const [light, pictures] of [
          [BARE, bare],
          [LIT, lit],
        ] as const) {
          const surfaces = scene.layers(camera, {}, undefined, "color", light);
          pictures.push(await scene.rays(camera, { ...BARE_FOG, transfer: CLEAR }, { surfaces }));
        }
        scene.end();
      }
      expect(bare[0]!.filter((value, n) => n % 4 < 3 && value > 0).length).toBeGreaterThan(1500);
      expect(bare[1]).toEqual(bare[0]);
      // Towards edges normals turn over more of a coarser voxel.
      const turned = lit[0]!.filter((value, n) => Math.abs(value - lit[1]![n]!) > 2).length;
      expect(turned).toBeLessThan(0.05 * lit[0]!.length);
    });
  }

  it("a tile shows the part of the picture that it is", async () => {
    const dims: Dims = [60, 60, 60];
    const scene = await surfaceScene({
      dims,
      rounds: 4,
      labelAt: (i, j, k) => (Math.hypot(i - 20, j - 30, k - 36) < 15 ? 1 : 0),
    });
    scene.colors.set([segment(1, "#ff8040", 0.5)]);
    const camera = ahead(scene.volume.grid.centerLps);
    const whole = await scene.draw(camera);
    const origin = [13, 9] as const;
    const surfaces = scene.layers(camera, {}, { width: SIZE, height: SIZE, originPx: origin });
    const tile = await scene.rays(camera, BARE_FOG, { surfaces, originPx: origin });
    for (let y = 0; y < SIZE - 9; y++)
      for (let x = 0; x < SIZE - 13; x++) expectNear(at(tile, x, y), at(whole, x + 13, y + 9), 1);
    scene.end();
  });
});

it("hiding, colour and opacity upload no mesh; a changed brick alone is uploaded again; all of them after a device loss", async () => {
  const dims: Dims = [70, 60, 60];
  const scene = await surfaceScene({ dims, labelAt: (i) => (i > 10 && i < 68 ? 1 : 0) });
  const camera = ahead(scene.volume.grid.centerLps);
  const shows = async (...segments: Segment[]): Promise<number[]> => {
    scene.colors.set(segments);
    return at(await scene.draw(camera, { fog: false }), 32, 32);
  };
  expectNear(await shows(segment(1, "#ff0000")), [255, 0, 0]);
  const bytes = scene.held.uploadedBytes;
  expectNear(await shows(segment(1, "#ff0000", 1, false)), [0, 0, 0]);
  expectNear(await shows(segment(1, "#00ff00")), [0, 255, 0]);
  expectNear(await shows(segment(1, "#ff0000", 0)), [0, 0, 0]);
  expectNear(await shows(segment(1, "#ff0000", 0.2)), [255 * (1 - 0.8 ** 2), 0, 0]);
  expect(scene.held.uploadedBytes).toBe(bytes);
  const { vertices, triangles } = scene.source.meshes.get(1)!;
  scene.source.changed.emit([1]);
  await shows(segment(1, "#ff0000"));
  expect(scene.held.uploadedBytes - bytes).toBe(vertices.byteLength + triangles.byteLength);
  const restored = new Promise<void>((resolve) => scene.context.restored.on(() => resolve()));
  scene.context.device.destroy();
  await restored;
  expectNear(await shows(segment(1, "#ff0000")), [255, 0, 0]);
  expect(scene.held.uploadedBytes - bytes).toBe(bytes + vertices.byteLength + triangles.byteLength);
  scene.source.meshes.clear();
  scene.source.changed.emit([0, 1]);
  expectNear(await shows(segment(1, "#ff0000")), [0, 0, 0]);
  scene.end();
});

it("golden: an opaque ball in a translucent one, in fog", async () => {
  const dims: Dims = [70, 70, 70];
  const away = (i: number, j: number, k: number, r: number): boolean => Math.hypot(i - 34.5, j - 34.5, k - 34.5) < r;
  const scene = await surfaceScene({
    dims,
    rounds: 8,
    labelAt: (i, j, k) => (away(i, j, k, 14) ? 2 : away(i, j, k, 30) ? 1 : 0),
  });
  scene.colors.set([segment(1, "#3cb44b", 0.35), segment(2, "#e6194b")]);
  const camera = parallelCamera(scene.volume.grid.centerLps, [0.35, 1, -0.22], [0, 0, 1], 80, 80, 90);
  const clip = { plane: { point: scene.volume.grid.centerLps, normal: normalize([0.6, -0.2, 0.7]) } };
  const surfaces = (cut: VolumeClip) => scene.layers(camera, cut, undefined, "color", LIT);
  const look = { mode: "shaded", transfer: FOG, light: "gradient" } as const;
  const whole = await scene.rays(camera, look, { surfaces: surfaces({}) });
  expect(fromGolden("surfaces", whole, SIZE, scene.context.filtersExactly)).toBeLessThanOrEqual(6);
  const cut = await scene.rays(camera, look, { surfaces: surfaces(clip), clip });
  expect(fromGolden("surfaces-cut", cut, SIZE, scene.context.filtersExactly)).toBeLessThanOrEqual(6);
  scene.end();
});
