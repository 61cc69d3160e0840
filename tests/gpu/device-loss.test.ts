import { describe, expect, it } from "vitest";
import { Emitter, isVoxelwrightError } from "#base";
import type { LabelChange } from "#labelmap";
import { GpuContext, type SlicePlane } from "#gpu";
import { testContext } from "./context.ts";
import { fusedVolume, sliceScene } from "./slice-scene.ts";
import { memoryVolume } from "./volumes.ts";

const PLANE: SlicePlane = {
  origin: [0, 0, 40],
  right: [1, 0, 0],
  down: [0, 1, 0],
  mmPerPixel: 1,
  width: 100,
  height: 90,
};

describe("a lost device", () => {
  it("comes back with the same picture, ten times in a row", async () => {
    const { context, faults } = await testContext();
    const volume = memoryVolume({
      dims: [100, 90, 70],
      voxelType: "int16",
      indexToLps: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0],
      voxelAt: (i, j, k) => (i * 7 + j * 3 + k) % 1000,
    });
    const label = new Uint16Array(64 ** 3).fill(1, 40 * 4096, 41 * 4096);
    const scene = sliceScene(context, volume, {
      labels: { readBrick: (level) => (level === 0 ? label : undefined), changed: new Emitter<LabelChange>() },
    });
    scene.colors.set([{ value: 1, name: "one", color: "#20c040", locked: false, visible: true }]);
    const look = { gain: 1 / 1000, bias: 0, showLabels: true };
    const over = fusedVolume(context, volume);
    const fusedLook = {
      gain: 1 / 500,
      bias: 0,
      invert: false,
      lut: new Uint8Array(1024).fill(90),
      opacity: 0.5,
      hideLow: true,
      interpolation: "linear",
    } as const;
    const slab = { mode: "mip", thicknessMm: 8 } as const;
    const picture = async (): Promise<Uint8Array> => {
      await scene.load(PLANE, 0, slab.thicknessMm);
      await over.load(PLANE, 0, slab.thicknessMm);
      return scene.draw(PLANE, 0, look, slab, [over.at(PLANE, 0, fusedLook, slab.thicknessMm)]);
    };
    const before = await picture();
    const held = context.memory.liveBytes;
    for (let turn = 0; turn < 10; turn++) {
      const restored = new Promise<void>((resolve) => {
        const stop = context.restored.on(() => {
          stop.dispose();
          resolve();
        });
      });
      context.device.destroy();
      await restored;
      expect(Buffer.compare(Buffer.from(await picture()), Buffer.from(before))).toBe(0);
      expect(context.memory.liveBytes).toBe(held);
    }
    expect(faults).toEqual([]);
    over.dispose();
    scene.dispose();
    expect(context.memory.liveBytes).toBe(0);
    context.dispose();
  });

  const refusals: readonly [string, GPU | null, string][] = [
    ["no WebGPU", null, "no-webgpu"],
    ["no adapter", { requestAdapter: () => Promise.resolve(null) } as unknown as GPU, "no-adapter"],
    [
      "a refused device",
      {
        requestAdapter: () =>
          Promise.resolve({
            limits: {},
            features: new Set(),
            requestDevice: () => Promise.reject(new Error("too many devices")),
          }),
      } as unknown as GPU,
      "device-refused",
    ],
  ];
  for (const [name, gpu, failure] of refusals) {
    it(`says exactly what is missing and what to do: ${name}`, async () => {
      const error: unknown = await GpuContext.open({ gpu, userAgent: "Mozilla/5.0 Chrome/150.0 Safari/537.36" }).catch(
        (reason: unknown) => reason,
      );
      expect(isVoxelwrightError(error, "gpu")).toBe(true);
      if (isVoxelwrightError(error)) {
        expect(error.fields["failure"]).toBe(failure);
        expect(error.advice?.length).toBeGreaterThan(20);
      }
    });
  }
});
