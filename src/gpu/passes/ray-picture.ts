import code from "#shaders/raycast/lay.wgsl?raw";
import { type Disposable } from "#base";
import type { GpuContext } from "../gpu-context.ts";
import { createGuarded, createTexture, type GpuResource } from "../gpu-resource.ts";
import { colorTarget } from "./color-target.ts";

/** What a compute pass writes its pixels to, and how that comes on a target. Belongs to one device. */
export class RayPicture implements Disposable {
  readonly #context: GpuContext;
  readonly #module: GPUShaderModule;
  readonly #pipelines = new Map<string, GPURenderPipeline>();
  #texture: GpuResource<GPUTexture> | undefined;

  constructor(context: GpuContext) {
    this.#context = context;
    this.#module = createGuarded(context, "RayPicture.module", (device) =>
      device.createShaderModule({ label: "RayPicture.module", code }),
    );
  }

  /** A texture of at least this size, rgba16float, to be written by a compute pass. It grows to the largest picture. */
  holding(width: number, height: number): GPUTexture {
    const known = this.#texture?.handle;
    if (known && known.width >= width && known.height >= height) return known;
    this.#texture?.dispose();
    this.#texture = createTexture(this.#context, {
      label: "RayPicture.texture",
      size: [Math.max(width, known?.width ?? 0), Math.max(height, known?.height ?? 0)],
      format: "rgba16float",
      usage: GPUTextureUsage.STORAGE_BINDING | GPUTextureUsage.TEXTURE_BINDING,
    });
    return this.#texture.handle;
  }

  /** Draws it in a pass whose target is of `format`, as its scissor and blend constant have it. */
  lay(pass: GPURenderPassEncoder, format: GPUTextureFormat, blended: boolean): void {
    const { device } = this.#context;
    const key = `${format} ${blended}`;
    let pipeline = this.#pipelines.get(key);
    if (!pipeline) {
      const module = this.#module;
      pipeline = createGuarded(this.#context, "RayPicture.pipeline", () =>
        device.createRenderPipeline({
          label: "RayPicture.pipeline",
          layout: "auto",
          vertex: { module, entryPoint: "lay_vertex" },
          fragment: { module, entryPoint: "lay_fragment", targets: [colorTarget(format, blended)] },
        }),
      );
      this.#pipelines.set(key, pipeline);
    }
    pass.setPipeline(pipeline);
    pass.setBindGroup(
      0,
      device.createBindGroup({
        label: "RayPicture.group",
        layout: pipeline.getBindGroupLayout(0),
        entries: [{ binding: 0, resource: this.#texture!.handle.createView() }],
      }),
    );
    pass.draw(3);
  }

  dispose(): void {
    this.#texture?.dispose();
    this.#texture = undefined;
  }
}
