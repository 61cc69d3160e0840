import { type Disposable, VoxelwrightError } from "#base";
import type { GpuContext } from "./gpu-context.ts";

/** A buffer or texture with its owner's name and its bytes; freed once by `dispose`. */
export interface GpuResource<Handle> extends Disposable {
  readonly handle: Handle;
  /** `Class.field` of the owner. */
  readonly label: string;
  readonly byteLength: number;
}

/** Runs `create` in error scopes; what they catch reaches `context.fault` with the object's label. */
function guarded<T>(context: GpuContext, label: string, create: () => T): T {
  const { device } = context;
  device.pushErrorScope("out-of-memory");
  device.pushErrorScope("validation");
  const made = create();
  for (const kind of ["validation", "out-of-memory"] as const) {
    device.popErrorScope().then(
      (error) => {
        if (!error) return;
        const what = kind === "validation" ? "could not be made" : "did not fit into GPU memory";
        context.fault.emit(
          new VoxelwrightError("gpu", `${label} ${what}: ${error.message}`, { subject: label, fields: { kind } }),
        );
      },
      // The device is gone; its loss is reported by itself.
      () => undefined,
    );
  }
  return made;
}

function tracked<Handle extends { destroy(): void }>(
  context: GpuContext,
  label: string,
  byteLength: number,
  handle: Handle,
): GpuResource<Handle> {
  let live = true;
  context.memory.allocate(label, byteLength);
  return {
    handle,
    label,
    byteLength,
    dispose: () => {
      if (!live) return;
      live = false;
      context.memory.free(label, byteLength);
      handle.destroy();
    },
  };
}

/** A buffer of at least `byteLength` bytes, rounded up to a multiple of 16. */
export function createBuffer(
  context: GpuContext,
  label: string,
  byteLength: number,
  usage: GPUBufferUsageFlags,
): GpuResource<GPUBuffer> {
  const size = Math.max(16, Math.ceil(byteLength / 16) * 16);
  const handle = guarded(context, label, () => context.device.createBuffer({ label, size, usage }));
  return tracked(context, label, size, handle);
}

const TEXEL_BYTES: Partial<Record<GPUTextureFormat, number>> = {
  r8unorm: 1,
  r16uint: 2,
  rg8unorm: 2,
  r32float: 4,
  rg32float: 8,
  rgba8unorm: 4,
  bgra8unorm: 4,
  rgba16float: 8,
  rgba32float: 16,
  depth24plus: 4,
  depth32float: 4,
};

/** A texture; `context.fault` tells when it could not be made. */
export function createTexture(
  context: GpuContext,
  descriptor: GPUTextureDescriptor & { label: string },
): GpuResource<GPUTexture> {
  const { label, format } = descriptor;
  const handle = guarded(context, label, () => context.device.createTexture(descriptor));
  const texels = handle.width * handle.height * handle.depthOrArrayLayers;
  return tracked(context, label, texels * (TEXEL_BYTES[format] ?? 4), handle);
}

/** A pipeline or shader module made in error scopes. */
export function createGuarded<T>(context: GpuContext, label: string, create: (device: GPUDevice) => T): T {
  return guarded(context, label, () => create(context.device));
}
