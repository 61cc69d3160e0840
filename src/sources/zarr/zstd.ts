import { ZSTDDecoder } from "@thewtex/zstddec";
import { ZARR_CHUNK_MAX_BYTES } from "../limits.ts";

const decoder = new ZSTDDecoder();
let started: Promise<void> | undefined;

/** Zstandard (RFC 8878) as Zarr uses it: one frame that states its size. */
export class ZstdCodec {
  static fromConfig(): ZstdCodec {
    return new ZstdCodec();
  }

  async decode(bytes: Uint8Array): Promise<Uint8Array> {
    const size = frameContentSize(bytes);
    if (size === undefined) throw new Error("this is no Zstandard frame that states its size");
    if (size > ZARR_CHUNK_MAX_BYTES) throw new Error(`the frame claims ${size} bytes`);
    if (size === 0) return new Uint8Array(0);
    started ??= decoder.init();
    await started;
    const decoded = decoder.decode(bytes, size);
    if (decoded.length !== size) throw new Error("the frame is damaged");
    return decoded;
  }
}

/** The size that the frame's header states (RFC 8878, 3.1.1.1); undefined where there is none. */
function frameContentSize(bytes: Uint8Array): number | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 6 || view.getUint32(0, true) !== 0xfd2fb528) return undefined;
  const descriptor = bytes[4]!;
  const single = (descriptor & 0x20) !== 0;
  const at = 5 + (single ? 0 : 1) + [0, 1, 2, 4][descriptor & 3]!;
  const width = [single ? 1 : 0, 2, 4, 8][descriptor >> 6]!;
  if (width === 0 || bytes.length < at + width) return undefined;
  if (width === 1) return bytes[at]!;
  if (width === 2) return view.getUint16(at, true) + 256;
  return width === 4 ? view.getUint32(at, true) : Number(view.getBigUint64(at, true));
}
