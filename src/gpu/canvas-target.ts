import { type Disposable, DisposableStack } from "#base";
import type { GpuContext } from "./gpu-context.ts";

/** A canvas that passes draw to. Configured anew after a device loss. */
export class CanvasTarget implements Disposable {
  readonly canvas: HTMLCanvasElement;
  readonly #context: GpuContext;
  readonly #stack = new DisposableStack();
  readonly #format: GPUTextureFormat;
  #surface: GPUCanvasContext | undefined;

  constructor(context: GpuContext, canvas: HTMLCanvasElement) {
    this.#context = context;
    this.canvas = canvas;
    this.#format = navigator.gpu.getPreferredCanvasFormat();
    this.#stack.add(
      context.lost.on(() => {
        this.#surface = undefined;
      }),
    );
  }

  get format(): GPUTextureFormat {
    return this.#format;
  }

  /** Sets the size in device pixels; true when it changed. */
  resize(width: number, height: number): boolean {
    const limit = this.#context.device.limits.maxTextureDimension2D;
    const w = Math.min(Math.max(Math.round(width), 1), limit);
    const h = Math.min(Math.max(Math.round(height), 1), limit);
    if (this.canvas.width === w && this.canvas.height === h) return false;
    this.canvas.width = w;
    this.canvas.height = h;
    return true;
  }

  /** The texture of this frame; ask once a frame, just before drawing. */
  view(): GPUTextureView {
    if (!this.#surface) {
      const surface = this.canvas.getContext("webgpu")!;
      surface.configure({ device: this.#context.device, format: this.#format, alphaMode: "opaque" });
      this.#surface = surface;
    }
    return this.#surface.getCurrentTexture().createView({ label: "CanvasTarget.view" });
  }

  dispose(): void {
    this.#surface?.unconfigure();
    this.#surface = undefined;
    this.#stack.dispose();
  }
}
