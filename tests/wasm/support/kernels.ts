import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import kernelsUrl from "#kernels.wasm?url";
import { createInlineKernels, type Kernels } from "#workers";

/** The compiled core. */
export const wasmModule = new WebAssembly.Module(readFileSync(fileURLToPath(kernelsUrl)));

/** The kernels in the test's own thread. */
export function inlineKernels(budgetBytes?: number): Kernels {
  return createInlineKernels({ wasm: wasmModule, ...(budgetBytes === undefined ? {} : { budgetBytes }) });
}
