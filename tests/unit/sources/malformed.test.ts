import { describe, expect, test } from "vitest";
import { openLabelmap, openSources, type SourceListing } from "#sources";
import { hasSharedData, sharedData } from "../../fixtures/shared-data.ts";
import { diskFile, eachSlice, openOne } from "./files.ts";

const open = async (path: string): Promise<SourceListing> =>
  openSources([await diskFile(sharedData(`malformed/${path}`))]);

/** Files that must be refused, and what the line must say. */
const refusals: Readonly<Record<string, RegExp>> = {
  "nifti/truncated-voxels.nii": /voxels end early/,
  "nifti/wrong-sizeof-hdr.nii": /header size is 0/,
  "nifti/bad-magic.nii": /no NIfTI magic/,
  "nifti/dim-negative.nii": /size -40/,
  "nifti/dim-zero.nii": /Dimension 3 has size 0/,
  "nifti/dim0-is-9.nii": /9 dimensions/,
  "nifti/dims-32767-cubed.nii.gz": /claims 70\.4 TB/,
  "nifti/datatype-unknown.nii": /datatype code 77/,
  "nifti/vox-offset-beyond-eof.nii": /past the end of the file/,
  "nifti/vox-offset-nan.nii": /begin at byte NaN/,
  "nifti/gzip-cut.nii.gz": /gzip data ends early/,
  "nifti/png-inside.nii": /PNG picture/,
  "nifti/extension-size-huge.nii": /extension claims 2\.15 GB/,
  "nrrd/sizes-overflow.nrrd": /claims 148 EB/,
  "nrrd/sizes-too-large.nrrd": /voxels end early/,
  "nrrd/encoding-unknown.nrrd": /zstd-x/,
  "nrrd/body-cut.nrrd": /gzip data ends early/,
  "nrrd/header-never-ends.nrrd": /header does not end/,
  "nrrd/data-file-missing.nhdr": /not-there\.raw\.gz.*Open both files together/,
  "nrrd/data-file-path-traversal.nhdr": /outside its own folder/,
  "mha/cut.mha": /voxels end early/,
  "mha/dimsize-missing.mha": /no DimSize/,
  "mha/dimsize-huge.mha": /asks for 1\.00 PB/,
  "found/invalid_utf8.mhd": /image10x10x10\.zraw.*Open both files together/,
  "found/referring_to_system_file.mhd": /outside its own folder/,
  "empty.nii.gz": /empty \(0 bytes\)/,
  "empty.dcm": /empty \(0 bytes\)/,
  "html-named.dcm": /web page/,
  "bombs/gzip-bomb-2GiB.nii.gz": /decompression bomb/,
  "bombs/zip-bomb-1GiB.zip": /decompression bomb/,
};

/** Files that load whole, and what must be said about them; undefined where nothing is odd. */
const loads: Readonly<Record<string, RegExp | undefined>> = {
  "nifti/affine-nan.nii": /sform.*cannot be used/,
  "nifti/affine-singular.nii": /sform.*cannot be used/,
  "nifti/pixdim-zero.nii": /no voxel size/,
  "nifti/sform-qform-conflict.nii": /two places.*sform is used/,
  "nifti/scl-slope-nan.nii": /NaN.*values are shown as stored/,
  "nifti/scl-slope-infinite.nii": /Infinity.*values are shown as stored/,
  "nifti/bitpix-contradicts-datatype.nii": /bitpix says 64/,
  "nifti/gzip-two-members.nii.gz": undefined,
  "nifti/gzip-trailing-garbage.nii.gz": /63 bytes after the gzip data/,
  "nifti/not-gzip-inside.nii.gz": undefined,
  "nrrd/base-good.nrrd": undefined,
  "labels/label-other-grid.nii.gz": undefined,
};

describe.runIf(hasSharedData)("malformed files", () => {
  for (const [path, line] of Object.entries(refusals)) {
    test(`${path} is refused in one plain line`, async () => {
      const before = process.memoryUsage().rss;
      const started = performance.now();
      const { series, refused } = await open(path);
      expect(series).toEqual([]);
      expect(refused).toHaveLength(1);
      expect(refused[0]!.message).toMatch(line);
      expect(refused[0]!.message).not.toMatch(/\n|undefined|\[object/);
      expect(performance.now() - started).toBeLessThan(2000);
      expect(process.memoryUsage().rss - before).toBeLessThan(200e6);
    });
  }

  for (const [path, note] of Object.entries(loads)) {
    test(`${path} loads${note ? ", with a word about it" : ""}`, async () => {
      const choice = await openOne(await diskFile(sharedData(`malformed/${path}`)));
      expect(await eachSlice(choice, () => undefined)).toBe(choice.description.grid.dims[2]);
      if (note) expect(choice.description.notes.join(" ")).toMatch(note);
      else expect(choice.description.notes).toEqual([]);
    });
  }

  test("odd but whole gzip files hold the voxels of the plain file", async () => {
    const reference: number[][] = [];
    await eachSlice(await openOne(await diskFile(sharedData("nifti/bigendian-int16.nii"))), (voxels) =>
      reference.push([...voxels]),
    );
    for (const name of ["gzip-two-members.nii.gz", "gzip-trailing-garbage.nii.gz", "not-gzip-inside.nii.gz"]) {
      const found: number[][] = [];
      await eachSlice(await openOne(await diskFile(sharedData(`malformed/nifti/${name}`))), (voxels) =>
        found.push([...voxels]),
      );
      expect(found, name).toEqual(reference);
    }
  });

  test("a wrong gzip checksum ends the reading by an error that names it", async () => {
    const { series } = await open("nifti/gzip-crc-wrong.nii.gz");
    await expect(eachSlice(series[0]!, () => undefined)).rejects.toMatchObject({
      kind: "source",
      subject: "gzip-crc-wrong.nii.gz",
      message: expect.stringMatching(/checksum is wrong/),
    });
  });

  test("zip-slip.zip gives its volumes under names inside the archive, and says which it changed", async () => {
    const { series, refused, notes } = await open("zip-slip.zip");
    expect(series.map(({ id }) => id)).toEqual(["nifti:zip-slip.zip/outside.nii", "nifti:zip-slip.zip/ok/inside.nii"]);
    expect(refused.map(({ name }) => name)).toEqual(["zip-slip.zip/abs/outside.nii"]);
    expect(notes).toHaveLength(2);
    expect(await eachSlice(series[1]!, () => undefined)).toBe(25);
  });

  const badLabels: Readonly<Record<string, RegExp>> = {
    "label-float-nan-negative.nii.gz": /Voxel \(0, 0, 0\) holds NaN/,
    "label-70000-values.nii.gz": /holds 65590, which is outside 0 to 65535/,
    "label-int64-huge-value.nii.gz": /holds 1099511627776/,
  };
  for (const [name, line] of Object.entries(badLabels)) {
    test(`labels/${name} is no labelmap, and the value and voxel are named`, async () => {
      const labels = await openLabelmap((await open(`labels/${name}`)).series[0]!);
      const read = async (): Promise<void> => {
        for await (const { voxels } of labels.slices()) expect(voxels).toBeInstanceOf(Uint16Array);
      };
      await expect(read()).rejects.toMatchObject({
        kind: "label-range",
        subject: name,
        message: expect.stringMatching(line),
      });
    });
  }
});
