import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, type Page, test } from "@playwright/test";
import { App } from "./app.ts";

test.use({ viewport: { width: 1280, height: 800 } });

async function openChest(page: Page): Promise<App> {
  const app = new App(page);
  await app.start();
  await app.openSample("Chest CT");
  await app.run("view.set", { volumeMode: "mip" });
  return app;
}

async function accept(app: App): Promise<void> {
  await app.page.keyboard.press("Enter");
  await expect(app.page.getByRole("region", { name: "Preview", exact: true })).toBeHidden();
}

const compute = (app: App): Promise<void> => app.page.keyboard.press("Shift+Enter");

test("threshold: a method finds the range, numbers change it; islands, holes, a shell and smoothing follow", async ({
  page,
}) => {
  const app = await openChest(page);
  await app.addSegment("Air");
  await page.keyboard.press("t");
  await expect(page.getByRole("img", { name: "Histogram of the volume, voxels by value" })).toBeVisible();
  await page.getByLabel("Method that finds the threshold").selectOption("otsu");
  const threshold = async () => (await app.run<{ threshold: { low: number; high: number } }>("tool.set")).threshold;
  await expect.poll(async () => (await threshold()).low).not.toBe(0);
  const [found] = await app.run<{ starts: number[] }[]>("volume.thresholds", { methods: ["otsu"] });
  expect((await threshold()).low).toBe(found!.starts[0]);
  await compute(app);
  const bright = await app.previewed();
  expect(bright).toBeGreaterThan(100_000);
  const low = page.getByLabel("Threshold range: lowest value");
  const high = page.getByLabel("Threshold range: highest value");
  await low.fill("-1024");
  await low.press("Enter");
  await high.fill("-500");
  await high.press("Enter");
  await expect.poll(() => app.previewed()).not.toBe(bright);
  const air = await app.previewed();
  await accept(app);
  expect(await app.sizes()).toEqual({ 1: air });

  await page.keyboard.press("k");
  await page.getByRole("radio", { name: "26" }).check({ force: true });
  await compute(app);
  await app.previewed();
  await accept(app);
  const lungs = (await app.sizes())[1]!;
  expect(lungs).toBeLessThan(air);
  await page.getByLabel("What is done with islands").selectOption("holes");
  await compute(app);
  const holes = await app.previewed();
  await accept(app);
  expect(await app.sizes()).toEqual({ 1: lungs + holes });

  // A preview follows the options of its tool.
  await page.keyboard.press("u");
  await compute(app);
  const grown = await app.previewed();
  await page.getByRole("radio", { name: "Shell" }).check({ force: true });
  await expect.poll(() => app.previewed()).not.toBe(grown);
  const emptied = await app.previewed();
  await accept(app);
  expect(await app.sizes()).toEqual({ 1: lungs + holes - emptied });
  await page.keyboard.press("Control+z");
  await page.keyboard.press("j");
  await compute(app);
  expect(await app.previewed()).toBeGreaterThan(0);
  await page.keyboard.press("Escape");
  await expect(page.getByRole("region", { name: "Preview", exact: true })).toBeHidden();
  await expect.poll(() => app.sizes()).toEqual({ 1: lungs + holes });
  await app.expectNoErrors();
});

test("islands are chosen by clicks, also where the preview hides them, and let go by another", async ({ page }) => {
  const app = await openChest(page);
  await app.addSegment("Two balls");
  await app.run("label.paint", { segment: 1, ijk: [[35, 78, 64]], radiusMm: 10, shape: "sphere" });
  await app.run("label.paint", { segment: 1, ijk: [[80, 78, 64]], radiusMm: 14, shape: "sphere" });
  const sizes = async () => {
    const { rows } = await app.run<{ rows: { voxels: number }[] }>("label.components", { segments: [1] });
    return rows.map(({ voxels }) => voxels);
  };
  const [large, small] = await sizes();
  await page.keyboard.press("k");
  await page.getByLabel("What is done with islands").selectOption("keep");
  await app.click("axial", [0.385, 0.5]);
  expect(await app.previewed()).toBe(large);
  // The large one is hidden now; clicked where it was it is kept too, so that nothing goes.
  await app.click("axial", [0.61, 0.5]);
  await expect.poll(() => app.previewed()).toBe(0);
  // Another voxel of the small one lets it go.
  await app.click("axial", [0.36, 0.52]);
  await expect.poll(() => app.previewed()).toBe(small);
  // Where nothing is, nothing is chosen, and what was chosen stays.
  await app.click("axial", [0.5, 0.8]);
  await expect(page.getByText("There is no island here.")).toBeVisible();
  expect(await app.previewed()).toBe(small);
  await accept(app);
  expect(await sizes()).toEqual([large]);
  await page.keyboard.press("Control+z");
  await expect.poll(sizes).toEqual([large, small]);
  await app.expectNoErrors();
});

test("growth from seeds: sketches, a box that is dragged, a segment held back, strokes that mend", async ({ page }) => {
  const app = await openChest(page);
  await page.keyboard.press("Shift+g");
  await expect(page.getByText("Two segments that are not locked are needed.")).toBeVisible();
  await app.addSegment("Lung");
  await app.addSegment("Rest");
  const sketch = async (segment: number, ijk: number[][]) =>
    app.run("label.paint", { segment, ijk, radiusMm: 5, shape: "sphere" });
  await sketch(1, [
    [35, 80, 60],
    [60, 120, 64],
    [70, 30, 60],
  ]);
  await sketch(2, [
    [105, 60, 64],
    [105, 100, 40],
    [8, 100, 64],
    [60, 60, 8],
  ]);
  const drawn = await app.sizes();
  await compute(app);
  const everything = 115 * 157 * 129 - drawn[1]! - drawn[2]!;
  expect(await app.previewed()).toBe(everything);
  await page.getByRole("checkbox", { name: "Only in a box" }).check();
  await expect(page.getByLabel("First voxel of the box along k")).toBeVisible();
  // What is shown until the box is found is of the whole volume.
  await expect.poll(() => app.previewed()).toBeLessThan(everything);
  const first = await app.previewed();
  // The lower side on the coronal plane goes up.
  const box = async () => (await app.run<{ seeds: { box: { min: number[]; max: number[] } } }>("tool.set")).seeds.box;
  const before = await box();
  const low = page.getByLabel("First voxel of the box along k");
  await low.fill("30");
  await low.press("Enter");
  await expect.poll(async () => (await box()).min[2]).toBe(30);
  const view = (await app.view("coronal").boundingBox())!;
  const perVoxel = (view.height * 0.97) / 129;
  const y = view.y + view.height / 2 + (64 - 29.5) * perVoxel;
  const x = view.x + view.width / 2;
  await page.mouse.move(x, y);
  // The cursor says that the side can be taken.
  await expect(page.locator(".vw-grab")).toBeVisible();
  await page.mouse.down();
  await page.mouse.move(x, y - 10 * perVoxel, { steps: 4 });
  await page.mouse.up();
  await expect.poll(async () => (await box()).min[2]).toBeGreaterThan(34);
  expect((await box()).max).toEqual(before.max);
  await expect.poll(() => app.previewed()).toBeLessThan(first);
  await page.getByRole("checkbox", { name: "Only in a box" }).uncheck();
  await expect.poll(() => app.previewed()).toBe(everything);
  await accept(app);
  const whole = await app.sizes();
  await page.keyboard.press("Control+z");
  await expect.poll(() => app.sizes()).toEqual(drawn);

  await page.getByText("Hold segments back").click();
  const back = page.getByLabel("By how much Rest is held back");
  await back.fill("400");
  await back.press("Enter");
  await compute(app);
  expect(await app.previewed()).toBe(everything);
  await accept(app);
  expect((await app.sizes())[1]).toBeGreaterThan(whole[1]!);
  await app.expectNoErrors();
});

/** The labels as they are, as a file for another rater's. */
async function saveLabels(app: App, folder: string, name: string): Promise<string> {
  const base64 = await app.page.evaluate(async () => {
    const { bytes } = (await window.voxelwright!.run("label.export", { format: "nii.gz" })) as { bytes: Uint8Array };
    return btoa(String.fromCharCode(...bytes));
  });
  const path = join(folder, name);
  await writeFile(path, Buffer.from(base64, "base64"));
  return path;
}

test("statistics, agreement with a file, and the consensus of three raters", async ({ page }) => {
  const app = await openChest(page);
  const folder = await mkdtemp(join(tmpdir(), "voxelwright-"));
  await app.addSegment("Nodule");
  const paint = (segment: number, i: number) =>
    app.run("label.paint", { segment, ijk: [[i, 78, 64]], radiusMm: 14, shape: "sphere" });
  const files: string[] = [];
  for (const [name, i] of [
    ["anna.nii.gz", 50],
    ["ben.nii.gz", 52],
    ["cleo.nii.gz", 54],
  ] as const) {
    await paint(1, i);
    files.push(await saveLabels(app, folder, name));
    if (name !== "cleo.nii.gz") await page.keyboard.press("Control+z");
  }
  await page.keyboard.press("Shift+s");
  const statistics = page.getByRole("dialog", { name: "Statistics" });
  await expect(statistics.getByRole("row", { name: /Nodule/ })).toBeVisible();
  await statistics.getByRole("radio", { name: "Shape" }).check({ force: true });
  await page.keyboard.press("Escape");

  await page.keyboard.press("Shift+c");
  const compare = page.getByRole("dialog", { name: "Compare with a labelmap" });
  await compare.getByLabel("Choose a labelmap…").setInputFiles(files[0]!);
  const row = compare.getByRole("row", { name: /Nodule/ });
  await expect(row).toBeVisible();
  await expect(row).toContainText(/0\.[78]\d/);
  await page.keyboard.press("Escape");

  await app.run("label.paint", { segment: 0, ijk: [[54, 78, 64]], radiusMm: 30, shape: "sphere" });
  expect(await app.sizes()).toEqual({});
  await page.keyboard.press("Control+k");
  await page.keyboard.type("consensus of");
  await page.keyboard.press("Enter");
  const consensus = page.getByRole("dialog", { name: "Consensus of labelmaps" });
  await consensus.getByLabel("Choose files…").setInputFiles(files);
  await consensus.getByRole("radio", { name: "Majority" }).check({ force: true });
  await consensus.getByRole("button", { name: "Find the consensus" }).click();
  await expect(consensus.getByRole("button", { name: "Done" })).toBeVisible();
  await consensus.getByRole("button", { name: "Done" }).click();
  // The middle ball is what two of three have.
  const middle = await app.sizes();
  expect(middle[1]).toBeGreaterThan(0);
  expect(await app.labelsAt([[52, 78, 64]])).toEqual([1]);
  await app.expectNoErrors();
});

test("fill: the next slice is offered, and planes of any direction that were drawn on are filled between", async ({
  page,
}) => {
  const app = await openChest(page);
  await app.addSegment("Ball");
  const ball = (k: number): number => Math.sqrt(Math.max(30 ** 2 - ((k - 64) * 2.5) ** 2, 0));
  for (const k of [54, 58, 70, 74]) {
    await app.run("label.paint", { segment: 1, ijk: [[57, 78, k]], radiusMm: ball(k), shape: "disc" });
  }
  await page.keyboard.press("f");
  await compute(app);
  const filled = await app.previewed();
  await page.getByRole("button", { name: "Next slice to annotate" }).click();
  // A slice between the drawn ones; the view goes there, and the preview stays.
  const told = page.getByText(/Slice \d+ across k: annotating it should put [\d,]+ voxels/);
  await expect(told).toBeVisible();
  const slice = Number(/Slice (\d+)/.exec(await told.innerText())![1]);
  expect(slice).toBeGreaterThan(55);
  expect(slice).toBeLessThan(75);
  expect([59, 71]).not.toContain(slice);
  await expect.poll(async () => (await app.words("axial", "slice").innerText()).split(" ")[0]).toBe(String(slice));
  expect(await app.previewed()).toBe(filled);
  await page.keyboard.press("Escape");
  for (let n = 0; n < 4; n++) await page.keyboard.press("Control+z");
  await expect.poll(() => app.sizes()).toEqual({});

  // Two turned planes and a straight one, drawn with the pointer.
  await page.getByLabel("Annotated plane").selectOption("drawn");
  await compute(app);
  await expect(page.getByText("Fewer than two planes were drawn on")).toBeVisible();
  await app.run("tool.set", { tool: "brush", brush: { radiusMm: 28, shape: "disc" } });
  await app.run("view.set", { crosshair: [-75.965, -43.804, -1274.5] });
  await app.click("axial", [0.5, 0.5]);
  for (const degrees of [30, 30]) {
    await app.run("view.set", { turn: { plane: "sagittal", degrees } });
    await app.settle();
    await app.click("coronal", [0.5, 0.5]);
    await app.settle();
  }
  const drawn = (await app.sizes())[1]!;
  await page.keyboard.press("Shift+F");
  const added = await app.previewed();
  expect(added).toBeGreaterThan(drawn);
  await app.run("view.set", { layout: "grid" });
  await accept(app);
  expect((await app.sizes())[1]).toBe(drawn + added);
  await app.expectNoErrors();
});

test("fill: looking at the scan gets a lung better than shapes alone do, and says so in the journal", async ({
  page,
}) => {
  const app = await openChest(page);
  await app.addSegment("Lung");
  const grown = { seeds: [[35, 80, 60]], range: [-1100, -600] };
  for (const k of [36, 48, 60, 72, 84]) {
    const region = { min: [0, 0, k], max: [115, 157, k + 1] };
    await app.run("label.grow", {
      segment: 1,
      ...grown,
      seeds: [
        [35, 80, k],
        [80, 40, k],
        [85, 120, k],
      ],
      region,
    });
  }
  await app.addSegment("Itself");
  await app.run("segment.activate", { value: 1 });
  await page.keyboard.press("f");
  const wrong: number[] = [];
  const expected: number[] = [];
  for (const look of [false, true]) {
    await page.getByLabel("Also look at the scan").setChecked(look);
    const next = (await app.run("fill.goToNextSlice", {})) as { axis: number; wrongVoxels: number };
    expect(next.axis).toBe(2);
    expected.push(next.wrongVoxels);
    await compute(app);
    expect(await app.previewed()).toBeGreaterThan(10_000);
    await accept(app);
    // The lung itself takes what is right of the fill; what it leaves is wrong, as is what the fill did not have.
    const filled = (await app.sizes())[1]!;
    const region = { min: [0, 0, 36], max: [115, 157, 85] };
    await app.run("label.grow", { segment: 2, ...grown, region });
    const { 1: beside = 0, 2: lung = 0 } = await app.sizes();
    wrong.push(beside + lung - (filled - beside));
    await page.keyboard.press("Control+z");
    const journal = await page.evaluate(async () => {
      const { bytes } = (await window.voxelwright!.run("journal.export")) as { bytes: Uint8Array };
      return new TextDecoder().decode(bytes);
    });
    expect(journal.includes('"method":"image"')).toBe(look);
    await page.keyboard.press("Control+z");
  }
  expect(wrong[0]).toBeGreaterThan(5000);
  expect(wrong[1]).toBeLessThan(0.8 * wrong[0]!);
  // The fill knows that it is surer.
  expect(expected[1]).toBeLessThan(0.8 * expected[0]!);
  await app.expectNoErrors();
});
