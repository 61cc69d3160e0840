import { spawnWorker, transfer } from "#workers";
import type { DeflateFormat, ReadWorkerApi } from "./read.api.ts";

interface Piece {
  readonly bytes: Uint8Array<ArrayBuffer>;
  readonly giveBack: (bytes: Uint8Array<ArrayBuffer>) => void;
}

/** The bytes of a blob, inflated or as they are, by a worker that ends with it, in chunks of `step`, each the receiver's until it asks for the next. */
export async function* readInWorker(
  blob: Blob,
  format: DeflateFormat | "raw",
  step: number,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array> {
  const worker = spawnWorker<ReadWorkerApi>(
    (Worker) =>
      new Worker(new URL("./read.worker.ts", import.meta.url), { type: "module", name: "voxelwright reader" }),
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
    .read(blob, format, step, { ...(signal ? { signal } : {}), onBytes })
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
