import { type Dims, ImageGrid } from "#volume";
import type { KernelImage } from "#workers";
import { erodedSeeds } from "../../eroded-seeds.ts";
import { samplePath, sharedPath } from "../../inputs.ts";
import { denseImage } from "../../phantom.ts";
import { readScan } from "../../scan.ts";

/** A scan with seeds, and a stroke to be added. */
export interface SeededScan {
  readonly what: string;
  readonly dims: Dims;
  readonly spacingMm: Dims;
  readonly dense: Int16Array;
  readonly image: KernelImage;
  readonly drawn: Uint16Array;
  readonly stroke: { readonly voxels: readonly number[]; readonly label: number };
}

/** A scan with labels drawn by hand. */
export interface LabelledScan {
  readonly what: string;
  readonly dims: Dims;
  readonly spacingMm: Dims;
  readonly image: KernelImage;
  readonly dense: Int16Array;
  readonly labels: Uint16Array;
}

/** Real scans with seeds: a sample with boxes drawn in it, and, where the shared data are, seeds out of labels drawn by hand. */
export async function seededScans(): Promise<SeededScan[]> {
  const scans: SeededScan[] = [];
  const sample = samplePath("chest-ct.mha");
  if (sample !== undefined) {
    const { dims, spacingMm, dense } = await readDense(sample);
    const drawn = new Uint16Array(dense.length);
    for (const [min, max, label] of [
      [[30, 75, 55], [40, 85, 62], 1],
      [[72, 75, 55], [82, 85, 62], 2],
      [[52, 70, 58], [60, 90, 60], 3],
      [[2, 2, 58], [30, 10, 60], 4],
    ] as const) {
      fillBox(drawn, dims, min, max, label);
    }
    scans.push(seeded("chest-ct.mha, boxes", dims, spacingMm, dense, drawn, [57, 130, 60], 3));
  }
  const head = await labelled("Colin27", "colin27-aal/t1-colin27-ch2.nii.gz", "colin27-aal/aal-labels.nii.gz");
  if (head) {
    const { dims, spacingMm, dense } = head;
    const drawn = erodedSeeds(largest(head.labels, 19), dims, spacingMm, 2.9, [4.1, 6.1]);
    scans.push(seeded("Colin27, 19 AAL regions eroded by 2.9 mm", dims, spacingMm, dense, drawn, [60, 90, 100], 1));
  }
  const spleen = await labelled("spleen", "spleen-ct/ct.nii.gz", "spleen-ct/spleen-manual.nii.gz");
  if (spleen) {
    const { dims, spacingMm, dense, labels } = spleen;
    const drawn = erodedSeeds(labels, dims, spacingMm, 5.9, [6.1, 9.1]);
    scans.push(seeded("CT, spleen eroded by 5.9 mm", dims, spacingMm, dense, drawn, [60, 60, 14], 2));
  }
  return scans;
}

/** Twenty balls' worth of regions, each of its own value, with noise; a seed in the middle of each. */
export function synthetic(dims: Dims): SeededScan {
  const random = mulberry(7);
  const centers = Array.from({ length: 20 }, () => dims.map((n) => (0.1 + 0.8 * random()) * n) as unknown as Dims);
  const values = centers.map((_, n) => 100 + 60 * ((n * 7) % 20));
  const dense = new Int16Array(dims[0] * dims[1] * dims[2]);
  const drawn = new Uint16Array(dense.length);
  let at = 0;
  for (let k = 0; k < dims[2]; k++) {
    for (let j = 0; j < dims[1]; j++) {
      for (let i = 0; i < dims[0]; i++, at++) {
        let nearest = 0;
        let least = Number.POSITIVE_INFINITY;
        for (let n = 0; n < 20; n++) {
          const [x, y, z] = centers[n]!;
          const distance = (i - x) ** 2 + (j - y) ** 2 + (k - z) ** 2;
          if (distance >= least) continue;
          least = distance;
          nearest = n;
        }
        dense[at] = values[nearest]! + Math.round((random() + random() - 1) * 60);
        if (least < 36) drawn[at] = nearest + 1;
      }
    }
  }
  const middle = dims.map((n) => n >> 1) as unknown as Dims;
  return seeded("synthetic, 20 regions", dims, [1, 1, 1], dense, drawn, middle, 3);
}

async function labelled(what: string, image: string, labels: string): Promise<LabelledScan | undefined> {
  const [path, truth] = [sharedPath(`labels/${image}`), sharedPath(`labels/${labels}`)];
  if (path === undefined || truth === undefined) return undefined;
  const scan = await readDense(path);
  const { dense } = await readScan(truth);
  return { what, ...scan, image: denseImage(scan.dims, scan.dense), labels: Uint16Array.from(dense) };
}

/** Voxels as int16, which peers read; those of these scans are whole numbers that fit it. */
async function readDense(
  path: string,
): Promise<{ readonly dims: Dims; readonly spacingMm: Dims; readonly dense: Int16Array }> {
  const { dims, dense, description } = await readScan(path);
  const [x, y, z] = new ImageGrid(description.grid).spacingMm;
  return { dims, spacingMm: [x, y, z], dense: Int16Array.from(dense, Math.round) };
}

function seeded(
  what: string,
  dims: Dims,
  spacingMm: Dims,
  dense: Int16Array,
  drawn: Uint16Array,
  [ci, cj, ck]: Dims,
  label: number,
): SeededScan {
  const voxels: number[] = [];
  for (let k = Math.max(0, ck - 5); k <= Math.min(dims[2] - 1, ck + 5); k++) {
    for (let j = Math.max(0, cj - 5); j <= Math.min(dims[1] - 1, cj + 5); j++) {
      for (let i = Math.max(0, ci - 5); i <= Math.min(dims[0] - 1, ci + 5); i++) {
        if ((i - ci) ** 2 + (j - cj) ** 2 + (k - ck) ** 2 <= 25) voxels.push((k * dims[1] + j) * dims[0] + i);
      }
    }
  }
  return { what, dims, spacingMm, dense, image: denseImage(dims, dense), drawn, stroke: { voxels, label } };
}

function fillBox(drawn: Uint16Array, [ni, nj]: Dims, min: Dims, max: Dims, label: number): void {
  for (let k = min[2]; k < max[2]; k++) {
    for (let j = min[1]; j < max[1]; j++) drawn.fill(label, (k * nj + j) * ni + min[0], (k * nj + j) * ni + max[0]);
  }
}

/** The labels with the most voxels; others become background. */
function largest(labels: Uint16Array, count: number): Uint16Array {
  const sizes = new Map<number, number>();
  for (const label of labels) if (label !== 0) sizes.set(label, (sizes.get(label) ?? 0) + 1);
  const kept = new Set(
    [...sizes]
      .sort((a, b) => b[1] - a[1] || a[0] - b[0])
      .map(([label]) => label)
      .slice(0, count),
  );
  return labels.map((label) => (kept.has(label) ? label : 0));
}

/** Uniform numbers that a seed repeats. */
function mulberry(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296;
  };
}
