import { isAbortError } from "#base";
import { serveWorker, transfer } from "#workers";
import { blobChunks } from "./blob-chunks.ts";
import { inflateStream } from "./inflate-stream.ts";
import type { ReadOptions, ReadWorkerApi } from "./read.api.ts";

/** Bytes that wait for the other thread at once; of large pieces, two. */
const WAITING_BYTES = 8 * 2 ** 20;

/** Gathers chunks of the platform, which of its decoder are small and many, into pieces, whose memory comes back. */
class Pieces {
  readonly #onBytes: ReadOptions["onBytes"];
  readonly #step: number;
  readonly #most: number;
  readonly #free: Uint8Array<ArrayBuffer>[] = [];
  #made = 0;
  readonly #out = new Set<Promise<void>>();
  #back: (() => void) | undefined;
  #piece: Uint8Array<ArrayBuffer> | undefined;
  #filled = 0;

  constructor(step: number, onBytes: ReadOptions["onBytes"]) {
    this.#onBytes = onBytes;
    this.#step = step;
    this.#most = Math.max(2, Math.floor(WAITING_BYTES / step));
  }

  async add(chunk: Uint8Array): Promise<void> {
    for (let at = 0; at < chunk.length; ) {
      this.#piece ??= await this.#room();
      const size = Math.min(chunk.length - at, this.#step - this.#filled);
      this.#piece.set(chunk.subarray(at, at + size), this.#filled);
      this.#filled += size;
      at += size;
      if (this.#filled === this.#step) this.#handOverGathered();
    }
  }

  /** Reads a file piece by piece, each straight into its memory. */
  async addFile(blob: Blob, signal: AbortSignal | undefined): Promise<void> {
    const chunks = blobChunks(blob, 0, blob.size, signal, this.#step);
    for (let next = await chunks.next(); !next.done; next = await chunks.next(await this.#room())) {
      this.#handOver(next.value);
    }
  }

  /** Hands over what is gathered; resolves when all has come back: what is said after it may come before it. */
  async end(): Promise<void> {
    this.#handOverGathered();
    await Promise.all(this.#out);
  }

  #handOverGathered(): void {
    const piece = this.#piece;
    if (!piece) return;
    this.#handOver(piece.subarray(0, this.#filled));
    this.#piece = undefined;
    this.#filled = 0;
  }

  #handOver(bytes: Uint8Array<ArrayBuffer>): void {
    const out = this.#onBytes(transfer(bytes, [bytes.buffer])).then((room) => {
      this.#out.delete(out);
      this.#free.push(new Uint8Array(room.buffer));
      this.#back?.();
    });
    this.#out.add(out);
  }

  async #room(): Promise<Uint8Array<ArrayBuffer>> {
    if (this.#free.length === 0 && this.#made < this.#most) {
      this.#made++;
      return new Uint8Array(this.#step);
    }
    while (this.#free.length === 0) {
      await new Promise<void>((resolve) => {
        this.#back = resolve;
      });
    }
    return this.#free.pop()!;
  }
}

const api: ReadWorkerApi = {
  async read(blob, format, step, { signal, onBytes }) {
    const pieces = new Pieces(step, onBytes);
    try {
      if (format === "raw") await pieces.addFile(blob, signal);
      else for await (const chunk of inflateStream(blob, format, signal)) await pieces.add(chunk);
      await pieces.end();
      return undefined;
    } catch (error) {
      if (isAbortError(error)) throw error;
      await pieces.end();
      const { name, message } = error instanceof Error ? error : new Error(String(error));
      return { name, message };
    }
  },
};

serveWorker(api);
