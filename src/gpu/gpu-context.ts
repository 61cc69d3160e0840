import { type Disposable, Emitter, VoxelwrightError } from "#base";
import { gpuError } from "./gpu-failure.ts";
import { GpuMemory } from "./gpu-memory.ts";

export interface GpuOptions {
  /** The WebGPU entry point; `navigator.gpu` by default. `null` stands for a browser without one. */
  readonly gpu?: GPU | null | undefined;
  readonly userAgent?: string;
  readonly powerPreference?: GPUPowerPreference;
  /** False asks for WebGPU's default limits and no optional feature, for tests. Default true. */
  readonly useAdapterLimits?: boolean;
  /** Says whether the hardware's filter is exact, in place of what is known of the adapter, for tests. */
  readonly filtersExactly?: boolean;
}

/** Limits that are worth asking for when the adapter offers more than the default. */
const WANTED_LIMITS = ["maxTextureDimension3D", "maxBufferSize", "maxStorageBufferBindingSize"] as const;

const WANTED_FEATURES = ["float32-filterable", "float32-blendable", "timestamp-query"] as const;

const REBUILD_ATTEMPTS = 4;

/** A device that lives this long is sound; so many in a row that do not are given up. */
const SOUND_AFTER_MS = 10_000;

/**
 * The one GPU device and what outlives it. When the device is lost, `lost` is emitted, a new one is asked for, and `restored`
 * tells every owner to build its objects again from its sources.
 */
export class GpuContext implements Disposable {
  /** The device went away; objects made from it are void. */
  readonly lost = new Emitter<GPUDeviceLostInfo>();
  /** A new device is there. Listeners build in the order they subscribed. */
  readonly restored = new Emitter<GPUDevice>();
  /** Creation errors by object, validation errors, and a loss that could not be mended. */
  readonly fault = new Emitter<VoxelwrightError>();
  readonly memory = new GpuMemory();
  readonly #options: GpuOptions;
  #device: GPUDevice;
  #adapter: GPUAdapter;
  #alive = true;
  #disposed = false;
  #rebuilding: Promise<void> | undefined;
  /** Devices in a row that were lost soon. */
  #shortLives = 0;

  private constructor(options: GpuOptions, adapter: GPUAdapter, device: GPUDevice) {
    this.#options = options;
    this.#adapter = adapter;
    this.#device = device;
    this.#watch(device);
  }

  /** Opens a device. Rejects with `gpu`, its field `failure` a `GpuFailure`, and advice for this browser. */
  static async open(options: GpuOptions = {}): Promise<GpuContext> {
    const { adapter, device } = await requestDevice(options);
    return new GpuContext(options, adapter, device);
  }

  /** The device of now; hold it no longer than until `lost`. */
  get device(): GPUDevice {
    return this.#device;
  }

  /** False between `lost` and `restored`: nothing can be drawn. */
  get alive(): boolean {
    return this.#alive;
  }

  /** Vendor and name of the adapter, as far as the browser tells. */
  get adapterName(): string {
    const { vendor, architecture, device, description } = this.#adapter.info;
    return [description || device, vendor, architecture].filter(Boolean).join(", ");
  }

  /** True when r32float textures can be filtered by the hardware. */
  get float32Filterable(): boolean {
    return this.#device.features.has("float32-filterable");
  }

  /** True when pictures of 32-bit floats can be added up, which the mean of a slab takes. */
  get float32Blendable(): boolean {
    return this.#device.features.has("float32-blendable");
  }

  /**
   * True when the hardware's filter is as exact as arithmetic: on the software driver. Real GPUs round its weights to 8 bits, which
   * a narrow window over a hard edge makes visible.
   */
  get filtersExactly(): boolean {
    return this.#options.filtersExactly ?? this.#adapter.info.architecture === "swiftshader";
  }

  /** Asks for a new device after a loss; also called by itself, up to four times with growing pauses. */
  rebuild(): Promise<void> {
    this.#rebuilding ??= this.#rebuild().finally(() => {
      this.#rebuilding = undefined;
    });
    return this.#rebuilding;
  }

  dispose(): void {
    this.#disposed = true;
    this.#alive = false;
    this.#device.destroy();
  }

  #watch(device: GPUDevice): void {
    device.addEventListener("uncapturederror", (event) => {
      const { error } = event as GPUUncapturedErrorEvent;
      this.fault.emit(new VoxelwrightError("gpu", error.message));
    });
    const born = performance.now();
    void device.lost.then((info) => {
      if (this.#disposed || device !== this.#device) return undefined;
      this.#alive = false;
      this.lost.emit(info);
      // One that somebody destroyed says nothing of the next.
      const short = info.reason !== "destroyed" && performance.now() - born < SOUND_AFTER_MS;
      this.#shortLives = short ? this.#shortLives + 1 : 0;
      if (this.#shortLives <= REBUILD_ATTEMPTS) return this.rebuild();
      this.fault.emit(gpuError("device-lost", userAgentOf(this.#options), new Error(info.message)));
      return undefined;
    });
  }

  async #rebuild(): Promise<void> {
    let cause: unknown;
    for (let attempt = 0; attempt < REBUILD_ATTEMPTS && !this.#disposed; attempt++) {
      if (attempt > 0) await new Promise((resolve) => setTimeout(resolve, 250 * 4 ** (attempt - 1)));
      try {
        const { adapter, device } = await requestDevice(this.#options);
        if (this.#disposed) {
          device.destroy();
          return;
        }
        this.#adapter = adapter;
        this.#device = device;
        this.#alive = true;
        this.#watch(device);
        this.restored.emit(device);
        return;
      } catch (error) {
        cause = error;
      }
    }
    if (!this.#disposed) this.fault.emit(gpuError("device-lost", userAgentOf(this.#options), cause));
  }
}

function userAgentOf(options: GpuOptions): string {
  return options.userAgent ?? (typeof navigator === "undefined" ? "" : (navigator.userAgent ?? ""));
}

async function requestDevice(options: GpuOptions): Promise<{ adapter: GPUAdapter; device: GPUDevice }> {
  const userAgent = userAgentOf(options);
  const gpu =
    options.gpu === undefined ? (typeof navigator === "undefined" ? null : (navigator.gpu ?? null)) : options.gpu;
  if (!gpu) {
    const insecure = typeof isSecureContext !== "undefined" && !isSecureContext;
    throw gpuError(insecure ? "insecure-context" : "no-webgpu", userAgent);
  }
  let adapter: GPUAdapter | null;
  try {
    adapter = await gpu.requestAdapter({ powerPreference: options.powerPreference ?? "high-performance" });
  } catch (cause) {
    throw gpuError("no-adapter", userAgent, cause);
  }
  if (!adapter) throw gpuError("no-adapter", userAgent);
  const generous = options.useAdapterLimits ?? true;
  const requiredLimits: Record<string, number> = {};
  if (generous) for (const name of WANTED_LIMITS) requiredLimits[name] = adapter.limits[name];
  const requiredFeatures = WANTED_FEATURES.filter((name) => generous && adapter.features.has(name));
  try {
    const device = await adapter.requestDevice({ label: "GpuContext.device", requiredLimits, requiredFeatures });
    return { adapter, device };
  } catch (cause) {
    throw gpuError("device-refused", userAgent, cause);
  }
}
