import type { Dims } from "#volume";
import { samplePath, sharedPath } from "../../inputs.ts";
import { readScan } from "../../scan.ts";

/** Dense labels to look for components and holes in. */
export interface ComponentVolume {
  readonly what: string;
  readonly dims: Dims;
  readonly dense: Uint8Array | Uint16Array;
  /** Whether there are several labels; else it is a mask of 0 and 1. */
  readonly several: boolean;
}

/** Scans, and the shown values that make a mask of them. */
const MASKS: readonly (readonly [what: string, path: () => string | undefined, low: number, high: number])[] = [
  ["chest-ct.mha, lung and air", () => samplePath("chest-ct.mha"), -1100, -500],
  ["head-mr.nii.gz, brain", () => samplePath("head-mr.nii.gz"), 90, 255],
  ["LIDC chest CT, soft tissue", () => sharedPath("ct-dicom/chest-abdomen-lidc-jpegls"), -20, 120],
  ["LIDC chest CT, bone", () => sharedPath("ct-dicom/chest-abdomen-lidc-jpegls"), 200, 3000],
];

const LABELS: readonly (readonly [what: string, file: string])[] = [
  ["AAL atlas, 116 labels", "labels/colin27-aal/aal-labels.nii.gz"],
  ["FreeSurfer, 188 labels", "labels/freesurfer/aparc.a2009s+aseg.mgz"],
];

/** Masks of real scans; a volume is made when its turn comes. */
export async function* maskVolumes(): AsyncGenerator<ComponentVolume> {
  for (const [what, path, low, high] of MASKS) {
    const found = path();
    if (found === undefined) continue;
    const { dims, dense, description } = await readScan(found);
    const { slope, intercept } = description.rescale;
    const mask = new Uint8Array(dense.length);
    for (let n = 0; n < mask.length; n++) {
      const value = dense[n]! * slope + intercept;
      mask[n] = value >= low && value <= high ? 1 : 0;
    }
    yield { what, dims, dense: mask, several: false };
  }
}

/** Label maps with many labels. */
export async function* labelVolumes(): AsyncGenerator<ComponentVolume> {
  for (const [what, file] of LABELS) {
    const path = sharedPath(file);
    if (path === undefined) continue;
    const { dims, dense } = await readScan(path);
    yield { what, dims, dense: Uint16Array.from(dense), several: true };
  }
}

/** Voxels at random: at a share of 0.31 just below where they hang together by faces, at 0.5 where runs are most. */
export function noiseVolume(n: number, share: number): ComponentVolume {
  const dense = new Uint8Array(n ** 3);
  let state = 11;
  for (let voxel = 0; voxel < dense.length; voxel++) {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    dense[voxel] = state >>> 0 < share * 2 ** 32 ? 1 : 0;
  }
  return { what: `noise, share ${share}`, dims: [n, n, n], dense, several: false };
}
