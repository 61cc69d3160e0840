import { type ProgressOptions, VoxelwrightError } from "#base";
import { MAX_LABEL } from "#labelmap";
import { BRICK_EDGE, brickDims, brickIndex, type Dims, type IndexIjk } from "#volume";
import type { Crew } from "../crew/crew.ts";
import { shareOut } from "../crew/share-out.ts";
import type { Connectivity, KernelLabels } from "../kernel-data.ts";
import { Pacer } from "../pacer.ts";
import { partOfProgress } from "../part-of-progress.ts";
import { PIECE_WORDS } from "./piece-block.ts";
import { reachOf } from "./faces.ts";
import type { BrickFound, BrickSearch, FoundPieces } from "./find-pieces.ts";
import { openSides } from "./open-sides.ts";
import { PieceColumns } from "./piece-columns.ts";
import { PieceForest } from "./piece-forest.ts";

/** Bricks looked through before their faces are joined: enough work for every thread, few enough to hold. */
const BRICKS_A_BATCH = 128;

/** Words of closed pieces between looks at events. */
const PACED_WORDS = (PIECE_WORDS + 1) * 4096;

export interface ComponentSearch {
  readonly segments?: readonly number[] | undefined;
  readonly connectivity: Connectivity;
  /** See `FindPiecesRequest`. */
  readonly leastVoxels: number;
  readonly most?: number | undefined;
  /** Voxels whose component is asked for. */
  readonly voxels?: readonly IndexIjk[];
}

/** What is known of a brick after the search. */
export interface SearchedBrick {
  readonly closed: number;
  readonly small: number;
}

/** A component that holds a voxel asked for: an open piece of it, or the closed piece that it is. */
export type Holder = { readonly open: number } | { readonly brick: number; readonly first: number };

export interface FoundComponents {
  readonly forest: PieceForest;
  /** Components within one brick that were told. */
  readonly closed: PieceColumns;
  /** Segment → components and voxels that were not told. */
  readonly untold: ReadonlyMap<number, { readonly components: number; readonly voxels: number }>;
  readonly bricks: ReadonlyMap<number, SearchedBrick>;
  /** Of the voxels asked for, in their order; undefined where none holds it. */
  readonly holders: readonly (Holder | undefined)[];
}

/** Throws `argument` unless these are segments and a connectivity. */
export function checkComponentArguments(segments: readonly number[] | undefined, connectivity: number): void {
  if (connectivity !== 6 && connectivity !== 18 && connectivity !== 26) {
    throw new VoxelwrightError("argument", `Connectivity is 6, 18 or 26, not ${String(connectivity)}.`);
  }
  for (const segment of segments ?? []) {
    if (Number.isInteger(segment) && segment >= 1 && segment <= MAX_LABEL) continue;
    throw new VoxelwrightError("argument", `Segments are whole numbers from 1 to ${MAX_LABEL}, not ${segment}.`);
  }
}

/**
 * Finds the connected components of a label map: pieces brick by brick in the threads of a crew, joined over faces in this one,
 * batch by batch. Memory here: faces of one layer of bricks, 50 bytes an open piece and a told closed one.
 */
export async function findComponents(
  crew: Crew,
  labels: KernelLabels,
  search: ComponentSearch,
  options: ProgressOptions,
): Promise<FoundComponents> {
  const join = new Joining(labels.dims, search);
  const { connectivity, segments, leastVoxels, most } = search;
  const indices = [...labels.brickIndices()].sort((a, b) => a - b);
  const batches = cut(indices, BRICKS_A_BATCH * crew.count);
  const searchOf = brickSearches(labels.dims, indices, search);
  // Progress is told by the tasks.
  const pacer = new Pacer(options.signal ? { signal: options.signal } : {});
  const find = (n: number): Promise<FoundPieces[]> => {
    const shares = shareOut(batches[n]!, crew.count).map((own) => ({
      request: { bricks: own.map(searchOf), connectivity, segments, leastVoxels, most },
      labelBricks: own,
    }));
    const part = partOfProgress(options, n / batches.length, (n + 1) / batches.length);
    return crew.share("findPieces", { maps: [labels] }, shares, part);
  };
  // The threads look through the next batch while this one joins the last.
  let next = batches.length > 0 ? find(0) : undefined;
  for (let n = 0; next; n++) {
    const found = await next;
    next = n + 1 < batches.length ? find(n + 1) : undefined;
    try {
      await join.add(found, pacer);
    } catch (error) {
      await next?.catch(() => undefined);
      throw error;
    }
  }
  return join.finish();
}

/** What is asked of a brick. */
function brickSearches(
  dims: Dims,
  indices: readonly number[],
  { connectivity, voxels = [] }: ComponentSearch,
): (index: number) => BrickSearch {
  const bricks = brickDims(dims);
  const held = new Set(indices);
  const wanted = voxelsByBrick(dims, bricks, voxels);
  return (index) => {
    const open = openSides(bricks, index, (other) => held.has(other), connectivity);
    const own = wanted.get(index)?.map(({ voxel }) => voxel);
    return { index, open, ...(own ? { voxels: own } : {}) };
  };
}

interface WantedVoxel {
  readonly place: number;
  readonly voxel: number;
}

function voxelsByBrick(dims: Dims, bricks: Dims, voxels: readonly IndexIjk[]): Map<number, WantedVoxel[]> {
  const wanted = new Map<number, WantedVoxel[]>();
  for (const [place, ijk] of voxels.entries()) {
    if (!ijk.every((n, axis) => Number.isInteger(n) && n >= 0 && n < dims[axis]!)) {
      throw new VoxelwrightError("argument", `Voxel ${ijk.join(", ")} is not in the volume of ${dims.join("×")}.`);
    }
    const [bi, bj, bk] = ijk.map((n) => Math.floor(n / BRICK_EDGE)) as [number, number, number];
    const voxel = ((ijk[2] & 63) * BRICK_EDGE + (ijk[1] & 63)) * BRICK_EDGE + (ijk[0] & 63);
    const index = brickIndex(bricks, bi, bj, bk);
    const own = wanted.get(index);
    if (own) own.push({ place, voxel });
    else wanted.set(index, [{ place, voxel }]);
  }
  return wanted;
}

function cut<Item>(items: readonly Item[], size: number): Item[][] {
  const pieces: Item[][] = [];
  for (let from = 0; from < items.length; from += size) pieces.push(items.slice(from, from + size));
  return pieces;
}

/** Takes up what tasks found, brick by brick. */
class Joining {
  readonly #forest: PieceForest;
  readonly #closed: PieceColumns;
  readonly #untold = new Map<number, { components: number; voxels: number }>();
  readonly #bricks = new Map<number, SearchedBrick>();
  readonly #wanted: Map<number, WantedVoxel[]>;
  readonly #holders: (Holder | undefined)[];

  constructor(dims: Dims, { connectivity, voxels = [] }: ComponentSearch) {
    const bricks = brickDims(dims);
    this.#forest = new PieceForest(dims, bricks, connectivity, reachOf(connectivity, false));
    this.#closed = new PieceColumns(dims, bricks);
    this.#wanted = voxelsByBrick(dims, bricks, voxels);
    this.#holders = voxels.map(() => undefined);
  }

  async add(parts: readonly FoundPieces[], pacer: Pacer): Promise<void> {
    for (const { bricks, closed, untold } of parts) {
      for (const brick of bricks) {
        await pacer.pause(0, "Joining components");
        this.#addBrick(brick);
      }
      for (let at = 0; at < closed.length; at += PIECE_WORDS + 1) {
        if (at % PACED_WORDS === 0) await pacer.pause(0, "Joining components");
        this.#closed.add(closed[at]!, closed, at + 1);
      }
      for (const [segment, components, voxels] of untold) {
        const sum = this.#untold.get(segment) ?? { components: 0, voxels: 0 };
        this.#untold.set(segment, { components: sum.components + components, voxels: sum.voxels + voxels });
      }
    }
  }

  finish(): FoundComponents {
    return {
      forest: this.#forest,
      closed: this.#closed,
      untold: this.#untold,
      bricks: this.#bricks,
      holders: this.#holders,
    };
  }

  #addBrick(found: BrickFound): void {
    this.#forest.add(found);
    this.#bricks.set(found.index, { closed: found.closed, small: found.small });
    const { base } = this.#forest.piecesOf(found.index);
    for (const [n, { place }] of (this.#wanted.get(found.index) ?? []).entries()) {
      const { open, closed } = found.held[n]!;
      if (open !== undefined) this.#holders[place] = { open: base + open };
      else if (closed !== undefined) this.#holders[place] = { brick: found.index, first: closed };
    }
  }
}
