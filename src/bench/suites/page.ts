import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "@playwright/test";
import { bytesPerVoxel } from "#volume";
import { filesInMemory, openSeries, samplePath, sharedPath } from "../inputs.ts";
import { type BenchBrowser, type BenchPage, openBrowser } from "../page/browser.ts";
import { measureBrush } from "../page/brush-latency.ts";
import { plainCopy, plainWrite } from "../page/plain-storage.ts";
import { writeSyntheticScan } from "../page/synthetic-scan.ts";
import { type ImportTimes, timeImport } from "../page/watch-picture.ts";
import { type BenchRow, benchRow } from "../report.ts";
import type { Suite, SuitePort } from "../suite.ts";
import { median } from "../timing.ts";
import { GROWTHS } from "./growth.ts";

/** The program as a person meets it: the built site in a Chromium, scans chosen through its own input, strokes by the mouse. */
export const pageSuite: Suite = { peers: ["@playwright/test"], run: pageRows };

export async function pageRows(port: SuitePort): Promise<BenchRow[]> {
  const browser = await openBrowser();
  if (typeof browser === "string") {
    port.note(`the page: left out, as ${browser}.`);
    return [];
  }
  const rows: BenchRow[] = [];
  try {
    for (const part of [importRows, labelRows, memoryRows]) {
      port.signal?.throwIfAborted();
      rows.push(...(await part(browser, port)));
    }
  } finally {
    await browser.close();
  }
  return rows;
}

interface PageScan {
  readonly name: string;
  readonly paths: readonly string[];
  readonly megabytes: number;
  readonly rounds: number;
  /** The file holds voxels as they are, so that an import is no more than a copy into other places. */
  readonly isRaw?: boolean;
  /** How the page inflates the file alone; undefined where it cannot be told in a few lines. */
  readonly inflate?: { readonly format: CompressionFormat; readonly start: (bytes: Uint8Array) => number };
}

async function scanOf(path: string, rounds: number, inflate?: PageScan["inflate"]): Promise<PageScan> {
  const { description } = await openSeries(await filesInMemory(path));
  const [i, j, k] = description.grid.dims;
  const name = path.split(/[\\/]/).at(-1)!;
  const paths = /\.\w+$/.test(name) ? [path] : (await readdir(path)).map((file) => join(path, file));
  const megabytes = (i * j * k * description.frames * bytesPerVoxel(description.voxelType)) / 1e6;
  return { name, paths, megabytes, rounds, ...(inflate ? { inflate } : {}) };
}

async function importRows(browser: BenchBrowser, port: SuitePort): Promise<BenchRow[]> {
  const folder = await mkdtemp(join(tmpdir(), "voxelwright-scans-"));
  try {
    const raw: PageScan[] = [];
    for (const slices of [200, 1700]) {
      const path = join(folder, `synthetic-raw-${slices}.nii`);
      await writeSyntheticScan(path, slices);
      raw.push({ ...(await scanOf(path, 3)), isRaw: true });
    }
    return await importRowsOf(browser, port, raw);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function importRowsOf(browser: BenchBrowser, port: SuitePort, raw: readonly PageScan[]): Promise<BenchRow[]> {
  const found: (PageScan | undefined)[] = [
    await present(samplePath("chest-ct.mha"), 3, { format: "deflate", start: afterHeader }),
    await present(samplePath("head-mr.nii.gz"), 2, { format: "gzip", start: () => 0 }),
    await present(sharedPath("ct-dicom/chest-abdomen-lidc-jpegls"), 1),
    ...raw,
  ];
  const rows: BenchRow[] = [];
  for (const scan of found) {
    if (!scan) continue;
    port.note(`the page: import of ${scan.name}`);
    const drawn: ImportTimes[] = [];
    const bare: ImportTimes[] = [];
    const floors: number[] = [];
    const writes: number[] = [];
    const copies: number[] = [];
    for (let round = 0; round < scan.rounds; round++) {
      await withPage(browser, true, async ({ page, version }) => {
        port.found.adapter ??= await adapterOf(page);
        port.found.versions["chromium"] = version;
        drawn.push(await timeImport(page, scan.paths));
      });
      await withPage(browser, false, async ({ page }) => {
        if (scan.inflate) floors.push(await inflateInPage(page, scan));
        writes.push(await plainWrite(page, scan.megabytes * 1e6));
        if (scan.isRaw) copies.push(await plainCopy(page, scan.paths[0]!));
        bare.push(await timeImport(page, scan.paths, false));
      });
    }
    rows.push(...rowsOf(scan, drawn, bare, { floors, writes, copies }));
  }
  return rows;
}

async function present(
  path: string | undefined,
  rounds: number,
  inflate?: PageScan["inflate"],
): Promise<PageScan | undefined> {
  return path === undefined ? undefined : scanOf(path, rounds, inflate);
}

function rowsOf(
  { name, megabytes }: PageScan,
  drawn: readonly ImportTimes[],
  bare: readonly ImportTimes[],
  { floors, writes, copies }: Readonly<Record<"floors" | "writes" | "copies", readonly number[]>>,
): BenchRow[] {
  const middle = (times: readonly ImportTimes[], field: keyof ImportTimes): number =>
    median(times.map((time) => time[field]));
  const input = `${name}, ${megabytes.toFixed(1)} MB of voxels, fresh browser`;
  const shown = `${input}, four views drawing`;
  const alone = `${input}, no adapter and so no views${floors.length > 0 ? "; floor: DecompressionStream in the same page" : ""}`;
  const floor = median(floors);
  const withFloor = (per: number): { floorMs?: number } => (floors.length > 0 ? { floorMs: floor / per } : {});
  const whole = middle(bare, "whole");
  return [
    benchRow({ name: "page: first picture", input: shown, ourMs: middle(drawn, "firstPicture") }),
    benchRow({ name: "page: whole import, kept", input: shown, ourMs: middle(drawn, "whole") }),
    benchRow({ name: "page: whole import, kept", input: alone, ourMs: whole, ...withFloor(1) }),
    benchRow({ name: "page: whole import, per MB", input: alone, ourMs: whole / megabytes, ...withFloor(megabytes) }),
    benchRow({
      name: "page: whole import, kept, against plain writing",
      input: `${input}, no adapter and so no views; floor: the same bytes into one file of the origin private file system`,
      ourMs: whole,
      floorMs: median(writes),
    }),
    ...(copies.length > 0
      ? [
          benchRow({
            name: "page: whole import, kept, against a plain copy",
            input: `${input}, no adapter and so no views; floor: one worker reads the file and writes it into the same`,
            ourMs: whole,
            floorMs: median(copies),
          }),
        ]
      : []),
    benchRow({ name: "page: longest time between frames", input: shown, ourMs: middle(drawn, "longestGap") }),
    benchRow({ name: "page: longest time between frames", input: alone, ourMs: middle(bare, "longestGap") }),
  ];
}

/** Plain decompression of the file's bytes in the page's own thread, nothing kept, after one run to warm up. */
async function inflateInPage(page: Page, { paths, inflate }: PageScan): Promise<number> {
  const [file] = await filesInMemory(paths[0]!);
  const bytes = new Uint8Array(await file!.blob.arrayBuffer());
  const body = Buffer.from(bytes.subarray(inflate!.start(bytes))).toString("base64");
  return page.evaluate(
    async ([base64, format]) => {
      const blob = new Blob([Uint8Array.from(atob(base64), (char) => char.charCodeAt(0))]);
      const run = async (): Promise<number> => {
        const start = performance.now();
        const reader = blob
          .stream()
          .pipeThrough(new DecompressionStream(format as CompressionFormat))
          .getReader();
        while (!(await reader.read()).done);
        return performance.now() - start;
      };
      await run();
      return run();
    },
    [body, inflate!.format] as const,
  );
}

function afterHeader(bytes: Uint8Array): number {
  const head = new TextDecoder("latin1").decode(bytes.subarray(0, 4096));
  return head.indexOf("\n", head.indexOf("ElementDataFile")) + 1;
}

/** Strokes, growth and fill on the sample, as the page runs them: workers, journal and storage included. */
async function labelRows(browser: BenchBrowser, port: SuitePort): Promise<BenchRow[]> {
  const path = samplePath("chest-ct.mha");
  if (path === undefined) return [];
  port.note("the page: brush, growth and fill on chest-ct.mha");
  return withPage(browser, true, async ({ page }) => {
    await timeImport(page, path);
    await page.waitForTimeout(1500);
    await command(page, "segment.add", { name: "Lungs" });
    const { seed, range } = GROWTHS[0]!;
    const growing: number[] = [];
    for (let round = 0; round < 5; round++) {
      const start = performance.now();
      await command(page, "label.grow", { segment: 1, seeds: [seed], range: [...range] });
      growing.push(performance.now() - start);
      if (round < 4) await command(page, "history.undo");
    }
    await command(page, "history.undo");
    const filling: number[] = [];
    for (const k of [40, 50, 60, 70, 80]) {
      const ijk = [[50 + (k - 60) / 4, 80, k]];
      await command(page, "label.paint", { segment: 1, ijk, radiusMm: 20, shape: "disc", axis: 2 });
    }
    for (let round = 0; round < 5; round++) {
      const start = performance.now();
      await command(page, "label.fill", { method: "shape", axis: 2 });
      filling.push(performance.now() - start);
      await command(page, "history.undo");
    }
    for (let step = 0; step < 5; step++) await command(page, "history.undo");
    await command(page, "tool.set", { tool: "brush", brush: { radiusMm: 4, shape: "disc" } });
    await page.waitForTimeout(500);
    const brush = await measureBrush(page);
    const view = "chest-ct.mha, four views at 1280 × 800, disc of 4 mm";
    return [
      benchRow({
        name: "page: brush, pointer to edit",
        input: `${view}, ${brush.samples} samples`,
        ourMs: brush.toEdit,
      }),
      benchRow({
        name: "page: brush, pointer to pixels",
        input: `${view}, ${brush.samples} samples, read back from the canvas`,
        ourMs: brush.toPixels,
      }),
      benchRow({
        name: "page: growth, kept",
        input: "lungs of chest-ct.mha, label.grow in workers, in the journal and on the disk",
        ourMs: median(growing),
      }),
      benchRow({
        name: "page: fill between slices, kept",
        input: "five discs 10 slices apart on chest-ct.mha, label.fill in workers, in the journal and on the disk",
        ourMs: median(filling),
      }),
    ];
  });
}

async function command(page: Page, id: string, args: object = {}): Promise<unknown> {
  return page.evaluate(([name, given]) => window.voxelwright!.run(name, given), [id, args] as const);
}

/** Peak memory of the tab while it imports: the largest real scan, and two that differ only in their number of slices. */
async function memoryRows(browser: BenchBrowser, port: SuitePort): Promise<BenchRow[]> {
  if (process.platform !== "linux") {
    port.note("the page: peak memory left out, as only Linux tells it.");
    return [];
  }
  const folder = await mkdtemp(join(tmpdir(), "voxelwright-bench-"));
  const rows: BenchRow[] = [];
  try {
    const idle = await withPage(browser, true, ({ memory }) => Promise.resolve(memory.peakBytes()));
    if (idle !== undefined)
      rows.push({ name: "page: peak memory, nothing open", input: "the tab's process", bytes: idle });
    const lidc = sharedPath("ct-dicom/chest-abdomen-lidc-jpegls");
    const cases: { readonly input: string; readonly paths: readonly string[]; readonly views: boolean }[] = [];
    if (lidc) {
      const { paths } = await scanOf(lidc, 1);
      const input = "116 × 512 × 512 uint16 (61 MB), JPEG-LS, four views drawing";
      cases.push({ input, paths, views: true });
    }
    for (const slices of [200, 600]) {
      const path = join(folder, `synthetic-${slices}.nii`);
      await writeSyntheticScan(path, slices);
      const size = Math.round((slices * 512 * 512 * 2) / 1e6);
      cases.push({
        input: `${slices} × 512 × 512 int16 (${size} MB), raw, synthetic, no views`,
        paths: [path],
        views: false,
      });
    }
    for (const { input, paths, views } of cases) {
      port.note(`the page: peak memory of ${input}`);
      const bytes = await withPage(browser, views, async ({ page, memory }) => {
        await timeImport(page, paths, views);
        await page.waitForTimeout(1000);
        return memory.peakBytes();
      });
      if (bytes !== undefined)
        rows.push({ name: "page: peak memory of an import", input: `${input}; the tab's process`, bytes });
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
  return rows;
}

async function withPage<T>(
  browser: BenchBrowser,
  webGpu: boolean,
  work: (opened: BenchPage) => Promise<T>,
): Promise<T> {
  const opened = await browser.open({ webGpu });
  try {
    return await work(opened);
  } finally {
    await opened.close();
  }
}

function adapterOf(page: Page): Promise<string> {
  return page.evaluate(async () => {
    const info = (await navigator.gpu.requestAdapter())?.info;
    return info ? [info.vendor, info.architecture, info.description].filter(Boolean).join(" ") : "none";
  });
}
