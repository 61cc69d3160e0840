import { VoxelwrightError } from "#base";
import { BRICK_EDGE, BRICK_VOXELS, brickDims, brickIndex, bytesPerVoxel, type Dims, type IndexBox } from "#volume";
import type { TaskContext } from "./crew/task.ts";
import type { KernelImage, KernelLabels } from "./kernel-data.ts";
import { encodedLabels } from "./packed-labels.ts";
import { readImageBrick } from "./read-image-brick.ts";

/** The part of a box that lies in one brick: voxel ranges, upper ends outside. */
interface Part {
  readonly at: Dims;
  readonly min: Dims;
  readonly max: Dims;
}

/**
 * Copies boxes of labels or voxels out of bricks into dense arrays in WASM memory, i fastest, whatever bricks the box touches. What
 * lies outside the volume is 0 in labels and left as it is in images. Holds one brick.
 */
export class BoxGatherer {
  readonly #context: TaskContext;
  readonly #brickAt: number;
  readonly #bytesAt: number;

  constructor(context: TaskContext) {
    this.#context = context;
    this.#brickAt = context.arena.allocate(BRICK_VOXELS * 4);
    this.#bytesAt = context.arena.allocate(context.core.exports.labelRunsRoom());
  }

  /** The labels of a box as u16 at `to`; false when no brick that the box touches holds a label. */
  labels(map: KernelLabels, box: IndexBox, to: number): boolean {
    const { exports } = this.#context.core;
    const [ni, nj, nk] = sizeOf(box);
    exports.clearBox(to, ni * 2, ni * nj * 2, ni * 2, nj, nk);
    let any = false;
    for (const part of partsOf(map.dims, box)) {
      const index = brickIndex(brickDims(map.dims), ...part.at);
      if (!this.labelBrick(map, index, this.#brickAt)) continue;
      any = true;
      this.#copy(part, box, 2, to);
    }
    return any;
  }

  /** The 64³ labels of one brick as u16 at `to`; false, and nothing written, where all is background. */
  labelBrick(map: KernelLabels, index: number, to: number): boolean {
    const { core, arena } = this.#context;
    const bytes = encodedLabels(map, index);
    if (!bytes) return false;
    new Uint8Array(arena.memory.buffer, this.#bytesAt, bytes.length).set(bytes);
    if (core.exports.labelRunsDecode(this.#bytesAt, bytes.length, to)) return true;
    throw new VoxelwrightError("integrity", "A label brick is damaged.", { subject: `brick ${index}` });
  }

  /** The voxels of a box, in the image's own type, at `to`. Rejects with `not-found` where a brick is not imported yet. */
  async voxels(image: KernelImage, box: IndexBox, to: number): Promise<void> {
    const size = bytesPerVoxel(image.voxelType);
    for (const part of partsOf(image.dims, box)) {
      await readImageBrick(this.#context, image, part.at, this.#brickAt);
      this.#copy(part, box, size, to);
    }
  }

  #copy({ at, min, max }: Part, box: IndexBox, size: number, to: number): void {
    const [ni, nj] = sizeOf(box);
    const inBrick = (axis: 0 | 1 | 2): number => min[axis] - at[axis] * BRICK_EDGE;
    const inBox = (axis: 0 | 1 | 2): number => min[axis] - box.min[axis];
    this.#context.core.exports.copyBox(
      this.#brickAt + ((inBrick(2) * BRICK_EDGE + inBrick(1)) * BRICK_EDGE + inBrick(0)) * size,
      BRICK_EDGE * size,
      BRICK_EDGE ** 2 * size,
      to + ((inBox(2) * nj + inBox(1)) * ni + inBox(0)) * size,
      ni * size,
      ni * nj * size,
      (max[0] - min[0]) * size,
      max[1] - min[1],
      max[2] - min[2],
    );
  }
}

function sizeOf({ min, max }: IndexBox): Dims {
  return [max[0] - min[0], max[1] - min[1], max[2] - min[2]];
}

/** The bricks of the volume that a box touches, with what of the box lies in each. */
function* partsOf(dims: Dims, box: IndexBox): Generator<Part> {
  const clip = (pick: (a: number, b: number) => number, ends: readonly number[], bound: Dims): Dims =>
    [pick(ends[0]!, bound[0]), pick(ends[1]!, bound[1]), pick(ends[2]!, bound[2])] as const;
  const low = clip(Math.max, box.min, [0, 0, 0]);
  const high = clip(Math.min, box.max, dims);
  if (low.some((n, axis) => n >= high[axis]!)) return;
  const [i1, j1, k1] = high.map((n) => Math.ceil(n / BRICK_EDGE)) as unknown as Dims;
  for (let bk = Math.floor(low[2] / BRICK_EDGE); bk < k1; bk++) {
    for (let bj = Math.floor(low[1] / BRICK_EDGE); bj < j1; bj++) {
      for (let bi = Math.floor(low[0] / BRICK_EDGE); bi < i1; bi++) {
        const first: Dims = [bi * BRICK_EDGE, bj * BRICK_EDGE, bk * BRICK_EDGE];
        const end: Dims = [first[0] + BRICK_EDGE, first[1] + BRICK_EDGE, first[2] + BRICK_EDGE];
        yield { at: [bi, bj, bk], min: clip(Math.max, low, first), max: clip(Math.min, high, end) };
      }
    }
  }
}
