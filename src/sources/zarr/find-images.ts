import type { ProgressOptions } from "#base";
import { type FoundImage, imageOf, readNode, type ZarrNode } from "./zarr-series.ts";
import type { ZarrStore } from "./zarr-store.ts";

/** Images that bioformats2raw numbers from 0 below a group: as many as are looked for. */
const NUMBERED = 64;

/** The images that the root of a store is or names, its node being `node`: no file is listed. */
export async function imagesAtRoot(
  store: ZarrStore,
  node: ZarrNode | undefined,
  options: ProgressOptions,
): Promise<FoundImage[]> {
  const image = imageOf(store, "", node);
  if (image) return [image];
  const labels = labelNames(node);
  if (labels) return namedImages(store, labels, options);
  return node ? numberedImages(store, options) : [];
}

/** Label images that a group lists (OME-NGFF, “labels”); undefined for a group of another kind. */
function labelNames(node: ZarrNode | undefined): readonly string[] | undefined {
  const { attributes } = node ?? {};
  const ome = attributes?.["ome"] as Readonly<Record<string, unknown>> | undefined;
  const list = ome?.["labels"] ?? attributes?.["labels"];
  return Array.isArray(list) ? list.filter((name) => typeof name === "string") : undefined;
}

async function namedImages(
  store: ZarrStore,
  names: readonly string[],
  options: ProgressOptions,
): Promise<FoundImage[]> {
  const nodes = await Promise.all(names.map((name) => readNode(store, name, options)));
  return nodes.flatMap((node, n) => imageOf(store, names[n]!, node) ?? []);
}

async function numberedImages(store: ZarrStore, options: ProgressOptions): Promise<FoundImage[]> {
  const found: FoundImage[] = [];
  for (let n = 0; n < NUMBERED; n++) {
    const image = imageOf(store, String(n), await readNode(store, String(n), options));
    if (!image) break;
    found.push(image);
  }
  return found;
}
