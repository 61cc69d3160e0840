import code from "#shaders/raycast/raycast.wgsl?raw";
import { type Disposable, DisposableStack } from "#base";
import { ofDevice } from "../device-objects.ts";
import type { GpuContext } from "../gpu-context.ts";
import { createBuffer, createTexture, type GpuResource } from "../gpu-resource.ts";
import { planeInRay, type RayPlane, raySpace } from "../ray-camera.ts";
import { brickFacts, brickFactsKey, lookUniform, storedMode } from "../raycast-look.ts";
import { uniformView } from "../struct-views.ts";
import { SurfaceLayers } from "../surface-layers.ts";
import { TRANSFER_SIZE } from "../transfer-function.ts";
import { RayPicture } from "./ray-picture.ts";
import { RayPipelines } from "./ray-pipelines.ts";
import type { RaycastScene } from "./raycast-scene.ts";
import type { PassTarget } from "./slice-scene.ts";

/** Texels that points are answered in, row by row: as many points as are asked at once, at most. */
export const SIGHT_SIZE = [256, 16] as [columns: number, rows: number];
const SIGHT_BYTES = SIGHT_SIZE[0] * SIGHT_SIZE[1] * 12;

/** Draws volumes. One for each volume view. */
export class RaycastPass implements Disposable {
  readonly #context: GpuContext;
  readonly #stack = new DisposableStack();
  readonly #view = uniformView(code, "rayView");
  readonly #look = uniformView(code, "rayLook");
  #state: PassState | undefined;
  #disposed = false;
  #infoKey = "";
  #transferKey: readonly unknown[] = [];

  constructor(context: GpuContext) {
    this.#context = context;
    this.#stack.add(context.lost.on(() => this.#release()));
  }

  /** Submits one picture, or some rows of one. A target that takes a part of the picture says its size. */
  draw(target: PassTarget & { readonly width?: number; readonly height?: number }, scene: RaycastScene): void {
    const { width = scene.width, height = scene.height } = target;
    const { from, to } = scene.rows ?? { from: 0, to: height };
    const { share } = scene;
    const computed = isColor(scene) ? this.#ready().picture : undefined;
    const encoder = this.#encoder();
    if (computed) this.#compute(encoder, scene, computed.holding(width, height), [width, from, to]);
    this.#render(encoder, target, from === 0 && share === undefined, (pass) => {
      pass.setScissorRect(0, from, width, to - from);
      if (share !== undefined) pass.setBlendConstant([share, share, share, share]);
      if (computed) computed.lay(pass, target.format, share !== undefined);
      else {
        this.#prepare(pass, scene, this.#ready().pipelines.fragment(target.format, scene));
        pass.draw(3);
      }
    });
    this.#context.device.queue.submit([encoder.finish()]);
  }

  /**
   * Submits for points what share of their light reaches the eye, 0 to 1, red of one texel each of a target of `SIGHT_SIZE`.
   * `points`: clip space, x, y and a depth of 0 to below 1 each. Surfaces of the scene are layers of the whole picture.
   */
  drawSight(target: PassTarget, scene: RaycastScene, points: Float32Array<ArrayBuffer>): void {
    const state = this.#ready();
    const usage = GPUBufferUsage.VERTEX | GPUBufferUsage.COPY_DST;
    const buffer = (state.points ??= createBuffer(this.#context, "RaycastPass.points", SIGHT_BYTES, usage)).handle;
    this.#context.device.queue.writeBuffer(buffer, 0, points);
    const still = unmoved(scene);
    const encoder = this.#encoder();
    this.#render(encoder, target, true, (pass) => {
      this.#prepare(pass, still, state.pipelines.sight(target.format, still));
      pass.setVertexBuffer(0, buffer);
      pass.draw(points.length / 3);
    });
    this.#context.device.queue.submit([encoder.finish()]);
  }

  /**
   * Begins to compile what a picture is drawn with, beside other work; resolves when it is there. Undefined where it is: then `draw`
   * holds nothing up.
   */
  compile(format: GPUTextureFormat, scene: RaycastScene): Promise<void> | undefined {
    const { pipelines } = this.#ready();
    return isColor(scene) ? pipelines.beginCompute(scene) : pipelines.beginFragment(format, scene);
  }

  /** The same for `drawSight` on a target of `format`. */
  compileSight(format: GPUTextureFormat, scene: RaycastScene): Promise<void> | undefined {
    return this.#ready().pipelines.beginSight(format, unmoved(scene));
  }

  /** Resolves when `draw` holds nothing up; false where the device was lost or the pass disposed meanwhile: nothing may be drawn then. */
  whenCompiled(format: GPUTextureFormat, scene: RaycastScene): Promise<boolean> {
    return this.#when(() => this.compile(format, scene));
  }

  /** The same for `drawSight`. */
  whenSightCompiled(format: GPUTextureFormat, scene: RaycastScene): Promise<boolean> {
    return this.#when(() => this.compileSight(format, scene));
  }

  /** What is to be compiled is asked for anew each time: bricks may have come. */
  async #when(compile: () => Promise<void> | undefined): Promise<boolean> {
    const { device } = this.#context;
    for (let compiling = compile(); compiling; compiling = compile()) {
      await compiling;
      if (this.#disposed || !this.#context.alive || this.#context.device !== device) return false;
    }
    return true;
  }

  #encoder(): GPUCommandEncoder {
    return this.#context.device.createCommandEncoder({ label: "RaycastPass.encoder" });
  }

  #render(
    encoder: GPUCommandEncoder,
    { view }: PassTarget,
    clear: boolean,
    draw: (pass: GPURenderPassEncoder) => void,
  ): void {
    const loadOp = clear ? "clear" : "load";
    const pass = encoder.beginRenderPass({
      label: "RaycastPass.pass",
      colorAttachments: [{ view, loadOp, storeOp: "store", clearValue: [0, 0, 0, 1] }],
    });
    draw(pass);
    pass.end();
  }

  /** Rows of a picture, a workgroup for each square of eight by eight pixels. */
  #compute(
    encoder: GPUCommandEncoder,
    scene: RaycastScene,
    picture: GPUTexture,
    part: readonly [columns: number, from: number, to: number],
  ): void {
    const state = this.#ready();
    const pass = encoder.beginComputePass({ label: "RaycastPass.compute" });
    this.#view.set({ part });
    this.#prepare(pass, scene, state.pipelines.compute(scene));
    const view = this.#context.device.createBindGroup({
      label: "RaycastPass.computeGroup",
      layout: state.pipelines.computeLayout,
      entries: [
        { binding: 0, resource: { buffer: state.view.handle } },
        { binding: 1, resource: picture.createView() },
      ],
    });
    pass.setBindGroup(0, view);
    const [columns, from, to] = part;
    pass.dispatchWorkgroups(Math.ceil(columns / SQUARE), Math.ceil((to - from) / SQUARE));
    pass.end();
  }

  /** Writes what a scene says and binds it. */
  #prepare<P extends GPURenderPipeline | GPUComputePipeline>(
    pass: GPUBindingCommandsMixin & { setPipeline(pipeline: P): void },
    scene: RaycastScene,
    pipeline: P,
  ): void {
    const { device } = this.#context;
    const state = this.#ready();
    this.#fillUniforms(scene);
    device.queue.writeBuffer(state.view.handle, 0, this.#view.arrayBuffer);
    device.queue.writeBuffer(state.look.handle, 0, this.#look.arrayBuffer);
    this.#writeTransfer(state, scene);
    pass.setPipeline(pipeline);
    const groups = [state.viewGroup, scene.bricks.group(), scene.labels.group(), this.#passGroup(state, scene)];
    groups.forEach((group, n) => pass.setBindGroup(n, group));
  }

  #ready(): PassState {
    return (this.#state ??= this.#create());
  }

  dispose(): void {
    this.#disposed = true;
    this.#release();
    this.#stack.dispose();
  }

  #fillUniforms(scene: RaycastScene): void {
    const { bricks } = scene.bricks;
    const level = bricks.levels[scene.level]!;
    const { planes } = scene;
    this.#view.set({
      ...raySpace(bricks.grid, level, scene.camera, scene.clip),
      planes: NO_PLANES.map((none, n) => (planes?.[n] ? planeInRay(bricks.grid, level, planes[n]) : none)),
      stepMm: scene.stepMm,
      sizePx: [scene.width, scene.height],
      originPx: scene.originPx ?? [0, 0],
      jitter: scene.turn === undefined ? 0 : 1,
      turn: scene.turn ?? 0,
    });
    this.#look.set(lookUniform(scene.look, scene.stepMm, bricks.format));
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
    this.#context.device.queue.writeTexture(
      { texture: state.transfer.handle, origin: [0, 1] },
      look.transfer.counts(),
      { bytesPerRow: TRANSFER_SIZE * 16 },
      [TRANSFER_SIZE, 1],
    );
  }

  /** The pass's group; per-brick facts are written anew when bricks, level or transfer function changed. */
  #passGroup(
    state: PassState,
    { bricks: { bricks }, level, look, surfaces, skipping = true }: RaycastScene,
  ): GPUBindGroup {
    const byteLength = bricks.levels[level]!.bricks.reduce((a, b) => a * b, 1) * 8;
    if (!state.info || state.info.byteLength < byteLength) {
      state.info?.dispose();
      state.info = createBuffer(
        this.#context,
        "RaycastPass.info",
        byteLength,
        GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST,
      );
      state.passGroup = undefined;
      this.#infoKey = "";
    }
    const key = skipping ? brickFactsKey(bricks, level, look) : "walk";
    if (key !== this.#infoKey) {
      this.#infoKey = key;
      const facts = skipping ? brickFacts(bricks, level, look) : walkAll(byteLength / 8, storedMode(look) === "minip");
      this.#context.device.queue.writeBuffer(state.info.handle, 0, facts);
    }
    const cells = bricks.cells.buffer();
    const layers = surfaces ?? state.noLayers;
    if (cells !== state.cells || layers !== state.layers) state.passGroup = undefined;
    state.cells = cells;
    state.layers = layers;
    state.passGroup ??= this.#context.device.createBindGroup({
      label: "RaycastPass.passGroup",
      layout: state.pipelines.passLayout,
      entries: [
        { binding: 0, resource: { buffer: state.look.handle } },
        { binding: 1, resource: state.transfer.handle.createView() },
        { binding: 2, resource: { buffer: state.info.handle } },
        { binding: 3, resource: { buffer: cells } },
        ...[layers.wall.color, layers.wall.depth, layers.front.color, layers.front.depth].map((view, n) => ({
          binding: 4 + n,
          resource: view,
        })),
        { binding: 8, resource: layers.restColor },
        { binding: 9, resource: layers.restShare },
      ],
    });
    return state.passGroup;
  }

  #create(): PassState {
    const context = this.#context;
    const { device } = context;
    const usage = GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST;
    const view = createBuffer(context, "RaycastPass.view", this.#view.arrayBuffer.byteLength, usage);
    const pipelines = ofDevice(context, RayPipelines);
    this.#infoKey = "";
    this.#transferKey = [];
    return {
      view,
      look: createBuffer(context, "RaycastPass.look", this.#look.arrayBuffer.byteLength, usage),
      transfer: createTexture(context, {
        label: "RaycastPass.transfer",
        size: [TRANSFER_SIZE, 2],
        format: "rgba32float",
        usage: GPUTextureUsage.TEXTURE_BINDING | GPUTextureUsage.COPY_DST,
      }),
      viewGroup: device.createBindGroup({
        label: "RaycastPass.viewGroup",
        layout: pipelines.viewLayout,
        entries: [{ binding: 0, resource: { buffer: view.handle } }],
      }),
      pipelines,
      picture: new RayPicture(context),
      noLayers: new SurfaceLayers(context, 1, 1, "color", false),
      layers: undefined,
      points: undefined,
      info: undefined,
      passGroup: undefined,
      cells: undefined,
    };
  }

  #release(): void {
    const state = this.#state;
    for (const item of [state?.view, state?.look, state?.transfer, state?.points, state?.info, state?.noLayers])
      item?.dispose();
    state?.picture.dispose();
    this.#state = undefined;
  }
}

/** Edge of a workgroup of raycast_compute, pixels. */
const SQUARE = 8;

/** Whether a scene is drawn in colours, which a compute pass does. */
function isColor({ output = "color" }: RaycastScene): boolean {
  return output === "color";
}

/** A scene whose samples lie where they lie, for one who asks for places. */
function unmoved(scene: RaycastScene): RaycastScene {
  return { ...scene, turn: undefined, share: undefined };
}

/** Planes that no ray meets. */
const NO_PLANES: readonly RayPlane[] = [
  [0, 0, 0, 1],
  [0, 0, 0, 1],
  [0, 0, 0, 1],
];

/** Facts that hold no brick back. */
function walkAll(bricks: number, smallest: boolean): Float32Array<ArrayBuffer> {
  const bound = smallest ? -3e38 : 3e38;
  return Float32Array.from({ length: bricks * 2 }, (_, n) => (n % 2 === 0 ? bound : 1));
}

interface PassState {
  readonly view: GpuResource<GPUBuffer>;
  readonly look: GpuResource<GPUBuffer>;
  readonly transfer: GpuResource<GPUTexture>;
  readonly viewGroup: GPUBindGroup;
  readonly pipelines: RayPipelines;
  readonly picture: RayPicture;
  /** Bound where no surface shows. */
  readonly noLayers: SurfaceLayers;
  layers: SurfaceLayers | undefined;
  points: GpuResource<GPUBuffer> | undefined;
  info: GpuResource<GPUBuffer> | undefined;
  passGroup: GPUBindGroup | undefined;
  cells: GPUBuffer | undefined;
}
