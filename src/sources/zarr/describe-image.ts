import type { AbortOptions } from "#base";
import type { VolumeDescription } from "#volume";
import { openZarrImage } from "./zarr-image.ts";
import { imageOf, noImage, readNode } from "./zarr-series.ts";
import type { ZarrStore } from "./zarr-store.ts";

/**
 * Describes the OME-Zarr image of a folder by its metadata alone. `read` gives a file by its path below the folder, undefined where there
 * is none. Rejects with `source` where the folder is no image, `unsupported` for one that is not read.
 */
export async function describeZarrImage(
  name: string,
  read: (path: string) => Promise<Uint8Array | undefined>,
  options: AbortOptions = {},
): Promise<VolumeDescription> {
  const store: ZarrStore = {
    subject: name,
    id: name,
    get: (path) => read(path.slice(1)),
    getRange: () => Promise.reject(new Error("unreachable: metadata are read whole")),
    probe: async () => undefined,
  };
  const node = await readNode(store, "", options);
  const found = imageOf(store, "", node);
  if (!found) throw noImage(name, node);
  return (await openZarrImage(store, found, name, found.image, options)).description;
}
