import { Dexie } from "dexie";
import { type BrickBytes, checkBytes, expandBytes, type StoredPlace } from "./brick-bytes.ts";
import type { BlobRow, Database } from "./schema.ts";

/** Bricks as Blobs in IndexedDB, for browsers without sync access handles. A flush is one transaction. */
export class BlobBytes implements BrickBytes {
  readonly kind = "blob";
  readonly #database: Database;
  readonly #waiting = new Map<string, BlobRow[]>();

  constructor(database: Database) {
    this.#database = database;
  }

  async write(pack: string, offset: number, parts: readonly Uint8Array<ArrayBuffer>[]): Promise<void> {
    const rows = this.#waiting.get(pack) ?? [];
    rows.push({ pack, offset, bytes: new Blob([...parts]) });
    this.#waiting.set(pack, rows);
  }

  async flush(pack: string): Promise<void> {
    const rows = this.#waiting.get(pack) ?? [];
    this.#waiting.delete(pack);
    await this.#database.blobs.bulkPut(rows);
  }

  async read(pack: string, place: StoredPlace, byteLength: number): Promise<ArrayBuffer> {
    const stored = await this.#stored(pack, place);
    if (stored.byteLength === byteLength) return stored;
    const bytes = new Uint8Array(byteLength);
    await expandBytes(new Uint8Array(stored), bytes);
    return bytes.buffer;
  }

  async readInto(pack: string, place: StoredPlace, bytes: Uint8Array): Promise<void> {
    const stored = new Uint8Array(await this.#stored(pack, place));
    if (stored.length === bytes.length) bytes.set(stored);
    else await expandBytes(stored, bytes);
  }

  async close(pack: string): Promise<void> {
    this.#waiting.delete(pack);
  }

  async remove(pack: string): Promise<void> {
    this.#waiting.delete(pack);
    await this.#database.blobs.where("[pack+offset]").between([pack, Dexie.minKey], [pack, Dexie.maxKey]).delete();
  }

  async list(): Promise<string[]> {
    const packs: string[] = [];
    const { blobs } = this.#database;
    for (let row = await blobs.orderBy("[pack+offset]").first(); row; ) {
      packs.push(row.pack);
      row = await blobs.where("[pack+offset]").above([row.pack, Dexie.maxKey]).first();
    }
    return packs;
  }

  dispose(): void {
    this.#waiting.clear();
  }

  async #stored(pack: string, place: StoredPlace): Promise<ArrayBuffer> {
    const row = await this.#database.blobs.get([pack, place.offset]);
    const buffer = row ? await row.bytes.arrayBuffer() : new ArrayBuffer(0);
    checkBytes(new Uint8Array(buffer), place);
    return buffer;
  }
}
