import { isVoxelwrightError, processors } from "#base";
import { blobChunks } from "./blob-chunks.ts";
import { CHUNK_BYTES } from "./limits.ts";
import { inflateStream } from "./inflate-stream.ts";
import type { DeflateFormat } from "./read.api.ts";

/** Smaller ones are inflated before a worker has started. */
const WORTH_A_WORKER_BYTES = 16 * 1024 ** 2;
/** The same of bytes that only have to be read. */
const WORTH_READING_BYTES = 64 * 1024 ** 2;
/** Reading takes half a core where cutting takes one: on fewer cores than these they would wait for one another. */
const CORES_TO_READ = 4;

/**
 * `inflateStream` for one who has other work to do with every chunk: a large blob is inflated by a worker, so that both go on at once.
 * A chunk is the receiver's until it asks for the next.
 */
export async function* inflateElsewhere(
  blob: Blob,
  format: DeflateFormat,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array> {
  if (canLeave(blob) && blob.size >= WORTH_A_WORKER_BYTES) {
    const { readInWorker } = await import("./read-in-worker.ts");
    yield* readInWorker(blob, format, CHUNK_BYTES, signal);
  } else {
    yield* inflateStream(blob, format, signal);
  }
}

/** `blobChunks` likewise, where there is a core for it. */
export async function* readElsewhere(
  blob: Blob,
  start: number,
  end: number,
  signal?: AbortSignal,
  step = CHUNK_BYTES,
): AsyncGenerator<Uint8Array> {
  let at = start;
  if (canLeave(blob) && end - start >= WORTH_READING_BYTES && processors() >= CORES_TO_READ) {
    try {
      const { readInWorker } = await import("./read-in-worker.ts");
      for await (const chunk of readInWorker(blob.slice(start, end), "raw", step, signal)) {
        at += chunk.length;
        yield chunk;
      }
      return;
    } catch (error) {
      // A worker that does not start, or is gone, is no fault of the file: what is left is read here.
      if (!isOfTheWorker(error)) throw error;
    }
  }
  yield* blobChunks(blob, at, end, signal, step);
}

/** A module that cannot be loaded is a TypeError; errors of files are of the platform. */
function isOfTheWorker(error: unknown): boolean {
  return error instanceof TypeError || (isVoxelwrightError(error) && error.kind === "worker");
}

/** Blobs of our own cannot be cloned to a worker; Node has no Worker of this kind. */
function canLeave(blob: Blob): boolean {
  return (blob.constructor === Blob || blob.constructor === globalThis.File) && typeof Worker === "function";
}
