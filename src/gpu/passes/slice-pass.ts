import code from "#shaders/slice/slice.wgsl?raw";
import { type Disposable, DisposableStack } from "#base";
import type { ImageGrid, PyramidLevel } from "#volume";
import { type BrickPolygons, brickPolygons, CORNER_WORDS, type PolygonGroup } from "../brick-polygons.ts";
import type { GpuContext } from "../gpu-context.ts";
import { createBuffer, createTexture, type GpuResource } from "../gpu-resource.ts";
import type { Slab } from "../slab.ts";
import { planeToIndex, type SlicePlane } from "../slice-plane.ts";
import { uniformView } from "../struct-views.ts";
import { cannotMean, slabFormat, SlabTarget } from "./slab-target.ts";
import { REACH, SlicePipelines } from "./slice-pipelines.ts";
import type { PassTarget, SliceLook, SliceScene } from "./slice-scene.ts";

/** Bytes from one plane's uniforms to the next: WebGPU's default alignment of dynamic offsets. */
const VIEW_STRIDE = 256;

/** Colours of a table. */
const LUT_SIZE = 256;

const GREYS = Uint8Array.from({ length: LUT_SIZE * 4 }, (_, n) => (n % 4 === 3 ? 255 : n >> 2));

/** Draws planes. One for all views of a device. */
export class SlicePass implements Disposable {
  readonly #context: GpuContext;
  readonly #stack = new DisposableStack();
  readonly #view = uniformView(code, "sliceView");
  readonly #look = uniformView(code, "sliceLook");
  #state: PassState | undefined;

  constructor(context: GpuContext) {
    this.#context = context;
    this.#stack.add(context.lost.on(() => this.#release()));
  }

  /** Submits one picture; the target is `plane.width` × `plane.height` pixels. Throws `gpu` for a mean that the device cannot add up. */
  draw(target: PassTarget, scene: SliceScene): void {
    const { device } = this.#context;
    const slab = scene.slab && scene.slab.planes.length > 1 ? scene.slab : undefined;
    if (slab?.mode === "mean" && !this.#context.float32Blendable) throw cannotMean();
    const state = (this.#state ??= this.#create());
    this.#writeLut(state, scene.look.lut ?? GREYS);
    this.#writeLook(state, scene.look);
    const planes = slab ? [scene.plane, ...slab.planes] : [scene.plane];
    this.#writeViews(state, scene, planes);
    const cuts = planes.map((plane, n) => cutPlane(scene, plane, n === 0));
    const firsts = this.#writeCorners(state, cuts);
    const encoder = device.createCommandEncoder({ label: "SlicePass.encoder" });
    if (slab) this.#gather(encoder, state, scene, slab, cuts, firsts);
    const { format } = target;
    const pass = encoder.beginRenderPass({
      label: "SlicePass.pass",
      colorAttachments: [
        { view: target.view, loadOp: "clear", storeOp: "store", clearValue: [...scene.look.background, 1] },
      ],
    });
    this.#bind(pass, state, scene, 0, slab ? state.slabGroup! : state.lookGroup);
    if (slab) {
      pass.setPipeline(state.pipelines.get(scene, { kind: "whole", format, slab: slab.mode }));
      pass.draw(3);
    }
    for (const [group, first, count] of groupsOf(cuts[0]!)) {
      // What a slab shows without labels is there already.
      if (slab && !group.endsWith("Labelled")) continue;
      pass.setPipeline(state.pipelines.get(scene, { kind: "show", format, group, slab: slab?.mode }));
      pass.draw(count, 1, first);
    }
    pass.end();
    device.queue.submit([encoder.finish()]);
  }

  dispose(): void {
    this.#release();
    this.#stack.dispose();
  }

  /** Draws the planes of a slab onto one another: the greatest value of a pixel wins, or all are added up. */
  #gather(
    encoder: GPUCommandEncoder,
    state: PassState,
    scene: SliceScene,
    { mode }: Slab,
    cuts: readonly BrickPolygons[],
    firsts: readonly number[],
  ): void {
    const format = slabFormat(mode);
    const slab = this.#slabTarget(state, scene.plane, format);
    const pass = encoder.beginRenderPass({
      label: "SlicePass.gather",
      colorAttachments: [{ view: slab.view, loadOp: "clear", storeOp: "store", clearValue: [0, 0, 0, 0] }],
      depthStencilAttachment: {
        view: slab.depthView,
        depthLoadOp: "clear",
        depthStoreOp: "discard",
        depthClearValue: 0,
      },
    });
    for (let n = 1; n < cuts.length; n++) {
      this.#bind(pass, state, scene, n, state.lookGroup);
      for (const [group, first, count] of groupsOf(cuts[n]!)) {
        pass.setPipeline(state.pipelines.get(scene, { kind: "gather", format, group, slab: mode }));
        pass.draw(count, 1, firsts[n]! + first);
      }
    }
    pass.end();
  }

  #bind(pass: GPURenderPassEncoder, state: PassState, scene: SliceScene, plane: number, own: GPUBindGroup): void {
    pass.setBindGroup(0, state.views!.group, [plane * VIEW_STRIDE]);
    pass.setBindGroup(1, scene.bricks.group());
    pass.setBindGroup(2, scene.labels.group());
    pass.setBindGroup(3, own);
    pass.setVertexBuffer(0, state.corners!.handle);
  }

  #writeLook(state: PassState, look: SliceLook): void {
    this.#look.set({
      background: [...look.background, 1],
      gain: look.gain,
      bias: look.bias,
      invert: look.invert ? 1 : 0,
      fill: look.labelFill,
      outline: look.labelOutline,
      highlight: look.activeSegment,
    });
    this.#context.device.queue.writeBuffer(state.look.handle, 0, this.#look.arrayBuffer);
  }

  #writeLut(state: PassState, colors: Uint8Array<ArrayBuffer>): void {
    if (state.colors === colors) return;
    state.colors = colors;
    const size = [LUT_SIZE, 1] as const;
    this.#context.device.queue.writeTexture({ texture: state.lut.handle }, colors, { bytesPerRow: LUT_SIZE * 4 }, size);
  }

  /** The uniforms of each plane, one stride apart; the buffer grows by doubling. */
  #writeViews(state: PassState, scene: SliceScene, planes: readonly SlicePlane[]): void {
    const { device } = this.#context;
    const size = planes.length * VIEW_STRIDE;
    if (!state.views || state.views.buffer.byteLength < size) {
      state.views?.buffer.dispose();
      const usage = GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST;
      const buffer = createBuffer(this.#context, "SlicePass.views", size === VIEW_STRIDE ? size : size * 2, usage);
      const resource = { buffer: buffer.handle, size: this.#view.arrayBuffer.byteLength };
      const group = device.createBindGroup({
        label: "SlicePass.viewGroup",
        layout: state.pipelines.viewLayout,
        entries: [{ binding: 0, resource }],
      });
      state.views = { buffer, group };
    }
    const { bricks } = scene.bricks;
    const level = bricks.levels[scene.level]!;
    for (const [n, plane] of planes.entries()) {
      this.#view.set({
        ...levelPlane(bricks.grid, level, plane),
        level: scene.level,
        sizePx: [plane.width, plane.height],
        depth: n / planes.length,
      });
      device.queue.writeBuffer(state.views.buffer.handle, n * VIEW_STRIDE, this.#view.arrayBuffer);
    }
  }

  /** The corners of all planes on the GPU, one after another; the first of each. The buffer grows by doubling. */
  #writeCorners(state: PassState, cuts: readonly BrickPolygons[]): number[] {
    const bytes = cuts.reduce((sum, { words }) => sum + words.byteLength, 0);
    if (!state.corners || state.corners.byteLength < bytes) {
      state.corners?.dispose();
      const usage = GPUBufferUsage.VERTEX | GPUBufferUsage.COPY_DST;
      state.corners = createBuffer(this.#context, "SlicePass.corners", Math.max(bytes * 2, 65536), usage);
    }
    let at = 0;
    return cuts.map(({ words }) => {
      this.#context.device.queue.writeBuffer(state.corners!.handle, at, words);
      const first = at / (CORNER_WORDS * 4);
      at += words.byteLength;
      return first;
    });
  }

  /** Where a slab of a picture's size is gathered, made anew when the size or the format changes. */
  #slabTarget(
    state: PassState,
    { width, height }: SlicePlane,
    format: GPUTextureFormat & ReturnType<typeof slabFormat>,
  ): SlabTarget {
    if (!state.slab?.fits(width, height, format)) {
      state.slab?.dispose();
      state.slab = new SlabTarget(this.#context, width, height, format);
      state.slabGroup = this.#ownGroup(
        state.pipelines.ownLayout,
        state.look,
        state.slab.view,
        state.lut.handle.createView(),
      );
    }
    return state.slab;
  }

  #ownGroup(
    layout: GPUBindGroupLayout,
    look: GpuResource<GPUBuffer>,
    slab: GPUTextureView,
    lut: GPUTextureView,
  ): GPUBindGroup {
    return this.#context.device.createBindGroup({
      label: "SlicePass.ownGroup",
      layout,
      entries: [
        { binding: 0, resource: { buffer: look.handle } },
        { binding: 1, resource: slab },
        { binding: 2, resource: lut },
      ],
    });
  }

  #create(): PassState {
    const context = this.#context;
    const usage = GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST;
    const look = createBuffer(context, "SlicePass.look", this.#look.arrayBuffer.byteLength, usage);
    const pipelines = new SlicePipelines(context);
    const lut = createTexture(context, {
      label: "SlicePass.lut",
      size: [LUT_SIZE, 1],
      format: "rgba8unorm",
      usage: GPUTextureUsage.TEXTURE_BINDING | GPUTextureUsage.COPY_DST,
    });
    // Stands in where there is no slab: a bind group has to have something.
    const none = createTexture(context, {
      label: "SlicePass.noSlab",
      size: [1, 1],
      format: "rg8unorm",
      usage: GPUTextureUsage.TEXTURE_BINDING,
    });
    return {
      look,
      none,
      lut,
      colors: undefined,
      lookGroup: this.#ownGroup(pipelines.ownLayout, look, none.handle.createView(), lut.handle.createView()),
      pipelines,
      views: undefined,
      corners: undefined,
      slab: undefined,
      slabGroup: undefined,
    };
  }

  #release(): void {
    const state = this.#state;
    for (const one of [state?.look, state?.lut, state?.none, state?.views?.buffer, state?.corners, state?.slab])
      one?.dispose();
    this.#state = undefined;
  }
}

/** The polygons of one plane; those of a slab have no labels. */
function cutPlane(
  { level, bricks: { bricks }, needed, labels, look }: SliceScene,
  plane: SlicePlane,
  labelled: boolean,
): BrickPolygons {
  return brickPolygons({
    grid: bricks.grid,
    level: bricks.levels[level]!,
    levels: bricks.levels,
    plane,
    bricks: needed,
    table: bricks.table,
    labels: labelled && look.showLabels ? labels.labels.table : undefined,
    proposals: labelled && look.showProposals ? labels.proposals.table : undefined,
    reach: REACH[look.interpolation],
  });
}

/** Groups that have corners, with the first and their number. */
function groupsOf({ groups }: BrickPolygons): [PolygonGroup, number, number][] {
  const all = Object.entries(groups) as [PolygonGroup, readonly [number, number]][];
  return all.flatMap(([name, [first, count]]) => (count === 0 ? [] : [[name, first, count]]));
}

/** The plane in index at the level, composed in double precision; in affine index at level 0 for an uneven stack. */
function levelPlane(
  grid: ImageGrid,
  level: PyramidLevel,
  plane: SlicePlane,
): Record<"indexOrigin" | "indexRight" | "indexDown" | "lastIndex", number[]> {
  const { origin, right, down } = planeToIndex(grid, plane);
  const factor = grid.regular ? level.factor : [1, 1, 1];
  return {
    indexOrigin: origin.map((value, axis) => (value + 0.5) / factor[axis]! - 0.5),
    indexRight: right.map((value, axis) => value / factor[axis]!),
    indexDown: down.map((value, axis) => value / factor[axis]!),
    lastIndex: grid.dims.map((n, axis) => n / level.factor[axis]! - 0.5),
  };
}

interface PassState {
  readonly pipelines: SlicePipelines;
  readonly look: GpuResource<GPUBuffer>;
  readonly lut: GpuResource<GPUTexture>;
  readonly none: GpuResource<GPUTexture>;
  /** What the table holds now. */
  colors: Uint8Array<ArrayBuffer> | undefined;
  readonly lookGroup: GPUBindGroup;
  views: { readonly buffer: GpuResource<GPUBuffer>; readonly group: GPUBindGroup } | undefined;
  corners: GpuResource<GPUBuffer> | undefined;
  slab: SlabTarget | undefined;
  slabGroup: GPUBindGroup | undefined;
}
