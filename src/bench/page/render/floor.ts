import { cross, length, normalize, scale, subtract, type Vec3 } from "#base";
import {
  type BenchVolume,
  PLANE_SCENES,
  type Renderer,
  type SceneFrame,
  type SceneLook,
  type SceneName,
  VOLUME_SCENES,
} from "./renderer.ts";
import { rayCamera } from "./ours.ts";

const CODE = /* wgsl */ `
struct Reads {
  origin: vec4f, // first sample of pixel (0, 0), texture coordinates; of rays the near end
  right: vec4f,  // per pixel
  down: vec4f,
  along: vec4f,  // per sample
  count: f32,    // samples a pixel
  gain: f32,
  bias: f32,
}
@group(0) @binding(0) var<uniform> reads: Reads;
@group(0) @binding(1) var volume: texture_3d<f32>;
@group(0) @binding(2) var linear: sampler;
@vertex fn corner(@builtin(vertex_index) n: u32) -> @builtin(position) vec4f {
  return vec4f(f32(n & 1u) * 4.0 - 1.0, f32(n >> 1u) * 4.0 - 1.0, 0.0, 1.0);
}
@fragment fn pixel(@builtin(position) position: vec4f) -> @location(0) vec4f {
  let start = reads.origin.xyz + reads.right.xyz * position.x + reads.down.xyz * position.y;
  // Samples within the volume.
  let along = select(reads.along.xyz, vec3f(1e-9), abs(reads.along.xyz) < vec3f(1e-9));
  let a = -start / along;
  let b = (1.0 - start) / along;
  let first = max(ceil(max(max(min(a.x, b.x), min(a.y, b.y)), min(a.z, b.z))), 0.0);
  let last = min(floor(min(min(max(a.x, b.x), max(a.y, b.y)), max(a.z, b.z))), reads.count - 1.0);
  var best = -3.0e38;
  for (var n = first; n <= last; n += 1.0) {
    best = max(best, textureSampleLevel(volume, linear, start + reads.along.xyz * n, 0.0).x);
  }
  return vec4f(vec3f(clamp(best * reads.gain + reads.bias, 0.0, 1.0)), 1.0);
}`;

/**
 * What no program can be faster than without leaving samples out: one texture of 32-bit floats read by the hardware's filter where
 * each scene needs it, and the greatest value kept. Of volumes this is a projection without any skipping, whatever the scene.
 */
export class Floor implements Renderer {
  readonly name = "texture reads alone";
  readonly version = "";
  readonly scenes = [...PLANE_SCENES, ...VOLUME_SCENES];
  #state: State | undefined;
  #size = 0;

  async open(host: HTMLElement, { dims, voxels }: BenchVolume, { window, stepMm }: SceneLook): Promise<void> {
    const adapter = await navigator.gpu.requestAdapter();
    const device = await adapter!.requestDevice({ requiredFeatures: ["float32-filterable"] });
    const usage = GPUTextureUsage.TEXTURE_BINDING | GPUTextureUsage.COPY_DST;
    const texture = device.createTexture({ size: [...dims], dimension: "3d", format: "r32float", usage });
    const slice = new Float32Array(dims[0] * dims[1]);
    for (let k = 0; k < dims[2]; k++) {
      slice.set(voxels.subarray(k * slice.length, (k + 1) * slice.length));
      const layout = { bytesPerRow: dims[0] * 4, rowsPerImage: dims[1] };
      device.queue.writeTexture({ texture, origin: [0, 0, k] }, slice, layout, [dims[0], dims[1], 1]);
    }
    const canvas = host.appendChild(document.createElement("canvas"));
    const surface = canvas.getContext("webgpu")!;
    const format = navigator.gpu.getPreferredCanvasFormat();
    surface.configure({ device, format, alphaMode: "opaque" });
    const module = device.createShaderModule({ code: CODE });
    const pipeline = device.createRenderPipeline({
      layout: "auto",
      vertex: { module },
      fragment: { module, targets: [{ format }] },
    });
    const uniform = device.createBuffer({ size: 80, usage: GPUBufferUsage.UNIFORM | GPUBufferUsage.COPY_DST });
    const group = device.createBindGroup({
      layout: pipeline.getBindGroupLayout(0),
      entries: [
        { binding: 0, resource: { buffer: uniform } },
        { binding: 1, resource: texture.createView() },
        { binding: 2, resource: device.createSampler({ magFilter: "linear", minFilter: "linear" }) },
      ],
    });
    this.#state = { device, surface, canvas, pipeline, uniform, group, dims, stepMm, window };
  }

  show(_scene: SceneName, size: number): Promise<void> {
    const { canvas } = this.#state!;
    canvas.width = size;
    canvas.height = size;
    this.#size = size;
    return Promise.resolve();
  }

  draw(frame: SceneFrame): void {
    const { device, surface, pipeline, uniform, group, dims, window } = this.#state!;
    const { origin, right, down, along, count } = this.#reads(frame);
    // Index to texture coordinates: voxel centres lie at halves.
    const point = (p: Vec3): number[] => [...p.map((n, axis) => (n + 0.5) / dims[axis]!), 0];
    const step = (v: Vec3): number[] => [...v.map((n, axis) => n / dims[axis]!), 0];
    const gain = [count, 1 / window.width, -(window.center - window.width / 2) / window.width, 0];
    const numbers = [...point(origin), ...step(right), ...step(down), ...step(along), ...gain];
    device.queue.writeBuffer(uniform, 0, new Float32Array(numbers));
    const encoder = device.createCommandEncoder();
    const view = surface.getCurrentTexture().createView();
    const pass = encoder.beginRenderPass({ colorAttachments: [{ view, loadOp: "clear", storeOp: "store" }] });
    pass.setPipeline(pipeline);
    pass.setBindGroup(0, group);
    pass.draw(3);
    pass.end();
    device.queue.submit([encoder.finish()]);
  }

  canvas(): HTMLCanvasElement {
    return this.#state!.canvas;
  }

  #reads({ scene, plane, camera }: SceneFrame): Reads {
    const size = this.#size;
    if (PLANE_SCENES.some((name) => name === scene)) {
      const right = scale(plane.right, plane.mmPerPixel);
      const down = scale(plane.down, plane.mmPerPixel);
      const normal = cross(plane.right, plane.down);
      const count = Math.max(plane.thicknessMm, 1);
      const corner = subtract(subtract(plane.center, scale(right, size / 2)), scale(down, size / 2));
      return { origin: subtract(corner, scale(normal, (count - 1) / 2)), right, down, along: normal, count };
    }
    const m = rayCamera(camera).clipToLps;
    const column = (n: number): Vec3 => [m[n * 4]!, m[n * 4 + 1]!, m[n * 4 + 2]!];
    const [right, up, into] = [column(0), column(1), column(2)];
    const origin = subtract(subtract(column(3), right), scale(up, -1));
    const along = scale(normalize(into), this.#state!.stepMm);
    const count = Math.ceil(length(into) / this.#state!.stepMm);
    return { origin, right: scale(right, 2 / size), down: scale(up, -2 / size), along, count };
  }
}

interface Reads {
  readonly origin: Vec3;
  readonly right: Vec3;
  readonly down: Vec3;
  readonly along: Vec3;
  readonly count: number;
}

interface State {
  readonly device: GPUDevice;
  readonly surface: GPUCanvasContext;
  readonly canvas: HTMLCanvasElement;
  readonly pipeline: GPURenderPipeline;
  readonly uniform: GPUBuffer;
  readonly group: GPUBindGroup;
  readonly dims: BenchVolume["dims"];
  readonly stepMm: number;
  readonly window: SceneLook["window"];
}
