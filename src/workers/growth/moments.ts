import { BRICK_VOXELS, brickCoordinates, brickDims, bytesPerVoxel } from "#volume";
import type { TaskContext } from "../crew/task.ts";
import { readImageBrick } from "../read-image-brick.ts";
import { VOXEL_TYPE_CODE } from "../kernel-core.ts";
import { BITS_BYTES } from "./bits-cache.ts";

/** Number, mean and variance (over n − 1) of some values; the sums of whole numbers are exact. */
export class Moments {
  #count = 0;
  #sum = 0n;
  #squares = 0n;
  #floatSum = 0;
  #floatSquares = 0;

  /** Adds a whole number or a float32; NaN and infinities are left out. */
  add(value: number): void {
    if (!Number.isFinite(value)) return;
    this.#count++;
    if (Number.isInteger(value) && Math.abs(value) <= 2 ** 32) {
      this.#sum += BigInt(value);
      this.#squares += BigInt(value) ** 2n;
    } else {
      this.#floatSum += value;
      this.#floatSquares += value * value;
    }
  }

  addParts({ count, sum, squares, floatSum, floatSquares }: MomentParts): void {
    this.#count += count;
    this.#sum += sum;
    this.#squares += squares;
    this.#floatSum += floatSum;
    this.#floatSquares += floatSquares;
  }

  get count(): number {
    return this.#count;
  }

  get mean(): number {
    return (Number(this.#sum) + this.#floatSum) / this.#count;
  }

  get variance(): number {
    const n = this.#count;
    if (this.#floatSum === 0 && this.#floatSquares === 0) {
      return Number(this.#squares * BigInt(n) - this.#sum ** 2n) / n / (n - 1);
    }
    const sum = Number(this.#sum) + this.#floatSum;
    return (Number(this.#squares) + this.#floatSquares - (sum * sum) / n) / (n - 1);
  }
}

export interface MomentParts {
  readonly count: number;
  readonly sum: bigint;
  readonly squares: bigint;
  readonly floatSum: number;
  readonly floatSquares: number;
}

/** Moments of the voxels that masks hold, a part for each brick. */
export async function momentsOfMasks(
  context: TaskContext,
  { masks, runs }: { readonly masks: ReadonlyMap<number, Uint8Array>; readonly runs: boolean },
): Promise<MomentParts[]> {
  const { core, arena, image, pacer } = context;
  const { exports } = core;
  const bricks = brickDims(image!.dims);
  const voxelsAt = arena.allocate(BRICK_VOXELS * bytesPerVoxel(image!.voxelType));
  const bitsAt = arena.allocate(BITS_BYTES);
  const runsAt = arena.allocate(exports.maskRunsRoom());
  const partsAt = arena.allocate(32);
  const parts: MomentParts[] = [];
  for (const [index, bytes] of masks) {
    await pacer.pause(parts.length / masks.size, "Growing: finding the range");
    await readImageBrick(context, image!, brickCoordinates(bricks, index), voxelsAt);
    new Uint8Array(arena.memory.buffer, runs ? runsAt : bitsAt, bytes.length).set(bytes);
    if (runs) exports.maskRunsDecode(runsAt, bytes.length, bitsAt);
    exports.momentsOfBits(VOXEL_TYPE_CODE[image!.voxelType], voxelsAt, bitsAt, partsAt);
    parts.push(readParts(new DataView(arena.memory.buffer, partsAt, 32)));
  }
  return parts;
}

function readParts(view: DataView): MomentParts {
  const count = view.getUint32(0, true);
  if (view.getUint32(4, true) === 1) {
    const [floatSum, floatSquares] = [view.getFloat64(8, true), view.getFloat64(16, true)];
    return { count, sum: 0n, squares: 0n, floatSum, floatSquares };
  }
  const squares = view.getBigUint64(16, true) + (view.getBigUint64(24, true) << 32n);
  return { count, sum: view.getBigInt64(8, true), squares, floatSum: 0, floatSquares: 0 };
}
