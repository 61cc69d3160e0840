import { create } from "webgpu";
import { GpuContext, type GpuOptions } from "#gpu";
import { testDevice } from "./device.ts";

let gpu: GPU | undefined;

/** A context on the test driver with faults turned into thrown errors by `faults`. */
export async function testContext(options: GpuOptions = {}): Promise<{ context: GpuContext; faults: string[] }> {
  await testDevice();
  gpu ??= create([]);
  const context = await GpuContext.open({ gpu, ...options });
  const faults: string[] = [];
  context.fault.on((error) => {
    console.error(error.line);
    faults.push(error.line);
  });
  return { context, faults };
}

/** Pixels of an rgba8unorm or bgra8unorm texture, row by row, four bytes each. */
export async function readPixels(context: GpuContext, texture: GPUTexture): Promise<Uint8Array> {
  const { device } = context;
  const { width, height } = texture;
  const rowBytes = Math.ceil((width * 4) / 256) * 256;
  const staging = device.createBuffer({
    size: rowBytes * height,
    usage: GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ,
  });
  const encoder = device.createCommandEncoder();
  encoder.copyTextureToBuffer({ texture }, { buffer: staging, bytesPerRow: rowBytes }, [width, height]);
  device.queue.submit([encoder.finish()]);
  await staging.mapAsync(GPUMapMode.READ);
  const bytes = new Uint8Array(staging.getMappedRange());
  const pixels = new Uint8Array(width * height * 4);
  for (let y = 0; y < height; y++) pixels.set(bytes.subarray(y * rowBytes, y * rowBytes + width * 4), y * width * 4);
  staging.destroy();
  return pixels;
}

/** A texture to draw into and read back. */
export function pictureTexture(context: GpuContext, width: number, height: number): GPUTexture {
  return context.device.createTexture({
    size: [width, height],
    format: "rgba8unorm",
    usage: GPUTextureUsage.RENDER_ATTACHMENT | GPUTextureUsage.COPY_SRC | GPUTextureUsage.TEXTURE_BINDING,
  });
}

/** Values of an rgba32float texture, row by row, four a pixel. */
export async function readFloats(context: GpuContext, texture: GPUTexture): Promise<Float32Array> {
  const { device } = context;
  const { width, height } = texture;
  const rowBytes = Math.ceil((width * 16) / 256) * 256;
  const staging = device.createBuffer({
    size: rowBytes * height,
    usage: GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ,
  });
  const encoder = device.createCommandEncoder();
  encoder.copyTextureToBuffer({ texture }, { buffer: staging, bytesPerRow: rowBytes }, [width, height]);
  device.queue.submit([encoder.finish()]);
  await staging.mapAsync(GPUMapMode.READ);
  const floats = new Float32Array(staging.getMappedRange());
  const values = new Float32Array(width * height * 4);
  for (let y = 0; y < height; y++)
    values.set(floats.subarray((y * rowBytes) / 4, (y * rowBytes) / 4 + width * 4), y * width * 4);
  staging.destroy();
  return values;
}
