import { Dexie } from "dexie";
import { type BrickBytes, checkBytes } from "./brick-bytes.ts";
import type { BlobRow, Database } from "./schema.ts";

/** Bricks as Blobs in IndexedDB, for browsers without sync access handles. A flush is one transaction. */
export class BlobBytes implements BrickBytes {
  readonly kind = "blob";
  readonly #database: Database;
  readonly #waiting = new Map<string, BlobRow[]>();

  constructor(database: Database) {
    this.#database = database;
  }

  async write(pack: string, offset: number, bytes: Uint8Array<ArrayBuffer>): Promise<void> {
    const rows = this.#waiting.get(pack) ?? [];
    rows.push({ pack, offset, bytes: new Blob([bytes]) });
    this.#waiting.set(pack, rows);
  }

  async flush(pack: string): Promise<void> {
    const rows = this.#waiting.get(pack) ?? [];
    this.#waiting.delete(pack);
    await this.#database.blobs.bulkPut(rows);
  }

  async read(pack: string, offset: number, length: number, expected: number): Promise<ArrayBuffer> {
    const row = await this.#database.blobs.get([pack, offset]);
    const buffer = row ? await row.bytes.arrayBuffer() : new ArrayBuffer(0);
    checkBytes(new Uint8Array(buffer), length, expected);
    return buffer;
  }

  async readInto(pack: string, offset: number, bytes: Uint8Array, expected: number): Promise<void> {
    bytes.set(new Uint8Array(await this.read(pack, offset, bytes.length, expected)));
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
}
