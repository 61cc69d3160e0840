import code from "#shaders/slice/slice.wgsl?raw";
import { uniformLayout } from "../bind-layouts.ts";
import { CORNER_WORDS, type PolygonGroup } from "../brick-polygons.ts";
import type { GpuContext } from "../gpu-context.ts";
import { createGuarded } from "../gpu-resource.ts";
import type { SlabMode } from "../slab.ts";
import { SLAB_DEPTH, slabBlend } from "./slab-target.ts";
import type { SliceScene } from "./slice-scene.ts";

/** Voxels to either side that enter a value. */
export const REACH = { nearest: 0, linear: 1, cubic: 2 } as const;

/** What is drawn: polygons of the picture, polygons of a plane of a slab, or all that a slab shows. */
export type Picture =
  | {
      readonly kind: "show" | "gather";
      readonly format: GPUTextureFormat;
      readonly group: PolygonGroup;
      readonly slab: SlabMode | undefined;
    }
  | { readonly kind: "whole"; readonly format: GPUTextureFormat; readonly slab: SlabMode };

const CORNERS: GPUVertexBufferLayout = {
  arrayStride: CORNER_WORDS * 4,
  attributes: [
    { shaderLocation: 0, offset: 0, format: "float32x2" },
    { shaderLocation: 1, offset: 8, format: "float32x3" },
    { shaderLocation: 2, offset: 20, format: "float32x3" },
    { shaderLocation: 3, offset: 32, format: "uint32x3" },
  ],
};

const SLAB_NUMBER: Readonly<Record<SlabMode, number>> = { mip: 1, minip: 2, mean: 3 };

/** The pipelines of planes on one device, made when they are first asked for; what differs between draws is an override. */
export class SlicePipelines {
  /** Group 0: a plane, by dynamic offset. */
  readonly viewLayout: GPUBindGroupLayout;
  /** Group 3: look, gathered slab, colour table. */
  readonly ownLayout: GPUBindGroupLayout;
  readonly #context: GpuContext;
  readonly #module: GPUShaderModule;
  readonly #pipelines = new Map<string, GPURenderPipeline>();

  constructor(context: GpuContext) {
    const { device } = context;
    this.#context = context;
    const texture = { sampleType: "unfilterable-float" } as const;
    const textures = [1, 2].map((binding) => ({ binding, visibility: GPUShaderStage.FRAGMENT, texture }));
    this.viewLayout = uniformLayout(device, "SlicePipelines.viewLayout", [], true);
    this.ownLayout = uniformLayout(device, "SlicePipelines.ownLayout", textures);
    this.#module = createGuarded(context, "SlicePipelines.module", () =>
      device.createShaderModule({ label: "SlicePipelines.module", code }),
    );
  }

  get(scene: SliceScene, picture: Picture): GPURenderPipeline {
    const { bricks, labels, look } = scene;
    const { kind, slab } = picture;
    const group = kind === "whole" ? undefined : picture.group;
    const labelled = kind === "show" && picture.group.endsWith("Labelled");
    const constants = {
      ...bricks.constants,
      ...bricks.filterConstant(true),
      ...labels.constants,
      REACH: REACH[look.interpolation],
      WITHIN: group === "within" || group === "withinLabelled" ? 1 : 0,
      LABELS: labelled ? (look.showLabels ? 1 : 0) + (look.showProposals ? 2 : 0) : 0,
      SLAB: slab ? SLAB_NUMBER[slab] : 0,
    };
    const key = JSON.stringify([kind, picture.format, constants]);
    let pipeline = this.#pipelines.get(key);
    if (!pipeline) {
      pipeline = this.#create(scene, picture, constants);
      this.#pipelines.set(key, pipeline);
    }
    return pipeline;
  }

  #create(
    { bricks, labels }: SliceScene,
    { kind, format, slab }: Picture,
    constants: Record<string, number>,
  ): GPURenderPipeline {
    const module = this.#module;
    const entryPoint = { show: "slice_fragment", gather: "slice_gather", whole: "slice_wholeFragment" }[kind];
    const blend = slab && kind === "gather" ? { color: slabBlend(slab), alpha: slabBlend(slab) } : undefined;
    // A constant that an entry point has no use for is refused.
    const own = kind === "whole" ? { SLAB: constants["SLAB"]! } : constants;
    return createGuarded(this.#context, "SlicePipelines.pipeline", (device) =>
      device.createRenderPipeline({
        label: "SlicePipelines.pipeline",
        layout: device.createPipelineLayout({
          label: "SlicePipelines.pipelineLayout",
          bindGroupLayouts: [this.viewLayout, bricks.layout, labels.layout, this.ownLayout],
        }),
        vertex:
          kind === "whole"
            ? { module, entryPoint: "slice_wholeVertex" }
            : { module, entryPoint: "slice_vertex", buffers: [CORNERS] },
        fragment: { module, entryPoint, targets: [{ format, ...(blend ? { blend } : {}) }], constants: own },
        ...(kind === "gather" ? { depthStencil: SLAB_DEPTH } : {}),
      }),
    );
  }
}
