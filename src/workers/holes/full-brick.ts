import { BRICK_EDGE, type Dims } from "#volume";
import { FACE_RUNS_AT } from "../components/piece-block.ts";
import type { OpenPieces } from "../components/piece-forest.ts";

/**
 * What a task would tell of a brick that is background as a whole, without looking at it: one piece that touches every side, or one a
 * slice across k with `planar`.
 */
export function fullBrick(index: number, extent: Dims, segment: number, open: number, planar: boolean): OpenPieces {
  const [ni, nj, nk] = extent;
  const words: number[] = [];
  const slices = planar ? nk : 1;
  for (let k = 0; open !== 0 && k < slices; k++) {
    const [k0, k1] = planar ? [k, k] : [0, nk - 1];
    // All six sides; those across k say nothing where slices are kept apart.
    words.push(((planar ? ni * nj : ni * nj * nk) | (0b111111 << 20)) >>> 0, k0 * BRICK_EDGE * BRICK_EDGE);
    words.push(((k0 << 16) | ((64 - ni) << 24)) >>> 0, ((64 - nj) | ((63 - k1) << 8) | (segment << 16)) >>> 0);
  }
  const face = (side: number): ArrayBuffer | undefined => {
    if (((open >> side) & 1) === 0) return undefined;
    const [nu, nv] = side < 2 ? [nj, nk] : side < 4 ? [ni, nk] : [ni, nj];
    return fullFace(nu, nv, planar);
  };
  return { index, open: Uint32Array.from(words), faces: [0, 1, 2, 3, 4, 5].map(face) };
}

/** A face with a run in each row: of piece 0, or of the row's own piece. */
function fullFace(nu: number, nv: number, planar: boolean): ArrayBuffer {
  const buffer = new ArrayBuffer(FACE_RUNS_AT + nv * 4);
  const rows = new Uint16Array(buffer, 0, 65);
  const runs = new Uint32Array(buffer, FACE_RUNS_AT);
  for (let v = 0; v < 65; v++) rows[v] = Math.min(v, nv);
  for (let v = 0; v < nv; v++) runs[v] = (nu << 8) | ((planar ? v : 0) << 16);
  return buffer;
}
