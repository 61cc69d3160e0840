import { VoxelwrightError } from "#base";
import { type BrickBytes, checkBytes, expandBytes, type StoredPlace } from "./brick-bytes.ts";

/** `createSyncAccessHandle` with its mode, which type libraries do not know yet. */
interface SyncHandleSource {
  createSyncAccessHandle(options?: { mode: "readwrite-unsafe" }): Promise<SyncHandle>;
}

interface SyncHandle {
  /** Undefined in browsers that know no modes: the handle is then exclusive. */
  readonly mode?: string;
  read(buffer: Uint8Array, options: { at: number }): number;
  write(buffer: Uint8Array, options: { at: number }): number;
  flush(): void;
  close(): void;
}

/**
 * Pack files in the origin private file system, in a dedicated worker: only there are sync access handles. Where the browser has
 * the mode `readwrite-unsafe`, several workers hold one file, so a pack is read while it is written; elsewhere the writer's handle
 * is exclusive and readers read the file itself.
 */
export class OpfsBytes implements BrickBytes {
  readonly kind = "opfs";
  readonly #folder: Promise<FileSystemDirectoryHandle>;
  readonly #handles = new Map<string, Promise<SyncHandle>>();
  /**
   * Handles of packs that another thread writes, held no longer than for reads under way: what a file grows meanwhile Chromium counts
   * for each of its handles, so a scan would take twice its room.
   */
  readonly #brief = new Map<string, { readonly opening: Promise<SyncHandle>; readers: number }>();
  readonly #shared: boolean;
  /** Rooms for compressed bytes, used again. */
  readonly #rooms: Uint8Array<ArrayBuffer>[] = [];

  private constructor(folder: Promise<FileSystemDirectoryHandle>, shared: boolean) {
    this.#folder = folder;
    this.#shared = shared;
  }

  /** Opens the folder of packs, or resolves with undefined where this thread has no sync access handles. */
  static async open(folderName: string): Promise<OpfsBytes | undefined> {
    try {
      const root = await navigator.storage.getDirectory();
      const folder = await root.getDirectoryHandle(folderName, { create: true });
      const probeName = `probe-${crypto.randomUUID()}`;
      const probe = (await folder.getFileHandle(probeName, { create: true })) as unknown as SyncHandleSource;
      const handle = await probe.createSyncAccessHandle({ mode: "readwrite-unsafe" });
      const shared = handle.mode === "readwrite-unsafe";
      handle.close();
      await folder.removeEntry(probeName);
      return new OpfsBytes(Promise.resolve(folder), shared);
    } catch {
      return undefined;
    }
  }

  async write(pack: string, offset: number, parts: readonly Uint8Array<ArrayBuffer>[]): Promise<void> {
    const handle = await this.#handle(pack, true);
    let at = offset;
    for (const part of parts) {
      const written = handle.write(part, { at });
      if (written !== part.length) throw new DOMException("The file could not grow.", "QuotaExceededError");
      at += written;
    }
  }

  async flush(pack: string): Promise<void> {
    (await this.#handle(pack, true)).flush();
  }

  async read(pack: string, place: StoredPlace, byteLength: number): Promise<ArrayBuffer> {
    const bytes = new Uint8Array(byteLength);
    await this.readInto(pack, place, bytes);
    return bytes.buffer;
  }

  async readInto(pack: string, place: StoredPlace, bytes: Uint8Array): Promise<void> {
    if (place.length === bytes.length) {
      checkBytes(bytes.subarray(0, await this.#read(pack, place, bytes)), place);
      return;
    }
    const room = this.#rooms.pop() ?? new Uint8Array(0);
    const held = room.length >= place.length ? room : new Uint8Array(place.length);
    try {
      const stored = held.subarray(0, place.length);
      checkBytes(stored.subarray(0, await this.#read(pack, place, stored)), place);
      await expandBytes(stored, bytes);
    } finally {
      if (this.#rooms.length < ROOMS_KEPT) this.#rooms.push(held);
    }
  }

  async close(pack: string): Promise<void> {
    const handle = this.#handles.get(pack);
    this.#handles.delete(pack);
    const opened = await handle?.catch(() => undefined);
    opened?.close();
  }

  async remove(pack: string): Promise<void> {
    await this.close(pack);
    try {
      await (await this.#folder).removeEntry(pack);
    } catch (error) {
      if (!(error instanceof DOMException && error.name === "NotFoundError")) throw error;
    }
  }

  async list(): Promise<string[]> {
    const names: string[] = [];
    for await (const name of (await this.#folder).keys()) if (name.endsWith(PACK_SUFFIX)) names.push(name);
    return names;
  }

  dispose(): void {
    for (const pack of [...this.#handles.keys()]) void this.close(pack);
  }

  async #read(pack: string, { offset, growing = false }: StoredPlace, bytes: Uint8Array): Promise<number> {
    const own = this.#handles.has(pack);
    if (!own && !this.#shared) return this.#readFile(pack, offset, bytes);
    if (own || !growing) return (await this.#handle(pack, false)).read(bytes, { at: offset });
    const brief = this.#brief.get(pack) ?? { opening: this.#open(pack, false), readers: 0 };
    this.#brief.set(pack, brief);
    brief.readers++;
    try {
      return (await brief.opening).read(bytes, { at: offset });
    } finally {
      brief.readers--;
      if (brief.readers === 0) {
        this.#brief.delete(pack);
        void brief.opening.then((handle) => handle.close()).catch(() => undefined);
      }
    }
  }

  async #readFile(pack: string, offset: number, bytes: Uint8Array): Promise<number> {
    const file = await (await (await this.#folder).getFileHandle(pack)).getFile();
    const part = new Uint8Array(await file.slice(offset, offset + bytes.length).arrayBuffer());
    bytes.set(part);
    return part.length;
  }

  #handle(pack: string, create: boolean): Promise<SyncHandle> {
    const known = this.#handles.get(pack);
    if (known) return known;
    const opening = this.#open(pack, create);
    this.#handles.set(pack, opening);
    opening.catch(() => this.#handles.delete(pack));
    return opening;
  }

  async #open(pack: string, create: boolean): Promise<SyncHandle> {
    const file = await (await this.#folder).getFileHandle(pack, { create });
    try {
      return await (file as unknown as SyncHandleSource).createSyncAccessHandle({ mode: "readwrite-unsafe" });
    } catch (cause) {
      if (!(cause instanceof DOMException && cause.name === "NoModificationAllowedError")) throw cause;
      throw new VoxelwrightError("storage", "A file of the local cache is held by another tab.", {
        advice: "Close the other tab.",
        fields: { quota: false },
        cause,
      });
    }
  }
}

/** Reads under way at once are few. */
const ROOMS_KEPT = 4;

/** End of every pack's file name. */
export const PACK_SUFFIX = ".pack";
