import { isAbortError, type ProgressOptions, VoxelwrightError } from "#base";
import { ZARR_METADATA_MAX_BYTES } from "../limits.ts";
import type { RefusedFile, SeriesChoice, SourceFile, SourceListing } from "../source.ts";
import { asSourceError, endsListing, refusalLine, sourceError } from "../source-errors.ts";
import { HttpStore } from "../zarr/http-store.ts";
import { FilesStore, readJson } from "../zarr/zarr-store.ts";
import { isVolumeInfo } from "./info.ts";
import { openVolume } from "./volume.ts";

/** How Neuroglancer writes that an address is one of such a volume, before or after it. */
const MARKS = /^precomputed:\/\/|\|neuroglancer-precomputed:.*$/g;

/** The address of a volume without Neuroglancer's marks, and whether it had any. */
export function withoutMarks(address: string): { readonly address: string; readonly meant: boolean } {
  const plain = address.replaceAll(MARKS, "");
  return { address: plain, meant: plain !== address };
}

/**
 * The volume at an address; undefined where none is there and none is `meant`. Rejects with `network`, `source` (broken metadata),
 * `unsupported`, AbortError.
 */
export async function openPrecomputedAddress(
  url: URL,
  meant: boolean,
  options: ProgressOptions = {},
): Promise<SourceListing | undefined> {
  if (url.protocol !== "https:" && url.protocol !== "http:") return undefined;
  const isInfo = url.pathname.endsWith("/info");
  // A last part with an ending is a file.
  if (!meant && !isInfo && /\.[^/]+$/.test(url.pathname)) return undefined;
  const root = new URL(url);
  root.pathname = root.pathname.replace(/\/info$/, "").replace(/\/+$/, "");
  root.hash = "";
  const store = new HttpStore(root.href);
  options.onProgress?.({ fraction: 0, what: "asking for the metadata of the volume" });
  let info: Readonly<Record<string, unknown>> | undefined;
  try {
    info = await readJson(store, "/info", options);
  } catch (error) {
    if (isAbortError(error) || meant || isInfo || !(error instanceof VoxelwrightError) || error.kind !== "source")
      throw error;
    return undefined;
  }
  if (!info || !isVolumeInfo(info)) {
    if (!meant) return undefined;
    throw sourceError(
      store.subject,
      "There is no precomputed volume: its file “info” is missing, or is of something else.",
      "Give the address of the volume's own folder, the one that holds “info”.",
    );
  }
  const name = decodeURI(root.pathname).split("/").at(-1)!;
  return { series: [await openVolume(store, name || root.hostname, info, options)], refused: [] };
}

/** Sets the files of precomputed volumes apart, by the `info` files at their tops, and opens these. Rejects only when aborted or by `network`. */
export async function openPrecomputedFolders(
  files: readonly SourceFile[],
  options: ProgressOptions = {},
): Promise<SourceListing & { readonly rest: readonly SourceFile[] }> {
  const series: SeriesChoice[] = [];
  const refused: RefusedFile[] = [];
  let rest = files;
  const infos = files.filter(({ name }) => /(^|\/)info$/.test(name)).sort((a, b) => a.name.length - b.name.length);
  for (const { name } of infos) {
    const root = name.slice(0, Math.max(0, name.length - "/info".length));
    const inside = root === "" ? rest : rest.filter((file) => file.name.startsWith(`${root}/`));
    // A part of a volume that was found before.
    if (!inside.some((file) => file.name === name)) continue;
    const store = new FilesStore(inside, root);
    const info = await infoOf(store, inside.find((file) => file.name === name)!);
    if (!info) continue;
    rest = rest.filter((file) => !inside.includes(file));
    try {
      const choice = await openVolume(
        store,
        root
          .split("/")
          .at(-1)!
          .replace(/\.zip$/i, "") || "volume",
        info,
        options,
      );
      series.push({ ...choice, fileCount: inside.length });
    } catch (error) {
      if (endsListing(error)) throw error;
      refused.push({ name: root || "The folder", message: refusalLine(asSourceError(name, error)) });
    }
  }
  return { series, refused, rest };
}

/** The `info` of a volume; undefined for files of that name that are something else. */
async function infoOf(store: FilesStore, { blob }: SourceFile): Promise<Record<string, unknown> | undefined> {
  if (blob.size > ZARR_METADATA_MAX_BYTES) return undefined;
  const json = await readJson(store, "/info").catch(() => undefined);
  return isVolumeInfo(json) ? json : undefined;
}
