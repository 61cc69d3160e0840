import code from "#shaders/slice/slice.wgsl?raw";
import { type Disposable, DisposableStack } from "#base";
import type { ImageGrid, PyramidLevel } from "#volume";
import { uniformView } from "../struct-views.ts";
import { uniformLayout } from "../bind-layouts.ts";
import type { BrickBindings } from "../brick-bindings.ts";
import type { GpuContext } from "../gpu-context.ts";
import { createBuffer, createGuarded, createTexture, type GpuResource } from "../gpu-resource.ts";
import type { LabelBindings } from "../label-bindings.ts";
import { type BrickPolygons, brickPolygons, CORNER_WORDS, type PolygonGroup } from "../brick-polygons.ts";
import type { Slab, SlabMode } from "../slab.ts";
import { type PlaneBrick, planeToIndex, type SlicePlane } from "../slice-plane.ts";
import { cannotMean, SLAB_DEPTH, slabBlend, slabFormat, SlabTarget } from "./slab-target.ts";

/**
 * How values between voxels come about: of the nearest voxel, of the 8 around by their distance, or of the 64 around by Keys' kernel
 * with a = −½ (Cubic convolution interpolation for digital image processing, 1981), which keeps voxel values and quadratics.
 */
export type Interpolation = "nearest" | "linear" | "cubic";

/** How a plane is painted. */
export interface SliceLook {
  /** grey = stored · gain + bias: 0 black, 1 white. */
  readonly gain: number;
  readonly bias: number;
  readonly invert: boolean;
  /** 256 colours (rgba) from black to white; greys when absent. Told apart by the array. */
  readonly lut?: Uint8Array<ArrayBuffer>;
  readonly interpolation: Interpolation;
  /** Outside the volume; red, green, blue from 0 to 1. */
  readonly background: readonly [number, number, number];
  readonly showLabels: boolean;
  readonly showProposals: boolean;
  /** Opacity of label areas, 0 to 1. */
  readonly labelFill: number;
  /** Width of label outlines in device pixels; 0 for none. */
  readonly labelOutline: number;
  /** Segment to highlight; 0 for none. */
  readonly activeSegment: number;
}

/** Where a picture goes. */
export interface PassTarget {
  readonly view: GPUTextureView;
  readonly format: GPUTextureFormat;
}

export interface SliceScene {
  readonly plane: SlicePlane;
  /** Level to sample; what is missing falls back to coarser ones. */
  readonly level: number;
  /** A thick slice, shown without labels but those of `plane`; its planes lie along the normal of `plane`. */
  readonly slab?: Slab;
  /** The bricks of the level that the plane crosses, from `planeBricks`; of a slab from `slabBricks`. */
  readonly needed: readonly PlaneBrick[];
  readonly bricks: BrickBindings;
  readonly labels: LabelBindings;
  readonly look: SliceLook;
}

const CORNERS: GPUVertexBufferLayout = {
  arrayStride: CORNER_WORDS * 4,
  attributes: [
    { shaderLocation: 0, offset: 0, format: "float32x2" },
    { shaderLocation: 1, offset: 8, format: "float32x3" },
    { shaderLocation: 2, offset: 20, format: "float32x3" },
    { shaderLocation: 3, offset: 32, format: "uint32x3" },
  ],
};

/** Bytes from one plane's uniforms to the next: WebGPU's default alignment of dynamic offsets. */
const VIEW_STRIDE = 256;

/** Voxels to either side that enter a value. */
const REACH = { nearest: 0, linear: 1, cubic: 2 } as const;

/** Colours of a table. */
const LUT_SIZE = 256;

const GREYS = Uint8Array.from({ length: LUT_SIZE * 4 }, (_, n) => (n % 4 === 3 ? 255 : n >> 2));

const SLAB_NUMBER: Readonly<Record<SlabMode, number>> = { mip: 1, minip: 2, mean: 3 };

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
      pass.setPipeline(this.#pipeline(state, scene, { kind: "whole", format, slab: slab.mode }));
      pass.draw(3);
    }
    for (const [group, first, count] of groupsOf(cuts[0]!)) {
      // What a slab shows without labels is there already.
      if (slab && !group.endsWith("Labelled")) continue;
      pass.setPipeline(this.#pipeline(state, scene, { kind: "show", format, group, slab: slab?.mode }));
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
        pass.setPipeline(this.#pipeline(state, scene, { kind: "gather", format, group, slab: mode }));
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
        layout: state.viewLayout,
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
      state.slabGroup = this.#ownGroup(state.lookLayout, state.look, state.slab.view, state.lut.handle.createView());
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

  #pipeline(state: PassState, { bricks, labels, look }: SliceScene, picture: Picture): GPURenderPipeline {
    const { kind, format, slab } = picture;
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
    const key = JSON.stringify([kind, format, constants]);
    let pipeline = state.pipelines.get(key);
    if (!pipeline) {
      const { module } = state;
      const entryPoint = { show: "slice_fragment", gather: "slice_gather", whole: "slice_wholeFragment" }[kind];
      const blend = slab && kind === "gather" ? { color: slabBlend(slab), alpha: slabBlend(slab) } : undefined;
      // A constant that an entry point has no use for is refused.
      const own = kind === "whole" ? { SLAB: constants.SLAB } : constants;
      pipeline = createGuarded(this.#context, "SlicePass.pipeline", (device) =>
        device.createRenderPipeline({
          label: "SlicePass.pipeline",
          layout: device.createPipelineLayout({
            label: "SlicePass.pipelineLayout",
            bindGroupLayouts: [state.viewLayout, bricks.layout, labels.layout, state.lookLayout],
          }),
          vertex:
            kind === "whole"
              ? { module, entryPoint: "slice_wholeVertex" }
              : { module, entryPoint: "slice_vertex", buffers: [CORNERS] },
          fragment: { module, entryPoint, targets: [{ format, ...(blend ? { blend } : {}) }], constants: own },
          ...(kind === "gather" ? { depthStencil: SLAB_DEPTH } : {}),
        }),
      );
      state.pipelines.set(key, pipeline);
    }
    return pipeline;
  }

  #create(): PassState {
    const context = this.#context;
    const { device } = context;
    const usage = GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST;
    const look = createBuffer(context, "SlicePass.look", this.#look.arrayBuffer.byteLength, usage);
    const texture = { sampleType: "unfilterable-float" } as const;
    const textures = [1, 2].map((binding) => ({ binding, visibility: GPUShaderStage.FRAGMENT, texture }));
    const lookLayout = uniformLayout(device, "SlicePass.lookLayout", textures);
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
      module: createGuarded(context, "SlicePass.module", () =>
        device.createShaderModule({ label: "SlicePass.module", code }),
      ),
      look,
      none,
      viewLayout: uniformLayout(device, "SlicePass.viewLayout", [], true),
      lookLayout,
      lut,
      colors: undefined,
      lookGroup: this.#ownGroup(lookLayout, look, none.handle.createView(), lut.handle.createView()),
      pipelines: new Map(),
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

/** What is drawn: polygons of the picture, polygons of a plane of a slab, or all that a slab shows. */
type Picture =
  | {
      readonly kind: "show" | "gather";
      readonly format: GPUTextureFormat;
      readonly group: PolygonGroup;
      readonly slab: SlabMode | undefined;
    }
  | { readonly kind: "whole"; readonly format: GPUTextureFormat; readonly slab: SlabMode };

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
  readonly module: GPUShaderModule;
  readonly look: GpuResource<GPUBuffer>;
  readonly lut: GpuResource<GPUTexture>;
  readonly none: GpuResource<GPUTexture>;
  /** What the table holds now. */
  colors: Uint8Array<ArrayBuffer> | undefined;
  readonly viewLayout: GPUBindGroupLayout;
  readonly lookLayout: GPUBindGroupLayout;
  readonly lookGroup: GPUBindGroup;
  readonly pipelines: Map<string, GPURenderPipeline>;
  views: { readonly buffer: GpuResource<GPUBuffer>; readonly group: GPUBindGroup } | undefined;
  corners: GpuResource<GPUBuffer> | undefined;
  slab: SlabTarget | undefined;
  slabGroup: GPUBindGroup | undefined;
}
