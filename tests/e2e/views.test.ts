import { readdirSync } from "node:fs";
import { join } from "node:path";
import { chromium, expect, test } from "@playwright/test";
import { ensureChromium } from "../../.tooling/chromium.mjs";
import { hasSharedData, sharedData } from "../fixtures/shared-data.ts";
import { App, type Ijk, type Opened, type ViewName } from "./app.ts";

// Small pictures: the GPU of the tests is the processor.
test.use({ viewport: { width: 1000, height: 640 } });

const PLANES = ["axial", "coronal", "sagittal"] as const;

/** LPS of a voxel by the affine that `study.open` told. */
function toLps({ indexToLps: m }: Opened, [i, j, k]: Ijk): number[] {
  return [0, 4, 8].map((row) => m[row]! * i + m[row + 1]! * j + m[row + 2]! * k + m[row + 3]!);
}

/** `L 12.0  P 3.4  S 80.1` as numbers. */
function lpsOf(words: string): number[] {
  return words.split(/ {2}/).map((part) => Number(part.slice(2)) * (/[LPS]/.test(part[0]!) ? 1 : -1));
}

/** The number of the slice that a plane says, from 1. */
async function sliceOf(app: App, plane: ViewName): Promise<number> {
  return Number((await app.words(plane, "slice").innerText()).split(" / ")[0]);
}

/** How much two pictures of one place differ, 0 to 255 on average. */
async function difference(app: App, one: Buffer, other: Buffer): Promise<number> {
  return app.page.evaluate(
    async ([a, b]) => {
      const pixels = async (base64: string): Promise<Uint8ClampedArray> => {
        const blob = await (await fetch(`data:image/png;base64,${base64}`)).blob();
        const bitmap = await createImageBitmap(blob);
        const context = new OffscreenCanvas(bitmap.width, bitmap.height).getContext("2d")!;
        context.drawImage(bitmap, 0, 0);
        return context.getImageData(0, 0, bitmap.width, bitmap.height).data;
      };
      const [first, second] = [await pixels(a), await pixels(b)];
      return first.reduce((sum, value, n) => sum + Math.abs(value - second[n]!), 0) / first.length;
    },
    [one.toString("base64"), other.toString("base64")] as const,
  );
}

/** The volume's picture once it is drawn at full resolution. */
async function refined(app: App): Promise<Buffer> {
  await app.settle();
  await expect(app.view("volume")).toHaveAttribute("aria-busy", "false", { timeout: 60_000 });
  return app.view("volume").screenshot();
}

async function openHead(page: App["page"]): Promise<App> {
  const app = new App(page);
  await app.start();
  await app.openSample("Head MR, T1");
  return app;
}

function dicomFiles(folder: string): string[] {
  const at = sharedData(folder);
  return readdirSync(at).map((name) => join(at, name));
}

test("three planes and the volume are drawn, and say truly what they show", async ({ page }) => {
  const app = await openHead(page);
  const opened = await app.opening();
  for (const name of [...PLANES, "volume"] as const)
    await expect.poll(() => app.brightShare(name), { message: name }).toBeGreaterThan(0.15);

  // The patient's right is on the left of the screen, the head up, the face to the left from the side.
  const letters = { axial: "RLAP", coronal: "RLSI", sagittal: "APSI" } as const;
  for (const plane of PLANES) {
    const sides = ["left", "right", "top", "bottom"].map((side) =>
      app.view(plane).locator(`.vw-letter-${side}`).innerText(),
    );
    expect((await Promise.all(sides)).join(""), plane).toBe(letters[plane]);
  }

  // Value, place and label under the pointer are those of the volume.
  await app.run("segment.add", { name: "Mark" });
  for (const [plane, at] of [
    ["axial", [0.42, 0.37]],
    ["coronal", [0.55, 0.3]],
    ["sagittal", [0.6, 0.62]],
  ] as const) {
    const ijk = await app.voxelAt(plane, at);
    const { value } = await app.valueAt(ijk);
    await expect(app.words(plane, "value")).toHaveText(String(value));
    const lps = lpsOf(await app.words(plane, "lps").innerText());
    toLps(opened, ijk).forEach((mm, axis) =>
      expect(Math.abs(mm - lps[axis]!)).toBeLessThanOrEqual(opened.spacingMm[axis]! / 2 + 0.06),
    );
    await expect(app.words(plane, "label")).toHaveText("");
    await app.run("label.paint", { segment: 1, ijk: [ijk], radiusMm: 2, shape: "sphere" });
    await app.hover(plane, [at[0] + 0.002, at[1]]);
    await expect(app.words(plane, "label")).toHaveText("Mark");
  }
  await app.expectNoErrors();
});

test("the words below a plane lie on nothing, however narrow it is", async ({ page }) => {
  const app = await openHead(page);
  for (const [width, height] of [
    [1000, 700],
    [800, 500],
  ] as const) {
    await page.setViewportSize({ width, height });
    await app.settle();
    await app.hover("axial", [0.4, 0.4]);
    await expect(app.words("axial", "lps")).toBeVisible();
    const boxes = await app
      .view("axial")
      .locator(".vw-below > *")
      .evaluateAll((all) => all.map((one) => one.getBoundingClientRect().toJSON() as DOMRect));
    const shown = boxes.filter((box) => box.width > 0).sort((a, b) => a.left - b.left);
    expect(shown.length).toBeGreaterThan(1);
    const view = (await app.view("axial").boundingBox())!;
    for (const [n, box] of shown.entries()) {
      expect(box.left).toBeGreaterThanOrEqual(n === 0 ? view.x : shown[n - 1]!.right);
      expect(box.right).toBeLessThanOrEqual(view.x + view.width);
    }
  }
});

test("the scale bar is true: its length over the picture is its millimetres", async ({ page }) => {
  const app = await openHead(page);
  await app.hover("axial", [0.5, 0.5]);
  for (const notches of [0, 3, 3]) {
    await page.keyboard.down("Control");
    for (let n = 0; n < notches; n++) await page.mouse.wheel(0, -120);
    await page.keyboard.up("Control");
    await app.settle();
    const bar = app.view("axial").locator(".vw-bar-line");
    const mm = Number.parseFloat(await app.view("axial").locator(".vw-bar-text").innerText());
    const { width } = (await bar.boundingBox())!;
    // Two points in the picture, as far apart as fits, say how many millimetres a pixel is.
    const ends = [0.2, 0.8] as const;
    const lps: number[][] = [];
    for (const x of ends) {
      await app.hover("axial", [x, 0.5]);
      lps.push(lpsOf(await app.words("axial", "lps").innerText()));
    }
    const [from] = await app.point("axial", [ends[0], 0.5]);
    const [to] = await app.point("axial", [ends[1], 0.5]);
    const mmPerPixel = (lps[1]![0]! - lps[0]![0]!) / (to - from);
    expect(width * mmPerPixel).toBeGreaterThan(mm - mmPerPixel);
    expect(width * mmPerPixel).toBeLessThan(mm + mmPerPixel);
    await app.hover("axial", [0.5, 0.5]);
  }
});

test("a click sets the crosshair in every plane; wheel and keys step through slices", async ({ page }) => {
  const app = await openHead(page);
  const opened = await app.opening();
  const ijk = await app.voxelAt("axial", [0.4, 0.62]);
  const lps = lpsOf(await app.words("axial", "lps").innerText());
  await app.click("axial", [0.4, 0.62]);
  await app.settle();
  const { crosshair } = await app.viewData();
  lps.forEach((mm, axis) => expect(Math.abs(mm - crosshair[axis]!)).toBeLessThan(0.051));
  expect(await sliceOf(app, "sagittal")).toBe(ijk[0] + 1);
  expect(await sliceOf(app, "coronal")).toBe(ijk[1] + 1);
  expect(await sliceOf(app, "axial")).toBe(ijk[2] + 1);
  const exact = toLps(opened, ijk);
  await expect(app.words("sagittal", "position")).toHaveText(
    `${exact[0]! < 0 ? "R" : "L"} ${Math.abs(exact[0]!).toFixed(1)} mm`,
  );
  await expect(app.words("coronal", "position")).toHaveText(
    `${exact[1]! < 0 ? "A" : "P"} ${Math.abs(exact[1]!).toFixed(1)} mm`,
  );
  await expect(app.words("axial", "position")).toHaveText(
    `${exact[2]! < 0 ? "I" : "S"} ${Math.abs(exact[2]!).toFixed(1)} mm`,
  );

  // Dragged, the crosshair follows in the other planes.
  await app.drag("coronal", [
    [0.5, 0.5],
    [0.6, 0.3],
  ]);
  await app.settle();
  const dragged = (await app.viewData()).crosshair;
  expect(dragged[0]).toBeGreaterThan(crosshair[0]);
  expect(dragged[2]).toBeGreaterThan(crosshair[2]);
  expect(await sliceOf(app, "coronal")).toBe(ijk[1] + 1);

  // Up is towards the head, and the wheel turns the plane it is over.
  const axial = await sliceOf(app, "axial");
  await app.hover("axial", [0.5, 0.5]);
  const steps: [() => Promise<void>, number][] = [
    [() => page.mouse.wheel(0, -120), 1],
    [() => page.mouse.wheel(0, 120), -1],
    [() => page.keyboard.press("ArrowUp"), 1],
    [() => page.keyboard.press("PageUp"), 10],
    [() => page.keyboard.press("PageDown"), -10],
    [() => page.keyboard.press("ArrowDown"), -1],
  ];
  let slice = axial;
  for (const [act, by] of steps) {
    await act();
    slice += by;
    await expect(app.words("axial", "slice")).toHaveText(`${slice} / ${opened.dims[2]}`);
  }
  expect(await sliceOf(app, "coronal")).toBe(ijk[1] + 1);
  await app.hover("sagittal", [0.5, 0.5]);
  const sagittal = await sliceOf(app, "sagittal");
  await page.mouse.wheel(0, -120);
  await expect(app.words("sagittal", "slice")).not.toHaveText(`${sagittal} / ${opened.dims[0]}`);
  await expect(app.words("axial", "slice")).toHaveText(`${axial} / ${opened.dims[2]}`);
  await app.expectNoErrors();
});

test("pan by the middle button and the tool, zoom at the pointer, fit and reset", async ({ page }) => {
  const app = await openHead(page);
  const under = async (x: number, y: number): Promise<number[]> => {
    await app.hover("axial", [x, y]);
    return lpsOf(await app.words("axial", "lps").innerText());
  };
  const near = (a: readonly number[], b: readonly number[], mm: number): void =>
    a.forEach((value, n) => expect(Math.abs(value - b[n]!)).toBeLessThan(mm));
  const start = await app.viewData();

  const grabbed = await under(0.5, 0.5);
  await app.drag(
    "axial",
    [
      [0.5, 0.5],
      [0.62, 0.4],
    ],
    { button: "middle" },
  );
  near(await under(0.62, 0.4), grabbed, 0.7);
  await page.keyboard.press("p");
  await app.drag("axial", [
    [0.62, 0.4],
    [0.45, 0.5],
  ]);
  near(await under(0.45, 0.5), grabbed, 1.2);
  expect((await app.viewData()).crosshair).toEqual(start.crosshair);

  // The place under the pointer stays while the picture grows.
  const place = await under(0.35, 0.42);
  await page.keyboard.down("Control");
  for (let n = 0; n < 6; n++) await page.mouse.wheel(0, -120);
  await page.keyboard.up("Control");
  await app.settle();
  expect((await app.viewData()).planes["axial"]!.zoom).toBeGreaterThan(3);
  near(await under(0.35, 0.42), place, 0.21);
  const closer = (await app.viewData()).planes["axial"]!.zoom;
  await page.keyboard.press("z");
  await app.drag("axial", [
    [0.35, 0.42],
    [0.35, 0.52],
  ]);
  expect((await app.viewData()).planes["axial"]!.zoom).toBeLessThan(closer);

  await page.keyboard.press("0");
  await expect.poll(async () => (await app.viewData()).planes["axial"]).toEqual({ zoom: 1, panMm: [0, 0] });

  // Reset also brings crosshair, layout and window back.
  await page.keyboard.press("n");
  await app.click("axial", [0.4, 0.4]);
  await app.drag(
    "axial",
    [
      [0.5, 0.5],
      [0.6, 0.6],
    ],
    { button: "right" },
  );
  expect((await app.viewData()).window).not.toEqual(start.window);
  await page.keyboard.press("v");
  await page.keyboard.press("r");
  await expect
    .poll(() => app.viewData())
    .toMatchObject({ crosshair: start.crosshair, window: start.window, layout: "grid" });
  await app.expectNoErrors();
});

test("a double click gives a view the whole room, and the grid back", async ({ page }) => {
  const app = await openHead(page);
  for (const name of ["axial", "sagittal", "volume"] as const) {
    const before = (await app.view(name).boundingBox())!;
    const [x, y] = await app.point(name, [0.48, 0.55]);
    await page.mouse.dblclick(x, y);
    await expect.poll(async () => (await app.view(name).boundingBox())!.width).toBeGreaterThan(before.width * 1.8);
    for (const other of [...PLANES, "volume"] as const) if (other !== name) await expect(app.view(other)).toBeHidden();
    await expect.poll(() => app.brightShare(name)).toBeGreaterThan(0.1);
    await page.mouse.dblclick(x, y);
    await expect.poll(() => app.view(name).boundingBox()).toEqual(before);
  }
  // The same by a key, for the view under the pointer.
  await app.hover("coronal", [0.5, 0.5]);
  await page.keyboard.press("m");
  await expect(app.view("axial")).toBeHidden();
  await expect(app.view("coronal")).toBeVisible();
  await page.keyboard.press("m");
  await expect(app.view("axial")).toBeVisible();
  await app.expectNoErrors();
});

test("the window is automatic on MR and follows drags of the right button and of the window tool", async ({ page }) => {
  const app = await openHead(page);
  const preset = page.getByLabel("Window preset", { exact: true });
  await expect(preset).toHaveValue("auto");
  const { window: automatic } = await app.viewData();
  expect(automatic.width).toBeGreaterThan(50);
  await expect(app.words("axial", "window")).toHaveText(
    `W ${automatic.width.toFixed(0)}  L ${automatic.center.toFixed(0)}`,
  );
  const bright = await app.brightShare("axial", 128);

  await app.drag(
    "axial",
    [
      [0.5, 0.5],
      [0.5, 0.8],
    ],
    { button: "right" },
  );
  const lifted = (await app.viewData()).window;
  expect(lifted.center).toBeGreaterThan(automatic.center);
  expect(lifted.width).toBeCloseTo(automatic.width);
  expect(await app.brightShare("axial", 128)).toBeLessThan(bright);
  await expect(preset).toHaveValue("");

  await page.keyboard.press("w");
  await app.drag("coronal", [
    [0.3, 0.5],
    [0.7, 0.5],
  ]);
  const widened = (await app.viewData()).window;
  expect(widened.width).toBeGreaterThan(lifted.width);
  expect(widened.center).toBeCloseTo(lifted.center);
  await preset.selectOption("auto");
  await expect.poll(async () => (await app.viewData()).window).toEqual(automatic);
  await app.expectNoErrors();
});

test.describe("on a CT of DICOM slices", () => {
  test.skip(!hasSharedData, "needs the folder of real scans");

  test("presets for brain, bone, lung and abdomen change the picture, in HU", async ({ page }) => {
    const app = new App(page);
    await app.start();
    await app.chooseFiles(dicomFiles("ct-dicom/body-siemens-jpeg2000"));
    await app.opened();
    const preset = page.getByLabel("Window preset", { exact: true });
    const windows = {
      brain: [40, 80],
      bone: [400, 1800],
      lung: [-600, 1500],
      abdomen: [60, 400],
      mediastinum: [50, 350],
    } as const;
    const pictures: Buffer[] = [];
    for (const [id, [center, width]] of Object.entries(windows)) {
      await preset.selectOption(id);
      await expect(app.words("axial", "window")).toHaveText(`W ${width}  L ${center}`);
      expect((await app.viewData()).window).toEqual({ center, width });
      await app.settle();
      pictures.push(await app.view("axial").screenshot());
    }
    expect(await difference(app, pictures[0]!, pictures[1]!)).toBeGreaterThan(2);
    expect(await difference(app, pictures[1]!, pictures[2]!)).toBeGreaterThan(2);
    const ijk = await app.voxelAt("axial", [0.5, 0.5]);
    await expect(app.words("axial", "value")).toHaveText(`${(await app.valueAt(ijk)).value} HU`);
    await page.keyboard.press("Shift+W");
    expect((await app.viewData()).window).not.toEqual({ center: 50, width: 350 });
    await app.expectNoErrors();
  });
});

test("the volume: shaded and maximum intensity, presets, turning, and the cube", async ({ page }) => {
  const app = await openHead(page);
  const volume = app.view("volume");
  // One picture and no average of several: how many there are depends on the time that they take.
  await app.run("view.set", { volume: { quality: "fast" } });
  const shaded = await refined(app);
  await page
    .getByRole("radiogroup", { name: "Volume preset" })
    .getByRole("radio", { name: "Brain" })
    .check({ force: true });
  const brain = await refined(app);
  expect(await difference(app, shaded, brain)).toBeGreaterThan(1);
  await page.getByRole("radio", { name: "MIP" }).check({ force: true });
  const mip = await refined(app);
  expect(await difference(app, brain, mip)).toBeGreaterThan(1);

  await app.drag("volume", [
    [0.3, 0.6],
    [0.6, 0.7],
  ]);
  const turned = await refined(app);
  expect(await difference(app, mip, turned)).toBeGreaterThan(1);
  await page.keyboard.press("r");
  expect(await difference(app, mip, await refined(app))).toBeLessThan(0.5);

  // A click on the face that is most in sight looks at it straight; there it stays at a second click.
  const cube = volume.locator(".vw-cube");
  await cube.click({ position: { x: 36, y: 48 } });
  const front = await refined(app);
  expect(await difference(app, mip, front)).toBeGreaterThan(1);
  await cube.click();
  expect(await difference(app, front, await refined(app))).toBeLessThan(0.5);
  await app.expectNoErrors();
});

test("without WebGPU the page says what is missing and what to do, and shows no views", async ({ baseURL }) => {
  const browser = await chromium.launch({
    executablePath: ensureChromium(),
    args: ["--no-sandbox", "--disable-features=WebGPU", "--disable-gpu"],
  });
  try {
    const page = await browser.newPage({ baseURL: baseURL! });
    const app = new App(page);
    await app.start();
    const notice = page.getByRole("alert", { name: "WebGPU is missing" });
    await expect(notice).toContainText("Volumes cannot be drawn here: WebGPU is missing");
    await expect(notice.getByRole("heading", { name: "What to do" })).toBeVisible();
    await expect(notice.locator("li").first()).toBeVisible();
    await app.openSample("Chest CT");
    await expect(page.locator("[data-view]")).toHaveCount(0);
    await expect(page.locator("main canvas")).toHaveCount(0);
    // What needs no picture goes on.
    expect(await app.valueAt([57, 78, 64])).toMatchObject({ label: 0 });
    await app.expectNoErrors();
  } finally {
    await browser.close();
  }
});

test("planes are turned by the handles of the crosshair, drawn on, and straightened", async ({ page }) => {
  const app = new App(page);
  await app.start();
  await app.openSample("Chest CT");
  await app.run("view.set", { volumeMode: "mip" });
  const angle = (view: "axial" | "coronal" | "sagittal") => app.words(view, "angle").innerText();
  const straight = await page.evaluate(() => window.voxelwright!.run("view.set"));
  await app.hover("axial", [0.3, 0.3]);
  const box = (await app.view("axial").boundingBox())!;
  const reach = Math.min(box.width, box.height) * 0.34;
  const middle = [box.x + box.width / 2, box.y + box.height / 2] as const;
  const dragTo = async (degrees: number): Promise<void> => {
    const radians = (degrees * Math.PI) / 180;
    await page.mouse.move(middle[0] + reach * Math.cos(radians), middle[1] + reach * Math.sin(radians), { steps: 4 });
  };
  await dragTo(0);
  await page.mouse.down();
  await dragTo(30);
  await app.settle();
  expect(Number((await angle("coronal")).replace("tilted ", "").replace("°", ""))).toBeCloseTo(30, 0);
  expect(await angle("axial")).toBe(`lines +${(await angle("coronal")).replace("tilted ", "")}`);
  expect(await app.words("coronal", "slice").innerText()).toBe("oblique");
  // The picture that the handle is on stays, and so does the place of the crosshair.
  expect(await app.words("axial", "slice").innerText()).toBe("65 / 129");
  await page.mouse.up();

  // A disc takes every voxel that the oblique plane cuts within it, and no other.
  await app.addSegment("Disc");
  await app.run("tool.set", { tool: "brush", brush: { radiusMm: 10, shape: "disc" } });
  await app.click("coronal", [0.5, 0.4]);
  await expect.poll(async () => (await app.sizes())[1] ?? 0).toBeGreaterThan(100);
  const opened = await app.opening();
  const { rotation } = (await app.run<{ orientation: { rotation: number[] } }>("view.set")).orientation;
  const turn = 2 * Math.atan2(rotation[2]!, rotation[3]!);
  const normal = [-Math.sin(turn), Math.cos(turn)] as const;
  const m = opened.indexToLps;
  const { crosshair } = await app.viewData();
  const labels = await app.labels();
  const half = (Math.abs(normal[0] * m[0]!) + Math.abs(normal[1] * m[5]!)) / 2;
  let far = 0;
  for (let n = 0; n < labels.length; n++) {
    if (labels[n] === 0) continue;
    const i = n % opened.dims[0];
    const j = Math.floor(n / opened.dims[0]) % opened.dims[1];
    const off = normal[0] * (m[0]! * i + m[3]! - crosshair[0]) + normal[1] * (m[5]! * j + m[7]! - crosshair[1]);
    far = Math.max(far, Math.abs(off));
  }
  expect(far).toBeLessThanOrEqual(half + 1e-6);
  expect(far).toBeGreaterThan(half * 0.7);
  await page.keyboard.press("Control+z");

  await page.keyboard.press("n");
  await page.keyboard.press("Shift+R");
  await expect.poll(() => angle("coronal")).toBe("");
  expect(await page.evaluate(() => window.voxelwright!.run("view.set"))).toEqual(straight);
  // Dragged back to within a degree it comes to rest exactly; Escape takes a drag back.
  await app.hover("axial", [0.3, 0.3]);
  await dragTo(0);
  await page.mouse.down();
  await dragTo(40);
  await dragTo(0.8);
  await app.settle();
  expect(await angle("coronal")).toBe("");
  await dragTo(25);
  await page.keyboard.press("Escape");
  await page.mouse.up();
  await app.settle();
  expect(await angle("coronal")).toBe("");
  // A thick slice shows more of the vessels than a thin one, and says so.
  const before = await app.brightShare("axial", 120);
  await page.getByLabel("Slab projection").selectOption("mip");
  const thickness = page.getByLabel("Slab thickness in mm");
  await thickness.fill("25");
  await thickness.press("Enter");
  await expect(app.words("axial", "slab")).toHaveText("MIP 25.0 mm");
  expect(await app.brightShare("axial", 120)).toBeGreaterThan(before * 1.05);
  await page.getByLabel("Slab projection").selectOption("none");
  await expect(app.words("axial", "slab")).toHaveText("");
  await page.getByRole("radio", { name: "Patient" }).check({ force: true });
  expect((await app.run<{ orientation: { base: string } }>("view.set")).orientation.base).toBe("patient");
  await app.expectNoErrors();
});
