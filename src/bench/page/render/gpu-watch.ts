/** What one program holds and sends, by the calls that it makes to WebGL or WebGPU. */
export class GpuWatch {
  /** Bytes of textures and buffers that are alive, mipmaps not counted. */
  heldBytes = 0;
  /** Bytes written into them so far. */
  sentBytes = 0;
  readonly contexts = new Set<WebGL2RenderingContext>();
  readonly devices = new Set<GPUDevice>();

  /** Resolves when all work issued so far is done: a pixel is read back, or the queue says so. */
  async done(): Promise<void> {
    for (const gl of this.contexts) {
      if (gl.isContextLost()) continue;
      const bound = gl.getParameter(gl.READ_FRAMEBUFFER_BINDING) as WebGLFramebuffer | null;
      gl.bindFramebuffer(gl.READ_FRAMEBUFFER, null);
      gl.readPixels(0, 0, 1, 1, gl.RGBA, gl.UNSIGNED_BYTE, ONE_PIXEL);
      gl.bindFramebuffer(gl.READ_FRAMEBUFFER, bound);
    }
    for (const device of this.devices) await device.queue.onSubmittedWorkDone();
  }
}

const ONE_PIXEL = new Uint8Array(4);

/** Counts for whoever makes contexts and devices while `current` is set; each object's bytes go to the watch it was made under. */
let current: GpuWatch | undefined;
const owners = new WeakMap<object, GpuWatch>();
/** Bytes of an object; of a WebGL texture by face and level. */
const sizes = new WeakMap<object, Map<string, number>>();

/** Runs `work` with what it makes counted to `watch`. */
export async function watching<T>(watch: GpuWatch, work: () => Promise<T>): Promise<T> {
  current = watch;
  try {
    return await work();
  } finally {
    current = undefined;
  }
}

function resize(watch: GpuWatch, object: object | null, part: string, bytes: number): void {
  if (!object) return;
  const parts = sizes.get(object) ?? new Map<string, number>();
  sizes.set(object, parts);
  watch.heldBytes += bytes - (parts.get(part) ?? 0);
  parts.set(part, bytes);
}

function release(watch: GpuWatch | undefined, object: object | null): void {
  if (!watch || !object) return;
  for (const bytes of sizes.get(object)?.values() ?? []) watch.heldBytes -= bytes;
  sizes.delete(object);
}

type Anything = (...args: never[]) => unknown;

/** Puts `before` in front of a method. */
function wrap(prototype: object, name: string, before: (self: object, args: readonly unknown[]) => void): void {
  const methods = prototype as Record<string, Anything>;
  const original = methods[name];
  if (!original) return;
  methods[name] = function watched(this: object, ...args: never[]): unknown {
    before(this, args);
    return original.apply(this, args);
  };
}

/** Wraps WebGL 2 and WebGPU; once, before any program is loaded. */
export function installGpuWatch(): void {
  watchContexts();
  watchWebGl();
  watchWebGpu();
}

function watchContexts(): void {
  for (const prototype of [HTMLCanvasElement.prototype, OffscreenCanvas.prototype]) {
    const canvases = prototype as unknown as { getContext: (...args: unknown[]) => object | null };
    const original = canvases.getContext;
    canvases.getContext = function watched(this: object, ...args: unknown[]): object | null {
      const context = original.apply(this, args);
      if (context instanceof WebGL2RenderingContext && current && !owners.has(context)) {
        owners.set(context, current);
        current.contexts.add(context);
      }
      return context;
    };
  }
}

function byteLengthOf(value: unknown): number {
  if (typeof value === "number") return value;
  return ArrayBuffer.isView(value) || value instanceof ArrayBuffer ? value.byteLength : 0;
}

/** Bytes of a texel by sized internal format; 4 for the rest. */
function texelBytes(gl: WebGL2RenderingContext, format: number): number {
  const eight: readonly number[] = [gl.R8, gl.R8UI, gl.R8I, gl.R8_SNORM, gl.LUMINANCE, gl.ALPHA, gl.RED];
  const sixteen: readonly number[] = [gl.R16F, gl.R16I, gl.R16UI, gl.RG8, gl.LUMINANCE_ALPHA, 0x822a, 0x8f98];
  if (eight.includes(format)) return 1;
  if (sixteen.includes(format)) return 2;
  if (format === gl.RGBA16F || format === gl.RG32F) return 8;
  if (format === gl.RGBA32F) return 16;
  return 4;
}

function watchWebGl(): void {
  const gl = WebGL2RenderingContext.prototype;
  const with2 = (
    name: string,
    work: (self: WebGL2RenderingContext, watch: GpuWatch, args: readonly unknown[]) => void,
  ) =>
    wrap(gl, name, (self, args) => {
      const watch = owners.get(self);
      if (watch) work(self as WebGL2RenderingContext, watch, args);
    });
  const bound = (self: WebGL2RenderingContext, target: number): WebGLTexture | null => {
    const solid = target === self.TEXTURE_3D;
    const layered = target === self.TEXTURE_2D_ARRAY;
    const flat = target === self.TEXTURE_2D ? self.TEXTURE_BINDING_2D : self.TEXTURE_BINDING_CUBE_MAP;
    const binding = solid ? self.TEXTURE_BINDING_3D : layered ? self.TEXTURE_BINDING_2D_ARRAY : flat;
    return self.getParameter(binding) as WebGLTexture | null;
  };
  const image = (dimensions: 2 | 3) =>
    function imageBytes(self: WebGL2RenderingContext, watch: GpuWatch, args: readonly unknown[]): void {
      const [target, level, format] = args as [number, number, number];
      const texels = args.slice(3, 3 + dimensions).reduce((product: number, n) => product * Number(n), 1);
      if (!Number.isFinite(texels)) return;
      const bytes = texels * texelBytes(self, format);
      resize(watch, bound(self, target), `${target}/${level}`, bytes);
      if (byteLengthOf(args.at(dimensions === 2 ? 8 : 9)) > 0) watch.sentBytes += bytes;
    };
  const storage = (dimensions: 2 | 3) =>
    function storageBytes(self: WebGL2RenderingContext, watch: GpuWatch, args: readonly unknown[]): void {
      const [target, , format] = args as [number, number, number];
      const texels = args.slice(3, 3 + dimensions).reduce((product: number, n) => product * Number(n), 1);
      resize(watch, bound(self, target), "storage", texels * texelBytes(self, format));
    };
  with2("texImage2D", image(2));
  with2("texImage3D", image(3));
  with2("texStorage2D", storage(2));
  with2("texStorage3D", storage(3));
  with2("texSubImage2D", (_, watch, args) => void (watch.sentBytes += byteLengthOf(args[8])));
  with2("texSubImage3D", (_, watch, args) => void (watch.sentBytes += byteLengthOf(args[10])));
  with2("renderbufferStorage", (self, watch, args) => {
    const made = self.getParameter(self.RENDERBUFFER_BINDING) as WebGLRenderbuffer | null;
    resize(watch, made, "storage", Number(args[2]) * Number(args[3]) * 4);
  });
  with2("bufferData", (self, watch, args) => {
    const target = args[0] as number;
    const binding =
      target === self.ELEMENT_ARRAY_BUFFER ? self.ELEMENT_ARRAY_BUFFER_BINDING : self.ARRAY_BUFFER_BINDING;
    resize(watch, self.getParameter(binding) as WebGLBuffer | null, "buffer", byteLengthOf(args[1]));
    if (typeof args[1] !== "number") watch.sentBytes += byteLengthOf(args[1]);
  });
  with2("bufferSubData", (_, watch, args) => void (watch.sentBytes += byteLengthOf(args[2])));
  for (const name of ["deleteTexture", "deleteBuffer", "deleteRenderbuffer"])
    with2(name, (_, watch, args) => release(watch, args[0] as object | null));
}

const GPU_TEXEL_BYTES: Partial<Record<GPUTextureFormat, number>> = {
  r8unorm: 1,
  r8uint: 1,
  rg8unorm: 2,
  r16uint: 2,
  r16sint: 2,
  r16float: 2,
  rgba16float: 8,
  rg32float: 8,
  rgba32float: 16,
};

function watchWebGpu(): void {
  if (!("gpu" in navigator)) return;
  const request = GPUAdapter.prototype.requestDevice;
  GPUAdapter.prototype.requestDevice = async function watched(
    this: GPUAdapter,
    descriptor?: GPUDeviceDescriptor,
  ): Promise<GPUDevice> {
    const watch = current;
    const device = await request.call(this, descriptor);
    if (watch) {
      owners.set(device, watch);
      owners.set(device.queue, watch);
      watch.devices.add(device);
    }
    return device;
  };
  const create = GPUDevice.prototype.createTexture;
  GPUDevice.prototype.createTexture = function watched(this: GPUDevice, descriptor: GPUTextureDescriptor): GPUTexture {
    const texture = create.call(this, descriptor);
    const watch = owners.get(this);
    if (watch) {
      owners.set(texture, watch);
      const texels = texture.width * texture.height * texture.depthOrArrayLayers * texture.sampleCount;
      resize(watch, texture, "texture", texels * (GPU_TEXEL_BYTES[texture.format] ?? 4));
    }
    return texture;
  };
  const createBuffer = GPUDevice.prototype.createBuffer;
  GPUDevice.prototype.createBuffer = function watched(this: GPUDevice, descriptor: GPUBufferDescriptor): GPUBuffer {
    const buffer = createBuffer.call(this, descriptor);
    const watch = owners.get(this);
    if (watch) {
      owners.set(buffer, watch);
      resize(watch, buffer, "buffer", buffer.size);
    }
    return buffer;
  };
  for (const prototype of [GPUTexture.prototype, GPUBuffer.prototype])
    wrap(prototype, "destroy", (self) => release(owners.get(self), self));
  wrap(GPUQueue.prototype, "writeTexture", (self, args) => {
    const watch = owners.get(self);
    const [{ texture }, , , size] = args as [GPUTexelCopyTextureInfo, unknown, unknown, GPUExtent3D];
    const extent = Symbol.iterator in size ? [...size] : [size.width, size.height ?? 1, size.depthOrArrayLayers ?? 1];
    const texels = extent.reduce((product, n) => product * n, 1);
    if (watch) watch.sentBytes += texels * (GPU_TEXEL_BYTES[texture.format] ?? 4);
  });
  wrap(GPUQueue.prototype, "writeBuffer", (self, args) => {
    const watch = owners.get(self);
    const [, , data, from, count] = args as [unknown, unknown, ArrayBuffer | ArrayBufferView, number?, number?];
    const unit = ArrayBuffer.isView(data) && "BYTES_PER_ELEMENT" in data ? Number(data.BYTES_PER_ELEMENT) : 1;
    if (watch) watch.sentBytes += count === undefined ? data.byteLength - (from ?? 0) * unit : count * unit;
  });
}
