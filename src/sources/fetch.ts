import { isAbortError, orAbort, type ProgressOptions, VoxelwrightError } from "#base";
import { detachedPath } from "./detached.ts";
import { DETACHED_MAX_FILES, FETCH_MAX_BYTES, HEADER_MAX_BYTES } from "./limits.ts";
import { httpBlob, versionOf } from "./http-file.ts";
import { openSources } from "./open.ts";
import type { SourceFile, SourceListing } from "./source.ts";
import { formatBytes, limitError } from "./source-errors.ts";
import { expandPattern } from "./text-header.ts";

/** Files from this size on are read part by part, where the server hands parts out: an import begins at once, and goes on after a break. */
const WORTH_PARTS_BYTES = 32 * 1024 ** 2;

/** Files of one header that are fetched at the same time. */
const FETCHES_AT_ONCE = 6;

/**
 * Finds the volumes at an address: an OME-Zarr image or a precomputed volume is read where it lies, anything else is fetched and opened
 * as a file. Rejects as `openUrl`, `openZarrAddress` and `openPrecomputedAddress` do.
 */
export async function openAddress(address: string, options: ProgressOptions = {}): Promise<SourceListing> {
  const { openZarrAddress } = await import("./zarr/index.ts");
  const { openPrecomputedAddress, withoutMarks } = await import("./precomputed/index.ts");
  const { address: plain, meant } = withoutMarks(address);
  const url = parseAddress(plain);
  const images = meant ? undefined : await openZarrAddress(url, options);
  const volume = images ?? (await openPrecomputedAddress(url, meant, options));
  return volume ?? orAbort(openSources(await openUrl(plain, options), options), options.signal);
}

/**
 * Fetches a scan by its address, and with a `.nhdr`, `.mhd` or `.hdr` header the data files it points to, on the same origin
 * and below the header's folder only. Rejects with `network` (unreachable, forbidden by CORS, HTTP status), `limit` (too
 * large), `source` (a header that points elsewhere), or AbortError.
 */
export async function openUrl(address: string, options: ProgressOptions = {}): Promise<SourceFile[]> {
  const url = parseAddress(address);
  const name = decodeURIComponentSafe(url.pathname.slice(url.pathname.lastIndexOf("/") + 1)) || url.hostname;
  const first = { name, blob: await fetchBlob(url, options, 0, 1) };
  const wanted = await detachedNames(first);
  const files: SourceFile[] = [first];
  for (let n = 0; n < wanted.length; n += FETCHES_AT_ONCE) {
    const some = wanted.slice(n, n + FETCHES_AT_ONCE);
    files.push(
      ...(await Promise.all(
        some.map(async (path): Promise<SourceFile> => {
          const at = new URL(path.split("/").map(encodeURIComponent).join("/"), url);
          return {
            name: path,
            blob: await fetchBlob(at, options, (n + 1) / (wanted.length + 1), some.length / (wanted.length + 1)),
          };
        }),
      )),
    );
  }
  return files;
}

function parseAddress(address: string): URL {
  let url: URL | undefined;
  try {
    url = new URL(address, globalThis.location?.href);
  } catch {
    url = undefined;
  }
  if (!url || !["http:", "https:", "blob:", "data:"].includes(url.protocol)) {
    throw new VoxelwrightError("argument", "This is no address that can be fetched.", {
      subject: address.slice(0, 200),
      advice: "Give one that begins with https:// or http://.",
    });
  }
  return url;
}

async function fetchBlob(url: URL, options: ProgressOptions, base: number, share: number): Promise<Blob> {
  const subject = url.protocol === "data:" ? "data address" : url.href;
  let response: Response;
  try {
    response = await fetchParts(url, options.signal);
  } catch (error) {
    if (isAbortError(error)) throw error;
    throw new VoxelwrightError(
      "network",
      "The address could not be reached, or its server does not allow this page to read it (CORS).",
      {
        subject,
        advice: "Check the address and the connection; otherwise download the file and drop it here.",
        cause: error,
      },
    );
  }
  if (!response.ok || !response.body) throw statusError(subject, response);
  const length = Number(response.headers.get("content-length") ?? 0);
  if (response.status === 206) {
    // All from the first byte on was asked for: what comes is the file, unless the server says that there is more.
    const size = Number(/\/(\d+)$/.exec(response.headers.get("content-range") ?? "")?.[1] ?? length);
    if (size >= WORTH_PARTS_BYTES || size > length) {
      await response.body.cancel().catch(() => undefined);
      return httpBlob({ url, size, version: versionOf(response) });
    }
  }
  if (length > FETCH_MAX_BYTES) {
    await response.body.cancel().catch(() => undefined);
    throw tooLarge(subject, length);
  }
  return readBody(response.body, subject, length, options, base, share);
}

/** Asks for the file as a part, which tells whether the server hands parts out; where that is refused, for the file. */
async function fetchParts(url: URL, signal: AbortSignal | undefined): Promise<Response> {
  const plain: RequestInit = { ...(signal ? { signal } : {}), credentials: "same-origin" };
  if (!url.protocol.startsWith("http")) return fetch(url, plain);
  try {
    const response = await fetch(url, { ...plain, headers: { Range: "bytes=0-" } });
    if (response.ok || response.status === 404) return response;
    await response.body?.cancel().catch(() => undefined);
  } catch (error) {
    if (isAbortError(error)) throw error;
    // A server may refuse to be asked for parts by pages of another origin (CORS).
  }
  return fetch(url, plain);
}

/** Collects the body; parts become Blobs as they come, which a browser keeps on disk when they grow. */
async function readBody(
  body: ReadableStream<Uint8Array>,
  subject: string,
  length: number,
  options: ProgressOptions,
  base: number,
  share: number,
): Promise<Blob> {
  const reader = body.getReader();
  const blobs: Blob[] = [];
  let parts: Uint8Array<ArrayBuffer>[] = [];
  let partBytes = 0;
  let total = 0;
  try {
    for (;;) {
      options.signal?.throwIfAborted();
      const { done, value } = await reader.read();
      if (done) break;
      parts.push(new Uint8Array(value));
      partBytes += value.length;
      total += value.length;
      if (total > FETCH_MAX_BYTES) throw tooLarge(subject, total);
      if (partBytes > 16 * 1024 ** 2) {
        blobs.push(new Blob(parts));
        parts = [];
        partBytes = 0;
      }
      const of = length > 0 ? ` of ${formatBytes(length)}` : "";
      options.onProgress?.({
        fraction: base + share * (length > 0 ? Math.min(1, total / length) : 0),
        what: `fetched ${formatBytes(total)}${of}`,
      });
    }
  } catch (error) {
    await reader.cancel().catch(() => undefined);
    if (isAbortError(error) || error instanceof VoxelwrightError) throw error;
    throw new VoxelwrightError("network", "The connection broke while the file was fetched.", {
      subject,
      advice: "Try again.",
      cause: error,
    });
  }
  return new Blob([...blobs, ...parts]);
}

function statusError(subject: string, response: Response): VoxelwrightError {
  const advice: Readonly<Record<number, string>> = {
    401: "The server asks for a login; download the file and drop it here.",
    403: "The server refuses access; download the file and drop it here.",
    404: "No file is there; check the address.",
    429: "The server asks to wait; try again later.",
  };
  return new VoxelwrightError(
    "network",
    `The server answered ${response.status}${response.statusText ? ` ${response.statusText}` : ""}.`,
    {
      subject,
      advice:
        advice[response.status] ??
        (response.status >= 500 ? "The server is in trouble; try again later." : "Check the address."),
      fields: { status: response.status },
    },
  );
}

function tooLarge(subject: string, bytes: number): Error {
  return limitError(
    subject,
    `The file has ${formatBytes(bytes)}; ${formatBytes(FETCH_MAX_BYTES)} is the limit for fetching.`,
    "Download it and open it from disk.",
  );
}

/** Relative paths of the data files that a header names. Throws `source` for one that leaves its folder. */
async function detachedNames(file: SourceFile): Promise<string[]> {
  const text = new TextDecoder("latin1").decode(await file.blob.slice(0, HEADER_MAX_BYTES).arrayBuffer());
  if (/\.hdr$/i.test(file.name)) return [file.name.replace(/hdr$/i, (ending) => (ending === "HDR" ? "IMG" : "img"))];
  const field = text.startsWith("NRRD000") ? /^(?:data file|datafile): *(.*?)\r?$/im.exec(headerOnly(text)) : undefined;
  const meta = /^ *(?:ObjectType|NDims) *=/.test(text) ? /^ *ElementDataFile *= *(.*?)\r?$/m.exec(text) : undefined;
  const found = field ?? meta;
  if (!found || /^local$/i.test(found[1]!)) return [];
  const reference = found[1]!;
  if (/^list\b/i.test(reference)) {
    const lines = text
      .slice(found.index + found[0].length)
      .split(/\r?\n/)
      .map((line) => line.trim());
    return lines
      .filter((line) => line !== "")
      .slice(0, DETACHED_MAX_FILES)
      .map((line) => detachedPath(file.name, line));
  }
  const pattern = expandPattern(reference, DETACHED_MAX_FILES);
  return (pattern?.names ?? [reference]).map((line) => detachedPath(file.name, line));
}

/** A NRRD's fields; what follows an attached header is data. */
function headerOnly(text: string): string {
  const end = /\r?\n\r?\n/.exec(text);
  return end ? text.slice(0, end.index) : text;
}

function decodeURIComponentSafe(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
