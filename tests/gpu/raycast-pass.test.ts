import { describe, expect, it } from "vitest";
import type { Affine } from "#base";
import { type TransferPoint, TransferTable } from "#gpu";
import type { Dims } from "#volume";
import { parallelCamera } from "./cameras.ts";
import { rayScene } from "./ray-scene.ts";
import { memoryVolume } from "./volumes.ts";

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

describe("the ray pass", () => {
  it("skips empty bricks without changing a pixel, and draws the same in strips", async () => {
    const volume = memoryVolume({ dims: DIMS, voxelType: "int16", indexToLps: AFFINE, voxelAt: phantom });
    const { draw, end } = await rayScene(volume);
    const camera = parallelCamera(volume.grid.centerLps, [0.6, 0.7, -0.4], [0, 0, 1], 150, 150, 120);
    const fog = POINTS.map((point) => ({ ...point, opacity: Math.max(point.opacity, 1e-7) }));
    const skipping = await draw(camera, { mode: "shaded" });
    const walking = await draw(camera, { mode: "shaded", transfer: new TransferTable(fog) });
    const strips = await draw(camera, { mode: "shaded" }, {}, [0, 20, 51, SIZE]);
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

  it("draws a tile of a picture that is larger than any texture, as a still is painted", async () => {
    const volume = memoryVolume({ dims: DIMS, voxelType: "int16", indexToLps: AFFINE, voxelAt: phantom });
    const { draw, end } = await rayScene(volume);
    const look = (times: number) =>
      parallelCamera(volume.grid.centerLps, [0.6, 0.7, -0.4], [0, 0, 1], 150 * times, 150 * times, 120);
    const [times, width, height] = [200, SIZE * 200, SIZE * 200];
    const originPx = [(width - SIZE) / 2, (height - SIZE) / 2] as const;
    const tile = await draw(look(times), { mode: "shaded" }, { width, height, originPx }, [0, 40, SIZE]);
    const whole = await draw(look(1), { mode: "shaded" });
    // Places are worked out of larger numbers.
    expect(tile.filter((level, n) => Math.abs(level - whole[n]!) > 3).length).toBeLessThan(tile.length / 500);
    expect(whole.filter((level, n) => n % 4 === 0 && level > 60).length).toBeGreaterThan(500);
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

  it("averages pictures with moved samples towards what fine steps show", async () => {
    const volume = memoryVolume({ dims: DIMS, voxelType: "int16", indexToLps: AFFINE, voxelAt: phantom });
    const { draw, average, end } = await rayScene(volume, { size: SIZE, stepMm: 2.5 });
    const camera = parallelCamera(volume.grid.centerLps, [0.6, 0.7, -0.4], [0, 0, 1], 150, 150, 120);
    // A thin shell, which long steps miss here and hit there.
    const shell = new TransferTable([
      { value: 380, opacity: 0, color: [1, 1, 1] },
      { value: 400, opacity: 0.5, color: [1, 1, 1] },
      { value: 420, opacity: 0, color: [1, 1, 1] },
    ]);
    const look = { mode: "shaded", transfer: shell } as const;
    const fine = await draw(camera, look, { stepMm: 0.1 });
    const off = (picture: Uint8Array): number =>
      Math.sqrt(picture.reduce((sum, value, n) => sum + (value - fine[n]!) ** 2, 0) / picture.length);
    const [one, four, sixteen] = [
      await draw(camera, look),
      await average(camera, look, 4),
      await average(camera, look, 16),
    ];
    console.log("off fine steps:", off(one).toFixed(2), off(four).toFixed(2), off(sixteen).toFixed(2));
    expect(off(four)).toBeLessThan(off(one) * 0.6);
    // What stays is that many pictures also cover the pixel, where the fine one samples its middle.
    expect(off(sixteen)).toBeLessThan(off(one) * 0.42);
    end();
  });
});
