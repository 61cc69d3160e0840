import type { VoxelArray } from "#volume";
import type { FrameInfo } from "./codecs/frame-info.ts";

/** A worker that decodes frames. */
export interface DecodeWorkerApi {
  /** As `decodeFrame`; bytes and voxels are moved. */
  decode(bytes: Uint8Array, info: FrameInfo): Promise<VoxelArray>;
}
