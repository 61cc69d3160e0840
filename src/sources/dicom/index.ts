export type { FrameInfo } from "./codecs/frame-info.ts";
export { decodeFrame } from "./decode-frame.ts";
export { dicomReader } from "./reader.ts";
