import code from "#shaders/slice/slice.wgsl?raw";
import type { Disposable } from "#base";
import type { GpuContext } from "../gpu-context.ts";
import { createBuffer, createTexture, type GpuResource } from "../gpu-resource.ts";
import { uniformView } from "../struct-views.ts";
import type { SlabTarget } from "./slab-target.ts";
import { type FusedVolume, MOST_FUSED, type SliceLook } from "./slice-scene.ts";

/** Bytes from one volume's look to the next: WebGPU's default alignment of dynamic offsets. */
const STRIDE = 256;

/** Colours of a table. */
const LUT_SIZE = 256;

/** Group 3 of the slice pass: looks and colour tables of the volumes of a picture, and what was gathered of them. */
export class SliceLooks implements Disposable {
  readonly #context: GpuContext;
  readonly #layout: GPUBindGroupLayout;
  readonly #view = uniformView(code, "sliceLook");
  readonly #looks: GpuResource<GPUBuffer>;
  readonly #luts: GpuResource<GPUTexture>;
  /** Stands in where nothing was gathered: a bind group has to have something. */
  readonly #none: GpuResource<GPUTexture>;
  /** Bytes of each look on the GPU. */
  readonly #written: (Uint8Array | undefined)[] = [];
  /** What the rows of the tables hold now. */
  readonly #colors: (Uint8Array<ArrayBuffer> | undefined)[] = [];
  /** For gathering: none of the targets is bound, for they are drawn to. */
  readonly gathering: GPUBindGroup;
  #showing: { readonly targets: readonly (SlabTarget | undefined)[]; readonly group: GPUBindGroup };

  constructor(context: GpuContext, layout: GPUBindGroupLayout) {
    this.#context = context;
    this.#layout = layout;
    const usage = GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST;
    this.#looks = createBuffer(context, "SliceLooks.looks", (1 + MOST_FUSED) * STRIDE, usage);
    this.#luts = createTexture(context, {
      label: "SliceLooks.luts",
      size: [LUT_SIZE, 1 + MOST_FUSED],
      format: "rgba8unorm",
      usage: GPUTextureUsage.TEXTURE_BINDING | GPUTextureUsage.COPY_DST,
    });
    this.#none = createTexture(context, {
      label: "SliceLooks.none",
      size: [1, 1],
      format: "rg8unorm",
      usage: GPUTextureUsage.TEXTURE_BINDING,
    });
    this.gathering = this.#group([]);
    this.#showing = { targets: [], group: this.gathering };
  }

  /** Dynamic offset of a volume's look: 0 for the volume itself, then the fused ones. */
  offset(volume: number): number {
    return volume * STRIDE;
  }

  write(look: SliceLook, fused: readonly FusedVolume[]): void {
    if (look.lut) this.#writeLut(0, look.lut);
    this.#writeLook(0, {
      background: [...look.background, 1],
      gain: look.gain,
      bias: look.bias,
      invert: look.invert ? 1 : 0,
      fill: look.labelFill,
      outline: look.labelOutline,
      highlight: look.activeSegment,
      hovered: look.hoveredSegment,
      fused: fused.map(({ look: { opacity, hideLow, invert } }) => ({
        opacity,
        hideLow: hideLow ? 1 : 0,
        invert: invert ? 1 : 0,
      })),
    });
    for (const [n, { look: own }] of fused.entries()) {
      this.#writeLut(n + 1, own.lut);
      this.#writeLook(n + 1, { gain: own.gain, bias: own.bias });
    }
  }

  /** The group that shows what was gathered of the volume itself and of the fused ones. */
  showing(targets: readonly (SlabTarget | undefined)[]): GPUBindGroup {
    const before = this.#showing.targets;
    if (targets.length !== before.length || targets.some((target, n) => target !== before[n]))
      this.#showing = { targets: [...targets], group: this.#group(targets) };
    return this.#showing.group;
  }

  dispose(): void {
    for (const one of [this.#looks, this.#luts, this.#none]) one.dispose();
  }

  #writeLook(volume: number, values: object): void {
    this.#view.set(values);
    const bytes = new Uint8Array(this.#view.arrayBuffer);
    const before = this.#written[volume];
    if (before?.every((byte, n) => byte === bytes[n])) return;
    this.#written[volume] = bytes.slice();
    this.#context.device.queue.writeBuffer(this.#looks.handle, volume * STRIDE, this.#view.arrayBuffer);
  }

  #writeLut(row: number, colors: Uint8Array<ArrayBuffer>): void {
    if (this.#colors[row] === colors) return;
    this.#colors[row] = colors;
    this.#context.device.queue.writeTexture(
      { texture: this.#luts.handle, origin: [0, row] },
      colors,
      { bytesPerRow: LUT_SIZE * 4 },
      [LUT_SIZE, 1],
    );
  }

  #group(targets: readonly (SlabTarget | undefined)[]): GPUBindGroup {
    const none = this.#none.handle.createView();
    const gathered = (n: number): GPUTextureView => targets[n]?.view ?? none;
    return this.#context.device.createBindGroup({
      label: "SliceLooks.group",
      layout: this.#layout,
      entries: [
        { binding: 0, resource: { buffer: this.#looks.handle, size: this.#view.arrayBuffer.byteLength } },
        { binding: 1, resource: gathered(0) },
        { binding: 2, resource: this.#luts.handle.createView() },
        { binding: 3, resource: gathered(1) },
        { binding: 4, resource: gathered(2) },
      ],
    });
  }
}
