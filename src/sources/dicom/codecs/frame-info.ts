import type { PixelFormat } from "../instance.ts";
import type { FrameCoding } from "../transfer-syntax.ts";

/** All that decoding a frame needs besides its bytes; plain data, so that it may cross to a worker. */
export interface FrameInfo extends PixelFormat {
  readonly coding: FrameCoding;
  /** UID of the transfer syntax, which tells the kinds of JPEG apart. */
  readonly syntaxUid: string;
  /** Raw voxels: bytes of the words whose bytes are to be reversed; 1 for none. */
  readonly swapBytes: number;
}

/** What is told of a frame of JPEG. */
export type JpegFrame = Pick<FrameInfo, "rows" | "columns" | "bitsAllocated" | "bitsStored" | "syntaxUid">;

/** What a code stream decodes to, before bits are masked: samples of the code stream's own width, little endian. */
export interface DecodedSamples {
  readonly columns: number;
  readonly rows: number;
  /** Samples as they are, or unsigned bits that still need a sign. */
  readonly samples: ArrayLike<number>;
}
