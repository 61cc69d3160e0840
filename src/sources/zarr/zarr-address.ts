import { isAbortError, type ProgressOptions, VoxelwrightError } from "#base";
import type { SourceListing } from "../source.ts";
import { imagesAtRoot } from "./find-images.ts";
import { HttpStore } from "./http-store.ts";
import { zarrName } from "./zarr-files.ts";
import { type FoundImage, noImage, readNode, zarrSeries } from "./zarr-series.ts";
import type { ZarrStore } from "./zarr-store.ts";

const METADATA_FILE = /\/(zarr\.json|\.zattrs|\.zgroup|\.zarray|\.zmetadata)$/;
/** The group of an image's labels. */
const LABELS = /\/labels$/;

/**
 * The Zarr images at an address; undefined where the address looks like a file's and nothing of Zarr is there. Rejects with
 * `network`, `source` (no image, broken metadata), `unsupported`, AbortError.
 */
export async function openZarrAddress(url: URL, options: ProgressOptions = {}): Promise<SourceListing | undefined> {
  if (url.protocol !== "https:" && url.protocol !== "http:") return undefined;
  const meant = METADATA_FILE.test(url.pathname) || /\.zarr(\/|$)/i.test(url.pathname);
  // A last part with an ending is a file.
  if (!meant && /\.[^/]+$/.test(url.pathname)) return undefined;
  const root = new URL(url);
  root.pathname = root.pathname.replace(METADATA_FILE, "").replace(/\/+$/, "");
  root.hash = "";
  const store = new HttpStore(root.href);
  options.onProgress?.({ fraction: 0, what: "asking for the metadata of the image" });
  let found: FoundImage[];
  try {
    const node = await readNode(store, "", options);
    // Most images have no labels.
    if (!node && LABELS.test(root.pathname)) return { series: [], refused: [] };
    found = await imagesAtRoot(store, node, options);
    if (found.length === 0) {
      if (!meant && !node) return undefined;
      throw noImage(store.subject, node);
    }
  } catch (error) {
    const otherwise = !meant && error instanceof VoxelwrightError && error.kind === "source";
    if (isAbortError(error) || !otherwise) throw error;
    return undefined;
  }
  return zarrSeries(store, zarrName(decodeURI(root.pathname)) || root.hostname, found, options);
}

/**
 * The images at the root of a store of the caller's, by their metadata alone: nothing is listed, so the store may be of any size.
 * Rejects with `source` (no image, broken metadata), `unsupported`, what the store rejects with, AbortError.
 */
export async function openZarrStore(
  store: ZarrStore,
  name: string,
  options: ProgressOptions = {},
): Promise<SourceListing> {
  const node = await readNode(store, "", options);
  const found = await imagesAtRoot(store, node, options);
  if (found.length === 0) throw noImage(store.subject, node);
  return zarrSeries(store, zarrName(name), found, options);
}
