import { orAbort, VoxelwrightError, yieldToEvents } from "#base";
import {
  createVoxels,
  type Slice,
  type SliceOptions,
  type SliceSource,
  type VolumeDescription,
  type VoxelArray,
} from "#volume";
import { slicesAhead } from "../decoding-pool.ts";
import { afarOf } from "../range-blob.ts";
import type { FrameInfo } from "./codecs/frame-info.ts";
import { FrameBytes } from "./frame-bytes.ts";
import type { Instance, Plane } from "./instance.ts";
import { aboutFile } from "./parse-header.ts";
import type { Phase } from "./phases.ts";

/** Who decodes frames: this thread, or a pool of workers. */
export interface FrameDecoding {
  /** As `decodeFrame`; takes ownership of the bytes. */
  decode(bytes: Uint8Array, info: FrameInfo): Promise<VoxelArray>;
  /** Planes under way beside the one in use; a pool wants as many as it has workers. */
  readonly ahead: number;
}

/** Planes under way of files that are read from afar, so that several requests are: as many as a browser makes of one server. */
const DISTANT_AHEAD = 6;

/** Decodes planes one after another; holds one file's table of frames and the stored frame decoded last, for mosaics. */
export class PlaneReader {
  #bytes: { readonly instance: Instance; readonly frames: FrameBytes } | undefined;
  #last: { readonly instance: Instance; readonly frame: number; readonly voxels: Promise<VoxelArray> } | undefined;
  readonly #decoding: FrameDecoding;

  constructor(decoding: FrameDecoding) {
    this.#decoding = decoding;
  }

  /** Stored voxels of a plane; the array may be shared with later planes of the same stored frame, so it is not to be changed. */
  async read(plane: Plane): Promise<VoxelArray> {
    const { instance, frame, tile } = plane;
    if (this.#last?.instance !== instance || this.#last.frame !== frame) {
      this.#last = { instance, frame, voxels: this.#decode(instance, frame) };
    }
    let voxels: VoxelArray;
    try {
      voxels = await this.#last.voxels;
    } catch (error) {
      this.#last = undefined;
      throw aboutFile(error, instance.file.name);
    }
    return tile ? cutTile(voxels, plane) : voxels;
  }

  async #decode(instance: Instance, frame: number): Promise<VoxelArray> {
    if (this.#bytes?.instance !== instance) this.#bytes = { instance, frames: new FrameBytes(instance) };
    const { coding, bigEndian, uid } = instance.syntax;
    const wordBytes = Math.max(instance.format.bitsAllocated / 8, instance.pixels.words ? 2 : 1);
    const info: FrameInfo = { ...instance.format, coding, swapBytes: bigEndian ? wordBytes : 1, syntaxUid: uid };
    return this.#decoding.decode(await this.#bytes.frames.read(frame), info);
  }
}

function cutTile(voxels: VoxelArray, { instance, tile }: Plane): VoxelArray {
  const { planeColumns, planeRows, format } = instance;
  const cut = new (voxels.constructor as new (length: number) => VoxelArray)(planeColumns * planeRows);
  for (let j = 0; j < planeRows; j++) {
    const from = (tile!.row + j) * format.columns + tile!.column;
    cut.set(voxels.subarray(from, from + planeColumns), j * planeColumns);
  }
  return cut;
}

/** Voxels of a plane as the volume holds them: stored values, or rescaled ones where each plane has its own slope. */
export function toVolumeVoxels(
  voxels: VoxelArray,
  plane: Plane,
  description: VolumeDescription,
  rescale: boolean,
): VoxelArray {
  if (!rescale) {
    if (description.voxelType !== "float32" || voxels instanceof Float32Array) return voxels;
    return Float32Array.from(voxels);
  }
  const out = createVoxels("float32", voxels.length);
  for (let n = 0; n < voxels.length; n++) out[n] = voxels[n]! * plane.slope + plane.intercept;
  return out;
}

/** What a slice source reads. */
export interface SlicesOf {
  readonly description: VolumeDescription;
  readonly phases: readonly Phase[];
  /** True when every plane is rescaled by its own slope. */
  readonly rescalePlanes: boolean;
  readonly byteLength: number;
}

/** The voxels of a stacked volume, plane by plane; holds the plane in use and those that are decoded ahead. */
export class DicomSliceSource implements SliceSource {
  readonly description: VolumeDescription;
  readonly byteLength: number;
  readonly #of: SlicesOf;
  readonly #decoding: FrameDecoding;

  constructor(of: SlicesOf, decoding: FrameDecoding) {
    this.description = of.description;
    this.byteLength = of.byteLength;
    this.#of = of;
    this.#decoding = decoding;
  }

  /** Ends by `source` naming the file and the slice when voxels are damaged. */
  async *slices(options: SliceOptions = {}): AsyncGenerator<Slice> {
    const { phases, description, rescalePlanes } = this.#of;
    const reader = new PlaneReader(this.#decoding);
    const order = phases
      .flatMap((phase, frame) => phase.map((plane, k) => ({ plane, frame, k })))
      .slice(options.from ?? 0);
    const distant = order.some(({ plane }) => afarOf(plane.instance.file.blob));
    const ahead = slicesAhead(Math.max(this.#decoding.ahead, distant ? DISTANT_AHEAD : 0), description);
    const underWay: Promise<VoxelArray>[] = [];
    for (let n = 0; n < order.length; n++) {
      options.signal?.throwIfAborted();
      for (let m = n + underWay.length; m <= n + ahead && m < order.length; m++) {
        const reading = reader.read(order[m]!.plane);
        // The iteration may end before it is awaited.
        reading.catch(() => undefined);
        underWay.push(reading);
      }
      const { plane, frame, k } = order[n]!;
      const voxels = await orAbort(underWay.shift()!, options.signal).catch((error: unknown) => {
        throw aboutSlice(error, frame, k, description.frames);
      });
      yield { frame, k, voxels: toVolumeVoxels(voxels, plane, description, rescalePlanes) };
      if (n % 8 === 7) await yieldToEvents();
    }
  }
}

function aboutSlice(error: unknown, frame: number, k: number, frames: number): unknown {
  if (!(error instanceof VoxelwrightError)) return error;
  const { kind, subject, advice, cause } = error;
  const where = frames > 1 ? `Slice ${k + 1} of frame ${frame + 1}` : `Slice ${k + 1}`;
  return new VoxelwrightError(kind, `${where} cannot be read. ${error.message}`, {
    cause,
    fields: { ...error.fields, frame, k },
    ...(subject === undefined ? {} : { subject }),
    ...(advice === undefined ? {} : { advice }),
  });
}
