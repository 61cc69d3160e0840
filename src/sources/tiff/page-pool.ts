import type { VoxelArray } from "#volume";
import { spawnWorker, transfer } from "#workers";
import { DecodingPool } from "../decoding-pool.ts";
import { decodePage } from "./decode-page.ts";
import type { PackedPage } from "./packed-page.ts";
import type { PageWorkerApi } from "./page.api.ts";

/** Who unpacks pages: this thread, or a pool of workers. */
export interface PageDecoding {
  /** As `decodePage`; takes ownership of the bytes. */
  decode(bytes: Uint8Array<ArrayBuffer>, page: PackedPage): Promise<VoxelArray>;
  /** Pages under way beside the one in use. */
  readonly ahead: number;
}

/** In the thread that calls. */
export const inlineDecoding: PageDecoding = { decode: decodePage, ahead: 1 };

const pool = DecodingPool.where(() =>
  spawnWorker<PageWorkerApi>(
    (Worker) => new Worker(new URL("./page.worker.ts", import.meta.url), { type: "module", name: "voxelwright pages" }),
  ),
);

/** In workers, where there are some. */
export const pageDecoding: PageDecoding = pool
  ? {
      ahead: pool.ahead,
      decode: (bytes, page) => pool.run((worker) => worker.decode(transfer(bytes, [bytes.buffer]), page)),
    }
  : inlineDecoding;
