import type { ProgressOptions } from "#base";
import { grow, type MaskProposal } from "./growth/grow.ts";
import { InlineThreads } from "./inline-threads.ts";
import { createMemory, instantiate } from "./kernel-core.ts";
import type { GrowRequest, KernelImage } from "./kernels.api.ts";

export async function growInline(module: WebAssembly.Module, image: KernelImage, request: GrowRequest, options: ProgressOptions): Promise<MaskProposal> {
  return grow(new InlineThreads(instantiate(module, createMemory(2 ** 32))), image, request, options);
}
