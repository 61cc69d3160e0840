import code from "#shaders/slice/slice.wgsl?raw";
import { type Disposable, DisposableStack } from "#base";
import { uniformView } from "../struct-views.ts";
import { uniformLayout } from "../bind-layouts.ts";
import type { BrickBindings } from "../brick-bindings.ts";
import type { GpuContext } from "../gpu-context.ts";
import { createBuffer, createGuarded, type GpuResource } from "../gpu-resource.ts";
import type { LabelBindings } from "../label-bindings.ts";
import { planeToIndex, type SlicePlane } from "../slice-plane.ts";

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
  readonly bricks: BrickBindings;
  readonly labels: LabelBindings;
  readonly look: SliceLook;
}

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
    const index = planeToIndex(scene.bricks.bricks.grid, scene.plane);
    this.#view.set({ indexOrigin: index.origin, level: scene.level, indexRight: index.right, indexDown: index.down });
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
    const groups = [state.viewGroup, scene.bricks.group(), scene.labels.group(), state.lookGroup];
    const pipeline = this.#pipeline(state, target.format, scene);
    const encoder = device.createCommandEncoder({ label: "SlicePass.encoder" });
    const pass = encoder.beginRenderPass({
      label: "SlicePass.pass",
      colorAttachments: [{ view: target.view, loadOp: "clear", storeOp: "store", clearValue: [0, 0, 0, 1] }],
    });
    pass.setPipeline(pipeline);
    groups.forEach((group, n) => pass.setBindGroup(n, group));
    pass.draw(3);
    pass.end();
    device.queue.submit([encoder.finish()]);
  }

  dispose(): void {
    this.#release();
    this.#stack.dispose();
  }

  #pipeline(state: PassState, format: GPUTextureFormat, { bricks, labels, look }: SliceScene): GPURenderPipeline {
    const constants = {
      ...bricks.constants,
      ...bricks.filterConstant(true),
      ...labels.constants,
      LINEAR: look.interpolation === "linear" ? 1 : 0,
      LABELS: (look.showLabels ? 1 : 0) + (look.showProposals ? 2 : 0),
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
          vertex: { module: state.module, entryPoint: "slice_vertex" },
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
      module: createGuarded(context, "SlicePass.module", () => device.createShaderModule({ label: "SlicePass.module", code })),
      view,
      look,
      viewLayout,
      lookLayout,
      viewGroup: group("SlicePass.viewGroup", viewLayout, view.handle),
      lookGroup: group("SlicePass.lookGroup", lookLayout, look.handle),
      pipelines: new Map(),
    };
  }

  #release(): void {
    this.#state?.view.dispose();
    this.#state?.look.dispose();
    this.#state = undefined;
  }
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
}
