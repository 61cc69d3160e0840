import type { Histogram, VoxelArray } from "#volume";

/** How often values occur among the voxels of a flat volume whose `mask` is not 0; in bins of equal width for float32. */
export function histogramReference(voxels: VoxelArray, mask: ArrayLike<number>, bins: number): Histogram {
  const counted = Array.from(voxels).filter((_, n) => mask[n] !== 0);
  if (!(voxels instanceof Float32Array)) {
    const counts = new Map<number, number>();
    for (const value of counted) counts.set(value, (counts.get(value) ?? 0) + 1);
    const entries = [...counts].sort(([a], [b]) => a - b);
    return {
      kind: "values",
      centres: Float64Array.from(entries, ([value]) => value),
      counts: Float64Array.from(entries, ([, count]) => count),
      step: 1,
      notFinite: 0,
    };
  }
  const finite = counted.filter(Number.isFinite);
  const notFinite = counted.length - finite.length;
  const none = { kind: "bins", centres: new Float64Array(0), counts: new Float64Array(0), step: 1, notFinite } as const;
  if (finite.length === 0) return none;
  let low = finite.reduce((a, b) => Math.min(a, b));
  let high = finite.reduce((a, b) => Math.max(a, b));
  if (low === high) [low, high] = [low - 0.5, high + 0.5];
  const width = (high - low) / bins;
  const edge = (bin: number): number => (bin === bins ? high : bin * width + low);
  const counts = new Float64Array(bins);
  for (const value of finite) {
    let bin = 0;
    while (bin < bins - 1 && value >= edge(bin + 1)) bin++;
    counts[bin]!++;
  }
  const centres = Float64Array.from({ length: bins }, (_, bin) => (edge(bin) + edge(bin + 1)) / 2);
  return { kind: "bins", centres, counts, step: width, notFinite };
}
