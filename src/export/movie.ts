import { type ProgressOptions, VoxelwrightError } from "#base";
import { type VideoChunk, webmFile } from "./webm.ts";

const CODECS = [
  { codec: "V_VP9", config: "vp09.00.41.08" },
  { codec: "V_VP8", config: "vp8" },
] as const;

/** Pictures waiting in the encoder at most, so that none pile up in memory. */
const WAITING = 4;
/** Pictures from one key frame to the next. */
const KEY_EVERY = 30;

export interface MovieOptions {
  /** Pixels, even. */
  readonly width: number;
  readonly height: number;
  readonly framesPerSecond: number;
  readonly frames: number;
  /** Bits a second. Default by size and rate. */
  readonly bitsPerSecond?: number;
  /** Picture `n`, ready to be taken. */
  frameAt(n: number, options: ProgressOptions): Promise<OffscreenCanvas>;
}

/**
 * A WebM movie of pictures that are made one by one, however long each takes. Rejects with `unsupported` where the browser encodes
 * neither VP9 nor VP8 of this size.
 */
export async function encodeMovie(options: MovieOptions, run: ProgressOptions = {}): Promise<Uint8Array<ArrayBuffer>> {
  const { width, height, framesPerSecond, frames } = options;
  const bitrate = options.bitsPerSecond ?? Math.max(width * height * framesPerSecond * 0.15, 500_000);
  const chosen = await chooseCodec({ width, height, framerate: framesPerSecond, bitrate });
  const chunks: VideoChunk[] = [];
  let failure: unknown;
  const encoder = new VideoEncoder({
    output: (chunk) => {
      const bytes = new Uint8Array(chunk.byteLength);
      chunk.copyTo(bytes);
      chunks.push({ bytes, key: chunk.type === "key" });
    },
    error: (error) => {
      failure = error;
    },
  });
  try {
    encoder.configure(chosen.config);
    for (let n = 0; n < frames; n++) {
      run.signal?.throwIfAborted();
      const canvas = await options.frameAt(n, {
        ...run,
        onProgress: ({ fraction }) => run.onProgress?.({ fraction: (n + fraction) / frames, what: "Painting" }),
      });
      const frame = new VideoFrame(canvas, {
        timestamp: Math.round((n * 1e6) / framesPerSecond),
        duration: Math.round(1e6 / framesPerSecond),
      });
      encoder.encode(frame, { keyFrame: n % KEY_EVERY === 0 });
      frame.close();
      while (encoder.encodeQueueSize > WAITING && failure === undefined)
        await new Promise((resolve) => setTimeout(resolve, 5));
      if (failure !== undefined) break;
    }
    if (failure === undefined) await encoder.flush();
  } finally {
    if (encoder.state !== "closed") encoder.close();
  }
  if (failure !== undefined)
    throw new VoxelwrightError("unsupported", "The browser's video encoder failed.", {
      advice: "Choose a smaller size, or take stills.",
      cause: failure,
    });
  return webmFile({ codec: chosen.codec, width, height, framesPerSecond }, chunks);
}

async function chooseCodec(
  wanted: Omit<VideoEncoderConfig, "codec">,
): Promise<{ readonly codec: "V_VP8" | "V_VP9"; readonly config: VideoEncoderConfig }> {
  if (typeof VideoEncoder !== "undefined") {
    for (const { codec, config } of CODECS) {
      const { supported } = await VideoEncoder.isConfigSupported({ ...wanted, codec: config });
      if (supported) return { codec, config: { ...wanted, codec: config } };
    }
  }
  throw new VoxelwrightError(
    "unsupported",
    `This browser encodes no WebM video of ${wanted.width} × ${wanted.height} pixels.`,
    { advice: "Choose a smaller size, or take stills." },
  );
}
