import { VoxelwrightError } from "#base";
import type { DecodedSamples } from "./frame-info.ts";

/** The part of Cornerstone's codec modules (Emscripten with Embind) that is used. */
export interface CodecModule {
  readonly [decoder: string]: new () => FrameDecoder;
}

interface FrameDecoder {
  getEncodedBuffer(byteLength: number): Uint8Array;
  decode(): void;
  getDecodedBuffer(): Uint8Array;
  getFrameInfo(): { width: number; height: number; bitsPerSample: number; isSigned?: boolean; componentCount: number };
  delete(): void;
}

/** Options of an Emscripten module that are used. */
export interface ModuleOptions {
  locateFile?(path: string): string;
  print?(text: string): void;
  printErr?(text: string): void;
}

export type CodecFactory = (options: ModuleOptions) => Promise<CodecModule>;

const inNode = typeof process === "object" && typeof process.versions?.node === "string";

/**
 * A codec of one kind, loaded once. In Node the module finds its WASM file beside itself; elsewhere it is fetched from `wasmUrl`.
 * A module that failed hard (an abort leaves its memory in doubt) is dropped, and the next frame loads a fresh one.
 */
export class Codec {
  readonly #decoder: string;
  readonly #load: () => Promise<CodecFactory>;
  readonly #wasmUrl: () => Promise<string>;
  #module: Promise<CodecModule> | undefined;
  /** What the module printed during a call. */
  #said = "";

  constructor(decoder: string, load: () => Promise<CodecFactory>, wasmUrl: () => Promise<string>) {
    this.#decoder = decoder;
    this.#load = load;
    this.#wasmUrl = wasmUrl;
  }

  /** Decodes a code stream of one component; throws `source` when it is damaged or has several. */
  async decode(bytes: Uint8Array): Promise<DecodedSamples> {
    this.#module ??= this.#start();
    const module = await this.#module;
    const decoder = new module[this.#decoder]!();
    try {
      this.#said = "";
      decoder.getEncodedBuffer(bytes.length).set(bytes);
      decoder.decode();
      // OpenJPEG prints what it stumbles over and returns as if nothing were wrong.
      if (/\[ERROR\]/.test(this.#said)) throw new Error(this.#said);
      const { width, height, bitsPerSample, componentCount, isSigned } = decoder.getFrameInfo();
      if (width === 0 || height === 0) throw new Error("The decoder found no image.");
      if (componentCount !== 1)
        throw new VoxelwrightError("unsupported", `The compressed voxels have ${componentCount} components, not one.`);
      const decoded = decoder.getDecodedBuffer();
      const size = bitsPerSample <= 8 ? 1 : bitsPerSample <= 16 ? 2 : 4;
      if (decoded.length < width * height * size) throw new Error("The decoder gave too few samples.");
      const copy = decoded.slice(0, width * height * size).buffer;
      return { columns: width, rows: height, samples: typed(copy, size, isSigned === true) };
    } catch (cause) {
      if (cause instanceof WebAssembly.RuntimeError) this.#module = undefined;
      throw cause;
    } finally {
      if (this.#module) decoder.delete();
    }
  }

  async #start(): Promise<CodecModule> {
    const factory = await this.#load();
    const listen = (text: string): void => {
      this.#said += `${text}\n`;
    };
    const options = { print: listen, printErr: listen };
    if (inNode) return factory(options);
    const url = await this.#wasmUrl();
    return factory({ ...options, locateFile: () => url });
  }
}

function typed(buffer: ArrayBufferLike, size: number, signed: boolean): ArrayLike<number> {
  if (size === 1) return signed ? new Int8Array(buffer) : new Uint8Array(buffer);
  if (size === 2) return signed ? new Int16Array(buffer) : new Uint16Array(buffer);
  return signed ? new Int32Array(buffer) : new Uint32Array(buffer);
}
