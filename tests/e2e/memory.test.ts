import { expect, type Page, test } from "@playwright/test";
import { integerFrom, randomFrom } from "../fixtures/random.ts";
import { App } from "./app.ts";

// Small pictures: the GPU of the tests is the processor.
test.use({ viewport: { width: 900, height: 600 } });

interface Memory {
  readonly liveBytes: number;
  readonly peakBytes: number;
  readonly holdings: readonly { readonly label: string; readonly count: number; readonly bytes: number }[];
  readonly views?: {
    readonly imageBudgetBytes: number;
    readonly imageBytes: number;
    readonly labelBudgetBytes: number;
    readonly labelBytes: number;
    readonly wanted: Readonly<Record<string, number>>;
    readonly reading: number;
  };
}

const MEBIBYTE = 2 ** 20;

/** Counts what the page really makes and destroys, by label, beside the program's own count. */
async function keepLedger(page: Page): Promise<void> {
  await page.addInitScript(() => {
    const live = new Map<object, string>();
    Object.assign(window, { gpuLedger: () => [...live.values()] });
    for (const kind of ["Texture", "Buffer"] as const) {
      const devices = GPUDevice.prototype as unknown as Record<string, (descriptor: { label?: string }) => object>;
      const make = devices[`create${kind}`]!;
      devices[`create${kind}`] = function made(this: GPUDevice, descriptor) {
        const object = make.call(this as never, descriptor);
        live.set(object, descriptor.label ?? "");
        return object;
      };
      const { prototype } = kind === "Texture" ? GPUTexture : GPUBuffer;
      const { destroy } = prototype;
      prototype.destroy = function destroyed(this: GPUTexture & GPUBuffer): undefined {
        live.delete(this);
        destroy.call(this);
      };
    }
  });
}

/** Labels of objects that are alive, those of the program; three's cube names its own otherwise. */
const ledger = async (page: Page): Promise<string[]> => {
  const labels = await page.evaluate(() => (window as unknown as { gpuLedger: () => string[] }).gpuLedger());
  return labels.filter((label) => /^[A-Z]\w+\.\w/.test(label)).sort();
};

/** 320 × 320 × 192 voxels of int16 as an NRRD: more bricks than the smallest budget holds. */
function largeScan(): Buffer {
  const [x, y, z] = [320, 320, 192];
  const header = `NRRD0004\ntype: int16\ndimension: 3\nspace: left-posterior-superior\nsizes: ${x} ${y} ${z}\nspace directions: (1,0,0) (0,1,0) (0,0,1)\nspace origin: (0,0,0)\nendian: little\nencoding: raw\n\n`;
  const voxels = new Int16Array(x * y * z);
  for (let k = 0, n = 0; k < z; k++)
    for (let j = 0; j < y; j++) for (let i = 0; i < x; i++) voxels[n++] = ((i ^ j ^ k) & 63) * 8 + i;
  return Buffer.concat([Buffer.from(header), Buffer.from(voxels.buffer)]);
}

/** Whole numbers that a 32-bit float cannot hold. */
function wideScan(): Buffer {
  const header =
    "NRRD0004\ntype: int32\ndimension: 3\nspace: left-posterior-superior\nsizes: 16 16 16\nspace directions: (1,0,0) (0,1,0) (0,0,1)\nspace origin: (0,0,0)\nendian: little\nencoding: raw\n\n";
  const voxels = Int32Array.from({ length: 16 ** 3 }, (_, n) => 2 ** 25 + n);
  return Buffer.concat([Buffer.from(header), Buffer.from(voxels.buffer)]);
}

async function openBytes(app: App, name: string, buffer: Buffer): Promise<void> {
  const input = app.page.getByLabel("Scan files", { exact: true });
  await input.setInputFiles({ name, mimeType: "application/octet-stream", buffer });
  await app.opened();
}

for (const seed of [7]) {
  test(`GPU memory keeps to its budget over a walk of views, and comes back when a study is closed (seed ${seed})`, async ({
    page,
  }) => {
    const app = new App(page);
    const random = randomFrom(seed);
    const memory = (): Promise<Memory> => app.run<Memory>("gpu.memory");
    const closed = async (): Promise<void> => {
      await app.run("study.close");
      await expect.poll(async () => (await memory()).liveBytes).toBe(0);
      expect((await memory()).holdings).toEqual([]);
      expect(await ledger(page)).toEqual([]);
    };
    await keepLedger(page);
    await app.start();
    expect((await memory()).liveBytes).toBe(0);

    // Values that the textures cannot hold are told on every plane.
    await openBytes(app, "wide.nrrd", wideScan());
    await expect(app.words("axial", "state")).toContainText("values rounded to 24 bits");
    await closed();

    await app.run("settings.set", { atlasBytes: 64 * MEBIBYTE });
    await openBytes(app, "large.nrrd", largeScan());
    await expect(app.words("axial", "state")).not.toContainText("rounded");
    await app.run("segment.add", { name: "Mark" });
    let peak = 0;
    for (let step = 0; step < 16; step++) {
      const layout = ["grid", "axial", "coronal", "sagittal", "volume"][integerFrom(random, 0, 4)]!;
      const point = [320, 320, 192].map((n) => random() * (n - 1));
      const zoom = 0.5 + random() * 6;
      await app.run("view.set", {
        layout,
        crosshair: point,
        planes: { axial: { zoom, panMm: [random() * 80 - 40, 0] }, sagittal: { zoom: 1 + random() } },
        turn: { plane: "coronal", degrees: random() * 40 },
        slab: { mode: random() < 0.3 ? "mip" : "none", thicknessMm: 6 },
        volumeMode: ["shaded", "mip", "iso"][integerFrom(random, 0, 2)],
      });
      if (step % 6 === 0) await app.run("view.straighten");
      const ijk = point.map(Math.round);
      if (step % 5 === 0) await app.run("label.paint", { segment: 1, ijk: [ijk], radiusMm: 12, shape: "sphere" });
      // What is not shown wants nothing, so nothing is read for it.
      const shown = layout === "grid" ? ["axial", "coronal", "sagittal", "volume"] : [layout];
      const strangers = async (): Promise<string[]> =>
        Object.keys((await memory()).views!.wanted).filter((view) => !shown.includes(view));
      await expect.poll(strangers).toEqual([]);
      const { views, liveBytes, holdings } = await memory();
      expect(views!.imageBudgetBytes).toBe(64 * MEBIBYTE);
      expect(views!.imageBytes).toBeLessThanOrEqual(views!.imageBudgetBytes);
      expect(views!.labelBytes).toBeLessThanOrEqual(views!.labelBudgetBytes);
      expect(holdings.reduce((sum, { bytes }) => sum + bytes, 0)).toBe(liveBytes);
      peak = Math.max(peak, views!.imageBytes);
    }
    expect(peak).toBeGreaterThan(48 * MEBIBYTE);
    // What is counted is what is there.
    await expect
      .poll(async () => {
        const counted = (await memory()).holdings
          .flatMap(({ label, count }) => Array<string>(count).fill(label))
          .sort();
        return JSON.stringify(counted) === JSON.stringify(await ledger(page));
      })
      .toBe(true);

    await app.run("view.set", { layout: "grid" });
    await page.getByRole("button", { name: "Settings" }).click();
    const dialog = page.getByRole("dialog", { name: "Settings" });
    await expect(dialog.getByText(/^\d+ MB; image \d+ MB of 64 MB$/)).toBeVisible();
    await dialog.getByRole("button", { name: "Done" }).click();
    await closed();
    await app.expectNoErrors();
  });
}
