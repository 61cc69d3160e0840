/** Whether both hold the same numbers, or both are absent. */
export function equalArrays(a: ArrayLike<number> | undefined, b: ArrayLike<number> | undefined): boolean {
  if (!a || !b || a.length !== b.length) return a === b;
  for (let n = 0; n < a.length; n++) if (a[n] !== b[n]) return false;
  return true;
}
