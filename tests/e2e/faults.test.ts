import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type CDPSession, expect, type Page, test } from "@playwright/test";
import { chromiumArgs, ensureChromium } from "../../.tooling/chromium.mjs";
import { hasSharedData, sharedData } from "../fixtures/shared-data.ts";
import { App } from "./app.ts";
import { alerts, expectOneAlert, labelsDigest, openFromList, openSample, storedKeys, stroke } from "./durable.ts";

import { firstSliceOfImport, importReaches, writeLargeScan } from "./large-scan.ts";

/*
 * What can fail in one tab while the program runs: a full disk, a worker that dies, the GPU. Each gives one clear error, what is
 * open stays whole, and the next action works.
 */

// Chromium otherwise tells every page the same quota, and no import could be refused in time.
test.use({
  launchOptions: { executablePath: ensureChromium(), args: [...chromiumArgs, "--disable-features=StaticStorageQuota"] },
});

const CT_FOLDER = "ct-dicom/chest-abdomen-lidc-jpegls";

/** Opens the sample with one stroke; tells what must stay as it is. */
async function openWithStroke(page: Page) {
  const app = new App(page);
  await app.start();
  await openSample(app);
  await stroke(app, 0.4);
  const [digest, stored] = [await labelsDigest(app), await storedKeys(page)];
  const expectUntouched = async (): Promise<void> => {
    await expect(page.getByRole("main", { name: "Views" })).toBeVisible();
    expect(await labelsDigest(app)).toBe(digest);
    await expect.poll(() => storedKeys(page)).toEqual(stored);
    expect(await app.run("journal.verify")).toMatchObject({ ok: true });
    expect(await app.run<object[]>("study.list")).toHaveLength(1);
  };
  return { app, expectUntouched };
}

/** Imports a folder and does `act` in the page at its first slices: what looks from outside may come after its end. */
async function importUntil(app: App, act: "cancel" | "end its worker"): Promise<void> {
  const acted = app.page.evaluate(
    (end) =>
      new Promise<void>((resolve) => {
        const look = new MutationObserver(() => {
          const bar = document.querySelector('[aria-label="Import"]');
          if (!bar?.textContent.includes("slice")) return;
          look.disconnect();
          if (end === "cancel") bar.querySelector("button")!.click();
          else (window as unknown as { endWorker(name: string): void }).endWorker("import.worker");
          resolve();
        });
        look.observe(document.body, { childList: true, subtree: true, characterData: true });
      }),
    act,
  );
  await app.chooseFiles(sharedData(CT_FOLDER), "Scan folder");
  await acted;
  await expect(app.page.getByRole("region", { name: "Import" })).toBeHidden();
}

/** Gives the origin as many bytes more than it uses; all of the disk again without a number. */
async function leaveRoom(cdp: CDPSession, page: Page, bytes?: number): Promise<void> {
  const { origin } = new URL(page.url());
  const { usage } = await cdp.send("Storage.getUsageAndQuota", { origin });
  await cdp.send(
    "Storage.overrideQuotaForOrigin",
    bytes === undefined ? { origin } : { origin, quotaSize: usage + bytes },
  );
}

test("an import that cannot fit is refused before it begins, and says what could be removed for it", async ({
  page,
}) => {
  const { app, expectUntouched } = await openWithStroke(page);
  const cdp = await page.context().newCDPSession(page);
  await app.run("study.close");
  // Enough with the chest CT away, which is compressed to 3 MB, not before.
  await leaveRoom(cdp, page, 18.5e6);
  const dialog = page.getByRole("dialog", { name: "No room for head-mr" });
  const go = dialog.getByRole("button", { name: /^Delete / });
  await page.getByRole("button", { name: "Open sample: Head MR, T1" }).click();
  await expect(dialog).toContainText(
    /needs up to [\d.]+ MB and the browser has [\d.]+ MB left.*deleted with its labels/,
  );
  await expect(go).toBeDisabled();
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await expectOneAlert(
    page,
    /needs up to \d+ MB and the browser has \d+ MB left.*Remove a study from the list or free disk space/,
  );
  await openFromList(app);
  await expectUntouched();

  await app.run("study.close");
  await page.getByRole("button", { name: "Open sample: Head MR, T1" }).click();
  await dialog.getByRole("checkbox", { name: "chest-ct" }).check();
  await expect(dialog.getByRole("status")).toHaveText(/freed$/);
  await go.click();
  await app.opened();
  const studies = await app.run<{ description: { name: string } }[]>("study.list");
  expect(studies.map(({ description }) => description.name)).toEqual(["head-mr"]);

  // Nothing can be removed, but a raw file can be read where it lies.
  const folder = mkdtempSync(join(tmpdir(), "voxelwright-scan-"));
  try {
    await leaveRoom(cdp, page, 15e6);
    await app.chooseFiles(writeLargeScan(join(folder, "large.nii")), "Scan files");
    const large = page.getByRole("dialog", { name: "No room for large" });
    await expect(large).toContainText("Without a copy");
    await expect(large.getByRole("button", { name: /^Delete/ })).toHaveCount(0);
    await leaveRoom(cdp, page);
    await large.getByRole("button", { name: "Work without a copy" }).click();
    await expect
      .poll(() => app.run("volume.value", { ijk: [5, 7, 130] }).catch(() => undefined))
      .toEqual({ value: 130, label: 0 });
    await app.run("study.close");
    await expect(page.getByRole("region", { name: "Your studies" }).getByRole("listitem").first()).toContainText(
      "large",
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  await app.expectNoErrors();
});

test("a disk that fills up in the middle of an import: one error, what is in stays and goes on once there is room", async ({
  page,
}) => {
  const folder = mkdtempSync(join(tmpdir(), "voxelwright-scan-"));
  try {
    const scan = writeLargeScan(join(folder, "large.nii"));
    const { app } = await openWithStroke(page);
    const digest = await labelsDigest(app);
    const cdp = await page.context().newCDPSession(page);
    const reached = importReaches(page, 1);
    await app.chooseFiles(scan, "Scan files");
    await reached;
    // Room for two slabs and some bricks: ten are to come.
    await leaveRoom(cdp, page, 45e6);
    await expectOneAlert(
      page,
      /large: The browser's storage is full\. \d0% of the import is kept.*go on with it from the list/,
    );
    await expect(page.getByRole("main", { name: "Views" })).toBeVisible();
    expect(await labelsDigest(app)).toBe(digest);
    await leaveRoom(cdp, page);
    await stroke(app, 0.6);
    await app.run("study.close");

    await page.getByRole("button", { name: "Go on with large" }).click();
    const first = firstSliceOfImport(page);
    await page.getByLabel("Choose files…", { exact: true }).setInputFiles(scan);
    expect(await first).toBeGreaterThan(64);
    await app.opened();
    await expect.poll(() => app.run<object[]>("journal.list").catch(() => undefined)).toHaveLength(1);
    // What was read while it was written is not counted twice.
    const kept = (await app.run<{ bytes: number }[]>("study.list")).reduce((sum, { bytes }) => sum + bytes, 0);
    expect(kept).toBeGreaterThan(190e6);
    const { usage } = await cdp.send("Storage.getUsageAndQuota", { origin: new URL(page.url()).origin });
    expect(usage).toBeLessThan(kept * 1.2);
    await app.expectNoErrors();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test("a disk that fills up between strokes: the stroke is taken back, and the next one is kept", async ({ page }) => {
  const { app } = await openWithStroke(page);
  const cdp = await page.context().newCDPSession(page);
  await leaveRoom(cdp, page, -1e7);
  // Chromium believes for up to half a minute in the room that it found last: until then strokes are kept.
  const paint = { segment: 1, radiusMm: 2, shape: "disc" };
  const refused = async (k: number): Promise<boolean> =>
    app.run("label.paint", { ...paint, ijk: [[50, 50, k]] }).then(
      () => false,
      () => true,
    );
  let k = 0;
  await expect.poll(() => refused(k++), { timeout: 60_000, intervals: [2000] }).toBe(true);
  const [digest, stored] = [await labelsDigest(app), await storedKeys(page)];
  await app.drag("axial", [
    [0.4, 0.6],
    [0.6, 0.65],
  ]);
  await expectOneAlert(page, /storage is full.*Remove a study from the list or free disk space/);
  expect(await labelsDigest(app)).toBe(digest);
  expect(await storedKeys(page)).toEqual(stored);
  // Labels can be taken out of a full disk, too.
  const size = await page.evaluate(async () => {
    const exported = await window.voxelwright!.run("label.export", { format: "nii.gz", as: "file" });
    return (exported as { file: Blob }).file.size;
  });
  expect(size).toBeGreaterThan(1000);

  await leaveRoom(cdp, page);
  await stroke(app, 0.6);
  const kept = await labelsDigest(app);
  await page.reload();
  await app.ready();
  await openFromList(app);
  expect(await labelsDigest(app)).toBe(kept);
  expect(await app.run("journal.verify")).toMatchObject({ ok: true });
  await app.expectNoErrors();
});

test("an import that is cancelled leaves nothing, and the study before is open again", async ({ page }) => {
  test.skip(!hasSharedData, "no real scans here");
  const { app, expectUntouched } = await openWithStroke(page);
  await importUntil(app, "cancel");
  await expectUntouched();
  await expect(alerts(page)).toHaveCount(0);
  await stroke(app, 0.6);
  await app.expectNoErrors();
});

/** Keeps the page's workers, so that a test can end those of a kind without a word, as a browser short of memory does. */
async function keepWorkers(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const kept: [string, Worker][] = [];
    window.Worker = class extends Worker {
      constructor(script: string | URL, options?: WorkerOptions) {
        super(script, options);
        kept.push([String(script), this]);
      }
    };
    Object.assign(window, {
      // All of a kind: which of them has the work depends on the machine's cores.
      endWorker: (name: string) => kept.forEach(([script, worker]) => script.includes(name) && worker.terminate()),
    });
  });
}

test("an import whose worker dies: one error, and the next import works", async ({ page }) => {
  test.skip(!hasSharedData, "no real scans here");
  await keepWorkers(page);
  const { app, expectUntouched } = await openWithStroke(page);
  await importUntil(app, "end its worker");
  await expectOneAlert(page, /worker/);
  await expectUntouched();
  await app.run("study.close");
  await app.openSample("Head MR, T1");
  await app.expectNoErrors();
});

test("a fill whose worker dies: one error, and the next fill and growth work", async ({ page }) => {
  await keepWorkers(page);
  const { app } = await openWithStroke(page);
  const ijk = [10, 60, 120].map((k) => [56, 80, k]);
  await app.run("label.paint", { segment: 1, ijk, radiusMm: 70, shape: "disc" });
  // The worker is started, and waits, before it dies at its second job.
  await app.run("label.fill", { axis: 2 });
  await app.run("history.undo");
  const digest = await labelsDigest(app);
  const error = await page.evaluate(async () => {
    const status = document.querySelector('[aria-label="Running jobs"]')!;
    const look = new MutationObserver(() => {
      if (!status.textContent.includes("Filling")) return;
      look.disconnect();
      setTimeout(() => (window as unknown as { endWorker(name: string): void }).endWorker("kernels.worker"), 0);
    });
    look.observe(status, { childList: true, subtree: true, characterData: true });
    return window.voxelwright!.run("label.fill", { axis: 2 }).then(
      () => "none",
      (reason: Error & { kind?: string }) => reason.kind,
    );
  });
  expect(error).toBe("worker");
  expect(await labelsDigest(app)).toBe(digest);
  expect(await app.run("label.fill", { axis: 2 })).toMatchObject({ changed: expect.any(Number) });
  expect(await labelsDigest(app)).not.toBe(digest);
  await app.run("label.grow", { segment: 1, seeds: [[50, 80, 60]], range: [-3000, 3000] });
  expect(await app.run("journal.verify")).toMatchObject({ ok: true });
  await app.expectNoErrors();
});

/** Changes one byte of the first brick of the one study in the cache, behind the program's back: level 0, the corner of the scan. */
async function damageFirstBrick(page: Page): Promise<void> {
  await page.evaluate(async () => {
    const folder = await (await navigator.storage.getDirectory()).getDirectoryHandle("voxelwright-packs");
    for await (const handle of folder.values()) {
      const file = handle as FileSystemFileHandle;
      const byte = new Uint8Array(await (await file.getFile()).slice(999, 1000).arrayBuffer());
      const writable = await file.createWritable({ keepExistingData: true });
      await writable.write({ type: "write", position: 999, data: Uint8Array.of(byte[0]! ^ 8) });
      await writable.close();
    }
  });
}

test("a scan that is damaged in the cache: its place is said and not shown, and its files repair it", async ({
  page,
}) => {
  const { app, expectUntouched } = await openWithStroke(page);
  await app.run("study.close");
  await damageFirstBrick(page);
  await openFromList(app);
  await expect(app.view("axial")).toContainText("1 brick unreadable");
  await expectOneAlert(
    page,
    /chest-ct: A part of the scan is damaged.*columns 1–64, rows 1–64, slices 1–64\..*Open the same files again/,
  );
  await app.run("study.close");
  const row = page.getByRole("region", { name: "Your studies" }).getByRole("listitem");
  await expect(row).toContainText("damaged");
  await row.getByRole("button", { name: "Repair chest-ct from its files" }).click();
  await expect(row).not.toContainText("damaged");
  await openFromList(app);
  expect(await app.run("volume.value", { ijk: [0, 0, 0] })).toMatchObject({ value: expect.any(Number) });
  await expectUntouched();
  await app.expectNoErrors();
});

/** Keeps every GPU device of the page, so that a test can take them away. */
async function keepDevices(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const kept: GPUDevice[] = [];
    const page = Object.assign(window, { devices: kept, asked: 0 });
    const { requestDevice } = GPUAdapter.prototype;
    GPUAdapter.prototype.requestDevice = async function (...args) {
      page.asked++;
      const device = await requestDevice.apply(this, args);
      kept.push(device);
      return device;
    };
  });
}

test("the GPU lost ten times in a row: the picture comes back, labels stay, strokes go on", async ({ page }) => {
  await keepDevices(page);
  const { app, expectUntouched } = await openWithStroke(page);
  await page.getByRole("button", { name: "Navigate", exact: true }).click();
  await page.mouse.move(2, 2);
  await app.settle();
  const before = await app.view("axial").screenshot();
  for (let n = 0; n < 10; n++) {
    const devices = await page.evaluate(() => {
      const { devices } = window as unknown as { devices: GPUDevice[] };
      devices.at(-1)!.destroy();
      return devices.length;
    });
    await page.waitForFunction(
      (count) => (window as unknown as { devices: GPUDevice[] }).devices.length > count,
      devices,
    );
  }
  const difference = async (): Promise<number> => shareOfOther(page, before, await app.view("axial").screenshot());
  await expect.poll(difference).toBeLessThan(0.001);
  await expect(alerts(page)).toHaveCount(0);
  await expectUntouched();
  await stroke(app, 0.6);
  expect(await difference()).toBeGreaterThan(0.001);
  await app.expectNoErrors();
});

/** Share of pixels that differ by more than a rounding. */
function shareOfOther(page: Page, a: Buffer, b: Buffer): Promise<number> {
  return page.evaluate(
    async (pictures) => {
      const [one, other] = await Promise.all(
        pictures.map(async (base64) => {
          const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
          const bitmap = await createImageBitmap(new Blob([bytes]));
          const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext("2d")!;
          context.drawImage(bitmap, 0, 0);
          return context.getImageData(0, 0, bitmap.width, bitmap.height).data;
        }),
      );
      let differ = 0;
      for (let n = 0; n < one!.length; n += 4) {
        if ([0, 1, 2].some((channel) => Math.abs(one![n + channel]! - other![n + channel]!) > 3)) differ++;
      }
      return differ / (one!.length / 4);
    },
    [a.toString("base64"), b.toString("base64")],
  );
}

test("a GPU that never lasts: it is asked for a few times, then the page says so", async ({ page }) => {
  await keepDevices(page);
  const { app } = await openWithStroke(page);
  const asked = await page.evaluate(() => {
    const { requestDevice } = GPUAdapter.prototype;
    GPUAdapter.prototype.requestDevice = async function (...args) {
      const device = await requestDevice.apply(this, args);
      const lost = { reason: "unknown", message: "lost by the test" } as GPUDeviceLostInfo;
      Object.defineProperty(device, "lost", { value: new Promise((resolve) => setTimeout(() => resolve(lost), 20)) });
      return device;
    };
    const { devices, asked } = window as unknown as { devices: GPUDevice[]; asked: number };
    devices.at(-1)!.destroy();
    return asked;
  });
  await expectOneAlert(page, /graphics device was lost.*Nothing is lost from the study/);
  const requests = (): Promise<number> => page.evaluate(() => (window as unknown as { asked: number }).asked);
  const told = await requests();
  expect(told - asked).toBeLessThanOrEqual(10);
  await page.waitForTimeout(3000);
  expect(await requests()).toBe(told);
  await app.run("label.paint", { segment: 1, ijk: [[50, 50, 50]], radiusMm: 5, shape: "disc" });
  await app.expectNoErrors();
});

test("a study that is open in one tab is neither opened nor deleted in another", async ({ page, context }) => {
  const { app, expectUntouched } = await openWithStroke(page);
  const second = new App(await context.newPage());
  await second.start();
  const row = second.page.getByRole("button", { name: "Open chest-ct", exact: true });
  await row.click();
  await expectOneAlert(second.page, /open in another tab.*Close it there/);
  await second.page.getByRole("button", { name: "Delete chest-ct" }).click();
  await second.page.getByRole("button", { name: "Delete study" }).click();
  await expectOneAlert(second.page, /open in another tab/);
  await expect(row).toBeVisible();
  await expectUntouched();
  await stroke(app, 0.6);
  const digest = await labelsDigest(app);

  await page.close();
  await openFromList(second);
  expect(await labelsDigest(second)).toBe(digest);
  await second.expectNoErrors();
});
