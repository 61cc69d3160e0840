import type { AbortOptions } from "#base";
import { openSources, type SourceListing } from "#sources";
import { createInlineKernels, type Kernels } from "#workers";
import { inputFiles } from "./input-files.ts";

/** Opens a file, a folder or a zip of this machine by content. */
export async function openPath(path: string, options: AbortOptions = {}): Promise<SourceListing> {
  return openSources(await inputFiles(path), options);
}

/** The kernels of the WASM core on the calling thread. */
export function consoleKernels(): Promise<Kernels> {
  return createInlineKernels();
}
