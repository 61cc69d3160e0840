import { type AbortOptions, SharedWork } from "#base";
import {
  BRICK_EDGE,
  type BrickAddress,
  type BrickPixels,
  type BrickSource,
  PyramidBuilder,
  type PyramidLevel,
  pyramidLevels,
} from "#volume";
import type { BodyPart } from "./body.ts";
import { extentOf, halvedVoxels, rangeOf, repeatEdges } from "./halved-brick.ts";
import { RAW_BANDS_KEPT_BYTES } from "./limits.ts";
import { afarOf } from "./range-blob.ts";
import type { ChunkedVolume } from "./source.ts";
import { asSourceError } from "./source-errors.ts";
import { planBytes, toPlanVoxels, type VolumePlan } from "./volume-plan.ts";
import { sourceBytes } from "./voxel-conversion.ts";

/** One row of bricks along i, with their voxels. */
type Band = readonly BrickPixels[];

/**
 * A volume whose voxels lie in files as they are, read brick by brick from where they lie. Read is a band: all bricks along i, as
 * rows lie side by side in a file; some bands are held. Coarser levels are means of the level before.
 */
export class RawVolume implements ChunkedVolume {
  readonly fingerprint: string;
  readonly overviewAtHand = false;
  readonly nearby = true;
  readonly #plan: VolumePlan;
  readonly #levels: readonly PyramidLevel[];
  readonly #bands = new Map<string, Band>();
  readonly #reads = new SharedWork<Band>();
  readonly #bandsKept: number;
  readonly #own: BrickSource = { readBrick: (address, options) => this.readBrick(address, options) };

  constructor(plan: VolumePlan) {
    const { grid, voxelType, frames } = plan.description;
    this.#plan = plan;
    this.#levels = pyramidLevels(grid.dims);
    this.fingerprint = JSON.stringify([grid, voxelType, plan.sourceType, frames, planBytes(plan)]);
    const bandBytes = grid.dims[0] * BRICK_EDGE ** 2 * sourceBytes(plan.sourceType);
    this.#bandsKept = Math.max(2, Math.floor(RAW_BANDS_KEPT_BYTES / bandBytes));
  }

  /** Whether all voxels of a plan can be read by their place, which is near: a row of bricks takes 64 reads. */
  static canRead({ parts, frameAxis }: VolumePlan): boolean {
    return frameAxis === 3 && parts.every(({ encoding, blob }) => encoding === "raw" && !afarOf(blob));
  }

  async readBrick(address: BrickAddress, options: AbortOptions = {}, finer = this.#own): Promise<BrickPixels> {
    if (address.level === 0) {
      const brick = (await this.#band(address, options))[address.bi]!;
      return { ...brick, voxels: brick.voxels.slice() };
    }
    const { voxelType } = this.#plan.description;
    const voxels = await halvedVoxels(this.#levels, address, voxelType, finer, options);
    const extent = extentOf(this.#levels[address.level]!, [address.bi, address.bj, address.bk]);
    const { min, max } = rangeOf(voxels, extent);
    repeatEdges(voxels, extent);
    return { address, voxels, min, max };
  }

  async probe(): Promise<void> {
    // Files are there or fail when they are read.
  }

  async #band({ frame, bj, bk }: BrickAddress, { signal }: AbortOptions): Promise<Band> {
    const key = `${frame} ${bj} ${bk}`;
    const held = this.#bands.get(key);
    if (held) {
      // The band that was used last goes last.
      this.#bands.delete(key);
      this.#bands.set(key, held);
      return held;
    }
    return this.#reads.run(key, signal, async (shared) => {
      const band = await this.#readBand(frame, bj, bk, shared);
      this.#bands.set(key, band);
      for (const oldest of this.#bands.keys()) {
        if (this.#bands.size <= this.#bandsKept) break;
        this.#bands.delete(oldest);
      }
      return band;
    });
  }

  async #readBand(frame: number, bj: number, bk: number, signal: AbortSignal): Promise<Band> {
    const { description, sourceType } = this.#plan;
    const { dims } = description.grid;
    const [columns, rows, slices] = dims;
    const [, height, depth] = extentOf(this.#levels[0]!, [0, bj, bk]);
    const size = sourceBytes(sourceType);
    const band: BrickPixels[] = [];
    const builder = new PyramidBuilder([columns, height, depth], description.voxelType, frame, (brick) => {
      const { level, bi } = brick.address;
      if (level === 0) band[bi] = { ...brick.take(), address: { frame, level, bi, bj, bk } };
    });
    for (let n = 0; n < depth; n++) {
      signal.throwIfAborted();
      const k = bk * BRICK_EDGE + n;
      const first = ((frame * slices + k) * rows + bj * BRICK_EDGE) * columns;
      const bytes = await readBytes(this.#plan.parts, first * size, columns * height * size);
      builder.push(n, toPlanVoxels(this.#plan, bytes, { frame, j: bj * BRICK_EDGE, k }));
    }
    return band;
  }
}

/** Voxel bytes from a place in all parts, which lie one after the other. */
async function readBytes(parts: readonly BodyPart[], from: number, length: number): Promise<Uint8Array> {
  const bytes = new Uint8Array(length);
  let partFrom = 0;
  for (const { name, blob, start, byteLength } of parts) {
    const begin = Math.max(from, partFrom);
    const end = Math.min(from + length, partFrom + byteLength);
    if (begin < end) {
      const piece = blob.slice(start + begin - partFrom, start + end - partFrom);
      try {
        bytes.set(new Uint8Array(await piece.arrayBuffer()), begin - from);
      } catch (error) {
        throw asSourceError(name, error);
      }
    }
    partFrom += byteLength;
  }
  return bytes;
}
