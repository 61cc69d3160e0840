import type { DecodedSamples } from "./frame-info.ts";
import { Codec } from "./cornerstone.ts";

const openjph = new Codec(
  "HTJ2KDecoder",
  async () => (await import("@cornerstonejs/codec-openjph")).default,
  async () => (await import("@cornerstonejs/codec-openjph/wasm?url")).default,
);

/** High-throughput JPEG 2000 (ISO/IEC 15444-15), by OpenJPH. */
export function decodeHtj2k(bytes: Uint8Array): Promise<DecodedSamples> {
  return openjph.decode(bytes);
}
