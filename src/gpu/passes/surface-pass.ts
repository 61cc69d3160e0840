import code from "#shaders/surface/surface.wgsl?raw";
import { cross, type Disposable, DisposableStack, dot } from "#base";
import { type ImageGrid, pyramidLevels } from "#volume";
import type { GpuContext } from "../gpu-context.ts";
import { createBuffer, createGuarded, type GpuResource } from "../gpu-resource.ts";
import type { LabelBindings } from "../label-bindings.ts";
import { invertMatrix4, type Matrix4, type RayCamera, raySpace, type RaySpace } from "../ray-camera.ts";
import { uniformView } from "../struct-views.ts";
import { REST_FORMAT, SURFACE_DEPTH, surfaceFormat, SurfaceLayers, type SurfaceOutput } from "../surface-layers.ts";
import type { SurfaceBuffers, SurfaceMeshes } from "../surface-meshes.ts";
import type { VolumeClip } from "../volume-clip.ts";

export interface SurfaceScene {
  readonly camera: RayCamera;
  /** Size of the whole picture, pixels. */
  readonly width: number;
  readonly height: number;
  /** Pixel of the picture at the target's first. */
  readonly originPx: readonly [number, number];
  readonly grid: ImageGrid;
  readonly meshes: SurfaceMeshes;
  /** Whose colours and opacities are those of the surfaces. */
  readonly labels: LabelBindings;
  readonly clip: VolumeClip;
  readonly ambient: number;
  readonly diffuse: number;
  readonly specular: number;
  readonly activeSegment: number;
}

/** Opacities from which a surface counts as opaque and below which it is not there, as the shader has them. */
const OPAQUE = 0.998;
const LEAST = 0.005;

/** Steps of depth by which an inner side lies before the outer side of the segment that shares its place. */
const INNER_BIAS = -16;

/** Draws surfaces into layers for the ray pass. One for each volume view. */
export class SurfacePass implements Disposable {
  readonly #context: GpuContext;
  readonly #stack = new DisposableStack();
  readonly #view = uniformView(code, "surfaceView");
  #state: PassState | undefined;
  #layers: SurfaceLayers | undefined;

  constructor(context: GpuContext) {
    this.#context = context;
    this.#stack.add(context.lost.on(() => this.#release()));
  }

  /** Submits the surfaces of a target of `width` × `height`; the layers hold until the next call. Undefined where nothing shows. */
  draw(
    target: { readonly width: number; readonly height: number },
    scene: SurfaceScene,
    output: SurfaceOutput = "color",
  ): SurfaceLayers | undefined {
    const { words } = scene.labels.colors;
    const opacity = (label: number): number => (words[label]! >>> 24) / 255;
    const bricks = [...scene.meshes.bricks()];
    const withLabel = (has: (opacity: number) => boolean): (readonly [number, SurfaceBuffers])[] =>
      bricks.filter(([, { labels }]) => labels.some((label) => has(opacity(label))));
    const opaque = withLabel((share) => share >= OPAQUE);
    const translucent = withLabel((share) => share < OPAQUE && share > LEAST);
    if (opaque.length === 0 && translucent.length === 0) return undefined;
    const { device } = this.#context;
    const state = (this.#state ??= this.#create());
    const layers = this.#fit(target, output, translucent.length > 0);
    const space = raySpace(scene.grid, pyramidLevels(scene.grid.dims)[0]!, scene.camera, scene.clip);
    this.#fillUniforms(state, target, scene, space);
    const encoder = device.createCommandEncoder({ label: "SurfacePass.encoder" });
    const front = handedness(scene.grid) > 0 ? "ccw" : "cw";
    const colors = scene.labels.colorBuffer();
    const group = (...depths: GPUTextureView[]): GPUBindGroup => this.#group(state, colors, depths);
    const begin = (
      color: readonly GPUTextureView[],
      depth?: GPUTextureView,
      clears = [0, 0, 0, 0],
    ): GPURenderPassEncoder =>
      encoder.beginRenderPass({
        label: "SurfacePass.pass",
        colorAttachments: color.map((view, n) => ({
          view,
          loadOp: "clear",
          storeOp: "store",
          clearValue: n === 0 ? clears : [1, 0, 0, 1],
        })),
        ...(depth
          ? { depthStencilAttachment: { view: depth, depthLoadOp: "clear", depthStoreOp: "store", depthClearValue: 1 } }
          : {}),
      });
    const wall = begin([layers.wall.color], layers.wall.depth);
    this.#drawBricks(wall, opaque, this.#pipeline(state, { layer: 0, output, front, inner: false }), group());
    if (scene.clip.box || scene.clip.plane || eyeWithin(space)) {
      this.#drawBricks(wall, opaque, this.#pipeline(state, { layer: 0, output, front, inner: true }), group());
    }
    wall.end();
    if (layers.translucent) {
      const nearest = begin([layers.front.color], layers.front.depth);
      const pipeline = this.#pipeline(state, { layer: 1, output, front, inner: false });
      this.#drawBricks(nearest, translucent, pipeline, group(layers.wall.depth));
      nearest.end();
      if (output === "color") {
        const rest = begin([layers.restColor, layers.restShare]);
        const all = this.#pipeline(state, { layer: 2, output, front, inner: false });
        this.#drawBricks(rest, translucent, all, group(layers.wall.depth, layers.front.depth));
        rest.end();
      }
    }
    device.queue.submit([encoder.finish()]);
    return layers;
  }

  dispose(): void {
    this.#release();
    this.#stack.dispose();
  }

  #drawBricks(
    pass: GPURenderPassEncoder,
    bricks: readonly (readonly [number, SurfaceBuffers])[],
    pipeline: GPURenderPipeline,
    group: GPUBindGroup,
  ): void {
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, group);
    for (const [brick, { vertices, triangles, count }] of bricks) {
      pass.setVertexBuffer(0, vertices.handle);
      pass.setIndexBuffer(triangles.handle, "uint32");
      pass.drawIndexed(count, 1, 0, 0, brick);
    }
  }

  #fit(
    { width, height }: { readonly width: number; readonly height: number },
    output: SurfaceOutput,
    translucent: boolean,
  ): SurfaceLayers {
    if (!this.#layers?.fits(width, height, output, translucent)) {
      this.#layers?.dispose();
      this.#layers = new SurfaceLayers(this.#context, width, height, output, translucent);
    }
    return this.#layers;
  }

  #fillUniforms(
    state: PassState,
    { width, height }: { readonly width: number; readonly height: number },
    scene: SurfaceScene,
    space: RaySpace,
  ): void {
    const { grid, originPx, ambient, diffuse, specular } = scene;
    const { queue } = this.#context.device;
    const { bricks, factor } = pyramidLevels(grid.dims)[scene.meshes.level]!;
    const offsets = grid.sliceOffsetsMm;
    const gap = offsets ? grid.spacingMm[2] / Math.hypot(...grid.axis(2)) : 1;
    this.#view.set({
      rayToClip: ontoTarget(
        invertMatrix4(space.clipToRay),
        [scene.width / width, scene.height / height],
        [originPx[0] / width, originPx[1] / height],
      ),
      clipToRay: space.clipToRay,
      rayToLps: space.rayToLps,
      normalToLps: space.gradientToLps,
      boxMin: space.boxMin,
      boxMax: space.boxMax,
      clipPlane: space.clipPlane,
      bricks: [bricks[0], bricks[1]],
      sizePx: [scene.width, scene.height],
      originPx,
      sliceCount: offsets?.length ?? 0,
      gapMm: gap,
      factor,
      sizeVoxels: grid.dims,
      ambient,
      diffuse,
      specular,
      highlight: scene.activeSegment,
    });
    queue.writeBuffer(state.view.handle, 0, this.#view.arrayBuffer);
    const slices = Float32Array.from(offsets ?? [0]);
    if (!state.slices || state.slices.byteLength < slices.byteLength) {
      state.slices?.dispose();
      state.slices = createBuffer(
        this.#context,
        "SurfacePass.slices",
        slices.byteLength,
        GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_DST,
      );
    }
    queue.writeBuffer(state.slices.handle, 0, slices);
  }

  #group(state: PassState, colors: GPUBuffer, depths: readonly GPUTextureView[]): GPUBindGroup {
    return this.#context.device.createBindGroup({
      label: "SurfacePass.group",
      layout: state.layouts[depths.length]!,
      entries: [
        { binding: 0, resource: { buffer: state.view.handle } },
        { binding: 1, resource: { buffer: colors } },
        { binding: 2, resource: { buffer: state.slices!.handle } },
        ...depths.map((view, n) => ({ binding: 3 + n, resource: view })),
      ],
    });
  }

  #pipeline(state: PassState, way: Way): GPURenderPipeline {
    const key = JSON.stringify(way);
    let pipeline = state.pipelines.get(key);
    if (!pipeline) {
      pipeline = createGuarded(this.#context, "SurfacePass.pipeline", (device) =>
        device.createRenderPipeline(pipelineOf(device, state, way)),
      );
      state.pipelines.set(key, pipeline);
    }
    return pipeline;
  }

  #create(): PassState {
    const context = this.#context;
    const { device } = context;
    return {
      module: createGuarded(context, "SurfacePass.module", () =>
        device.createShaderModule({ label: "SurfacePass.module", code }),
      ),
      view: createBuffer(
        context,
        "SurfacePass.view",
        this.#view.arrayBuffer.byteLength,
        GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST,
      ),
      layouts: [0, 1, 2].map((depths) => groupLayout(device, depths)),
      pipelines: new Map(),
      slices: undefined,
    };
  }

  #release(): void {
    const state = this.#state;
    for (const item of [state?.view, state?.slices, this.#layers]) item?.dispose();
    this.#state = undefined;
    this.#layers = undefined;
  }
}

interface PassState {
  readonly module: GPUShaderModule;
  readonly view: GpuResource<GPUBuffer>;
  /** By the number of depths that a layer is held against. */
  readonly layouts: readonly GPUBindGroupLayout[];
  readonly pipelines: Map<string, GPURenderPipeline>;
  slices: GpuResource<GPUBuffer> | undefined;
}

interface Way {
  readonly layer: 0 | 1 | 2;
  readonly output: SurfaceOutput;
  /** How triangles turn on screen seen from outside. */
  readonly front: GPUFrontFace;
  /** Inner sides of opaque surfaces. */
  readonly inner: boolean;
}

function groupLayout(device: GPUDevice, depths: number): GPUBindGroupLayout {
  const both = GPUShaderStage.VERTEX | GPUShaderStage.FRAGMENT;
  return device.createBindGroupLayout({
    label: "SurfacePass.layout",
    entries: [
      { binding: 0, visibility: both, buffer: { type: "uniform" } },
      { binding: 1, visibility: GPUShaderStage.VERTEX, buffer: { type: "read-only-storage" } },
      { binding: 2, visibility: GPUShaderStage.VERTEX, buffer: { type: "read-only-storage" } },
      ...Array.from({ length: depths }, (_, n) => ({
        binding: 3 + n,
        visibility: GPUShaderStage.FRAGMENT,
        texture: { sampleType: "depth" } as const,
      })),
    ],
  });
}

function pipelineOf(
  device: GPUDevice,
  { module, layouts }: PassState,
  { layer, output, front, inner }: Way,
): GPURenderPipelineDescriptor {
  const summed: GPUBlendComponent = { operation: "add", srcFactor: "one", dstFactor: "one" };
  const rest: GPUColorTargetState[] = [
    { format: REST_FORMAT, blend: { color: summed, alpha: summed } },
    {
      format: REST_FORMAT,
      blend: {
        color: { operation: "min", srcFactor: "one", dstFactor: "one" },
        alpha: { operation: "add", srcFactor: "zero", dstFactor: "one-minus-src-alpha" },
      },
    },
  ];
  return {
    label: "SurfacePass.pipeline",
    layout: device.createPipelineLayout({ label: "SurfacePass.pipelineLayout", bindGroupLayouts: [layouts[layer]!] }),
    vertex: {
      module,
      entryPoint: "surface_vertex",
      constants: { LAYER: layer },
      buffers: [
        {
          arrayStride: 12,
          attributes: [
            { shaderLocation: 0, offset: 0, format: "uint16x4" },
            { shaderLocation: 1, offset: 8, format: "snorm16x2" },
          ],
        },
      ],
    },
    primitive: { frontFace: front, cullMode: layer > 0 ? "none" : inner ? "front" : "back" },
    ...(layer === 2
      ? {}
      : {
          depthStencil: {
            format: SURFACE_DEPTH,
            depthWriteEnabled: true,
            depthCompare: "less",
            depthBias: inner ? INNER_BIAS : 0,
          } as const,
        }),
    fragment: {
      module,
      entryPoint: (["surface_wall", "surface_front", "surface_rest"] as const)[layer],
      constants: { INNER: inner ? 1 : 0, ...(layer === 2 ? {} : { LABEL: output === "label" ? 1 : 0 }) },
      targets: layer === 2 ? rest : [{ format: surfaceFormat(output) }],
    },
  };
}

/** Above 0 where the index axes are right-handed. */
function handedness(grid: ImageGrid): number {
  return dot(grid.axis(0), cross(grid.axis(1), grid.axis(2)));
}

/** Moves and scales clip space, so that the target shows its part of the picture. */
function ontoTarget(m: Matrix4, scale: readonly [number, number], shift: readonly [number, number]): number[] {
  return m.map((value, n) => {
    const w = m[n - (n % 4) + 3]!;
    if (n % 4 === 0) return value * scale[0] + w * (scale[0] - 1 - 2 * shift[0]);
    if (n % 4 === 1) return value * scale[1] + w * (1 - scale[1] + 2 * shift[1]);
    return value;
  });
}

/** Whether the near plane cuts into the volume, so that segments may be seen from inside. */
function eyeWithin({ clipToRay, volumeMin, volumeMax }: RaySpace): boolean {
  const corners = [-1, 1].flatMap((x) => [-1, 1].map((y) => [x, y] as const));
  return [...corners, [0, 0] as const].some(([x, y]) => {
    const row = (n: number): number => clipToRay[n]! * x + clipToRay[4 + n]! * y + clipToRay[12 + n]!;
    const w = row(3);
    return [0, 1, 2].every((axis) => row(axis) / w >= volumeMin[axis]! && row(axis) / w <= volumeMax[axis]!);
  });
}
