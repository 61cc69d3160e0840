import { FACE_RUNS_AT } from "./piece-block.ts";

/** The pieces that a brick shows at one side: runs along u in each of 64 rows v (`assembly/kernels/components/faces.ts`). */
export interface Face {
  /** Number of the first run of each row; the last is the end. */
  readonly rows: Uint16Array;
  /** First u, u after the end << 8, number of the piece << 16. */
  readonly runs: Uint32Array;
}

/** Reads a face as a task gives it. */
export function readFace(buffer: ArrayBuffer): Face {
  return { rows: new Uint16Array(buffer, 0, 65), runs: new Uint32Array(buffer, FACE_RUNS_AT) };
}

/** How far voxels of two neighbouring bricks, one step apart across their faces, may lie apart along u and v. */
export interface Reach {
  /** Steps along u within the same row. */
  readonly beside: 0 | 1;
  /** Steps along u to the rows before and after; undefined where these do not touch. */
  readonly diagonal: 0 | 1 | undefined;
}

/** Reach under a connectivity; with `planar` slices across k, which v then is, are kept apart. */
export function reachOf(connectivity: number, planar: boolean): Reach {
  if (connectivity === 6) return { beside: 0, diagonal: undefined };
  if (planar) return { beside: 1, diagonal: undefined };
  return { beside: 1, diagonal: connectivity === 18 ? 0 : 1 };
}

/** Told for pieces that touch: number in the first face, number in the second. */
export type Touch = (a: number, b: number) => void;

/**
 * Finds the pieces of face `a` that touch pieces of face `b`, whose brick lies du and dv bricks beside the one that `a` looks at.
 * A pair may be told several times.
 */
export function touchFaces(a: Face, b: Face, du: number, dv: number, reach: Reach, touch: Touch): void {
  const { beside, diagonal } = reach;
  if (dv === 0) {
    const link = du === 0 ? touchRows : du < 0 ? touchLowEnds : touchHighEnds;
    for (let v = 0; v < 64; v++) {
      if (a.rows[v] === a.rows[v + 1]) continue;
      if (du === 0 || beside === 1) link(a, v, b, v, beside, touch);
      if (diagonal === undefined || (du !== 0 && diagonal === 0)) continue;
      if (v > 0) link(a, v, b, v - 1, diagonal, touch);
      if (v < 63) link(a, v, b, v + 1, diagonal, touch);
    }
    return;
  }
  if (diagonal === undefined) return;
  const [v, w] = dv < 0 ? [0, 63] : [63, 0];
  if (du === 0) touchRows(a, v, b, w, diagonal, touch);
  else if (diagonal === 1) (du < 0 ? touchLowEnds : touchHighEnds)(a, v, b, w, 1, touch);
}

function touchRows(a: Face, v: number, b: Face, w: number, steps: number, touch: Touch): void {
  let from = b.rows[w]!;
  const end = b.rows[w + 1]!;
  for (let n = a.rows[v]!; n < a.rows[v + 1]! && from < end; n++) {
    const run = a.runs[n]!;
    const low = (run & 0xff) - steps;
    const high = ((run >>> 8) & 0xff) + steps;
    while (from < end && ((b.runs[from]! >>> 8) & 0xff) <= low) from++;
    for (let m = from; m < end && (b.runs[m]! & 0xff) < high; m++) touch(run >>> 16, b.runs[m]! >>> 16);
  }
}

/** The first voxel of a row of `a` and the last of a row of `b`, which lies before it. */
function touchLowEnds(a: Face, v: number, b: Face, w: number, _steps: number, touch: Touch): void {
  if (a.rows[v] === a.rows[v + 1] || b.rows[w] === b.rows[w + 1]) return;
  const first = a.runs[a.rows[v]!]!;
  const last = b.runs[b.rows[w + 1]! - 1]!;
  if ((first & 0xff) === 0 && ((last >>> 8) & 0xff) === 64) touch(first >>> 16, last >>> 16);
}

/** The last voxel of a row of `a` and the first of a row of `b`, which lies behind it. */
function touchHighEnds(a: Face, v: number, b: Face, w: number, _steps: number, touch: Touch): void {
  if (a.rows[v] === a.rows[v + 1] || b.rows[w] === b.rows[w + 1]) return;
  const last = a.runs[a.rows[v + 1]! - 1]!;
  const first = b.runs[b.rows[w]!]!;
  if (((last >>> 8) & 0xff) === 64 && (first & 0xff) === 0) touch(last >>> 16, first >>> 16);
}
