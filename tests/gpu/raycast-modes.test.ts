import { describe, expect, it } from "vitest";
import { type Affine, normalize, type Vec3 } from "#base";
import type { RayCamera, RaycastLook, VolumeClip } from "#gpu";
import type { Dims } from "#volume";
import { parallelCamera } from "./cameras.ts";
import { plainRay } from "./ray-reference.ts";
import { PLAIN_RAYS, rayScene } from "./ray-scene.ts";
import { filterSlack, memoryVolume } from "./volumes.ts";

const DIMS: Dims = [100, 90, 70];
const AFFINE: Affine = [1, 0, 0, -50, 0, 1.1, 0.15, 200, 0, -0.1, 1.4, 30];
const SIZE = 60;

/** A bright ball and a bright rod in fog; the ball lies over a corner of eight bricks. */
function phantom(i: number, j: number, k: number): number {
  const ball = Math.hypot(i - 62, j - 60, (k - 60) * 1.4);
  const rod = Math.hypot(i - 30, j - 60);
  return Math.round(
    Math.max(1000 - ball * 30, rod < 4 ? 800 - rod * 60 : 0, 60 + 40 * Math.sin(i / 9) * Math.cos(j / 7 + k / 11)),
  );
}

const VIEWS: readonly [string, Vec3][] = [
  ["from the front", [0.001, 1, 0.002]],
  ["askew", [0.6, 0.7, -0.4]],
];

const CLIPS: readonly [string, VolumeClip][] = [
  ["whole", {}],
  ["in a box", { box: { min: [20, 10, 5], max: [66, 80, 64] } }],
  ["cut by a plane", { plane: { point: [10, 255, 80], normal: normalize([0.3, -0.9, 0.4]) } }],
];

const LOOKS: readonly [string, Partial<RaycastLook>][] = [
  ["largest", { mode: "mip" }],
  ["smallest", { mode: "minip", window: { center: 100, width: 300 } }],
  ["mean", { mode: "mean", window: { center: 200, width: 500 } }],
  ["isosurface", { mode: "iso" }],
];

describe("a device with WebGPU's default limits and no optional feature", () => {
  it("shows the volume as any other does: projections, surface, light by gradients", async () => {
    const volume = memoryVolume({ dims: DIMS, voxelType: "int16", indexToLps: AFFINE, voxelAt: phantom });
    const camera = parallelCamera(volume.grid.centerLps, [0.6, 0.7, -0.4], [0, 0, 1], 150, 150, 120);
    const pictures = await Promise.all(
      [true, false].map(async (useAdapterLimits) => {
        const { context, draw, end } = await rayScene(volume, { size: 32, useAdapterLimits });
        expect(context.float32Filterable).toBe(useAdapterLimits);
        const drawn: Uint8Array[] = [];
        for (const mode of ["mip", "iso", "shaded"] as const) drawn.push(await draw(camera, { mode }));
        end();
        return drawn;
      }),
    );
    pictures[0]!.forEach((picture, n) => {
      const off = picture.map((level, at) => Math.abs(level - pictures[1]![n]![at]!));
      // At the edge of a surface a sample may fall on the other side.
      expect(off.filter((levels) => levels > 2).length).toBeLessThan(off.length * 0.002);
    });
  });
});

describe("rays against a plain ray caster", () => {
  const volume = memoryVolume({ dims: DIMS, voxelType: "int16", indexToLps: AFFINE, voxelAt: phantom });
  for (const [mode, look] of LOOKS) {
    for (const [view, forward] of VIEWS) {
      it(`shows the same: ${mode}, ${view}; whole, in a box, cut by a plane`, async () => {
        const { context, draw, measure, end } = await rayScene(volume, { size: SIZE });
        const slack = filterSlack(volume, context.filtersExactly);
        const camera = parallelCamera(volume.grid.centerLps, forward, [0, 0, 1], 150, 150, 120);
        for (const [cut, clip] of CLIPS) {
          const picture = await draw(camera, look, { clip });
          const places = await measure(camera, look, "place", { clip });
          const found = compare(picture, places, camera, { ...PLAIN_RAYS, ...look }, clip, slack);
          expect(found.compared, cut).toBeGreaterThan(SIZE * SIZE * 0.9);
          expect(found.worst, cut).toBeLessThanOrEqual(1.51);
          // Two samples may tie, so a few places may be elsewhere.
          expect(found.elsewhere, cut).toBeLessThanOrEqual(found.shown * 0.01);
          expect(found.missed, cut).toBe(0);
        }
        end();
      });
    }
  }

  function compare(
    picture: Uint8Array,
    places: Float32Array,
    camera: RayCamera,
    look: RaycastLook,
    clip: VolumeClip,
    slack: number,
  ): Record<"worst" | "compared" | "shown" | "elsewhere" | "missed", number> {
    const found = { worst: 0, compared: 0, shown: 0, elsewhere: 0, missed: 0 };
    for (let n = 0; n < SIZE * SIZE; n++) {
      const pixel = { x: n % SIZE, y: Math.floor(n / SIZE), size: SIZE, stepMm: 0.7 };
      const plain = plainRay(volume, camera, look, clip, pixel, slack);
      if (plain.doubtful) continue;
      found.compared++;
      for (let c = 0; c < 3; c++)
        found.worst = Math.max(found.worst, Math.abs(picture[n * 4 + c]! - plain.color[c]! * 255));
      // A mean has no place.
      if (look.mode === "mean") continue;
      if (places[n * 4 + 3]! > 0 !== (plain.place !== undefined)) found.missed++;
      if (!plain.place) continue;
      found.shown++;
      const at = [0, 1, 2].map((axis) => places[n * 4 + axis]!) as unknown as Vec3;
      // What textures of bytes give is rounded, so a sample beside the best may win: its value says whether it may.
      const tie = plain.missesBy !== undefined && plain.missesBy(at) <= 0.02 + 2 * slack;
      if (!tie && Math.hypot(...plain.place.map((v, axis) => v - at[axis]!)) > 0.05) found.elsewhere++;
    }
    return found;
  }
});
