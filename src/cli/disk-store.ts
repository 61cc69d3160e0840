import { open, readFile } from "node:fs/promises";
import { basename, join, resolve } from "node:path";
import type { ByteRange, ReadOptions, ZarrPath, ZarrStore } from "#sources";
import { readingOf } from "./input-files.ts";

/** A Zarr hierarchy in a folder of this machine. Files are opened when they are asked for and never listed: it may hold any number. */
export class DiskStore implements ZarrStore {
  readonly subject: string;
  readonly id: string;
  readonly local = true;
  readonly #root: string;

  constructor(root: string) {
    this.#root = root;
    this.subject = root.replace(/[/\\]+$/, "");
    this.id = basename(resolve(root));
  }

  get(path: ZarrPath, { signal }: ReadOptions = {}): Promise<Uint8Array | undefined> {
    return this.#orAbsent(path, (file) => readFile(file, signal ? { signal } : {}));
  }

  getRange(path: ZarrPath, range: ByteRange, { signal }: ReadOptions = {}): Promise<Uint8Array | undefined> {
    return this.#orAbsent(path, async (file) => {
      signal?.throwIfAborted();
      const handle = await open(file);
      try {
        const { size } = await handle.stat();
        const offset = "suffixLength" in range ? Math.max(0, size - range.suffixLength) : Math.min(range.offset, size);
        const length = Math.min("suffixLength" in range ? range.suffixLength : range.length, size - offset);
        const { bytesRead, buffer } = await handle.read(new Uint8Array(length), 0, length, offset);
        return buffer.subarray(0, bytesRead);
      } finally {
        await handle.close();
      }
    });
  }

  async probe(): Promise<void> {}

  async #orAbsent(path: ZarrPath, read: (file: string) => Promise<Uint8Array>): Promise<Uint8Array | undefined> {
    const file = join(this.#root, path);
    try {
      return await read(file);
    } catch (error) {
      // A folder where a file is asked for holds nothing of that name either.
      if (["ENOENT", "ENOTDIR", "EISDIR"].includes((error as NodeJS.ErrnoException).code ?? "")) return undefined;
      return readingOf(file, Promise.reject(error));
    }
  }
}
