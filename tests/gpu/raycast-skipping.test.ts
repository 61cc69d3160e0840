import { describe, expect, it } from "vitest";
import { BRICK_CELLS, cellRanges, type RaycastLook, TransferTable } from "#gpu";
import { presetPoints, volumePresets } from "#views";
import { sampleFile } from "../fixtures/shared-data.ts";
import { readScan } from "../wasm/support/scans.ts";
import { parallelCamera } from "./cameras.ts";
import { rayScene } from "./ray-scene.ts";
import { memoryVolume } from "./volumes.ts";

const SIZE = 80;

describe("what rays pass", () => {
  it("a cell's range bounds every filtered sample in it", () => {
    const texels = Float32Array.from({ length: 64 ** 3 }, (_, n) => Math.sin(n * 12.9898) * 1000);
    const ranges = cellRanges(texels, new Float32Array(BRICK_CELLS * 2));
    const at = (i: number, j: number, k: number): number => texels[(k * 64 + j) * 64 + i]!;
    for (const [ci, cj, ck] of [
      [0, 0, 0],
      [3, 7, 5],
      [7, 7, 7],
    ] as const) {
      let [min, max] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
      for (let k = ck * 8; k <= Math.min(ck * 8 + 8, 63); k++)
        for (let j = cj * 8; j <= Math.min(cj * 8 + 8, 63); j++)
          for (let i = ci * 8; i <= Math.min(ci * 8 + 8, 63); i++) {
            min = Math.min(min, at(i, j, k));
            max = Math.max(max, at(i, j, k));
          }
      const n = (ck * 8 + cj) * 8 + ci;
      expect([ranges[n * 2], ranges[n * 2 + 1]]).toEqual([min, max]);
    }
  });

  it("a chest CT takes a fraction of the samples, and no pixel changes", async () => {
    const scan = readScan(sampleFile("chest-ct.mha"));
    const { dims, voxels, spacingMm } = scan;
    const volume = memoryVolume({
      dims,
      voxelType: "int16",
      indexToLps: [spacingMm[0], 0, 0, 0, 0, spacingMm[1], 0, 0, 0, 0, spacingMm[2], 0],
      voxelAt: (i, j, k) => voxels[(k * dims[1] + j) * dims[0] + i]!,
    });
    const { draw, measure, end } = await rayScene(volume, { size: SIZE, stepMm: 1.1 });
    const camera = parallelCamera(volume.grid.centerLps, [0.35, 1, -0.22], [0, 0, 1], 400, 400, 400);
    const looks: [string, Partial<RaycastLook>, number][] = [
      ...["ct-bone", "ct-vessels", "ct-lung", "ct-soft-tissue"].map((id): [string, Partial<RaycastLook>, number] => {
        const preset = volumePresets("CT").find((one) => one.id === id)!;
        const transfer = new TransferTable(presetPoints(preset, { center: 0, width: 1 }));
        // Opaque skin ends most rays before there is much to pass.
        return [id, { mode: "shaded", transfer }, id === "ct-soft-tissue" ? 1.1 : 1.5];
      }),
      ["iso 250", { mode: "iso", iso: { level: 250, opacity: 1, color: [1, 1, 1] } }, 2],
      ["mip", { mode: "mip", window: { center: 400, width: 1000 } }, 1.5],
      ["minip", { mode: "minip", window: { center: -700, width: 900 } }, 1.2],
    ];
    const sum = (cost: Float32Array, channel: number): number => {
      let total = 0;
      for (let n = channel; n < cost.length; n += 4) total += cost[n]!;
      return total;
    };
    for (const [name, look, least] of looks) {
      const skipping = await draw(camera, look);
      const walking = await draw(camera, look, { skipping: false });
      let worst = 0;
      for (let n = 0; n < skipping.length; n++) worst = Math.max(worst, Math.abs(skipping[n]! - walking[n]!));
      const few = sum(await measure(camera, look, "cost"), 0);
      const all = sum(await measure(camera, look, "cost", { skipping: false }), 0);
      console.log(
        `${name}: ${all} samples walked, ${few} with skipping: ${(all / few).toFixed(2)} times fewer, worst ${worst}`,
      );
      expect(worst, name).toBeLessThanOrEqual(1);
      expect(all / few, name).toBeGreaterThan(least);
    }
    end();
  });

  for (const voxelType of ["uint8", "int8", "float32"] as const) {
    it(`no pixel of ${voxelType} voxels changes, NaN among floats`, async () => {
      const low = voxelType === "int8" ? -100 : 0;
      const volume = memoryVolume({
        dims: [70, 66, 68],
        voxelType,
        indexToLps: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0],
        voxelAt: (i, j, k) => {
          const away = Math.hypot(i - 34, j - 33, k - 36);
          if (voxelType === "float32" && away > 30 && i < 20) return Number.NaN;
          return low + (away < 12 ? 180 : away < 24 ? 90 + (i % 4) : away < 28 ? 20 : 3 + (j % 5));
        },
      });
      const { draw, end } = await rayScene(volume, { size: SIZE, stepMm: 0.7 });
      const camera = parallelCamera(volume.grid.centerLps, [0.35, 1, -0.22], [0, 0, 1], 80, 80, 110);
      // Opaque in the middle of the values alone.
      const points = [0, 60, 90, 120, 255].map((value, n) => ({
        value: value + low,
        opacity: n === 2 ? 0.3 : 0,
        color: [1, 0.8, 0.6] as const,
      }));
      const window = { center: low + 100, width: 200 };
      const looks: Partial<RaycastLook>[] = [
        { mode: "shaded", transfer: new TransferTable(points) },
        { mode: "iso", iso: { level: low + 60, opacity: 1, color: [1, 1, 1] } },
        { mode: "mip", window },
        { mode: "minip", window },
      ];
      for (const look of looks) {
        const skipping = await draw(camera, look);
        const walking = await draw(camera, look, { skipping: false });
        const worst = walking.reduce((most, value, n) => Math.max(most, Math.abs(value - skipping[n]!)), 0);
        expect(worst, look.mode).toBeLessThanOrEqual(1);
        expect(new Set(walking).size, look.mode).toBeGreaterThan(3);
      }
      end();
    });
  }
});
