import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { gunzipSync, inflateSync } from "node:zlib";
import { type BrowserContext, expect, test } from "@playwright/test";
import { zipSync } from "fflate";
import { hasSharedData, sharedData } from "../fixtures/shared-data.ts";
import { App, type Ijk } from "./app.ts";
import {
  dismissMessages,
  ending,
  expectPlain,
  keepMessages,
  type Summary,
  shownMessages,
  studyIds,
  valuesAt,
} from "./opening.ts";

interface Sample {
  readonly ijk: Ijk;
  readonly value: number;
}

interface Expected {
  readonly path: string;
  readonly dims: readonly number[];
  readonly frames: number;
  readonly indexToLps: readonly (readonly number[])[] | null;
  readonly samples: readonly Sample[];
}

const expectedFiles: readonly Expected[] = hasSharedData
  ? (JSON.parse(readFileSync(sharedData("expected.json"), "utf8")) as { files: Expected[] }).files
  : [];

/** What nibabel or pydicom read from a file of the collection. */
function independent(path: string): Expected {
  const found = expectedFiles.find((file) => file.path === path);
  if (!found) throw new Error(`${path} is not in expected.json`);
  return found;
}

/** Nine places in a volume: corners, middle and some between. */
function nine([x, y, z]: readonly number[]): Ijk[] {
  const at = (a: number, b: number, c: number): Ijk => [
    Math.floor((x! - 1) * a),
    Math.floor((y! - 1) * b),
    Math.floor((z! - 1) * c),
  ];
  return [
    at(0, 0, 0),
    at(0.5, 0.5, 0.5),
    at(1, 1, 1),
    at(0.3, 0.4, 0.5),
    at(0.6, 0.4, 0.7),
    at(0.45, 0.7, 0.2),
    at(0.7, 0.6, 0.9),
    at(0.2, 0.8, 0.4),
    at(0.55, 0.35, 0.6),
  ];
}

/** A volume of which the test reads the raw voxels itself. */
function raw(
  dims: readonly [number, number, number],
  affine: readonly number[],
  bytes: Buffer,
  type: "uint8" | "int16",
): Omit<Expected, "path"> {
  const samples = nine(dims).map((ijk) => {
    const n = ijk[0] + dims[0] * (ijk[1] + dims[1] * ijk[2]);
    return { ijk, value: type === "uint8" ? bytes.readUInt8(n) : bytes.readInt16LE(2 * n) };
  });
  const rows = [0, 4, 8].map((at) => affine.slice(at, at + 4));
  return { dims, frames: 1, indexToLps: rows, samples };
}

function afterBlankLine(bytes: Buffer): Buffer {
  return bytes.subarray(bytes.indexOf("\n\n") + 2);
}

let context: BrowserContext;
let app: App;

/** Copies that are deleted once they were opened, so that nothing can read them again. */
function copiesOf(paths: readonly string[]): { folder: string; paths: string[]; remove(): void } {
  const folder = mkdtempSync(join(tmpdir(), "voxelwright-"));
  const copies = paths.map((path) => join(folder, basename(path)));
  for (const [n, path] of paths.entries()) cpSync(path, copies[n]!, { recursive: true });
  return { folder, paths: copies, remove: () => rmSync(folder, { recursive: true }) };
}

function filesIn(folder: string): string[] {
  return readdirSync(folder)
    .map((name) => join(folder, name))
    .filter((path) => statSync(path).isFile());
}

/** Opens the study again from the cache and compares it with what an independent reader found. */
async function expectStudy(volumeId: string, expected: Omit<Expected, "path">): Promise<Summary> {
  await app.run("study.close");
  const summary = await app.run<Summary>("study.reopen", { volumeId });
  expect(summary.dims).toEqual(expected.dims);
  expect(summary.frames).toBe(expected.frames);
  if (expected.indexToLps) {
    const [ours, theirs] = [summary.indexToLps!, expected.indexToLps.flat()];
    for (const corner of corners(summary.dims)) {
      const apart = Math.hypot(...place(ours, corner).map((value, axis) => value - place(theirs, corner)[axis]!));
      expect(apart, `corner ${corner.join(", ")}`).toBeLessThan(0.01);
    }
  } else {
    expect(summary.notes.join(" ")).toMatch(/no orientation|unevenly spaced|missing/);
  }
  const values = await valuesAt(
    app,
    expected.samples.map(({ ijk }) => ijk),
  );
  expect(values).toHaveLength(9);
  for (const [n, { ijk, value }] of expected.samples.entries()) {
    const where = `voxel ${ijk.join(", ")}`;
    if (Number.isInteger(value) && summary.voxelType !== "float32") expect(values[n], where).toBe(value);
    else expect(Math.abs(values[n]! - value), where).toBeLessThanOrEqual(1e-5 * Math.max(1, Math.abs(value)));
  }
  return summary;
}

function place(affine: readonly number[], [i, j, k]: readonly number[]): number[] {
  return [0, 4, 8].map((at) => affine[at]! * i! + affine[at + 1]! * j! + affine[at + 2]! * k! + affine[at + 3]!);
}

function corners([x, y, z]: readonly number[]): number[][] {
  return [0, x! - 1].flatMap((i) => [0, y! - 1].flatMap((j) => [0, z! - 1].map((k) => [i, j, k])));
}

/** Opens through the page; what stays open is one study, the only one of the list. */
async function open(act: () => Promise<void>): Promise<string> {
  await act();
  const end = await ending(app, []);
  expect(end.kind, JSON.stringify(await shownMessages(app.page))).toBe("opened");
  return (end as { volumeId: string }).volumeId;
}

async function takeAway(): Promise<void> {
  for (const volumeId of await studyIds(app)) await app.run("study.remove", { volumeId });
  await dismissMessages(app.page);
  await app.expectNoErrors();
}

test.describe("real scans through the page", () => {
  test.skip(!hasSharedData, "no real scans here");

  test.beforeAll(async ({ browser }) => {
    context = await browser.newContext();
    app = new App(await context.newPage());
    await keepMessages(app.page);
    await app.start();
  });
  test.afterEach(takeAway);
  test.afterAll(() => context?.close());

  const nhdr = "nrrd/ct-head-detached-93-files";
  const single: readonly {
    readonly title: string;
    readonly files: readonly string[];
    readonly expected: () => Omit<Expected, "path">;
    readonly notes?: RegExp;
  }[] = [
    {
      title: "NIfTI-1, big endian",
      files: ["nifti/bigendian-int16.nii"],
      expected: () => independent("nifti/bigendian-int16.nii"),
    },
    {
      title: "NIfTI-1 with a scaling",
      files: ["nifti/int16-scl-slope-phase-map.nii"],
      expected: () => independent("nifti/int16-scl-slope-phase-map.nii"),
    },
    {
      title: "NIfTI-2, gzip",
      files: ["nifti/nifti2-avg152.nii.gz"],
      expected: () => independent("nifti/nifti2-avg152.nii.gz"),
    },
    {
      title: "NIfTI-1 gzip, oblique, float64",
      files: ["nifti/float64-oblique-35deg.nii.gz"],
      expected: () => independent("nifti/float64-oblique-35deg.nii.gz"),
      notes: /64-bit floating point values are rounded/,
    },
    {
      title: "a NIfTI pair of .hdr and .img",
      files: ["nifti/pair-ras.hdr", "nifti/pair-ras.img"],
      expected: () => {
        const header = readFileSync(sharedData("nifti/pair-ras.hdr"));
        const dims = [header.readInt16LE(42), header.readInt16LE(44), header.readInt16LE(46)] as const;
        const rows = [280, 296, 312].map((at) => [0, 4, 8, 12].map((n) => header.readFloatLE(at + n)));
        const lps = rows.flatMap((row, n) => row.map((value) => (n < 2 ? -value : value)));
        return raw(dims, lps, readFileSync(sharedData("nifti/pair-ras.img")), "uint8");
      },
    },
    {
      title: "NRRD, gzip",
      files: ["nrrd/brain-tumour-mr.nrrd"],
      expected: () =>
        raw(
          [256, 256, 25],
          [0.78125, 0, 0, -99.609375, 0, -0.78125, 0, 99.609375, 0, 0, 6.5, -78],
          gunzipSync(afterBlankLine(readFileSync(sharedData("nrrd/brain-tumour-mr.nrrd")))),
          "int16",
        ),
    },
    {
      title: "NHDR with 93 data files",
      files: ["quarter.nhdr", ...Array.from({ length: 93 }, (_, n) => `quarter.${n + 1}`)].map((n) => `${nhdr}/${n}`),
      expected: () => {
        const slices = Array.from({ length: 93 }, (_, n) => readFileSync(sharedData(`${nhdr}/quarter.${n + 1}`)));
        const expected = raw([64, 64, 93], Array(12).fill(0), Buffer.concat(slices), "int16");
        return {
          ...expected,
          indexToLps: [
            [3.2, 0, 0, 0],
            [0, 3.2, 0, 0],
            [0, 0, 1.5, 0],
          ],
        };
      },
      notes: /space|orientation|left/i,
    },
    {
      title: "MHD with its raw file",
      files: ["mha/HeadMRVolume.mhd", "mha/HeadMRVolume.raw"],
      expected: () =>
        raw(
          [48, 62, 42],
          [4, 0, 0, 0, 0, 4, 0, 0, 0, 0, 4, 0],
          readFileSync(sharedData("mha/HeadMRVolume.raw")),
          "uint8",
        ),
    },
    {
      title: "MHA, compressed",
      files: ["mha/ct-lung.mha"],
      expected: () => {
        const file = readFileSync(sharedData("mha/ct-lung.mha"));
        const local = "ElementDataFile = LOCAL\n";
        const body = inflateSync(file.subarray(file.indexOf(local) + local.length));
        return raw([115, 157, 129], [1.366, 0, 0, -153.827, 0, 1.366, 0, -150.352, 0, 0, 2.5, -1434.5], body, "int16");
      },
    },
    {
      title: "MGZ",
      files: ["labels/freesurfer/norm.mgz"],
      expected: () => independent("labels/freesurfer/norm.mgz"),
    },
    {
      title: "TIFF of twenty deflated pages",
      files: ["tiff/brain-pd-20pages-uint16.tif"],
      // As Pillow reads it.
      expected: () => ({
        dims: [256, 256, 20],
        frames: 1,
        indexToLps: [
          [1, 0, 0, 0],
          [0, 1, 0, 0],
          [0, 0, 1, 0],
        ],
        samples: [
          { ijk: [0, 0, 0], value: 0 },
          { ijk: [128, 128, 10], value: 407 },
          { ijk: [255, 255, 19], value: 0 },
          { ijk: [76, 102, 9], value: 432 },
          { ijk: [153, 102, 13], value: 433 },
          { ijk: [115, 179, 4], value: 452 },
          { ijk: [179, 153, 17], value: 476 },
          { ijk: [100, 60, 0], value: 379 },
          { ijk: [60, 200, 12], value: 44 },
        ],
      }),
      notes: /no voxel size; 1 mm is assumed/,
    },
    {
      title: "Analyze 7.5, whose left and right no one knows",
      files: ["analyze/t1-spinal.hdr", "analyze/t1-spinal.img"],
      expected: () => ({ ...independent("labels/spinal-cord-t1/t1w.nii.gz"), indexToLps: null, samples: [] }),
      notes: /left and right/,
    },
  ];

  for (const { title, files, expected, notes } of single) {
    test(title, async () => {
      const copies = copiesOf(files.map(sharedData));
      const volumeId = await open(() => app.chooseFiles(copies.paths));
      copies.remove();
      const messages = await shownMessages(app.page);
      if (notes) expect(messages.map(({ text }) => text).join(" ")).not.toBe("");
      for (const { text, tone } of messages) {
        expectPlain(text);
        expect(tone).not.toBe("error");
      }
      const wanted = expected();
      if (wanted.samples.length === 0) return;
      const summary = await expectStudy(volumeId, wanted);
      if (notes) expect(summary.notes.join(" ")).toMatch(notes);
    });
  }

  const series: readonly { readonly path: string; readonly notes?: RegExp; readonly as?: "files" | "zip" }[] = [
    { path: "ct-dicom/chest-abdomen-lidc-jpegls", notes: /frame of reference of its own/ },
    { path: "ct-dicom/body-siemens-jpeg2000" },
    {
      path: "ct-dicom/head-ge-gantry-tilt-two-spacings",
      notes: /sheared by 18\.5°.*unevenly spaced, 1\.08 mm to 7 mm/,
    },
    { path: "mr-dicom/brain-ge-pd-oblique", as: "zip", notes: /taken as rounding/ },
    { path: "pet-ct-mr-rtstruct/sts-001/CT", as: "files" },
    { path: "pet-ct-mr-rtstruct/sts-001/PET", notes: /slope/i },
    { path: "dicom-edge/slice-increment-inconsistent", notes: /1 slice is missing.*between slices 3 and 4 \(10 mm\)/ },
  ];

  for (const { path, notes, as } of series) {
    const how = { files: "loose files", zip: "a zip of a folder", folder: "a folder" }[as ?? "folder"];
    test(`DICOM as ${how}: ${path}`, async () => {
      const copies = copiesOf([sharedData(path)]);
      const folder = copies.paths[0]!;
      const volumeId = await open(async () => {
        if (as === "files") return app.chooseFiles(filesIn(folder));
        if (as !== "zip") return app.chooseFiles(folder, "Scan folder");
        const entries = filesIn(folder).map((file) => [`scan/${basename(file)}`, new Uint8Array(readFileSync(file))]);
        const buffer = Buffer.from(zipSync(Object.fromEntries(entries), { level: 6 }));
        const zip = { name: "scan.zip", mimeType: "application/zip", buffer };
        return app.page.getByLabel("Scan files", { exact: true }).setInputFiles(zip);
      });
      copies.remove();
      const messages = await shownMessages(app.page);
      for (const { text, tone } of messages) {
        expectPlain(text);
        expect(tone).not.toBe("error");
      }
      const summary = await expectStudy(volumeId, independent(path));
      if (notes) {
        expect(summary.notes.join(" ")).toMatch(notes);
        expect(messages.length, "a note is said on screen").toBeGreaterThan(0);
        const panel = app.page.getByRole("list", { name: "Notes" });
        if (!(await panel.isVisible())) await app.page.getByRole("button", { name: "Notes and facts" }).click();
        await expect(panel).toContainText(notes);
      } else expect(summary.notes).toEqual([]);
    });
  }

  const odd: readonly { readonly path: string; readonly dims: readonly number[]; readonly frames?: number }[] = [
    { path: "mr-dicom/enhanced-multiframe-siemens-xa30", dims: [128, 128, 96] },
    { path: "mr-dicom/siemens-mosaic-epi", dims: [64, 64, 36] },
    { path: "dicom-edge/4d-time-series", dims: [192, 192, 4], frames: 2 },
  ];
  for (const { path, dims, frames = 1 } of odd) {
    test(`DICOM with something unusual: ${path}`, async () => {
      const volumeId = await open(() => app.chooseFiles(sharedData(path), "Scan folder"));
      await app.run("study.close");
      const summary = await app.run<Summary>("study.reopen", { volumeId });
      expect([summary.dims, summary.frames]).toEqual([dims, frames]);
      const values = await valuesAt(app, nine(dims));
      expect(new Set(values).size).toBeGreaterThan(3);
    });
  }

  test("4D: a slider changes the frame and with it the values", async () => {
    const path = "nifti/fmri-4d-int16.nii.gz";
    const volumeId = await open(() => app.chooseFiles(sharedData(path)));
    await expectStudy(volumeId, independent(path));
    const slider = app.page.getByRole("slider", { name: "Frame" });
    await expect(slider).toBeVisible();
    const bytes = gunzipSync(readFileSync(sharedData(path)));
    const at = (frame: number): number => bytes.readInt16LE(352 + 2 * (34 + 68 * (34 + 68 * (3 + 6 * frame))));
    expect(await valuesAt(app, [[34, 34, 3]])).toEqual([at(0)]);
    await slider.focus();
    await slider.press("End");
    await expect.poll(() => valuesAt(app, [[34, 34, 3]])).toEqual([at(29)]);
    await slider.press("ArrowLeft");
    await expect.poll(() => valuesAt(app, [[34, 34, 3]])).toEqual([at(28)]);
    expect(new Set([at(0), at(28), at(29)]).size).toBe(3);
  });

  test("several series in one folder: the page shows each with what is odd about it, and opens the chosen one", async () => {
    const copies = copiesOf([sharedData("dicom-edge/mixed-series-one-folder-missing-slices")]);
    await app.chooseFiles(copies.paths[0]!, "Scan folder");
    expect(await ending(app, [])).toEqual({ kind: "asked" });
    const dialog = app.page.getByRole("dialog");
    const rows = dialog.getByRole("listitem");
    await expect(rows).toHaveCount(4);
    const prage = rows.filter({ hasText: "mocoMEMPRAGE_220FOV RMS" });
    await expect(prage).toContainText("MR");
    await expect(prage).toContainText("192 × 192 × 12");
    await expect(prage).toContainText("12 files");
    await expect(prage).toContainText("1 slice is missing");
    for (const row of await rows.all()) {
      const grey = (): Promise<number> =>
        row.locator("canvas").evaluate((canvas: HTMLCanvasElement) => {
          const { data } = canvas.getContext("2d")!.getImageData(0, 0, canvas.width, canvas.height);
          return new Set(data).size;
        });
      await expect.poll(grey).toBeGreaterThan(10);
    }
    await dialog.getByRole("checkbox", { name: "AX FSE T2" }).uncheck();
    await prage.getByRole("checkbox").check();
    await dialog.getByRole("button", { name: "Open series" }).click();
    const end = await ending(app, []);
    copies.remove();
    expect(end.kind).toBe("opened");
    const messages = await shownMessages(app.page);
    expect(messages.map(({ text }) => text).join(" ")).toMatch(/slice is missing|more note/);
    await app.run("study.close");
    const summary = await app.run<Summary>("study.reopen", { volumeId: (end as { volumeId: string }).volumeId });
    expect(summary.dims).toEqual([192, 192, 12]);
    expect(summary.indexToLps).toBeNull();
    expect(summary.notes.join(" ")).toContain("1 slice is missing");
  });

  test("files that were left out beside a scan are said on screen and kept with the study", async () => {
    const folder = copiesOf([sharedData("nifti/bigendian-int16.nii"), sharedData("malformed/nifti/dim-zero.nii")]);
    const volumeId = await open(() => app.chooseFiles(folder.paths));
    folder.remove();
    const said = /dim-zero\.nii was left out: Dimension 3 has size 0/;
    const messages = await shownMessages(app.page);
    expect(messages.filter(({ text }) => said.test(text))).toHaveLength(1);
    const summary = await expectStudy(volumeId, independent("nifti/bigendian-int16.nii"));
    expect(summary.notes.join(" ")).toMatch(said);
  });

  test("true drag and drop of files", async () => {
    const path = "nifti/bigendian-int16.nii";
    const base64 = readFileSync(sharedData(path)).toString("base64");
    const volumeId = await open(() =>
      app.page.evaluate((text) => {
        const bytes = Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
        const dataTransfer = new DataTransfer();
        dataTransfer.items.add(new File([bytes], "dropped.nii"));
        for (const type of ["dragenter", "dragover", "drop"])
          document.body.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }));
      }, base64),
    );
    await expectStudy(volumeId, independent(path));
  });
});

test.describe("labelmaps onto an open study", () => {
  test.skip(!hasSharedData, "no real scans here");

  test.beforeAll(async ({ browser }) => {
    context = await browser.newContext();
    app = new App(await context.newPage());
    await keepMessages(app.page);
    await app.start();
    await scan("labels/spinal-cord-t1/t1w.nii.gz");
  });
  test.afterAll(() => context?.close());

  /** Opens a scan in place of what was open. */
  async function scan(path: string): Promise<void> {
    await takeAway();
    await open(() => app.chooseFiles(sharedData(path)));
    await dismissMessages(app.page);
  }

  /** Imports labels; what the screen said when it was over. */
  async function labels(path: string, wanted: "taken" | "refused"): Promise<string> {
    await app.chooseFiles(sharedData(path), "Label files");
    if (wanted === "taken") await expect.poll(async () => Object.keys(await app.sizes()).length).toBeGreaterThan(0);
    else await expect(app.page.getByRole("alert")).toBeVisible();
    const messages = await shownMessages(app.page);
    for (const { text } of messages) expectPlain(text);
    expect(messages.filter(({ tone }) => tone === "error")).toHaveLength(wanted === "taken" ? 0 : 1);
    return messages.map(({ text }) => text).join(" ");
  }

  test("the same grid: every voxel, one step to undo", async () => {
    expect(await labels("labels/spinal-cord-t1/cord-manual.nii.gz", "taken")).toBe("");
    expect(await app.sizes()).toEqual({ 1: 5437 });
    await app.run("history.undo");
    expect(await app.sizes()).toEqual({});
  });

  test("a coarser grid: the nearest label, and that is said", async () => {
    expect(await labels("malformed/labels/label-other-grid.nii.gz", "taken")).toMatch(/another grid.*nearest label/);
    const { 1: voxels } = await app.sizes();
    expect(Math.abs(voxels! - 5437) / 5437).toBeLessThan(0.15);
    await app.run("history.undo");
  });

  const refused: Readonly<Record<string, RegExp>> = {
    "malformed/labels/label-float-nan-negative.nii.gz": /Voxel \(0, 0, 0\) holds NaN/,
    "malformed/labels/label-70000-values.nii.gz": /holds 65590, which is outside 0 to 65535/,
    "malformed/labels/label-int64-huge-value.nii.gz": /holds 1099511627776/,
    "labels/sts-001-gtv/PET_gtv_mask.nii.gz": /no voxel in common/,
    "malformed/nifti/dim-zero.nii": /Dimension 3 has size 0/,
  };
  for (const [path, fault] of Object.entries(refused)) {
    test(`${path} is refused by name and voxel, and changes nothing`, async () => {
      const before = (await app.run<unknown[]>("journal.list")).length;
      const said = await labels(path, "refused");
      expect(said).toMatch(fault);
      expect(said).toContain(basename(path).replace(/_mask.*/, ""));
      expect(await app.sizes()).toEqual({});
      expect(await app.run<unknown[]>("journal.list")).toHaveLength(before);
      await dismissMessages(app.page);
    });
  }

  test("a labelmap of a part of the slices lies where its header says", async () => {
    const whole = gunzipSync(readFileSync(sharedData("labels/spinal-cord-t1/cord-manual.nii.gz")));
    const [skipped, kept] = [10, 40];
    const slice = 42 * 76;
    const header = Buffer.from(whole.subarray(0, 352));
    header.writeInt16LE(kept, 46);
    header.writeInt16LE(0, 252);
    header.writeInt16LE(1, 254);
    for (const row of [280, 296, 312])
      header.writeFloatLE(header.readFloatLE(row + 12) + skipped * header.readFloatLE(row + 8), row + 12);
    const voxels = whole.subarray(352 + slice * skipped, 352 + slice * (skipped + kept));
    await app.page.getByLabel("Label files", { exact: true }).setInputFiles({
      name: "part.nii",
      mimeType: "application/octet-stream",
      buffer: Buffer.concat([header, voxels]),
    });
    await expect.poll(() => app.sizes()).toEqual({ 1: voxels.filter((value) => value === 1).length });
    expect(await shownMessages(app.page)).toEqual([]);
  });

  test("names and colours of a .seg.nrrd", async () => {
    const path = "seg/slicer-seg-nrrd/EclipseProstate_Shrunk_5_5_5_Bladder.seg.nrrd";
    await scan(path);
    await labels(path, "taken");
    await expect(app.page.getByRole("region", { name: "Segments" })).toContainText(/bladder/i);
  });
});

/** A host of scans on another origin: `/open/…` may be read by any page, `/closed/…` by none but its own. */
async function scanHost(): Promise<{ server: Server; url: string }> {
  const server = createServer((request, response) => {
    const [, kind, ...path] = decodeURIComponent(new URL(request.url!, "http://host").pathname).split("/");
    const allowed = kind === "open" ? { "Access-Control-Allow-Origin": "*" } : {};
    try {
      const bytes = readFileSync(sharedData(path.join("/")));
      response.writeHead(200, { "Content-Type": "application/octet-stream", ...allowed }).end(bytes);
    } catch {
      response.writeHead(404, allowed).end();
    }
  });
  await new Promise<void>((resolve) => server.listen(0, resolve));
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}` };
}

test.describe("scans by address", () => {
  test.skip(!hasSharedData, "no real scans here");
  let host: Awaited<ReturnType<typeof scanHost>>;

  test.beforeAll(async ({ browser }) => {
    host = await scanHost();
    context = await browser.newContext();
    app = new App(await context.newPage());
    await keepMessages(app.page);
    await app.start();
  });
  test.afterEach(takeAway);
  test.afterAll(async () => {
    await context?.close();
    host?.server.closeAllConnections();
    host?.server.close();
  });

  async function openAddress(address: string): Promise<void> {
    await app.page
      .getByRole("button", { name: /address/i })
      .first()
      .click();
    const dialog = app.page.getByRole("dialog");
    await dialog.getByLabel("Address").fill(address);
    await dialog.getByRole("button", { name: "Open", exact: true }).click();
  }

  test("a file of another origin that allows it", async () => {
    const path = "nifti/nifti2-avg152.nii.gz";
    const volumeId = await open(() => openAddress(`${host.url}/open/${path}`));
    await expectStudy(volumeId, independent(path));
  });

  test("a header with its 93 data files", async () => {
    const volumeId = await open(() => openAddress(`${host.url}/open/nrrd/ct-head-detached-93-files/quarter.nhdr`));
    const summary = await app.run<Summary>("study.reopen", { volumeId });
    expect(summary.dims).toEqual([64, 64, 93]);
  });

  const refused: readonly (readonly [string, (url: string) => string, RegExp])[] = [
    [
      "an origin that does not allow it",
      (url) => `${url}/closed/nifti/nifti2-avg152.nii.gz`,
      /does not allow this page.*CORS.*download/,
    ],
    ["an address where nothing is", (url) => `${url}/open/nowhere/scan.nii.gz`, /answered 404.*check the address/],
    ["a host that does not exist", () => "http://no-such-host.invalid/scan.nii.gz", /could not be reached/],
    ["a broken file", (url) => `${url}/open/malformed/nifti/dim-zero.nii`, /dim-zero\.nii: Dimension 3 has size 0/],
  ];
  for (const [title, address, fault] of refused) {
    test(`${title} is refused in one line`, async () => {
      await openAddress(address(host.url));
      expect((await ending(app, [])).kind).toBe("refused");
      const messages = await shownMessages(app.page);
      expect(messages).toHaveLength(1);
      expectPlain(messages[0]!.text);
      expect(messages[0]!.text).toMatch(fault);
      expect(await studyIds(app)).toEqual([]);
    });
  }
});
