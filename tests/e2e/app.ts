import { expect, type Locator, type Page } from "@playwright/test";

export type Ijk = readonly [number, number, number];

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

  /** Waits until a study is open and its import is over. */
  async opened(): Promise<void> {
    await expect(this.page.getByRole("main", { name: "Views" })).toBeVisible();
    await expect(this.page.getByRole("region", { name: "Import" })).toBeHidden({ timeout: 90_000 });
    await this.page.waitForFunction(() =>
      window.voxelwright!.run("journal.list").then(
        () => true,
        () => false,
      ),
    );
  }

  view(name: "axial" | "coronal" | "sagittal" | "volume"): Locator {
    return this.page.locator(`[data-view="${name}"]`);
  }

  /** Waits until the GPU has drawn what was asked for. */
  async settle(): Promise<void> {
    await this.page.evaluate(
      () => new Promise<void>((resolve) => requestAnimationFrame(() => requestAnimationFrame(() => resolve()))),
    );
    await this.page.waitForTimeout(150);
  }

  /** Share of a view's pixels that are brighter than `level` (0–255). */
  async brightShare(name: Parameters<App["view"]>[0], level = 40): Promise<number> {
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

  /** Drags over a view with the left button; points are shares of its width and height. */
  async drag(
    name: Parameters<App["view"]>[0],
    points: readonly (readonly [number, number])[],
    steps = 4,
  ): Promise<void> {
    const box = (await this.view(name).boundingBox())!;
    const at = ([x, y]: readonly [number, number]): [number, number] => [box.x + box.width * x, box.y + box.height * y];
    await this.page.mouse.move(...at(points[0]!));
    await this.page.mouse.down();
    for (const point of points.slice(1)) await this.page.mouse.move(...at(point), { steps });
    await this.page.mouse.up();
  }

  /** Voxels that have a label, by segment value. */
  async sizes(): Promise<Record<number, number>> {
    const rows = await this.run<{ segment: number; voxels: number }[]>("label.statistics");
    return Object.fromEntries(rows.filter((row) => row.voxels > 0).map((row) => [row.segment, row.voxels]));
  }

  async expectNoErrors(): Promise<void> {
    expect(this.pageErrors).toEqual([]);
  }
}
