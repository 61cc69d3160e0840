import { Dexie, type Table } from "dexie";
import type { BytesKind, StudyRecord } from "./study-store.ts";

/** A study with where its bytes are. */
export interface StudyRow extends StudyRecord {
  /** Whether an import goes on is told by its lock, not by its row. */
  readonly state: "importing" | "ready";
  readonly bytesKind: BytesKind;
  /** Name of its pack. */
  readonly pack: string;
  /** First byte and first page after the bricks of `wholeSlices`. */
  readonly resumeAt?: { readonly offset: number; readonly page: number };
  /** How often an import that was cut off has been taken up: pages of before may have been taken back. */
  readonly resumed?: number;
}

/** Index entries of the bricks of one flush; see `brick-index.ts`. */
export interface IndexPageRow {
  readonly volumeId: string;
  readonly page: number;
  readonly entries: Uint8Array;
  readonly checksum: number;
}

/** Bytes of one brick, where there are no pack files. */
export interface BlobRow {
  readonly pack: string;
  readonly offset: number;
  readonly bytes: Blob;
}

export interface EntryRow {
  readonly volumeId: string;
  readonly sequence: number;
  readonly line: string;
}

export interface HeaderRow {
  readonly volumeId: string;
  readonly sequence: number;
  readonly header: string;
}

export interface LabelBrickRow {
  readonly volumeId: string;
  readonly brickIndex: number;
  readonly bytes: Uint8Array;
  readonly checksum: number;
}

/** The lists of a study as JSON. */
export interface ListsRow {
  readonly volumeId: string;
  /** Segments. */
  readonly json: string;
  /** Absent in rows of version 1, which had no measurements. */
  readonly measurements?: string;
}

/** Files and folders of the user that a study is read from. */
export interface HandlesRow {
  readonly volumeId: string;
  readonly handles: readonly FileSystemHandle[];
}

/** What `Database` may be given in place of the browser's own, as in tests. */
export interface DatabaseOptions {
  readonly indexedDB?: IDBFactory;
  readonly IDBKeyRange?: typeof IDBKeyRange;
}

/**
 * The one database. Versions are added below, never changed: each `version(n)` says what differs and an `upgrade` moves the data.
 * Every transaction is strict: resolved means on the disk.
 */
export class Database extends Dexie {
  declare readonly studies: Table<StudyRow, string>;
  declare readonly indexPages: Table<IndexPageRow, [string, number]>;
  declare readonly blobs: Table<BlobRow, [string, number]>;
  declare readonly entries: Table<EntryRow, [string, number]>;
  declare readonly headers: Table<HeaderRow, [string, number]>;
  declare readonly labelBricks: Table<LabelBrickRow, [string, number]>;
  declare readonly segmentLists: Table<ListsRow, string>;
  declare readonly handles: Table<HandlesRow, string>;
  declare readonly settings: Table<{ readonly key: string; readonly value: unknown }, string>;
  declare readonly keys: Table<{ readonly id: string; readonly pair: CryptoKeyPair }, string>;

  constructor(name: string, options: DatabaseOptions) {
    super(name, { ...options, autoOpen: false, chromeTransactionDurability: "strict" });
    this.version(1).stores({
      studies: "&volumeId",
      indexPages: "&[volumeId+page]",
      blobs: "&[pack+offset]",
      entries: "&[volumeId+sequence]",
      headers: "&[volumeId+sequence]",
      labelBricks: "&[volumeId+brickIndex]",
      segmentLists: "&volumeId",
      settings: "&key",
      keys: "&id",
    });
    // Rows of lists hold measurements, which version 1 would drop. Old rows stay as they are.
    this.version(2).stores({});
    // Bricks of studies with an origin come in later, which version 2 would take for missing.
    this.version(3).stores({});
    // Handles of files; earlier versions kept none.
    this.version(4).stores({ handles: "&volumeId" });
    // Bricks may be compressed, which version 4 would take for voxels. Old ones stay as they are.
    this.version(5).stores({});
  }
}

/** The last version declared above. A newer database is refused: Dexie would open it and write old rows into it. */
const VERSION = 5;

/** Longest wait for the database to open; after it the call rejects instead of hanging. */
const OPEN_LIMIT_MS = 10_000;

/** Opens the database; rejects with an error when another tab blocks it or nothing happens. */
export async function openDatabase(name: string, options: DatabaseOptions): Promise<Database> {
  const database = new Database(name, options);
  let timer: ReturnType<typeof setTimeout> | undefined;
  const hindered = new Promise<never>((_, reject) => {
    const fail = (says: string): void => reject(new Error(says));
    database.on("blocked", () => fail("Another tab runs an older version of Voxelwright. Close it and reload."));
    timer = setTimeout(() => fail("The browser's database does not open. Restart the browser."), OPEN_LIMIT_MS);
  });
  try {
    await Promise.race([database.open(), hindered]);
    if (Math.floor(database.backendDB().version / 10) > VERSION) {
      throw new Error("It was written by a newer version of Voxelwright. Reload the page to get that version.");
    }
    return database;
  } catch (error) {
    database.close();
    throw error;
  } finally {
    clearTimeout(timer);
  }
}
