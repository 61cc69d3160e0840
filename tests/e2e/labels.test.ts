import { mkdtemp, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, type Page, test } from "@playwright/test";
import { readImageNode } from "@itk-wasm/image-io";
import { sampleFile } from "../fixtures/shared-data.ts";
import { App, type Ijk, type Opened, type Share, type ViewName } from "./app.ts";

// Small pictures: the GPU of the tests is the processor.
test.use({ viewport: { width: 1000, height: 640 } });

const LUNG: Share = [0.32, 0.5];

async function openChest(page: Page): Promise<App> {
  const app = new App(page);
  await app.start();
  await app.openSample("Chest CT");
  // The volume view is tried elsewhere; turned away it leaves the processor to the labels.
  await app.run("view.set", { volumeMode: "mip" });
  return app;
}

/** Index of a voxel in the whole volume. */
const offsetOf = ({ dims }: Opened, [i, j, k]: Ijk): number => (k * dims[1] + j) * dims[0] + i;

function voxelsOf(labels: Uint16Array, { dims }: Opened, segment: number): Ijk[] {
  const found: Ijk[] = [];
  for (let n = 0; n < labels.length; n++) {
    if (labels[n] !== segment) continue;
    found.push([n % dims[0], Math.floor(n / dims[0]) % dims[1], Math.floor(n / (dims[0] * dims[1]))]);
  }
  return found;
}

/** Whether voxels hang together across faces. */
function connected(voxels: readonly Ijk[]): boolean {
  const left = new Set(voxels.map((voxel) => voxel.join()));
  const open: Ijk[] = voxels.slice(0, 1);
  left.delete(open[0]!.join());
  for (let voxel = open.pop(); voxel; voxel = open.pop()) {
    for (const axis of [0, 1, 2]) {
      for (const step of [-1, 1]) {
        const next = voxel.map((n, at) => (at === axis ? n + step : n)) as unknown as Ijk;
        if (left.delete(next.join())) open.push(next);
      }
    }
  }
  return left.size === 0;
}

/** Waits until the journal has so many entries, the first one included. */
async function entries(app: App): Promise<number> {
  return (await app.run<object[]>("journal.list")).length;
}

test("segments: add, rename, colour, lock, show, delete, and undo of each", async ({ page }) => {
  const app = await openChest(page);
  await app.addSegment("Right lung");
  await page.getByRole("button", { name: "Add segment", exact: true }).click();
  await page.keyboard.type("Heart");
  await page.keyboard.press("Enter");
  await app.run("label.paint", { segment: 1, ijk: [[50, 78, 64]], radiusMm: 8, shape: "sphere" });
  await app.run("label.paint", { segment: 2, ijk: [[80, 78, 64]], radiusMm: 8, shape: "sphere" });
  const sizes = await app.sizes();

  await page.getByRole("button", { name: "Right lung", exact: true }).click();
  await page.keyboard.press("F2");
  await page.keyboard.type("Lung, right");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("button", { name: "Lung, right", exact: true })).toBeVisible();
  await page.keyboard.press("Control+z");
  await expect(page.getByRole("button", { name: "Right lung", exact: true })).toBeVisible();
  await page.keyboard.press("Control+Shift+Z");
  await expect(page.getByRole("button", { name: "Lung, right", exact: true })).toBeVisible();

  const colour = page.getByLabel("Colour of Heart");
  const before = await colour.inputValue();
  await colour.fill("#12ab34");
  await expect(colour).toHaveValue("#12ab34");
  await page.keyboard.press("Control+z");
  await expect(colour).toHaveValue(before);

  const shown = page.getByRole("button", { name: "Show Lung, right" });
  await page.keyboard.press("h");
  await expect(shown).toHaveAttribute("aria-pressed", "false");
  await page.keyboard.press("h");
  await expect(shown).toHaveAttribute("aria-pressed", "true");

  const lock = page.getByRole("button", { name: "Lock Lung, right" });
  await page.keyboard.press("l");
  await expect(lock).toHaveAttribute("aria-pressed", "true");
  await expect(page.getByRole("button", { name: "Delete Lung, right" })).toBeDisabled();
  // Nothing changes a locked segment: not a brush of another one, not the eraser, not a growth over it.
  await page.keyboard.press("2");
  await app.run("label.paint", { segment: 2, ijk: [[52, 78, 64]], radiusMm: 12, shape: "sphere" });
  await app.run("label.paint", { segment: 0, ijk: [[50, 78, 64]], radiusMm: 5, shape: "sphere" });
  await app.run("label.grow", { segment: 2, seeds: [[50, 78, 64]], range: [-1024, -500] });
  expect((await app.sizes())[1]).toBe(sizes[1]);
  await expect(app.run("label.paint", { segment: 1, ijk: [[90, 78, 64]], radiusMm: 3, shape: "disc" })).rejects.toThrow(
    /locked/i,
  );
  // What changed nothing is no step.
  for (let n = 0; n < 2; n++) await page.keyboard.press("Control+z");
  await expect.poll(() => app.sizes()).toEqual(sizes);

  await lock.click();
  await expect(lock).toHaveAttribute("aria-pressed", "false");
  await page.getByRole("button", { name: "Delete Heart" }).click();
  await expect(page.getByRole("button", { name: "Heart", exact: true })).toBeHidden();
  expect(await app.sizes()).toEqual({ 1: sizes[1] });
  await page.keyboard.press("Control+z");
  await expect(page.getByRole("button", { name: "Heart", exact: true })).toBeVisible();
  expect(await app.sizes()).toEqual(sizes);
  await app.expectNoErrors();
});

test("label values go to 65,535", async ({ page }) => {
  const app = await openChest(page);
  await app.run("segment.add", { name: "Last", value: 65535 });
  await app.run("label.paint", { segment: 65535, ijk: [[50, 78, 64]], radiusMm: 0, shape: "disc" });
  expect(await app.valueAt([50, 78, 64])).toMatchObject({ label: 65535 });
  await expect(app.run("segment.add", { name: "Beyond", value: 65536 })).rejects.toThrow();
  const { segment } = await app.run<{ segment: { value: number } }>("segment.add", { name: "Next" });
  expect(segment.value).toBeLessThan(65535);
  await expect(page.getByRole("button", { name: "Last", exact: true })).toBeVisible();
});

test("brush and eraser: sizes by keys and wheel, disc in the plane, sphere in space", async ({ page }) => {
  const app = await openChest(page);
  const opened = await app.opening();
  await app.addSegment("Paint");
  await page.keyboard.press("b");
  await app.hover("axial", LUNG);
  const radius = async (): Promise<number> => (await app.toolData()).brush.radiusMm;
  expect(await radius()).toBe(5);
  await page.keyboard.press("]");
  await expect.poll(radius).toBeCloseTo(5.6);
  await page.keyboard.press("[");
  await page.keyboard.press("[");
  await expect.poll(radius).toBeLessThan(5);
  const small = await radius();
  await page.keyboard.down("Shift");
  for (let n = 0; n < 6; n++) await page.mouse.wheel(0, -120);
  await page.keyboard.up("Shift");
  await expect.poll(radius).toBeGreaterThan(small * 1.8);
  // The wheel alone goes on through slices.
  await page.mouse.wheel(0, -120);
  await app.settle();

  const within = async (shape: "disc" | "sphere"): Promise<void> => {
    const r = await radius();
    const [i, j, k] = await app.voxelAt("axial", LUNG);
    const words = await app.words("axial", "lps").innerText();
    const lps = words.split(/ {2}/).map((part) => Number(part.slice(2)) * (/[LPS]/.test(part[0]!) ? 1 : -1));
    await app.click("axial", LUNG);
    await expect.poll(async () => (await app.sizes())[1] ?? 0).toBeGreaterThan(0);
    const labels = await app.labels();
    const m = opened.indexToLps;
    let count = 0;
    const wrong: string[] = [];
    for (let dk = -12; dk <= 12; dk++) {
      for (let dj = -16; dj <= 16; dj++) {
        for (let di = -16; di <= 16; di++) {
          const voxel: Ijk = [i + di, j + dj, k + dk];
          const distance = Math.hypot(
            ...[0, 4, 8].map(
              (row, axis) =>
                m[row]! * voxel[0] + m[row + 1]! * voxel[1] + m[row + 2]! * voxel[2] + m[row + 3]! - lps[axis]!,
            ),
          );
          const painted = labels[offsetOf(opened, voxel)] === 1;
          if (painted) count++;
          // The place on screen is told to a tenth of a millimetre.
          if (Math.abs(distance - r) < 0.15) continue;
          if (painted !== (distance < r && (shape === "sphere" || dk === 0)))
            wrong.push(`${voxel.join()} at ${distance}`);
        }
      }
    }
    expect(wrong, `${shape} of ${r} mm`).toEqual([]);
    expect((await app.sizes())[1]).toBe(count);
  };
  await within("disc");
  await page.keyboard.press("Control+z");
  await expect.poll(() => app.sizes()).toEqual({});
  await page.keyboard.press("d");
  await within("sphere");

  // The eraser takes the active segment away and leaves the others.
  await app.addSegment("Other");
  await app.run("label.paint", { segment: 2, ijk: [[60, 78, 65]], radiusMm: 6, shape: "sphere", over: "empty" });
  const before = await app.sizes();
  await page.keyboard.press("1");
  await page.keyboard.press("e");
  await app.drag("axial", [
    [0.35, 0.5],
    [0.45, 0.5],
  ]);
  await expect.poll(async () => (await app.sizes())[1]).toBeLessThan(before[1]!);
  expect((await app.sizes())[2]).toBe(before[2]);
  await app.expectNoErrors();
});

test("the intensity range and the rule of what may be overwritten hold for every voxel", async ({ page }) => {
  const app = await openChest(page);
  const opened = await app.opening();
  const values = (await readImageNode(sampleFile("chest-ct.mha"))).data as Int16Array;
  await app.addSegment("Paint");
  await page.keyboard.press("b");
  await app.run("tool.set", { brush: { radiusMm: 14, shape: "sphere" } });
  const stroke: Share[] = [
    [0.28, 0.4],
    [0.62, 0.55],
  ];
  await app.drag("axial", stroke, { steps: 3 });
  await expect.poll(async () => (await app.sizes())[1] ?? 0).toBeGreaterThan(3000);
  const whole = voxelsOf(await app.labels(), opened, 1);
  await page.keyboard.press("Control+z");
  await expect.poll(() => app.sizes()).toEqual({});

  await page.keyboard.press("i");
  const low = page.getByLabel("Intensity range: lowest value");
  const high = page.getByLabel("Intensity range: highest value");
  await low.fill("-950");
  await low.press("Enter");
  await high.fill("-600");
  await high.press("Enter");
  await expect.poll(async () => (await app.toolData()).mask).toEqual({ on: true, low: -950, high: -600 });
  await app.drag("axial", stroke, { steps: 3 });
  await expect.poll(async () => (await app.sizes())[1] ?? 0).toBeGreaterThan(100);
  await app.settle();
  const inRange = (voxel: Ijk): boolean => {
    const value = values[offsetOf(opened, voxel)]!;
    return value >= -950 && value <= -600;
  };
  expect(voxelsOf(await app.labels(), opened, 1)).toEqual(whole.filter(inRange));
  const [row] = await app.run<{ min: number; max: number }[]>("label.statistics", { segments: [1] });
  expect(row!.min).toBeGreaterThanOrEqual(-950);
  expect(row!.max).toBeLessThanOrEqual(-600);

  // Over empty voxels only: the first segment keeps all of its own.
  await page.getByRole("checkbox", { name: "Only in an intensity range" }).uncheck();
  await app.addSegment("Second");
  await page.getByRole("radio", { name: "Empty" }).check({ force: true });
  const first = (await app.sizes())[1]!;
  await app.drag("axial", stroke, { steps: 3 });
  await expect.poll(async () => (await app.sizes())[2] ?? 0).toBe(whole.length - first);
  expect((await app.sizes())[1]).toBe(first);
  // Over a chosen segment: that one gives way, another does not.
  await app.addSegment("Third");
  await page.getByRole("radio", { name: "Chosen" }).check({ force: true });
  await page.getByRole("group", { name: "Segments that may be overwritten" }).getByLabel("Paint").check();
  await app.drag("axial", stroke, { steps: 3 });
  await expect.poll(async () => (await app.sizes())[3] ?? 0).toBe(first);
  expect(await app.sizes()).toEqual({ 2: whole.length - first, 3: first });
  await app.expectNoErrors();
});

test("a fast stroke is continuous on all three planes, and stays in its slice", async ({ page }) => {
  const app = await openChest(page);
  const opened = await app.opening();
  await app.addSegment("Paint");
  await page.keyboard.press("b");
  await app.run("tool.set", { brush: { radiusMm: 2.5, shape: "disc" } });
  const axes = { axial: 2, coronal: 1, sagittal: 0 } as const;
  for (const plane of ["axial", "coronal", "sagittal"] as const) {
    await expect(app.words(plane, "slice")).toHaveText(/^\d+ \/ \d+$/);
    const slice = Number((await app.words(plane, "slice").innerText()).split(" / ")[0]) - 1;
    // One sample of the pointer for each long way.
    await app.drag(
      plane,
      [
        [0.4, 0.2],
        [0.58, 0.85],
        [0.42, 0.6],
        [0.6, 0.2],
      ],
      { steps: 1 },
    );
    await expect.poll(async () => (await app.sizes())[1] ?? 0, { message: plane }).toBeGreaterThan(200);
    const voxels = voxelsOf(await app.labels(), opened, 1);
    const across = new Set(voxels.map((voxel) => voxel[axes[plane]]));
    expect([...across], plane).toEqual([slice]);
    expect(connected(voxels), plane).toBe(true);
    const other = ([0, 1, 2] as const).filter((axis) => axis !== axes[plane]);
    for (const axis of other) {
      const along = voxels.map((voxel) => voxel[axis]);
      expect(Math.max(...along) - Math.min(...along), plane).toBeGreaterThan(15);
    }
    // One stroke is one step.
    await page.keyboard.press("Control+z");
    await expect.poll(() => app.sizes()).toEqual({});
  }
  await app.expectNoErrors();
});

test("growth: a click, a live range, numbers, cancel, accept as one step, a box", async ({ page }) => {
  const app = await openChest(page);
  const opened = await app.opening();
  await app.addSegment("Lung");
  await page.keyboard.press("g");
  const seed = await app.voxelAt("axial", LUNG);
  const start = await entries(app);

  const [x, y] = await app.point("axial", LUNG);
  await page.mouse.move(x, y);
  await page.mouse.down();
  const clicked = await app.previewed();
  expect(clicked).toBeGreaterThan(0);
  const counts = [clicked];
  for (const right of [20, 45]) {
    await page.mouse.move(x + right, y, { steps: 3 });
    await expect.poll(() => app.previewed()).toBeGreaterThan(counts.at(-1)!);
    await app.settle();
    counts.push(await app.previewed());
  }
  await page.mouse.up();
  const { grow } = await app.toolData();
  expect([Number.isInteger(grow.low), Number.isInteger(grow.high)]).toEqual([true, true]);
  // What is seen before it is accepted is in the labels, and not in the journal.
  expect((await app.valueAt(seed)).label).toBe(1);
  expect(await entries(app)).toBe(start);
  await page.keyboard.press("Escape");
  await expect(page.getByRole("region", { name: "Preview", exact: true })).toBeHidden();
  expect(await app.sizes()).toEqual({});
  expect(await entries(app)).toBe(start);

  await app.click("axial", LUNG);
  await app.previewed();
  const set = async (which: "lowest" | "highest", value: number): Promise<number> => {
    const field = page.getByLabel(`Growth range: ${which} value`);
    await field.fill(String(value));
    await field.press("Enter");
    await app.settle();
    return app.previewed();
  };
  await set("lowest", -1024);
  const wide = await set("highest", -500);
  const narrow = await set("highest", -800);
  expect(narrow).toBeLessThan(wide);
  expect(await set("highest", -500)).toBe(wide);

  await page.getByRole("checkbox", { name: "Stay in a box around the seed" }).check();
  const half = page.getByLabel("Half edge of the box in mm");
  await half.fill("20");
  await half.press("Enter");
  await expect.poll(() => app.previewed()).toBeLessThan(wide / 4);
  await app.settle();
  const boxed = await app.previewed();
  // Enter accepts, wherever the focus is but in a field.
  await app.hover("axial", [0.5, 0.9]);
  await half.blur();
  await page.keyboard.press("Enter");
  await expect(page.getByRole("region", { name: "Preview", exact: true })).toBeHidden();
  await expect.poll(() => app.sizes()).toEqual({ 1: boxed });
  expect(await entries(app)).toBe(start + 1);
  const outside = voxelsOf(await app.labels(), opened, 1).filter((voxel) =>
    voxel.some((n, axis) => Math.abs(n - seed[axis]!) * opened.spacingMm[axis]! > 20 + opened.spacingMm[axis]! / 2),
  );
  expect(outside).toEqual([]);
  await page.keyboard.press("Control+z");
  await expect.poll(() => app.sizes()).toEqual({});
  await page.keyboard.press("Control+Shift+Z");
  await expect.poll(() => app.sizes()).toEqual({ 1: boxed });

  // The same by a command gives the same voxels.
  await page.keyboard.press("Control+z");
  await expect.poll(() => app.sizes()).toEqual({});
  const grown = await app.run<{ changed: number }>("label.grow", { segment: 1, seeds: [seed], range: [-1024, -500] });
  expect(grown.changed).toBe(wide);
  await app.expectNoErrors();
});

/** A NIfTI file of bytes, 1 mm, axes to the right, front and head. */
function niftiOf(dims: Ijk, voxels: Uint8Array): Buffer {
  const header = Buffer.alloc(352);
  header.writeInt32LE(348, 0);
  [3, ...dims, 1, 1, 1, 1].forEach((n, at) => header.writeInt16LE(n, 40 + 2 * at));
  header.writeInt16LE(2, 70);
  header.writeInt16LE(8, 72);
  [1, 1, 1, 1].forEach((n, at) => header.writeFloatLE(n, 76 + 4 * at));
  header.writeFloatLE(352, 108);
  header.writeInt16LE(1, 254);
  [0, 1, 2].forEach((row) => header.writeFloatLE(1, 280 + 16 * row + 4 * row));
  header.write("n+1\0", 344, "latin1");
  return Buffer.concat([header, voxels]);
}

test("neighbours across faces, edges and corners reach what they should", async ({ page }) => {
  // Three cubes of 27 voxels: the second touches the first by an edge, the third the second by a corner.
  const dims: Ijk = [24, 24, 12];
  const voxels = new Uint8Array(24 * 24 * 12).fill(10);
  for (const [i0, j0, k0] of [
    [7, 7, 4],
    [10, 10, 4],
    [13, 13, 7],
  ] as const)
    for (let n = 0; n < 27; n++)
      voxels[((k0 + Math.floor(n / 9)) * 24 + j0 + (Math.floor(n / 3) % 3)) * 24 + i0 + (n % 3)] = 200;
  const file = join(await mkdtemp(join(tmpdir(), "voxelwright-")), "cubes.nii");
  await writeFile(file, niftiOf(dims, voxels));
  const app = new App(page);
  await app.start();
  await app.chooseFiles(file);
  await app.opened();
  await app.addSegment("Cubes");
  await page.keyboard.press("g");
  // The middle of the first cube: found as a person finds it, by what is said under the pointer.
  let at: Share = [0.5, 0.5];
  for (let n = 0; n < 5; n++) {
    const [i, j] = await app.voxelAt("axial", at);
    if (i === 8 && j === 8) break;
    at = [at[0] + (i - 8) * 0.03, at[1] + (j - 8) * 0.03];
  }
  expect((await app.voxelAt("axial", at)).slice(0, 2)).toEqual([8, 8]);
  await app.click("axial", at);
  expect(await app.previewed()).toBe(27);
  for (const [neighbours, count] of [
    ["18", 54],
    ["26", 81],
    ["6", 27],
  ] as const) {
    await page
      .getByRole("radiogroup", { name: "Neighbours" })
      .getByRole("radio", { name: neighbours, exact: true })
      .check({ force: true });
    await expect.poll(() => app.previewed()).toBe(count);
  }
  await app.expectNoErrors();
});

test("fill between slices: some slices of any plane, preview, accept, undo; locked voxels stay", async ({ page }) => {
  const app = await openChest(page);
  const opened = await app.opening();
  await page.keyboard.press("b");
  const axes = { axial: 2, coronal: 1, sagittal: 0 } as const;
  for (const plane of ["axial", "coronal", "sagittal"] as const satisfies readonly ViewName[]) {
    await app.addSegment(plane);
    const row = page.getByRole("listitem").filter({ has: page.getByRole("button", { name: plane, exact: true }) });
    const segment = Number(await row.locator(".segment-value").innerText());
    await page.keyboard.press("b");
    await app.run("tool.set", { brush: { radiusMm: 12, shape: "disc" }, over: "all" });
    await app.hover(plane, [0.45, 0.5]);
    const slices: number[] = [];
    for (const at of [0.45, 0.48, 0.5]) {
      slices.push(Number((await app.words(plane, "slice").innerText()).split(" / ")[0]) - 1);
      await app.drag(plane, [
        [at, 0.45],
        [at, 0.55],
      ]);
      await app.hover(plane, [at, 0.5]);
      for (let n = 0; n < 4; n++) await page.mouse.wheel(0, -120);
      await app.settle();
    }
    await expect.poll(async () => (await app.sizes())[segment] ?? 0).toBeGreaterThan(100);
    const drawn = (await app.sizes())[segment]!;
    if (plane === "axial") {
      // A locked segment in the way of the fill.
      await app.run("segment.add", { name: "In the way", value: 9 });
      const [i, j] = await app.voxelAt("axial", [0.47, 0.5]);
      await app.run("label.paint", { segment: 9, ijk: [[i, j, slices[0]! + 2]], radiusMm: 4, shape: "disc" });
      await app.run("segment.update", { value: 9, locked: true });
      await page.getByRole("button", { name: plane, exact: true }).click();
    }
    const sizes = await app.sizes();
    const before = await entries(app);
    await page.keyboard.press("f");
    await page.getByRole("radio", { name: "Active" }).check({ force: true });
    await page.keyboard.press("Shift+F");
    const added = await app.previewed();
    expect(added, plane).toBeGreaterThan(drawn);
    await page.keyboard.press("Escape");
    await expect.poll(() => app.sizes()).toEqual(sizes);
    await page.keyboard.press("Shift+F");
    expect(await app.previewed()).toBe(added);
    await page.keyboard.press("Enter");
    await expect.poll(async () => (await app.sizes())[segment]).toBe(drawn + added);
    expect((await app.sizes())[9]).toBe(sizes[9]);
    expect(await entries(app)).toBe(before + 1);
    // Every slice between the first and the last is there, and none beyond.
    const across = new Set(voxelsOf(await app.labels(), opened, segment).map((voxel) => voxel[axes[plane]]));
    const [least, most] = [Math.min(...slices), Math.max(...slices)];
    expect(
      [...across].sort((a, b) => a - b),
      plane,
    ).toEqual(Array.from({ length: most - least + 1 }, (_, n) => least + n));
    await page.keyboard.press("Control+z");
    await expect.poll(() => app.sizes()).toEqual(sizes);
    await app.run("segment.update", { value: segment, locked: true });
  }
  await app.expectNoErrors();
});
