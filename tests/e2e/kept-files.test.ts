import { expect, type Page, test } from "@playwright/test";
import type { Dims } from "#volume";
import { niftiHeader } from "../unit/sources/nifti-file.ts";
import { AXES_ZYX, halvedResolutions, zarrFiles } from "../unit/sources/zarr-writer.ts";
import { App } from "./app.ts";
import { alerts } from "./durable.ts";
import { firstSliceOfImport, importReaches } from "./large-scan.ts";
import { valuesAt } from "./opening.ts";

/*
 * Files that the browser keeps access to (File System Access): after a reload a click and the user's word are enough to read them
 * again. The handles are those of the origin's private file system; dialogs and permissions, which a test cannot answer, are stood in for.
 */

/** What the user is taken to say when the browser asks; also what was asked within a click. */
interface Answers {
  answer: "granted" | "denied";
  readonly asked: boolean[];
}

/** After a reload nothing may be read until the user allows it, as of files of a disk. */
async function standInForUser(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const answers: Answers = { answer: "denied", asked: [] };
    let permission: PermissionState = sessionStorage.length === 0 ? "granted" : "prompt";
    sessionStorage.setItem("reloaded", "yes");
    Object.assign(FileSystemHandle.prototype, {
      queryPermission: async () => permission,
      requestPermission: async () => {
        answers.asked.push(navigator.userActivation.isActive);
        permission = answers.answer === "granted" ? "granted" : "prompt";
        return answers.answer;
      },
    });
    const picked = async () => (await navigator.storage.getDirectory()).getFileHandle("large.nii");
    Object.assign(window, { answers, showOpenFilePicker: async () => [await picked()] });
  });
}

function answers(page: Page, answer: Answers["answer"]): Promise<boolean[]> {
  return page.evaluate((next) => {
    const { answers } = window as unknown as { answers: Answers };
    answers.answer = next;
    return answers.asked.splice(0);
  }, answer);
}

/** Writes files into the origin's private file system, each a few bytes and then nothing up to its length. */
async function writeFiles(
  page: Page,
  files: readonly { readonly name: string; readonly bytes: Uint8Array; readonly length: number }[],
): Promise<void> {
  const encoded = files.map(
    ({ name, bytes, length }) => [name, Buffer.from(bytes).toString("base64"), length] as const,
  );
  await page.evaluate(async (all) => {
    for (const [path, base64, length] of all) {
      const parts = path.split("/");
      const name = parts.pop()!;
      let folder = await navigator.storage.getDirectory();
      for (const part of parts) folder = await folder.getDirectoryHandle(part, { create: true });
      const stream = await (await folder.getFileHandle(name, { create: true })).createWritable();
      await stream.write(Uint8Array.from(atob(base64), (char) => char.charCodeAt(0)));
      await stream.truncate(length);
      await stream.close();
    }
  }, encoded);
}

test("a dropped folder that is read where it lies: after a reload a click reads on, once that is allowed", async ({
  page,
}) => {
  // Two time points: nothing on screen asks for the second one.
  const dims: Dims = [140, 120, 100];
  const ball = (k: number, j: number, i: number): number =>
    (i - 70) ** 2 + (j - 60) ** 2 + (k - 50) ** 2 < 40 ** 2 ? 1000 : 10;
  const resolutions = halvedResolutions(dims, 2, [1, 1, 1], ball).map(({ shape, scale, translation, value }) => ({
    shape: [2, ...shape],
    scale: [1, ...scale!],
    translation: [0, ...translation!],
    value: (t: number, k: number, j: number, i: number) => value(k, j, i) + t,
  }));
  const axes = [{ name: "t", type: "time" }, ...AXES_ZYX];
  const image = await zarrFiles("ball.ome.zarr", { codec: "zstd", axes, resolutions, chunks: [1, 64, 64, 64] });
  const app = new App(page);
  await standInForUser(page);
  await app.start();
  const written = image.map(async ({ name, blob }) => {
    const bytes = new Uint8Array(await blob.arrayBuffer());
    return { name, bytes, length: bytes.length };
  });
  await writeFiles(page, await Promise.all(written));
  await page.evaluate(async () => {
    const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle("ball.ome.zarr");
    Object.assign(DataTransferItem.prototype, { getAsFileSystemHandle: async () => folder });
    const dataTransfer = new DataTransfer();
    dataTransfer.items.add(new File([], folder.name));
    for (const type of ["dragenter", "dragover", "drop"])
      document.body.dispatchEvent(new DragEvent(type, { dataTransfer, bubbles: true, cancelable: true }));
  });
  await app.opened();
  expect(await app.valueAt([1, 2, 3])).toMatchObject({ value: 10 });
  await app.addSegment("Ball");
  await app.run("study.close");

  await page.reload();
  await app.ready();
  const row = page.getByRole("button", { name: "Open ball", exact: true });
  await row.click();
  await app.opened();
  expect(await answers(page, "granted")).toEqual([true]);
  await app.run("view.set", { frame: 1 });
  await expect(alerts(page)).toContainText(
    /was not allowed to read its files.*Close the study, click it in the list and allow it/,
  );
  await app.run("study.close");
  await row.click();
  await app.opened();
  expect(await answers(page, "denied")).toEqual([true]);
  await app.run("view.set", { frame: 1 });
  expect(await app.valueAt([70, 60, 50])).toMatchObject({ value: 1001 });
  await expect.poll(() => app.brightShare("axial")).toBeGreaterThan(0.05);
  await expect(page.getByRole("button", { name: "Ball", exact: true })).toBeVisible();
  await expect(alerts(page)).toHaveCount(0);
  await app.expectNoErrors();
});

test("an import of chosen files that was cut off: a click goes on, once that is allowed", async ({ page }) => {
  const app = new App(page);
  await standInForUser(page);
  await app.start();
  const header = niftiHeader({ dim: [3, 512, 512, 1280, 1, 1, 1, 1], datatype: 2, bitpix: 8 });
  await writeFiles(page, [{ name: "large.nii", bytes: header, length: header.length + 512 * 512 * 1280 }]);
  const reached = importReaches(page, 4 * 64 + 1);
  await page.getByRole("button", { name: "Open files…" }).click();
  await reached;
  await page.reload();
  await app.ready();

  const row = page.getByRole("button", { name: "Go on with large" });
  await expect(row).toContainText(/Import stopped at \d\d%/);
  await row.click();
  const dialog = page.getByRole("dialog", { name: "Go on with large" });
  await expect(dialog).toContainText(
    "The browser was not allowed to read its files again. Choose the same files again",
  );
  await dialog.getByRole("button", { name: "Cancel" }).click();
  expect(await answers(page, "granted")).toEqual([true]);
  const first = firstSliceOfImport(page);
  await row.click();
  expect(await first).toBeGreaterThan(64);
  await app.opened();
  expect(await valuesAt(app, [[5, 7, 1279]])).toEqual([0]);
  await expect(alerts(page)).toHaveCount(0);
  await app.expectNoErrors();
});
