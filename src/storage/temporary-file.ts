import type { AbortOptions } from "#base";
import { storageError } from "./storage-errors.ts";

/** Folder of files on their way to the user, beside the packs. */
const FOLDER = "voxelwright-exports";
/** A download has ended when its file is this old, milliseconds: it is copied from the same disk. */
const KEPT_MS = 3600 * 1000;

/**
 * Writes a stream of bytes to a file of the origin private file system, so that a file of any size never lies in memory, and gives
 * it as a Blob to hand on. Files of an hour ago are removed. Where the browser has no such file the bytes are collected. Rejects with
 * `storage` (`quota: true` where the disk is full), what the stream rejects with, or AbortError; nothing is left then.
 */
export async function writeTemporaryFile(
  chunks: AsyncIterable<Uint8Array<ArrayBuffer>>,
  mediaType: string,
  subject: string,
  { signal }: AbortOptions = {},
): Promise<Blob> {
  const folder = await openFolder();
  if (!folder) return collect(chunks, mediaType);
  await removeOld(folder);
  const done = async <T>(step: Promise<T>): Promise<T> =>
    step.catch((error: unknown) => {
      throw storageError(error, subject);
    });
  const name = crypto.randomUUID();
  try {
    const handle = await done(folder.getFileHandle(name, { create: true }));
    const writable = await done(handle.createWritable());
    try {
      for await (const chunk of chunks) {
        signal?.throwIfAborted();
        await done(writable.write(chunk));
      }
      await done(writable.close());
    } catch (error) {
      await writable.abort().catch(() => undefined);
      throw error;
    }
    return new Blob([await handle.getFile()], { type: mediaType });
  } catch (error) {
    await folder.removeEntry(name).catch(() => undefined);
    throw error;
  }
}

/** Removes what was handed on an hour ago and longer: its bytes count against the room for studies. */
export async function clearTemporaryFiles(): Promise<void> {
  const folder = await openFolder();
  if (folder) await removeOld(folder);
}

async function openFolder(): Promise<FileSystemDirectoryHandle | undefined> {
  if (typeof FileSystemFileHandle === "undefined" || !("createWritable" in FileSystemFileHandle.prototype))
    return undefined;
  try {
    return await (await navigator.storage.getDirectory()).getDirectoryHandle(FOLDER, { create: true });
  } catch {
    // Private windows of some browsers have none.
    return undefined;
  }
}

async function removeOld(folder: FileSystemDirectoryHandle): Promise<void> {
  for await (const entry of folder.values()) {
    if (entry.kind !== "file") continue;
    const { lastModified } = await entry.getFile();
    if (Date.now() - lastModified > KEPT_MS) await folder.removeEntry(entry.name).catch(() => undefined);
  }
}

async function collect(chunks: AsyncIterable<Uint8Array<ArrayBuffer>>, type: string): Promise<Blob> {
  const parts: Blob[] = [];
  // Blobs of some size: the browser decides where their bytes lie.
  let pending: Uint8Array<ArrayBuffer>[] = [];
  let bytes = 0;
  for await (const chunk of chunks) {
    pending.push(chunk);
    bytes += chunk.length;
    if (bytes < 2 ** 24) continue;
    parts.push(new Blob(pending));
    pending = [];
    bytes = 0;
  }
  return new Blob([...parts, ...pending], { type });
}
