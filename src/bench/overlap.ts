/** Dice overlap of two dense labelmaps over all labels: 2 · (voxels of the same label) / (labelled in a + labelled in b). */
export function diceOf(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let same = 0;
  let labelled = 0;
  for (let n = 0; n < a.length; n++) {
    const [x, y] = [a[n]!, b[n]!];
    if (x !== 0) labelled++;
    if (y !== 0) labelled++;
    if (x !== 0 && x === y) same++;
  }
  return labelled === 0 ? 1 : (2 * same) / labelled;
}
