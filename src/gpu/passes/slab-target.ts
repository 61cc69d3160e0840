import { VoxelwrightError } from "#base";
import type { GpuContext } from "../gpu-context.ts";
import { createTexture, type GpuResource } from "../gpu-resource.ts";
import type { SlabMode } from "../slab.ts";

/** Formats in which a slab is gathered: greys as they are shown, or sums of them as they are. */
export type SlabFormat = "rg8unorm" | "rg32float";

export function slabFormat(mode: SlabMode): SlabFormat {
  return mode === "mean" ? "rg32float" : "rg8unorm";
}

export function cannotMean(): VoxelwrightError {
  return new VoxelwrightError("gpu", "This GPU cannot add up the slices of a mean.", {
    advice: "Choose the maximum or the minimum of the slab.",
  });
}

/** How fragments of the planes of a slab meet. */
export function slabBlend(mode: SlabMode): GPUBlendComponent {
  return { operation: mode === "mean" ? "add" : "max", srcFactor: "one", dstFactor: "one" };
}

/** Keeps a pixel of one plane from counting twice where its polygons overlap: planes come nearer one after another. */
export const SLAB_DEPTH: GPUDepthStencilState = {
  format: "depth24plus",
  depthWriteEnabled: true,
  depthCompare: "greater",
};

/** The textures that a slab, or a fused volume, is gathered in; pictures take as much of their upper left corner as they need. */
export class SlabTarget {
  readonly format: SlabFormat;
  readonly width: number;
  readonly height: number;
  readonly view: GPUTextureView;
  readonly depthView: GPUTextureView;
  readonly #resources: readonly GpuResource<GPUTexture>[];

  constructor(context: GpuContext, width: number, height: number, format: SlabFormat) {
    this.format = format;
    this.width = width;
    this.height = height;
    const usage = GPUTextureUsage.RENDER_ATTACHMENT;
    const size = [width, height];
    const color = createTexture(context, {
      label: "SlabTarget.color",
      size,
      format,
      usage: usage | GPUTextureUsage.TEXTURE_BINDING,
    });
    const depth = createTexture(context, { label: "SlabTarget.depth", size, format: "depth24plus", usage });
    this.#resources = [color, depth];
    this.view = color.handle.createView();
    this.depthView = depth.handle.createView();
  }

  fits(width: number, height: number, format: SlabFormat): boolean {
    return this.format === format && this.width >= width && this.height >= height;
  }

  dispose(): void {
    for (const resource of this.#resources) resource.dispose();
  }
}
