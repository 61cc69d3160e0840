/** Numbers of one corner: pixel x and y, ratio and offset of texels (3 + 3), then entry, label entry, proposal entry as words. */
export const CORNER_WORDS = 11;

/** A convex polygon on a picture: x and y of its corners, pixels. Whoever holds one must not keep it beyond the next clipping. */
export interface Outline {
  readonly xy: Float64Array;
  count: number;
}

/** A rectangle, clockwise from its upper left corner. */
export function setFrame({ xy }: Outline, left: number, top: number, right: number, bottom: number): void {
  xy[0] = xy[6] = left;
  xy[1] = xy[3] = top;
  xy[2] = xy[4] = right;
  xy[5] = xy[7] = bottom;
}

/** Corners at most: four of a frame, and one for each of fewer than twenty cuts. */
const MOST = 24;

/** Cuts a polygon again and again between two places, so that nothing is allocated. */
export class ClipChain {
  readonly #places: readonly [Outline, Outline] = [
    { xy: new Float64Array(MOST * 2), count: 0 },
    { xy: new Float64Array(MOST * 2), count: 0 },
  ];

  /** The part of a polygon where a · x + b · y + c ≥ 0: the polygon itself where that is all of it. */
  clip(from: Outline, a: number, b: number, c: number): Outline {
    const { xy, count } = from;
    let whole = true;
    for (let n = 0; n < count && whole; n++) whole = a * xy[2 * n]! + b * xy[2 * n + 1]! + c >= 0;
    if (whole) return from;
    const into = from === this.#places[0] ? this.#places[1] : this.#places[0];
    const kept = into.xy;
    let at = 0;
    let px = xy[0]!;
    let py = xy[1]!;
    let here = a * px + b * py + c;
    for (let n = 0; n < count; n++) {
      const next = n + 1 < count ? 2 * n + 2 : 0;
      const qx = xy[next]!;
      const qy = xy[next + 1]!;
      const there = a * qx + b * qy + c;
      if (here >= 0) {
        kept[at++] = px;
        kept[at++] = py;
      }
      if (here >= 0 !== there >= 0) {
        const f = here / (here - there);
        kept[at++] = px + (qx - px) * f;
        kept[at++] = py + (qy - py) * f;
      }
      px = qx;
      py = qy;
      here = there;
    }
    into.count = at / 2;
    return into;
  }
}

/** Corners of triangles as the vertex buffer takes them; it keeps its room when it is cleared. */
export class CornerList {
  #words = new Uint32Array(CORNER_WORDS * 96);
  #floats = new Float32Array(this.#words.buffer);
  #count = 0;

  get count(): number {
    return this.#count;
  }

  get written(): Uint32Array {
    return this.#words.subarray(0, this.#count * CORNER_WORDS);
  }

  clear(): void {
    this.#count = 0;
  }

  push(x: number, y: number, facts: Float64Array): void {
    const first = this.#count++ * CORNER_WORDS;
    if (first + CORNER_WORDS > this.#words.length) this.#grow();
    const floats = this.#floats;
    floats[first] = x;
    floats[first + 1] = y;
    for (let n = 0; n < 6; n++) floats[first + 2 + n] = facts[n]!;
    for (let n = 6; n < 9; n++) this.#words[first + 2 + n] = facts[n]!;
  }

  #grow(): void {
    const words = new Uint32Array(this.#words.length * 2);
    words.set(this.#words);
    this.#words = words;
    this.#floats = new Float32Array(words.buffer);
  }
}

/** Adds a convex polygon as triangles. */
export function addFan(list: CornerList, { xy, count }: Outline, facts: Float64Array): void {
  for (let n = 2; n < count; n++) {
    list.push(xy[0]!, xy[1]!, facts);
    list.push(xy[2 * n - 2]!, xy[2 * n - 1]!, facts);
    list.push(xy[2 * n]!, xy[2 * n + 1]!, facts);
  }
}
