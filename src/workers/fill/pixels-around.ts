/** Pixels within which another label is looked for. */
export const REACH = 8;

/** Pixels in order of their distance: offsets in u and v and the square of the distance. */
export const PIXELS_AROUND = Array.from({ length: (2 * REACH + 1) ** 2 }, (_, n) => {
  const [du, dv] = [(n % (2 * REACH + 1)) - REACH, Math.floor(n / (2 * REACH + 1)) - REACH];
  return { du, dv, square: du * du + dv * dv };
})
  .filter(({ square }) => square > 0 && square <= REACH * REACH)
  .sort((a, b) => a.square - b.square);

/** The first of them that may have another label where that is so many steps along rows and columns away. */
export const FROM_STEPS = Array.from({ length: Math.floor(REACH * Math.SQRT2) + 1 }, (_, steps) =>
  PIXELS_AROUND.findIndex(({ square }) => 2 * square >= steps * steps),
);

/** Words of the table below for an image `nu` pixels wide: `around` of assembly/memory/fill-image.ts. */
export function wordsAround(nu: number): Int32Array {
  const entries = PIXELS_AROUND.flatMap(({ du, dv, square }) => [
    dv * nu + du,
    (du & 255) | ((dv & 255) << 8) | (square << 16),
  ]);
  return Int32Array.from([PIXELS_AROUND.length, ...FROM_STEPS, 0, ...entries]);
}
