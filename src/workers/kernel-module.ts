import { VoxelwrightError } from "#base";
import kernelsUrl from "#kernels.wasm?url";

let compiled: Promise<WebAssembly.Module> | undefined;

/**
 * The WASM core, compiled once and shared by all who ask: fetched in the page, read from a file in Node. Rejects with `worker`
 * when it cannot be had.
 */
export function loadKernelModule(): Promise<WebAssembly.Module> {
  compiled ??= compile(new URL(kernelsUrl, import.meta.url)).catch((cause: unknown) => {
    compiled = undefined;
    const advice = "Reload the page; in a working copy run npm run build:wasm.";
    throw new VoxelwrightError("worker", "The WASM core could not be loaded.", { subject: kernelsUrl, advice, cause });
  });
  return compiled;
}

async function compile(url: URL): Promise<WebAssembly.Module> {
  if (url.protocol === "file:") {
    const { readFile } = process.getBuiltinModule("node:fs/promises");
    return WebAssembly.compile(await readFile(url));
  }
  return WebAssembly.compileStreaming(fetch(url));
}
