import { CHUNK_BYTES } from "./limits.ts";

/** Reads bytes `start` to `end` of a file; may give fewer only at its end. */
export type ReadRange = (start: number, end: number) => Promise<Uint8Array<ArrayBuffer>>;

/** The same as a stream, where that is another thing than to read it bit by bit. */
export type StreamRange = (start: number, end: number) => ReadableStream<Uint8Array<ArrayBuffer>>;

/** What is read from afar, so that each read waits for an answer: an address, or an entry of an archive there. */
export interface Afar {
  /** Asks once whether it can be reached; rejects with `network` while it cannot. */
  probe(): Promise<void>;
}

/** Where a blob is read from; undefined for one at hand. */
export function afarOf(blob: Blob): Afar | undefined {
  return "afar" in blob ? (blob.afar as Afar | undefined) : undefined;
}

/**
 * A Blob in all but name over anything that is read by position: one of the platform's costs a browser a tenth of a millisecond to be made, and readers slice at will. Node's `fs.openAsBlob` holds sizes in 32 bits (a file of 4 GiB and a bit seems
 * to have that bit), so on Node files are opened with `FileHandle.read` and this. It cannot be cloned to another thread.
 */
export class RangeBlob implements Blob {
  readonly type = "";
  readonly #read: ReadRange;
  readonly #start: number;
  readonly #end: number;
  readonly #stream: StreamRange | undefined;
  readonly afar: Afar | undefined;

  constructor(read: ReadRange, end: number, start = 0, stream?: StreamRange, afar?: Afar) {
    this.#read = read;
    this.#start = start;
    this.#end = end;
    this.#stream = stream;
    this.afar = afar;
  }

  get size(): number {
    return this.#end - this.#start;
  }

  slice(start = 0, end = this.size): Blob {
    const at = (position: number): number =>
      this.#start + (position < 0 ? Math.max(0, this.size + position) : Math.min(position, this.size));
    return new RangeBlob(this.#read, Math.max(at(start), at(end)), at(start), this.#stream, this.afar);
  }

  async arrayBuffer(): Promise<ArrayBuffer> {
    const bytes = await this.#read(this.#start, this.#end);
    const whole = bytes.byteOffset === 0 && bytes.byteLength === bytes.buffer.byteLength;
    return whole ? bytes.buffer : bytes.slice().buffer;
  }

  async bytes(): Promise<Uint8Array<ArrayBuffer>> {
    return new Uint8Array(await this.arrayBuffer());
  }

  async text(): Promise<string> {
    return new TextDecoder().decode(await this.arrayBuffer());
  }

  stream(): ReadableStream<Uint8Array<ArrayBuffer>> {
    if (this.#stream) return this.#stream(this.#start, this.#end);
    let at = this.#start;
    const end = this.#end;
    const read = this.#read;
    return new ReadableStream(
      {
        async pull(controller) {
          const bytes = at < end ? await read(at, Math.min(at + CHUNK_BYTES, end)) : undefined;
          if (!bytes || bytes.length === 0) controller.close();
          else {
            at += bytes.length;
            controller.enqueue(bytes);
          }
        },
      },
      { highWaterMark: 1 },
    );
  }
}
