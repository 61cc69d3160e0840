import { isVoxelwrightError, orAbort, yieldToEvents } from "#base";
import {
  createVoxels,
  type Slice,
  type SliceOptions,
  type SliceSource,
  type VolumeDescription,
  type VoxelArray,
} from "#volume";
import { slicesAhead } from "../decoding-pool.ts";
import { asSourceError, sourceError } from "../source-errors.ts";
import type { SourceFile } from "../source.ts";
import { pageVoxels } from "./decode-page.ts";
import { pageSourceType } from "./page-kind.ts";
import { readPacked } from "./packed-page.ts";
import { inlineDecoding, pageDecoding } from "./page-pool.ts";
import { blockPlaces } from "./tag-numbers.ts";
import type { TiffPage } from "./tiff-pages.ts";

/** A page and the file that it is in. */
export interface PlacedPage {
  readonly page: TiffPage;
  readonly file: SourceFile;
}

/** Pages from which on workers are worth their start. */
const WORTH_WORKERS = 8;

/** Pages as slices of one volume, frame by frame. */
export class TiffSliceSource implements SliceSource {
  readonly description: VolumeDescription;
  readonly #pages: readonly PlacedPage[];

  /** `pages`: frame after frame, k ascending. */
  constructor(description: VolumeDescription, pages: readonly PlacedPage[]) {
    this.description = description;
    this.#pages = pages;
  }

  async *slices({ from = 0, signal }: SliceOptions = {}): AsyncGenerator<Slice> {
    const depth = this.description.grid.dims[2];
    const decoding = this.#pages.length < WORTH_WORKERS ? inlineDecoding : pageDecoding;
    const ahead = slicesAhead(decoding.ahead, this.description);
    const underWay: Promise<VoxelArray>[] = [];
    for (let n = from; n < this.#pages.length; n++) {
      signal?.throwIfAborted();
      for (let m = n + underWay.length; m <= n + ahead && m < this.#pages.length; m++) {
        const reading = readPage(this.#pages[m]!, decoding, signal);
        // The iteration may end before it is awaited.
        reading.catch(() => undefined);
        underWay.push(reading);
      }
      const voxels = await orAbort(underWay.shift()!, signal);
      yield { frame: Math.floor(n / depth), k: n % depth, voxels };
      if (n % 8 === 7) await yieldToEvents();
    }
  }
}

/** Voxels of a page, row by row. */
export async function readPage(
  { page, file }: PlacedPage,
  decoding = inlineDecoding,
  signal?: AbortSignal,
): Promise<VoxelArray> {
  const { width, height, voxelType, color } = page;
  const { name } = file;
  const options = signal ? { signal } : {};
  try {
    if ("place" in page) {
      const { start, byteLength, littleEndian } = page.place;
      const bytes = new Uint8Array(await file.blob.slice(start, start + byteLength).arrayBuffer());
      return pageVoxels(bytes, width * height, { voxelType, sourceType: pageSourceType(page) }, littleEndian);
    }
    const { image } = page;
    const packed = await readPacked(image, page, file);
    if (packed) {
      try {
        return await decoding.decode(packed.bytes, packed.page);
      } catch (error) {
        // The library takes more than what is well formed, but no predicted numbers of the other byte order.
        if (
          (isVoxelwrightError(error) && error.kind === "worker") ||
          (packed.page.predictor !== 1 && !packed.page.littleEndian)
        )
          throw error;
      }
    }
    if (!image.littleEndian) await blockPlaces(image.fileDirectory, false, file.blob);
    if (!color) {
      const found = await image.readRasters({ interleave: true, samples: [0], ...options });
      return held(name, found as unknown as ArrayLike<number>, width * height, voxelType);
    }
    const rgb = (await image.readRGB({ interleave: true, ...options })) as unknown as ArrayLike<number>;
    const voxels = createVoxels(voxelType, width * height);
    if (rgb.length < voxels.length * 3) throw endsEarly(name);
    // Rec. 601 luma, as other formats' colours become grey.
    for (let at = 0, from = 0; at < voxels.length; at++, from += 3)
      voxels[at] = Math.round(0.299 * rgb[from]! + 0.587 * rgb[from + 1]! + 0.114 * rgb[from + 2]!);
    return voxels;
  } catch (error) {
    signal?.throwIfAborted();
    throw asSourceError(name, error);
  }
}

function held(
  name: string,
  found: ArrayLike<number>,
  count: number,
  voxelType: VolumeDescription["voxelType"],
): VoxelArray {
  if (found.length !== count) throw endsEarly(name);
  const voxels = createVoxels(voxelType, count);
  voxels.set(found);
  return voxels;
}

function endsEarly(name: string): Error {
  return sourceError(name, "A page ends early.", "Get a fresh copy of the file.");
}
