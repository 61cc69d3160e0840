import code from "#shaders/slice/slice.wgsl?raw";
import { uniformLayout } from "../bind-layouts.ts";
import { CORNER_WORDS, type PolygonGroup } from "../brick-polygons.ts";
import type { GpuContext } from "../gpu-context.ts";
import { createGuarded } from "../gpu-resource.ts";
import { PipelineCache, RENDER } from "../pipeline-cache.ts";
import type { SlabMode } from "../slab.ts";
import { SLAB_DEPTH, slabBlend } from "./slab-target.ts";
import type { SliceScene } from "./slice-scene.ts";

/** Voxels to either side that enter a value. */
export const REACH = { nearest: 0, linear: 1, cubic: 2 } as const;

/** What is fused over a picture: how many volumes, and how they were gathered. */
interface Over {
  readonly count: number;
  readonly mode: SlabMode;
}

/** What is drawn: polygons of the picture, all of it as one triangle, or polygons of a plane that is gathered. */
export type Picture =
  | {
      readonly kind: "show";
      readonly format: GPUTextureFormat;
      readonly group: PolygonGroup;
      /** Undefined where the slice is thin. */
      readonly slab: SlabMode | undefined;
      readonly over: Over;
    }
  | {
      readonly kind: "whole";
      readonly format: GPUTextureFormat;
      readonly slab: SlabMode | undefined;
      readonly over: Over;
    }
  | {
      readonly kind: "gather";
      readonly format: GPUTextureFormat;
      readonly group: PolygonGroup;
      readonly slab: SlabMode;
      /** One plane, which is drawn as it is: strips between bricks over what lies inside them. */
      readonly alone: boolean;
      /** Axis along which the planes follow one another, each lying across it. */
      readonly across: 0 | 1 | 2 | undefined;
    };

/** Groups of a picture without labels. */
export const PLAIN: readonly PolygonGroup[] = ["within", "between", "across"];
/** The same with labels. */
export const LABELLED: readonly PolygonGroup[] = ["withinLabelled", "betweenLabelled", "acrossLabelled"];

export function plainPicture(format: GPUTextureFormat, group: PolygonGroup): Picture {
  return { kind: "show", format, group, slab: undefined, over: { count: 0, mode: "mip" } };
}

type Volume = Pick<SliceScene, "bricks"> & { readonly look: Pick<SliceScene["look"], "interpolation"> };

/** What a pipeline depends on of a scene, beside the volume that is sampled. */
type Scene = Pick<SliceScene, "labels"> & {
  readonly look: Pick<SliceScene["look"], "showLabels" | "showProposals" | "lut">;
};

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
  /** Group 3: looks by dynamic offset, gathered slab, colour tables, gathered volumes. */
  readonly ownLayout: GPUBindGroupLayout;
  readonly #context: GpuContext;
  readonly #module: GPUShaderModule;
  readonly #pipelines: PipelineCache<GPURenderPipelineDescriptor, GPURenderPipeline>;

  constructor(context: GpuContext) {
    const { device } = context;
    this.#context = context;
    const texture = { sampleType: "unfilterable-float" } as const;
    const textures = [1, 2, 3, 4].map((binding) => ({ binding, visibility: GPUShaderStage.FRAGMENT, texture }));
    this.viewLayout = uniformLayout(device, "SlicePipelines.viewLayout", [], true);
    this.ownLayout = uniformLayout(device, "SlicePipelines.ownLayout", textures, true);
    this.#pipelines = new PipelineCache(context, { label: "SlicePipelines.pipeline", ...RENDER });
    this.#module = createGuarded(context, "SlicePipelines.module", () =>
      device.createShaderModule({ label: "SlicePipelines.module", code }),
    );
  }

  /** `volume` is what is sampled: the scene's own, or one that is fused over it. */
  get(volume: Volume, scene: Scene, picture: Picture): GPURenderPipeline {
    return this.#pipelines.get(...this.#asked(volume, scene, picture));
  }

  /** The same, or, where it is not there, what resolves when it is. */
  find(volume: Volume, scene: Scene, picture: Picture): GPURenderPipeline | Promise<void> {
    return this.#pipelines.find(...this.#asked(volume, scene, picture));
  }

  /** The key is made for each group of each picture: of words alone, and constants only where there is no pipeline yet. */
  #asked(volume: Volume, scene: Scene, picture: Picture): [key: string, describe: () => GPURenderPipelineDescriptor] {
    const { kind, format, slab } = picture;
    const { bricks, look } = volume;
    const group = kind === "whole" ? "" : picture.group;
    const over = kind === "gather" || picture.over.count === 0 ? "" : `${picture.over.count} ${picture.over.mode}`;
    const planes = kind === "gather" ? `${picture.alone} ${layeredAlong(volume, picture)}` : "";
    const labels = group.endsWith("Labelled") ? `${scene.look.showLabels} ${scene.look.showProposals}` : "";
    const greys = kind !== "gather" && !scene.look.lut;
    const key = `${kind} ${greys} ${format} ${slab} ${group} ${over} ${planes} ${labels} ${look.interpolation} ${bricks.variant} ${scene.labels.variant}`;
    return [key, () => this.#describe(volume, scene, picture)];
  }

  #describe(volume: Volume, scene: Scene, picture: Picture): GPURenderPipelineDescriptor {
    const module = this.#module;
    const constants = constantsOf(volume, scene, picture);
    const bindGroupLayouts = [this.viewLayout, volume.bricks.layout, scene.labels.layout, this.ownLayout];
    const { kind, format } = picture;
    const entryPoint = { show: "slice_fragment", gather: "slice_gather", whole: "slice_wholeFragment" }[kind];
    const meet = kind === "gather" && !picture.alone ? slabBlend(picture.slab) : undefined;
    const blend = meet && { color: meet, alpha: meet };
    return {
      label: "SlicePipelines.pipeline",
      layout: this.#context.device.createPipelineLayout({ label: "SlicePipelines.layout", bindGroupLayouts }),
      vertex:
        kind === "whole"
          ? { module, entryPoint: "slice_wholeVertex" }
          : { module, entryPoint: "slice_vertex", buffers: [CORNERS] },
      fragment: { module, entryPoint, targets: [{ format, ...(blend ? { blend } : {}) }], constants },
      // A pixel that is met twice counts in nothing but a mean.
      ...(meet && picture.slab === "mean" ? { depthStencil: SLAB_DEPTH } : {}),
    };
  }
}

/** The override LAYERED: it matters inside bricks, where eight voxels are mixed. */
function layeredAlong({ bricks, look }: Volume, { group, across }: Extract<Picture, { kind: "gather" }>): number {
  const mixes =
    group === "within" && look.interpolation === "linear" && bricks.filterConstant(true)["ATLAS_FILTERS"] === 0;
  return mixes && across !== undefined ? across + 1 : 0;
}

/** The overrides of a picture; one that an entry point has no use for is refused. */
function constantsOf(volume: Volume, { labels, look }: Scene, picture: Picture): Record<string, number> {
  const { kind, slab } = picture;
  const over = kind === "gather" ? undefined : picture.over;
  const blended = {
    SLAB: slab ? SLAB_NUMBER[slab] : 0,
    FUSED: over?.count ?? 0,
    FUSED_SLAB: over && over.count > 0 ? SLAB_NUMBER[over.mode] : 1,
  };
  const shown = kind === "gather" ? {} : { GREYS: look.lut ? 0 : 1 };
  if (kind === "whole") return { ...blended, ...shown };
  const { group } = picture;
  const filter = volume.bricks.filterConstant(true);
  const labelled = kind === "show" && group.endsWith("Labelled");
  const gathered = kind === "gather" ? { LAYERED: layeredAlong(volume, picture) } : {};
  return {
    ...volume.bricks.constants,
    ...filter,
    ...labels.constants,
    REACH: REACH[volume.look.interpolation],
    WITHIN: group === "within" || group === "withinLabelled" ? 1 : 0,
    BETWEEN: group === "between" || group === "betweenLabelled" ? 1 : 0,
    LABELS: labelled ? (look.showLabels ? 1 : 0) + (look.showProposals ? 2 : 0) : 0,
    ...blended,
    ...shown,
    ...gathered,
  };
}
