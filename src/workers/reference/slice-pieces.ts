/** A connected piece of a slice. */
export interface SlicePiece {
  readonly label: number;
  readonly pixels: number;
  readonly sumU: number;
  readonly sumV: number;
  /** u0, v0, u1, v1, upper ends outside. */
  readonly box: readonly [number, number, number, number];
}

/** Connected pieces (8 neighbours) of each label on a slice `width` pixels wide, or of all together (label 0 where several), by first pixel. */
export function slicePiecesReference(slice: ArrayLike<number>, width: number, together: boolean): SlicePiece[] {
  const seen = new Uint8Array(slice.length);
  const height = slice.length / width;
  const pieces: SlicePiece[] = [];
  for (let first = 0; first < slice.length; first++) {
    if (slice[first] === 0 || seen[first] === 1) continue;
    const waiting = [first];
    seen[first] = 1;
    let label = slice[first]!;
    let [pixels, sumU, sumV] = [0, 0, 0];
    const box: [number, number, number, number] = [width, height, 0, 0];
    for (let n = waiting.pop(); n !== undefined; n = waiting.pop()) {
      const [u, v] = [n % width, Math.floor(n / width)];
      if (slice[n] !== label) label = 0;
      pixels++;
      sumU += u;
      sumV += v;
      box[0] = Math.min(box[0], u);
      box[1] = Math.min(box[1], v);
      box[2] = Math.max(box[2], u + 1);
      box[3] = Math.max(box[3], v + 1);
      for (let dv = -1; dv <= 1; dv++) {
        for (let du = -1; du <= 1; du++) {
          const [x, y] = [u + du, v + dv];
          if (x < 0 || y < 0 || x >= width || y >= height) continue;
          const at = y * width + x;
          if (seen[at] === 1 || slice[at] === 0 || (!together && slice[at] !== slice[n])) continue;
          seen[at] = 1;
          waiting.push(at);
        }
      }
    }
    pieces.push({ label, pixels, sumU, sumV, box });
  }
  return pieces;
}
