/** Pieces for each thread: enough that all end at about the same time, few enough that messages cost little. */
const PIECES_A_THREAD = 4;

/** Cuts a list into consecutive pieces for a number of threads; one piece for one thread, none of an empty list. */
export function shareOut<Item>(items: readonly Item[], threads: number): Item[][] {
  const pieces = threads === 1 ? 1 : Math.min(items.length, threads * PIECES_A_THREAD);
  const size = Math.ceil(items.length / Math.max(pieces, 1));
  const shares: Item[][] = [];
  for (let from = 0; from < items.length; from += size) shares.push(items.slice(from, from + size));
  return shares;
}
