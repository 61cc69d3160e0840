import type { ProgressOptions } from "#base";
import { ZARR_CHUNKS_KEPT_BYTES } from "../limits.ts";
import type { SeriesChoice } from "../source.ts";
import { unsupportedError } from "../source-errors.ts";
import { chunkMemory } from "../zarr/chunked-array.ts";
import { ChunkedImage } from "../zarr/chunked-image.ts";
import type { Multiscales } from "../zarr/multiscales.ts";
import { chunkedSeries } from "../zarr/zarr-series.ts";
import { fileSubject, readJson, type ZarrPath, type ZarrStore } from "../zarr/zarr-store.ts";
import { parseInfo, type PrecomputedInfo, type PrecomputedScale } from "./info.ts";
import { scaleArray } from "./scale-array.ts";
import { segmentNames } from "./segment-names.ts";

/** A volume by its `info`, as a series whose bricks are read where they lie. Rejects as `parseInfo` does, and with `network`. */
export async function openVolume(
  store: ZarrStore,
  name: string,
  json: Readonly<Record<string, unknown>>,
  { signal }: ProgressOptions = {},
): Promise<SeriesChoice> {
  const subject = fileSubject(store, "/info");
  const info = parseInfo(json, subject);
  const memory = chunkMemory(ZARR_CHUNKS_KEPT_BYTES);
  const arrays = info.scales.map((scale) =>
    scaleArray(store, info, { ...scale, key: within(scale.key, subject) }, memory),
  );
  const jpeg = info.scales.some(({ encoding }) => encoding === "jpeg");
  const image = await ChunkedImage.of({
    image: asMultiscales(info),
    arrays,
    name,
    subject,
    format: "Neuroglancer precomputed",
    notes: jpeg ? ["The voxels are packed as JPEG, which changed their values a little."] : [],
  });
  const at: ZarrPath = `/${within(info.segmentProperties ?? "", subject)}/info`;
  // Names are nice to have: voxels do not depend on them.
  const told = info.segmentProperties ? await readJson(store, at, { signal }).catch(() => undefined) : undefined;
  signal?.throwIfAborted();
  const segments = info.kind === "segmentation" ? segmentNames(told) : undefined;
  return chunkedSeries(`Precomputed:${store.id}`, store, image, segments);
}

/** The same facts in the words of OME-NGFF: the axes c, z, y, x, and voxels whose middles lie half a voxel inside. */
function asMultiscales({ kind, channels, scales }: PrecomputedInfo): Multiscales {
  const space = ["z", "y", "x"].map((name) => ({ name, type: "space", unit: "nanometer" }) as const);
  const along = (of: (axis: 0 | 1 | 2) => number, channel: number): number[] => [channel, of(2), of(1), of(0)];
  const middle = ({ offset, resolutionNm }: PrecomputedScale, axis: 0 | 1 | 2): number =>
    (offset[axis] + 0.5) * resolutionNm[axis];
  return {
    version: "precomputed",
    axes: [{ name: "c", type: "channel" }, ...space],
    datasets: scales.map((scale) => ({
      path: scale.key,
      scale: along((axis) => scale.resolutionNm[axis], 1),
      translation: along((axis) => middle(scale, axis), 0),
    })),
    scaleMissing: false,
    labels: kind === "segmentation",
    channels: channels > 1 ? Array.from({ length: channels }, (_, n) => String(n)) : [],
  };
}

/** A path below the volume's folder without steps; throws for one that leaves it. */
function within(path: string, subject: string): string {
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "" || part === ".") continue;
    if (part !== "..") parts.push(part);
    else if (parts.pop() === undefined)
      throw unsupportedError(
        subject,
        `A part of the volume lies outside of its folder, at “${path}”.`,
        "Open the folder that holds all of it.",
      );
  }
  return parts.join("/");
}
