/**
 * Where the samples of picture `n` of `count` lie in their pixels, from the middle: the R2 sequence (Roberts, The Unreasonable
 * Effectiveness of Quasirandom Sequences, 2018). One picture alone samples the middle.
 */
export function pixelShift(n: number, count: number): [number, number] {
  if (count <= 1) return [0, 0];
  const along = (step: number): number => ((0.5 + n * step) % 1) - 0.5;
  return [along(0.7548776662466927), along(0.5698402909980532)];
}
