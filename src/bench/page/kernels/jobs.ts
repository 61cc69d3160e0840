import type { GrowRequest, Kernels } from "#workers";
import type { Phantom } from "../../phantom.ts";
import { residentImage } from "../../resident.ts";
import { restLabels } from "../../rest-labels.ts";

type Job = () => Promise<unknown>;

const SPACING = [1, 1, 1] as const;

/** Every kernel on the phantom: growth on its values, the rest on labels that are its tissues. */
export async function jobsOf(kernels: Kernels, { image: atRest, dims, dense }: Phantom): Promise<Record<string, Job>> {
  const image = await residentImage(atRest, kernels);
  const tissues = Uint16Array.from(dense, (value) => (value < -900 ? 0 : value < -500 ? 1 : value < 300 ? 2 : 3));
  const every = (step: number) =>
    tissues.map((label, n) => (Math.floor(n / (dims[0] * dims[1])) % step === 0 ? label : 0));
  const labels = restLabels(dims, tissues).labels;
  const drawn = restLabels(dims, every(8)).labels;
  const [lungs, moved] = [0, 2].map((by) => {
    const map = tissues.map((_, n) => (n >= by && tissues[n - by] === 1 ? 1 : 0));
    return restLabels(dims, map).labels;
  }) as [typeof labels, typeof labels];
  const sketches = restLabels(dims, sparse(tissues, dims)).labels;
  const at = (share: readonly [number, number, number]) =>
    share.map((part, axis) => Math.floor(part * dims[axis]!)) as unknown as readonly [number, number, number];
  const grow = (range: GrowRequest["range"] & object, seed: readonly [number, number, number]) => () =>
    kernels.grow(image, { seeds: [at(seed)], range, connectivity: 6, segment: 1 });
  let bias = 0;
  return {
    "growth, soft tissue": grow({ low: -20, high: 100 }, [0.5, 0.25, 0.5]),
    "growth, lung": grow({ low: -1000, high: -700 }, [0.3, 0.5, 0.3]),
    // Another weight every time, so that nothing is kept from the round before.
    "growth from seeds": () =>
      kernels.growFromSeeds(image, sketches, {
        segments: [1, 2, 3],
        spacingMm: SPACING,
        connectivity: 6,
        spatialWeight: 2 + (bias += 0.25),
      }),
    "fill, one slice in 8": () => kernels.fill(drawn, { axis: 2, spacingMm: SPACING, method: "shape" }),
    threshold: () => kernels.threshold(image, { segment: 1, range: { low: -20, high: 100 } }),
    histogram: () => kernels.histogram(image),
    components: () => kernels.components(labels, { connectivity: 26, most: 10 }),
    "islands, largest": () => kernels.islands(labels, { operation: "largest", count: 1, connectivity: 6 }),
    holes: () => kernels.holes(labels, { segments: [1], connectivity: 26 }),
    "distance, signed": () => kernels.distance(lungs, { mode: "signed", spacingMm: SPACING }),
    "margin 3 mm": () => kernels.margin(labels, { spacingMm: SPACING, mm: 3, segments: [1] }),
    "median 5 mm": () => kernels.smooth(labels, { method: "median", spacingMm: SPACING, mm: 5, segments: [1] }),
    "joint smoothing 2 mm": () =>
      kernels.smooth(labels, { method: "joint", spacingMm: SPACING, mm: 2, segments: [1, 2, 3] }),
    statistics: () => kernels.statistics(image, labels),
    "statistics, shape": () =>
      kernels.statistics(undefined, labels, { shape: { indexToLps: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0] } }),
    compare: () => kernels.compare(lungs, moved, SPACING),
    "consensus, STAPLE": () => kernels.consensus([lungs, moved, labels], { method: "staple" }),
  };
}

/** Balls of each tissue on a lattice, as a person sketches. */
function sparse(tissues: Uint16Array, [ni, nj, nk]: Phantom["dims"]): Uint16Array {
  const step = Math.max(16, Math.floor(ni / 8));
  const to = new Uint16Array(tissues.length);
  for (let k = step >> 1; k < nk; k += step) {
    for (let j = step >> 1; j < nj; j += step) {
      for (let i = step >> 1; i < ni; i += step) {
        const middle = (k * nj + j) * ni + i;
        for (const by of [0, 1, -1, ni, -ni, ni * nj, -ni * nj]) {
          if (tissues[middle + by] === tissues[middle]) to[middle + by] = tissues[middle]!;
        }
      }
    }
  }
  return to;
}
