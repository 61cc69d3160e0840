import { readFile } from "node:fs/promises";
import { expect, type Page, test } from "@playwright/test";
import { App, type Ijk, type Opened, type Share } from "./app.ts";

// Small pictures: the GPU of the tests is the processor.
test.use({ viewport: { width: 1100, height: 760 } });

type Lps = readonly [number, number, number];

interface Row {
  readonly measurement: {
    readonly id: number;
    readonly kind: string;
    readonly name: string;
    readonly color: string;
    readonly visible: boolean;
    readonly points: readonly Lps[];
    readonly plane?: { readonly right: Lps; readonly down: Lps };
  };
  readonly size: Readonly<Record<string, number>>;
  readonly area?: { readonly count: number; readonly mean: number; readonly min: number; readonly max: number };
  readonly probe?: { readonly value: number; readonly ijk: Ijk };
}

async function openChest(page: Page): Promise<App> {
  const app = new App(page);
  await app.start();
  await app.openSample("Chest CT");
  // The volume view is tried by itself; turned away it leaves the processor to the planes.
  await app.run("view.set", { volumeMode: "mip" });
  return app;
}

const rows = (app: App): Promise<Row[]> => app.run<Row[]>("measurement.list");

/** Waits until there are so many measurements. */
async function measured(app: App, count: number): Promise<Row[]> {
  await expect.poll(async () => (await rows(app)).length).toBe(count);
  return rows(app);
}

/** Where a share of a plane lies in the patient, as its words say it, in tenths of a millimetre. */
async function lpsAt(app: App, view: "axial" | "coronal" | "sagittal", at: Share): Promise<Lps> {
  await app.hover(view, at);
  const words = await app.words(view, "lps").innerText();
  const [l, p, s] = words.split(/ {2,}/).map((part) => {
    const [letter, mm] = part.trim().split(/\s/);
    return (/[RAI]/.test(letter!) ? -1 : 1) * Number(mm);
  });
  return [l!, p!, s!];
}

const apart = (a: Lps, b: Lps): number => Math.hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);

/** Voxels of an axial slice that a shape holds, by the grid's own numbers. */
function voxelsIn({ dims, indexToLps }: Opened, row: Row): Ijk[] {
  const [a, b] = row.measurement.points as [Lps, Lps];
  const at = (ijk: Ijk): Lps =>
    [0, 4, 8].map(
      (n) => indexToLps[n]! * ijk[0] + indexToLps[n + 1]! * ijk[1] + indexToLps[n + 2]! * ijk[2] + indexToLps[n + 3]!,
    ) as unknown as Lps;
  const half = [(b[0] - a[0]) / 2, (b[1] - a[1]) / 2].map(Math.abs) as [number, number];
  const found: Ijk[] = [];
  for (let k = 0; k < dims[2]; k++) {
    if (Math.abs(at([0, 0, k])[2] - a[2]) > 1e-3) continue;
    for (let j = 0; j < dims[1]; j++) {
      for (let i = 0; i < dims[0]; i++) {
        const [x, y] = at([i, j, k]);
        const u = (x - (a[0] + b[0]) / 2) / half[0];
        const v = (y - (a[1] + b[1]) / 2) / half[1];
        const inside = row.measurement.kind === "ellipse" ? u * u + v * v <= 1 : Math.abs(u) <= 1 && Math.abs(v) <= 1;
        if (inside) found.push([i, j, k]);
      }
    }
  }
  return found;
}

async function meanOf(app: App, voxels: readonly Ijk[]): Promise<number> {
  const sum = await app.page.evaluate(async (all) => {
    let total = 0;
    for (const ijk of all)
      total += ((await window.voxelwright!.run("volume.value", { ijk })) as { value: number }).value;
    return total;
  }, voxels);
  return sum / voxels.length;
}

test("a distance, an angle, a rectangle, an ellipse and a probe are drawn, and say what the geometry says", async ({
  page,
}) => {
  const app = await openChest(page);
  const opened = await app.opening();

  await page.keyboard.press("Shift+D");
  const [from, to]: [Share, Share] = [
    [0.35, 0.3],
    [0.6, 0.45],
  ];
  const ends = [await lpsAt(app, "axial", from), await lpsAt(app, "axial", to)] as const;
  await app.drag("axial", [from, to]);
  const [distance] = await measured(app, 1);
  expect(distance!.size["lengthMm"]).toBeCloseTo(apart(ends[0], ends[1]), 0);
  expect(distance!.measurement.points.every((point, n) => apart(point, ends[n]!) < 0.1)).toBe(true);
  const list = page.getByRole("list", { name: "Measurement list" });
  await expect(list.getByRole("listitem")).toContainText([`${distance!.size["lengthMm"]!.toFixed(1)} mm`]);

  await page.keyboard.press("Shift+A");
  const corners: readonly Share[] = [
    [0.3, 0.6],
    [0.4, 0.75],
    [0.6, 0.7],
  ];
  const [a, vertex, b] = [
    await lpsAt(app, "axial", corners[0]!),
    await lpsAt(app, "axial", corners[1]!),
    await lpsAt(app, "axial", corners[2]!),
  ];
  for (const at of corners) await app.click("axial", at);
  const [, angle] = await measured(app, 2);
  const legs = [apart(a, vertex), apart(b, vertex), apart(a, b)] as const;
  const byCosines = Math.acos((legs[0] ** 2 + legs[1] ** 2 - legs[2] ** 2) / (2 * legs[0] * legs[1]));
  expect(Math.abs(angle!.size["angleDeg"]! - (byCosines * 180) / Math.PI)).toBeLessThan(0.3);

  await page.keyboard.press("Shift+B");
  await app.drag("axial", [
    [0.4, 0.2],
    [0.5, 0.28],
  ]);
  await page.keyboard.press("Shift+E");
  await app.click("axial", [0.55, 0.55]);
  await app.click("axial", [0.68, 0.7]);
  const [, , rectangle, ellipse] = await measured(app, 4);
  for (const row of [rectangle!, ellipse!]) {
    const [p, q] = row.measurement.points as [Lps, Lps];
    const box = Math.abs((q[0] - p[0]) * (q[1] - p[1]));
    const share = row.measurement.kind === "ellipse" ? Math.PI / 4 : 1;
    expect(row.size["areaMm2"]).toBeCloseTo(box * share, 6);
    const voxels = voxelsIn(opened, row);
    expect(row.area!.count).toBe(voxels.length);
    expect(row.area!.mean).toBeCloseTo(await meanOf(app, voxels), 6);
  }

  await page.keyboard.press("Shift+P");
  const under = await app.voxelAt("axial", [0.45, 0.5]);
  await app.click("axial", [0.45, 0.5]);
  const probe = (await measured(app, 5))[4]!;
  expect(probe.probe).toEqual({ ijk: under, value: (await app.valueAt(under)).value });
  await app.expectNoErrors();
});

test("a distance goes from slice to slice and from plane to plane, and Escape cancels one", async ({ page }) => {
  const app = await openChest(page);
  await page.keyboard.press("q");
  const at: Share = [0.45, 0.4];
  const first = await lpsAt(app, "axial", at);
  await app.click("axial", at);
  await page.keyboard.press("PageUp");
  await app.settle();
  await app.click("axial", at);
  const { spacingMm } = await app.opening();
  const [distance] = await measured(app, 1);
  expect(distance!.size["lengthMm"]).toBeCloseTo(10 * spacingMm[2], 6);
  const begin: Share = [0.55, 0.5];
  const lifted = await lpsAt(app, "axial", begin);
  await app.click("axial", begin);
  const second = await lpsAt(app, "coronal", [0.55, 0.3]);
  await app.click("coronal", [0.55, 0.3]);
  const [, across] = await measured(app, 2);
  expect(Math.abs(lifted[2] - first[2] - 10 * spacingMm[2])).toBeLessThan(0.2);
  expect(Math.abs(across!.size["lengthMm"]! - apart(lifted, second))).toBeLessThan(0.3);
  // Escape takes the begun one back and keeps the tool; once more goes back to Navigate.
  await app.click("axial", [0.3, 0.6]);
  await app.hover("axial", [0.6, 0.6]);
  await page.keyboard.press("Escape");
  expect((await app.toolData()).active).toBe("measure");
  await app.hover("axial", [0.7, 0.7]);
  expect(await rows(app)).toHaveLength(2);
  await page.keyboard.press("Escape");
  expect((await app.toolData()).active).toBe("navigate");
  await app.expectNoErrors();
});

test("on turned planes lengths and areas are those of the patient, and values are sampled", async ({ page }) => {
  const app = await openChest(page);
  const half = (25 * Math.PI) / 360;
  await app.run("view.set", { orientation: { base: "voxel", rotation: [Math.sin(half), 0, 0, Math.cos(half)] } });
  await app.settle();
  await page.keyboard.press("Shift+D");
  const ends: readonly [Share, Share] = [
    [0.4, 0.35],
    [0.55, 0.6],
  ];
  const places = [await lpsAt(app, "axial", ends[0]), await lpsAt(app, "axial", ends[1])] as const;
  // The plane rises along the patient's back.
  expect(Math.abs(places[0][2] - places[1][2])).toBeGreaterThan(5);
  await app.drag("axial", ends);
  const [distance] = await measured(app, 1);
  expect(Math.abs(distance!.size["lengthMm"]! - apart(places[0], places[1]))).toBeLessThan(0.2);
  await page.keyboard.press("Shift+B");
  await app.drag("axial", [
    [0.4, 0.2],
    [0.5, 0.3],
  ]);
  const rectangle = (await measured(app, 2))[1]!;
  const corners = [
    await lpsAt(app, "axial", [0.4, 0.2]),
    await lpsAt(app, "axial", [0.5, 0.2]),
    await lpsAt(app, "axial", [0.4, 0.3]),
  ] as const;
  expect(Math.abs(rectangle.size["widthMm"]! - apart(corners[0], corners[1]))).toBeLessThan(0.5);
  expect(Math.abs(rectangle.size["heightMm"]! - apart(corners[0], corners[2]))).toBeLessThan(0.5);
  const { right, down } = rectangle.measurement.plane!;
  expect(Math.abs(right[0] * down[0] + right[1] * down[1] + right[2] * down[2])).toBeLessThan(1e-9);
  expect(Math.abs(down[2])).toBeCloseTo(Math.sin(2 * half), 6);
  expect(rectangle.area).toMatchObject({ method: "interpolated" });
  const { spacingMm } = await app.opening();
  expect(rectangle.area!.count).toBeGreaterThanOrEqual(rectangle.size["areaMm2"]! / Math.min(...spacingMm) ** 2 - 1e-6);
  await expect(page.getByText(/samples each .* interpolated/)).toBeVisible();
  // Straight planes do not lie along it: the list turns them so that one does.
  await page.keyboard.press("Shift+R");
  const rotation = async (): Promise<readonly number[]> =>
    (await app.run<{ orientation: { rotation: readonly number[] } }>("view.set")).orientation.rotation;
  await expect.poll(rotation).toEqual([0, 0, 0, 1]);
  await page.getByRole("button", { name: "Rectangle 1", exact: true }).click();
  await expect.poll(async () => (await rotation())[0]).toBeCloseTo(Math.sin(half), 6);
  await app.expectNoErrors();
});

test("handles and lines are dragged, with undo, redo, delete, and everything there after a reload", async ({
  page,
}) => {
  const app = await openChest(page);
  await page.keyboard.press("Shift+D");
  await app.drag("axial", [
    [0.35, 0.35],
    [0.6, 0.35],
  ]);
  const [before] = await measured(app, 1);
  // With the navigation tool a handle can still be held; elsewhere a click moves the crosshair.
  await page.keyboard.press("n");
  await app.drag("axial", [
    [0.6, 0.35],
    [0.65, 0.5],
  ]);
  await expect.poll(async () => (await rows(app))[0]!.size["lengthMm"]).not.toBe(before!.size["lengthMm"]);
  const [after] = await rows(app);
  expect(apart(after!.measurement.points[0]!, before!.measurement.points[0]!)).toBeLessThan(1e-9);
  const at = await lpsAt(app, "axial", [0.65, 0.5]);
  expect(apart(after!.measurement.points[1]!, at)).toBeLessThan(1);
  const crosshair = (await app.viewData()).crosshair;
  await app.click("axial", [0.4, 0.7]);
  expect((await app.viewData()).crosshair).not.toEqual(crosshair);

  await page.keyboard.press("Control+z");
  await expect.poll(async () => (await rows(app))[0]!.measurement.points).toEqual(before!.measurement.points);
  await page.keyboard.press("Control+Shift+z");
  await expect.poll(async () => (await rows(app))[0]!.measurement.points).toEqual(after!.measurement.points);

  // Escape during a drag leaves what was there.
  await page.mouse.move(...(await app.point("axial", [0.65, 0.5])));
  await page.mouse.down();
  await page.mouse.move(...(await app.point("axial", [0.5, 0.6])), { steps: 4 });
  await page.keyboard.press("Escape");
  await page.mouse.up();
  expect((await rows(app))[0]!.measurement.points).toEqual(after!.measurement.points);

  await app.click("axial", [0.65, 0.5]);
  await page.keyboard.press("Delete");
  await measured(app, 0);
  await expect(page.getByText("Nothing was measured yet.")).toBeVisible();
  await page.keyboard.press("Control+z");
  await measured(app, 1);

  await page.reload();
  await app.ready();
  await page
    .getByRole("button", { name: /chest-ct/ })
    .first()
    .click();
  await app.opened();
  expect((await rows(app))[0]!.measurement.points).toEqual(after!.measurement.points);
  await expect(page.getByRole("button", { name: "Distance 1", exact: true })).toBeVisible();
  await app.run("history.undo");
  await expect.poll(async () => (await rows(app))[0]!.measurement.points).toEqual(before!.measurement.points);
  expect(await app.run("journal.verify")).toMatchObject({ ok: true });
  await app.expectNoErrors();
});

test("the list goes there, renames, colours, hides and exports", async ({ page }) => {
  const app = await openChest(page);
  await page.keyboard.press("Shift+E");
  await app.drag("axial", [
    [0.4, 0.3],
    [0.6, 0.5],
  ]);
  await measured(app, 1);
  await page.keyboard.press("n");
  await page.keyboard.press("PageUp");
  await page.getByRole("button", { name: "Ellipse 1", exact: true }).click();
  const [row] = await rows(app);
  const [p, q] = row!.measurement.points as [Lps, Lps];
  const { crosshair } = await app.viewData();
  expect(apart(crosshair, [(p[0] + q[0]) / 2, (p[1] + q[1]) / 2, p[2]])).toBeLessThan(1e-6);
  const item = page.getByRole("list", { name: "Measurement list" }).getByRole("listitem").first();
  await expect(item).toContainText(`${row!.area!.count} voxels of the slice`);

  await page.getByRole("button", { name: "Ellipse 1", exact: true }).dblclick();
  await page.keyboard.type("Aorta");
  await page.keyboard.press("Enter");
  await expect(page.getByRole("button", { name: "Aorta", exact: true })).toBeVisible();
  await page.getByLabel("Colour of Aorta").fill("#00ff00");
  await expect.poll(async () => (await rows(app))[0]!.measurement.color).toBe("#00ff00");
  await page.getByRole("button", { name: "Show Aorta" }).click();
  await expect.poll(async () => (await rows(app))[0]!.measurement.visible).toBe(false);
  await page.keyboard.press("Shift+H");
  await expect.poll(async () => (await rows(app))[0]!.measurement.visible).toBe(true);

  const saved = async (name: string): Promise<string> => {
    const download = page.waitForEvent("download");
    await page.getByRole("button", { name, exact: true }).click();
    return readFile(await (await download).path(), "utf8");
  };
  const csv = (await saved("Export CSV")).split("\r\n").map((line) => line.split(","));
  const field = (name: string): string => csv[1]![csv[0]!.indexOf(name)]!;
  expect([field("name"), Number(field("area_mm2")), Number(field("mean"))]).toEqual([
    "Aorta",
    row!.size["areaMm2"],
    row!.area!.mean,
  ]);
  const document = JSON.parse(await saved("Export JSON"));
  expect(document.measurements).toMatchObject([{ name: "Aorta", color: "#00ff00", values: row!.area }]);
  await app.expectNoErrors();
});

test("a path is traced from slice to slice, and the volume shown along it", async ({ page }) => {
  const app = await openChest(page);
  await page.keyboard.press("Shift+T");
  const places: readonly Share[] = [
    [0.35, 0.55],
    [0.42, 0.4],
    [0.55, 0.38],
    [0.6, 0.55],
  ];
  const points: Lps[] = [];
  for (const [n, place] of places.entries()) {
    if (n === 2) await page.keyboard.press("ArrowUp");
    points.push(await lpsAt(app, "axial", place));
    if (n < 3) await app.click("axial", place);
    else await page.mouse.dblclick(...(await app.point("axial", place)));
  }
  const [row] = await measured(app, 1);
  expect(row!.measurement).toMatchObject({ kind: "path", name: "Path 1" });
  expect(row!.measurement.points).toHaveLength(4);
  row!.measurement.points.forEach((point, n) => expect(apart(point, points[n]!)).toBeLessThan(0.2));
  const chords = points.reduce((sum, point, n) => (n === 0 ? 0 : sum + apart(point, points[n - 1]!)), 0);
  expect(row!.size["lengthMm"]!).toBeGreaterThan(chords * 1.01);
  expect(row!.size["lengthMm"]!).toBeLessThan(chords * 1.25);

  // Along the path: what is under the pointer says the same as the volume there, and a click goes there.
  await page.keyboard.press("Shift+L");
  const along = page.locator('[data-view="curve"]');
  const words = (line: string) => along.locator(`[data-overlay="${line}"]`);
  await expect(along).toBeVisible();
  await expect(app.view("volume")).toBeHidden();
  await expect(words("title")).toHaveText("Straightened");
  await expect(words("state")).toHaveText("Level 0");
  const box = (await along.boundingBox())!;
  const middle = [Math.round(box.x + box.width / 2), Math.round(box.y + box.height / 2)] as const;
  await page.mouse.move(...middle);
  await expect(words("position")).toHaveText(/^\d.* of \d.* mm$/);
  const ijk = (await words("index").innerText()).replace("ijk ", "").split(" ").map(Number) as unknown as Ijk;
  await expect(words("value")).toHaveText(String((await app.valueAt(ijk)).value));
  await page.mouse.click(...middle);
  const { dims, indexToLps } = await app.opening();
  const { crosshair } = await app.viewData();
  const center = [0, 4, 8].map((n) => [0, 1, 2, 3].reduce((sum, at) => sum + indexToLps[n + at]! * (ijk[at] ?? 1), 0));
  expect(apart(crosshair, center as unknown as Lps)).toBeLessThan(2);
  expect(dims.every((size, axis) => ijk[axis]! >= 0 && ijk[axis]! < size)).toBe(true);

  await page.mouse.wheel(0, -100);
  await expect(words("angle")).toHaveText("turned 5°");
  await page.getByRole("radio", { name: "Curved", exact: true }).click();
  await expect(words("title")).toHaveText("Curved");
  await page.mouse.dblclick(...middle);
  await expect(app.view("axial")).toBeHidden();
  await page.keyboard.press("m");
  await expect(app.view("axial")).toBeVisible();

  // A handle that is dragged takes the picture with it; a path that is deleted takes it away, and comes back by undo.
  const before = await words("position").innerText();
  await page.keyboard.press("n");
  await app.run("view.set", { crosshair: row!.measurement.points[3] });
  await app.settle();
  await app.drag("axial", [places[3]!, [0.66, 0.62]]);
  await expect.poll(async () => (await rows(app))[0]!.size["lengthMm"]).not.toBe(row!.size["lengthMm"]);
  await expect(words("position")).not.toHaveText(before);
  await page.keyboard.press("Delete");
  await measured(app, 0);
  await expect(along).toBeHidden();
  await expect(app.view("volume")).toBeVisible();
  await page.keyboard.press("Control+z");
  await measured(app, 1);
  await expect(app.run("view.set", { curve: { path: 7 } })).rejects.toThrow(/no path 7/);
  await app.expectNoErrors();
});
