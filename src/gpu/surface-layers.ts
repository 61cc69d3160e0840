import { type Disposable, DisposableStack } from "#base";
import type { GpuContext } from "./gpu-context.ts";
import { createTexture, type GpuResource } from "./gpu-resource.ts";

/** Formats of colours: as they are seen, or label values for picking. */
export type SurfaceOutput = "color" | "label";

/** Sums of translucent surfaces need a range that 8 bits have not. */
export const REST_FORMAT = "rgba16float";
export const SURFACE_DEPTH = "depth32float";

export function surfaceFormat(output: SurfaceOutput): GPUTextureFormat {
  return output === "color" ? "rgba8unorm" : "rgba32float";
}

/**
 * The pictures of surfaces that the ray pass puts the volume between: the nearest opaque one, the nearest translucent one before it,
 * and all other translucent ones together.
 */
export class SurfaceLayers implements Disposable {
  /** Colour and depth of opaque surfaces; alpha 0, depth 1 where there are none. */
  readonly wall: SurfaceLayer;
  /** Colour, opacity and depth of the nearest translucent surface. */
  readonly front: SurfaceLayer;
  /** Colours weighed by opacity, and the sum of weights. */
  readonly restColor: GPUTextureView;
  /** Red: least share of the ray; alpha: light let through. */
  readonly restShare: GPUTextureView;
  readonly width: number;
  readonly height: number;
  readonly output: SurfaceOutput;
  /** Whether anything translucent was drawn; else those are one pixel large. */
  readonly translucent: boolean;
  readonly #stack = new DisposableStack();
  readonly #context: GpuContext;

  constructor(context: GpuContext, width: number, height: number, output: SurfaceOutput, translucent: boolean) {
    this.#context = context;
    this.width = width;
    this.height = height;
    this.output = output;
    this.translucent = translucent;
    const size = translucent ? ([width, height] as const) : ([1, 1] as const);
    const restSize = output === "color" ? size : ([1, 1] as const);
    this.wall = this.#layer("wall", width, height);
    this.front = this.#layer("front", ...size);
    this.restColor = this.#view("restColor", REST_FORMAT, ...restSize);
    this.restShare = this.#view("restShare", REST_FORMAT, ...restSize);
  }

  fits(width: number, height: number, output: SurfaceOutput, translucent: boolean): boolean {
    const same = width === this.width && height === this.height && output === this.output;
    return same && translucent === this.translucent;
  }

  dispose(): void {
    this.#stack.dispose();
  }

  #layer(name: string, width: number, height: number): SurfaceLayer {
    return {
      color: this.#view(`${name}Color`, surfaceFormat(this.output), width, height),
      depth: this.#view(`${name}Depth`, SURFACE_DEPTH, width, height),
    };
  }

  #view(name: string, format: GPUTextureFormat, width: number, height: number): GPUTextureView {
    const texture: GpuResource<GPUTexture> = this.#stack.add(
      createTexture(this.#context, {
        label: `SurfaceLayers.${name}`,
        size: [width, height],
        format,
        usage: GPUTextureUsage.RENDER_ATTACHMENT | GPUTextureUsage.TEXTURE_BINDING,
      }),
    );
    return texture.handle.createView();
  }
}

export interface SurfaceLayer {
  readonly color: GPUTextureView;
  readonly depth: GPUTextureView;
}
