import type { ProgressOptions } from "#base";
import type { RefusedFile, SeriesChoice, SourceFile, SourceListing } from "../source.ts";
import { asSourceError, endsListing, refusalLine } from "../source-errors.ts";
import { folderOf, type ZarrFolder } from "./zarr-folders.ts";
import { FilesStore } from "./zarr-store.ts";
import { type FoundImage, imageOf, noImage, readNode, zarrSeries } from "./zarr-series.ts";

/** Groups looked into for images where the topmost one is none: a converted slide or a collection of scans has some ten. */
const GROUPS_LOOKED_AT = 256;

/** The images of a hierarchy in files. Rejects only when aborted or by `network`. */
export async function openZarrFolder(
  { root, files }: ZarrFolder,
  options: ProgressOptions = {},
): Promise<SourceListing> {
  const store = new FilesStore(files, root);
  const name = zarrName(root);
  const series: SeriesChoice[] = [];
  const refused: RefusedFile[] = [];
  try {
    const found = await findImages(store, root, files, options);
    const listing = await zarrSeries(store, name, found, options);
    for (const choice of listing.series) {
      const labelsOf = imageOfLabels(choice, listing.series);
      series.push({ ...choice, fileCount: files.length, ...(labelsOf ? { labelsOf: labelsOf.id } : {}) });
    }
    refused.push(...listing.refused);
  } catch (error) {
    if (endsListing(error)) throw error;
    refused.push({ name: root || "The folder", message: refusalLine(asSourceError(root, error)) });
  }
  return { series, refused };
}

/** The image that a series lies in as labels. */
function imageOfLabels({ id, segments }: SeriesChoice, all: readonly SeriesChoice[]): SeriesChoice | undefined {
  const [, image] = (segments && /^(.*?)\/?labels\/[^/]+$/.exec(id)) ?? [];
  return image === undefined ? undefined : all.find((other) => other.id === image);
}

/** Name of an image for a person: its folder without the endings of Zarr. */
export function zarrName(path: string): string {
  const base = path.replace(/\/+$/, "").split("/").at(-1)!;
  return base.replace(/(\.zip|\.ozx)$/i, "").replace(/(\.ome)?\.zarr$/i, "") || base;
}

async function findImages(
  store: FilesStore,
  root: string,
  files: readonly SourceFile[],
  options: ProgressOptions,
): Promise<FoundImage[]> {
  const start = root === "" ? 0 : root.length + 1;
  const groups = files
    .filter(({ name }) => /(^|\/)(zarr\.json|\.zattrs)$/.test(name))
    .map(({ name }) => folderOf(name).slice(start))
    .sort((a, b) => depth(a) - depth(b) || a.localeCompare(b, "en", { numeric: true }));
  const found: FoundImage[] = [];
  let first: Awaited<ReturnType<typeof readNode>>;
  for (const group of [...new Set(["", ...groups])].slice(0, GROUPS_LOOKED_AT)) {
    // Arrays of an image found before are its resolutions.
    const arrays = found.flatMap(({ group: above, image }) => image.datasets.map(({ path }) => join(above, path)));
    if (arrays.includes(group)) continue;
    const node = await readNode(store, group, options);
    if (group === "") first = node;
    const image = imageOf(store, group, node);
    if (image) found.push(image);
  }
  if (found.length === 0) throw noImage(root, first ?? { kind: "group", format: 2, attributes: {} });
  return found;
}

function depth(path: string): number {
  return path === "" ? 0 : path.split("/").length;
}

function join(a: string, b: string): string {
  return [a, b].filter(Boolean).join("/");
}
