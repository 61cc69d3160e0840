import { describe, expect, it } from "vitest";
import { checked, readBuffer, testDevice } from "./device.ts";

const square = /* wgsl */ `
  @group(0) @binding(0) var<storage, read_write> values: array<u32>;
  @compute @workgroup_size(64) fn square(@builtin(global_invocation_id) id: vec3u) {
    if (id.x < arrayLength(&values)) { values[id.x] = values[id.x] * values[id.x]; }
  }`;

describe("the test device", () => {
  it("runs a compute shader and gives its result back", async () => {
    const device = await testDevice();
    const values = Uint32Array.from({ length: 1000 }, (_, i) => i);
    const buffer = device.createBuffer({
      size: values.byteLength,
      usage: GPUBufferUsage.STORAGE | GPUBufferUsage.COPY_SRC | GPUBufferUsage.COPY_DST,
    });
    device.queue.writeBuffer(buffer, 0, values);
    await checked(device, () => {
      const module = device.createShaderModule({ code: square });
      const pipeline = device.createComputePipeline({ layout: "auto", compute: { module } });
      const layout = pipeline.getBindGroupLayout(0);
      const encoder = device.createCommandEncoder();
      const pass = encoder.beginComputePass();
      pass.setPipeline(pipeline);
      pass.setBindGroup(0, device.createBindGroup({ layout, entries: [{ binding: 0, resource: { buffer } }] }));
      pass.dispatchWorkgroups(Math.ceil(values.length / 64));
      pass.end();
      device.queue.submit([encoder.finish()]);
    });
    expect([...new Uint32Array(await readBuffer(device, buffer))]).toEqual([...values].map((value) => value * value));
    buffer.destroy();
  });

  it("reports what WebGPU refuses", async () => {
    const device = await testDevice();
    await expect(checked(device, () => device.createShaderModule({ code: "not wgsl" }))).rejects.toThrow(/expected/);
  });

  it("filters 32-bit float textures, as the slice pass does", async () => {
    expect([...(await testDevice()).features]).toContain("float32-filterable");
  });
});
