import { stat } from "node:fs/promises";
import { basename, dirname } from "node:path";
import type { AbortOptions } from "#base";
import { openSources, type SourceListing } from "#sources";
import { filesBeside, inputFiles } from "./input-files.ts";

/** Names of headers (and of NIfTI's .img) whose voxels may lie in a second file. */
const HALF = /\.(?:nhdr|mhd|hdr|img)$/i;

/**
 * Opens a file, a folder or a zip of this machine by content. A header whose voxels lie in a second file finds it beside itself,
 * without the other files of the folder being opened.
 */
export async function openPath(path: string, options: AbortOptions = {}): Promise<SourceListing> {
  const alone = await openSources(await inputFiles(path), options);
  if (alone.series.length > 0 || !HALF.test(path) || !(await stat(path)).isFile()) return alone;
  const name = basename(path);
  const stem = stemOf(name);
  const beside = await filesBeside(dirname(path), (file) => file === name || !HALF.test(file) || stemOf(file) === stem);
  const listing = await openSources(beside, options);
  const series = listing.series.filter(({ description }) => stemOf(description.metadata["File"] ?? "") === stem);
  const refused = listing.refused.filter((file) => stemOf(file.name) === stem);
  return { series, refused, notes: listing.notes ?? [] };
}

function stemOf(name: string): string {
  return name.replace(HALF, "");
}
