import type { DecodedSamples } from "./frame-info.ts";
import { Codec } from "./cornerstone.ts";

const openjpeg = new Codec(
  "J2KDecoder",
  async () => (await import("@cornerstonejs/codec-openjpeg/decodewasmjs")).default,
  async () => (await import("@cornerstonejs/codec-openjpeg/decodewasm?url")).default,
);

/** JPEG 2000 (ISO/IEC 15444-1), lossless and lossy, by OpenJPEG. */
export function decodeJpeg2000(bytes: Uint8Array): Promise<DecodedSamples> {
  return openjpeg.decode(bytes);
}
