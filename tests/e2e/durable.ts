import { expect, type Locator, type Page } from "@playwright/test";
import type { App } from "./app.ts";

/** What must be the same before and after a mishap. */

/** SHA-256 of the labels as they are exported; waits for its turn behind changes under way. */
export function labelsDigest({ page }: App): Promise<string> {
  return page.evaluate(async () => {
    const { bytes } = (await window.voxelwright!.run("label.export", { format: "nii" })) as {
      bytes: Uint8Array<ArrayBuffer>;
    };
    const digest = await crypto.subtle.digest("SHA-256", bytes);
    return [...new Uint8Array(digest)].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  });
}

/** Keys of all rows of the cache, and its pack files with their sizes: looked at without the program. */
export function storedKeys(page: Page): Promise<Record<string, unknown>> {
  return page.evaluate(async () => {
    const settled = <Result>(request: IDBRequest<Result>) =>
      new Promise<Result>((resolve, reject) => {
        request.onsuccess = () => resolve(request.result);
        request.onerror = () => reject(request.error);
      });
    const database = await settled(indexedDB.open("voxelwright"));
    const found: Record<string, unknown> = {};
    for (const table of ["studies", "indexPages", "blobs", "entries", "headers", "labelBricks", "segmentLists"]) {
      found[table] = await settled(database.transaction(table).objectStore(table).getAllKeys());
    }
    database.close();
    const packs: string[] = [];
    const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle("voxelwright-packs");
    for await (const [name, handle] of folder.entries()) {
      packs.push(`${name} ${(await (handle as FileSystemFileHandle).getFile()).size}`);
    }
    return { ...found, packs: packs.sort() };
  });
}

/** The history holds from end to end: it verifies, undoes step by step to empty labels, and redoes to what was there. */
export async function expectWholeHistory(app: App, empty: string): Promise<void> {
  const before = await labelsDigest(app);
  expect(await app.run("journal.verify")).toMatchObject({ ok: true });
  const steps = await goTo(app, "history.undo");
  expect(await labelsDigest(app)).toBe(empty);
  expect(await goTo(app, "history.redo")).toBe(steps);
  expect(await labelsDigest(app)).toBe(before);
  expect(await app.run("journal.verify")).toMatchObject({ ok: true });
}

/** Undoes or redoes as long as there is something; the number of steps. */
function goTo({ page }: App, command: "history.undo" | "history.redo"): Promise<number> {
  return page.evaluate(async (id) => {
    for (let steps = 0; ; steps++) {
      const { entry } = (await window.voxelwright!.run(id)) as { entry: number | null };
      if (entry === null) return steps;
    }
  }, command);
}

/** Errors on the screen. */
export function alerts(page: Page): Locator {
  return page.getByRole("region", { name: "Messages" }).getByRole("alert");
}

/** One error is on the screen, it says `text`, and can be dismissed. */
export async function expectOneAlert(page: Page, text: RegExp): Promise<void> {
  await expect(alerts(page)).toHaveCount(1, { timeout: 60_000 });
  await expect(alerts(page)).toHaveText(text);
  await alerts(page).getByRole("button", { name: "Dismiss" }).click();
  await expect(alerts(page)).toHaveCount(0);
}

async function isOpen(app: App): Promise<void> {
  const open = (): Promise<boolean> =>
    app.run("journal.list").then(
      () => true,
      () => false,
    );
  await expect.poll(open).toBe(true);
}

/** Opens the sample and shows one plane in the whole room: the software GPU is slow. */
export async function openSample(app: App, title = "Chest CT"): Promise<void> {
  await app.openSample(title);
  await isOpen(app);
  await app.run("view.set", { layout: "axial" });
}

/** Opens a study of the list as a person does. */
export async function openFromList(app: App, name = "chest-ct"): Promise<void> {
  await app.page.getByRole("button", { name: `Open ${name}`, exact: true }).click();
  await app.opened();
  await isOpen(app);
  await app.run("view.set", { layout: "axial" });
}

/** Draws one stroke with the brush, at a height of the view between 0 and 1, and waits until it is kept. */
export async function stroke(app: App, height: number): Promise<void> {
  // The first stroke of a study adds a segment before it.
  const strokes = async (): Promise<number> => {
    const entries = await app.run<{ command: string }[]>("journal.list");
    return entries.filter(({ command }) => command === "label.paint").length;
  };
  const before = await strokes();
  await app.page.getByRole("button", { name: "Brush", exact: true }).click();
  await app.drag("axial", [
    [0.4, height],
    [0.5, height + 0.05],
    [0.6, height],
  ]);
  await expect.poll(strokes).toBe(before + 1);
}

/** Starts an import of a folder or file and waits until slices of it arrive. */
export async function startImport(app: App, path: string, input: "Scan files" | "Scan folder"): Promise<void> {
  await app.chooseFiles(path, input);
  await expect(app.page.getByRole("region", { name: "Import" })).toContainText("slice", { timeout: 60_000 });
}
