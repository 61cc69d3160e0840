import { createBuffer, createTexture, type GpuContext, type RaycastPass, type RaycastScene } from "#gpu";
import type { IndexIjk } from "#volume";

/** A pixel that shows less than this of anything shows nothing. */
const LEAST_WEIGHT = 0.05;

/** What a pixel of the volume shows: a continuous index at level 0, and the label where that is a surface of one. */
export interface PickedPlace {
  readonly place: IndexIjk;
  readonly surfaceOf: number | undefined;
}

/**
 * Which place a pixel of the volume shows: the isosurface, the extreme value, or what adds most to a shaded pixel. Undefined where
 * it shows nothing. `scene.surfaces` are layers of labels for that one pixel. Asks the GPU, so that it agrees with the picture by construction.
 */
export async function pickPlace(
  gpu: GpuContext,
  ray: RaycastPass,
  scene: RaycastScene,
  pixel: readonly [number, number],
): Promise<PickedPlace | undefined> {
  const target = createTexture(gpu, {
    label: "VolumePicker.target",
    size: [1, 1],
    format: "rgba32float",
    usage: GPUTextureUsage.RENDER_ATTACHMENT | GPUTextureUsage.COPY_SRC,
  });
  const staging = createBuffer(gpu, "VolumePicker.staging", 256, GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ);
  try {
    const originPx = [Math.floor(pixel[0]), Math.floor(pixel[1])] as const;
    const asked: RaycastScene = { ...scene, output: "place", rows: { from: 0, to: 1 }, originPx };
    if (!(await ray.whenCompiled("rgba32float", asked))) return undefined;
    ray.draw({ view: target.handle.createView(), format: "rgba32float", width: 1 }, asked);
    const encoder = gpu.device.createCommandEncoder({ label: "VolumePicker.encoder" });
    encoder.copyTextureToBuffer({ texture: target.handle }, { buffer: staging.handle, bytesPerRow: 256 }, [1, 1]);
    gpu.device.queue.submit([encoder.finish()]);
    await staging.handle.mapAsync(GPUMapMode.READ);
    const [i, j, k, weight] = new Float32Array(staging.handle.getMappedRange(), 0, 4) as unknown as number[];
    if (!(weight! > LEAST_WEIGHT)) return undefined;
    const { factor } = scene.bricks.bricks.levels[scene.level]!;
    const place = [i!, j!, k!].map((n, axis) => (n + 0.5) * factor[axis]! - 0.5) as unknown as IndexIjk;
    return { place, surfaceOf: weight! > 1 ? Math.round(weight! - 1) : undefined };
  } finally {
    target.dispose();
    staging.dispose();
  }
}
