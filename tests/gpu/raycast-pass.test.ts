import { describe, expect, it } from "vitest";
import { type Affine, add, scale, type Vec3 } from "#base";
import { type RayCamera, type RaycastLook, RaycastPass, type TransferPoint, TransferTable } from "#gpu";
import type { Dims } from "#volume";
import { parallelCamera, pixelRay } from "./cameras.ts";
import { pictureTexture, readPixels, testContext } from "./context.ts";
import { sliceScene } from "./slice-scene.ts";
import { linearAt, type MemoryVolume, memoryVolume } from "./volumes.ts";

const DIMS: Dims = [100, 90, 70];
const AFFINE: Affine = [1, 0, 0, -50, 0, 1.1, 0.15, 200, 0, -0.1, 1.4, 30];
const SIZE = 96;

/** A bright ball and a bright rod in fog. */
function phantom(i: number, j: number, k: number): number {
  const ball = Math.hypot(i - 62, j - 40, (k - 30) * 1.4);
  const rod = Math.hypot(i - 30, j - 60);
  return Math.round(
    Math.max(1000 - ball * 45, rod < 4 ? 800 - rod * 60 : 0, 60 + 40 * Math.sin(i / 9) * Math.cos(j / 7 + k / 11)),
  );
}

const POINTS: TransferPoint[] = [
  { value: 0, opacity: 0, color: [0, 0, 0] },
  { value: 300, opacity: 0, color: [0.8, 0.4, 0.3] },
  { value: 700, opacity: 0.4, color: [1, 0.9, 0.8] },
  { value: 1000, opacity: 0.8, color: [1, 1, 1] },
];

const LOOK: RaycastLook = {
  mode: "mip",
  transfer: new TransferTable(POINTS),
  rescale: { slope: 1, intercept: 0 },
  window: { center: 500, width: 1000 },
  invert: false,
  ambient: 0.3,
  diffuse: 0.7,
  specular: 0.1,
  unitMm: 1,
  background: [0, 0, 0],
  showLabels: false,
  showProposals: false,
  labelOpacity: 0.8,
  activeSegment: 0,
};

async function rayScene(volume: MemoryVolume, level = 0) {
  const { context, faults } = await testContext();
  const scene = sliceScene(context, volume);
  const pass = new RaycastPass(context);
  const { bricks } = scene;
  const [x, y, z] = bricks.levels[level]!.bricks;
  const wants = [];
  for (let bk = 0; bk < z; bk++)
    for (let bj = 0; bj < y; bj++)
      for (let bi = 0; bi < x; bi++) wants.push({ address: { frame: 0, level, bi, bj, bk }, priority: 0 });
  bricks.want("ray", wants);
  for (let turn = 0; turn < 500; turn++) await Promise.resolve();
  async function draw(camera: RayCamera, look: Partial<RaycastLook>, rows?: readonly number[]): Promise<Uint8Array> {
    const texture = pictureTexture(context, SIZE, SIZE);
    const cuts = rows ?? [0, SIZE];
    for (let n = 0; n + 1 < cuts.length; n++) {
      pass.draw(
        { view: texture.createView(), format: "rgba8unorm" },
        {
          camera,
          width: SIZE,
          height: SIZE,
          level,
          stepMm: 0.7,
          bricks: scene.bindings,
          labels: scene.labelBindings,
          look: { ...LOOK, ...look },
          rows: { from: cuts[n]!, to: cuts[n + 1]! },
        },
      );
    }
    const pixels = await readPixels(context, texture);
    texture.destroy();
    return pixels;
  }
  const end = (): void => {
    expect(faults).toEqual([]);
    pass.dispose();
    scene.dispose();
    expect(context.memory.liveBytes).toBe(0);
    context.dispose();
  };
  return { scene, draw, end };
}

/** Maximum intensity by plain arithmetic, on the same lattice of samples. */
function mipReference({ grid, voxels }: MemoryVolume, camera: RayCamera, stepMm: number): Int16Array {
  const picture = new Int16Array(SIZE * SIZE);
  for (let y = 0; y < SIZE; y++) {
    for (let x = 0; x < SIZE; x++) {
      const { near, dir, length } = pixelRay(camera, SIZE, SIZE, x, y);
      let best = Number.NEGATIVE_INFINITY;
      let margin = Number.POSITIVE_INFINITY;
      for (let t = 0; t <= length; t += stepMm) {
        const at = grid.toIndex(add(near, scale(dir, t)));
        const out = Math.max(...at.map((v, axis) => Math.max(-0.5 - v, v - grid.dims[axis]! + 0.5)));
        margin = Math.min(margin, Math.abs(out));
        if (out <= 0) best = Math.max(best, linearAt(voxels, grid.dims, at));
      }
      picture[y * SIZE + x] =
        margin < 1e-3
          ? -1
          : best === Number.NEGATIVE_INFINITY
            ? 0
            : Math.round(Math.min(Math.max(best / 1000, 0), 1) * 255);
    }
  }
  return picture;
}

const VIEWS: readonly [string, Vec3, Vec3][] = [
  ["from the front", [0, 1, 0], [0, 0, 1]],
  ["from the left", [-1, 0, 0], [0, 0, 1]],
  ["askew", [0.6, 0.7, -0.4], [0, 0, 1]],
];

describe("the ray pass", () => {
  for (const [name, forward, up] of VIEWS) {
    it(`shows the maximum intensity that plain arithmetic finds, ${name}`, async () => {
      const volume = memoryVolume({ dims: DIMS, voxelType: "int16", indexToLps: AFFINE, voxelAt: phantom });
      const { draw, end } = await rayScene(volume);
      const camera = parallelCamera(volume.grid.centerLps, forward, up, 150, 150, 120);
      const picture = await draw(camera, {});
      const wanted = mipReference(volume, camera, 0.7);
      let worst = 0;
      for (let n = 0; n < wanted.length; n++)
        if (wanted[n] !== -1) worst = Math.max(worst, Math.abs(picture[n * 4]! - wanted[n]!));
      const bad = [...wanted].flatMap((w, n) =>
        w !== -1 && Math.abs(picture[n * 4]! - w) > 1 ? [[n % SIZE, Math.floor(n / SIZE), w, picture[n * 4]!]] : [],
      );
      console.log(bad.length, JSON.stringify(bad.slice(0, 40)));
      expect(worst).toBeLessThanOrEqual(1);
      end();
    });
  }

  it("skips empty bricks without changing a pixel, and draws the same in strips", async () => {
    const volume = memoryVolume({ dims: DIMS, voxelType: "int16", indexToLps: AFFINE, voxelAt: phantom });
    const { draw, end } = await rayScene(volume);
    const camera = parallelCamera(volume.grid.centerLps, [0.6, 0.7, -0.4], [0, 0, 1], 150, 150, 120);
    const fog = POINTS.map((point) => ({ ...point, opacity: Math.max(point.opacity, 1e-7) }));
    const skipping = await draw(camera, { mode: "shaded" });
    const walking = await draw(camera, { mode: "shaded", transfer: new TransferTable(fog) });
    const strips = await draw(camera, { mode: "shaded" }, [0, 20, 51, SIZE]);
    let worst = 0;
    let bright = 0;
    for (let n = 0; n < skipping.length; n++) {
      worst = Math.max(worst, Math.abs(skipping[n]! - walking[n]!));
      if (n % 4 === 0 && skipping[n]! > 60) bright++;
    }
    expect(worst).toBeLessThanOrEqual(1);
    expect(bright).toBeGreaterThan(500);
    expect([...strips]).toEqual([...skipping]);
    end();
  });

  it("shows a ramp without seams at brick borders", async () => {
    const volume = memoryVolume({
      dims: [130, 66, 66],
      voxelType: "int16",
      indexToLps: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0],
      voxelAt: (i) => i * 8,
    });
    const { draw, end } = await rayScene(volume);
    const camera = parallelCamera(volume.grid.centerLps, [0, 1, 0.02], [0, 0, 1], 100, 50, 80);
    const ramp = [
      { value: 0, opacity: 0.01, color: [0.1, 0.1, 0.1] },
      { value: 1040, opacity: 0.05, color: [1, 1, 1] },
    ] as const;
    const picture = await draw(camera, { mode: "shaded", transfer: new TransferTable(ramp) });
    let jump = 0;
    const row = 48 * SIZE;
    for (let x = 2; x < SIZE - 3; x++) {
      const curve = picture[(row + x + 1) * 4]! - 2 * picture[(row + x) * 4]! + picture[(row + x - 1) * 4]!;
      jump = Math.max(jump, Math.abs(curve));
    }
    expect(jump).toBeLessThanOrEqual(3);
    end();
  });
});
