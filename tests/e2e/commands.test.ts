import { readFileSync } from "node:fs";
import { expect, type Page, test } from "@playwright/test";
import { sampleFile } from "../fixtures/shared-data.ts";
import { App } from "./app.ts";

// Small pictures: the GPU of the tests is the processor.
test.use({ viewport: { width: 1000, height: 640 } });

/** The commands that scripts rely on. */
const STABLE = [
  "study.open",
  "study.list",
  "study.reopen",
  "study.remove",
  "volume.value",
  "view.set",
  "segment.add",
  "label.paint",
  "label.grow",
  "label.fill",
  "history.undo",
  "history.redo",
  "label.statistics",
  "label.export",
  "label.exportSurface",
  "journal.list",
  "journal.verify",
] as const;

interface Info {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly parameters: readonly { readonly name: string }[];
}

const commandsOf = (page: Page): Promise<Info[]> => page.evaluate(() => window.voxelwright!.commands() as Info[]);

test("every command that scripts rely on has its arguments and results", async ({ page }) => {
  const app = new App(page);
  await app.start();
  const ids = (await commandsOf(page)).map(({ id }) => id);
  expect(ids).toEqual(expect.arrayContaining([...STABLE]));
  for (const { title, description } of await commandsOf(page))
    expect([title.length > 2, description.length > 10]).toEqual([true, true]);

  const opened = await app.run<Record<string, unknown>>("study.open", { sample: "chest-ct" });
  const { volumeId } = opened as { volumeId: string };
  expect(opened).toMatchObject({
    volumeId: expect.any(String),
    dims: [115, 157, 129],
    voxelType: "int16",
    modality: expect.any(String),
    notes: expect.any(Array),
  });
  const { indexToLps, spacingMm, originMm, direction } = opened as Record<string, number[]>;
  expect([indexToLps!.length, spacingMm!.length, originMm!.length, direction!.length]).toEqual([12, 3, 3, 9]);
  [0, 1, 2].forEach((row) => {
    expect(indexToLps![row * 4 + 3]).toBeCloseTo(originMm![row]!);
    expect(indexToLps![row * 4]).toBeCloseTo(direction![row * 3]! * spacingMm![0]!);
  });

  const inside = [47, 78, 64] as const;
  const { value, label } = await app.valueAt(inside);
  expect([Number.isInteger(value), label]).toEqual([true, 0]);
  await expect(app.valueAt([500, 0, 0])).rejects.toThrow(/outside/);
  expect(await app.run("view.set", { layout: "axial", window: { center: -500, width: 1400 } })).toMatchObject({
    layout: "axial",
    window: { center: -500, width: 1400 },
  });
  await expect(app.run("view.set", { layout: "cinema" })).rejects.toThrow(/cinema/);

  const code = { scheme: "SCT", value: "39607008", meaning: "Lung" };
  expect(await app.run("segment.add", { name: "Lung", color: "#ff8800", code })).toMatchObject({
    segment: { value: 1, name: "Lung", color: "#ff8800", code, locked: false, visible: true },
  });
  const { changed } = await app.run<{ changed: number }>("label.paint", {
    segment: 1,
    ijk: [inside],
    radiusMm: 6,
    shape: "disc",
  });
  expect((await app.sizes())[1]).toBe(changed);
  expect(await app.valueAt(inside)).toEqual({ value, label: 1 });
  const undone = await app.run<{ entry: unknown }>("history.undo");
  expect(undone.entry).not.toBeNull();
  expect(await app.valueAt(inside)).toEqual({ value, label: 0 });
  expect((await app.run<{ entry: unknown }>("history.redo")).entry).not.toBeNull();
  expect((await app.run<{ entry: unknown }>("history.redo")).entry).toBeNull();

  const grown = await app.run<{ changed: number; milliseconds: number }>("label.grow", {
    segment: 1,
    seeds: [inside],
    range: [-1100, -600],
    connectivity: 26,
    region: { min: [30, 60, 50], max: [70, 100, 80] },
  });
  expect(grown.changed).toBeGreaterThan(1000);
  expect(grown.milliseconds).toBeGreaterThan(0);
  await app.run("segment.add", { name: "Between" });
  for (const k of [10, 20])
    await app.run("label.paint", { segment: 2, ijk: [[57, 78, k]], radiusMm: 10, shape: "disc", over: "all" });
  const drawn = (await app.sizes())[2]!;
  const filled = await app.run<{ changed: number; milliseconds: number }>("label.fill", {
    segments: [2],
    method: "shape",
    planes: [10, 20],
  });
  expect((await app.sizes())[2]).toBe(drawn + filled.changed);
  expect(filled.changed).toBeGreaterThan(drawn * 3);

  const rows = await app.run<Record<string, unknown>[]>("label.statistics", { segments: [2] });
  expect(rows).toHaveLength(1);
  const [row] = rows;
  expect(Object.keys(row!)).toEqual(expect.arrayContaining(["segment", "voxels", "mean", "sd", "min", "max"]));
  expect(Object.keys(row!).some((key) => /ml/i.test(key))).toBe(true);

  for (const format of ["nii.gz", "seg.nrrd", "nii", "nrrd", "mha", "csv"]) {
    const size = await page.evaluate(async (wanted) => {
      const { bytes } = (await window.voxelwright!.run("label.export", { format: wanted })) as { bytes: Uint8Array };
      return bytes.byteLength;
    }, format);
    expect(size, format).toBeGreaterThan(100);
  }
  const entries = await app.run<{ command: string }[]>("journal.list");
  expect(entries.map(({ command }) => command)).toEqual(
    expect.arrayContaining(["segment.add", "label.paint", "label.grow", "label.fill"]),
  );
  expect(await app.run("journal.verify")).toMatchObject({ ok: true });

  // By address, by bytes, and back from the cache.
  const again = await app.run<{ volumeId: string }>("study.open", {
    url: new URL("samples/head-mr.nii.gz", page.url()).href,
  });
  const list = await app.run<{ volumeId: string }[]>("study.list");
  expect(list.map((study) => study.volumeId).sort()).toEqual([volumeId, again.volumeId].sort());
  expect(await app.run("study.reopen", { volumeId })).toMatchObject({ volumeId, dims: [115, 157, 129] });
  expect((await app.sizes())[2]).toBe(drawn + filled.changed);
  await app.run("study.remove", { volumeId: again.volumeId });
  expect(await app.run<object[]>("study.list")).toHaveLength(1);
  const base64 = readFileSync(sampleFile("head-mr.nii.gz")).toString("base64");
  const dims = await page.evaluate(async (text) => {
    const bytes = Uint8Array.from(atob(text), (char) => char.charCodeAt(0));
    const files = [new File([bytes], "mine.nii.gz")];
    return ((await window.voxelwright!.run("study.open", { files })) as { dims: number[] }).dims;
  }, base64);
  expect(dims).toEqual([181, 217, 181]);
  await expect(app.run("label.vanish")).rejects.toThrow(/no command label\.vanish/);
  await app.expectNoErrors();
});

test("the palette finds and runs; the help shows every key; tooltips show theirs", async ({ page }) => {
  const app = new App(page);
  await app.start();
  await app.openSample("Chest CT");
  const palette = page.getByRole("dialog", { name: "Command palette" });
  await page.keyboard.press("Control+k");
  await expect(palette).toBeVisible();
  await page.keyboard.type("brush");
  await expect(palette.getByRole("option", { name: "Brush", exact: true })).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(palette).toBeHidden();
  for (const [letters, done] of [
    [
      "add a seg",
      () => expect(page.getByRole("listitem").filter({ has: page.locator(".segment-value") })).toHaveCount(1),
    ],
    ["verify", () => expect(page.getByRole("status", { name: "Running jobs" })).toContainText("Ready")],
    ["grow a region", () => expect.poll(async () => (await app.toolData()).active).toBe("grow")],
    ["next layout", () => expect.poll(async () => (await app.viewData()).layout).toBe("axial")],
  ] as const) {
    await page.keyboard.press("Control+k");
    await expect(palette).toBeVisible();
    await page.keyboard.type(letters);
    await page.keyboard.press("Enter");
    await expect(palette).toBeHidden();
    await done();
    // A new segment's name is being typed.
    if (letters === "add a seg") await page.keyboard.press("Enter");
  }

  await page.keyboard.press("?");
  const help = page.getByRole("dialog", { name: "Keyboard shortcuts" });
  await expect(help).toBeVisible();
  for (const words of [
    "Brush",
    "Eraser",
    "Grow a region",
    "Compute the fill",
    "Undo",
    "Fit into the views",
    "Brush size",
  ])
    await expect(help.getByText(words, { exact: true }).first()).toBeVisible();
  await page.keyboard.press("Escape");
  await expect(help).toBeHidden();

  for (const [button, key] of [
    ["Brush", "B"],
    ["Grow", "G"],
    ["Undo", "Ctrl"],
    ["Export", "Ctrl"],
  ] as const) {
    await page.getByRole("button", { name: button, exact: true }).first().hover({ force: true });
    const tip = page.getByRole("tooltip").filter({ hasText: button });
    await expect(tip).toBeVisible();
    await expect(tip.locator("kbd").first()).toHaveText(key);
    await page.mouse.move(500, 320);
    await expect(tip).toBeHidden();
  }
  await app.expectNoErrors();
});

test("a dialog is never wider than the window: its buttons stay in reach", async ({ page }) => {
  const app = new App(page);
  await app.start();
  await app.openSample("Head MR, T1");
  await app.addSegment("Mark");
  await page.keyboard.press("Escape");
  for (const [width, height] of [
    [1000, 700],
    [800, 500],
  ] as const) {
    await page.setViewportSize({ width, height });
    for (const [command, title] of [
      ["Shift+c", "Compare with a labelmap"],
      ["?", "Keyboard shortcuts"],
    ] as const) {
      await page.keyboard.press(command);
      const dialog = page.getByRole("dialog", { name: title });
      const box = (await dialog.boundingBox())!;
      expect(box.x).toBeGreaterThanOrEqual(0);
      expect(box.x + box.width).toBeLessThanOrEqual(width);
      expect(box.y + box.height).toBeLessThanOrEqual(height);
      await dialog.getByRole("button", { name: "Close" }).click();
      await expect(dialog).toBeHidden();
    }
  }
  await app.expectNoErrors();
});
