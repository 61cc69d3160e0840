/* Histograms of float32 voxels in bins of equal width, and the range that the bins are laid over. */

const WORDS: usize = 4096;

/** Widens a range, two f64 at `to`, to the finite voxels of a brick that a mask holds; (Infinity, −Infinity) is empty. */
export function histogramRange(voxels: usize, mask: usize, to: usize): void {
  let least = load<f64>(to);
  let most = load<f64>(to, 8);
  for (let row: usize = 0; row < WORDS; row++) {
    for (let rest = load<u64>(mask + (row << 3)); rest; rest &= rest - 1) {
      const value = <f64>load<f32>(voxels + (row << 8) + ((<usize>ctz<u64>(rest)) << 2));
      if (!isFinite<f64>(value)) continue;
      if (value < least) least = value;
      if (value > most) most = value;
    }
  }
  store<f64>(to, least);
  store<f64>(to, most, 8);
}

/**
 * Counts the finite voxels of a brick that a mask holds in `bins` bins, f64 each; `edges` are the bins + 1 f64 borders. A voxel on
 * a border is in the bin above, one on the last border in the last bin; all lie within the borders. Returns how many are NaN or
 * infinite.
 */
export function histogramBins(voxels: usize, mask: usize, edges: usize, bins: i32, counts: usize): i32 {
  const low = load<f64>(edges);
  const perBin = <f64>bins / (load<f64>(edges + ((<usize>bins) << 3)) - low);
  let others = 0;
  for (let row: usize = 0; row < WORDS; row++) {
    for (let rest = load<u64>(mask + (row << 3)); rest; rest &= rest - 1) {
      const value = <f64>load<f32>(voxels + (row << 8) + ((<usize>ctz<u64>(rest)) << 2));
      if (!isFinite<f64>(value)) {
        others++;
        continue;
      }
      let bin = min(<i32>((value - low) * perBin), bins - 1);
      // The product is rounded; the borders decide.
      const edge = edges + ((<usize>bin) << 3);
      if (value < load<f64>(edge)) bin--;
      else if (bin < bins - 1 && value >= load<f64>(edge, 8)) bin++;
      const at = counts + ((<usize>bin) << 3);
      store<f64>(at, load<f64>(at) + 1);
    }
  }
  return others;
}
