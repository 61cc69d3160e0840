import { execFile } from "node:child_process";
import { mkdtemp, readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect, type Page, test } from "@playwright/test";
import { readImageNode } from "@itk-wasm/image-io";
import { sampleFile } from "../fixtures/shared-data.ts";
import { App, type Opened } from "./app.ts";

// Small pictures: the GPU of the tests is the processor.
test.use({ viewport: { width: 1000, height: 640 } });

const bin = fileURLToPath(new URL("../../src/cli/bin.mjs", import.meta.url));

/** What a verb of the command line prints, and how it ends. */
function voxelwright(...args: string[]): Promise<{ status: number; out: string; fault: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [bin, ...args], { maxBuffer: 2 ** 26 }, (error, out, fault) =>
      resolve({ status: error ? Number(error.code ?? 1) : 0, out, fault }),
    );
  });
}

/** Exports through the dialog; where the file lies. */
async function download(page: Page, folder: string, title: string): Promise<string> {
  await page.keyboard.press("Control+s");
  const dialog = page.getByRole("dialog", { name: "Export" });
  const coming = page.waitForEvent("download");
  await dialog.getByRole("button", { name: title, exact: true }).click();
  const file = await coming;
  const path = join(folder, file.suggestedFilename());
  await file.saveAs(path);
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
  return path;
}

/** A labelmap as ITK reads it: voxels, names and colours, and where it lies. */
async function readByItk(
  path: string,
): Promise<{ labels: ArrayLike<number>; indexToLps: number[]; metadata: ReadonlyMap<string, string> }> {
  const { data, direction, spacing, origin, metadata } = await readImageNode(path);
  const cell = (row: number, axis: number): number => (direction as Float64Array)[row * 3 + axis]! * spacing[axis]!;
  const indexToLps = [0, 1, 2].flatMap((row) => [cell(row, 0), cell(row, 1), cell(row, 2), origin[row]!]);
  return {
    labels: data as unknown as ArrayLike<number>,
    indexToLps,
    metadata: metadata as unknown as ReadonlyMap<string, string>,
  };
}

function expectSame(labels: ArrayLike<number>, expected: Uint16Array): void {
  expect(labels.length).toBe(expected.length);
  let other = 0;
  for (let n = 0; n < expected.length; n++) if (labels[n] !== expected[n]) other++;
  expect(other).toBe(0);
}

function expectSamePlace(indexToLps: readonly number[], { indexToLps: expected }: Opened): void {
  expected.forEach((value, n) => expect(Math.abs(value - indexToLps[n]!)).toBeLessThan(1e-3));
}

/** Accepts the preview once it is computed; the voxels it took. */
async function accept(app: App): Promise<number> {
  const bar = app.page.getByRole("region", { name: "Preview", exact: true });
  await expect(bar.getByRole("button", { name: /Accept/ })).toBeEnabled();
  const voxels = Number((await bar.locator(".numbers").first().innerText()).split(" ")[0]!.replaceAll(",", ""));
  await app.page.keyboard.press("Enter");
  await expect(bar).toBeHidden();
  return voxels;
}

test("the five minutes of the README, and every export read by others", async ({ page }) => {
  test.setTimeout(180_000);
  const folder = await mkdtemp(join(tmpdir(), "voxelwright-"));
  const app = new App(page);
  await app.start();

  // 1. The sample; wheel, click, zoom, window.
  await app.openSample("Chest CT");
  for (const name of ["axial", "coronal", "sagittal", "volume"] as const)
    await expect.poll(() => app.brightShare(name), { message: name }).toBeGreaterThan(0.05);
  await app.hover("axial", [0.32, 0.5]);
  await page.mouse.wheel(0, -120);
  await app.click("axial", [0.32, 0.5]);
  await page.keyboard.down("Control");
  await page.mouse.wheel(0, -120);
  await page.keyboard.up("Control");
  await app.drag(
    "axial",
    [
      [0.32, 0.5],
      [0.34, 0.52],
    ],
    { button: "right" },
  );

  // 2. Grow and click; the segment is there by itself. Drag, accept.
  await page.keyboard.press("g");
  const seed = await app.voxelAt("axial", [0.32, 0.5]);
  await app.drag("axial", [
    [0.32, 0.5],
    [0.4, 0.5],
  ]);
  await app.settle();
  const lung = await accept(app);
  expect(lung).toBeGreaterThan(100_000);
  await expect.poll(() => app.sizes()).toEqual({ 1: lung });
  const { grow } = await app.toolData();
  const lungRow = page.getByRole("listitem").filter({ has: page.getByRole("button", { name: "Lock Segment 1" }) });
  await expect(lungRow.locator(".segment-size")).toHaveText(/[\d,]+ ml/);
  await page.keyboard.press("F2");
  await page.keyboard.type("Lung");
  await page.keyboard.press("Enter");
  const justGrown = await app.labels();

  // 3. Paint and erase.
  await page.keyboard.press("b");
  await page.keyboard.press("]");
  await app.drag("axial", [
    [0.6, 0.5],
    [0.7, 0.6],
  ]);
  await page.keyboard.press("e");
  await app.drag("axial", [
    [0.3, 0.4],
    [0.35, 0.45],
  ]);
  await expect.poll(async () => (await app.sizes())[1]).not.toBe(lung);

  // 4. A second segment, painted on two slices, filled between them.
  await page.keyboard.press("a");
  await page.keyboard.type("Vessel");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("button", { name: "Vessel", exact: true })).toBeVisible();
  await page.keyboard.press("b");
  await app.run("tool.set", { over: "all" });
  await app.drag("axial", [
    [0.55, 0.5],
    [0.6, 0.5],
  ]);
  await page.keyboard.press("PageUp");
  await app.settle();
  await app.drag("axial", [
    [0.55, 0.5],
    [0.6, 0.5],
  ]);
  const painted = (await app.sizes())[2]!;
  await page.keyboard.press("f");
  await page.keyboard.press("Shift+F");
  const bar = page.getByRole("region", { name: "Preview", exact: true });
  await expect(bar.getByRole("button", { name: /Accept/ })).toBeEnabled();
  await accept(app);
  const sizes = await app.sizes();
  expect(sizes[2]).toBeGreaterThanOrEqual(painted);

  // 5. Reload: all is there, and undo goes on from there.
  const before = await app.labels();
  await expect(page.getByRole("status", { name: "Save state" })).toContainText("Saved");
  await page.reload();
  await app.ready();
  await page
    .getByRole("button", { name: /chest-ct/ })
    .first()
    .click();
  await app.opened();
  expect(await app.sizes()).toEqual(sizes);
  expectSame(await app.labels(), before);
  for (const name of ["Lung", "Vessel"]) await expect(page.getByRole("button", { name, exact: true })).toBeVisible();
  await page.keyboard.press("Control+z");
  await expect.poll(() => app.sizes()).not.toEqual(sizes);
  await page.keyboard.press("Control+y");
  await expect.poll(() => app.sizes()).toEqual(sizes);

  // 6. Exports: voxels, place, names and colours as another program reads them.
  const opened = await app.opening();
  const nifti = await download(page, folder, "Labels as NIfTI");
  expect(nifti).toMatch(/\.nii\.gz$/);
  const asNifti = await readByItk(nifti);
  expectSame(asNifti.labels, before);
  expectSamePlace(asNifti.indexToLps, opened);
  const slicer = await download(page, folder, "Labels as Slicer segmentation");
  expect(slicer).toMatch(/\.seg\.nrrd$/);
  const asSlicer = await readByItk(slicer);
  expectSame(asSlicer.labels, before);
  expectSamePlace(asSlicer.indexToLps, opened);
  const metadata = new Map(asSlicer.metadata);
  for (const [n, name] of ["Lung", "Vessel"].entries()) {
    expect(metadata.get(`Segment${n}_Name`)).toBe(name);
    expect(metadata.get(`Segment${n}_LabelValue`)).toBe(String(n + 1));
    const hex = await page.getByLabel(`Colour of ${name}`).inputValue();
    const colour = metadata
      .get(`Segment${n}_Color`)!
      .split(" ")
      .map((share) => Math.round(Number(share) * 255));
    expect(colour).toEqual([1, 3, 5].map((at) => Number.parseInt(hex.slice(at, at + 2), 16)));
  }
  const csv = (await readFile(await download(page, folder, "Statistics as CSV"), "utf8")).trim().split(/\r?\n/);
  expect(csv).toHaveLength(3);
  const columns = csv[0]!.split(",");
  const voxels = columns.findIndex((column) => /voxels/i.test(column));
  expect(csv.slice(1).map((line) => Number(line.split(",")[voxels]))).toEqual([sizes[1], sizes[2]]);

  // The journal is checked without the page, and a single changed byte is named.
  const journal = await download(page, folder, "Journal as JSON lines");
  const verified = await voxelwright("verify", journal);
  expect(verified.status, verified.fault).toBe(0);
  const bytes = await readFile(journal);
  const lines = bytes.toString("latin1").split("\n");
  const bad = 3;
  const at = lines.slice(0, bad).join("\n").length + 1 + Math.floor(lines[bad]!.length / 2);
  bytes[at] = bytes[at]! ^ 1;
  await writeFile(journal, bytes);
  const refused = await voxelwright("verify", journal);
  expect(refused.status).not.toBe(0);
  expect(refused.out + refused.fault).toMatch(new RegExp(`\\b${bad}\\b`));

  // The shell grows the same lung from the same seed.
  const grown = join(folder, "grown.nii.gz");
  const range = `--range=${grow.low},${grow.high}`;
  const shell = await voxelwright("grow", sampleFile("chest-ct.mha"), "--seed", seed.join(), range, "-o", grown);
  expect(shell.status, shell.fault).toBe(0);
  expect((JSON.parse(shell.out) as { changed: number }).changed).toBe(lung);
  const inShell = await readByItk(grown);
  expectSame(inShell.labels, justGrown);
  const page1 = join(folder, "page.nii.gz");
  for (let n = 0; n < 20 && (await app.sizes())[1] !== lung; n++) await app.run("history.undo");
  await app.settle();
  const again = await download(page, folder, "Labels as NIfTI");
  await writeFile(page1, await readFile(again));
  const compared = await voxelwright("compare", page1, grown);
  expect(compared.status, compared.fault).toBe(0);
  const [row] = JSON.parse(compared.out) as { label: number; dice: number; hausdorff95Mm: number }[];
  expect(row).toMatchObject({ label: 1, dice: 1, hausdorff95Mm: 0 });
  await app.expectNoErrors();
});
