import { isAbortError, type ProgressOptions, VoxelwrightError } from "#base";
import type { SourceListing } from "../source.ts";
import { HttpStore } from "./http-store.ts";
import { zarrName } from "./zarr-files.ts";
import { type FoundImage, imageOf, noImage, readNode, type ZarrNode, zarrSeries } from "./zarr-series.ts";

const METADATA_FILE = /\/(zarr\.json|\.zattrs|\.zgroup|\.zarray|\.zmetadata)$/;
/** Images that bioformats2raw numbers from 0 below a group: as many as are looked for. */
const NUMBERED = 64;
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
    const image = imageOf(store, "", node);
    const labels = labelNames(node);
    // Most images have no labels.
    if (!node && LABELS.test(root.pathname)) return { series: [], refused: [] };
    found = image
      ? [image]
      : labels
        ? await namedImages(store, labels, options)
        : node
          ? await numberedImages(store, options)
          : [];
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

/** Label images that a group lists (OME-NGFF, “labels”); undefined for a group of another kind. */
function labelNames(node: ZarrNode | undefined): readonly string[] | undefined {
  const { attributes } = node ?? {};
  const ome = attributes?.["ome"] as Readonly<Record<string, unknown>> | undefined;
  const list = ome?.["labels"] ?? attributes?.["labels"];
  return Array.isArray(list) ? list.filter((name) => typeof name === "string") : undefined;
}

async function namedImages(
  store: HttpStore,
  names: readonly string[],
  options: ProgressOptions,
): Promise<FoundImage[]> {
  const nodes = await Promise.all(names.map((name) => readNode(store, name, options)));
  return nodes.flatMap((node, n) => imageOf(store, names[n]!, node) ?? []);
}

async function numberedImages(store: HttpStore, options: ProgressOptions): Promise<FoundImage[]> {
  const found: FoundImage[] = [];
  for (let n = 0; n < NUMBERED; n++) {
    const image = imageOf(store, String(n), await readNode(store, String(n), options));
    if (!image) break;
    found.push(image);
  }
  return found;
}
