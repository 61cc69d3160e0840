import { readFile } from "node:fs/promises";
import { expect, test } from "@playwright/test";
import { App, type Opened } from "./app.ts";

// Small pictures: the GPU of the tests is the processor.
test.use({ viewport: { width: 1100, height: 720 } });
test.describe.configure({ timeout: 240_000 });

interface VolumeData {
  readonly volumeMode: string;
  readonly volumePreset: string;
  readonly crosshair: readonly number[];
  readonly volume: {
    readonly transfer: {
      readonly points: readonly { value: number; opacity: number }[];
      readonly gradientOpacity?: object;
    } | null;
    readonly clipBox: { readonly min: number[]; readonly max: number[] } | null;
    readonly clipPlane: { readonly point: number[]; readonly normal: number[] } | null;
    readonly planes: boolean;
    readonly quality: string;
  };
}

const state = (app: App): Promise<VolumeData> => app.run<VolumeData>("view.set", {});

async function openChest(page: App["page"]): Promise<App> {
  const app = new App(page);
  await app.start();
  await app.openSample("Chest CT");
  await app.run("view.set", { volume: { quality: "fast" } });
  return app;
}

/** The volume's picture once it is refined. */
async function refined(app: App): Promise<Buffer> {
  await app.settle();
  await expect(app.view("volume")).toHaveAttribute("aria-busy", "false", { timeout: 90_000 });
  return app.view("volume").screenshot();
}

test("modes by the panel and by key, presets with pictures, the surface's value", async ({ page }) => {
  const app = await openChest(page);
  const pictures = new Set<string>();
  for (const [name, mode] of [
    ["Surface", "iso"],
    ["MIP", "mip"],
    ["MinIP", "minip"],
    ["Mean", "mean"],
    ["Shaded", "shaded"],
  ] as const) {
    await page.getByRole("radio", { name, exact: true }).check({ force: true });
    expect((await state(app)).volumeMode).toBe(mode);
    pictures.add((await refined(app)).toString("base64"));
  }
  expect(pictures.size).toBe(5);
  await page.keyboard.press("Shift+V");
  expect((await state(app)).volumeMode).toBe("mip");
  await page.getByRole("radio", { name: "Shaded", exact: true }).check({ force: true });

  const bone = page
    .getByRole("radiogroup", { name: "Volume preset" })
    .getByRole("radio", { name: "Bone", exact: true });
  await bone.check({ force: true });
  expect((await state(app)).volumePreset).toBe("ct-bone");
  // Each preset shows this very volume, small.
  await expect
    .poll(
      () =>
        page.locator(".gallery-picture").evaluateAll((all) =>
          all.every((canvas) => {
            const { width, height } = canvas as HTMLCanvasElement;
            const { data } = (canvas as HTMLCanvasElement).getContext("2d")!.getImageData(0, 0, width, height);
            return data.some((value, n) => n % 4 !== 3 && value > 60);
          }),
        ),
      { timeout: 60_000 },
    )
    .toBe(true);
  await app.expectNoErrors();
});

test("the transfer function is edited by pointer and keys, saved, and comes back", async ({ page }) => {
  const app = await openChest(page);
  const editor = page.getByRole("group", { name: "Opacity and colour by value" });
  await editor.scrollIntoViewIfNeeded();
  const box = (await editor.boundingBox())!;
  const before = (await state(app)).volume.transfer;
  expect(before).toBeNull();
  const circles = editor.locator("circle");
  const count = await circles.count();

  // A point is dragged up and to the right.
  const second = (await circles.nth(1).boundingBox())!;
  const [x, y] = [second.x + second.width / 2, second.y + second.height / 2];
  await page.mouse.move(x, y);
  await page.mouse.down();
  await page.mouse.move(x + 8, y - 20, { steps: 4 });
  await page.mouse.up();
  const dragged = (await state(app)).volume.transfer!;
  expect(dragged.points).toHaveLength(count);
  await expect(app.words("volume", "state").or(app.view("volume"))).toBeVisible();
  await expect(app.view("volume")).toContainText("(edited)");

  // A double click adds one, Delete takes it out, arrows move it.
  await page.mouse.dblclick(box.x + box.width * 0.93, box.y + box.height * 0.7);
  await expect(circles).toHaveCount(count + 1);
  const added = (await state(app)).volume.transfer!.points;
  await editor.locator(".transfer-point-selected").press("ArrowUp");
  const lifted = (await state(app)).volume.transfer!.points;
  expect(lifted.map((point, n) => point.opacity - added[n]!.opacity).filter((by) => by > 0)).toHaveLength(1);
  await editor.locator(".transfer-point-selected").press("Delete");
  await expect(circles).toHaveCount(count);

  // Dragging the ground moves the whole preset.
  const still = (await state(app)).volume.transfer!.points;
  await page.mouse.move(box.x + box.width * 0.97, box.y + box.height * 0.92);
  await page.mouse.down();
  await page.mouse.move(box.x + box.width * 0.87, box.y + box.height * 0.92, { steps: 4 });
  await page.mouse.up();
  const shifted = (await state(app)).volume.transfer!.points;
  const by = shifted[0]!.value - still[0]!.value;
  expect(by).toBeLessThan(-20);
  shifted.forEach((point, n) => expect(point.value - still[n]!.value).toBeCloseTo(by, 3));

  await page.getByLabel("Opacity by gradient").check();
  expect((await state(app)).volume.transfer!.gradientOpacity).toBeDefined();

  // Saved by name, left, and used again; also after a reload.
  await page.getByRole("button", { name: "Save as…" }).click();
  await page.getByLabel("Name of the preset").fill("My lungs");
  await page.keyboard.press("Enter");
  const kept = (await state(app)).volume.transfer;
  await page.getByRole("button", { name: "Back to the preset" }).click();
  expect((await state(app)).volume.transfer).toBeNull();
  await page.reload();
  await app.ready();
  await page
    .getByRole("button", { name: /chest-ct/ })
    .first()
    .click();
  await app.opened();
  await page.getByRole("radio", { name: "My lungs, saved" }).check({ force: true });
  await expect.poll(async () => (await state(app)).volume.transfer).toEqual(kept);
  await page.getByRole("button", { name: "Remove the saved preset My lungs" }).click({ force: true });
  await expect(page.getByRole("radio", { name: "My lungs, saved" })).toHaveCount(0);
  await app.expectNoErrors();
});

test("a click picks the voxel of the surface; box and plane cut it, and show what it hides; the box is dragged on a plane", async ({
  page,
}) => {
  const app = await openChest(page);
  const opened: Opened = await app.opening();
  await app.run("view.set", { volumeMode: "iso", volume: { iso: { level: -400 } } });
  await refined(app);
  const start = (await state(app)).crosshair;
  await app.click("volume", [0.5, 0.55]);
  await expect.poll(async () => (await state(app)).crosshair).not.toEqual(start);
  const found = await app.run<{ ijk: [number, number, number]; lps: number[] }>("view.pick", { x: 0.5, y: 0.55 });
  // The voxel lies at the surface: it or a neighbour along the way is on the other side of the value.
  const values = await Promise.all(
    [-1, 0, 1].map(async (dj) => {
      const j = Math.min(Math.max(found.ijk[1] + dj, 0), opened.dims[1] - 1);
      return (await app.valueAt([found.ijk[0], j, found.ijk[2]])).value;
    }),
  );
  expect(Math.max(...values)).toBeGreaterThanOrEqual(-400);
  expect(await app.run("view.pick", { x: 0.02, y: 0.98 })).toBeNull();

  // A measurement behind the surface is drawn faintly with its words, at once and in stills.
  const [i, , k] = found.ijk;
  const points = [i - 8, i + 8].map((at) => lpsOf(opened, [at, 76, k]));
  await app.run("measurement.add", { kind: "distance", points, color: "#00ff00" });
  await expect.poll(() => greenest(app)).toBeLessThan(180);
  expect(await greenest(app)).toBeGreaterThan(30);
  expect(await greenestInStill(app)).toBeLessThan(120);

  // The box takes the front away, so the ray hits further back.
  await page.keyboard.press("Shift+K");
  const { clipBox } = (await state(app)).volume;
  expect(clipBox).not.toBeNull();
  await app.run("view.set", { volume: { clipBox: { min: [0, 80, 0], max: [...opened.dims] } } });
  const behind = await app.run<{ ijk: number[] }>("view.pick", { x: 0.5, y: 0.55 });
  expect(behind.ijk[1]).toBeGreaterThanOrEqual(79);
  await expect.poll(() => greenest(app)).toBeGreaterThan(230);
  expect(await greenestInStill(app)).toBeGreaterThan(200);
  // Its upper side on the axial plane is taken and dragged.
  const side = await sideOfBox(app, 79.5);
  await app.drag("axial", [
    [0.5, side],
    [0.5, side + 0.12],
  ]);
  expect((await state(app)).volume.clipBox!.min[1]).toBeGreaterThan(85);
  await page.keyboard.press("Shift+K");
  expect((await state(app)).volume.clipBox).toBeNull();

  await app.run("view.cut", { facing: "coronal" });
  const cut = (await state(app)).volume.clipPlane!;
  expect(cut.normal.map((n) => Math.round(n) + 0)).toEqual([0, -1, 0]);
  const at = await app.run<{ lps: number[] }>("view.pick", { x: 0.5, y: 0.55 });
  expect(at.lps[1]!).toBeGreaterThanOrEqual(cut.point[1]! - 1.5);
  await page.getByRole("button", { name: "Flip" }).click();
  expect((await state(app)).volume.clipPlane!.normal.map((n) => Math.round(n) + 0)).toEqual([0, 1, 0]);
  await app.run("view.set", { volume: { clipPlane: null, planes: true } });
  await refined(app);
  await app.expectNoErrors();
});

function lpsOf({ indexToLps }: Opened, ijk: readonly number[]): number[] {
  return [0, 4, 8].map((row) => [0, 1, 2, 3].reduce((sum, n) => sum + indexToLps[row + n]! * (ijk[n] ?? 1), 0));
}

/** Opacity of the most opaque green that is drawn over the volume, 0 to 255. */
function greenest(app: App): Promise<number> {
  return app.view("volume").evaluate((view) => {
    const { width, height } = view.querySelector<HTMLCanvasElement>(".vw-marks")!;
    const { data } = view
      .querySelector<HTMLCanvasElement>(".vw-marks")!
      .getContext("2d")!
      .getImageData(0, 0, width, height);
    let most = 0;
    for (let n = 0; n < data.length; n += 4)
      if (data[n + 1]! > 2 * Math.max(data[n]!, data[n + 2]!) + 20) most = Math.max(most, data[n + 3]!);
    return most;
  });
}

/** How much greener than red the greenest pixel of a still is. */
function greenestInStill(app: App): Promise<number> {
  return app.page.evaluate(async () => {
    const size = { width: 240, height: 200 };
    const { bytes } = (await window.voxelwright!.run("view.still", { ...size, overlay: true })) as {
      bytes: Uint8Array<ArrayBuffer>;
    };
    const context = new OffscreenCanvas(size.width, size.height).getContext("2d")!;
    context.drawImage(await createImageBitmap(new Blob([bytes], { type: "image/png" })), 0, 0);
    const { data } = context.getImageData(0, 0, size.width, size.height);
    let most = 0;
    // The letters of the patient's directions are at the lower left.
    for (let n = 0; n < data.length; n += 4)
      if ((n / 4) % size.width > 80) most = Math.max(most, data[n + 1]! - data[n]!);
    return most;
  });
}

/** Height on the axial plane, as a share, where the index along j is `j`. */
async function sideOfBox(app: App, j: number): Promise<number> {
  let [low, high] = [0.02, 0.98];
  for (let step = 0; step < 9; step++) {
    const middle = (low + high) / 2;
    const ijk = await app.voxelAt("axial", [0.5, middle]);
    if (ijk[1] < j) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

test("a still of any size and a movie of a turn are saved; a movie can be cancelled", async ({ page }) => {
  const app = await openChest(page);
  await page.keyboard.press("Shift+M");
  const dialog = page.getByRole("dialog", { name: "Picture of the volume" });
  await dialog.getByLabel("Size of the picture").selectOption("own");
  await dialog.getByLabel("Width, pixels").fill("1100");
  await dialog.getByLabel("Height, pixels").fill("90");
  await dialog.getByLabel("Height, pixels").blur();
  const [still] = await Promise.all([
    page.waitForEvent("download"),
    dialog.getByRole("button", { name: "Save the picture" }).click(),
  ]);
  expect(still.suggestedFilename()).toBe("chest-ct-volume.png");
  await expect(dialog).toBeHidden();
  const sizes = await page.evaluate(async () => {
    const run = window.voxelwright!.run;
    const pixels = async (overlay: boolean) => {
      const { bytes } = (await run("view.still", { width: 260, height: 200, overlay })) as {
        bytes: Uint8Array<ArrayBuffer>;
      };
      const bitmap = await createImageBitmap(new Blob([bytes], { type: "image/png" }));
      const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext("2d")!;
      context.drawImage(bitmap, 0, 0);
      return [bitmap.width, bitmap.height, ...context.getImageData(0, 0, bitmap.width, bitmap.height).data];
    };
    const [plain, marked] = [await pixels(false), await pixels(true)];
    let different = 0;
    for (let n = 2; n < plain.length; n++) if (plain[n] !== marked[n]) different++;
    return { size: plain.slice(0, 2), different };
  });
  expect(sizes.size).toEqual([260, 200]);
  expect(sizes.different).toBeGreaterThan(200);

  const movie = await page.evaluate(async () => {
    const { bytes, frames } = (await window.voxelwright!.run("view.movie", {
      width: 128,
      height: 96,
      seconds: 1,
      framesPerSecond: 8,
    })) as { bytes: Uint8Array; frames: number };
    return { bytes: [...bytes], frames };
  });
  expect(movie.frames).toBe(8);
  // Played where no policy forbids it.
  const player = await page.context().newPage();
  await player.goto("about:blank");
  const played = await player.evaluate(async (bytes) => {
    const video = document.createElement("video");
    video.muted = true;
    video.src = URL.createObjectURL(new Blob([Uint8Array.from(bytes)], { type: "video/webm" }));
    await new Promise((resolve, reject) => {
      video.onloadeddata = resolve;
      video.onerror = () => reject(new Error(video.error?.message));
    });
    const frame = (): number[] => {
      const context = new OffscreenCanvas(128, 96).getContext("2d")!;
      context.drawImage(video, 0, 0);
      return [...context.getImageData(0, 0, 128, 96).data];
    };
    const first = frame();
    video.currentTime = 0.5;
    await new Promise((resolve) => {
      video.onseeked = resolve;
    });
    const half = frame();
    let different = 0;
    for (let n = 0; n < first.length; n++) if (Math.abs(first[n]! - half[n]!) > 24) different++;
    return { size: [video.videoWidth, video.videoHeight], seconds: video.duration, different };
  }, movie.bytes);
  expect(played.size).toEqual([128, 96]);
  expect(played.seconds).toBeCloseTo(1, 1);
  expect(played.different).toBeGreaterThan(500);
  await player.close();

  await page.keyboard.press("Shift+M");
  await dialog.getByRole("radio", { name: "Turntable movie" }).check({ force: true });
  await dialog.getByRole("button", { name: "Save the movie" }).click();
  await expect(dialog.getByRole("status")).toContainText("%");
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await expect(dialog.getByRole("button", { name: "Save the movie" })).toBeEnabled({ timeout: 30_000 });
  await dialog.getByRole("button", { name: "Cancel" }).click();
  await expect(dialog).toBeHidden();
  await app.expectNoErrors();
});

test("labels in 3D as surfaces: picked, made again with a change, seen through, in stills", async ({ page }) => {
  const app = await openChest(page);
  await app.run("segment.add", { name: "Ball", color: "#ff0000" });
  await app.run("label.paint", { segment: 1, ijk: [[57, 78, 64]], radiusMm: 40, shape: "sphere" });
  await page
    .getByRole("radiogroup", { name: "Labels in 3D" })
    .getByRole("radio", { name: "Surfaces" })
    .check({ force: true });
  await page.getByLabel("Image in 3D").uncheck();
  await refined(app);
  const pick = () => app.run<{ ijk: [number, number, number]; label: number } | null>("view.pick", { x: 0.5, y: 0.5 });
  // The ball is 40 mm from its middle to its front.
  const found = (await pick())!;
  expect(found.label).toBe(1);
  expect((await app.valueAt(found.ijk)).label).toBe(1);
  const { spacingMm } = await app.opening();
  const away = found.ijk.map((n, axis) => (n - [57, 78, 64][axis]!) * spacingMm[axis]!);
  expect(Math.hypot(...away)).toBeGreaterThan(34);
  expect(await app.run("view.pick", { x: 0.05, y: 0.05 })).toBeNull();
  // Without the image there is nothing but the ball, red and lit.
  const red = (): Promise<number[]> =>
    page.evaluate(async () => {
      const { bytes } = (await window.voxelwright!.run("view.still", { width: 64, height: 64 })) as {
        bytes: Uint8Array<ArrayBuffer>;
      };
      const context = new OffscreenCanvas(64, 64).getContext("2d")!;
      context.drawImage(await createImageBitmap(new Blob([bytes], { type: "image/png" })), 0, 0);
      return [...context.getImageData(32, 32, 1, 1).data];
    });
  const opaque = await red();
  expect(opaque[0]!).toBeGreaterThan(150);
  expect(opaque[1]!).toBeLessThan(60);

  // Its opacity by the row of the segment; one step of the history.
  const slider = page.getByLabel("Opacity of Ball in 3D");
  await slider.fill("0.2");
  await refined(app);
  const clear = await red();
  expect(clear[0]!).toBeLessThan(opaque[0]! * 0.6);
  await page.keyboard.press("Escape");
  await app.run("history.undo");
  await expect(slider).toHaveValue("1");

  // A bite out of the front is seen at once, and undo fills it again.
  await app.run("label.paint", { segment: 0, ijk: [found.ijk], radiusMm: 20, shape: "sphere" });
  await refined(app);
  expect((await pick())!.ijk).not.toEqual(found.ijk);
  await app.run("history.undo");
  await refined(app);
  expect((await pick())!.ijk).toEqual(found.ijk);
  await page
    .getByRole("radiogroup", { name: "Smoothing of surfaces" })
    .getByRole("radio", { name: "None" })
    .check({ force: true });
  await refined(app);
  expect((await pick())!.label).toBe(1);
  await page
    .getByRole("radiogroup", { name: "Labels in 3D" })
    .getByRole("radio", { name: "Off" })
    .check({ force: true });
  await refined(app);
  expect(await pick()).toBeNull();

  // Files of them, as the export dialog writes them.
  const exported = async (entry: string): Promise<Buffer> => {
    const downloading = page.waitForEvent("download");
    await page.keyboard.press("Control+s");
    await page
      .getByRole("dialog")
      .getByRole("button", { name: new RegExp(`^${entry}`) })
      .click();
    const bytes = await readFile(await (await downloading).path());
    await page.keyboard.press("Escape");
    return bytes;
  };
  const stl = await exported("Surface as STL");
  const triangles = stl.readUInt32LE(80);
  expect(stl.length).toBe(84 + 50 * triangles);
  const ply = await exported("Surfaces as PLY");
  expect(ply.toString("latin1", 0, 800)).toMatch(new RegExp(`element face ${triangles}\\n[^]*end_header\\n`));
  await app.expectNoErrors();
});
