import { describe, expect, it } from "vitest";
import { signal } from "#base";
import type { Affine } from "#base";
import { MOST_OVERLAYS, type OverlayLook, type OverlayVolume } from "#views";
import type { Dims, VoxelType } from "#volume";
import { StageOverlays } from "../../src/views/stage-overlays.ts";
import { testContext } from "./context.ts";
import { memoryVolume } from "./volumes.ts";

const LOOK: OverlayLook = {
  lut: "pet",
  invert: false,
  window: { center: 50, width: 100 },
  opacity: 0.5,
  hideLow: true,
  visible: true,
  interpolation: null,
  frame: 0,
};

function overlay(dims: Dims, voxelType: VoxelType): OverlayVolume {
  const indexToLps: Affine = [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0];
  const volume = memoryVolume({ dims, voxelType, indexToLps, voxelAt: (i) => i });
  return {
    description: {
      name: "over",
      grid: { dims, indexToLps },
      voxelType,
      rescale: { slope: 2, intercept: -10 },
      unit: "",
      modality: "PT",
      frames: 1,
      notes: [],
      metadata: {},
      format: "",
    },
    grid: volume.grid,
    source: volume,
    look: signal(LOOK),
    valueAt: () => Promise.resolve(undefined),
  };
}

const BRICK = 64 ** 3;

describe("the overlays of a stage", () => {
  it("take of the budget what they can fill, at most a quarter each, and give bytes and budget back when they go", async () => {
    const { context, faults } = await testContext();
    const budget = 64 * BRICK;
    const volumes = signal<readonly OverlayVolume[]>([]);
    let left = budget;
    const overlays = new StageOverlays(
      volumes,
      budget,
      { gpu: context, changed: () => undefined, warn: (error) => faults.push(error.line) },
      (bytes) => {
        left = bytes;
      },
    );
    const small = overlay([40, 40, 40], "int16");
    const large = overlay([300, 200, 70], "int16");
    volumes.value = [small, large];
    expect(overlays.list.value.map(({ volume }) => volume)).toEqual([small, large]);
    // One brick, and at most a quarter of all there is.
    expect(left).toBe(budget - 2 * BRICK - 16 * BRICK);
    const [, one] = overlays.list.value;
    expect(one!.look("linear")).toMatchObject({ gain: 0.02, bias: -0.1, interpolation: "linear", opacity: 0.5 });
    for (const { bricks, bindings } of overlays.list.value) {
      const wants = Array.from({ length: 10 }, (_, n) => ({
        address: { frame: 0, level: 0, bi: n % 5, bj: Math.floor(n / 5), bk: 0 },
        priority: n,
      }));
      bricks.want("axial", bricks.levels.length > 1 ? wants : wants.slice(0, 1));
      bindings.group();
    }
    for (let turn = 0; turn < 500; turn++) await Promise.resolve();
    expect(overlays.list.value.map(({ bricks }) => bricks.residentCount)).toEqual([1, 8]);
    expect(context.memory.liveBytes).toBeGreaterThanOrEqual(18 * BRICK);
    expect(context.memory.liveBytes).toBeLessThan(18 * BRICK + 65536);
    volumes.value = [small];
    expect(left).toBe(budget - 2 * BRICK);
    expect(overlays.list.value[0]!.bricks.residentCount).toBe(1);
    expect(context.memory.liveBytes).toBeLessThan(2 * BRICK + 65536);
    volumes.value = [];
    expect(left).toBe(budget);
    expect(context.memory.liveBytes).toBe(0);
    overlays.dispose();
    expect(faults).toEqual([]);
    expect(MOST_OVERLAYS).toBe(2);
    context.dispose();
  });
});
