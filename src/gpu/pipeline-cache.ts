import type { GpuContext } from "./gpu-context.ts";
import { createGuarded } from "./gpu-resource.ts";

/** How pipelines of one kind are made, at once or beside other work. */
export interface PipelineMaker<Descriptor, Pipeline> {
  readonly label: string;
  now(device: GPUDevice, descriptor: Descriptor): Pipeline;
  later(device: GPUDevice, descriptor: Descriptor): Promise<Pipeline>;
}

export const RENDER: Omit<PipelineMaker<GPURenderPipelineDescriptor, GPURenderPipeline>, "label"> = {
  now: (device, descriptor) => device.createRenderPipeline(descriptor),
  later: (device, descriptor) => device.createRenderPipelineAsync(descriptor),
};

export const COMPUTE: Omit<PipelineMaker<GPUComputePipelineDescriptor, GPUComputePipeline>, "label"> = {
  now: (device, descriptor) => device.createComputePipeline(descriptor),
  later: (device, descriptor) => device.createComputePipelineAsync(descriptor),
};

/**
 * Pipelines of one device by key. A driver takes from milliseconds to seconds to compile one; made at once, the whole page waits for it
 * with all it draws, so views have them begun (`find`) and keep their picture until they are there.
 */
export class PipelineCache<Descriptor, Pipeline> {
  readonly #context: GpuContext;
  readonly #maker: PipelineMaker<Descriptor, Pipeline>;
  readonly #made = new Map<string, Pipeline>();
  readonly #begun = new Map<string, Promise<void>>();

  constructor(context: GpuContext, maker: PipelineMaker<Descriptor, Pipeline>) {
    this.#context = context;
    this.#maker = maker;
  }

  /** The pipeline, made now where it is not there. */
  get(key: string, describe: () => Descriptor): Pipeline {
    const known = this.#made.get(key);
    if (known) return known;
    const { label, now } = this.#maker;
    const pipeline = createGuarded(this.#context, label, (device) => now(device, describe()));
    this.#made.set(key, pipeline);
    return pipeline;
  }

  /** The pipeline, or, where it is not there, what resolves when it is; one that fails is made by `get`, which tells its fault. */
  find(key: string, describe: () => Descriptor): Pipeline | Promise<void> {
    const known = this.#made.get(key);
    if (known) return known;
    const begun = this.#begun.get(key);
    if (begun) return begun;
    const { device } = this.#context;
    const made = this.#maker.later(device, describe()).then(
      (pipeline) => {
        if (!this.#made.has(key)) this.#made.set(key, pipeline);
      },
      // One that a lost device did not make is of no use to the next.
      () => void (this.#context.device === device && this.get(key, describe)),
    );
    this.#begun.set(key, made);
    return made;
  }
}
