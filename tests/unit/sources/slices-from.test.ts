import { openAsBlob, readdirSync } from "node:fs";
import { gzipSync } from "node:zlib";
import { describe, expect, it } from "vitest";
import { openSources, type SourceFile } from "#sources";
import type { SliceOptions } from "#volume";
import { hasSharedData, sampleFile, sharedData } from "../../fixtures/shared-data.ts";
import { memoryFile } from "./files.ts";
import { niftiFile } from "./nifti-file.ts";

/* A source taken up at a later slice gives the slices that follow, whatever lies before. */

async function slices(files: readonly SourceFile[], options: SliceOptions): Promise<string[]> {
  const source = await (await openSources(files)).series[0]!.open();
  const found: string[] = [];
  for await (const { frame, k, voxels } of source.slices(options)) found.push(`${frame}/${k}: ${voxels.join(" ")}`);
  return found;
}

async function expectSameFrom(files: readonly SourceFile[], places: readonly number[]): Promise<void> {
  const all = await slices(files, {});
  for (const from of places) expect(await slices(files, { from }), `from ${from}`).toEqual(all.slice(from));
}

const voxels = Uint8Array.from({ length: 4 * 3 * 5 * 3 }, (_, n) => (n * 37) % 251);
const nifti = (): SourceFile => niftiFile({ dim: [4, 4, 3, 5, 3, 1, 1, 1], datatype: 2, bitpix: 8 }, voxels);
const nrrd = (kinds: string, sizes: string): SourceFile =>
  memoryFile(
    "made.nrrd",
    new TextEncoder().encode(
      `NRRD0004\ntype: uint8\ndimension: 4\nsizes: ${sizes}\nkinds: ${kinds}\nencoding: raw\nendian: little\n\n`,
    ),
    voxels,
  );

describe("slices from a later one", () => {
  it("of a raw file with frames one after the other, and of the same compressed", async () => {
    await expectSameFrom([nifti()], [0, 1, 4, 5, 9, 14, 15]);
    const packed = gzipSync(new Uint8Array(await nifti().blob.arrayBuffer()));
    await expectSameFrom([{ name: "made.nii.gz", blob: new Blob([packed]) }], [0, 7, 14, 15]);
  });

  it("of frames that are interleaved by voxel, and by slice", async () => {
    await expectSameFrom([nrrd("vector domain domain domain", "3 4 3 5")], [0, 3, 5, 8, 14]);
    await expectSameFrom([nrrd("domain domain list domain", "4 3 3 5")], [0, 3, 5, 8, 14]);
  });

  it("of a compressed MetaImage", async () => {
    const file = { name: "chest-ct.mha", blob: await openAsBlob(sampleFile("chest-ct.mha")) };
    await expectSameFrom([file], [64, 128]);
  });

  it.skipIf(!hasSharedData)("of DICOM", async () => {
    const folder = sharedData("mr-dicom/brain-ge-pd-oblique");
    const names = readdirSync(folder);
    const files = await Promise.all(names.map(async (name) => ({ name, blob: await openAsBlob(`${folder}/${name}`) })));
    await expectSameFrom(files, [1, 3]);
  });
});
