import { expect } from "vitest";
import { type RayCamera, type RaycastLook, RaycastPass, type RaycastScene, TransferTable, UpscalePass } from "#gpu";
import { pictureTexture, readFloats, readPixels, testContext } from "./context.ts";
import { sliceScene } from "./slice-scene.ts";
import type { MemoryVolume } from "./volumes.ts";

export const PLAIN_TRANSFER = new TransferTable([
  { value: 0, opacity: 0, color: [0, 0, 0] },
  { value: 300, opacity: 0, color: [0.8, 0.4, 0.3] },
  { value: 700, opacity: 0.4, color: [1, 0.9, 0.8] },
  { value: 1000, opacity: 0.8, color: [1, 1, 1] },
]);

export const PLAIN_RAYS: RaycastLook = {
  mode: "mip",
  transfer: PLAIN_TRANSFER,
  iso: { level: 400, opacity: 1, color: [0.9, 0.8, 0.6] },
  rescale: { slope: 1, intercept: 0 },
  window: { center: 500, width: 1000 },
  planeWindow: { center: 500, width: 1000 },
  invert: false,
  light: "gradient",
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

/** A volume in memory with all bricks of one level on the GPU, drawn by rays. */
export async function rayScene(
  volume: MemoryVolume,
  options: {
    readonly level?: number;
    readonly size?: number;
    readonly stepMm?: number;
    readonly useAdapterLimits?: boolean;
  } = {},
) {
  const { level = 0, size = 96, stepMm = 0.7, useAdapterLimits = true } = options;
  const { context, faults } = await testContext({ useAdapterLimits });
  const scene = sliceScene(context, volume);
  const pass = new RaycastPass(context);
  const { bricks } = scene;
  const wants = bricks.levels.slice(level).flatMap(({ bricks: [x, y, z] }, up) =>
    Array.from({ length: x * y * z }, (_, n) => ({
      address: { frame: 0, level: level + up, bi: n % x, bj: Math.floor(n / x) % y, bk: Math.floor(n / (x * y)) },
      priority: 0,
      ranged: true,
    })),
  );
  bricks.want("ray", wants);
  for (let turn = 0; turn < 500; turn++) await Promise.resolve();

  type Changes = Partial<Omit<RaycastScene, "look" | "bricks" | "labels" | "camera">>;
  const sceneOf = (camera: RayCamera, look: Partial<RaycastLook>, changes: Changes): RaycastScene => ({
    camera,
    width: size,
    height: size,
    level,
    stepMm,
    bricks: scene.bindings,
    labels: scene.labelBindings,
    look: { ...PLAIN_RAYS, ...look },
    ...changes,
  });

  /** A picture of `size` pixels, four bytes each; in strips between `rows` where they are given. */
  async function draw(
    camera: RayCamera,
    look: Partial<RaycastLook>,
    changes: Changes = {},
    rows: readonly number[] = [0, size],
  ): Promise<Uint8Array> {
    const texture = pictureTexture(context, size, size);
    for (let n = 0; n + 1 < rows.length; n++) {
      pass.draw(
        { view: texture.createView(), format: "rgba8unorm", width: size, height: size },
        sceneOf(camera, look, { ...changes, rows: { from: rows[n]!, to: rows[n + 1]! } }),
      );
    }
    const pixels = await readPixels(context, texture);
    texture.destroy();
    return pixels;
  }

  /** Four floats a pixel of another output than colour. */
  async function measure(
    camera: RayCamera,
    look: Partial<RaycastLook>,
    output: "place" | "cost",
    changes: Changes = {},
  ): Promise<Float32Array> {
    const texture = context.device.createTexture({
      size: [size, size],
      format: "rgba32float",
      usage: GPUTextureUsage.RENDER_ATTACHMENT | GPUTextureUsage.COPY_SRC,
    });
    pass.draw({ view: texture.createView(), format: "rgba32float" }, sceneOf(camera, look, { ...changes, output }));
    const floats = await readFloats(context, texture);
    texture.destroy();
    return floats;
  }

  /** The mean of pictures with moved samples, as the volume view averages them. */
  async function average(
    camera: RayCamera,
    look: Partial<RaycastLook>,
    pictures: number,
    changes: Changes = {},
  ): Promise<Uint8Array> {
    const sum = context.device.createTexture({
      size: [size, size],
      format: "rgba16float",
      usage: GPUTextureUsage.RENDER_ATTACHMENT | GPUTextureUsage.TEXTURE_BINDING,
    });
    for (let turn = 0; turn < pictures; turn++) {
      const target = { view: sum.createView(), format: "rgba16float" } as const;
      pass.draw(target, sceneOf(camera, look, { ...changes, turn, share: 1 / (turn + 1) }));
    }
    const texture = pictureTexture(context, size, size);
    const upscale = new UpscalePass(context);
    upscale.draw({ view: texture.createView(), format: "rgba8unorm", width: size, height: size }, sum);
    const pixels = await readPixels(context, texture);
    for (const item of [sum, texture]) item.destroy();
    upscale.dispose();
    return pixels;
  }

  const end = (): void => {
    expect(faults).toEqual([]);
    pass.dispose();
    scene.dispose();
    expect(context.memory.liveBytes).toBe(0);
    context.dispose();
  };
  return { context, pass, scene, sceneOf, draw, average, measure, end };
}
