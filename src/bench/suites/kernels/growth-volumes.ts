import type { Dims } from "#volume";
import type { KernelImage } from "#workers";
import { samplePath, sharedPath } from "../../inputs.ts";
import { chestPhantom, denseImage } from "../../phantom.ts";
import { readScan } from "../../scan.ts";

/** Dense int16 voxels and the same as bricks. */
export interface GrowthVolume {
  readonly what: string;
  readonly dims: Dims;
  readonly dense: Int16Array;
  readonly image: KernelImage;
}

export interface Structure {
  readonly what: string;
  /** Stored values. */
  readonly range: readonly [number, number];
  /** Where to look for the seed first, as shares of the edges. */
  readonly near: readonly [number, number, number];
  /** Voxels around the seed that are in range, too. */
  readonly around?: number;
}

/** What is grown, volume by volume; a volume is made when its turn comes. */
export async function* growthVolumes(
  note: (line: string) => void,
): AsyncGenerator<{ readonly volume: GrowthVolume; readonly structures: readonly Structure[] }> {
  yield* await realVolumes();
  for (const [n, noise] of [
    [256, 20],
    [512, 0],
    [512, 20],
  ] as const) {
    note(`making the ${n}³ phantom, noise ${noise}`);
    yield {
      volume: { what: `phantom ${n}³, noise ${noise} HU`, ...chestPhantom(n, noise) },
      structures: [
        { what: "soft tissue", range: [-20, 100], near: [0.5, 0.25, 0.5] },
        { what: "lung", range: [-1000, -700], near: [0.3, 0.5, 0.3] },
      ],
    };
  }
  const one = { range: [1, 1], near: [0, 0, 0], around: 0 } as const;
  yield { volume: made("serpentine 255³", 255, serpentine), structures: [{ what: "a path one voxel wide", ...one }] };
  yield {
    volume: made("percolation 256³", 256, percolation),
    structures: [{ what: "a cluster at share 0.33", ...one }],
  };
}

function made(
  what: string,
  n: number,
  value: (n: number) => (i: number, j: number, k: number) => boolean,
): GrowthVolume {
  const dims: Dims = [n, n, n];
  const dense = new Int16Array(n ** 3);
  const at = value(n);
  let voxel = 0;
  for (let k = 0; k < n; k++)
    for (let j = 0; j < n; j++) for (let i = 0; i < n; i++) dense[voxel++] = at(i, j, k) ? 1 : 0;
  return { what, dims, dense, image: denseImage(dims, dense) };
}

/** Rows joined at alternate ends, planes likewise: one path through the whole volume. */
function serpentine(n: number) {
  return (i: number, j: number, k: number): boolean => {
    if (k % 2 === 1) return i === (((k - 1) / 2) % 2) * (n - 1) && j === n - 1;
    if (j % 2 === 1) return i === (((j - 1) / 2) % 2 === 0 ? n - 1 : 0);
    return true;
  };
}

/** Voxels at random, a third of them: just above the share at which they hang together. */
function percolation() {
  let state = 7;
  return (i: number, j: number, k: number): boolean => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state < 0.33 * 2 ** 32 || Math.max(i, j, k) < 9;
  };
}

/** The voxel nearest to a place (by rows from there on) with all around it in range. */
export function findSeed({ dims, dense }: GrowthVolume, { near, range, what, around = 2 }: Structure): Dims {
  const [ni, nj, nk] = dims;
  const start = near.map((share, axis) => Math.floor(share * dims[axis]!)) as unknown as Dims;
  const fits = (i: number, j: number, k: number): boolean => {
    const edge = 2 * around + 1;
    for (let n = 0; n < edge ** 3; n++) {
      const x = i + (n % edge) - around;
      const y = j + (Math.floor(n / edge) % edge) - around;
      const z = k + Math.floor(n / edge ** 2) - around;
      if (x < 0 || y < 0 || z < 0 || x >= ni || y >= nj || z >= nk) return false;
      const value = dense[(z * nj + y) * ni + x]!;
      if (!(value >= range[0] && value <= range[1])) return false;
    }
    return true;
  };
  for (let k = start[2]; k < nk; k++) {
    for (let j = start[1]; j < nj; j++) for (let i = start[0]; i < ni; i++) if (fits(i, j, k)) return [i, j, k];
  }
  throw new Error(`no seed found for ${what}`);
}

async function realVolumes() {
  const found: { volume: GrowthVolume; structures: readonly Structure[] }[] = [];
  const add = async (path: string | undefined, what: string, structures: readonly Structure[]): Promise<void> => {
    if (path === undefined) return;
    const { dims, dense, image, description } = await readScan(path);
    const { slope, intercept } = description.rescale;
    const stored = structures.map((structure) => ({
      ...structure,
      range: structure.range.map((value) => (value - intercept) / slope) as unknown as [number, number],
    }));
    // Peers read int16; every value of these scans fits it.
    found.push({ volume: { what, dims, dense: Int16Array.from(dense), image }, structures: stored });
  };
  await add(samplePath("chest-ct.mha"), "chest-ct.mha", [
    { what: "lung", range: [-1100, -400], near: [0.35, 0.5, 0.5] },
  ]);
  await add(samplePath("head-mr.nii.gz"), "head-mr.nii.gz", [
    { what: "white matter", range: [105, 125], near: [0.3, 0.5, 0.5] },
  ]);
  await add(sharedPath("ct-dicom/chest-abdomen-lidc-jpegls"), "LIDC chest CT", [
    { what: "lung", range: [-1000, -700], near: [0.25, 0.5, 0.6] },
    { what: "soft tissue", range: [-20, 120], near: [0.5, 0.3, 0.3] },
    { what: "bone", range: [200, 2000], near: [0.45, 0.6, 0.5] },
  ]);
  return found;
}
