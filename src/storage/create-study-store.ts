import { BlobBytes } from "./blob-bytes.ts";
import type { BrickBytes } from "./brick-bytes.ts";
import type { EncoderFor } from "./brick-encoder.ts";
import { DexieStudyStore } from "./dexie-study-store.ts";
import { OpfsBytes } from "./opfs-bytes.ts";
import { browserEstimate, requestPersistence } from "./quota.ts";
import { type Database, type DatabaseOptions, openDatabase } from "./schema.ts";
import { storageError } from "./storage-errors.ts";
import type { StorageEstimate, StudyStore } from "./study-store.ts";
import { WorkerBytes } from "./worker-bytes.ts";

export interface StudyStoreOptions extends DatabaseOptions {
  /** Name of the database and of the folder of packs. Default `voxelwright`. */
  readonly name?: string;
  /** Where brick bytes of new studies go. Default `auto`: pack files where the browser can, else Blobs. */
  readonly bytes?: "auto" | "blob";
  /** Default: what the browser says. */
  readonly estimate?: () => Promise<StorageEstimate>;
  /** What encodes the bricks of new studies. Default: the thread that calls. */
  readonly encoderFor?: EncoderFor;
}

/** The local cache for the page: opened, and the browser asked to keep it. Rejects with `storage`; never hangs. */
export async function createStudyStore(options: StudyStoreOptions = {}): Promise<StudyStore> {
  requestPersistence();
  return openStudyStore(options);
}

/**
 * The same cache for any other thread, such as the import's worker. Each thread has its own connection and its own file handles;
 * what one flushes the others read.
 */
export async function openStudyStore(options: StudyStoreOptions = {}): Promise<StudyStore> {
  const { name = "voxelwright", bytes = "auto", estimate = browserEstimate, encoderFor, ...databaseOptions } = options;
  let database: Database;
  try {
    database = await openDatabase(name, databaseOptions);
  } catch (error) {
    throw storageError(error);
  }
  const blobs = new BlobBytes(database);
  const packs = bytes === "auto" ? await openPacks(`${name}-packs`) : undefined;
  return new DexieStudyStore({ database, bytes: packs ? [packs, blobs] : [blobs], estimate, encoderFor });
}

/** Pack files: by this thread's own handles in a dedicated worker, else by the pack worker. */
async function openPacks(folderName: string): Promise<BrickBytes | undefined> {
  if (typeof globalThis.navigator?.storage?.getDirectory !== "function") return undefined;
  if ("DedicatedWorkerGlobalScope" in globalThis) return OpfsBytes.open(folderName);
  return WorkerBytes.open(folderName);
}
