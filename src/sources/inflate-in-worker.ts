import { spawnWorker, transfer } from "#workers";
import type { DeflateFormat, InflateWorkerApi } from "./inflate.api.ts";

interface Piece {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly giveBack: (bytes: Uint8Array<ArrayBuffer>) => void;
}

/** `inflateStream` in a worker that ends with it. A chunk is the receiver's until it asks for the next. */
export async function* inflateInWorker(
  blob: Blob,
  format: DeflateFormat,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const worker = spawnWorker<InflateWorkerApi>(
    (Worker) =>
      new Worker(new URL("./inflate.worker.ts", import.meta.url), { type: "module", name: "voxelwright inflate" }),
  );
  const pieces: Piece[] = [];
  let wake: (() => void) | undefined;
  const onBytes = (bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> =>
    new Promise((giveBack) => {
      pieces.push({ bytes, giveBack });
      wake?.();
    });
  let ended: { readonly error?: unknown } | undefined;
  const end = (error?: unknown): void => {
    ended = { error };
    wake?.();
  };
  worker.api
    .inflate(blob, format, { ...(signal ? { signal } : {}), onBytes })
    .then((failure) => end(failure && rebuilt(failure)), end);
  try {
    for (;;) {
      const piece = pieces.shift();
      if (piece) {
        yield piece.bytes;
        piece.giveBack(transfer(piece.bytes, [piece.bytes.buffer]));
      } else if (ended) {
        if (ended.error !== undefined) throw ended.error;
        return;
      } else {
        await new Promise<void>((resolve) => {
          wake = resolve;
        });
      }
    }
  } finally {
    worker.terminate();
  }
}

/** The platform's error: of the file, or of the data in it. */
function rebuilt({ name, message }: { readonly name: string; readonly message: string }): Error {
  return name.endsWith("Error") && name !== "TypeError" && name !== "Error"
    ? new DOMException(message, name)
    : new TypeError(message);
}
