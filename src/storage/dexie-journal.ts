import type { VolumeDescription } from "#volume";
import { Dexie } from "dexie";
import { checksum } from "./checksum.ts";
import { damaged, missing, outOfTurn } from "./journal-errors.ts";
import type { Database } from "./schema.ts";
import { guarded } from "./storage-errors.ts";
import type { JournalStore, StoredEntry, StoredLabelBrick, StoredLists } from "./study-store.ts";

/** Lines read at once; entries can be large. */
const LINES_AT_ONCE = 16;

/** Labels and journal of one study in the database. */
export class DexieJournal implements JournalStore {
  readonly #database: Database;
  readonly #volumeId: string;
  readonly #checkOpen: () => void;

  /** `checkOpen` throws once the store is closed. */
  constructor(database: Database, volumeId: string, checkOpen: () => void) {
    this.#database = database;
    this.#volumeId = volumeId;
    this.#checkOpen = checkOpen;
  }

  append(
    entry: StoredEntry,
    labelBricks: readonly StoredLabelBrick[],
    lists: StoredLists,
    description?: VolumeDescription,
  ): Promise<void> {
    const database = this.#database;
    const volumeId = this.#volumeId;
    const { sequence, line, header } = entry;
    const kept = labelBricks.flatMap(({ brickIndex, bytes }) =>
      bytes ? [{ volumeId, brickIndex, bytes, checksum: checksum(bytes) }] : [],
    );
    const gone = labelBricks.flatMap(({ brickIndex, bytes }): [string, number][] =>
      bytes ? [] : [[volumeId, brickIndex]],
    );
    const tables = [database.studies, database.entries, database.headers, database.labelBricks, database.segmentLists];
    const write = async (): Promise<void> => {
      if ((await database.studies.get(volumeId)) === undefined) throw missing(volumeId);
      const due = await this.#count();
      if (sequence !== due) throw outOfTurn(volumeId, sequence, due);
      await database.entries.add({ volumeId, sequence, line });
      await database.headers.add({ volumeId, sequence, header });
      if (kept.length > 0) await database.labelBricks.bulkPut(kept);
      if (gone.length > 0) await database.labelBricks.bulkDelete(gone);
      await database.segmentLists.put({ volumeId, json: lists.segments, measurements: lists.measurements });
      if (description) await database.studies.update(volumeId, { description });
    };
    return this.#run(() => database.transaction("rw", tables, write));
  }

  restore(labelBricks: ReadonlyMap<number, Uint8Array>, lists: StoredLists): Promise<void> {
    const database = this.#database;
    const volumeId = this.#volumeId;
    const rows = [...labelBricks].map(([brickIndex, bytes]) => ({
      volumeId,
      brickIndex,
      bytes,
      checksum: checksum(bytes),
    }));
    const write = async (): Promise<void> => {
      await this.#range(database.labelBricks, "brickIndex", 0).delete();
      await database.labelBricks.bulkPut(rows);
      await database.segmentLists.put({ volumeId, json: lists.segments, measurements: lists.measurements });
    };
    return this.#run(() => database.transaction("rw", [database.labelBricks, database.segmentLists], write));
  }

  async *lines(fromSequence = 0): AsyncGenerator<string> {
    const { entries } = this.#database;
    for (let from = fromSequence; ; from += LINES_AT_ONCE) {
      const rows = await this.#run(() => this.#range(entries, "sequence", from).limit(LINES_AT_ONCE).toArray());
      for (const row of rows) yield row.line;
      if (rows.length < LINES_AT_ONCE) return;
    }
  }

  async line(sequence: number): Promise<string | undefined> {
    return (await this.#run(() => this.#database.entries.get([this.#volumeId, sequence])))?.line;
  }

  async headers(): Promise<string[]> {
    const rows = await this.#run(() => this.#range(this.#database.headers, "sequence", 0).toArray());
    return rows.map((row) => row.header);
  }

  count(): Promise<number> {
    return this.#run(() => this.#count());
  }

  async labelBricks(): Promise<Map<number, Uint8Array>> {
    const rows = await this.#run(() => this.#range(this.#database.labelBricks, "brickIndex", 0).toArray());
    return new Map(
      rows.map(({ brickIndex, bytes, checksum: expected }) => {
        if (checksum(bytes) !== expected) throw damaged(this.#volumeId, brickIndex);
        return [brickIndex, bytes];
      }),
    );
  }

  async segments(): Promise<string | undefined> {
    return (await this.#run(() => this.#database.segmentLists.get(this.#volumeId)))?.json;
  }

  async measurements(): Promise<string | undefined> {
    return (await this.#run(() => this.#database.segmentLists.get(this.#volumeId)))?.measurements;
  }

  async #run<T>(run: () => PromiseLike<T>): Promise<T> {
    this.#checkOpen();
    return guarded(run, this.#volumeId);
  }

  async #count(): Promise<number> {
    const last = await this.#range(this.#database.headers, "sequence", 0).last();
    return last ? last.sequence + 1 : 0;
  }

  #range<Row>(table: Dexie.Table<Row, [string, number]>, field: "sequence" | "brickIndex", from: number) {
    return table.where(`[volumeId+${field}]`).between([this.#volumeId, from], [this.#volumeId, Dexie.maxKey]);
  }
}
