import { readFileSync } from "node:fs";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { expect, type Locator, type Page, test } from "@playwright/test";
import { hasSharedData, sharedData } from "../fixtures/shared-data.ts";
import { niftiFile } from "../unit/sources/nifti-file.ts";
import { zarrHost } from "../unit/sources/zarr-host.ts";
import { zarrFiles } from "../unit/sources/zarr-writer.ts";
import { App } from "./app.ts";

/* A scan that does not say how large its voxels are: a TIFF of 20 pages. The page asks before it brings it in. */

const TIFF = "tiff/brain-pd-20pages-uint16.tif";

test.skip(!hasSharedData, "no real scans here");

const dialogOf = (page: Page): Locator => page.getByRole("dialog", { name: /How large are the voxels of/ });

async function choose(page: Page): Promise<{ app: App; dialog: Locator }> {
  const app = new App(page);
  await app.start();
  await app.chooseFiles(sharedData(TIFF));
  const dialog = dialogOf(page);
  await expect(dialog).toBeVisible();
  return { app, dialog };
}

test("sizes are typed with keys, measured by, noted, and there again after a reload", async ({ page }) => {
  const { app, dialog } = await choose(page);
  await expect(dialog).toContainText("256 voxels");
  await expect(dialog).toContainText("20 slices");
  await expect(dialog).toContainText("Without it 1 mm is taken");
  await expect(dialog.getByLabel("Across a slice (x)")).toBeFocused();
  await page.keyboard.type("0.5");
  await page.keyboard.press("Tab");
  await page.keyboard.type("0,5");
  await page.keyboard.press("Tab");
  await page.keyboard.type("3");
  await expect(dialog).toContainText("The volume is then 128 × 128 × 60 mm.");
  await page.keyboard.press("Enter");
  await app.opened();
  await expect(dialog).toBeHidden();

  const expectGeometry = async (): Promise<void> => {
    expect((await app.opening()).indexToLps).toEqual([0.5, 0, 0, 0, 0, 0.5, 0, 0, 0, 0, 3, 0]);
    const facts = page.getByRole("region", { name: "Notes and facts" });
    if ((await facts.getByText("Origin (LPS)").count()) === 0)
      await facts.getByRole("button", { name: /Notes and facts/ }).click();
    await expect(facts).toContainText("0.50 × 0.50 × 3.00 mm");
    await expect(facts).toContainText("Voxel size 0.5 × 0.5 × 3 mm was given by hand; the file has none.");
  };
  await expectGeometry();
  // From the first voxel of the first slice to the last of the last.
  const points = [
    [0, 0, 0],
    [0, 0, 19 * 3],
  ];
  await app.run("measurement.add", { kind: "distance", points });
  await expect(page.getByRole("region", { name: "Measurements" })).toContainText("57.0 mm");
  // An export has the size: pixdim 1 to 3 of the header.
  const exported = await page.evaluate(async () => {
    const { bytes } = (await window.voxelwright!.run("label.export", { format: "nii" })) as { bytes: Uint8Array };
    const view = new DataView(bytes.buffer, bytes.byteOffset);
    return [80, 84, 88].map((at) => view.getFloat32(at, true));
  });
  expect(exported).toEqual([0.5, 0.5, 3]);

  await page.reload();
  await app.ready();
  await expect(page.getByText("256 × 256 × 20 · 0.50 × 0.50 × 3.00 mm")).toBeVisible();
  await page.getByRole("button", { name: "Open brain-pd-20pages-uint16", exact: false }).first().click();
  await app.opened();
  await expectGeometry();
  await app.expectNoErrors();
});

test("what is wrong is said by the field, and the last size is offered again", async ({ page }) => {
  const { app, dialog } = await choose(page);
  const [across, down, through] = ["Across a slice (x)", "Down a slice (y)", "From slice to slice (z)"].map((name) =>
    dialog.getByLabel(name),
  ) as [Locator, Locator, Locator];
  await page.keyboard.type("0.25");
  await page.keyboard.press("Enter");
  await expect(dialog.getByRole("alert")).toHaveText([
    "Give the size in millimetres.",
    "Give the size in millimetres.",
  ]);
  await expect(down).toBeFocused();
  await expect(across).toHaveAttribute("aria-invalid", "false");
  await page.keyboard.type("two");
  await page.keyboard.press("Tab");
  await expect(dialog.getByRole("alert").first()).toHaveText("Give a number of millimetres, such as 0.5.");
  await page.keyboard.type("0");
  await down.fill("0.25");
  await expect(dialog.getByRole("alert")).toHaveText("Give a size above 0 mm.");
  await through.fill("2");
  await expect(dialog.getByRole("alert")).toHaveCount(0);
  await dialog.getByRole("button", { name: "Use this size" }).click();
  await app.opened();
  expect((await app.opening()).spacingMm).toEqual([0.25, 0.25, 2]);

  await app.run("study.close");
  await app.chooseFiles(sharedData(TIFF));
  await expect(across).toHaveValue("");
  await dialog.getByRole("button", { name: "As last time: 0.25 × 0.25 × 2 mm" }).click();
  await expect(through).toHaveValue("2");
  await page.keyboard.press("Enter");
  await app.opened();
  expect((await app.opening()).spacingMm).toEqual([0.25, 0.25, 2]);
  await app.expectNoErrors();
});

test("Escape brings nothing in; 1 mm can be taken, and is said", async ({ page }) => {
  const { app, dialog } = await choose(page);
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
  await expect(page.getByRole("region", { name: "Open a scan" })).toBeVisible();
  await expect(page.getByRole("region", { name: "Import" })).toBeHidden();
  expect(await app.run("study.list")).toEqual([]);
  const kept = await page.evaluate(async () => {
    const names: string[] = [];
    const walk = async (folder: FileSystemDirectoryHandle): Promise<void> => {
      for await (const [name, handle] of folder as unknown as AsyncIterable<[string, FileSystemHandle]>) {
        if (handle.kind === "directory") await walk(handle as FileSystemDirectoryHandle);
        else names.push(name);
      }
    };
    await walk(await navigator.storage.getDirectory());
    return names;
  });
  expect(kept).toEqual([]);

  await app.chooseFiles(sharedData(TIFF));
  await dialog.getByRole("button", { name: "Take 1 mm" }).click();
  await app.opened();
  expect((await app.opening()).spacingMm).toEqual([1, 1, 1]);
  const facts = page.getByRole("region", { name: "Notes and facts" });
  if ((await facts.getByText("Origin (LPS)").count()) === 0)
    await facts.getByRole("button", { name: /Notes and facts/ }).click();
  await expect(facts).toContainText("(assumed)");
  await app.expectNoErrors();
});

test("1 mm taken by mistake is put right from the notes: labels and measurements stay on their voxels", async ({
  page,
}) => {
  const { app, dialog } = await choose(page);
  await dialog.getByRole("button", { name: "Take 1 mm" }).click();
  await app.opened();
  const points = [
    [0, 0, 0],
    [0, 0, 19],
  ];
  await app.run("measurement.add", { kind: "distance", points });
  await app.run("segment.add", { name: "spot" });
  await app.run("label.paint", { segment: 1, ijk: [[128, 128, 10]], radiusMm: 5, shape: "sphere" });
  await app.run("view.set", { crosshair: [128, 128, 10] });
  const measurements = page.getByRole("region", { name: "Measurements" });
  const segment = page.getByRole("region", { name: "Segments" });
  await expect(measurements).toContainText("19.0 mm");
  await expect(segment).toContainText("0.515 ml");
  const facts = page.getByRole("region", { name: "Notes and facts" });
  if ((await facts.getByText("Origin (LPS)").count()) === 0)
    await facts.getByRole("button", { name: /Notes and facts/ }).click();
  await facts.getByRole("button", { name: "Change…" }).click();
  await expect(dialog.getByLabel("Across a slice (x)")).toBeFocused();
  await expect(dialog.getByLabel("Across a slice (x)")).toHaveValue("1");
  await page.keyboard.press("Escape");
  await expect(dialog).toBeHidden();
  expect((await app.opening()).spacingMm).toEqual([1, 1, 1]);

  await page.keyboard.press("Control+k");
  await page.keyboard.type("voxel size");
  await page.keyboard.press("Enter");
  await expect(dialog).toBeVisible();
  for (const key of ["0.5", "Tab", "0.5", "Tab", "3", "Enter"])
    await (key.length > 3 || key === "Tab" ? page.keyboard.press(key) : page.keyboard.type(key));
  await expect(dialog).toBeHidden();
  await expect(measurements).toContainText("57.0 mm");
  await expect(segment).toContainText("0.386 ml");
  await expect(facts).toContainText("(given by hand)");
  await expect(page.getByText("1 mm is assumed")).toHaveCount(0);
  const { crosshair } = await app.viewData();
  expect(crosshair.map((mm) => Number(mm.toFixed(3)))).toEqual([64, 64, 30]);
  // Undo goes past it, to the spot and what was measured, and does both again.
  for (let n = 0; n < 3; n++) await app.run("history.undo");
  await expect(measurements).not.toContainText("57.0 mm");
  for (let n = 0; n < 3; n++) await app.run("history.redo");
  await expect(measurements).toContainText("57.0 mm");

  // The button that asks has the focus again when it is answered.
  for (const [mm, length] of [
    ["4", "76.0 mm"],
    ["3", "57.0 mm"],
  ] as const) {
    await facts.getByRole("button", { name: "Change…" }).click();
    await expect(dialog.getByLabel("Across a slice (x)")).toBeFocused();
    for (const key of ["Tab", "Tab"]) await page.keyboard.press(key);
    await page.keyboard.type(mm);
    await page.keyboard.press("Enter");
    await expect(dialog).toBeHidden();
    await expect(measurements).toContainText(length);
    await expect(facts.getByRole("button", { name: "Change…" })).toBeFocused();
  }

  await page.reload();
  await app.ready();
  await page.getByRole("button", { name: "Open brain-pd-20pages-uint16", exact: false }).first().click();
  await app.opened();
  await expect(measurements).toContainText("57.0 mm");
  await expect(segment).toContainText("0.386 ml");
  expect(await app.run("journal.verify")).toMatchObject({ ok: true });
  await app.expectNoErrors();
});

test("a drop and an address are asked about as well, a script is not", async ({ page }) => {
  const server: Server = createServer((_request, response) => {
    response.writeHead(200, { "Content-Type": "image/tiff", "Access-Control-Allow-Origin": "*" });
    response.end(readFileSync(sharedData(TIFF)));
  });
  await new Promise<void>((resolve) => server.listen(0, resolve));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/brain.tif`;
  try {
    const app = new App(page);
    await app.start();
    const base64 = readFileSync(sharedData(TIFF)).toString("base64");
    await page.evaluate((text) => {
      const bytes = Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
      const dataTransfer = new DataTransfer();
      dataTransfer.items.add(new File([bytes], "dropped.tif"));
      for (const type of ["dragenter", "dragover", "drop"])
        document.body.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }));
    }, base64);
    await expect(page.getByRole("dialog", { name: "How large are the voxels of dropped?" })).toBeVisible();
    await page.keyboard.press("Escape");
    await expect(dialogOf(page)).toBeHidden();

    await page.getByRole("button", { name: /Open address/ }).click();
    await page.keyboard.type(url);
    await page.keyboard.press("Enter");
    await expect(page.getByRole("dialog", { name: "How large are the voxels of brain?" })).toBeVisible();
    for (const key of ["0.5", "0.5", "2"]) {
      await page.keyboard.type(key);
      await page.keyboard.press(key === "2" ? "Enter" : "Tab");
    }
    await app.opened();
    expect((await app.opening()).spacingMm).toEqual([0.5, 0.5, 2]);

    const opened = await app.run<{ spacingMm: number[]; notes: string[] }>("study.open", { url });
    expect(opened.spacingMm).toEqual([1, 1, 1]);
    expect(opened.notes.join(" ")).toMatch(/1 mm is assumed/);
    const given = await app.run<{ spacingMm: number[] }>("study.open", { url, spacingMm: [0.5, 0.5, 4] });
    expect(given.spacingMm).toEqual([0.5, 0.5, 4]);
    const wrong = app.run("study.open", { url, spacingMm: [0.5, 0.5, 0] });
    await expect(wrong).rejects.toThrow(/Along k: Give a size above 0 mm/);
    await app.expectNoErrors();
  } finally {
    server.close();
  }
});

test("an OME-Zarr image without a scale is asked about once, and its picture in the list has the shape that was given", async ({
  page,
}) => {
  const host = await zarrHost(
    await zarrFiles("scans/plain.ome.zarr", {
      resolutions: [{ shape: [40, 60, 60], value: (k, j, i) => i + j + k }],
      chunks: [40, 60, 60],
      multiscales: { datasets: [{ path: "0", coordinateTransformations: [] }] },
    }),
  );
  try {
    const app = new App(page);
    await app.start();
    const open = async (): Promise<void> => {
      await page.getByRole("button", { name: /Open address/ }).click();
      await page.keyboard.type(`${host.url}/scans/plain.ome.zarr`);
      await page.keyboard.press("Enter");
    };
    await open();
    await expect(dialogOf(page)).toContainText("40 slices");
    for (const key of ["1", "Tab", "2", "Tab", "3", "Enter"])
      await (key.length > 1 ? page.keyboard.press(key) : page.keyboard.type(key));
    await app.opened();
    expect((await app.opening()).indexToLps).toEqual([1, 0, 0, 0, 0, 2, 0, 0, 0, 0, 3, 0]);
    await app.run("study.close");
    const picture = page.getByRole("button", { name: "Open plain", exact: false }).locator("img");
    const shape = await picture.evaluate((img: HTMLImageElement) => img.naturalHeight / img.naturalWidth);
    expect(shape).toBeCloseTo(2, 1);
    await open();
    await expect(page.getByText("in the list of studies: it goes on with its labels")).toBeVisible();
    await app.opened();
    expect((await app.opening()).spacingMm).toEqual([1, 2, 3]);
    // Read where it lies, it is put right as well, and its voxels are where they were.
    await app.run("study.setSpacing", { spacingMm: [2, 2, 4] });
    expect((await app.opening()).spacingMm).toEqual([2, 2, 4]);
    expect(await app.run("volume.value", { ijk: [50, 3, 30] })).toMatchObject({ value: 83 });
    await app.run("study.close");
    const { width, height } = (await picture.boundingBox())!;
    expect(height / width).toBeCloseTo(1, 1);
    await app.expectNoErrors();
  } finally {
    await host.stop();
  }
});

test("of several scans the size of one can be used for the others", async ({ page }) => {
  const app = new App(page);
  await app.start();
  const files = await Promise.all(
    ["chest", "knee", "skull"].map(async (name, n) => {
      const header = { dim: [3, 20, 20, 10, 1, 1, 1, 1], bitpix: 8, sformCode: 0, pixdim: [1, 0, 0, 0] };
      const { blob } = niftiFile(header, new Uint8Array(4000).fill(n), `${name}.nii`);
      return { name: `${name}.nii`, mimeType: "", buffer: Buffer.from(await blob.arrayBuffer()) };
    }),
  );
  await page.getByLabel("Scan files", { exact: true }).setInputFiles(files);
  const which = page.getByRole("dialog", { name: "Which series do you want to open?" });
  for (const name of ["chest", "knee", "skull"]) await which.getByLabel(name, { exact: true }).check();
  await which.getByRole("button", { name: "Open 3 series" }).click();
  const dialog = dialogOf(page);
  await expect(dialog).toBeVisible();
  for (const mm of ["0.5", "0.5", "2"]) {
    await page.keyboard.type(mm);
    await page.keyboard.press("Tab");
  }
  await expect(dialog.getByRole("checkbox", { name: "The same for the 2 other scans without a size" })).toBeFocused();
  await page.keyboard.press("Space");
  await page.keyboard.press("Enter");
  await app.opened();
  await expect
    .poll(async () => {
      const studies = await app.run<{ volumeId: string; state: string }[]>("study.list");
      return studies.filter(({ state }) => state === "ready").length;
    })
    .toBe(3);
  await app.run("study.close");
  await expect(page.getByText("20 × 20 × 10 · 0.50 × 0.50 × 2.00 mm")).toHaveCount(3);
  await app.expectNoErrors();
});
