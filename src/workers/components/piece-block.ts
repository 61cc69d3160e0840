import { BRICK_EDGE, brickBox, brickCoordinates, brickDims, type Dims } from "#volume";
import type { TaskContext } from "../crew/task.ts";
import { requireRoom } from "../memory-arena.ts";

/** Words of a piece's record (`assembly/memory/components.ts`). */
export const PIECE_WORDS = 4;

/** Where the runs of a face begin, behind the ends of its 64 rows. */
export const FACE_RUNS_AT = 132;

/** Voxels of a piece, from its record's first word. */
export function voxelsOf(word: number): number {
  return word & 0x7ffff;
}

/** Sides of the brick that a piece touches, a bit each: i low, i high, j low, j high, k low, k high. */
export function sidesOf(word: number): number {
  return word >>> 20;
}

/** Voxels of a brick that lie in the volume, along i, j, k. */
export function extentOf(dims: Dims, index: number): Dims {
  const [bi, bj, bk] = brickCoordinates(brickDims(dims), index);
  const { max } = brickBox(dims, bi, bj, bk);
  return [max[0] - bi * BRICK_EDGE, max[1] - bj * BRICK_EDGE, max[2] - bk * BRICK_EDGE];
}

/** What a brick's rows are joined from and by. */
export interface PieceRows {
  readonly extent: Dims;
  /** Address of 64³ u16 labels with a voxel of room on either side; 0 where the rows stand in `set` as a mask. */
  readonly labels: number;
  /** What the voxels of a mask are of. */
  readonly segment: number;
  readonly connectivity: number;
  /** Whether slices across k are kept apart. */
  readonly planar: boolean;
}

/** The pieces of one brick at a time in a block of WASM memory, 6 MiB (`assembly/memory/components.ts`). */
export class PieceBlock {
  readonly #context: TaskContext;
  readonly #faceAt: number;
  /** Address of the block. */
  readonly at: number;
  #extent: Dims = [0, 0, 0];
  #count = 0;

  constructor(context: TaskContext) {
    const { arena, core } = context;
    this.#context = context;
    this.at = requireRoom(arena, core.exports.componentsBlockBytes());
    this.#faceAt = requireRoom(arena, core.exports.componentsFaceRoom());
  }

  /** Address of the 64³ bits that a mask is put in. */
  get set(): number {
    return this.#context.core.exports.componentsSet(this.at);
  }

  /** Pieces found last. */
  get count(): number {
    return this.#count;
  }

  /** Lets go of the pieces found last. */
  clear(): void {
    this.#count = 0;
  }

  /** Joins the rows of a brick to pieces; returns how many there are. */
  join({ extent, labels, segment, connectivity, planar }: PieceRows): number {
    const { exports } = this.#context.core;
    this.#extent = extent;
    if (labels === 0) exports.componentsRowsOfMask(this.at, ...extent);
    else exports.componentsRowsOfLabels(this.at, labels, ...extent);
    exports.componentsJoin(this.at, labels, connectivity, planar ? 1 : 0);
    this.#count = exports.componentsGather(this.at, labels, segment, ...extent);
    return this.#count;
  }

  /** The records of all pieces, to be read before the next `join`. */
  records(): Uint32Array {
    const at = this.#context.core.exports.componentsPieces(this.at);
    return new Uint32Array(this.#context.arena.memory.buffer, at, this.#count * PIECE_WORDS);
  }

  /** A copy of the records of the pieces that touch one of the sides `open`: the open pieces, by number. */
  openRecords(open: number): Uint32Array<ArrayBuffer> {
    const records = this.records();
    const isOpen = (at: number): boolean => (sidesOf(records[at]!) & open) !== 0;
    let count = 0;
    for (let at = 0; at < records.length; at += PIECE_WORDS) if (isOpen(at)) count++;
    const found = new Uint32Array(count * PIECE_WORDS);
    let to = 0;
    for (let at = 0; at < records.length; at += PIECE_WORDS) {
      if (!isOpen(at)) continue;
      for (let word = 0; word < PIECE_WORDS; word++) found[to++] = records[at + word]!;
    }
    return found;
  }

  /** Number of the piece that holds a voxel of the brick, −1 for none. */
  pieceAt(voxel: number): number {
    return this.#count === 0 ? -1 : this.#context.core.exports.componentsPieceAt(this.at, voxel);
  }

  /** The faces at the sides `open`, each a buffer as `assembly/kernels/components/faces.ts` draws it; undefined for empty ones. */
  faces(open: number): (ArrayBuffer | undefined)[] {
    const { core, arena } = this.#context;
    core.exports.componentsNumber(this.at, this.#count, open);
    return [0, 1, 2, 3, 4, 5].map((side) => {
      if (((open >> side) & 1) === 0) return undefined;
      const runs = core.exports.componentsFace(this.at, side, ...this.#extent, this.#faceAt);
      if (runs === 0) return undefined;
      const bytes = new Uint8Array(FACE_RUNS_AT + runs * 4);
      bytes.set(new Uint8Array(arena.memory.buffer, this.#faceAt, bytes.length));
      return bytes.buffer;
    });
  }
}
