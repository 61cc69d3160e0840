import type { Dims } from "#volume";
import { createKernelPool, spawnWorker } from "#workers";
import { afterEach, expect, test, vi } from "vitest";
import type { KernelHost } from "../../src/workers/kernel-host.ts";
import { createWholeMemory } from "../../src/workers/kernel-core.ts";
import { bundleWorker } from "./support/bundle-worker.ts";
import { inlineKernels, wasmModule } from "./support/kernels.ts";
import { flatVolume, imageOf } from "./support/volumes.ts";

const { Memory } = WebAssembly;

/** A machine that promises no more than so many pages at once. */
function promiseOnly(most: number): void {
  vi.stubGlobal("WebAssembly", {
    ...WebAssembly,
    Instance: WebAssembly.Instance,
    Memory: function (this: unknown, descriptor: WebAssembly.MemoryDescriptor) {
      if (descriptor.initial > most) throw new RangeError("could not allocate memory");
      return new Memory(descriptor);
    },
  });
}

afterEach(() => void vi.unstubAllGlobals());

test("memory that the machine does not promise is asked for by halves, and said where there is none", () => {
  promiseOnly(1000);
  expect(createWholeMemory(4096 * 65_536).buffer.byteLength).toBe(512 * 65_536);
  expect(createWholeMemory(900 * 65_536).buffer.byteLength).toBe(900 * 65_536);
  promiseOnly(3);
  expect(() => createWholeMemory(4096 * 65_536)).toThrow(RangeError);
});

test("a growth runs in what there is", async () => {
  const dims: Dims = [150, 130, 140];
  const image = imageOf(flatVolume(dims, "int16", (i, j, k) => ((i * 7 + j * 3 + k) % 5 === 0 ? 0 : 100)));
  const request = { seeds: [[1, 1, 1]], range: { low: 50, high: 150 }, connectivity: 6, segment: 1 } as const;
  const expected = await inlineKernels().grow(image, request);
  const url = await bundleWorker("src/workers/kernels.worker.ts");
  promiseOnly(80);
  const spawn = () => spawnWorker<KernelHost>((Worker) => new Worker(url, { type: "module" }));
  const kernels = createKernelPool({ wasmModule, workers: 2, spawn });
  try {
    expect((await kernels.grow(image, request)).voxels).toBe(expected.voxels);
  } finally {
    kernels.dispose();
  }
});
