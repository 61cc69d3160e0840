import type { ExportFile } from "../export-file.ts";
import { type ZipEntry, zipStream } from "../zip-stream.ts";
import { jsonBytes, type LabelGroup } from "./label-group.ts";
import { listOfLabels } from "./label-list.ts";

/** The image that `labels/NAME` in its folder is of, as a path from there. */
export const IMAGE_OF_LABELS = "../../";
/** What the label image is called in an archive. */
export const GROUP_NAME = "voxelwright";

/** A group `labels` with one label image, as an archive that can be read as it is or unpacked into the folder of the image. */
export function zarrZip(group: LabelGroup, beside: object | undefined): ExportFile {
  const unpack = `Unpack it into the folder of the image: it holds labels/${GROUP_NAME}.`;
  return {
    extension: ".zarr.zip",
    mediaType: "application/zip",
    chunks: zipStream(entries(group)),
    notes: [...group.notes, ...(beside ? [unpack] : [])],
  };
}

async function* entries(group: LabelGroup): AsyncGenerator<ZipEntry, void, undefined> {
  for await (const { path, bytes } of group.entries()) yield { path: `labels/${GROUP_NAME}/${path}`, bytes };
  for (const { path, json } of listOfLabels(group.version, {}, [GROUP_NAME]))
    yield { path: `labels/${path}`, bytes: jsonBytes(json) };
}
