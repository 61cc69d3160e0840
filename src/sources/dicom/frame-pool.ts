import { spawnWorker, transfer } from "#workers";
import { DecodingPool } from "../decoding-pool.ts";
import { decodeFrame } from "./decode-frame.ts";
import type { DecodeWorkerApi } from "./decode.api.ts";
import type { FrameDecoding } from "./slice-source.ts";

/** In the thread that calls. */
export const inlineDecoding: FrameDecoding = { decode: decodeFrame, ahead: 1 };

/** Compressed frames in workers, where there are some. */
export function platformDecoding(): FrameDecoding {
  const pool = DecodingPool.where(spawnDecoder);
  if (!pool) return inlineDecoding;
  return {
    ahead: pool.ahead,
    decode: (bytes, info) =>
      info.coding === "raw"
        ? decodeFrame(bytes, info)
        : pool.run((worker) => worker.decode(transfer(bytes, [bytes.buffer as ArrayBuffer]), info)),
  };
}

function spawnDecoder() {
  return spawnWorker<DecodeWorkerApi>(
    (Worker) =>
      new Worker(new URL("./decode.worker.ts", import.meta.url), { type: "module", name: "voxelwright frames" }),
  );
}
