import code from "#shaders/raycast/upscale.wgsl?raw";
import { type Disposable, DisposableStack } from "#base";
import type { GpuContext } from "../gpu-context.ts";
import { createBuffer, createGuarded, type GpuResource } from "../gpu-resource.ts";
import type { PassTarget } from "./slice-scene.ts";

/** Puts a picture on a target of another size, filtered. */
export class UpscalePass implements Disposable {
  readonly #context: GpuContext;
  readonly #stack = new DisposableStack();
  readonly #pipelines = new Map<GPUTextureFormat, GPURenderPipeline>();
  #size: GpuResource<GPUBuffer> | undefined;

  constructor(context: GpuContext) {
    this.#context = context;
    this.#stack.add(context.lost.on(() => this.#release()));
  }

  draw(target: PassTarget & { readonly width: number; readonly height: number }, source: GPUTexture): void {
    const context = this.#context;
    const { device } = context;
    this.#size ??= createBuffer(context, "UpscalePass.size", 8, GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST);
    device.queue.writeBuffer(this.#size.handle, 0, new Float32Array([target.width, target.height]));
    let pipeline = this.#pipelines.get(target.format);
    if (!pipeline) {
      pipeline = createGuarded(context, "UpscalePass.pipeline", () => {
        const module = device.createShaderModule({ label: "UpscalePass.module", code });
        return device.createRenderPipeline({
          label: "UpscalePass.pipeline",
          layout: "auto",
          vertex: { module, entryPoint: "upscale_vertex" },
          fragment: { module, entryPoint: "upscale_fragment", targets: [{ format: target.format }] },
        });
      });
      this.#pipelines.set(target.format, pipeline);
    }
    const same = source.width === target.width && source.height === target.height;
    const filter = same ? "nearest" : "linear";
    const group = device.createBindGroup({
      label: "UpscalePass.group",
      layout: pipeline.getBindGroupLayout(0),
      entries: [
        { binding: 0, resource: source.createView() },
        {
          binding: 1,
          resource: device.createSampler({ label: "UpscalePass.sampler", magFilter: filter, minFilter: filter }),
        },
        { binding: 2, resource: { buffer: this.#size.handle } },
      ],
    });
    const encoder = device.createCommandEncoder({ label: "UpscalePass.encoder" });
    const pass = encoder.beginRenderPass({
      label: "UpscalePass.pass",
      colorAttachments: [{ view: target.view, loadOp: "clear", storeOp: "store", clearValue: [0, 0, 0, 1] }],
    });
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, group);
    pass.draw(3);
    pass.end();
    device.queue.submit([encoder.finish()]);
  }

  dispose(): void {
    this.#release();
    this.#stack.dispose();
  }

  #release(): void {
    this.#size?.dispose();
    this.#size = undefined;
    this.#pipelines.clear();
  }
}
