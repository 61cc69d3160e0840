import { brickCoordinates, brickIndex, type Dims } from "#volume";
import { PIECE_WORDS } from "./piece-block.ts";
import { type Face, type Reach, readFace, touchFaces } from "./faces.ts";
import { PieceColumns } from "./piece-columns.ts";

/** A brick with its open pieces. */
export interface OpenPieces {
  readonly index: number;
  readonly open: Uint32Array;
  readonly faces: readonly (ArrayBuffer | undefined)[];
}

/** A neighbour that comes before a brick: steps to it, the axis their faces lie across, and its steps along the faces. */
interface Neighbour {
  readonly step: Dims;
  readonly axis: number;
  readonly du: number;
  readonly dv: number;
}

/**
 * Joins the open pieces of neighbouring bricks to components (union-find). Bricks come in ascending order; the faces of a brick are
 * let go when the last of its neighbours has come. The smaller number is the root, so nothing depends on who found which piece.
 */
export class PieceForest {
  readonly #bricks: Dims;
  readonly #reach: Reach;
  readonly #neighbours: readonly Neighbour[];
  readonly #columns: PieceColumns;
  #parents = new Uint32Array(256);
  readonly #marked = new Set<number>();
  /** Number of a brick's first open piece, and how many there are. */
  readonly #bases = new Map<number, { readonly base: number; readonly count: number }>();
  readonly #waiting = new Map<number, { readonly base: number; readonly faces: readonly (Face | undefined)[] }>();

  /** With `planar` slices across k are kept apart. */
  constructor(dims: Dims, bricks: Dims, connectivity: number, reach: Reach, planar = false) {
    this.#bricks = bricks;
    this.#reach = reach;
    this.#neighbours = neighboursBefore(connectivity, planar);
    this.#columns = new PieceColumns(dims, bricks);
  }

  /** The pieces; a root has all of its component once the last brick has come. */
  get columns(): PieceColumns {
    return this.#columns;
  }

  /** First open piece of a brick and their number; none for a brick that did not come. */
  piecesOf(index: number): { readonly base: number; readonly count: number } {
    return this.#bases.get(index) ?? { base: 0, count: 0 };
  }

  /** Bricks that came, in their order. */
  bricks(): Iterable<number> {
    return this.#bases.keys();
  }

  /** Adds the pieces of a brick and joins them to those before. */
  add({ index, open, faces }: OpenPieces): void {
    const base = this.#columns.count;
    const count = open.length / PIECE_WORDS;
    for (let at = 0; at < open.length; at += PIECE_WORDS) this.#addPiece(index, open, at);
    this.#bases.set(index, { base, count });
    const own = faces.map((face) => face && readFace(face));
    const at = brickCoordinates(this.#bricks, index);
    for (const { step, axis, du, dv } of this.#neighbours) {
      const to = at.map((n, axis_) => n + step[axis_]!) as unknown as Dims;
      if (to.some((n, axis_) => n < 0 || n >= this.#bricks[axis_]!)) continue;
      const other = this.#waiting.get(brickIndex(this.#bricks, ...to));
      const theirs = other?.faces[axis];
      const low = own[axis * 2];
      if (!other || !theirs || !low) continue;
      touchFaces(low, theirs, du, dv, this.#reach, (a, b) => this.#unite(base + a, other.base + b));
    }
    // Only high faces are looked at by those who come later.
    this.#waiting.set(index, { base, faces: [own[1], own[3], own[5]] });
    const oldest = index - (this.#bricks[0] * this.#bricks[1] + this.#bricks[0] + 1);
    for (const waiting of this.#waiting.keys()) {
      if (waiting > oldest) break;
      this.#waiting.delete(waiting);
    }
  }

  /** The root of a piece. */
  root(n: number): number {
    const parents = this.#parents;
    let at = n;
    while (parents[at] !== at) {
      const up = parents[parents[at]!]!;
      parents[at] = up;
      at = up;
    }
    return at;
  }

  /** Whether a piece is a root. */
  isRoot(n: number): boolean {
    return this.#parents[n] === n;
  }

  /** Marks the component of a piece. */
  mark(n: number): void {
    this.#marked.add(this.root(n));
  }

  /** Whether the component of a piece is marked. */
  isMarked(n: number): boolean {
    return this.#marked.has(this.root(n));
  }

  #addPiece(index: number, open: Uint32Array, at: number): void {
    const n = this.#columns.add(index, open, at);
    if (n === this.#parents.length) {
      const parents = new Uint32Array(n * 2);
      parents.set(this.#parents);
      this.#parents = parents;
    }
    this.#parents[n] = n;
  }

  #unite(a: number, b: number): void {
    if (this.#columns.segment(a) !== this.#columns.segment(b)) return;
    const rootA = this.root(a);
    const rootB = this.root(b);
    if (rootA === rootB) return;
    const [to, from] = rootA < rootB ? [rootA, rootB] : [rootB, rootA];
    this.#parents[from] = to;
    this.#columns.merge(to, from);
    if (this.#marked.delete(from)) this.#marked.add(to);
  }
}

function neighboursBefore(connectivity: number, planar: boolean): Neighbour[] {
  const found: Neighbour[] = [];
  for (let dk = planar ? 0 : -1; dk <= 0; dk++) {
    for (let dj = -1; dj <= (dk < 0 ? 1 : 0); dj++) {
      for (let di = -1; di <= (dk < 0 || dj < 0 ? 1 : 0); di++) {
        const changed = Math.abs(di) + Math.abs(dj) + Math.abs(dk);
        if (changed === 0 || changed > (connectivity === 6 ? 1 : connectivity === 18 ? 2 : 3)) continue;
        const axis = dk < 0 ? 2 : dj < 0 ? 1 : 0;
        found.push({ step: [di, dj, dk], axis, du: axis === 0 ? 0 : di, dv: axis === 2 ? dj : 0 });
      }
    }
  }
  return found;
}
