import type { ProgressOptions } from "#base";
import { filesOfHandles, openAddress, openSources, type SourceFile, type SourceListing } from "#sources";

/** Files and folders as the browser gives access to them, to be walked by whoever reads them. */
export interface HandlesInput {
  readonly handles: readonly FileSystemHandle[];
  /** They were kept, and the browser was not allowed to read them again. */
  readonly denied?: boolean;
}

export type ImportInput = { readonly files: readonly SourceFile[] } | HandlesInput | { readonly url: string };

/** Looks into what there is to open; for workers: a folder is walked and its files are looked into. */
export async function openInput(input: ImportInput, options: ProgressOptions = {}): Promise<SourceListing> {
  if ("url" in input) return openAddress(input.url, options);
  return openSources("files" in input ? input.files : await filesOfHandles(input.handles), options);
}
