import { type AbortOptions, VoxelwrightError } from "#base";
import {
  createBuffer,
  createTexture,
  type GpuContext,
  type RaycastPass,
  type RaycastScene,
  type SurfaceLayers,
  type UpscalePass,
} from "#gpu";
import { pixelShift } from "./pixel-shift.ts";

/** Edge of the parts that a picture is painted in, pixels. */
const TILE_PX = 1024;
/** Time a strip of a tile may take, ms. */
const STRIP_MS = 70;

export type PictureScene = Omit<RaycastScene, "rows" | "originPx" | "turn" | "share" | "output" | "surfaces">;

/** A part of a picture: its size, and its first pixel in the whole. */
export interface PictureTarget {
  readonly width: number;
  readonly height: number;
  readonly originPx: readonly [number, number];
}

export interface PaintOptions extends AbortOptions {
  /** Hears the share that is done, 0 to 1. */
  readonly onShare?: (share: number) => void;
  /** Draws the surfaces of a part of the picture. */
  readonly surfaces?: (target: PictureTarget) => SurfaceLayers | undefined;
}

/** Paints pictures of the volume off screen: any size, in tiles and strips, so that neither memory nor the page is held up. */
export class VolumePainter {
  readonly #gpu: GpuContext;
  readonly #ray: RaycastPass;
  readonly #upscale: UpscalePass;
  /** Milliseconds a row of a tile takes. */
  #rowMs = 2;

  constructor(gpu: GpuContext, ray: RaycastPass, upscale: UpscalePass) {
    this.#gpu = gpu;
    this.#ray = ray;
    this.#upscale = upscale;
  }

  /**
   * Opaque pixels, the mean of `pictures` with moved samples. Rejects with `gpu`
   * when the device is lost.
   */
  async paint(
    scene: PictureScene,
    pictures: number,
    { signal, onShare, surfaces }: PaintOptions = {},
  ): Promise<ImageData> {
    const { width, height } = scene;
    const picture = new ImageData(width, height);
    const tiles: [number, number][] = [];
    for (let y = 0; y < height; y += TILE_PX) for (let x = 0; x < width; x += TILE_PX) tiles.push([x, y]);
    for (const [n, [x, y]] of tiles.entries()) {
      const tile = await this.#tile(scene, [x, y], pictures, {
        ...(signal ? { signal } : {}),
        ...(surfaces ? { surfaces } : {}),
        onShare: (share) => onShare?.((n + share) / tiles.length),
      });
      for (let row = 0; row < tile.height; row++) {
        const from = row * tile.rowBytes;
        picture.data.set(tile.bytes.subarray(from, from + tile.width * 4), ((y + row) * width + x) * 4);
      }
    }
    return picture;
  }

  async #tile(
    scene: PictureScene,
    origin: readonly [number, number],
    pictures: number,
    { signal, onShare, surfaces }: PaintOptions,
  ): Promise<{
    readonly bytes: Uint8Array;
    readonly width: number;
    readonly height: number;
    readonly rowBytes: number;
  }> {
    const gpu = this.#gpu;
    const { device } = gpu;
    const width = Math.min(TILE_PX, scene.width - origin[0]);
    const height = Math.min(TILE_PX, scene.height - origin[1]);
    const rowBytes = Math.ceil((width * 4) / 256) * 256;
    const attach = GPUTextureUsage.RENDER_ATTACHMENT;
    const sum = createTexture(gpu, {
      label: "VolumePainter.sum",
      size: [width, height],
      format: "rgba16float",
      usage: attach | GPUTextureUsage.TEXTURE_BINDING,
    });
    const done = createTexture(gpu, {
      label: "VolumePainter.done",
      size: [width, height],
      format: "rgba8unorm",
      usage: attach | GPUTextureUsage.COPY_SRC,
    });
    const staging = createBuffer(
      gpu,
      "VolumePainter.staging",
      rowBytes * height,
      GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ,
    );
    try {
      for (let n = 0; n < pictures; n++) {
        const shift = pixelShift(n, pictures);
        const originPx = [origin[0] + shift[0], origin[1] + shift[1]] as const;
        const layers = surfaces?.({ width, height, originPx });
        for (let from = 0; from < height; ) {
          signal?.throwIfAborted();
          if (!gpu.alive) throw lost();
          const rows = Math.max(Math.floor(STRIP_MS / Math.max(this.#rowMs, 1e-3)), 8);
          const to = Math.min(from + rows, height);
          const target = { view: sum.handle.createView(), format: "rgba16float", width, height } as const;
          const part: RaycastScene = {
            ...scene,
            rows: { from, to },
            originPx,
            surfaces: layers,
            turn: pictures > 1 ? n : undefined,
            share: 1 / (n + 1),
          };
          if (!(await this.#ray.whenCompiled(target.format, part))) {
            signal?.throwIfAborted();
            throw lost();
          }
          const start = performance.now();
          this.#ray.draw(target, part);
          await device.queue.onSubmittedWorkDone();
          this.#rowMs = (performance.now() - start) / (to - from);
          from = to;
          onShare?.((n + to / height) / pictures);
        }
      }
      this.#upscale.draw({ view: done.handle.createView(), format: "rgba8unorm", width, height }, sum.handle);
      const encoder = device.createCommandEncoder({ label: "VolumePainter.encoder" });
      encoder.copyTextureToBuffer({ texture: done.handle }, { buffer: staging.handle, bytesPerRow: rowBytes }, [
        width,
        height,
      ]);
      device.queue.submit([encoder.finish()]);
      await staging.handle.mapAsync(GPUMapMode.READ);
      const bytes = new Uint8Array(staging.handle.getMappedRange()).slice();
      staging.handle.unmap();
      return { bytes, width, height, rowBytes };
    } catch (error) {
      if (!gpu.alive) throw lost();
      throw error;
    } finally {
      for (const item of [sum, done, staging]) item.dispose();
    }
  }
}

function lost(): VoxelwrightError {
  return new VoxelwrightError("gpu", "The GPU was lost while the picture was painted.", {
    advice: "Try again once the views are back.",
  });
}
