import type { AbortOptions } from "#base";
import {
  BRICK_EDGE,
  BRICK_VOXELS,
  type BrickAddress,
  type BrickPixels,
  type BrickSource,
  createVoxels,
  type Dims,
  type Slice,
  type SliceSource,
  type StoredAxes,
  type VolumeDescription,
  type VoxelArray,
} from "#volume";
import { halvedVoxels, rangeOf, repeatEdges } from "../halved-brick.ts";
import { limitError } from "../source-errors.ts";
import { conversionNote } from "../voxel-conversion.ts";
import { BlockMean } from "./block-mean.ts";
import type { Multiscales } from "./multiscales.ts";
import type { ChunkedArray } from "./chunked-array.ts";
import { storedAxes } from "./stored-axes.ts";
import { type AxisRoles, axisRoles, zarrGeometry } from "./zarr-geometry.ts";
import { coarsestReads, type ZarrLevel, zarrLevels } from "./zarr-levels.ts";

/** Bytes of the slab that slices are cut from. */
const SLAB_BYTES = 256 * 1024 ** 2;

/** What an image is made of. */
export interface ImageParts {
  readonly image: Multiscales;
  /** Its resolutions, the finest first. */
  readonly arrays: readonly ChunkedArray[];
  readonly name: string;
  /** What messages call it. */
  readonly subject: string;
  readonly format: string;
  /** Version of OME-Zarr, where labels can be written beside the image. */
  readonly stored?: StoredAxes["version"];
  /** Said after those on where the image lies. */
  readonly notes?: readonly string[];
}

/** An image of arrays in chunks: described by its metadata, its voxels read where they are asked for. */
export class ChunkedImage implements SliceSource {
  readonly description: VolumeDescription;
  readonly levels: readonly ZarrLevel[];
  /** Differs between images whose metadata differ: what was cached of one is of no use to the other. */
  readonly fingerprint: string;
  readonly #roles: AxisRoles;

  private constructor(
    description: VolumeDescription,
    levels: readonly ZarrLevel[],
    roles: AxisRoles,
    fingerprint: string,
  ) {
    this.description = description;
    this.levels = levels;
    this.#roles = roles;
    this.fingerprint = fingerprint;
  }

  /** Throws `unsupported` for axes that are no volume, `limit` for an image without voxels. */
  static async of({ image, arrays, name, subject, format, stored, notes = [] }: ImageParts): Promise<ChunkedImage> {
    const roles = axisRoles(image.axes, subject);
    const [finest] = arrays;
    if (finest!.shape.length !== image.axes.length)
      throw limitError(
        subject,
        `The image names ${image.axes.length} axes, and its array has ${finest!.shape.length}.`,
        "Write the image again.",
      );
    const dims = finest!.dims(roles);
    if (dims.some((n) => n === 0)) throw limitError(subject, "The image has no voxels.");
    const geometry = zarrGeometry(image, roles);
    const levels = zarrLevels(image, arrays, roles);
    const { sourceType, voxelType } = finest!;
    const converted = conversionNote(sourceType);
    const frames = roles.frames.reduce((count, axis) => count * finest!.shape[axis]!, 1);
    const description: VolumeDescription = {
      name,
      grid: { dims, indexToLps: geometry.indexToLps },
      voxelType,
      ...(sourceType === voxelType ? {} : { sourceType }),
      rescale: { slope: 1, intercept: 0 },
      unit: "",
      modality: "",
      frames,
      ...(image.window ? { window: image.window } : {}),
      notes: [
        ...geometry.notes,
        ...notes,
        ...frameNotes(image, roles, finest!),
        ...(converted ? [converted] : []),
        ...levels.notes,
      ],
      metadata: metadataOf(image, roles, arrays),
      format,
      ...(geometry.missingSpacing ? { missingSpacing: geometry.missingSpacing } : {}),
      ...(stored ? { stored: storedAxes(stored, image, roles, arrays, levels.levels) } : {}),
    };
    const told = arrays.map(({ shape, chunks, sourceType: type }) => [shape, chunks, type]);
    // Names and colours of labels are no part of the voxels.
    const { segments: _, ...placed } = image;
    const fingerprint = await digest(JSON.stringify([placed, told]));
    return new ChunkedImage(description, levels.levels, roles, fingerprint);
  }

  /** Whether the coarsest brick costs little to read. */
  get overviewAtHand(): boolean {
    return coarsestReads(this.levels) <= 64;
  }

  /** Address of the one brick of the coarsest level. */
  coarsest(frame = 0): BrickAddress {
    return { frame, level: this.levels.length - 1, bi: 0, bj: 0, bk: 0 };
  }

  /**
   * The brick's voxels, the caller's own. Levels that are not stored are means of the level before, whose bricks come from `finer`:
   * give it a cache, and each is read once. Rejects with `network`, `source` (damaged), `limit` (a value that does not fit), AbortError.
   */
  async readBrick(
    address: BrickAddress,
    options: AbortOptions = {},
    finer: BrickSource = this.#own,
  ): Promise<BrickPixels> {
    const { dims, origin } = this.levels[address.level]!;
    const at: Dims = [address.bi, address.bj, address.bk];
    const extent = at.map((n, axis) => Math.min(BRICK_EDGE, dims[axis]! - n * BRICK_EDGE)) as unknown as Dims;
    const { voxels, known } =
      origin.kind === "halved"
        ? {
            voxels: await halvedVoxels(this.levels, address, this.description.voxelType, finer, options),
            known: extent,
          }
        : await this.#stored(address.frame, at, origin, extent, options);
    const { min, max } = rangeOf(voxels, known);
    repeatEdges(voxels, known);
    return { address, voxels, min, max };
  }

  /** All slices in order, through slabs of some chunks' depth: for programs that take a volume as a whole. */
  async *slices(options: AbortOptions = {}): AsyncGenerator<Slice> {
    const { origin, dims } = this.levels[0]!;
    if (origin.kind !== "stored") return;
    const { array } = origin;
    const count = dims[0] * dims[1];
    const sliceBytes = createVoxels(this.description.voxelType, 1).byteLength * count;
    const depth = Math.max(1, Math.min(array.chunkDims(this.#roles)[2], dims[2], Math.floor(SLAB_BYTES / sliceBytes)));
    const slab = createVoxels(this.description.voxelType, count * depth);
    for (let frame = 0; frame < this.description.frames; frame++) {
      for (let from = 0; from < dims[2]; from += depth) {
        options.signal?.throwIfAborted();
        const to = Math.min(from + depth, dims[2]);
        const target = { voxels: slab, at: 0, pitchJ: dims[0], pitchK: count };
        await array.readBox(this.#roles, frame, [0, 0, from], [dims[0], dims[1], to], target, options);
        for (let k = from; k < to; k++)
          yield { frame, k, voxels: slab.subarray((k - from) * count, (k - from + 1) * count) };
      }
    }
  }

  readonly #own: BrickSource = { readBrick: (address, options) => this.readBrick(address, options) };

  async #stored(
    frame: number,
    at: Dims,
    { array, dims, block }: { readonly array: ChunkedArray; readonly dims: Dims; readonly block: Dims },
    extent: Dims,
    options: AbortOptions,
  ): Promise<{ voxels: VoxelArray; known: Dims }> {
    const { voxelType } = this.description;
    // A resolution may end a voxel early: its last one stands for the next.
    const min = at.map((n, axis) => Math.min(n * BRICK_EDGE * block[axis]!, dims[axis]! - 1)) as unknown as Dims;
    const max = min.map((n, axis) => Math.min(n + extent[axis]! * block[axis]!, dims[axis]!)) as unknown as Dims;
    const known = min.map((n, axis) => Math.ceil((max[axis]! - n) / block[axis]!)) as unknown as Dims;
    const voxels = createVoxels(voxelType, BRICK_VOXELS);
    const target = { voxels, at: 0, pitchJ: BRICK_EDGE, pitchK: BRICK_EDGE ** 2 };
    if (block.every((n) => n === 1)) {
      await array.readBox(this.#roles, frame, min, max, target, options);
      return { voxels, known };
    }
    const mean = new BlockMean(block);
    for (let k = min[2]; k < max[2]; k += BRICK_EDGE)
      for (let j = min[1]; j < max[1]; j += BRICK_EDGE)
        for (let i = min[0]; i < max[0]; i += BRICK_EDGE) {
          const from: Dims = [i, j, k];
          const to = from.map((n, axis) => Math.min(n + BRICK_EDGE, max[axis]!)) as unknown as Dims;
          await array.readBox(this.#roles, frame, from, to, target, options);
          mean.add(voxels, difference(to, from), difference(from, min));
        }
    return { voxels: mean.finish(voxelType), known };
  }
}

function difference(a: Dims, b: Dims): Dims {
  return [a[0] - b[0], a[1] - b[1], a[2] - b[2]];
}

function frameNotes({ axes, channels }: Multiscales, { frames }: AxisRoles, { shape }: ChunkedArray): string[] {
  const several = frames.filter((axis) => shape[axis]! > 1);
  if (several.length === 0) return [];
  const words = several.map((axis) => {
    const { type, name } = axes[axis]!;
    const what = type === "time" ? "time points" : type === "channel" ? "channels" : `elements along ${name}`;
    const named = type === "channel" && channels.length === shape[axis] ? ` (${channels.join(", ")})` : "";
    return `${shape[axis]!} ${what}${named}`;
  });
  return [`The frames are ${words.join(", each with ")}.`];
}

function metadataOf(image: Multiscales, { space }: AxisRoles, arrays: readonly ChunkedArray[]): Record<string, string> {
  return {
    Axes: image.axes.map(({ name }) => name).join(", "),
    Resolutions: arrays.map((array) => space.flatMap((n) => (n < 0 ? [] : [array.shape[n]!])).join(" × ")).join("; "),
    Chunks: space.flatMap((n) => (n < 0 ? [] : [arrays[0]!.chunks[n]!])).join(" × "),
    ...(image.labels ? { Kind: "label image" } : {}),
  };
}

async function digest(text: string): Promise<string> {
  const bytes = new Uint8Array(await crypto.subtle.digest("SHA-256", new TextEncoder().encode(text)));
  return [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
}
