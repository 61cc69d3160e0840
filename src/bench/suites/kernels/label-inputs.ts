import { encodeLabelBrick, LabelSnapshot } from "#labelmap";
import { BRICK_EDGE, BRICK_VOXELS, brickDims, brickIndex, type Dims, ImageGrid, type VoxelArray } from "#volume";
import type { KernelImage, SpacingMm } from "#workers";
import { samplePath, sharedPath } from "../../inputs.ts";
import { plainGrowth } from "../../peers/plain-growth.ts";
import { readScan } from "../../scan.ts";

/** Labels and a scan, dense for peers and as bricks for our kernels. */
export interface LabelInput {
  readonly what: string;
  readonly dims: Dims;
  readonly spacingMm: SpacingMm;
  readonly labels: Uint16Array;
  readonly voxels: Int16Array;
  readonly map: LabelSnapshot;
  readonly image: KernelImage;
  /** Voxels with a label. */
  readonly labelled: number;
}

/** Bytes that a label map takes at rest. */
export function restingBytes(map: LabelSnapshot): number {
  return map.brickIndices().reduce((sum, index) => sum + map.encodedBrick(index)!.length, 0);
}

/** Bricks at rest of dense labels, as the program holds them. */
export function snapshotOf(dims: Dims, labels: ArrayLike<number>): LabelSnapshot {
  const bricks = brickDims(dims);
  const held = new Map<number, Uint16Array>();
  for (let k = 0, n = 0; k < dims[2]; k++) {
    for (let j = 0; j < dims[1]; j++) {
      for (let i = 0; i < dims[0]; i++, n++) {
        if (labels[n] === 0) continue;
        const index = brickIndex(bricks, i >> 6, j >> 6, k >> 6);
        let brick = held.get(index);
        if (!brick) held.set(index, (brick = new Uint16Array(BRICK_VOXELS)));
        brick[((k & 63) * BRICK_EDGE + (j & 63)) * BRICK_EDGE + (i & 63)] = labels[n]!;
      }
    }
  }
  return new LabelSnapshot(dims, new Map([...held].map(([index, brick]) => [index, encodeLabelBrick(brick)!])));
}

/** Labels moved by whole voxels, background from outside: a second rater. */
export function shifted({ dims, labels }: LabelInput, [di, dj, dk]: Dims): Uint16Array {
  const [ni, nj, nk] = dims;
  const moved = new Uint16Array(labels.length);
  for (let k = Math.max(0, dk); k < Math.min(nk, nk + dk); k++) {
    for (let j = Math.max(0, dj); j < Math.min(nj, nj + dj); j++) {
      const row = (k * nj + j) * ni;
      const from = ((k - dk) * nj + (j - dj)) * ni - di;
      for (let i = Math.max(0, di); i < Math.min(ni, ni + di); i++) moved[row + i] = labels[from + i]!;
    }
  }
  return moved;
}

/** The atlas, an organ by hand, lungs of the sample, and blobs in noise; those whose files are here. */
export async function labelInputs(): Promise<LabelInput[]> {
  const files = [
    ["AAL atlas, 116 labels", "colin27-aal/aal-labels.nii.gz", "colin27-aal/t1-colin27-ch2.nii.gz"],
    ["spleen by hand", "spleen-ct/spleen-manual.nii.gz", "spleen-ct/ct.nii.gz"],
  ] as const;
  const inputs: LabelInput[] = [];
  for (const [what, labels, scan] of files) {
    const [path, scanPath] = [sharedPath(`labels/${labels}`), sharedPath(`labels/${scan}`)];
    if (path === undefined || scanPath === undefined) continue;
    inputs.push(await readInput(what, scanPath, async () => (await readScan(path)).dense));
  }
  const sample = samplePath("chest-ct.mha");
  if (sample !== undefined) {
    const grow = (dims: Dims, dense: VoxelArray) => plainGrowth(dims, dense, [50, 80, 60], -1100, -400);
    inputs.push(await readInput("lungs of chest-ct.mha, grown", sample, async (dims, dense) => grow(dims, dense)));
  }
  inputs.push(blobs());
  return inputs;
}

async function readInput(
  what: string,
  scanPath: string,
  labelsOf: (dims: Dims, dense: VoxelArray) => Promise<ArrayLike<number>>,
): Promise<LabelInput> {
  const { dims, dense, description } = await readScan(scanPath);
  const [x, y, z] = new ImageGrid(description.grid).spacingMm;
  const labels = await labelsOf(dims, dense);
  return input(what, dims, [x, y, z], Uint16Array.from(labels), Int16Array.from(dense));
}

/** 64 balls in 256³ voxels of noise. */
function blobs(): LabelInput {
  const dims = [256, 256, 256] as const;
  const labels = new Uint16Array(256 ** 3);
  const voxels = new Int16Array(256 ** 3);
  let state = 1;
  for (let k = 0, n = 0; k < 256; k++) {
    for (let j = 0; j < 256; j++) {
      for (let i = 0; i < 256; i++, n++) {
        const [x, y, z] = [(i & 63) - 32, (j & 63) - 32, (k & 63) - 32];
        if (x * x + y * y + z * z < 900) labels[n] = 1 + (i >> 6) + 4 * (j >> 6) + 16 * (k >> 6);
        state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
        voxels[n] = (state >>> 20) - 1024;
      }
    }
  }
  return input("64 balls in noise", dims, [0.7, 0.7, 1.5], labels, voxels);
}

function input(what: string, dims: Dims, spacingMm: SpacingMm, labels: Uint16Array, voxels: Int16Array): LabelInput {
  const map = snapshotOf(dims, labels);
  let labelled = 0;
  for (const label of labels) if (label !== 0) labelled++;
  return { what, dims, spacingMm, labels, voxels, map, image: imageOf(dims, voxels), labelled };
}

/** 16-bit bricks, cut when they are first asked for and kept. */
function imageOf(dims: Dims, voxels: Int16Array): KernelImage {
  const bricks = brickDims(dims);
  const held = new Map<number, Int16Array>();
  return {
    dims,
    voxelType: "int16",
    frame: 0,
    bricks: {
      readBrick(address) {
        const { bi, bj, bk } = address;
        const index = brickIndex(bricks, bi, bj, bk);
        let brick = held.get(index);
        if (!brick) held.set(index, (brick = cut(dims, voxels, [bi, bj, bk])));
        return Promise.resolve({ address, voxels: brick, min: -32_768, max: 32_767 });
      },
    },
  };
}

function cut(dims: Dims, voxels: Int16Array, [bi, bj, bk]: Dims): Int16Array {
  const brick = new Int16Array(BRICK_VOXELS);
  const columns = Math.min(BRICK_EDGE, dims[0] - bi * BRICK_EDGE);
  for (let k = 0; k < Math.min(BRICK_EDGE, dims[2] - bk * BRICK_EDGE); k++) {
    for (let j = 0; j < Math.min(BRICK_EDGE, dims[1] - bj * BRICK_EDGE); j++) {
      const from = ((bk * BRICK_EDGE + k) * dims[1] + bj * BRICK_EDGE + j) * dims[0] + bi * BRICK_EDGE;
      brick.set(voxels.subarray(from, from + columns), (k * BRICK_EDGE + j) * BRICK_EDGE);
    }
  }
  return brick;
}
