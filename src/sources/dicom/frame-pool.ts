import { processors } from "#base";
import { spawnWorker, transfer, WorkerPool } from "#workers";
import type { VoxelArray } from "#volume";
import type { FrameInfo } from "./codecs/frame-info.ts";
import { decodeFrame } from "./decode-frame.ts";
import type { DecodeWorkerApi } from "./decode.api.ts";
import type { FrameDecoding } from "./slice-source.ts";

const MAX_WORKERS = 4;
/** Workers are ended when nothing was decoded for so long: heaps of codecs never shrink. */
const IDLE_MS = 5000;

/** Decodes compressed frames in workers beside the calling thread, which keeps the rest of an import for itself. */
class FramePool implements FrameDecoding {
  readonly ahead: number;
  readonly #size: number;
  #pool: WorkerPool<DecodeWorkerApi> | undefined;
  #next = 0;
  #underWay = 0;
  #idle: ReturnType<typeof setTimeout> | undefined;

  constructor(size: number) {
    this.#size = size;
    this.ahead = size + 1;
  }

  async decode(bytes: Uint8Array, info: FrameInfo): Promise<VoxelArray> {
    if (info.coding === "raw") return decodeFrame(bytes, info);
    clearTimeout(this.#idle);
    this.#underWay++;
    try {
      this.#pool ??= new WorkerPool(this.#size, spawnDecoder);
      const worker = await this.#pool.worker(this.#next++ % this.#size);
      return await worker.decode(transfer(bytes, [bytes.buffer as ArrayBuffer]), info);
    } finally {
      if (--this.#underWay === 0) this.#idle = setTimeout(() => this.#end(), IDLE_MS);
    }
  }

  #end(): void {
    this.#pool?.dispose();
    this.#pool = undefined;
  }
}

function spawnDecoder() {
  return spawnWorker<DecodeWorkerApi>(
    (Worker) =>
      new Worker(new URL("./decode.worker.ts", import.meta.url), { type: "module", name: "voxelwright frames" }),
  );
}

/** In the thread that calls. */
export const inlineDecoding: FrameDecoding = { decode: decodeFrame, ahead: 1 };

/** A pool in browsers with more than one core, else the thread that calls, which waits for frames most of the time. */
export function platformDecoding(): FrameDecoding {
  const cores = typeof Worker === "function" ? processors() : 1;
  return cores > 1 ? new FramePool(Math.min(cores, MAX_WORKERS)) : inlineDecoding;
}
