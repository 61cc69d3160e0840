import { BRICK_EDGE, BRICK_VOXELS, brickBox, type BrickPixels, bytesPerVoxel, type Dims } from "#volume";
import type { TaskContext } from "../crew/task.ts";
import { BoxGatherer } from "../gather.ts";
import { readImageBrick } from "../read-image-brick.ts";
import { VOXEL_TYPE_CODE } from "../kernel-core.ts";
import { BITS_BYTES, BitsCache } from "./bits-cache.ts";
import type { GradientLimit, LeakGuard } from "./growth.api.ts";

/** Edge of a brick with a voxel around it. */
const EDGE = BRICK_EDGE + 2;

export interface CandidateRules {
  /** In values of the voxel type. */
  readonly range: readonly [number, number];
  readonly gradient: GradientLimit | undefined;
  readonly leakGuard: LeakGuard | undefined;
}

/**
 * Which voxels of a brick a growth may take, where more than their own value decides: the gradient around them, or whether a box
 * fits. Bits of a brick are found from its voxels and those of the bricks around it, and kept by budget.
 */
export class Candidates {
  /** Bits by range and gradient, the border of the volume repeated beyond it. */
  readonly allowed: BitsCache;
  readonly #context: TaskContext;
  readonly #rules: CandidateRules;
  readonly #gatherer: BoxGatherer;
  readonly #voxelsAt: number;
  readonly #boxAt: number;
  readonly #scratch: number;
  readonly #bitsAt: number;
  #last: Promise<unknown> = Promise.resolve();

  constructor(context: TaskContext, rules: CandidateRules) {
    const { arena, core, image } = context;
    this.#context = context;
    this.#rules = rules;
    this.#gatherer = new BoxGatherer(context);
    this.#voxelsAt = arena.allocate(BRICK_VOXELS * bytesPerVoxel(image!.voxelType));
    this.#boxAt = rules.gradient ? arena.allocate(EDGE ** 3 * bytesPerVoxel(image!.voxelType)) : 0;
    this.#scratch = rules.leakGuard ? arena.allocate(core.exports.neighbourhoodScratch()) : 0;
    this.#bitsAt = arena.allocate(BITS_BYTES);
    this.allowed = new BitsCache(context, image!.dims, (at, to) => this.#find(at, to));
  }

  /**
   * The candidates of a brick in a form that a growth takes: bits as voxels, 0 and 1 as their range. One brick at a time: they share
   * scratch.
   */
  brick(at: Dims): Promise<BrickPixels> {
    const brick = this.#last.then(() => this.#brick(at));
    this.#last = brick.catch(() => undefined);
    return brick;
  }

  async #brick(at: Dims): Promise<BrickPixels> {
    const { core, arena, image } = this.#context;
    const bits = this.#rules.leakGuard ? await this.#eroded(at) : this.#copied(await this.allowed.get(at));
    const inside = core.exports.clipBits(bits, 0, 0, 0, ...extent(image!.dims, at));
    const voxels = new Uint8Array(arena.memory.buffer, bits, BITS_BYTES).slice();
    const [bi, bj, bk] = at;
    return {
      address: { frame: image!.frame, level: 0, bi, bj, bk },
      voxels,
      min: inside === BRICK_VOXELS ? 1 : 0,
      max: inside === 0 ? 0 : 1,
    };
  }

  /** Address of a brick's bits around which the whole box is allowed; good until the next call. */
  async #eroded(at: Dims): Promise<number> {
    const table = await this.allowed.around(at);
    const [ri, rj, rk] = this.#rules.leakGuard!.radius;
    const { exports } = this.#context.core;
    const size = extent(this.#context.image!.dims, at);
    exports.boxFilterBits(table, ri, rj, rk, ...size, 1, this.#scratch, this.#bitsAt);
    return this.#bitsAt;
  }

  /** Address of a brick's bits dilated by the box, out of a table of bits; good until the next call. */
  dilated(table: number, at: Dims): number {
    const [ri, rj, rk] = this.#rules.leakGuard!.radius;
    const size = extent(this.#context.image!.dims, at);
    this.#context.core.exports.boxFilterBits(table, ri, rj, rk, ...size, 0, this.#scratch, this.#bitsAt);
    return this.#bitsAt;
  }

  #copied(bits: number): number {
    const { exports } = this.#context.core;
    exports.copyBox(bits, BITS_BYTES, BITS_BYTES, this.#bitsAt, BITS_BYTES, BITS_BYTES, BITS_BYTES, 1, 1);
    return this.#bitsAt;
  }

  async #find(at: Dims, to: number): Promise<boolean> {
    const { core, image } = this.#context;
    const { voxelType, dims } = image!;
    const type = VOXEL_TYPE_CODE[voxelType];
    const { min, max } = await readImageBrick(this.#context, image!, at, this.#voxelsAt);
    const [low, high] = this.#rules.range;
    if (!(min <= high && max >= low)) return false;
    core.exports.candidateBits(type, low, high, this.#voxelsAt, to);
    if (this.#rules.gradient) await this.#limitGradient(this.#rules.gradient, at, to);
    if (this.#rules.gradient) core.exports.repeatBorderBits(to, ...extent(dims, at));
    return true;
  }

  async #limitGradient({ maximumPerMm, spacingMm }: GradientLimit, at: Dims, to: number): Promise<void> {
    const { core, image } = this.#context;
    const { dims, voxelType } = image!;
    const first = at.map((n) => n * BRICK_EDGE - 1) as unknown as Dims;
    const end = first.map((n) => n + EDGE) as unknown as Dims;
    await this.#gatherer.voxels(image!, { min: first, max: end }, this.#boxAt);
    const known0 = first.map((n) => Math.max(0, -n)) as unknown as Dims;
    const known1 = first.map((n, axis) => Math.min(EDGE, dims[axis]! - n)) as unknown as Dims;
    const { exports } = core;
    exports.repeatBorder(this.#boxAt, bytesPerVoxel(voxelType), EDGE, EDGE, EDGE, ...known0, ...known1);
    exports.gradientLimitBits(VOXEL_TYPE_CODE[voxelType], this.#boxAt, ...spacingMm, maximumPerMm, to);
  }
}

/** Voxels of a brick that lie in the volume, along i, j, k. */
export function extent(dims: Dims, [bi, bj, bk]: Dims): Dims {
  const { min, max } = brickBox(dims, bi, bj, bk);
  return [max[0] - min[0], max[1] - min[1], max[2] - min[2]];
}
