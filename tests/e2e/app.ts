import { expect, type Locator, type Page } from "@playwright/test";

export type Ijk = readonly [number, number, number];

export type ViewName = "axial" | "coronal" | "sagittal" | "volume";

/** A point of a view as shares of its width and height. */
export type Share = readonly [number, number];

/** Where a study lies. */
export interface Opened {
  readonly dims: readonly [number, number, number];
  /** Row-major 3×4. */
  readonly indexToLps: readonly number[];
  readonly spacingMm: readonly [number, number, number];
}

export interface ViewData {
  readonly layout: string;
  readonly crosshair: readonly [number, number, number];
  readonly window: { readonly center: number; readonly width: number };
  readonly planes: Readonly<Record<string, { readonly zoom: number; readonly panMm: readonly [number, number] }>>;
  readonly volumeMode: string;
  readonly volumePreset: string;
}

export interface ToolData {
  readonly active: string;
  readonly brush: { readonly radiusMm: number; readonly shape: string };
  readonly mask: { readonly on: boolean; readonly low: number; readonly high: number };
  readonly grow: { readonly low: number; readonly high: number; readonly connectivity: number };
}

/** The program as a person and a script see it. */
export class App {
  readonly page: Page;
  /** Errors that no one caught; a test that ends with any has failed. */
  readonly pageErrors: string[] = [];

  constructor(page: Page) {
    this.page = page;
    page.on("pageerror", (error) => this.pageErrors.push(error.message));
  }

  async start(url = "/"): Promise<void> {
    await this.page.goto(url);
    await this.ready();
  }

  async ready(): Promise<void> {
    await this.page.waitForFunction(() => window.voxelwright !== undefined);
    await expect(
      this.page.getByRole("region", { name: "Open a scan" }).or(this.page.getByRole("main", { name: "Views" })),
    ).toBeVisible();
  }

  /** Runs a command as a script does. */
  run<Result = unknown>(id: string, args: object = {}): Promise<Result> {
    return this.page.evaluate(([command, given]) => window.voxelwright!.run(command, given), [
      id,
      args,
    ] as const) as Promise<Result>;
  }

  /** Chooses files of this machine through the page's own input. */
  async chooseFiles(
    paths: string | string[],
    input: "Scan files" | "Scan folder" | "Label files" = "Scan files",
  ): Promise<void> {
    await this.page.getByLabel(input, { exact: true }).setInputFiles(paths);
  }

  async openSample(title: string): Promise<void> {
    await this.page.getByRole("button", { name: `Open sample: ${title}` }).click();
    await this.opened();
  }

  /** Waits until a study is open, its import is over, and a first picture stands where the pointer will be. */
  async opened(): Promise<void> {
    await expect(this.page.getByRole("main", { name: "Views" })).toBeVisible();
    await expect(this.page.getByRole("region", { name: "Import" })).toBeHidden({ timeout: 90_000 });
    const open = (): Promise<boolean> =>
      this.page.evaluate(() =>
        window.voxelwright!.run("journal.list").then(
          () => true,
          () => false,
        ),
      );
    await expect.poll(open, { intervals: [50] }).toBe(true);
    const drawn = this.words("axial", "slice").and(this.page.locator(":not(:empty)"));
    await expect(drawn.or(this.page.getByRole("alert", { name: "WebGPU is missing" })).first()).toBeAttached();
  }

  view(name: ViewName): Locator {
    return this.page.locator(`[data-view="${name}"]`);
  }

  /** A line of the words over a plane. */
  words(name: ViewName, line: string): Locator {
    return this.view(name).locator(`[data-overlay="${line}"]`);
  }

  viewData(): Promise<ViewData> {
    return this.run<ViewData>("view.set");
  }

  toolData(): Promise<ToolData> {
    return this.run<ToolData>("tool.set");
  }

  /** Where the open study lies, from the list of studies. */
  async opening(): Promise<Opened> {
    interface Row {
      readonly description: { readonly grid: Pick<Opened, "dims" | "indexToLps"> };
    }
    const [study] = await this.run<Row[]>("study.list");
    const { dims, indexToLps } = study!.description.grid;
    const spacingMm = [0, 1, 2].map((axis) => Math.hypot(...[0, 4, 8].map((row) => indexToLps[row + axis]!)));
    return { dims, indexToLps, spacingMm: spacingMm as unknown as Opened["spacingMm"] };
  }

  /** Where a share of a view lies on the page, CSS pixels, on whole pixels as a mouse is. */
  async point(name: ViewName, [x, y]: Share): Promise<[number, number]> {
    const box = (await this.view(name).boundingBox())!;
    return [Math.round(box.x + box.width * x), Math.round(box.y + box.height * y)];
  }

  async hover(name: ViewName, at: Share): Promise<void> {
    await this.page.mouse.move(...(await this.point(name, at)));
    await this.settle();
  }

  async click(name: ViewName, at: Share): Promise<void> {
    await this.page.mouse.click(...(await this.point(name, at)));
  }

  /** The voxel under a point of a plane, as the plane says it. */
  async voxelAt(name: ViewName, at: Share): Promise<Ijk> {
    await this.hover(name, at);
    const words = await this.words(name, "index").innerText();
    return words.replace("ijk ", "").split(" ").map(Number) as unknown as Ijk;
  }

  valueAt(ijk: Ijk): Promise<{ value: number; label: number }> {
    return this.run("volume.value", { ijk });
  }

  /** Labels of many voxels. */
  labelsAt(voxels: readonly Ijk[]): Promise<number[]> {
    return this.page.evaluate(async (all) => {
      const labels: number[] = [];
      for (const ijk of all) {
        const { label } = (await window.voxelwright!.run("volume.value", { ijk })) as { label: number };
        labels.push(label);
      }
      return labels;
    }, voxels);
  }

  /** Waits until the GPU has drawn what was asked for. */
  async settle(): Promise<void> {
    await this.page.evaluate(
      () => new Promise<void>((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve()))),
    );
    await this.page.waitForTimeout(150);
  }

  /** Share of a view's pixels that are brighter than `level` (0–255). */
  async brightShare(name: ViewName, level = 40): Promise<number> {
    await this.settle();
    const png = await this.view(name).screenshot();
    return this.page.evaluate(
      async ([base64, threshold]) => {
        const bytes = Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
        const bitmap = await createImageBitmap(new Blob([bytes]));
        const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
        const context = canvas.getContext("2d")!;
        context.drawImage(bitmap, 0, 0);
        const { data } = context.getImageData(0, 0, bitmap.width, bitmap.height);
        let bright = 0;
        for (let n = 0; n < data.length; n += 4)
          if (Math.max(data[n]!, data[n + 1]!, data[n + 2]!) > threshold) bright++;
        return bright / (data.length / 4);
      },
      [png.toString("base64"), level] as const,
    );
  }

  /** Drags over a view; points are shares of its width and height. */
  async drag(
    name: ViewName,
    points: readonly Share[],
    { steps = 4, button = "left" }: { steps?: number; button?: "left" | "middle" | "right" } = {},
  ): Promise<void> {
    await this.page.mouse.move(...(await this.point(name, points[0]!)));
    await this.page.mouse.down({ button });
    for (const point of points.slice(1)) await this.page.mouse.move(...(await this.point(name, point)), { steps });
    await this.page.mouse.up({ button });
  }

  /** Every label of the study, i fastest. */
  async labels(): Promise<Uint16Array> {
    const base64 = await this.page.evaluate(async () => {
      const { bytes } = (await window.voxelwright!.run("label.export", { format: "nii" })) as { bytes: Uint8Array };
      let text = "";
      for (let n = 0; n < bytes.length; n += 32768) text += String.fromCharCode(...bytes.subarray(n, n + 32768));
      return btoa(text);
    });
    const bytes = Buffer.from(base64, "base64");
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const count = [42, 44, 46].reduce((product, at) => product * view.getInt16(at, true), 1);
    const start = view.getFloat32(108, true);
    // NIfTI's datatype 2 is uint8, 512 is uint16.
    const wide = view.getInt16(70, true) === 512;
    return Uint16Array.from({ length: count }, (_, n) =>
      wide ? view.getUint16(start + 2 * n, true) : view.getUint8(start + n),
    );
  }

  /** Voxels that have a label, by segment value. */
  async sizes(): Promise<Record<number, number>> {
    const rows = await this.run<{ segment: number; voxels: number }[]>("label.statistics");
    return Object.fromEntries(rows.filter((row) => row.voxels > 0).map((row) => [row.segment, row.voxels]));
  }

  /** Adds a segment as a person does: a key, a name, Enter. */
  async addSegment(name: string): Promise<void> {
    await this.page.keyboard.press("a");
    await this.page.keyboard.type(name);
    await this.page.keyboard.press("Enter");
    await expect(this.page.getByRole("button", { name, exact: true })).toBeVisible();
  }

  /** Voxels that the preview says it takes, once it is computed. */
  async previewed(): Promise<number> {
    const bar = this.page.getByRole("region", { name: "Preview", exact: true });
    await expect(bar.getByRole("button", { name: /Accept/ })).toBeEnabled();
    return Number((await bar.locator(".numbers").first().innerText()).split(" ")[0]!.replaceAll(",", ""));
  }

  async expectNoErrors(): Promise<void> {
    expect(this.pageErrors).toEqual([]);
  }
}
