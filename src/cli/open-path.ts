import { stat } from "node:fs/promises";
import { basename, dirname, resolve } from "node:path";
import type { AbortOptions } from "#base";
import { openAddress, openSources, openZarrStore, type SourceFile, type SourceListing } from "#sources";
import { DiskStore } from "./disk-store.ts";
import { filesBeside, inputFiles, readingOf } from "./input-files.ts";

/** Names of headers (and of NIfTI's .img) whose voxels may lie in a second file. */
const HALF = /\.(?:nhdr|mhd|hdr|img)$/i;

/** Metadata at the top of a Zarr folder. */
const ZARR = /^(?:zarr\.json|\.zattrs|\.zgroup)$/;

const ADDRESS = /^https?:\/\//i;

/**
 * Opens a file, a folder or a zip of this machine by content, or what lies at an address (http). A header whose voxels lie in a second file finds it beside itself,
 * without the other files of the folder being opened.
 */
export async function openPath(path: string, options: AbortOptions = {}): Promise<SourceListing> {
  if (ADDRESS.test(path)) return openAddress(path, options);
  const alone = await openSources(belowOwnName(path, await inputFiles(path)), options);
  if (alone.series.length > 0 || !HALF.test(path) || !(await stat(path)).isFile()) return alone;
  const name = basename(path);
  const stem = stemOf(name);
  const beside = await filesBeside(dirname(path), (file) => file === name || !HALF.test(file) || stemOf(file) === stem);
  const listing = await openSources(beside, options);
  const series = listing.series.filter(({ description }) => stemOf(description.metadata["File"] ?? "") === stem);
  const refused = listing.refused.filter((file) => stemOf(file.name) === stem);
  return { series, refused, notes: listing.notes ?? [] };
}

/**
 * Opens the images of an OME-Zarr folder or an address by their metadata, without listing what is there: stores of any size. Files and
 * folders of another kind are opened as `openPath` does.
 */
export async function openStore(path: string, options: AbortOptions = {}): Promise<SourceListing> {
  if (ADDRESS.test(path)) return openAddress(path, options);
  const store = new DiskStore(path);
  const folder = (await readingOf(path, stat(path))).isDirectory();
  const zarr = folder && ((await store.get("/zarr.json")) ?? (await store.get("/.zattrs")));
  return zarr ? openZarrStore(store, store.id, options) : openPath(path, options);
}

/** The files of a Zarr folder below its name, which is the image's, as it is for `openStore`; others as they are. */
function belowOwnName(path: string, files: readonly SourceFile[]): readonly SourceFile[] {
  const folder = basename(resolve(path));
  if (folder === "" || !files.some(({ name }) => ZARR.test(name))) return files;
  return files.map(({ name, blob }) => ({ name: `${folder}/${name}`, blob }));
}

function stemOf(name: string): string {
  return name.replace(HALF, "");
}
