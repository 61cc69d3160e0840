import type { AbortOptions } from "#base";
import {
  createVoxels,
  type Slice,
  type SliceOptions,
  type SliceSource,
  type VolumeDescription,
  type VoxelArray,
} from "#volume";
import { type BodyPart, BodyReader } from "./body.ts";
import { SLICE_MAX_BYTES } from "./limits.ts";
import { formatBytes, limitError } from "./source-errors.ts";
import { misfitValue, type SourceType, sourceAlignment, sourceBytes, toVoxels } from "./voxel-conversion.ts";

/** Everything a reader knows about a volume once its header is read: what it is, and where which voxels lie. */
export interface VolumePlan {
  /** File to name in messages. */
  readonly subject: string;
  readonly description: VolumeDescription;
  readonly sourceType: SourceType;
  readonly littleEndian: boolean;
  /** Where frames (time points, components) stand among the axes of the file: 0 = fastest (interleaved) … 3 = slowest. */
  readonly frameAxis: 0 | 1 | 2 | 3;
  readonly parts: readonly BodyPart[];
}

/** Voxel bytes of a whole plan, inflated. May exceed what can be read; used to check claims. */
export function planBytes(plan: Pick<VolumePlan, "description" | "sourceType">): number {
  const { dims } = plan.description.grid;
  return dims[0] * dims[1] * dims[2] * plan.description.frames * sourceBytes(plan.sourceType);
}

/** Throws `limit` when one slice (or one row of interleaved frames) is more than a reader may hold. */
export function checkSliceSize(plan: VolumePlan): void {
  const { dims } = plan.description.grid;
  const size = sourceBytes(plan.sourceType);
  const slice = dims[0] * dims[1] * size;
  const row = plan.frameAxis < 2 ? dims[0] * plan.description.frames * size : 0;
  if (Math.max(slice, row) > SLICE_MAX_BYTES) {
    throw limitError(
      plan.subject,
      `One slice of ${dims[0]}×${dims[1]} voxels takes ${formatBytes(Math.max(slice, row))}; ${formatBytes(SLICE_MAX_BYTES)} is the limit.`,
      "Store the volume with another axis order or in smaller pieces.",
    );
  }
}

/** The voxels of a plan, slice by slice. */
export class PlannedSource implements SliceSource {
  readonly description: VolumeDescription;
  readonly byteLength: number;
  readonly #plan: VolumePlan;

  constructor(plan: VolumePlan) {
    this.#plan = plan;
    this.description = plan.description;
    this.byteLength = planBytes(plan);
  }

  async *slices(options: SliceOptions = {}): AsyncGenerator<Slice> {
    const { frames, grid } = this.description;
    const depth = grid.dims[2];
    const { from = 0 } = options;
    const first = Math.floor(from / depth);
    if (this.#plan.frameAxis === 3) {
      yield* this.#slicesInOrder(first, frames, from % depth, depth, options);
      return;
    }
    for (let frame = first; frame < frames; frame++) {
      yield* this.#slicesOfFrame(frame, frame === first ? from % depth : 0, depth, options);
    }
  }

  /** One slice alone, for a thumbnail; raw files are read at that place only. */
  async slice(frame: number, k: number, options: AbortOptions = {}): Promise<VoxelArray> {
    const one =
      this.#plan.frameAxis === 3
        ? this.#slicesInOrder(frame, frame + 1, k, k + 1, options)
        : this.#slicesOfFrame(frame, k, k + 1, options);
    for await (const { voxels } of one) return voxels;
    throw new Error("unreachable: a plan has the slice it was asked for");
  }

  async *#slicesInOrder(
    frameFrom: number,
    frameTo: number,
    kFrom: number,
    kTo: number,
    options: AbortOptions,
  ): AsyncGenerator<Slice> {
    const { dims } = this.description.grid;
    const count = dims[0] * dims[1];
    const sliceBytes = count * sourceBytes(this.#plan.sourceType);
    const whole = frameTo === this.description.frames && kTo === dims[2];
    const reader = new BodyReader(this.#plan.parts, whole, options.signal);
    const alignment = sourceAlignment(this.#plan.sourceType);
    const out = this.#converted(count);
    try {
      await reader.skip((frameFrom * dims[2] + kFrom) * sliceBytes);
      for (let frame = frameFrom; frame < frameTo; frame++) {
        for (let k = frame === frameFrom ? kFrom : 0; k < kTo; k++) {
          options.signal?.throwIfAborted();
          const bytes = await reader.read(sliceBytes, alignment);
          yield { frame, k, voxels: this.#convert(bytes, count, out, frame, k) };
        }
      }
      if (whole) await reader.finish();
    } finally {
      await reader.close();
    }
  }

  /** One pass over the file for one frame that is interleaved with the others. */
  async *#slicesOfFrame(frame: number, kFrom: number, kTo: number, options: AbortOptions): AsyncGenerator<Slice> {
    const { dims } = this.description.grid;
    const { frames } = this.description;
    const { frameAxis, sourceType } = this.#plan;
    const size = sourceBytes(sourceType);
    const [columns, rows] = dims;
    const count = columns * rows;
    // Where frames follow one another slice by slice, those of the others are passed over.
    const straight = frameAxis !== 2 && kTo === dims[2];
    const reader = new BodyReader(this.#plan.parts, straight, options.signal);
    const out = this.#converted(count);
    const picked = new Uint8Array(count * size);
    try {
      await reader.skip(kFrom * count * frames * size);
      for (let k = kFrom; k < kTo; k++) {
        options.signal?.throwIfAborted();
        if (frameAxis === 2) {
          await reader.skip(frame * count * size);
          picked.set(await reader.read(count * size, 1));
          await reader.skip((frames - 1 - frame) * count * size);
        } else {
          const rowBytes = columns * size;
          for (let j = 0; j < rows; j++) {
            const row = await reader.read(rowBytes * frames, 1);
            const at = j * rowBytes;
            if (frameAxis === 1) picked.set(row.subarray(frame * rowBytes, (frame + 1) * rowBytes), at);
            else pickComponent(row, picked, at, columns, size, frame, frames);
          }
        }
        yield { frame, k, voxels: this.#convert(picked, count, out, frame, k) };
      }
      if (kTo === dims[2] && frame === frames - 1) await reader.finish();
    } finally {
      await reader.close();
    }
  }

  #converted(count: number): VoxelArray | undefined {
    return this.#plan.sourceType === this.description.voxelType
      ? undefined
      : createVoxels(this.description.voxelType, count);
  }

  #convert(bytes: Uint8Array, count: number, out: VoxelArray | undefined, frame: number, k: number): VoxelArray {
    return toPlanVoxels(this.#plan, bytes, { frame, j: 0, k }, count, out);
  }
}

/** Voxels of rows of one slice from their bytes, which begin at row j; throws `limit` at a value that cannot be held. */
export function toPlanVoxels(
  { sourceType, littleEndian, subject, description }: VolumePlan,
  bytes: Uint8Array,
  { frame, j, k }: { readonly frame: number; readonly j: number; readonly k: number },
  count = bytes.length / sourceBytes(sourceType),
  out = sourceType === description.voxelType ? undefined : createVoxels(description.voxelType, count),
): VoxelArray {
  const { voxels, misfit } = toVoxels(bytes, count, sourceType, littleEndian, out);
  if (misfit >= 0) {
    const columns = description.grid.dims[0];
    const place = [misfit % columns, j + Math.floor(misfit / columns), k].join(", ");
    const inFrame = description.frames > 1 ? ` of frame ${frame + 1}` : "";
    throw limitError(
      subject,
      `Voxel (${place})${inFrame} holds ${misfitValue(bytes, misfit, sourceType)}, which does not fit ${description.voxelType}.`,
      "Values are never cut to fit; save the file with a smaller type.",
    );
  }
  return voxels;
}

function pickComponent(
  row: Uint8Array,
  out: Uint8Array,
  at: number,
  columns: number,
  size: number,
  component: number,
  components: number,
): void {
  const step = components * size;
  let from = component * size;
  let to = at;
  for (let i = 0; i < columns; i++) {
    for (let b = 0; b < size; b++) out[to + b] = row[from + b]!;
    from += step;
    to += size;
  }
}
