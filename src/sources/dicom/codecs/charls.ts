import type { DecodedSamples } from "./frame-info.ts";
import { Codec } from "./cornerstone.ts";

const charls = new Codec(
  "JpegLSDecoder",
  async () => (await import("@cornerstonejs/codec-charls/decodewasmjs")).default,
  async () => (await import("@cornerstonejs/codec-charls/decodewasm?url")).default,
);

/** JPEG-LS, lossless and near lossless (ISO/IEC 14495-1), by CharLS. */
export function decodeJpegLs(bytes: Uint8Array): Promise<DecodedSamples> {
  return charls.decode(bytes);
}
