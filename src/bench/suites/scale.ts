import type { Dims } from "#volume";
import { type BenchPage, openBrowser } from "../page/browser.ts";
import { measureBrush } from "../page/brush-latency.ts";
import { openScaleHost, type ScaleHost } from "../page/scale/scale-host.ts";
import { ScalePage } from "../page/scale/scale-page.ts";
import { ballVoxels, SCALE_VOLUME, scaleMiddle, shellVoxel } from "../page/scale/scale-volume.ts";
import { type BenchRow, benchRow } from "../report.ts";
import type { Suite, SuitePort } from "../suite.ts";
import { scaleOperationsSuite } from "./scale-operations.ts";
import { median } from "../timing.ts";

/** More than 2³² voxels, 16.1 GB: the scan that the program is made for. */
const REFERENCE: Dims = [1832, 1832, 2399];
const SIZES: readonly Dims[] = [...[128, 256, 512, 1024].map((n): Dims => [n, n, n]), REFERENCE, [2048, 2048, 2048]];
/** Of what takes tens of milliseconds, where single turns scatter. */
const ROUNDS = 9;

/** What an annotator does, on volumes from 128³ to 2048³: what is done to a structure of one size, and what grows with the volume. */
export const scaleSuite: Suite = { peers: ["@playwright/test", "zarrita"], run: (port) => scaleRows(port, true) };

/** Parts by name: `scale:fixed` leaves out growth over the whole volume. */
export const scaleSuites: Readonly<Record<string, Suite>> = {
  "scale:fixed": { peers: scaleSuite.peers, run: (port) => scaleRows(port, false) },
  "scale:operations": scaleOperationsSuite,
};

async function scaleRows(port: SuitePort, whole: boolean): Promise<BenchRow[]> {
  const browser = await openBrowser();
  if (typeof browser === "string") {
    port.note(`growth with the size of the volume: left out, as ${browser}.`);
    return [];
  }
  const host = await openScaleHost();
  const rows: BenchRow[] = [];
  try {
    for (const dims of SIZES) {
      port.signal?.throwIfAborted();
      const opened = await browser.open();
      port.found.versions["chromium"] = opened.version;
      try {
        rows.push(...(await rowsOf(opened, host, dims, port, whole)));
      } finally {
        await opened.close();
      }
    }
  } finally {
    await host.stop();
    await browser.close();
  }
  return rows;
}

async function rowsOf(
  { page, memory }: BenchPage,
  host: ScaleHost,
  dims: Dims,
  port: SuitePort,
  whole: boolean,
): Promise<BenchRow[]> {
  const name = dims.join("×");
  const voxels = dims[0] * dims[1] * dims[2];
  const input = `${name} int16 (${(voxels * 2 * 1e-9).toPrecision(3)} GB) by HTTP, made by the brick`;
  const rows: BenchRow[] = [];
  const time = (what: string, how: string, ourMs: number): void =>
    void rows.push({ ...benchRow({ name: `scale: ${what}`, input: `${input}; ${how}`, ourMs }), voxels });
  const size = (what: string, how: string, bytes: number): void =>
    void rows.push({ name: `scale: ${what}`, input: `${input}; ${how}`, bytes, voxels });
  const study = new ScalePage(page);
  const middle = scaleMiddle(dims);
  const medianOf = async (work: () => Promise<number>): Promise<number> => {
    const times: number[] = [];
    for (let round = 0; round < ROUNDS; round++) times.push(await work());
    return median(times);
  };

  port.note(`${name}: opening`);
  const { opened, picture, volumeId } = await study.open(host.address(dims));
  time("open", "until the study can be labelled", opened);
  time("first whole picture", "four views, all bricks of the axial one", picture);
  await study.show(middle, dims);
  time("scroll, a slice", "axial, a voxel a pixel, drawn", await study.scroll(middle, 24));

  port.note(`${name}: a structure of one size`);
  // The one added last is painted with.
  for (const segment of ["Ball", "Shell", "Strokes"]) await study.run("segment.add", { name: segment });
  await study.run("tool.set", { tool: "brush", brush: { radiusMm: 4, shape: "disc" } });
  const brush = await measureBrush(page);
  time("brush, pointer to edit", "disc of 4 voxels radius, axial, a voxel a pixel", brush.toEdit);
  time("brush, pointer to pixels", "the same, read back", brush.toPixels);
  const grow = (): Promise<{ readonly result: { changed: number }; readonly ms: number }> =>
    study.run("label.grow", { segment: 1, seeds: [middle], range: SCALE_VOLUME.ballRange });
  const first = await grow();
  if (first.result.changed !== ballVoxels())
    throw new Error(`${name}: grew ${first.result.changed} voxels of a ball of ${ballVoxels()}`);
  const undo = async (): Promise<number> => (await study.run("history.undo")).ms;
  const undoing = [await undo()];
  const growing: number[] = [];
  for (let round = 0; round < ROUNDS; round++) {
    growing.push((await grow()).ms);
    undoing.push(await undo());
  }
  const ball = `a ball of ${ballVoxels()} voxels, in the journal and on the disk`;
  time("growth of a structure of one size", ball, median(growing));
  time("undo of it", ball, median(undoing));
  const [i, j, k] = middle;
  for (const step of [-10, 0, 10])
    await study.run("label.paint", { segment: 1, ijk: [[i, j, k + step]], radiusMm: 20, shape: "disc", axis: 2 });
  const fill = async (): Promise<number> => {
    const { ms } = await study.run("label.fill", { method: "shape", axis: 2 });
    await undo();
    return ms;
  };
  time("fill between slices", "three discs of 20 voxels radius 10 slices apart", await medianOf(fill));
  for (let n = 0; n < 3; n++) await undo();
  size("GPU bytes", "textures and buffers alive", await study.gpuBytes());
  size("storage", "after all of the above", await study.storageBytes());
  const peak = memory.peakBytes();
  if (peak !== undefined) size("peak memory of the tab", "all of the above", peak);

  if (whole) {
    port.note(`${name}: a structure that grows with the volume`);
    memory.resetPeak();
    const chunks = host.chunks;
    const { result, ms } = await study.run<{ changed: number }>("label.grow", {
      segment: 2,
      seeds: [shellVoxel(dims)],
      range: SCALE_VOLUME.shellRange,
    });
    const shell = `a shell of ${result.changed} voxels`;
    time("growth of a shell of the volume's size", `${shell}, ${host.chunks - chunks} bricks fetched on the way`, ms);
    time("undo of it, a shell", shell, await undo());
    time("redo of it, a shell", shell, (await study.run("history.redo")).ms);
    const most = memory.peakBytes();
    if (most !== undefined) size("peak memory of the tab, a shell", `${shell}: growth, undo, redo`, most);
    size("GPU bytes, a shell", shell, await study.gpuBytes());
    size("storage, a shell", shell, await study.storageBytes());
  }
  await study.run("study.close");
  time("open again", "from the list, with its labels", (await study.run("study.reopen", { volumeId })).ms);
  return rows;
}
