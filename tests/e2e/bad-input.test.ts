import { readdirSync, readFileSync } from "node:fs";
import { basename, join } from "node:path";
import { gzipSync } from "node:zlib";
import { type BrowserContext, expect, test } from "@playwright/test";
import { zipSync } from "fflate";
import { integerFrom, randomFrom } from "../fixtures/random.ts";
import { hasSharedData, sharedData } from "../fixtures/shared-data.ts";
import { App } from "./app.ts";
import {
  dismissMessages,
  type Ending,
  ending,
  expectPlain,
  keepMessages,
  rendererMemory,
  shownMessages,
  studyIds,
  valuesAt,
} from "./opening.ts";

/** No bad file may take longer. */
const LIMIT_MS = 10_000;

/** Files that are refused, by one line that says what is wrong with them. */
const REFUSED: Readonly<Record<string, RegExp>> = {
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
  "nifti/gzip-crc-wrong.nii.gz": /checksum is wrong/,
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
  "found/MR_truncated.dcm": /voxels end early/,
  "found/UN_sequence.dcm": /holds no image/,
  "found/no-pixel-spacing.dcm": /colour picture/,
  "found/rtplan_truncated.dcm": /RT plan/,
  "empty.nii.gz": /empty \(0 bytes\)/,
  "empty.dcm": /empty \(0 bytes\)/,
  "html-named.dcm": /web page/,
  "bombs/gzip-bomb-2GiB.nii.gz": /decompression bomb/,
  "bombs/zip-bomb-1GiB.zip": /decompression bomb/,
  "dicom/truncated-in-pixels.dcm": /voxels end early/,
  "dicom/truncated-in-header.dcm": /ends in the middle of its DICOM header/,
  "dicom/truncated-in-preamble.dcm": /cut off/,
  "dicom/rows-larger-than-pixels.dcm": /voxels end early/,
  "dicom/rows-zero.dcm": /0 rows/,
  "dicom/rows-columns-65535.dcm": /65535×65535/,
  "dicom/bits-allocated-13.dcm": /13 bits/,
  "dicom/pixel-spacing-zero.dcm": /Pixel Spacing is 0/,
  "dicom/pixel-spacing-negative.dcm": /Pixel Spacing is -1/,
  "dicom/orientation-not-orthogonal.dcm": /not at right angles/,
  "dicom/orientation-zero.dcm": /Image Orientation \(Patient\) is zero/,
  "dicom/no-pixel-data.dcm": /no voxels/,
  "dicom/number-of-frames-9999.dcm": /voxels end early/,
  "dicom/sequence-nested-8000-deep.dcm": /holds no image/,
  "dicom/sequence-never-closed.dcm": /ends in the middle of its DICOM header/,
  "dicom/element-length-4GB.dcm": /no DICOM data set|DICOM header/,
  "dicom/codestream-corrupt-jpegls.dcm": /Slice 1 cannot be read/,
  "dicom/codestream-corrupt-rle.dcm": /Slice 1 cannot be read/,
  "dicom/deflate-cut.dcm": /voxels end early/,
  "dicom/rtstruct-one-point.dcm": /RT structure set/,
  "dicom/rtstruct-odd-coordinates.dcm": /RT structure set/,
  "ome-zarr/corrupt-chunk.ome.zarr": /names an array that is not there/,
};

/** Files that open, and the note they open with; undefined where nothing is odd. */
const OPENED: Readonly<Record<string, RegExp | undefined>> = {
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
  "dicom/no-position-no-orientation.dcm": /place in the patient is unknown/,
  "dicom/no-pixel-spacing.dcm": /1×1 mm is made up/,
  "dicom/rescale-slope-zero.dcm": /shown without rescaling/,
  // JPEG 2000 has no checksum: flipped bits in its payload decode to other voxels, and nothing can tell.
  "dicom/codestream-corrupt-j2k.dcm": undefined,
  "found/badVR.dcm": /./,
  "dicom-series/one-slice-truncated": /03\.dcm.*left out/,
  "dicom-series/duplicate-slice": /repeats an image of another file/,
  "dicom-series/numbered-backwards-names-shuffled": undefined,
};

/** Folders and archives of which the page asks what to open, and what its dialog says. */
const ASKED: Readonly<Record<string, RegExp>> = {
  "zip-slip.zip": /leaves the archive's folder/,
  "dicom-series/same-position-other-instance": /Several images lie at the same position/,
  "dicom-series/two-patients-one-series-uid": /WARNING: the files of this series name 2 patients/,
  "dicom-series/one-slice-other-matrix": /32×32×1 from one-slice-other-matrix\/02\.dcm/,
  "dicom-series/gap-and-tilted-slice": /missing/,
};

function tree(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) =>
    entry.isDirectory() ? tree(join(folder, entry.name)) : [join(folder, entry.name)],
  );
}

let context: BrowserContext;
let app: App;
let memoryAtStart = 0;
let base: { volumeId: string; sizes: Record<number, number>; entries: number };

async function entries(): Promise<number> {
  return (await app.run<unknown[]>("journal.list")).length;
}

async function choose(path: string): Promise<void> {
  const folder = /series\/|zarr$/.test(path);
  await app.chooseFiles(sharedData(`malformed/${path}`), folder ? "Scan folder" : "Scan files");
}

/** What was open is open still, with its labels and its journal; nothing else is in the list. */
async function expectUntouched(): Promise<void> {
  expect(await studyIds(app)).toEqual([base.volumeId]);
  await expect(app.page.getByRole("main", { name: "Views" })).toBeVisible();
  expect(await app.sizes()).toEqual(base.sizes);
  expect(await entries()).toBe(base.entries);
  expect(await valuesAt(app, [[21, 38, 38]])).toEqual([581]);
  await app.expectNoErrors();
}

/** Takes away what was opened and goes back to the study with labels. */
async function back(end: Ending): Promise<void> {
  if (end.kind === "asked") await app.page.getByRole("dialog").getByRole("button", { name: "Cancel" }).click();
  if (end.kind === "opened") {
    await app.run("study.remove", { volumeId: end.volumeId });
    await app.run("study.reopen", { volumeId: base.volumeId });
  }
  await dismissMessages(app.page);
  await expectUntouched();
}

test.describe("bad input, while a study with labels is open", () => {
  test.skip(!hasSharedData, "no real scans here");

  test.beforeAll(async ({ browser }) => {
    context = await browser.newContext();
    app = new App(await context.newPage());
    await keepMessages(app.page);
    await app.start();
    await app.chooseFiles(sharedData("labels/spinal-cord-t1/t1w.nii.gz"));
    await ending(app, []);
    await app.chooseFiles(sharedData("labels/spinal-cord-t1/cord-manual.nii.gz"), "Label files");
    await expect.poll(() => app.sizes()).toEqual({ 1: 5437 });
    const [volumeId] = await studyIds(app);
    await app.page.getByRole("button", { name: "Notes and facts" }).click();
    base = { volumeId: volumeId!, sizes: await app.sizes(), entries: await entries() };
    await dismissMessages(app.page);
    memoryAtStart = (await rendererMemory(app.page)).now;
  });

  test.afterAll(() => context?.close());

  test("every file of the collection is in one of the tables below", () => {
    const root = sharedData("malformed");
    const named = [...Object.keys(REFUSED), ...Object.keys(OPENED), ...Object.keys(ASKED)];
    const forgotten = tree(root)
      .map((path) => path.slice(root.length + 1))
      .filter(
        (path) => !path.startsWith("labels/") && !named.some((name) => path === name || path.startsWith(`${name}/`)),
      );
    expect(forgotten).toEqual([]);
  });

  for (const [path, fault] of Object.entries(REFUSED)) {
    test(`${path} is refused in one line`, async () => {
      const before = await rendererMemory(app.page);
      const started = performance.now();
      await choose(path);
      const end = await ending(app, [base.volumeId]);
      expect(performance.now() - started).toBeLessThan(LIMIT_MS);
      expect(end.kind).toBe("refused");
      // A second message for the same fault would come a moment later.
      await app.page.waitForTimeout(100);
      const messages = await shownMessages(app.page);
      expect(messages).toHaveLength(1);
      expectPlain(messages[0]!.text);
      expect(messages[0]!.text).toMatch(fault);
      expect(messages[0]!.text).toContain(basename(path));
      if (path.startsWith("bombs/")) expect((await rendererMemory(app.page)).peak - before.peak).toBeLessThan(100e6);
      await back(end);
    });
  }

  for (const [path, note] of Object.entries(OPENED)) {
    test(`${path} opens${note ? ", with a word about it" : ""}`, async () => {
      const started = performance.now();
      await choose(path);
      const end = await ending(app, [base.volumeId]);
      expect(performance.now() - started).toBeLessThan(LIMIT_MS);
      expect(end.kind).toBe("opened");
      const messages = await shownMessages(app.page);
      expect(messages.filter(({ tone }) => tone === "error")).toEqual([]);
      const notes = app.page.getByRole("list", { name: "Notes" });
      await expect(notes).toContainText(note ?? "Nothing about this scan was odd.", { timeout: 5000 });
      if (note) expect(messages.length).toBeGreaterThan(0);
      for (const { text } of messages) expectPlain(text);
      await back(end);
    });
  }

  for (const [path, says] of Object.entries(ASKED)) {
    test(`${path} is asked about, and what is odd is said`, async () => {
      const started = performance.now();
      await choose(path);
      const end = await ending(app, [base.volumeId]);
      expect(performance.now() - started).toBeLessThan(LIMIT_MS);
      expect(end.kind).toBe("asked");
      const dialog = app.page.getByRole("dialog");
      await expect(dialog).toContainText(says);
      await back(end);
    });
  }

  const damages: Readonly<Record<string, (bytes: Buffer, random: () => number) => Buffer>> = {
    cut: (bytes, random) => bytes.subarray(0, integerFrom(random, 0, bytes.length - 1)),
    "flipped bytes": (bytes, random) => {
      const out = Buffer.from(bytes);
      for (let n = integerFrom(random, 1, 8); n > 0; n--)
        out[integerFrom(random, 0, Math.min(out.length, 3000) - 1)] = integerFrom(random, 0, 255);
      return out;
    },
    "hostile words": (bytes, random) => {
      const out = Buffer.from(bytes);
      const words = [0, -1, 0x7fffffff, -0x80000000, 0x7f800000, 0x7fc00000, 0xffff, 0x7fff7fff];
      for (let n = integerFrom(random, 1, 3); n > 0; n--)
        out.writeInt32LE(words[integerFrom(random, 0, 7)]!, integerFrom(random, 0, Math.min(out.length - 4, 400)));
      return out;
    },
    "a part twice": (bytes, random) => {
      const [from, to] = [integerFrom(random, 0, bytes.length), integerFrom(random, 0, bytes.length)];
      return Buffer.concat([bytes.subarray(0, Math.max(from, to)), bytes.subarray(Math.min(from, to))]);
    },
  };

  /** Small good files of each format. */
  function small(): Record<string, Buffer> {
    const nifti = readFileSync(sharedData("nifti/bigendian-int16.nii"));
    const dicom = readFileSync(sharedData("malformed/dicom-series/duplicate-slice/00.dcm"));
    return {
      "a.nii": nifti,
      "a.nii.gz": gzipSync(nifti),
      "a.nrrd": readFileSync(sharedData("malformed/nrrd/base-good.nrrd")),
      "a.mha": readFileSync(sharedData("mha/HeadMRVolumeCompressed.mha")),
      "a.dcm": dicom,
      "a.zip": Buffer.from(zipSync({ "x/a.nii": nifti, "x/b.dcm": dicom })),
    };
  }

  const SEED = 20_261_123;
  const ROUNDS = 48;
  test(`${ROUNDS} damaged files, seed ${SEED}: each opens or gets one line`, async () => {
    test.setTimeout(240_000);
    const random = randomFrom(SEED);
    const files = Object.entries(small());
    const kinds = Object.entries(damages);
    const ends: Record<string, number> = {};
    for (let round = 0; round < ROUNDS; round++) {
      const [name, bytes] = files[round % files.length]!;
      const [kind, damage] = kinds[integerFrom(random, 0, kinds.length - 1)]!;
      const buffer = damage(bytes, random);
      await test.step(`round ${round}: ${name}, ${kind}`, async () => {
        const started = performance.now();
        const input = app.page.getByLabel("Scan files", { exact: true });
        await input.setInputFiles({ name, mimeType: "application/octet-stream", buffer });
        const end = await ending(app, [base.volumeId]);
        expect(performance.now() - started).toBeLessThan(LIMIT_MS);
        ends[end.kind] = (ends[end.kind] ?? 0) + 1;
        const messages = await shownMessages(app.page);
        for (const { text } of messages) expectPlain(text);
        expect(messages.filter(({ tone }) => tone === "error")).toHaveLength(end.kind === "refused" ? 1 : 0);
        await back(end);
      });
    }
    test.info().annotations.push({ type: "endings", description: JSON.stringify(ends) });
  });

  test("when all is over, the page's memory is what it was", async () => {
    const before = memoryAtStart;
    await expect
      .poll(async () => (await rendererMemory(app.page)).now - before, { timeout: 15_000 })
      .toBeLessThan(300e6);
    const after = (await rendererMemory(app.page)).now;
    const description = `${Math.round(before / 1e6)} MB at first, ${Math.round(after / 1e6)} MB after all`;
    test.info().annotations.push({ type: "memory", description });
  });
});
