import type { Dims } from "#volume";
import { type BenchPage, openBrowser } from "../page/browser.ts";
import { openScaleHost } from "../page/scale/scale-host.ts";
import { ScalePage } from "../page/scale/scale-page.ts";
import { SCALE_VOLUME, scaleMiddle, shellVoxel } from "../page/scale/scale-volume.ts";
import { type BenchRow, benchRow } from "../report.ts";
import type { Suite, SuitePort } from "../suite.ts";

/** What the operations run on when nothing else is said: 16.1 GB. */
const REFERENCE: Dims = [1832, 1832, 2399];

interface Operation {
  readonly what: string;
  /** Commands run one after the other, measured as one. */
  readonly commands: readonly (readonly [id: string, args: object])[];
  /** Whether what it gives is a file: its bytes are told. */
  readonly file?: boolean;
  /** Whether it ends when the volume view has nothing left to do. */
  readonly settles?: boolean;
}

/** Every operation on a whole large volume, once each: time, longest stretch without a turn of the page's thread, peak memory. */
export const scaleOperationsSuite: Suite = { peers: ["@playwright/test"], run: operationRows };

async function operationRows(port: SuitePort): Promise<BenchRow[]> {
  const browser = await openBrowser();
  if (typeof browser === "string") {
    port.note(`operations on a large volume: left out, as ${browser}.`);
    return [];
  }
  const host = await openScaleHost();
  const opened = await browser.open();
  port.found.versions["chromium"] = opened.version;
  const dims = dimsFrom(process.env["VOXELWRIGHT_SCALE_DIMS"]) ?? REFERENCE;
  try {
    return await measured(opened, host.address(dims), dims, port);
  } finally {
    await opened.close();
    await host.stop();
    await browser.close();
  }
}

/** "1832x1832x2399" as dims. */
function dimsFrom(text: string | undefined): Dims | undefined {
  const dims = text?.split("x").map(Number);
  return dims?.length === 3 && dims.every((n) => Number.isInteger(n) && n >= 128)
    ? (dims as unknown as Dims)
    : undefined;
}

async function measured(opened: BenchPage, url: string, dims: Dims, port: SuitePort): Promise<BenchRow[]> {
  const study = new ScalePage(opened.page);
  await study.open(url);
  for (const name of ["Ball", "Shell", "Discs"]) await study.run("segment.add", { name });
  await study.run("view.set", { crosshair: [...scaleMiddle(dims)] });
  await study.whole();
  const rows: BenchRow[] = [];
  for (const operation of operations(dims)) {
    port.signal?.throwIfAborted();
    opened.memory.resetPeak();
    const { ms, longest, changed, fileBytes } = await run(opened, operation);
    const peak = opened.memory.peakBytes();
    const of = changed === undefined ? "" : `, ${changed} voxels`;
    const size = fileBytes === undefined ? "" : `, ${(fileBytes / 1e6).toFixed(1)} MB`;
    const input = `${dims.join("×")} int16${of}${size}; the page's thread without a turn for ${Math.round(longest)} ms at most`;
    port.note(
      `${operation.what}: ${(ms / 1000).toFixed(1)} s, ${Math.round(longest)} ms, ${Math.round((peak ?? 0) / 1e6)} MB${of}${size}`,
    );
    rows.push({
      ...benchRow({ name: `scale: ${operation.what}`, input, ourMs: ms }),
      ...(peak === undefined ? {} : { bytes: peak }),
    });
  }
  return rows;
}

/** In an order in which each finds what it works on; what changes labels is undone where that comes next. */
function operations(dims: Dims): Operation[] {
  const [i, j, k] = scaleMiddle(dims);
  const ball = ["label.grow", { segment: 1, seeds: [[i, j, k]], range: [...SCALE_VOLUME.ballRange] }] as const;
  const shell = ["label.grow", { segment: 2, seeds: [shellVoxel(dims)], range: [...SCALE_VOLUME.shellRange] }] as const;
  const undo = ["history.undo", {}] as const;
  const radiusMm = Math.round(Math.min(i, j) * 0.31);
  const discs = Array.from({ length: 11 }, (_, n) => [i, j, k + (n - 5) * Math.floor(k / 8)]);
  const drawn = discs.map(
    (ijk) => ["label.paint", { segment: 3, ijk: [ijk], radiusMm, shape: "disc", axis: 2 }] as const,
  );
  return [
    { what: "growth of a ball", commands: [ball] },
    { what: "growth of the shell", commands: [shell] },
    { what: "statistics", commands: [["label.statistics", {}]] },
    { what: "statistics with shape", commands: [["label.statistics", { shape: true }]] },
    { what: "the largest island kept", commands: [["label.islands", { operation: "largest", segments: [2] }]] },
    { what: "median of 3 mm of the shell", commands: [["label.smooth", { method: "median", mm: 3, segments: [2] }]] },
    { what: "its undo", commands: [undo] },
    { what: "margin of −1 mm of the shell", commands: [["label.margin", { mm: -1, segments: [2] }]] },
    { what: "undo of the margin", commands: [undo] },
    { what: "holes filled slice by slice", commands: [["label.holes", { segments: [2], axis: 2 }]] },
    { what: "undo of the holes", commands: [undo] },
    { what: "redo of the holes", commands: [["history.redo", {}]] },
    { what: "undo of the holes, again", commands: [undo] },
    { what: "eleven discs drawn", commands: drawn },
    { what: "fill between the discs", commands: [["label.fill", { method: "shape", axis: 2, segments: [3] }]] },
    { what: "undo of the fill", commands: [undo] },
    { what: "all labels as .nii.gz", commands: [["label.export", { format: "nii.gz", as: "file" }]], file: true },
    {
      what: "surface of the shell as .stl",
      commands: [["label.exportSurface", { format: "stl", segments: [2], as: "file" }]],
      file: true,
    },
    {
      what: "surface of the shell as .ply",
      commands: [["label.exportSurface", { format: "ply", segments: [2], as: "file" }]],
      file: true,
    },
    {
      what: "surfaces in the volume view",
      commands: [["view.set", { layout: "volume", labelsInVolume: "surfaces" }]],
      settles: true,
    },
  ];
}

interface Measured {
  readonly ms: number;
  readonly longest: number;
  readonly changed?: number;
  readonly fileBytes?: number;
}

function run({ page }: BenchPage, { commands, file = false, settles = false }: Operation): Promise<Measured> {
  return page.evaluate(
    async ([all, isFile, untilStill]) => {
      const still = (): boolean =>
        document.querySelector('[data-view="volume"]')?.getAttribute("aria-busy") === "false";
      let last = performance.now();
      let longest = 0;
      const turn = (): void => {
        longest = Math.max(longest, performance.now() - last);
        last = performance.now();
      };
      const timer = setInterval(turn, 0);
      const start = performance.now();
      let result: { changed?: number; file?: Blob } | undefined;
      for (const [id, args] of all) result = (await window.voxelwright!.run(id, args)) as typeof result;
      let end = performance.now();
      // Between two pieces of work it may look still for a moment.
      for (let quiet = 0; untilStill && quiet < 20 && end - start < 900_000; quiet = still() ? quiet + 1 : 0) {
        await new Promise((resolve) => setTimeout(resolve, 100));
        if (!still()) end = performance.now();
      }
      const ms = end - start;
      clearInterval(timer);
      turn();
      return {
        ms,
        longest,
        ...(result?.changed === undefined ? {} : { changed: result.changed }),
        ...(isFile && result?.file ? { fileBytes: result.file.size } : {}),
      };
    },
    [commands, file, settles] as const,
  );
}
