import type { DeflateFormat } from "./inflate.api.ts";
import { inflateStream } from "./inflate-stream.ts";

/** Smaller ones are inflated before a worker has started. */
const WORTH_A_WORKER_BYTES = 16 * 1024 ** 2;

/**
 * `inflateStream` for one who has other work to do with every chunk: a large blob is inflated by a worker, so that both go on at once.
 * A chunk is the receiver's until it asks for the next.
 */
export async function* inflateElsewhere(
  blob: Blob,
  format: DeflateFormat,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array> {
  // Blobs of our own cannot be cloned to a worker; Node has no Worker of this kind.
  const plain = blob.constructor === Blob || blob.constructor === globalThis.File;
  if (plain && blob.size >= WORTH_A_WORKER_BYTES && typeof Worker === "function") {
    const { inflateInWorker } = await import("./inflate-in-worker.ts");
    yield* inflateInWorker(blob, format, signal);
  } else {
    yield* inflateStream(blob, format, signal);
  }
}
