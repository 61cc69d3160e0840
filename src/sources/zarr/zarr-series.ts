import { type AbortOptions, type ProgressOptions, type VoxelwrightError } from "#base";
import { BRICK_EDGE, bytesPerVoxel, withSpacing } from "#volume";
import { drawThumbnail } from "../thumbnail.ts";
import type { RefusedFile, SeriesChoice, SourceListing, SourceSegment } from "../source.ts";
import { asSourceError, endsListing, refusalLine, sourceError } from "../source-errors.ts";
import { type Multiscales, parseMultiscales } from "./multiscales.ts";
import type { ChunkedImage } from "./chunked-image.ts";
import { openZarrImage } from "./zarr-image.ts";
import { fileSubject, readJson, type ZarrPath, type ZarrStore } from "./zarr-store.ts";

/** What a node of a hierarchy says of itself. */
export interface ZarrNode {
  readonly kind: "group" | "array";
  /** Version of Zarr. */
  readonly format: 2 | 3;
  readonly attributes: Readonly<Record<string, unknown>>;
}

/**
 * Metadata of the node at `path` (empty for the root), of Zarr 3 or 2; undefined where there is none. Both are asked for at once, and
 * what tells of an image is enough: servers that answer for a missing file in a way that pages may not read are common.
 */
export async function readNode(
  store: ZarrStore,
  path: string,
  { signal }: AbortOptions = {},
): Promise<ZarrNode | undefined> {
  const below = (name: string): ZarrPath => (path === "" ? `/${name}` : `/${path}/${name}`);
  const enough = new AbortController();
  const options = { signal: signal ? AbortSignal.any([signal, enough.signal]) : enough.signal };
  const v3 = readJson(store, below("zarr.json"), options);
  const v2 = readJson(store, below(".zattrs"), options);
  const known = await Promise.any([v3.then(nodeOfV3), v2.then(imageOfV2)]).catch(() => undefined);
  enough.abort();
  if (known) return known;
  signal?.throwIfAborted();
  // Neither tells of an image: why not?
  await v3;
  const attributes = (await v2) ?? undefined;
  if (await readJson(store, below(".zarray"), { signal }))
    return { kind: "array", format: 2, attributes: attributes ?? {} };
  return attributes || (await readJson(store, below(".zgroup"), { signal }))
    ? { kind: "group", format: 2, attributes: attributes ?? {} }
    : undefined;
}

type Json = Record<string, unknown> | undefined;

function nodeOfV3(json: Json): ZarrNode {
  if (!json) throw new Error("no zarr.json");
  const attributes = (json["attributes"] ?? {}) as Record<string, unknown>;
  return { kind: json["node_type"] === "array" ? "array" : "group", format: 3, attributes };
}

function imageOfV2(attributes: Json): ZarrNode {
  if (attributes?.["multiscales"] === undefined) throw new Error("no image");
  return { kind: "group", format: 2, attributes };
}

/** An image found in a hierarchy. */
export interface FoundImage {
  /** Path of its group; empty for the root. */
  readonly group: string;
  /** Version of Zarr. */
  readonly format: 2 | 3;
  readonly image: Multiscales;
}

/** The image of a node, if it describes one; throws as `parseMultiscales` does. */
export function imageOf(store: ZarrStore, group: string, node: ZarrNode | undefined): FoundImage | undefined {
  const image = node?.kind === "group" ? parseMultiscales(node.attributes, fileSubject(store, `/${group}`)) : undefined;
  return image && { group, format: node!.format, image };
}

/** Opens the images of a hierarchy as series to choose from; one that cannot be read is refused by its line. */
export async function zarrSeries(
  store: ZarrStore,
  name: string,
  found: readonly FoundImage[],
  options: ProgressOptions = {},
): Promise<SourceListing> {
  const series: SeriesChoice[] = [];
  const refused: RefusedFile[] = [];
  for (const [n, { group, format, image }] of found.entries()) {
    options.onProgress?.({ fraction: n / found.length, what: `reading ${fileSubject(store, `/${group}`)}` });
    try {
      const title = [name || image.name || "image", group].filter(Boolean).join("/");
      const opened = await openZarrImage(store, { group, format }, title, image, options);
      const id = `OME-Zarr:${[store.id, group].filter(Boolean).join("/")}`;
      series.push(chunkedSeries(id, store, opened, image.segments));
    } catch (error) {
      if (endsListing(error)) throw error;
      const failure = asSourceError(store.subject, error);
      refused.push({
        name: (failure as Partial<VoxelwrightError>).subject ?? store.subject,
        message: refusalLine(failure),
      });
    }
  }
  return { series, refused };
}

/** An image as a series whose bricks are read where they lie. */
export function chunkedSeries(
  id: string,
  store: Pick<ZarrStore, "probe">,
  image: ChunkedImage,
  segments: readonly SourceSegment[] | undefined,
): SeriesChoice {
  const { description, fingerprint } = image;
  const { dims } = description.grid;
  const coarsest = image.levels.at(-1)!;
  return {
    id,
    description,
    fileCount: 1,
    byteLength: dims[0] * dims[1] * dims[2] * description.frames * bytesPerVoxel(description.voxelType),
    ...(segments ? { segments } : {}),
    chunked: {
      fingerprint,
      overviewAtHand: image.overviewAtHand,
      readBrick: (address, options, finer) => image.readBrick(address, options, finer),
      probe: (options) => store.probe(options),
    },
    async thumbnail({ spacingMm, ...options } = {}) {
      const { voxels } = await image.readBrick(image.coarsest(), options);
      const [columns, rows, slices] = coarsest.dims;
      const k = Math.floor(slices / 2);
      const slice = voxels.slice(0, columns * rows);
      for (let j = 0; j < rows; j++) {
        const from = (k * BRICK_EDGE + j) * BRICK_EDGE;
        slice.set(voxels.subarray(from, from + columns), j * columns);
      }
      const { grid } = withSpacing(description, spacingMm);
      return drawThumbnail(slice, { ...description, grid: coarseGrid(grid, coarsest) });
    },
    open: async (options = {}) => {
      options.signal?.throwIfAborted();
      return image;
    },
  };
}

type Grid = ChunkedImage["description"]["grid"];

/** The grid of a level, but for its origin, which a picture does not need. */
function coarseGrid({ indexToLps }: Grid, { dims, factor }: ChunkedImage["levels"][number]): Grid {
  const scaled = indexToLps.map((value, n) => value * (factor[(n % 4) as 0 | 1 | 2] ?? 1));
  return { dims, indexToLps: scaled as unknown as Grid["indexToLps"] };
}

/** There are metadata, but none of an image. */
export function noImage(subject: string, node: ZarrNode | undefined): VoxelwrightError {
  if (!node)
    return sourceError(
      subject,
      "There is no Zarr image: neither zarr.json nor .zattrs can be found.",
      "Give the folder of the image itself, the one that holds such a file.",
    );
  if (node.kind === "array")
    return sourceError(
      subject,
      "This is a Zarr array without the metadata of an OME-Zarr image, so voxel sizes and axes are not known.",
      "Open the folder above it where that describes the image, or write it as OME-Zarr 0.5.",
    );
  if (node.attributes["plate"] !== undefined || node.attributes["well"] !== undefined)
    return sourceError(
      subject,
      "This is a plate or a well of many images.",
      "Open the folder of one image in it, such as A/1/0.",
    );
  return sourceError(
    subject,
    "This Zarr folder describes no image: its metadata have no “multiscales”.",
    "Open the folder of an image in it, or write it as OME-Zarr 0.5.",
  );
}
