import {
  fillFirst,
  PREDICTOR_MASK,
  rowBytes,
  TILE_LINES,
  TILE_ROWS,
  tileResiduals,
  tileRowBytes,
  TILES,
  WIDTH_SHIFT,
} from "../../memory/codec";
import { readPlanes } from "./planes";
import { predicted } from "./predict";

/**
 * Reads a brick at rest, `bytes` at `from`, into voxels of `size` bytes, 1 or 2. False where these are not the bytes of a brick; then
 * nothing is read.
 */
export function codecDecode(size: i32, from: usize, bytes: usize, voxels: usize): bool {
  return size == 1 ? decode<u8>(from, bytes, voxels) : decode<u16>(from, bytes, voxels);
}

function decode<T>(from: usize, bytes: usize, voxels: usize): bool {
  const constant = bytes == 2;
  if (!constant && !fits<T>(from, bytes)) return false;
  fillFirst<T>(voxels, load<T>(from + bytes - 2), constant);
  if (constant) return true;
  const residuals = tileResiduals<T>(voxels);
  let tile = from;
  let at = from + TILES;
  let line = voxels;
  for (let n = 0; n < TILE_LINES; n++, line += rowBytes<T>() * <usize>TILE_ROWS) {
    for (let to = line; to < line + rowBytes<T>(); to += tileRowBytes<T>(), tile++) {
      const byte = <i32>load<u8>(tile);
      const width = byte >> WIDTH_SHIFT;
      at = readPlanes(at, min(width, 8), residuals);
      if (sizeof<T>() == 2) at = readPlanes(at, max(width - 8, 0), residuals + 128);
      readTile<T>(byte & PREDICTOR_MASK, residuals, to);
    }
  }
  return true;
}

/** Whether the widths of the tiles are possible ones and add up to the bytes there are. */
function fits<T>(tiles: usize, bytes: usize): bool {
  if (bytes < TILES + 2) return false;
  let sum: usize = 0;
  let widest: i32 = 0;
  for (let n: usize = 0; n < TILES; n++) {
    const width = <i32>load<u8>(tiles + n) >> WIDTH_SHIFT;
    widest = max(widest, width);
    sum += width;
  }
  return widest <= 8 * <i32>sizeof<T>() && TILES + sum * 16 + 2 == bytes;
}

function readTile<T>(predictor: i32, residuals: usize, first: usize): void {
  let to = first;
  for (let n: usize = 0; n < 128; n += 16, to += rowBytes<T>()) {
    const low = v128.load(residuals + n);
    if (sizeof<T>() == 1) {
      v128.store(to, v128.add<T>(predicted<T>(predictor, to), unfolded<T>(low)));
    } else {
      const high = v128.load(residuals + n, 128);
      const a = v128.shuffle<u8>(low, high, 0, 16, 1, 17, 2, 18, 3, 19, 4, 20, 5, 21, 6, 22, 7, 23);
      const b = v128.shuffle<u8>(low, high, 8, 24, 9, 25, 10, 26, 11, 27, 12, 28, 13, 29, 14, 30, 15, 31);
      v128.store(to, v128.add<T>(predicted<T>(predictor, to), unfolded<T>(a)));
      v128.store(to, v128.add<T>(predicted<T>(predictor, to + 16), unfolded<T>(b)), 16);
    }
  }
}

/** 0, 1, 2, 3, 4, … as 0, −1, 1, −2, 2, … */
function unfolded<T>(folded: v128): v128 {
  const half = sizeof<T>() == 1 ? i8x16.shr_u(folded, 1) : i16x8.shr_u(folded, 1);
  return v128.xor(half, v128.neg<T>(v128.and(folded, v128.splat<T>(<T>1))));
}
