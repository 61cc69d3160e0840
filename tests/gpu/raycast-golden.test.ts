import { describe, expect, it } from "vitest";
import { normalize } from "#base";
import { TransferTable } from "#gpu";
import { presetPoints, volumePresets } from "#views";
import { brickKey } from "#volume";
import { sampleFile } from "../fixtures/shared-data.ts";
import { readScan } from "../wasm/support/scans.ts";
import { parallelCamera } from "./cameras.ts";
import { fromGolden } from "./golden.ts";
import { rayScene } from "./ray-scene.ts";
import { memoryVolume } from "./volumes.ts";

const SIZE = 96;

/** Largest change of slope between neighbouring pixels, along rows and columns, away from the volume's outline. */
function roughness(picture: Uint8Array, edge: number): number {
  let worst = 0;
  const at = (x: number, y: number): number => picture[(y * SIZE + x) * 4]!;
  for (let y = edge; y < SIZE - edge; y++) {
    for (let x = edge; x < SIZE - edge; x++) {
      worst = Math.max(worst, Math.abs(at(x + 1, y) - 2 * at(x, y) + at(x - 1, y)));
      worst = Math.max(worst, Math.abs(at(x, y + 1) - 2 * at(x, y) + at(x, y - 1)));
    }
  }
  return worst;
}

const RAMP = new TransferTable([
  { value: 0, opacity: 0.004, color: [0.1, 0.1, 0.1] },
  { value: 16_640, opacity: 0.02, color: [1, 1, 1] },
]);

describe("golden pictures", () => {
  for (const mixed of [false, true]) {
    it(`a smooth ramp shows no brick${mixed ? " and no step between levels" : ""}`, async () => {
      const volume = memoryVolume({
        dims: [160, 140, 130],
        voxelType: "int16",
        indexToLps: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0],
        // So steep that it says nothing how GPUs round what they filter.
        voxelAt: (i, j, k) => 8 * (i * 6 + j * 5 + k * 3),
      });
      // Every other brick of full resolution stays away, so that its coarser parent stands in.
      if (mixed)
        for (let n = 0; n < 27; n += 2)
          volume.held.add(
            brickKey({ frame: 0, level: 0, bi: n % 3, bj: Math.floor(n / 3) % 3, bk: Math.floor(n / 9) }),
          );
      const { context, draw, end } = await rayScene(volume, { size: SIZE, stepMm: 0.8 });
      const camera = parallelCamera(volume.grid.centerLps, [0.2, 1, 0.1], [0, 0, 1], 100, 100, 160);
      const shaded = await draw(camera, { mode: "shaded", transfer: RAMP });
      const mean = await draw(camera, { mode: "mean", window: { center: 7200, width: 12_800 } });
      const along = parallelCamera(volume.grid.centerLps, normalize([6, 4, 3]), [0, 0, 1], 70, 70, 160);
      const surface = await draw(along, { mode: "iso", iso: { level: 8200, opacity: 1, color: [0.9, 0.8, 0.7] } });
      expect(roughness(shaded, 2)).toBeLessThanOrEqual(3);
      expect(roughness(mean, 2)).toBeLessThanOrEqual(3);
      expect(roughness(surface, 2)).toBeLessThanOrEqual(2);
      // The surface of a ramp is a plane: one colour all over, whatever the level.
      expect(fromGolden("ramp-shaded", shaded, SIZE, context.filtersExactly)).toBeLessThanOrEqual(mixed ? 4 : 2);
      end();
    });
  }

  it("a sphere is lit without a seam where bricks meet", async () => {
    const volume = memoryVolume({
      dims: [128, 128, 128],
      voxelType: "int16",
      indexToLps: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0],
      voxelAt: (i, j, k) => Math.round(4000 - 60 * Math.hypot(i - 63.5, j - 63.5, k - 63.5)),
    });
    const { draw, end } = await rayScene(volume, { size: SIZE, stepMm: 0.8 });
    // Straight on, so that the borders of bricks run through the middle of the picture.
    const camera = parallelCamera(volume.grid.centerLps, [0, 1, 0], [0, 0, 1], 60, 60, 100);
    const surface = await draw(camera, { mode: "iso", iso: { level: 1000, opacity: 1, color: [0.9, 0.8, 0.7] } });
    expect(roughness(surface, 2)).toBeLessThanOrEqual(4);
    end();
  });

  it("the sample CT, as bone, surface, projections and cut open", async () => {
    const { dims, voxels, spacingMm } = readScan(sampleFile("chest-ct.mha"));
    const volume = memoryVolume({
      dims,
      voxelType: "int16",
      indexToLps: [spacingMm[0], 0, 0, 0, 0, spacingMm[1], 0, 0, 0, 0, spacingMm[2], 0],
      voxelAt: (i, j, k) => voxels[(k * dims[1] + j) * dims[0] + i]!,
    });
    const { context, draw, end } = await rayScene(volume, { size: SIZE, stepMm: 1.1 });
    const camera = parallelCamera(volume.grid.centerLps, [0.35, 1, -0.22], [0, 0, 1], 370, 370, 400);
    const bone = volumePresets("CT").find(({ id }) => id === "ct-bone")!;
    const transfer = new TransferTable(presetPoints(bone, { center: 0, width: 1 }));
    const clip = { plane: { point: volume.grid.centerLps, normal: [0, -1, 0] as const } };
    const pictures = {
      "chest-bone": await draw(camera, { mode: "shaded", transfer }),
      "chest-bone-occlusion": await draw(camera, { mode: "shaded", transfer, light: "occlusion" }, { turn: 0 }),
      "chest-edges": await draw(camera, { mode: "shaded", transfer, gradientOpacity: { from: 10, to: 120 } }),
      "chest-surface-cut": await draw(
        camera,
        { mode: "iso", iso: { level: -400, opacity: 1, color: [0.9, 0.84, 0.74] } },
        { clip },
      ),
      "chest-mean": await draw(camera, { mode: "mean", window: { center: -400, width: 1200 } }),
      "chest-planes": await draw(
        camera,
        { mode: "shaded", transfer, planeWindow: { center: -200, width: 1400 } },
        {
          planes: [0, 1, 2].map((axis) => ({
            point: volume.grid.toLps([57, 78, 64]),
            normal: normalize(volume.grid.axis(axis)),
          })),
        },
      ),
    };
    for (const [name, picture] of Object.entries(pictures))
      expect(fromGolden(name, picture, SIZE, context.filtersExactly), name).toBeLessThanOrEqual(6);
    end();
  });
});
