import code from "#shaders/raycast/raycast.wgsl?raw";
import { type Disposable, DisposableStack } from "#base";
import { uniformLayout } from "../bind-layouts.ts";
import type { BrickBindings } from "../brick-bindings.ts";
import type { GpuContext } from "../gpu-context.ts";
import { createBuffer, createGuarded, createTexture, type GpuResource } from "../gpu-resource.ts";
import type { LabelBindings } from "../label-bindings.ts";
import { type RayCamera, raySpace } from "../ray-camera.ts";
import { uniformView } from "../struct-views.ts";
import { TRANSFER_SIZE, type TransferTable } from "../transfer-function.ts";
import type { PassTarget } from "./slice-pass.ts";

/** How the volume is painted. */
export interface RaycastLook {
  readonly mode: "shaded" | "mip";
  readonly transfer: TransferTable;
  /** Shown value = slope · stored + intercept. */
  readonly rescale: { readonly slope: number; readonly intercept: number };
  /** Window of the maximum intensity, shown values. */
  readonly window: { readonly center: number; readonly width: number };
  readonly invert: boolean;
  readonly ambient: number;
  readonly diffuse: number;
  readonly specular: number;
  /** Distance, mm, that the transfer function's opacities are for. */
  readonly unitMm: number;
  readonly background: readonly [number, number, number];
  readonly showLabels: boolean;
  readonly showProposals: boolean;
  /** Opacity of labels per unit distance, 0 to 1. */
  readonly labelOpacity: number;
  readonly activeSegment: number;
}

export interface RaycastScene {
  readonly camera: RayCamera;
  readonly width: number;
  readonly height: number;
  readonly level: number;
  /** Distance of samples along a ray, mm. */
  readonly stepMm: number;
  readonly bricks: BrickBindings;
  readonly labels: LabelBindings;
  readonly look: RaycastLook;
  /** Rows to draw, for pictures made in strips; the whole picture by default. */
  readonly rows?: { readonly from: number; readonly to: number };
}

/** Draws volumes. One for each volume view. */
export class RaycastPass implements Disposable {
  readonly #context: GpuContext;
  readonly #stack = new DisposableStack();
  readonly #view = uniformView(code, "rayView");
  readonly #look = uniformView(code, "rayLook");
  #state: PassState | undefined;
  #infoKey = "";
  #transferKey: readonly unknown[] = [];

  constructor(context: GpuContext) {
    this.#context = context;
    this.#stack.add(context.lost.on(() => this.#release()));
  }

  /** Submits one picture, or some rows of one. */
  draw(target: PassTarget, scene: RaycastScene): void {
    const { device } = this.#context;
    const state = (this.#state ??= this.#create());
    this.#fillUniforms(scene);
    device.queue.writeBuffer(state.view.handle, 0, this.#view.arrayBuffer);
    device.queue.writeBuffer(state.look.handle, 0, this.#look.arrayBuffer);
    this.#writeTransfer(state, scene);
    const passGroup = this.#passGroup(state, scene);
    const groups = [state.viewGroup, scene.bricks.group(), scene.labels.group(), passGroup];
    const pipeline = this.#pipeline(state, target.format, scene);
    const { from, to } = scene.rows ?? { from: 0, to: scene.height };
    const encoder = device.createCommandEncoder({ label: "RaycastPass.encoder" });
    const pass = encoder.beginRenderPass({
      label: "RaycastPass.pass",
      colorAttachments: [
        { view: target.view, loadOp: from === 0 ? "clear" : "load", storeOp: "store", clearValue: [0, 0, 0, 1] },
      ],
    });
    pass.setScissorRect(0, from, scene.width, to - from);
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

  #fillUniforms(scene: RaycastScene): void {
    const { bricks } = scene.bricks;
    const { look, stepMm } = scene;
    const { slope, intercept } = look.rescale;
    const space = raySpace(bricks.grid, bricks.levels[scene.level]!, scene.camera);
    this.#view.set({
      clipToRay: space.clipToRay,
      rayToLps: space.rayToLps,
      gradientToLps: space.gradientToLps,
      boxMin: space.boxMin,
      boxMax: space.boxMax,
      stepMm,
      sizePx: [scene.width, scene.height],
    });
    const { low, high } = look.transfer;
    const windowLow = look.window.center - look.window.width / 2;
    this.#look.set({
      background: [...look.background, 1],
      transferGain: slope / (high - low),
      transferBias: (intercept - low) / (high - low),
      windowGain: slope / look.window.width,
      windowBias: (intercept - windowLow) / look.window.width,
      ambient: look.ambient,
      diffuse: look.diffuse,
      specular: look.specular,
      gradientGain: (Math.abs(slope) * 30) / (high - low),
      invert: look.invert ? 1 : 0,
      labelAlpha: 1 - (1 - Math.min(look.labelOpacity, 0.9999)) ** (stepMm / look.unitMm),
      highlight: look.activeSegment,
    });
  }

  #writeTransfer(state: PassState, { look, stepMm }: RaycastScene): void {
    const key = [look.transfer, stepMm / look.unitMm];
    if (key.every((part, n) => part === this.#transferKey[n])) return;
    this.#transferKey = key;
    this.#context.device.queue.writeTexture(
      { texture: state.transfer.handle },
      look.transfer.texels(stepMm / look.unitMm),
      { bytesPerRow: TRANSFER_SIZE * 16 },
      [TRANSFER_SIZE, 1],
    );
  }

  /** The pass's group; per-brick facts are written anew when bricks, level or transfer function changed. */
  #passGroup(state: PassState, { bricks: { bricks }, level, look }: RaycastScene): GPUBindGroup {
    const { transfer, rescale } = look;
    const count = bricks.levels[level]!.bricks.reduce((a, b) => a * b, 1);
    if (!state.info || state.info.byteLength < count * 8) {
      state.info?.dispose();
      state.info = createBuffer(
        this.#context,
        "RaycastPass.info",
        count * 8,
        GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST,
      );
      state.passGroup = undefined;
      this.#infoKey = "";
    }
    const key = `${bricks.version}/${level}/${rescale.slope}/${rescale.intercept}/${tableId(transfer)}`;
    if (key !== this.#infoKey) {
      this.#infoKey = key;
      const info = new Float32Array(count * 2);
      const { ranges, offsets } = bricks.table;
      const offset = offsets[level]!;
      for (let n = 0; n < count; n++) {
        const min = ranges[(offset + n) * 2]!;
        const max = ranges[(offset + n) * 2 + 1]!;
        info[n * 2] = Number.isNaN(max) ? -3e38 : max;
        const shown = (value: number): number => rescale.slope * value + rescale.intercept;
        info[n * 2 + 1] = !Number.isNaN(max) && transfer.shows(shown(min), shown(max)) ? 1 : 0;
      }
      this.#context.device.queue.writeBuffer(state.info.handle, 0, info);
    }
    state.passGroup ??= this.#context.device.createBindGroup({
      label: "RaycastPass.passGroup",
      layout: state.passLayout,
      entries: [
        { binding: 0, resource: { buffer: state.look.handle } },
        { binding: 1, resource: state.transfer.handle.createView() },
        { binding: 2, resource: { buffer: state.info.handle } },
      ],
    });
    return state.passGroup;
  }

  #pipeline(
    state: PassState,
    format: GPUTextureFormat,
    { bricks, labels, look, level }: RaycastScene,
  ): GPURenderPipeline {
    const constants = {
      ...bricks.constants,
      ...bricks.filterConstant(false),
      ...labels.constants,
      LEVEL: level,
      RESIDENT: bricks.bricks.table.complete(level) ? 1 : 0,
      MODE: look.mode === "mip" ? 1 : 0,
      // A volume without labels is drawn by a shader without them.
      LABELS:
        (look.showLabels && !labels.labels.empty ? 1 : 0) + (look.showProposals && !labels.proposals.empty ? 2 : 0),
    };
    const key = JSON.stringify([format, constants]);
    let pipeline = state.pipelines.get(key);
    if (!pipeline) {
      pipeline = createGuarded(this.#context, "RaycastPass.pipeline", (device) =>
        device.createRenderPipeline({
          label: "RaycastPass.pipeline",
          layout: device.createPipelineLayout({
            label: "RaycastPass.pipelineLayout",
            bindGroupLayouts: [state.viewLayout, bricks.layout, labels.layout, state.passLayout],
          }),
          vertex: { module: state.module, entryPoint: "raycast_vertex" },
          fragment: { module: state.module, entryPoint: "raycast_fragment", targets: [{ format }], constants },
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
    const view = createBuffer(context, "RaycastPass.view", this.#view.arrayBuffer.byteLength, usage);
    const viewLayout = uniformLayout(device, "RaycastPass.viewLayout");
    this.#infoKey = "";
    this.#transferKey = [];
    return {
      module: createGuarded(context, "RaycastPass.module", () =>
        device.createShaderModule({ label: "RaycastPass.module", code }),
      ),
      view,
      look: createBuffer(context, "RaycastPass.look", this.#look.arrayBuffer.byteLength, usage),
      transfer: createTexture(context, {
        label: "RaycastPass.transfer",
        size: [TRANSFER_SIZE, 1],
        format: "rgba32float",
        usage: GPUTextureUsage.TEXTURE_BINDING | GPUTextureUsage.COPY_DST,
      }),
      viewLayout,
      passLayout: uniformLayout(device, "RaycastPass.passLayout", [
        { binding: 1, visibility: GPUShaderStage.FRAGMENT, texture: { sampleType: "unfilterable-float" } },
        { binding: 2, visibility: GPUShaderStage.FRAGMENT, buffer: { type: "read-only-storage" } },
      ]),
      viewGroup: device.createBindGroup({
        label: "RaycastPass.viewGroup",
        layout: viewLayout,
        entries: [{ binding: 0, resource: { buffer: view.handle } }],
      }),
      pipelines: new Map(),
      info: undefined,
      passGroup: undefined,
    };
  }

  #release(): void {
    const state = this.#state;
    for (const item of [state?.view, state?.look, state?.transfer, state?.info]) item?.dispose();
    this.#state = undefined;
  }
}

const tableIds = new WeakMap<TransferTable, number>();
let nextTableId = 1;

function tableId(table: TransferTable): number {
  const known = tableIds.get(table);
  if (known !== undefined) return known;
  tableIds.set(table, nextTableId);
  return nextTableId++;
}

interface PassState {
  readonly module: GPUShaderModule;
  readonly view: GpuResource<GPUBuffer>;
  readonly look: GpuResource<GPUBuffer>;
  readonly transfer: GpuResource<GPUTexture>;
  readonly viewLayout: GPUBindGroupLayout;
  readonly passLayout: GPUBindGroupLayout;
  readonly viewGroup: GPUBindGroup;
  readonly pipelines: Map<string, GPURenderPipeline>;
  info: GpuResource<GPUBuffer> | undefined;
  passGroup: GPUBindGroup | undefined;
}
