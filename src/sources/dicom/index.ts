export type { FrameInfo } from "./codecs/frame-info.ts";
export { decodeFrame } from "./decode-frame.ts";
export { createDicomReader, dicomReader } from "./reader.ts";
export type { FrameDecoding } from "./slice-source.ts";
