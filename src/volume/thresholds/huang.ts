import { runningSums } from "./counts.ts";

/**
 * The bin that makes the voxels least fuzzy as members of their class, by Shannon's function of how far they lie from its mean. Time:
 * bins². L.-K. Huang, M.-J. J. Wang, Image Thresholding by Minimizing the Measures of Fuzziness, Pattern Recognition 28 (1995) 41–51. As
 * ITK's HuangThresholdCalculator but for two things: that one leaves the first bin out of the means, and rounds means to whole values
 * where this one rounds them to bins. The first and last bin must not be empty.
 */
export function huang(counts: Float64Array): number {
  const last = counts.length - 1;
  const { count, first } = runningSums(counts);
  const fuzziness = Float64Array.from(counts, (_, steps) => {
    if (steps === 0) return 0;
    const member = 1 / (1 + steps / last);
    return -member * Math.log(member) - (1 - member) * Math.log(1 - member);
  });
  let best = 0;
  let least = Number.POSITIVE_INFINITY;
  for (let bin = 0; bin < last; bin++) {
    const low = Math.round(first[bin]! / count[bin]!);
    const high = Math.round((first[last]! - first[bin]!) / (count[last]! - count[bin]!));
    let total = 0;
    for (let n = 0; n <= bin; n++) total += fuzziness[Math.abs(n - low)]! * counts[n]!;
    for (let n = bin + 1; n <= last; n++) total += fuzziness[Math.abs(n - high)]! * counts[n]!;
    if (!(total < least)) continue;
    least = total;
    best = bin;
  }
  return best;
}
