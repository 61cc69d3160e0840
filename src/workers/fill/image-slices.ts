import { BRICK_EDGE, bytesPerVoxel } from "#volume";
import type { TaskContext } from "../crew/task.ts";
import { BoxGatherer } from "../gather.ts";
import { VOXEL_TYPE_CODE } from "../kernel-core.ts";
import type { KernelImage } from "../kernel-data.ts";
import type { SliceFrame } from "./frame.ts";

/** Bytes of slices that are read at a time, and the most of a job's memory that they take. */
const ROOM = 64 * 2 ** 20;
const SHARE = 1 / 8;

/** Slices of an image in the frame of a fill, lightly smoothed; read in runs of neighbouring ones, to the end of a layer of bricks. */
export class ImageSlices {
  readonly #context: TaskContext;
  readonly #image: KernelImage;
  readonly #frame: SliceFrame;
  readonly #gatherer: BoxGatherer;
  readonly #depth: number;
  readonly #run: number;
  readonly #single: number;
  readonly #raw: number;
  #first = 0;
  #end = 0;

  constructor(context: TaskContext, image: KernelImage, frame: SliceFrame) {
    const { arena } = context;
    const pixels = frame.nu * frame.nv;
    const bytes = pixels * bytesPerVoxel(image.voxelType);
    this.#context = context;
    this.#image = image;
    this.#frame = frame;
    this.#gatherer = new BoxGatherer(context);
    const room = Math.min(ROOM, arena.budgetBytes * SHARE);
    this.#depth = Math.max(1, Math.min(BRICK_EDGE, frame.slices, Math.floor(room / bytes)));
    this.#run = arena.scratch(bytes * this.#depth);
    this.#single = this.#depth > 1 ? arena.scratch(bytes) : this.#run;
    this.#raw = arena.scratch(pixels * 4);
  }

  /** Writes the values of slice z, u fastest, to the plane of f32 at `to`; NaN where the image has none. `alone`: those after it are not wanted soon. */
  async read(z: number, alone: boolean, to: number): Promise<void> {
    const held = z >= this.#first && z < this.#end;
    if (held) return this.#smooth(this.#run, this.#first, this.#end, z, to);
    if (alone && this.#depth > 1) {
      await this.#gather(z, z + 1, this.#single);
      return this.#smooth(this.#single, z, z + 1, z, to);
    }
    const layer = (Math.floor(z / BRICK_EDGE) + 1) * BRICK_EDGE;
    this.#end = 0;
    const end = Math.min(this.#frame.slices, layer, z + this.#depth);
    await this.#gather(z, end, this.#run);
    [this.#first, this.#end] = [z, end];
    this.#smooth(this.#run, z, end, z, to);
  }

  #gather(first: number, end: number, to: number): Promise<void> {
    const { axis, uAxis, vAxis, u0, v0, nu, nv } = this.#frame;
    const [min, max] = [[0, 0, 0] as [number, number, number], [0, 0, 0] as [number, number, number]];
    [min[axis], min[uAxis], min[vAxis]] = [first, u0, v0];
    [max[axis], max[uAxis], max[vAxis]] = [end, u0 + nu, v0 + nv];
    return this.#gatherer.voxels(this.#image, { min, max }, to);
  }

  #smooth(from: number, first: number, end: number, z: number, to: number): void {
    const { axis, uAxis, vAxis, nu, nv } = this.#frame;
    const { voxelType } = this.#image;
    const sizes = [0, 0, 0];
    [sizes[axis], sizes[uAxis], sizes[vAxis]] = [end - first, nu, nv];
    const strides = [1, sizes[0]!, sizes[0]! * sizes[1]!];
    const start = from + (z - first) * strides[axis]! * bytesPerVoxel(voxelType);
    const type = VOXEL_TYPE_CODE[voxelType];
    this.#context.core.exports.fillImageSlice(start, type, strides[uAxis]!, strides[vAxis]!, nu, nv, this.#raw, to);
  }
}
