import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { constants } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { create, globals } from "webgpu";
import { findSwiftShader } from "../../.tooling/chromium.mjs";

/*
 * WebGPU in Node: Dawn on the software Vulkan driver that comes with Chromium, so that passes are tested without a
 * browser and give the same pixels everywhere. VOXELWRIGHT_GPU=native leaves the choice to the machine's own drivers.
 */

/** Points the Vulkan loader at SwiftShader. Must happen before Dawn makes its instance. */
function chooseSoftwareDriver(): void {
  if (process.platform !== "linux" || process.env.VK_DRIVER_FILES || process.env.VOXELWRIGHT_GPU === "native") return;
  const library = findSwiftShader();
  if (library === undefined) {
    throw new Error(
      "No software Vulkan driver: libvk_swiftshader.so was not found. Install chromium, or set CHROMIUM_PATH.",
    );
  }
  const build = fileURLToPath(new URL("../../.build/", import.meta.url));
  const driver = join(build, "swiftshader-icd.json");
  mkdirSync(build, { recursive: true });
  const icd = { file_format_version: "1.0.0", ICD: { library_path: library, api_version: "1.1.0" } };
  writeFileSync(driver, JSON.stringify(icd));
  process.env.VK_DRIVER_FILES = driver;
  loadVulkan(join(dirname(library), "libvulkan.so.1"));
}

/**
 * Chromium brings Vulkan's loader as well, in a folder where Dawn does not look. Once it is in the process, Dawn's own
 * dlopen finds it by name. It is no Node addon, so `process.dlopen` complains; RTLD_NODELETE (0x1000) keeps it loaded.
 */
function loadVulkan(path: string): void {
  if (!existsSync(path)) return;
  try {
    process.dlopen({ exports: {} }, path, constants.dlopen.RTLD_NOW | 0x1000);
  } catch (error) {
    if (!(error instanceof Error && error.message.includes("did not self-register"))) throw error;
  }
}

// Kept for the life of the process: Dawn ends a device whose instance is collected.
let gpu: GPU | undefined;
let device: Promise<GPUDevice> | undefined;

async function openDevice(): Promise<GPUDevice> {
  chooseSoftwareDriver();
  Object.assign(globalThis, globals);
  gpu = create([]);
  const adapter = await gpu.requestAdapter();
  if (adapter === null)
    throw new Error("Dawn found no WebGPU adapter. On Debian, libvulkan1 is the Vulkan loader it may lack.");
  const wanted: GPUFeatureName[] = ["float32-filterable", "timestamp-query"];
  const requiredFeatures = wanted.filter((feature) => adapter.features.has(feature));
  const { maxBufferSize, maxStorageBufferBindingSize } = adapter.limits;
  return adapter.requestDevice({
    label: "tests",
    requiredFeatures,
    requiredLimits: { maxBufferSize, maxStorageBufferBindingSize },
  });
}

/** The one device of the test process; never destroy it. WebGPU's classes and constants become globals. */
export function testDevice(): Promise<GPUDevice> {
  device ??= openDevice();
  return device;
}

/** Runs `work` and throws what WebGPU found wrong with it: Dawn reports faults only to error scopes. */
export async function checked<T>(gpuDevice: GPUDevice, work: () => T | Promise<T>): Promise<T> {
  const filters = ["validation", "out-of-memory", "internal"] as const;
  for (const filter of filters) gpuDevice.pushErrorScope(filter);
  let value: T;
  const errors: GPUError[] = [];
  try {
    value = await work();
  } finally {
    for (const _ of filters) {
      const error = await gpuDevice.popErrorScope();
      if (error) errors.push(error);
    }
  }
  if (errors.length > 0) throw new Error(errors.map(({ message }) => message).join("\n"));
  return value;
}

/** The bytes of a buffer that has COPY_SRC usage. */
export async function readBuffer(gpuDevice: GPUDevice, source: GPUBuffer): Promise<ArrayBuffer> {
  const size = source.size;
  const staging = gpuDevice.createBuffer({ size, usage: GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ });
  const encoder = gpuDevice.createCommandEncoder();
  encoder.copyBufferToBuffer(source, 0, staging, 0, size);
  gpuDevice.queue.submit([encoder.finish()]);
  await staging.mapAsync(GPUMapMode.READ);
  const bytes = staging.getMappedRange().slice(0);
  staging.destroy();
  return bytes;
}
