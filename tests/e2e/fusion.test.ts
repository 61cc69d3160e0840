import { readFileSync } from "node:fs";
import { gunzipSync } from "node:zlib";
import { expect, type Page, test } from "@playwright/test";
import { hasSharedData, sharedData } from "../fixtures/shared-data.ts";
import { App, type ViewName } from "./app.ts";

// Small pictures: the GPU of the tests is the processor.
test.use({ viewport: { width: 1000, height: 900 } });

interface Study {
  readonly volumeId: string;
  readonly description: { readonly modality: string; readonly grid: { dims: number[]; indexToLps: number[] } };
}

/** `L 12.0  P 3.4  S 80.1` as numbers. */
function lpsOf(words: string): number[] {
  return words.split(/ {2}/).map((part) => Number(part.slice(2)) * (/[LPS]/.test(part[0]!) ? 1 : -1));
}

/** Share of a view's pixels that are no greys. */
async function colouredShare(app: App, name: ViewName): Promise<number> {
  await app.settle();
  const png = await app.view(name).locator("canvas").first().screenshot();
  return app.page.evaluate(async (base64) => {
    const bitmap = await createImageBitmap(await (await fetch(`data:image/png;base64,${base64}`)).blob());
    const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext("2d")!;
    context.drawImage(bitmap, 0, 0);
    const { data } = context.getImageData(0, 0, bitmap.width, bitmap.height);
    let coloured = 0;
    for (let n = 0; n < data.length; n += 4)
      if (Math.max(data[n]!, data[n + 1]!, data[n + 2]!) - Math.min(data[n]!, data[n + 1]!, data[n + 2]!) > 40)
        coloured++;
    return coloured / (data.length / 4);
  }, png.toString("base64"));
}

/** The voxels of the PET, read apart from the program: a NIfTI twin of its series. */
function petVoxels(): (ijk: readonly number[]) => number {
  const bytes = gunzipSync(readFileSync(sharedData("labels/sts-001-gtv/PET_image.nii.gz")));
  const dims = [42, 44, 46].map((at) => bytes.readInt16LE(at));
  const start = bytes.readFloatLE(108);
  return ([i, j, k]) => bytes.readFloatLE(start + 4 * ((k! * dims[1]! + j!) * dims[0]! + i!));
}

const overlays = (page: Page) => page.getByRole("list", { name: "Volumes over this one" }).getByRole("listitem");

test("a PET and an MR lie over a CT by their own geometry, with their values, and are there again after a reload", async ({
  page,
}) => {
  test.skip(!hasSharedData, "needs the shared scans");
  const app = new App(page);
  await app.start();
  await app.chooseFiles(sharedData("pet-ct-mr-rtstruct/sts-001/CT"), "Scan folder");
  await app.opened();
  expect(await colouredShare(app, "axial")).toBeLessThan(0.03);

  // The dialog is reached by a key; its buttons lead to the hidden inputs.
  await page.keyboard.press("Shift+U");
  const dialog = page.getByRole("dialog", { name: "Show a volume over this one" });
  const chooser = page.waitForEvent("filechooser");
  await dialog.getByRole("button", { name: "Choose a folder…" }).click();
  await (await chooser).setFiles(sharedData("pet-ct-mr-rtstruct/sts-001/PET"));
  await expect(overlays(page)).toHaveCount(1);
  const item = overlays(page).first();
  await expect(item.getByText("PT", { exact: true })).toBeVisible();
  await expect.poll(() => colouredShare(app, "axial")).toBeGreaterThan(0.05);

  // The value in the read-out is that of the PET's voxel nearest to the point, read apart from the program.
  const pet = (await app.run<Study[]>("study.list")).find(({ description }) => description.modality === "PT")!;
  const valueAt = petVoxels();
  const { indexToLps: m } = pet.description.grid;
  const [shown] = await app.run<{ overlay: string }[]>("overlay.list");
  for (const [plane, at] of [
    ["axial", [0.45, 0.5]],
    ["coronal", [0.52, 0.4]],
    ["sagittal", [0.5, 0.6]],
  ] as const) {
    await app.hover(plane, at);
    const lps = lpsOf(await app.words(plane, "lps").innerText());
    const ijk = [0, 1, 2].map((axis) => Math.round((lps[axis]! - m[4 * axis + 3]!) / m[5 * axis]!));
    const value = Number(valueAt(ijk).toPrecision(4));
    await expect(app.words(plane, "overlays")).toHaveText(`PT  ${value} SUV`);
  }

  // A second one, from the list, then no third.
  await app.run("overlay.set", { overlay: shown!.overlay, opacity: 0.3 });
  const mr = page.getByLabel("Overlay folder", { exact: true });
  await mr.setInputFiles(sharedData("pet-ct-mr-rtstruct/sts-001/MR_T1"));
  await expect(overlays(page)).toHaveCount(2);
  await expect(page.getByRole("button", { name: "Add a volume…" })).toBeDisabled();
  await app.hover("axial", [0.45, 0.5]);
  await expect.poll(async () => (await app.words("axial", "overlays").innerText()).split("\n").length).toBe(2);

  // Hidden by its eye, shown by the key, on oblique planes and in slabs too.
  await app.run("view.set", { turn: { plane: "axial", degrees: 25 }, slab: { mode: "mip", thicknessMm: 20 } });
  const coloured = await colouredShare(app, "coronal");
  expect(coloured).toBeGreaterThan(0.05);
  for (const one of await overlays(page).all()) await one.getByRole("button", { name: /^Show/ }).click();
  await expect.poll(() => colouredShare(app, "coronal")).toBeLessThan(0.03);
  await app.hover("axial", [0.45, 0.5]);
  await expect(app.words("axial", "overlays")).toHaveText("");
  await page.keyboard.press("y");
  await expect.poll(() => colouredShare(app, "coronal")).toBeGreaterThan(coloured * 0.9);

  // Reopened, both are there as they were left.
  await item.getByRole("combobox", { name: /^Colour table/ }).selectOption("turbo");
  const before = await app.run<object[]>("overlay.list");
  await page.reload();
  await app.ready();
  await app.run("study.reopen", {
    volumeId: (await app.run<Study[]>("study.list")).find(({ description }) => description.modality === "CT")!.volumeId,
  });
  await expect(overlays(page)).toHaveCount(2);
  expect(await app.run("overlay.list")).toEqual(before);
  await expect.poll(() => colouredShare(app, "axial")).toBeGreaterThan(0.05);

  // Removed, nothing of them is drawn; they stay in the list of studies.
  for (const name of ["first", "second"]) {
    await overlays(page)
      .first()
      .getByRole("button", { name: /^Remove/ })
      .click();
    await expect(overlays(page), name).toHaveCount(name === "first" ? 1 : 0);
  }
  await expect.poll(() => colouredShare(app, "axial")).toBeLessThan(0.03);
  expect(await app.run<Study[]>("study.list")).toHaveLength(3);

  // What does not lie here is refused in plain words, before it is imported.
  const elsewhere = sharedData("nifti/stroke-T1.nii.gz");
  await page.getByLabel("Overlay files", { exact: true }).setInputFiles(elsewhere);
  await expect(page.getByRole("alert")).toContainText("It does not overlap the open volume.");
  expect(await app.run<Study[]>("study.list")).toHaveLength(3);
  await app.expectNoErrors();
});

test("the segment under the pointer is drawn stronger, on every plane, and not when that is switched off", async ({
  page,
}) => {
  const app = new App(page);
  await app.start();
  await app.openSample("Head MR, T1");
  await app.run("segment.add", { name: "One", color: "#00ff00" });
  await app.run("segment.add", { name: "Two", color: "#ff00ff" });
  const ijk = await app.voxelAt("axial", [0.5, 0.5]);
  const aside = [ijk[0] + 30, ijk[1], ijk[2]] as const;
  await app.run("label.paint", { segment: 1, ijk: [ijk], radiusMm: 12, shape: "sphere" });
  await app.run("label.paint", { segment: 2, ijk: [aside], radiusMm: 12, shape: "sphere" });
  const away = async (): Promise<void> => {
    await page.mouse.move(...(await app.point("volume", [0.05, 0.05])));
    await app.settle();
  };
  const picture = async (name: ViewName): Promise<Buffer> => {
    await app.settle();
    return app.view(name).locator("canvas").first().screenshot();
  };
  await away();
  const plain = { axial: await picture("axial"), coronal: await picture("coronal") };
  await app.hover("axial", [0.5, 0.5]);
  await expect(app.words("axial", "label")).toHaveText("One");
  expect(await picture("coronal")).not.toEqual(plain.coronal);
  await away();
  expect(await picture("coronal")).toEqual(plain.coronal);
  // A brush in hand highlights nothing.
  await page.keyboard.press("b");
  await app.hover("axial", [0.5, 0.5]);
  expect(await picture("coronal")).toEqual(plain.coronal);
  await page.keyboard.press("n");
  await page.getByRole("checkbox", { name: "Highlight" }).uncheck();
  await app.hover("axial", [0.5, 0.5]);
  await expect(app.words("axial", "label")).toHaveText("One");
  expect(await picture("coronal")).toEqual(plain.coronal);
  await app.expectNoErrors();
});
