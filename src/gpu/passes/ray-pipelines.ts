import code from "#shaders/raycast/raycast.wgsl?raw";
import { LOOKS_UP, uniformLayout } from "../bind-layouts.ts";
import type { GpuContext } from "../gpu-context.ts";
import { createGuarded } from "../gpu-resource.ts";
import { COMPUTE, PipelineCache, RENDER } from "../pipeline-cache.ts";
import { LIGHT_NUMBERS, MODE_NUMBERS, storedMode } from "../raycast-look.ts";
import { colorTarget } from "./color-target.ts";
import type { RaycastScene } from "./raycast-scene.ts";

const OUTPUT_NUMBERS = { color: 0, place: 1, cost: 2, sight: 3 } as const;

const POINTS: GPUVertexBufferLayout = {
  arrayStride: 12,
  attributes: [{ shaderLocation: 0, offset: 0, format: "float32x3" }],
};
const POINT_LIST: GPUPrimitiveState = { topology: "point-list" };

/** How the pictures of surfaces are read: raylayers.wgsl. */
const LAYER_SAMPLES = [
  "unfilterable-float",
  "depth",
  "unfilterable-float",
  "depth",
  "unfilterable-float",
  "unfilterable-float",
] as const;

type Asked<Descriptor> = [key: string, describe: () => Descriptor];

/** The pipelines of rays on one device; what differs between scenes is an override. */
export class RayPipelines {
  /** Group 0 of fragments, and of compute passes, which have the picture beside. */
  readonly viewLayout: GPUBindGroupLayout;
  readonly computeLayout: GPUBindGroupLayout;
  /** Group 3: look, transfer function, facts of bricks and cells, surfaces. */
  readonly passLayout: GPUBindGroupLayout;
  readonly #context: GpuContext;
  readonly #module: GPUShaderModule;
  readonly #render: PipelineCache<GPURenderPipelineDescriptor, GPURenderPipeline>;
  readonly #compute: PipelineCache<GPUComputePipelineDescriptor, GPUComputePipeline>;

  constructor(context: GpuContext) {
    const { device } = context;
    this.#context = context;
    this.#render = new PipelineCache(context, { label: "RayPipelines.render", ...RENDER });
    this.#compute = new PipelineCache(context, { label: "RayPipelines.compute", ...COMPUTE });
    this.#module = createGuarded(context, "RayPipelines.module", () =>
      device.createShaderModule({ label: "RayPipelines.module", code }),
    );
    this.viewLayout = uniformLayout(device, "RayPipelines.viewLayout");
    this.computeLayout = uniformLayout(device, "RayPipelines.computeLayout", [
      { binding: 1, visibility: GPUShaderStage.COMPUTE, storageTexture: { format: "rgba16float" } },
    ]);
    this.passLayout = uniformLayout(device, "RayPipelines.passLayout", [
      { binding: 1, visibility: LOOKS_UP, texture: { sampleType: "unfilterable-float" } },
      { binding: 2, visibility: LOOKS_UP, buffer: { type: "read-only-storage" } },
      { binding: 3, visibility: LOOKS_UP, buffer: { type: "read-only-storage" } },
      ...LAYER_SAMPLES.map((sampleType, n) => ({
        binding: 4 + n,
        visibility: LOOKS_UP,
        texture: { sampleType },
      })),
    ]);
  }

  fragment(format: GPUTextureFormat, scene: RaycastScene): GPURenderPipeline {
    return this.#render.get(...this.#fragment(format, scene, false));
  }

  sight(format: GPUTextureFormat, scene: RaycastScene): GPURenderPipeline {
    return this.#render.get(...this.#fragment(format, scene, true));
  }

  compute(scene: RaycastScene): GPUComputePipeline {
    return this.#compute.get(...this.#computed(scene));
  }

  /** Resolves when `fragment` makes nothing anew; undefined where that is so. */
  beginFragment(format: GPUTextureFormat, scene: RaycastScene): Promise<void> | undefined {
    return awaited(this.#render.find(...this.#fragment(format, scene, false)));
  }

  /** Resolves when `sight` makes nothing anew; undefined where that is so. */
  beginSight(format: GPUTextureFormat, scene: RaycastScene): Promise<void> | undefined {
    return awaited(this.#render.find(...this.#fragment(format, scene, true)));
  }

  /** Resolves when `compute` makes nothing anew; undefined where that is so. */
  beginCompute(scene: RaycastScene): Promise<void> | undefined {
    return awaited(this.#compute.find(...this.#computed(scene)));
  }

  #fragment(format: GPUTextureFormat, scene: RaycastScene, sight: boolean): Asked<GPURenderPipelineDescriptor> {
    const module = this.#module;
    const constants = constantsOf(scene, sight);
    const target = colorTarget(format, scene.share !== undefined);
    const layout = (): GPUPipelineLayout => this.#layout(this.viewLayout, scene);
    return [
      JSON.stringify([target, constants]),
      () => ({
        label: "RayPipelines.render",
        layout: layout(),
        ...(sight
          ? { vertex: { module, entryPoint: "raycast_sight_vertex", buffers: [POINTS] }, primitive: POINT_LIST }
          : { vertex: { module, entryPoint: "raycast_vertex" } }),
        fragment: {
          module,
          entryPoint: sight ? "raycast_sight_fragment" : "raycast_fragment",
          targets: [target],
          constants,
        },
      }),
    ];
  }

  #computed(scene: RaycastScene): Asked<GPUComputePipelineDescriptor> {
    const constants = constantsOf(scene, false);
    return [
      JSON.stringify(constants),
      () => ({
        label: "RayPipelines.compute",
        layout: this.#layout(this.computeLayout, scene),
        compute: { module: this.#module, entryPoint: "raycast_compute", constants },
      }),
    ];
  }

  #layout(view: GPUBindGroupLayout, { bricks, labels }: RaycastScene): GPUPipelineLayout {
    return this.#context.device.createPipelineLayout({
      label: "RayPipelines.layout",
      bindGroupLayouts: [view, bricks.layout, labels.layout, this.passLayout],
    });
  }
}

function awaited(found: object | Promise<void>): Promise<void> | undefined {
  return found instanceof Promise ? found : undefined;
}

function constantsOf(
  { bricks, labels, look, level, planes, surfaces, output = "color", skipping = true }: RaycastScene,
  sight: boolean,
): Record<string, number> {
  return {
    ...bricks.constants,
    ...bricks.filterConstant(false),
    ...labels.constants,
    LEVEL: level,
    RESIDENT: bricks.bricks.table.complete(level) ? 1 : 0,
    MODE: MODE_NUMBERS[storedMode(look)],
    LIGHT: sight ? 0 : LIGHT_NUMBERS[look.light],
    EDGES: look.mode === "shaded" && look.gradientOpacity ? 1 : 0,
    PLANES: planes ? 1 : 0,
    SURFACES: surfaces ? (surfaces.translucent ? 2 : 1) : 0,
    OUTPUT: OUTPUT_NUMBERS[sight ? "sight" : output],
    CELLS: skipping ? 1 : 0,
    // A volume without labels is drawn by a shader without them.
    LABELS: (look.showLabels && !labels.labels.empty ? 1 : 0) + (look.showProposals && !labels.proposals.empty ? 2 : 0),
  };
}
