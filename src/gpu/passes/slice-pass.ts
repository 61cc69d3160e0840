import code from "#shaders/slice/slice.wgsl?raw";
import { type Disposable, DisposableStack } from "#base";
import type { ImageGrid, PyramidLevel } from "#volume";
import { uniformView } from "../struct-views.ts";
import { uniformLayout } from "../bind-layouts.ts";
import type { BrickBindings } from "../brick-bindings.ts";
import type { GpuContext } from "../gpu-context.ts";
import { createBuffer, createGuarded, type GpuResource } from "../gpu-resource.ts";
import type { LabelBindings } from "../label-bindings.ts";
import { brickPolygons, CORNER_WORDS, type PolygonGroup } from "../brick-polygons.ts";
import { type PlaneBrick, planeToIndex, type SlicePlane } from "../slice-plane.ts";

/** How a plane is painted. */
export interface SliceLook {
  /** grey = stored · gain + bias: 0 black, 1 white. */
  readonly gain: number;
  readonly bias: number;
  readonly invert: boolean;
  readonly interpolation: "linear" | "nearest";
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
  /** The bricks of the level that the plane crosses, from `planeBricks`. */
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

  /** Submits one picture; the target is `plane.width` × `plane.height` pixels. */
  draw(target: PassTarget, scene: SliceScene): void {
    const { device } = this.#context;
    const state = (this.#state ??= this.#create());
    const { bricks } = scene.bricks;
    const level = bricks.levels[scene.level]!;
    this.#view.set({
      ...levelPlane(bricks.grid, level, scene.plane),
      level: scene.level,
      sizePx: [scene.plane.width, scene.plane.height],
    });
    const { look } = scene;
    this.#look.set({
      background: [...look.background, 1],
      gain: look.gain,
      bias: look.bias,
      invert: look.invert ? 1 : 0,
      fill: look.labelFill,
      outline: look.labelOutline,
      highlight: look.activeSegment,
    });
    device.queue.writeBuffer(state.view.handle, 0, this.#view.arrayBuffer);
    device.queue.writeBuffer(state.look.handle, 0, this.#look.arrayBuffer);
    const polygons = brickPolygons({
      grid: bricks.grid,
      level,
      levels: bricks.levels,
      plane: scene.plane,
      bricks: scene.needed,
      table: bricks.table,
      labels: look.showLabels ? scene.labels.labels.table : undefined,
      proposals: look.showProposals ? scene.labels.proposals.table : undefined,
      linear: look.interpolation === "linear",
    });
    const corners = this.#corners(state, polygons.words);
    const groups = [state.viewGroup, scene.bricks.group(), scene.labels.group(), state.lookGroup];
    const encoder = device.createCommandEncoder({ label: "SlicePass.encoder" });
    const pass = encoder.beginRenderPass({
      label: "SlicePass.pass",
      colorAttachments: [{ view: target.view, loadOp: "clear", storeOp: "store", clearValue: [...look.background, 1] }],
    });
    groups.forEach((group, n) => pass.setBindGroup(n, group));
    pass.setVertexBuffer(0, corners);
    for (const [name, [first, count]] of Object.entries(polygons.groups) as [
      PolygonGroup,
      readonly [number, number],
    ][]) {
      if (count === 0) continue;
      pass.setPipeline(this.#pipeline(state, target.format, scene, name));
      pass.draw(count, 1, first);
    }
    pass.end();
    device.queue.submit([encoder.finish()]);
  }

  dispose(): void {
    this.#release();
    this.#stack.dispose();
  }

  /** The corners on the GPU; the buffer grows by doubling. */
  #corners(state: PassState, words: Uint32Array<ArrayBuffer>): GPUBuffer {
    if (!state.corners || state.corners.byteLength < words.byteLength) {
      state.corners?.dispose();
      const size = Math.max(words.byteLength * 2, 65536);
      state.corners = createBuffer(
        this.#context,
        "SlicePass.corners",
        size,
        GPUBufferUsage.VERTEX | GPUBufferUsage.COPY_DST,
      );
    }
    this.#context.device.queue.writeBuffer(state.corners.handle, 0, words);
    return state.corners.handle;
  }

  #pipeline(
    state: PassState,
    format: GPUTextureFormat,
    { bricks, labels, look }: SliceScene,
    group: PolygonGroup,
  ): GPURenderPipeline {
    const labelled = group === "withinLabelled" || group === "acrossLabelled";
    const constants = {
      ...bricks.constants,
      ...bricks.filterConstant(true),
      ...labels.constants,
      LINEAR: look.interpolation === "linear" ? 1 : 0,
      WITHIN: group === "within" || group === "withinLabelled" ? 1 : 0,
      LABELS: labelled ? (look.showLabels ? 1 : 0) + (look.showProposals ? 2 : 0) : 0,
    };
    const key = JSON.stringify([format, constants]);
    let pipeline = state.pipelines.get(key);
    if (!pipeline) {
      pipeline = createGuarded(this.#context, "SlicePass.pipeline", (device) =>
        device.createRenderPipeline({
          label: "SlicePass.pipeline",
          layout: device.createPipelineLayout({
            label: "SlicePass.pipelineLayout",
            bindGroupLayouts: [state.viewLayout, bricks.layout, labels.layout, state.lookLayout],
          }),
          vertex: { module: state.module, entryPoint: "slice_vertex", buffers: [CORNERS] },
          fragment: { module: state.module, entryPoint: "slice_fragment", targets: [{ format }], constants },
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
    const view = createBuffer(context, "SlicePass.view", this.#view.arrayBuffer.byteLength, usage);
    const look = createBuffer(context, "SlicePass.look", this.#look.arrayBuffer.byteLength, usage);
    const viewLayout = uniformLayout(device, "SlicePass.viewLayout");
    const lookLayout = uniformLayout(device, "SlicePass.lookLayout");
    const group = (label: string, layout: GPUBindGroupLayout, buffer: GPUBuffer): GPUBindGroup =>
      device.createBindGroup({ label, layout, entries: [{ binding: 0, resource: { buffer } }] });
    return {
      module: createGuarded(context, "SlicePass.module", () =>
        device.createShaderModule({ label: "SlicePass.module", code }),
      ),
      view,
      look,
      viewLayout,
      lookLayout,
      viewGroup: group("SlicePass.viewGroup", viewLayout, view.handle),
      lookGroup: group("SlicePass.lookGroup", lookLayout, look.handle),
      pipelines: new Map(),
      corners: undefined,
    };
  }

  #release(): void {
    this.#state?.view.dispose();
    this.#state?.look.dispose();
    this.#state?.corners?.dispose();
    this.#state = undefined;
  }
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
  readonly view: GpuResource<GPUBuffer>;
  readonly look: GpuResource<GPUBuffer>;
  readonly viewLayout: GPUBindGroupLayout;
  readonly lookLayout: GPUBindGroupLayout;
  readonly viewGroup: GPUBindGroup;
  readonly lookGroup: GPUBindGroup;
  readonly pipelines: Map<string, GPURenderPipeline>;
  corners: GpuResource<GPUBuffer> | undefined;
}
