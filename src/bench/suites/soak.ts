import { createHash } from "node:crypto";
import { createGunzip } from "node:zlib";
import { labelFile } from "#export";
import { replayJournal, verifyJournal } from "#labelmap";
import { type Dims, ImageGrid } from "#volume";
import { type BenchPage, openBrowser } from "../page/browser.ts";
import { openScaleHost, type ScaleHost } from "../page/scale/scale-host.ts";
import { ScalePage } from "../page/scale/scale-page.ts";
import { SCALE_VOLUME, scaleMiddle } from "../page/scale/scale-volume.ts";
import { type BenchRow, benchRow } from "../report.ts";
import type { Suite, SuitePort } from "../suite.ts";

const REFERENCE: Dims = [1832, 1832, 2399];
/** How long the walk takes, minutes; `VOXELWRIGHT_SOAK_MINUTES` says otherwise. */
const MINUTES = 60;
/** The same walk every time. */
const SEED = 20_261_126;

/**
 * An hour of annotating a scan of 16 GB by script: views, strokes, growths, undo, redo, closing, reloading. At the end the tab must hold
 * what it held at the beginning, the journal verify with an entry for each change, and a replay from zero give the same labels.
 */
export const soakSuite: Suite = { peers: ["@playwright/test", "zarrita"], run: soakRows };

async function soakRows(port: SuitePort): Promise<BenchRow[]> {
  const browser = await openBrowser();
  if (typeof browser === "string") {
    port.note(`an hour of annotating: left out, as ${browser}.`);
    return [];
  }
  const host = await openScaleHost();
  const opened = await browser.open();
  port.found.versions["chromium"] = opened.version;
  try {
    return await walk(opened, host, port);
  } finally {
    await opened.close();
    await host.stop();
    await browser.close();
  }
}

interface Count {
  actions: number;
  /** Entries that the actions must have left in the journal. */
  entries: number;
  /** Changes that undo may take back: the segments stay. */
  undoable: number;
}

async function walk(opened: BenchPage, host: ScaleHost, port: SuitePort): Promise<BenchRow[]> {
  const minutes = Number(process.env["VOXELWRIGHT_SOAK_MINUTES"] ?? MINUTES);
  const study = new ScalePage(opened.page);
  const { volumeId } = await study.open(host.address(REFERENCE));
  for (const name of ["Ball", "Vessels", "Strokes"]) await study.run("segment.add", { name });
  const random = randomFrom(SEED);
  const count: Count = { actions: 0, entries: await entriesOf(study), undoable: 0 };
  const memory: { readonly minute: number; readonly resident: number; readonly gpu: number }[] = [];
  const start = performance.now();
  const end = start + minutes * 60_000;
  let nextLook = start;
  while (performance.now() < end) {
    port.signal?.throwIfAborted();
    await act(study, opened, volumeId, random, count);
    if (performance.now() < nextLook) continue;
    nextLook = performance.now() + Math.max(30_000, (minutes * 60_000) / 20);
    const look = {
      minute: (performance.now() - start) / 60_000,
      resident: opened.memory.residentBytes() ?? 0,
      gpu: await study.gpuBytes(),
    };
    memory.push(look);
    port.note(
      `minute ${look.minute.toFixed(1)}: ${count.actions} actions, ${count.entries} entries, ` +
        `${Math.round(look.resident / 1e6)} MB resident, ${Math.round(look.gpu / 1e6)} MB on the GPU`,
    );
  }
  return [...rowsOf(minutes, count, memory), ...(await verified(study, count, port))];
}

/** One action of the walk, chosen by chance; most are small. */
async function act(
  study: ScalePage,
  { page }: BenchPage,
  volumeId: string,
  random: () => number,
  count: Count,
): Promise<void> {
  count.actions++;
  const below = (n: number): number => Math.floor(random() * n);
  const somewhere = (): Dims => REFERENCE.map((n) => 64 + below(n - 128)) as unknown as Dims;
  const changed = async (id: string, args: object): Promise<void> => {
    const { result } = await study.run<{ changed?: number; entry?: number | null }>(id, args);
    const kept = id.startsWith("history.") ? result.entry !== null : (result.changed ?? 0) > 0;
    if (!kept) return;
    count.entries++;
    count.undoable += id === "history.undo" ? -1 : 1;
  };
  const kind = random();
  if (kind < 0.4) {
    const layout = (["grid", "grid", "axial", "coronal", "volume"] as const)[below(5)]!;
    const zoom = 1 + random() * 6;
    await study.run("view.set", { layout, crosshair: somewhere(), planes: { axial: { zoom }, coronal: { zoom } } });
    await page.waitForTimeout(200);
  } else if (kind < 0.65) {
    const shape = random() < 0.5 ? "sphere" : "disc";
    const ijk = Array.from({ length: 1 + below(6) }, somewhere);
    await changed("label.paint", { segment: 3, ijk, radiusMm: 2 + below(20), shape });
  } else if (kind < 0.75) {
    await changed("label.grow", { segment: 1, seeds: [scaleMiddle(REFERENCE)], range: [...SCALE_VOLUME.ballRange] });
  } else if (kind < 0.8) {
    // A vessel, as long as the volume within the body.
    const [i, j] = [6, 7].map((n) => (n + below(3)) * 128 + 32) as [number, number];
    await changed("label.grow", {
      segment: 2,
      seeds: [[i, j, REFERENCE[2] >> 1]],
      range: [...SCALE_VOLUME.vesselRange],
    });
  } else if (kind < 0.93) {
    for (let n = below(4); n >= 0 && count.undoable > 0; n--) await changed("history.undo", {});
  } else if (kind < 0.98) {
    for (let n = below(3); n >= 0; n--) await changed("history.redo", {});
  } else if (kind < 0.99) {
    await study.run("study.close");
    await study.run("study.reopen", { volumeId });
  } else {
    await page.reload();
    await page.waitForFunction(() => window.voxelwright !== undefined);
    await page.getByLabel("Scan files", { exact: true }).waitFor({ state: "attached" });
    await study.run("study.reopen", { volumeId });
  }
}

function rowsOf(
  minutes: number,
  { actions, entries }: Count,
  memory: readonly {
    readonly minute: number;
    readonly resident: number;
    readonly gpu: number;
  }[],
): BenchRow[] {
  const input = `${REFERENCE.join("×")} int16 (16.1 GB), ${minutes} minutes, ${actions} actions, ${entries} entries`;
  const at = memory.filter((_, n) => n === 1 || n === memory.length >> 1 || n === memory.length - 1);
  return at.flatMap(({ minute, resident, gpu }) => {
    const when = `${input}; minute ${minute.toFixed(1)}`;
    return [
      { name: "soak: resident memory of the tab", input: when, bytes: resident },
      { name: "soak: GPU bytes", input: when, bytes: gpu },
    ];
  });
}

/** Throws when an entry is missing, the journal does not verify, or a replay gives other labels. */
async function verified(study: ScalePage, count: Count, port: SuitePort): Promise<BenchRow[]> {
  port.note("checking the journal, and its replay from zero");
  const kept = await entriesOf(study);
  if (kept !== count.entries) throw new Error(`The journal has ${kept} entries; ${count.entries} were made.`);
  const journal = await study.bytesOf("journal.export");
  const start = performance.now();
  const result = await verifyJournal(journal);
  if (!result.ok) throw new Error(`The journal does not verify: ${JSON.stringify(result)}`);
  const replayed = await replayJournal(journal, REFERENCE);
  const replayMs = performance.now() - start;
  const grid = new ImageGrid({ dims: REFERENCE, indexToLps: [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0] });
  const [expected, live] = [createHash("sha256"), createHash("sha256")];
  const file = labelFile("nii", { name: "soak", grid, labels: replayed.labelmap, segments: replayed.segments.list() });
  const voxelsOf = skipping(NIFTI_HEADER);
  for await (const chunk of file.chunks) expected.update(voxelsOf(chunk));
  const packed = createGunzip();
  packed.end(await study.bytesOf("label.export", { format: "nii.gz" }));
  const voxelsOfLive = skipping(NIFTI_HEADER);
  for await (const chunk of packed as AsyncIterable<Uint8Array>) live.update(voxelsOfLive(chunk));
  if (expected.digest("hex") !== live.digest("hex")) throw new Error("A replay of the journal gives other labels.");
  const input = `${kept} entries, ${(journal.length / 1e6).toFixed(1)} MB; the 8 billion labels of the replay and of the page are the same`;
  return [benchRow({ name: "soak: journal verified and replayed from zero, in Node", input, ourMs: replayMs })];
}

/** Header and padding before the voxels; it holds the study's name. */
const NIFTI_HEADER = 352;

/** Leaves out the first bytes of a stream. */
function skipping(bytes: number): (chunk: Uint8Array) => Uint8Array {
  let left = bytes;
  return (chunk) => {
    const part = chunk.subarray(Math.min(left, chunk.length));
    left -= chunk.length - part.length;
    return part;
  };
}

async function entriesOf(study: ScalePage): Promise<number> {
  return (await study.run<unknown[]>("journal.list")).result.length;
}

/** Mulberry32: numbers from 0 to 1. */
function randomFrom(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
