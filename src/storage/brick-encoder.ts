import { type Disposable, processors } from "#base";
import { bytesPerVoxel, type VoxelArray, type VoxelType } from "#volume";
import { CODED_MOST_BYTES, loadBrickCodec, spawnWorker, transfer, WorkerPool } from "#workers";
import { bytesToStore } from "./brick-bytes.ts";
import { checksumOf } from "./checksum.ts";
import type { EncodedBrick, EncodeWorkerApi } from "./encode.api.ts";
import { movable } from "./movable.ts";

/** Makes bricks what they are stored as: compressed where that pays, and summed. */
export interface BrickEncoder extends Disposable {
  /** Takes the planes of a brick: do not touch them. Rejects with `worker` when the WASM core cannot be had. */
  encode(planes: readonly VoxelArray[]): Promise<EncodedBrick>;
  /** Takes the parts of a brick back when they are written. */
  giveBack(encoded: EncodedBrick): void;
}

/** Gives the encoder of a new study. */
export type EncoderFor = (voxelType: VoxelType, bytes: number) => BrickEncoder;

export async function encodeBrick(
  planes: readonly VoxelArray[],
  room?: Uint8Array<ArrayBuffer>,
): Promise<EncodedBrick> {
  const parts = bytesToStore(await loadBrickCodec(), planes, room);
  return { parts, checksum: checksumOf(parts), planes };
}

/** In the thread that calls, with memory for compressed bytes that is used again. */
export class InlineEncoder implements BrickEncoder {
  readonly #rooms: Uint8Array<ArrayBuffer>[] = [];

  async encode(planes: readonly VoxelArray[]): Promise<EncodedBrick> {
    const room = this.#rooms.pop() ?? new Uint8Array(CODED_MOST_BYTES);
    const encoded = await encodeBrick(planes, room);
    if (encoded.parts[0]?.buffer !== room.buffer) this.#rooms.push(room);
    return encoded;
  }

  giveBack({ parts }: EncodedBrick): void {
    const buffer = parts[0]?.buffer;
    // What was moved is of no length here, and voxels that stay as they are lie in memory of another's.
    if (buffer?.byteLength === CODED_MOST_BYTES) this.#rooms.push(new Uint8Array(buffer));
  }

  dispose(): void {
    this.#rooms.length = 0;
  }
}

const MAX_WORKERS = 3;
/** Threads that are at work in an import beside these: one reads, one cuts, one writes. */
const OTHERS = 3;
/** Smaller studies are stored before workers have started. */
const WORTH_WORKERS_BYTES = 64 * 2 ** 20;

/**
 * For a study of so many bytes: workers where there are processors that nothing else of an import has and bricks that can be compressed, else
 * the thread that calls.
 */
export const platformEncoder: EncoderFor = (voxelType, bytes) => {
  const cores = typeof Worker === "function" ? processors() : 1;
  const size = Math.min(cores - OTHERS, MAX_WORKERS);
  const worth = bytes >= WORTH_WORKERS_BYTES && bytesPerVoxel(voxelType) <= 2;
  return size > 0 && worth ? new EncoderPool(size) : new InlineEncoder();
};

/** Encodes in workers, which start with the first bricks; these may be done in another order than they were given. */
export class EncoderPool implements BrickEncoder {
  readonly #pool: WorkerPool<EncodeWorkerApi>;
  #next = 0;

  constructor(size: number) {
    this.#pool = new WorkerPool(size, spawnEncoder);
  }

  async encode(planes: readonly VoxelArray[]): Promise<EncodedBrick> {
    const worker = await this.#pool.worker(this.#next++ % this.#pool.size);
    return worker.encode(transfer(planes, movable(planes)));
  }

  giveBack(): void {
    // Its memory was moved here, and each brick has some of its own.
  }

  dispose(): void {
    this.#pool.dispose();
  }
}

function spawnEncoder() {
  return spawnWorker<EncodeWorkerApi>(
    (Worker) =>
      new Worker(new URL("./encode.worker.ts", import.meta.url), { type: "module", name: "voxelwright encoder" }),
  );
}
