import type { AbortOptions } from "#base";
import { ZARR_CHUNKS_KEPT_BYTES } from "../limits.ts";
import { chunkMemory } from "./chunked-array.ts";
import { ChunkedImage } from "./chunked-image.ts";
import type { Multiscales } from "./multiscales.ts";
import { openZarrArray } from "./zarr-array.ts";
import { axisRoles } from "./zarr-geometry.ts";
import { fileSubject, type ZarrPath, type ZarrStore } from "./zarr-store.ts";

/**
 * Opens an OME-Zarr image by the metadata of its arrays; rejects as `openZarrArray` and `ChunkedImage.of` do. `group` is where `image`
 * was found.
 */
export async function openZarrImage(
  store: ZarrStore,
  { group, format }: { readonly group: string; readonly format: 2 | 3 },
  name: string,
  image: Multiscales,
  options: AbortOptions = {},
): Promise<ChunkedImage> {
  const subject = fileSubject(store, `/${group}`);
  axisRoles(image.axes, subject);
  const memory = chunkMemory(ZARR_CHUNKS_KEPT_BYTES);
  const path = (dataset: string): ZarrPath => `/${[group, dataset].filter(Boolean).join("/")}`;
  const arrays = await Promise.all(
    image.datasets.map(({ path: dataset }) => openZarrArray(store, path(dataset), format, memory, options)),
  );
  const { version } = image;
  const stored = version.startsWith("0.5") ? "0.5" : "0.4";
  return ChunkedImage.of({ image, arrays, name, subject, format: `OME-Zarr ${version}`, stored });
}
