/** The codec of bricks in plain TypeScript: the format of assembly/memory/codec.ts, byte for byte. */

const EDGE = 64;
const SLICE = EDGE * EDGE;
const BRICK = EDGE * SLICE;
const [TILE_COLUMNS, TILE_ROWS] = [16, 8];

type Voxels = Uint8Array | Uint16Array;

/** What is expected of voxel `n`, by number of the predictor; voxels before the brick are as the first. */
const PREDICTORS: readonly ((at: (n: number) => number, n: number, bits: number) => number)[] = [
  (at, n) => at(n - EDGE),
  (at, n) => at(n - SLICE),
  (at, n) => at(n - EDGE) + at(n - SLICE) - at(n - SLICE - EDGE),
  (at, n, bits) => at(n - EDGE) + (signed(at(n - SLICE) - at(n - EDGE), bits) >> 1),
];

function signed(value: number, bits: number): number {
  return (value << (32 - bits)) >> (32 - bits);
}

/** Voxels of a tile, row after row. */
function* tileVoxels(tile: number): Generator<number> {
  const perRow = EDGE / TILE_COLUMNS;
  const first = Math.floor(tile / perRow) * TILE_ROWS * EDGE + (tile % perRow) * TILE_COLUMNS;
  for (let row = 0; row < TILE_ROWS; row++) {
    for (let column = 0; column < TILE_COLUMNS; column++) yield first + row * EDGE + column;
  }
}

const TILES = BRICK / (TILE_COLUMNS * TILE_ROWS);

/** Numbers of the bits of a byte that is `width` bits wide, by the vector of bytes they are in: halves, quarters, single bits. */
function* planes(width: number): Generator<{ readonly bits: number; readonly from: number }> {
  let from = 0;
  for (const bits of [8, 4, 2, 1]) {
    if ((width & bits) === 0) continue;
    yield { bits, from };
    from += bits;
  }
}

/** Calls `each` with a byte's lane, its place among the 8 bytes of the lane, and where in the written bytes how many of its bits lie. */
function eachPart(
  width: number,
  each: (byte: number, from: number, bits: number, at: number, shift: number) => void,
): number {
  let at = 0;
  for (const { bits, from } of planes(width)) {
    const perByte = 8 / bits;
    for (let byte = 0; byte < 128; byte++) {
      const row = byte >> 4;
      each(byte, from, bits, at + Math.floor(row / perByte) * 16 + (byte & 15), (row % perByte) * bits);
    }
    at += bits * 16;
  }
  return at;
}

/** The compressed bytes; undefined where they are more than `most`. */
export function encodeReference(voxels: Voxels, most: number): Uint8Array | undefined {
  const bits = voxels.BYTES_PER_ELEMENT * 8;
  const at = (n: number): number => voxels[Math.max(n, 0)]!;
  const tiles = new Uint8Array(TILES);
  const parts: number[] = [];
  for (let tile = 0; tile < TILES; tile++) {
    const candidates = PREDICTORS.map((predict, predictor) => {
      const residuals = [...tileVoxels(tile)].map((n) => {
        const residual = signed(voxels[n]! - predict(at, n, bits), bits);
        return residual < 0 ? -2 * residual - 1 : 2 * residual;
      });
      return { predictor, residuals, width: 32 - Math.clz32(Math.max(...residuals)) };
    });
    const { predictor, residuals, width } = candidates.reduce((best, next) => (next.width < best.width ? next : best));
    tiles[tile] = width * 4 + predictor;
    for (let byte = 0; byte * 8 < width; byte++) {
      const start = parts.length;
      const ofByte = Math.min(width - byte * 8, 8);
      for (let n = 0; n < ofByte * 16; n++) parts.push(0);
      eachPart(ofByte, (n, from, count, to, shift) => {
        parts[start + to]! |= ((residuals[n]! >> (byte * 8 + from)) & ((1 << count) - 1)) << shift;
      });
    }
  }
  const first = [voxels[0]! & 255, voxels[0]! >> 8];
  const bytes = tiles.some((tile) => tile !== 0)
    ? Uint8Array.from([...tiles, ...parts, ...first])
    : Uint8Array.from(first);
  return bytes.length > most ? undefined : bytes;
}

/** Writes the voxels of compressed bytes to `into`. */
export function decodeReference(bytes: Uint8Array, into: Voxels): void {
  const bits = into.BYTES_PER_ELEMENT * 8;
  const first = bytes.at(-2)! | (bytes.at(-1)! << 8);
  if (bytes.length === 2) {
    into.fill(first);
    return;
  }
  const at = (n: number): number => (n < 0 ? first : into[n]!);
  let start = TILES;
  for (let tile = 0; tile < TILES; tile++) {
    const width = bytes[tile]! >> 2;
    const predict = PREDICTORS[bytes[tile]! & 3]!;
    const residuals = new Uint16Array(128);
    for (let byte = 0; byte * 8 < width; byte++) {
      start += eachPart(Math.min(width - byte * 8, 8), (n, from, count, to, shift) => {
        residuals[n]! |= ((bytes[start + to]! >> shift) & ((1 << count) - 1)) << (byte * 8 + from);
      });
    }
    let n = 0;
    for (const voxel of tileVoxels(tile)) {
      const folded = residuals[n++]!;
      into[voxel] = predict(at, voxel, bits) + (folded & 1 ? -(folded + 1) / 2 : folded / 2);
    }
  }
}
