import { VoxelwrightError } from "#base";
import { BRICK_EDGE, BRICK_VOXELS, brickCoordinates, brickDims, type Dims, type IndexBox } from "#volume";
import { LabelBytes } from "./components/label-bytes.ts";
import type { TaskContext } from "./crew/task.ts";
import type { KernelLabels } from "./kernel-data.ts";
import { requireRoom } from "./memory-arena.ts";
import { bricksOfBox, regionWithin } from "./region.ts";

/** Which voxels of an image are meant: those of a box, those of some segments, or both. */
export interface VoxelChoice {
  /** Only inside this box. */
  readonly region?: IndexBox;
  /** Only inside these segments. */
  readonly inside?: { readonly labels: KernelLabels; readonly segments: readonly number[] };
}

/** A choice as tasks get it; their label map comes with their input. */
export interface ChosenVoxels {
  readonly box: IndexBox;
  readonly segments: readonly number[] | undefined;
}

/** The bricks in which voxels can be meant, and the choice for tasks. Throws `argument` when labels have other dims. */
export function chooseBricks(dims: Dims, { region, inside }: VoxelChoice): { indices: number[]; chosen: ChosenVoxels } {
  if (inside && inside.labels.dims.some((n, axis) => n !== dims[axis])) {
    const message = `Labels of ${inside.labels.dims.join("×")} do not fit an image of ${dims.join("×")}.`;
    throw new VoxelwrightError("argument", message);
  }
  const box = regionWithin(dims, region) ?? { min: [0, 0, 0], max: [0, 0, 0] };
  const labelled = inside && new Set(inside.labels.brickIndices());
  const indices = bricksOfBox(dims, box).filter((index) => !labelled || labelled.has(index));
  return { indices, chosen: { box, segments: inside?.segments } };
}

/** The voxels of one brick at a time that are meant, as 64³ bits in WASM memory. */
export class ChosenMask {
  readonly #context: TaskContext;
  readonly #bricks: Dims;
  readonly #box: IndexBox;
  readonly #bytes: LabelBytes | undefined;
  /** Address of the bits; only to be read. */
  readonly at: number;
  /** Without segments: the part of a brick that the bits hold, and their number. */
  #part = "";
  #voxels = 0;

  /** The label map is the first of the context's. */
  constructor(context: TaskContext, dims: Dims, { box, segments }: ChosenVoxels) {
    this.#context = context;
    this.#bricks = brickDims(dims);
    this.#box = box;
    this.#bytes = segments && new LabelBytes(context, segments);
    this.at = requireRoom(context.arena, BRICK_VOXELS / 8);
  }

  /** Fills the bits for a brick; returns how many voxels are meant. */
  fill(index: number): number {
    const [bi, bj, bk] = brickCoordinates(this.#bricks, index);
    const { min, max } = this.#box;
    const clip = (n: number, b: number): number => Math.min(Math.max(n - b * BRICK_EDGE, 0), BRICK_EDGE);
    const low: Dims = [clip(min[0], bi), clip(min[1], bj), clip(min[2], bk)];
    const high: Dims = [clip(max[0], bi), clip(max[1], bj), clip(max[2], bk)];
    const { core, arena, maps } = this.#context;
    if (this.#bytes) {
      if (!this.#bytes.load(maps![0]!, index) || this.#bytes.mask(this.at) === 0) return 0;
      return core.exports.clipBits(this.at, ...low, ...high);
    }
    // Most bricks lie wholly in the box: what was filled for the last one stands.
    const part = [...low, ...high].join();
    if (part === this.#part) return this.#voxels;
    new Uint8Array(arena.memory.buffer, this.at, BRICK_VOXELS / 8).fill(0xff);
    this.#part = part;
    this.#voxels = core.exports.clipBits(this.at, ...low, ...high);
    return this.#voxels;
  }
}
