import type { StoredPlace } from "./brick-bytes.ts";

/** What the pack worker does for a page, which has no sync access handles: the calls of `BrickBytes` by name of the folder. */
export interface PackWorkerApi {
  /** False where this browser has no sync access handles. Must be called first. */
  open(folderName: string): Promise<boolean>;
  /** The parts are moved. */
  write(pack: string, offset: number, parts: readonly Uint8Array<ArrayBuffer>[]): Promise<void>;
  flush(pack: string): Promise<void>;
  /** The result is moved. */
  read(pack: string, place: StoredPlace, byteLength: number): Promise<ArrayBuffer>;
  /** `bytes` lie in memory that both threads see. */
  readInto(pack: string, place: StoredPlace, bytes: Uint8Array): Promise<void>;
  close(pack: string): Promise<void>;
  remove(pack: string): Promise<void>;
  list(): Promise<string[]>;
}
