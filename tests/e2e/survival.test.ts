import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, type Page, test } from "@playwright/test";
import { sampleFile } from "../fixtures/shared-data.ts";
import { App } from "./app.ts";
import {
  expectOneAlert,
  expectWholeHistory,
  labelsDigest,
  openFromList,
  openSample,
  storedKeys,
  stroke,
} from "./durable.ts";
import { chooseLargeFile, firstSliceOfImport, importReaches, LARGE_SCAN_MARKS, writeLargeScan } from "./large-scan.ts";
import { valuesAt } from "./opening.ts";
import { KillableBrowser } from "./killable-browser.ts";

/*
 * The browser's process is killed in the middle of an action, as by a crash or an empty battery. What was finished is there at
 * the next start, and at most the action under way is lost.
 */

class Victim {
  readonly browser = new KillableBrowser();
  readonly #url: string;
  #app: App | undefined;

  constructor(url: string) {
    this.#url = url;
  }

  get app(): App {
    return this.#app!;
  }

  get page(): Page {
    return this.app.page;
  }

  async start(): Promise<void> {
    this.#app = new App(await this.browser.start());
    await this.app.start(this.#url);
  }

  async killAndStart(): Promise<void> {
    await this.browser.kill();
    await this.start();
  }
}

async function withVictim(url: string | undefined, run: (victim: Victim) => Promise<void>): Promise<void> {
  const victim = new Victim(url!);
  try {
    await victim.start();
    await run(victim);
    await victim.app.expectNoErrors();
  } finally {
    await victim.browser.dispose();
  }
}

function headers(app: App): Promise<object[]> {
  return app.run<object[]>("journal.list");
}

/** Starts a command without waiting for its end; resolves as soon as the status bar shows its job. */
async function startJob(app: App, id: string, args: object, job: string): Promise<void> {
  await app.page.evaluate(
    ([command, given, title]) =>
      new Promise<void>((resolve) => {
        const status = document.querySelector('[aria-label="Running jobs"]')!;
        const look = new MutationObserver(() => {
          if (status.textContent.includes(title)) resolve();
        });
        look.observe(status, { childList: true, subtree: true, characterData: true });
        void window.voxelwright!.run(command, given).then(() => resolve());
      }),
    [id, args, job] as const,
  );
}

test("killed in the middle of a stroke: every stroke before it is there", async ({ baseURL }) => {
  await withVictim(baseURL, async (victim) => {
    await openSample(victim.app);
    const empty = await labelsDigest(victim.app);
    await stroke(victim.app, 0.35);
    const [digest, entries] = [await labelsDigest(victim.app), await headers(victim.app)];
    expect(digest).not.toBe(empty);

    const box = (await victim.app.view("axial").boundingBox())!;
    await victim.page.mouse.move(box.x + box.width * 0.4, box.y + box.height * 0.6);
    await victim.page.mouse.down();
    await victim.page.mouse.move(box.x + box.width * 0.6, box.y + box.height * 0.65, { steps: 6 });
    await victim.app.settle();
    await victim.killAndStart();
    await openFromList(victim.app);
    expect(await labelsDigest(victim.app)).toBe(digest);
    expect(await headers(victim.app)).toEqual(entries);

    // Killed in the moment of letting go, the stroke is there as a whole or not at all.
    await victim.page.getByRole("button", { name: "Brush", exact: true }).click();
    await victim.app.drag("axial", [
      [0.4, 0.6],
      [0.6, 0.65],
    ]);
    await victim.killAndStart();
    await openFromList(victim.app);
    const after = await headers(victim.app);
    expect(after.slice(0, entries.length)).toEqual(entries);
    expect(after.length - entries.length).toBeLessThanOrEqual(1);
    expect((await labelsDigest(victim.app)) === digest).toBe(after.length === entries.length);
    await expectWholeHistory(victim.app, empty);
  });
});

test("killed in the middle of an import: it goes on from its last whole slab with the same files, and with no others", async ({
  baseURL,
}) => {
  const folder = mkdtempSync(join(tmpdir(), "voxelwright-scan-"));
  try {
    const scan = writeLargeScan(join(folder, "large.nii"), 512);
    await withVictim(baseURL, async (victim) => {
      await openSample(victim.app);
      await stroke(victim.app, 0.4);
      const digest = await labelsDigest(victim.app);
      // Bricks of one slab may wait while the next is cut, so the first one is stored then.
      const reached = importReaches(victim.page, 4 * 64 + 1);
      await chooseLargeFile(victim.page, "Scan files", scan);
      await reached;
      await victim.killAndStart();

      const { page, app } = victim;
      await expect(page.getByRole("region", { name: "Messages" }).getByRole("status")).toHaveCount(0);
      const row = page.getByRole("button", { name: "Go on with large" });
      await expect(row).toContainText(/Import stopped at \d\d%/);
      await openFromList(app);
      expect(await labelsDigest(app)).toBe(digest);
      await app.run("study.close");

      await row.click();
      await page.getByLabel("Choose files…", { exact: true }).setInputFiles(sampleFile("head-mr.nii.gz"));
      await expectOneAlert(
        page,
        /These are other files than the ones that it was imported from.*Choose the same files/,
      );
      await row.click();
      const first = firstSliceOfImport(page);
      await chooseLargeFile(page, "Choose files…", scan);
      expect(await first).toBeGreaterThan(64);
      await app.opened();
      await expect.poll(() => app.run<object[]>("journal.list").catch(() => undefined)).toHaveLength(1);
      expect(
        await valuesAt(
          app,
          LARGE_SCAN_MARKS.map((k) => [5, 7, k]),
        ),
      ).toEqual(LARGE_SCAN_MARKS.map((k) => k % 251));
      const studies = await app.run<{ state: string }[]>("study.list");
      expect(studies.map(({ state }) => state)).toEqual(["ready", "ready"]);
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test("killed in the middle of an import whose voxel size was given by hand: it goes on with that size, and nothing is asked", async ({
  baseURL,
}) => {
  const folder = mkdtempSync(join(tmpdir(), "voxelwright-scan-"));
  try {
    const scan = writeLargeScan(join(folder, "large.nii"), 512, { sformCode: 0, pixdim: [1, 0, 0, 0] });
    await withVictim(baseURL, async (victim) => {
      const reached = importReaches(victim.page, 4 * 64 + 1);
      await chooseLargeFile(victim.page, "Scan files", scan);
      const asked = victim.page.getByRole("dialog", { name: "How large are the voxels of large?" });
      await expect(asked).toBeVisible();
      for (const [name, mm] of Object.entries({ Across: "0.5", Down: "0.5", "From slice": "2" }))
        await asked.getByLabel(name).fill(mm);
      await victim.page.keyboard.press("Enter");
      await reached;
      await victim.killAndStart();

      const { page, app } = victim;
      await expect(page.getByRole("button", { name: "Go on with large" })).toContainText("0.50 × 0.50 × 2.00 mm");
      const first = firstSliceOfImport(page);
      await chooseLargeFile(page, "Scan files", scan);
      expect(await first).toBeGreaterThan(64);
      await app.opened();
      const studies = await app.run<{ volumeId: string; state: string }[]>("study.list");
      expect(studies.map(({ state }) => state)).toEqual(["ready"]);
      const { volumeId } = studies[0]!;
      const opened = await app.run<{ spacingMm: number[]; notes: string[] }>("study.reopen", { volumeId });
      expect(opened.spacingMm).toEqual([0.5, 0.5, 2]);
      expect(opened.notes).toContain("Voxel size 0.5 × 0.5 × 2 mm was given by hand; the file has none.");
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test("killed before anything of an import is whole: nothing of it stays, and the start says so", async ({
  baseURL,
}) => {
  const folder = mkdtempSync(join(tmpdir(), "voxelwright-scan-"));
  try {
    // Its first slab takes a second at least.
    const scan = writeLargeScan(join(folder, "large.nii"), 768);
    await withVictim(baseURL, async (victim) => {
      const stored = await storedKeys(victim.page);
      const reached = importReaches(victim.page, 1);
      await chooseLargeFile(victim.page, "Scan files", scan);
      await reached;
      await victim.killAndStart();
      await expect(victim.page.getByRole("region", { name: "Messages" }).getByRole("status")).toHaveText(
        /An import that was cut off was removed.*Open the files again/,
      );
      expect(await storedKeys(victim.page)).toEqual(stored);
      // The next start has nothing more to say.
      await victim.page.reload();
      await victim.app.ready();
      await expect(victim.page.getByRole("region", { name: "Messages" }).getByRole("status")).toHaveCount(0);
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
});

test("killed in the middle of a growth: labels are as before it", async ({ baseURL }) => {
  await withVictim(baseURL, async (victim) => {
    await openSample(victim.app);
    const empty = await labelsDigest(victim.app);
    await stroke(victim.app, 0.35);
    const [digest, entries] = [await labelsDigest(victim.app), await headers(victim.app)];

    await victim.page.getByRole("button", { name: "Grow", exact: true }).click();
    await victim.app.drag("axial", [
      [0.5, 0.5],
      [0.5, 0.45],
    ]);
    const preview = victim.page.getByRole("region", { name: "Preview" });
    await expect(preview.getByRole("button", { name: "Accept" })).toBeEnabled();
    await victim.killAndStart();
    await openFromList(victim.app);
    expect(await labelsDigest(victim.app)).toBe(digest);
    expect(await headers(victim.app)).toEqual(entries);

    await startJob(victim.app, "label.grow", { segment: 1, seeds: [[50, 80, 60]], range: [-3000, 3000] }, "Growing");
    await victim.killAndStart();
    await openFromList(victim.app);
    const after = await headers(victim.app);
    expect(after.slice(0, entries.length)).toEqual(entries);
    expect((await labelsDigest(victim.app)) === digest).toBe(after.length === entries.length);
    await expectWholeHistory(victim.app, empty);
  });
});

test("killed in the middle of a fill: labels are as before it", async ({ baseURL }) => {
  await withVictim(baseURL, async (victim) => {
    await openSample(victim.app);
    const empty = await labelsDigest(victim.app);
    await victim.app.run("segment.add", { name: "Liver" });
    const ijk = [20, 60, 100].map((k) => [50 + k / 10, 80, k]);
    await victim.app.run("label.paint", { segment: 1, ijk, radiusMm: 30, shape: "disc" });
    const [digest, entries] = [await labelsDigest(victim.app), await headers(victim.app)];

    await victim.app.run("tool.set", { tool: "fill", fill: { axis: "axial", segments: "all" } });
    await victim.app.run("preview.fill");
    const preview = victim.page.getByRole("region", { name: "Preview" });
    await expect(preview.getByRole("button", { name: "Accept" })).toBeEnabled();
    await victim.killAndStart();
    await openFromList(victim.app);
    expect(await labelsDigest(victim.app)).toBe(digest);
    expect(await headers(victim.app)).toEqual(entries);

    await startJob(victim.app, "label.fill", { method: "shape", axis: 2 }, "Filling");
    await victim.killAndStart();
    await openFromList(victim.app);
    const after = await headers(victim.app);
    expect(after.slice(0, entries.length)).toEqual(entries);
    expect((await labelsDigest(victim.app)) === digest).toBe(after.length === entries.length);
    await expectWholeHistory(victim.app, empty);
  });
});

test("sixty strokes are undone one by one after a reload, and done again", async ({ page }) => {
  const app = new App(page);
  await app.start();
  await openSample(app);
  const { segment } = await app.run<{ segment: { value: number } }>("segment.add", { name: "Lung" });
  const states = [await labelsDigest(app)];
  for (let n = 0; n < 60; n++) {
    const ijk = [[20 + n, 40 + n, 2 * n]];
    await app.run("label.paint", { segment: segment.value, ijk, radiusMm: 8, shape: n % 2 === 0 ? "disc" : "sphere" });
    states.push(await labelsDigest(app));
  }
  expect(new Set(states).size).toBe(61);
  await page.reload();
  await app.ready();
  await openFromList(app);
  expect(await labelsDigest(app)).toBe(states[60]);
  for (let n = 59; n >= 0; n--) {
    // A person's keys and a script's command are the same step.
    if (n >= 57) await page.keyboard.press("Control+z");
    else await app.run("history.undo");
    await expect.poll(() => labelsDigest(app)).toBe(states[n]);
  }
  for (let n = 1; n <= 60; n++) {
    await app.run("history.redo");
    expect(await labelsDigest(app)).toBe(states[n]);
  }
  expect(await app.run("journal.verify")).toMatchObject({ ok: true });
  await app.expectNoErrors();
});
