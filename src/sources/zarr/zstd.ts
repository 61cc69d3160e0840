import { ZSTDDecoder } from "@thewtex/zstddec";
import { ZARR_CHUNK_MAX_BYTES } from "../limits.ts";
import { framesSize } from "./zstd-frames.ts";

const decoder = new ZSTDDecoder();
let started: Promise<void> | undefined;

/** Zstandard (RFC 8878): mostly one frame that states its size; those of writers that stream do not, and may be several. */
export class ZstdCodec {
  static fromConfig(): ZstdCodec {
    return new ZstdCodec();
  }

  async decode(bytes: Uint8Array): Promise<Uint8Array> {
    const { bytes: size, stated } = framesSize(bytes);
    if (size > ZARR_CHUNK_MAX_BYTES) throw new Error(`the frame claims ${size} bytes`);
    if (size === 0) return new Uint8Array(0);
    started ??= decoder.init();
    await started;
    const decoded = decoder.decode(bytes, size);
    // A failure gives nothing.
    if (decoded.length === 0 || (stated && decoded.length !== size)) throw new Error("the frame is damaged");
    return decoded;
  }
}
