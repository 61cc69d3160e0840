import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { describe, expect, it, vi } from "vitest";
import { invertAffine, type Affine, applyAffine } from "#base";
import { hasSharedData, sharedData } from "../../fixtures/shared-data.ts";
import { filesOf, gridOf, openOnly, slicesOf } from "./open-dicom.ts";

// Real scans on a busy machine take their time.
vi.setConfig({ testTimeout: 60_000 });

/** The part of dcm2niix's WASM module that is used. */
interface Dcm2niix {
  FS: {
    mkdir(path: string): void;
    writeFile(path: string, bytes: Uint8Array): void;
    readdir(path: string): string[];
    readFile(path: string): Uint8Array;
  };
  callMain(parameters: string[]): number;
}

interface Nifti {
  readonly dims: readonly number[];
  /** LPS millimetres to index. */
  readonly lpsToIndex: Affine;
  value(i: number, j: number, k: number): number;
}

/** Reads what of NIfTI-1 these files use: qform or sform, int16, uint16 or float32, one frame. */
function parseNifti(bytes: Buffer): Nifti {
  const dims = [1, 2, 3].map((n) => bytes.readInt16LE(40 + 2 * n));
  const type = bytes.readInt16LE(70);
  const offset = bytes.readFloatLE(108);
  const [slope, inter] = [bytes.readFloatLE(112) || 1, bytes.readFloatLE(116)];
  const read = (n: number): number =>
    type === 4
      ? bytes.readInt16LE(offset + 2 * n)
      : type === 512
        ? bytes.readUInt16LE(offset + 2 * n)
        : bytes.readFloatLE(offset + 4 * n);
  const ras = bytes.readInt16LE(254) > 0 ? sform(bytes) : qform(bytes);
  const lps = ras.map((value, n) => (n < 8 ? -value : value)) as unknown as Affine;
  return {
    dims,
    lpsToIndex: invertAffine(lps)!,
    value: (i, j, k) => slope * read((k * dims[1]! + j) * dims[0]! + i) + inter,
  };
}

function sform(bytes: Buffer): number[] {
  return Array.from({ length: 12 }, (_, n) => bytes.readFloatLE(280 + 4 * n));
}

function qform(bytes: Buffer): number[] {
  const [b, c, d] = [256, 260, 264].map((at) => bytes.readFloatLE(at)) as [number, number, number];
  const [x, y, z] = [268, 272, 276].map((at) => bytes.readFloatLE(at)) as [number, number, number];
  const [factor, di, dj, dk] = [76, 80, 84, 88].map((at) => bytes.readFloatLE(at)) as [number, number, number, number];
  const a = Math.sqrt(Math.max(0, 1 - b * b - c * c - d * d));
  const s = factor < 0 ? -dk : dk;
  return [
    (a * a + b * b - c * c - d * d) * di,
    2 * (b * c - a * d) * dj,
    2 * (b * d + a * c) * s,
    x,
    2 * (b * c + a * d) * di,
    (a * a + c * c - b * b - d * d) * dj,
    2 * (c * d - a * b) * s,
    y,
    2 * (b * d - a * c) * di,
    2 * (c * d + a * b) * dj,
    (a * a + d * d - c * c - b * b) * s,
    z,
  ];
}

/** Runs dcm2niix on a path; gives its one volume. */
async function dcm2niix(path: string): Promise<Nifti> {
  // The package exports only its browser worker.
  const script = new URL("../../../node_modules/@niivue/dcm2niix/dist/dcm2niix.jpeg.js", import.meta.url).href;
  const { default: start } = (await import(/* @vite-ignore */ script)) as {
    default(options: object): Promise<Dcm2niix>;
  };
  const module = await start({ noInitialRun: true, print: () => undefined, printErr: () => undefined });
  module.FS.mkdir("/in");
  module.FS.mkdir("/out");
  for (const { name, blob } of await filesOf(path))
    module.FS.writeFile(`/in/${name}`, new Uint8Array(await blob.arrayBuffer()));
  expect(module.callMain(["-o", "/out", "-z", "n", "-f", "volume", "/in"])).toBe(0);
  const names = module.FS.readdir("/out").filter((name) => name.endsWith(".nii"));
  expect(names).toHaveLength(1);
  return parseNifti(Buffer.from(module.FS.readFile(`/out/${names[0]}`)));
}

/** Looks every voxel of ours up at its place in the other volume: same value, whole indices, all within. */
async function expectSame(path: string, other: Nifti, digits = 6): Promise<void> {
  const choice = await openOnly(path);
  const grid = gridOf(choice);
  const [columns, rows] = grid.dims;
  expect(new Set(grid.dims)).toEqual(new Set(other.dims));
  const { slope, intercept } = choice.description.rescale;
  let wrong = 0;
  let furthest = 0;
  for (const { k, voxels } of await slicesOf(choice)) {
    for (let j = 0; j < rows; j += 3) {
      for (let i = 0; i < columns; i += 3) {
        const at = applyAffine(other.lpsToIndex, grid.toLps([i, j, k]));
        const whole = at.map(Math.round) as [number, number, number];
        furthest = Math.max(furthest, ...at.map((value, n) => Math.abs(value - whole[n]!)));
        const value = slope * voxels[j * columns + i]! + intercept;
        if (!(Math.abs(value - other.value(...whole)) < 10 ** -digits)) wrong++;
      }
    }
  }
  expect(wrong).toBe(0);
  expect(furthest).toBeLessThan(0.02);
}

describe.runIf(hasSharedData)("independent readers agree voxel by voxel", () => {
  it.each([
    "mr-dicom/enhanced-multiframe-siemens-xa30",
    "mr-dicom/siemens-mosaic-epi",
    "dicom-edge/signed-12bit-0x0F0F.dcm",
  ])("dcm2niix on %s", async (path) => expectSame(path, await dcm2niix(path)), 60_000);

  it.each(["MR_T1", "PET"])("the NIfTI twin of the %s series", async (name) => {
    const twin = gunzipSync(readFileSync(sharedData(`labels/sts-001-gtv/${name}_image.nii.gz`)));
    await expectSame(`pet-ct-mr-rtstruct/sts-001/${name}`, parseNifti(twin), 4);
  });
});
