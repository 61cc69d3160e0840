import type { AbortOptions, ProgressOptions } from "#base";
import type { VolumeDescription } from "#volume";
import type { SourceListing } from "./source.ts";
import type { ZarrStore } from "./zarr/zarr-store.ts";

/** `describeZarrImage` of `zarr/`, which is loaded when it is first asked for. */
export async function describeZarrImage(
  name: string,
  read: (path: string) => Promise<Uint8Array | undefined>,
  options: AbortOptions = {},
): Promise<VolumeDescription> {
  const zarr = await import("./zarr/index.ts");
  return zarr.describeZarrImage(name, read, options);
}

/** `openZarrStore` of `zarr/`, in the same way. */
export async function openZarrStore(
  store: ZarrStore,
  name: string,
  options: ProgressOptions = {},
): Promise<SourceListing> {
  const zarr = await import("./zarr/index.ts");
  return zarr.openZarrStore(store, name, options);
}
