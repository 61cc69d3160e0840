export { dicomReader } from "./reader.ts";
export { decodeFrame, type FrameInfo } from "./decode-frame.ts";
