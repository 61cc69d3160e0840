import { describe, expect, test } from "vitest";
import { blobChunks } from "../../../src/sources/blob-chunks.ts";

const bytes = Uint8Array.from({ length: 1000 }, (_, n) => n % 251);

/** A Blob whose stream gives pieces of 300 bytes, as a byte stream or not, and falls silent behind `end`. */
class PieceBlob extends Blob {
  readonly #ofBytes: boolean;
  readonly #end: number;
  cancelled = false;

  constructor(ofBytes: boolean, end = bytes.length) {
    super([bytes]);
    this.#ofBytes = ofBytes;
    this.#end = end;
  }

  override slice(start = 0, end = bytes.length): Blob {
    expect([start, end]).toEqual([0, bytes.length]);
    return this;
  }

  override stream(): ReadableStream<Uint8Array<ArrayBuffer>> {
    let at = 0;
    const pull = (controller: ReadableStreamDefaultController | ReadableByteStreamController): Promise<void> | void => {
      if (at === bytes.length) {
        controller.close();
        (controller as ReadableByteStreamController).byobRequest?.respond(0);
        return undefined;
      }
      if (at === this.#end) return new Promise(() => undefined);
      controller.enqueue(bytes.slice(at, Math.min(at + 300, this.#end)));
      at = Math.min(at + 300, this.#end);
      return undefined;
    };
    const cancel = (): void => void (this.cancelled = true);
    const stream = this.#ofBytes
      ? new ReadableStream({ type: "bytes", pull, cancel })
      : new ReadableStream({ pull, cancel });
    return stream as ReadableStream<Uint8Array<ArrayBuffer>>;
  }
}

async function read(chunks: AsyncIterable<Uint8Array>): Promise<number[][]> {
  const found: number[][] = [];
  for await (const chunk of chunks) found.push([...chunk]);
  return found;
}

describe.each([
  ["a byte stream", true],
  ["another stream", false],
])("chunks of %s", (_, ofBytes) => {
  test("have the size that was asked for but for the last, whatever pieces come", async () => {
    for (const step of [1, 7, 250, 300, 301, 999, 1000, 5000]) {
      const found = await read(blobChunks(new PieceBlob(ofBytes), 0, bytes.length, undefined, step));
      expect(found.slice(0, -1).every(({ length }) => length === step)).toBe(true);
      expect(found.flat()).toEqual([...bytes]);
    }
  });

  test("lie in memory that the receiver gives, or in the same", async () => {
    const chunks = blobChunks(new PieceBlob(ofBytes), 0, bytes.length, undefined, 400);
    const first = (await chunks.next()).value as Uint8Array;
    const kept = first.slice();
    const second = (await chunks.next(new Uint8Array(400))).value as Uint8Array;
    expect([...first]).toEqual([...kept]);
    expect([...second]).toEqual([...bytes.subarray(400, 800)]);
    await chunks.next();
    expect(second.length === 0 || second[0] === bytes[800]).toBe(true);
  });

  test("end by AbortError, at once, also while nothing comes", async () => {
    for (const end of [0, 300, 500]) {
      const blob = new PieceBlob(ofBytes, end);
      const abort = new AbortController();
      setTimeout(() => abort.abort(), 10);
      await expect(read(blobChunks(blob, 0, bytes.length, abort.signal, 200))).rejects.toMatchObject({
        name: "AbortError",
      });
      expect(blob.cancelled).toBe(true);
    }
  });
});
