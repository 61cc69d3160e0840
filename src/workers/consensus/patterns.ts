/** How often each combination of labels of the maps occurs. */
export interface Patterns {
  /** Number of maps. */
  readonly maps: number;
  /** Labels: `maps` of each pattern in turn. */
  readonly labels: Uint16Array<ArrayBuffer>;
  /** Voxels of each pattern. */
  readonly voxels: Float64Array<ArrayBuffer>;
}

/** Patterns of several parts together; it does not matter who counted what. */
export class PatternSet {
  readonly #maps: number;
  readonly #held = new Map<string, { readonly labels: Uint16Array; voxels: number }>();

  constructor(maps: number) {
    this.#maps = maps;
  }

  /** Adds a part, whose array of labels is kept. */
  add({ labels, voxels }: Patterns): void {
    for (let n = 0; n < voxels.length; n++) {
      const own = labels.subarray(n * this.#maps, (n + 1) * this.#maps);
      const key = String.fromCharCode(...own);
      const held = this.#held.get(key);
      if (held) held.voxels += voxels[n]!;
      else this.#held.set(key, { labels: own, voxels: voxels[n]! });
    }
  }

  /** All patterns in the order of their labels. */
  finish(): Patterns {
    const all = [...this.#held].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, pattern]) => pattern);
    const labels = new Uint16Array(all.length * this.#maps);
    for (const [n, pattern] of all.entries()) labels.set(pattern.labels, n * this.#maps);
    return { maps: this.#maps, labels, voxels: Float64Array.from(all, ({ voxels }) => voxels) };
  }
}

/** The patterns with one more, of background in all maps, where the volume has voxels left. */
export function withBackground({ maps, labels, voxels }: Patterns, volumeVoxels: number): Patterns {
  const rest = volumeVoxels - voxels.reduce((sum, count) => sum + count, 0);
  if (rest === 0) return { maps, labels, voxels };
  const more = new Uint16Array(labels.length + maps);
  more.set(labels, maps);
  return { maps, labels: more, voxels: Float64Array.from([rest, ...voxels]) };
}
