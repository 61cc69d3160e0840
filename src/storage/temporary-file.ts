import type { AbortOptions } from "#base";
import { storageError } from "./storage-errors.ts";

/** Folder of files on their way to the user, beside the packs. */
const FOLDER = "voxelwright-exports";
/** A download has ended when its file is this old, milliseconds: it is copied from the same disk. */
const KEPT_MS = 3600 * 1000;

/** What is smaller stays in memory. */
const IN_MEMORY_BYTES = 2 ** 24;

/**
 * Bytes on their way to the user: in memory while they are few, then in a file of the origin private file system, so that what is
 * written may have any size. Files of an hour ago are removed. Where the browser has no such file all stays in memory, in blobs: the
 * browser decides where their bytes lie. Writing rejects with `storage`, `quota: true` where the disk is full.
 */
export class TemporaryFile {
  readonly #mediaType: string;
  readonly #subject: string;
  #pending: Uint8Array<ArrayBuffer>[] = [];
  #pendingBytes = 0;
  #blobs: Blob[] = [];
  /** Undefined until there is too much for memory, null where the browser has no files. */
  #file: OpenFile | null | undefined;

  /** `subject` is what errors are about. */
  constructor(mediaType: string, subject: string) {
    this.#mediaType = mediaType;
    this.#subject = subject;
  }

  /** Takes ownership of the bytes. */
  async write(bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    if (this.#file) {
      await this.#done(this.#file.writable.write(bytes));
      return;
    }
    this.#pending.push(bytes);
    this.#pendingBytes += bytes.length;
    if (this.#pendingBytes < IN_MEMORY_BYTES) return;
    this.#file ??= await this.#done(openFile());
    const all = new Blob(this.#pending);
    this.#pending = [];
    this.#pendingBytes = 0;
    if (this.#file) await this.#done(this.#file.writable.write(all));
    else this.#blobs.push(all);
  }

  /** All that was written. */
  async finish(): Promise<Blob> {
    const type = this.#mediaType;
    if (!this.#file) return new Blob([...this.#blobs, ...this.#pending], { type });
    await this.#done(this.#file.writable.close());
    return new Blob([await this.#file.handle.getFile()], { type });
  }

  /** Leaves nothing on the disk. */
  async discard(): Promise<void> {
    this.#pending = [];
    this.#blobs = [];
    if (!this.#file) return;
    const { folder, handle, writable } = this.#file;
    await writable.abort().catch(() => undefined);
    await folder.removeEntry(handle.name).catch(() => undefined);
  }

  async #done<T>(step: Promise<T>): Promise<T> {
    try {
      return await step;
    } catch (error) {
      throw storageError(error, this.#subject);
    }
  }
}

/** Writes a stream into a temporary file. Rejects as `TemporaryFile` does, with what the stream rejects with, or AbortError; nothing is left then. */
export async function writeTemporaryFile(
  chunks: AsyncIterable<Uint8Array<ArrayBuffer>>,
  mediaType: string,
  subject: string,
  { signal }: AbortOptions = {},
): Promise<Blob> {
  const file = new TemporaryFile(mediaType, subject);
  try {
    for await (const chunk of chunks) {
      signal?.throwIfAborted();
      await file.write(chunk);
    }
    return await file.finish();
  } catch (error) {
    await file.discard();
    throw error;
  }
}

/** Removes what was handed on an hour ago and longer: its bytes count against the room for studies. */
export async function clearTemporaryFiles(): Promise<void> {
  const folder = await openFolder();
  if (folder) await removeOld(folder);
}

interface OpenFile {
  readonly folder: FileSystemDirectoryHandle;
  readonly handle: FileSystemFileHandle;
  readonly writable: FileSystemWritableFileStream;
}

async function openFile(): Promise<OpenFile | null> {
  const folder = await openFolder();
  if (!folder) return null;
  await removeOld(folder);
  const handle = await folder.getFileHandle(crypto.randomUUID(), { create: true });
  try {
    return { folder, handle, writable: await handle.createWritable() };
  } catch (error) {
    await folder.removeEntry(handle.name).catch(() => undefined);
    throw error;
  }
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
