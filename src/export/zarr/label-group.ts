import { LabelPyramid, type Segment } from "#labelmap";
import {
  BRICK_EDGE,
  BRICK_VOXELS,
  brickCoordinates,
  brickIndex,
  type Dims,
  type ImageGrid,
  type PyramidLevel,
  pyramidLevels,
  type StoredAxes,
} from "#volume";
import { gzip } from "../gzip.ts";
import type { LabelBricks } from "../label-stream.ts";
import type { ZipEntry } from "../zip-stream.ts";
import { type LabelPlace, labelPlace } from "./label-place.ts";
import { groupMetadata } from "./label-metadata.ts";

/** Coarser bricks kept while their parents are computed: eight of each of some ten levels, twice over. */
const COARSE_BYTES = 96 * 1024 ** 2;

/** What a group of labels is written from. */
export interface LabelGroupInput {
  readonly name: string;
  readonly grid: ImageGrid;
  readonly labels: LabelBricks;
  /** A segment for every label present. */
  readonly segments: readonly Segment[];
  /** Greatest label present. */
  readonly greatest: number;
  /** Axes of the OME-Zarr image that the labels are of. */
  readonly stored?: StoredAxes | undefined;
  /** Relative path of that image; absent where the group stands alone. */
  readonly source?: string;
}

/** A label image of OME-Zarr on its way out. */
export interface LabelGroup {
  readonly version: StoredAxes["version"];
  readonly notes: readonly string[];
  /** Files of the group; the bricks first, the metadata that tell of them last. Only bricks that hold a label are among them. */
  entries(): AsyncGenerator<ZipEntry, void, undefined>;
}

/**
 * Labels as a label image: one chunk a brick of 64³, gzip, resolutions by the rule of the labelmap's own overviews. An image's count of
 * resolutions is kept where its resolutions are the program's, as OME-NGFF wants it; else there are all down to one brick.
 */
export function labelGroup(input: LabelGroupInput): LabelGroup {
  const { grid, labels, greatest, stored } = input;
  const place = labelPlace(grid, stored);
  const levels = pyramidLevels(grid.dims).slice(0, stored?.levels);
  const voxelType = greatest <= 255 ? "uint8" : "uint16";
  return {
    version: place.axes.version,
    notes: place.notes,
    async *entries() {
      for (const { level, at, brick } of bricksOfLevels(grid.dims, labels, levels)) {
        const bytes = chunkBytes(brick, place.axes, voxelType);
        yield { path: chunkPath(place, level, at), bytes: await gzipped(bytes) };
      }
      for (const { path, json } of groupMetadata({ ...input, place, levels }, voxelType))
        yield { path, bytes: jsonBytes(json) };
    },
  };
}

export function jsonBytes(json: object): Uint8Array<ArrayBuffer> {
  return new TextEncoder().encode(`${JSON.stringify(json, undefined, 1)}\n`);
}

interface LevelBrick {
  readonly level: number;
  readonly at: Dims;
  readonly brick: Uint16Array;
}

/** Every brick with a label, parents right after their children, so that each is computed once from what is at hand. */
function* bricksOfLevels(
  dims: Dims,
  labels: LabelBricks,
  levels: readonly PyramidLevel[],
): Generator<LevelBrick, void, undefined> {
  const base = levels[0]!.bricks;
  const pyramid = new LabelPyramid(dims, COARSE_BYTES, (index) => {
    const brick = labels.readBrick(index);
    return brick && withoutPadding(brick, dims, brickCoordinates(base, index));
  });
  // Parents that hold a label, by level.
  const held = levels.map(() => new Set<number>());
  for (const index of labels.brickIndices()) {
    pyramid.invalidate(index);
    let at = brickCoordinates(base, index);
    held[0]!.add(index);
    for (let level = 1; level < levels.length; level++) {
      at = at.map((n, axis) => n >> shiftOf(levels, level, axis)) as unknown as Dims;
      held[level]!.add(brickIndex(levels[level]!.bricks, ...at));
    }
  }
  function* below(level: number, at: Dims): Generator<LevelBrick, void, undefined> {
    if (!held[level]?.has(brickIndex(levels[level]!.bricks, ...at))) return;
    if (level > 0) for (const child of childrenOf(levels, level, at)) yield* below(level - 1, child);
    const brick = pyramid.read(level, at);
    if (brick?.some((label) => label !== 0)) yield { level, at, brick };
  }
  const top = levels.length - 1;
  for (const index of [...held[top]!].sort((a, b) => a - b))
    yield* below(top, brickCoordinates(levels[top]!.bricks, index));
}

/** 1 where a level halves an axis of the one before. */
function shiftOf(levels: readonly PyramidLevel[], level: number, axis: number): number {
  const at = axis as 0 | 1 | 2;
  return Number(levels[level]!.factor[at] !== levels[level - 1]!.factor[at]);
}

function* childrenOf(levels: readonly PyramidLevel[], level: number, at: Dims): Generator<Dims, void, undefined> {
  const { bricks } = levels[level - 1]!;
  const [si, sj, sk] = [0, 1, 2].map((axis) => shiftOf(levels, level, axis)) as [number, number, number];
  for (let k = at[2] << sk; k < Math.min((at[2] + 1) << sk, bricks[2]); k++)
    for (let j = at[1] << sj; j < Math.min((at[1] + 1) << sj, bricks[1]); j++)
      for (let i = at[0] << si; i < Math.min((at[0] + 1) << si, bricks[0]); i++) yield [i, j, k];
}

/** The brick with background where it reaches past the volume. */
function withoutPadding(brick: Uint16Array, dims: Dims, at: Dims): Uint16Array {
  const inside = at.map((n, axis) => Math.min(BRICK_EDGE, dims[axis]! - n * BRICK_EDGE)) as unknown as Dims;
  if (inside.every((n) => n === BRICK_EDGE)) return brick;
  const clean = new Uint16Array(BRICK_VOXELS);
  for (let k = 0; k < inside[2]; k++)
    for (let j = 0; j < inside[1]; j++) {
      const row = (k * BRICK_EDGE + j) * BRICK_EDGE;
      clean.set(brick.subarray(row, row + inside[0]), row);
    }
  return clean;
}

function chunkPath({ axes: { version, axes, space } }: LabelPlace, level: number, at: Dims): string {
  const index = axes.map((_, stored) => (space.includes(stored) ? at[space.indexOf(stored) as 0 | 1 | 2] : 0));
  return [level, ...(version === "0.5" ? ["c"] : []), ...index].join("/");
}

/** The brick's voxels with the stored axes' last one fastest, little endian as every machine that runs this is. */
function chunkBytes(brick: Uint16Array, { space }: StoredAxes, type: "uint8" | "uint16"): Uint8Array<ArrayBuffer> {
  const out = type === "uint8" ? new Uint8Array(BRICK_VOXELS) : new Uint16Array(BRICK_VOXELS);
  // An image of one slice has no axis k: its chunks are the brick's first slice.
  const order = [0, 1, 2].filter((axis) => space[axis as 0 | 1 | 2] >= 0);
  order.sort((a, b) => space[b as 0 | 1 | 2] - space[a as 0 | 1 | 2]);
  const count = BRICK_EDGE ** order.length;
  const [fast, middle, slow] = order.map((axis) => BRICK_EDGE ** axis) as [number, number, number | undefined];
  if (fast === 1 && middle === BRICK_EDGE) out.set(brick.subarray(0, count));
  else {
    let to = 0;
    for (let c = 0; c < (slow === undefined ? 1 : BRICK_EDGE); c++)
      for (let b = 0; b < BRICK_EDGE; b++)
        for (let a = 0; a < BRICK_EDGE; a++) out[to++] = brick[c * (slow ?? 0) + b * middle + a * fast]!;
  }
  return new Uint8Array(out.buffer, 0, count * out.BYTES_PER_ELEMENT);
}

async function gzipped(bytes: Uint8Array<ArrayBuffer>): Promise<Uint8Array<ArrayBuffer>> {
  async function* whole() {
    yield bytes;
  }
  const parts: Uint8Array<ArrayBuffer>[] = [];
  for await (const part of gzip(whole())) parts.push(part);
  return new Uint8Array(await new Blob(parts).arrayBuffer());
}
