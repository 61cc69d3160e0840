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
import { writePlanes } from "./planes";
import { chooseTile, residuals } from "./predict";

/**
 * Writes a brick of voxels of `size` bytes, 1 or 2, at rest to `to` and returns its bytes (memory/codec.ts); 0 where they would be more
 * than `most`. Writes up to 256 bytes beyond `most`.
 */
export function codecEncode(size: i32, voxels: usize, to: usize, most: usize): usize {
  return size == 1 ? encode<u8>(voxels, to, most) : encode<u16>(voxels, to, most);
}

function encode<T>(voxels: usize, to: usize, most: usize): usize {
  const first = load<T>(voxels);
  fillFirst<T>(voxels, first, false);
  const bytes = tileResiduals<T>(voxels);
  let tile = to;
  let at = to + TILES;
  let any = 0;
  let line = voxels;
  for (let n = 0; n < TILE_LINES; n++, line += rowBytes<T>() * <usize>TILE_ROWS) {
    for (let from = line; from < line + rowBytes<T>(); from += tileRowBytes<T>(), tile++) {
      const byte = chooseTile<T>(from);
      store<u8>(tile, <u8>byte);
      any |= byte;
      const width = byte >> WIDTH_SHIFT;
      if (width == 0) continue;
      writeResiduals<T>(byte & PREDICTOR_MASK, from, bytes);
      at = writePlanes(bytes, min(width, 8), at);
      if (width > 8) at = writePlanes(bytes + 128, width - 8, at);
      if (at + 2 - to > most) return 0;
    }
  }
  if (!any) at = to;
  store<u16>(at, <u16>first);
  return at + 2 - to;
}

/** The folded residuals of a tile: their low bytes and, behind them, their high bytes. */
function writeResiduals<T>(predictor: i32, first: usize, to: usize): void {
  let from = first;
  for (let n: usize = 0; n < 128; n += 16, from += rowBytes<T>()) {
    const a = residuals<T>(predictor, from);
    if (sizeof<T>() == 1) {
      v128.store(to + n, a);
    } else {
      const b = residuals<T>(predictor, from + 16);
      const mask = i16x8.splat(255);
      v128.store(to + n, i8x16.narrow_i16x8_u(v128.and(a, mask), v128.and(b, mask)));
      v128.store(to + n, i8x16.narrow_i16x8_u(i16x8.shr_u(a, 8), i16x8.shr_u(b, 8)), 128);
    }
  }
}
