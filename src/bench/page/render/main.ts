import { planeFrame } from "#views";
import { ImageGrid } from "#volume";
import { chestPhantom } from "../../phantom.ts";
import { median } from "../../timing.ts";
import { describeVolume } from "./brick-volume.ts";
import { Floor } from "./floor.ts";
import { GpuWatch, installGpuWatch, watching } from "./gpu-watch.ts";
import { type GrowthTime, timeGrowth } from "./growth.ts";
import { HandFrames } from "./hand-frames.ts";
import { fill, Ours } from "./ours.ts";
import type { BenchVolume, Renderer, SceneFrame, SceneName } from "./renderer.ts";
import { type StrokeBytes, strokeBytes } from "./stroke.ts";
import { frameOf, LOOK, obliqueRotation } from "./scenes.ts";

/** What a renderer did with a scene. */
export interface SceneTime {
  readonly name: string;
  readonly version: string;
  /** Median of the frames, ms; of quick ones, of the means of frames drawn one after another. */
  readonly ms: number;
  readonly frames: number;
  /** From the first call to the end of its work on the GPU: shaders are compiled in it. */
  readonly firstMs: number;
  /** PNG of frame 0, base64. */
  readonly png: string;
}

export interface OpenTime {
  readonly name: string;
  readonly version: string;
  /** From voxels in memory to the first plane drawn. */
  readonly ms: number;
  /** Held when the plane stands. */
  readonly heldBytes: number;
}

/** Left out, and why. */
export interface LeftOut {
  readonly name: string;
  readonly reason: string;
}

export interface RenderBench {
  /** Opens ours, the floor and peers, each module by its address, on a phantom of `edge`³. */
  open(edge: number, peers: readonly { name: string; url: string }[]): Promise<{ opened: OpenTime[]; left: LeftOut[] }>;
  /** Times a scene of all that can draw it, in turns: up to `frames` frames or `budgetMs` each, one at least. */
  time(
    scene: SceneName,
    size: number,
    frames: number,
    budgetMs: number,
  ): Promise<{ times: SceneTime[]; left: LeftOut[] }>;
  growth(edge: number, frames: number): Promise<GrowthTime>;
  stroke(): Promise<StrokeBytes[]>;
  adapter(): Promise<string>;
}

declare global {
  interface Window {
    renderBench?: RenderBench;
  }
}

/** Frames of one renderer before the next has its turn. */
const TURN = 5;
/**
 * Waiting for the end of work takes milliseconds, however little the work is: frames that take less than this with the waiting are
 * drawn one after another, as many as take `BATCH_MS`, and waited for once.
 */
const QUICK_MS = 40;
const BATCH_MS = 40;
const MOST_BATCH = 20;
/** Frames by which one that is drawn beside others is timed first. */
const TRIED = 4;

interface Contestant {
  readonly renderer: Renderer;
  readonly watch: GpuWatch;
  readonly host: HTMLElement;
}

installGpuWatch();
const frames = new HandFrames();
const contestants: Contestant[] = [];
let volume: BenchVolume | undefined;

function oblique(n: number): ReturnType<typeof planeFrame> {
  const grid = new ImageGrid(describeVolume(volume!.dims, LOOK.window).grid);
  return planeFrame(grid, "axial", { base: "voxel", rotation: obliqueRotation(n) });
}

function frame(scene: SceneName, n: number, size: number): SceneFrame {
  return frameOf(scene, n, size, volume!, oblique);
}

async function open(
  edge: number,
  peers: readonly { name: string; url: string }[],
): Promise<{ opened: OpenTime[]; left: LeftOut[] }> {
  await wake();
  const { dims, dense } = chestPhantom(edge, 20);
  volume = { dims, voxels: dense as Int16Array<ArrayBuffer> };
  const opened: OpenTime[] = [];
  const left: LeftOut[] = [];
  const makers: { name: string; make: () => Promise<Renderer> }[] = [
    { name: "Voxelwright", make: () => Promise.resolve(new Ours(frames, "")) },
    { name: "texture reads alone", make: () => Promise.resolve(new Floor()) },
    ...peers.map(({ name, url }) => ({
      name,
      make: async () => ((await import(/* @vite-ignore */ url)) as PeerModule).create(frames),
    })),
  ];
  for (const { name, make } of makers) {
    const watch = new GpuWatch();
    const host = document.body.appendChild(document.createElement("div"));
    fill(host, 512);
    try {
      const { renderer, ms } = await watching(watch, async () => {
        const made = await make();
        const start = performance.now();
        await made.open(host, volume!, LOOK);
        await made.show("scroll", 512);
        draw(made, frame("scroll", 0, 512), 0);
        await watch.done();
        return { renderer: made, ms: performance.now() - start };
      });
      if (watch.contexts.size + watch.devices.size === 0) throw new Error("its GPU context was not found");
      opened.push({ name, version: renderer.version, ms, heldBytes: watch.heldBytes });
      contestants.push({ renderer, watch, host });
    } catch (error) {
      host.remove();
      left.push({ name, reason: messageOf(error) });
    }
  }
  return { opened, left };
}

/** The browser's GPU process and drivers begin with the first device: with nobody's, so that no program is the first. */
async function wake(): Promise<void> {
  const device = await (await navigator.gpu.requestAdapter())?.requestDevice();
  await device?.queue.onSubmittedWorkDone();
  device?.destroy();
  const gl = new OffscreenCanvas(1, 1).getContext("webgl2");
  gl?.finish();
  gl?.getExtension("WEBGL_lose_context")?.loseContext();
}

interface PeerModule {
  create(frames: HandFrames): Renderer;
}

function draw(renderer: Renderer, one: SceneFrame, n: number): void {
  if (renderer instanceof Ours) renderer.turnTo(obliqueRotation(n));
  renderer.draw(one);
}

async function time(
  scene: SceneName,
  size: number,
  most: number,
  budgetMs: number,
): Promise<{ times: SceneTime[]; left: LeftOut[] }> {
  const left: LeftOut[] = [];
  const runs: {
    contestant: Contestant;
    times: number[];
    firstMs: number;
    png: string;
    spent: number;
    next: number;
    batch: number;
  }[] = [];
  for (const contestant of contestants) {
    const { renderer, watch } = contestant;
    if (!renderer.scenes.includes(scene)) continue;
    try {
      raise(contestant);
      const copy = new OffscreenCanvas(size, size);
      const firstMs = await watching(watch, async () => {
        await renderer.show(scene, size);
        await renderer.fetchAll?.();
        await watch.done();
        return timed(contestant, scene, 0, size, { copy });
      });
      // A second one to warm up, where that is worth its time, and many where they are quick.
      let warmMs = firstMs < budgetMs / 4 ? await timed(contestant, scene, 1, size) : firstMs;
      for (let n = 2; n <= TURN && warmMs < QUICK_MS; n++) warmMs = await timed(contestant, scene, n, size);
      let batch = 1;
      if (warmMs < QUICK_MS) {
        // The second try counts: what the first one makes, like room for the commands, the others find.
        await timed(contestant, scene, 0, size, { batch: TRIED });
        const aloneMs = await timed(contestant, scene, 0, size, { batch: TRIED });
        batch = Math.max(Math.min(Math.round(BATCH_MS / aloneMs), MOST_BATCH), 1);
      }
      runs.push({ contestant, times: [], firstMs, png: await pngOf(copy), spent: 0, next: 0, batch });
    } catch (error) {
      left.push({ name: renderer.name, reason: messageOf(error) });
    }
  }
  const unfinished = (run: (typeof runs)[number]): boolean =>
    run.times.length < most && (run.spent < budgetMs || run.times.length === 0);
  for (let round = 0; runs.some(unfinished); round++) {
    for (const run of round % 2 === 0 ? runs : runs.toReversed()) {
      raise(run.contestant);
      for (let n = 0; n < TURN && unfinished(run); n++) {
        const { batch } = run;
        const ms = await timed(run.contestant, scene, run.next, size, { batch });
        run.next += batch;
        run.times.push(ms);
        run.spent += ms * batch;
        if (ms > 200) break;
      }
    }
  }
  const times = runs.map(({ contestant: { renderer }, times: all, next, firstMs, png }) => {
    return { name: renderer.name, version: renderer.version, ms: median(all), frames: next, firstMs, png };
  });
  return { times, left };
}

/** Shows one above all others, as a person would look at it. */
function raise({ host }: Contestant): void {
  for (const other of contestants) other.host.style.zIndex = other.host === host ? "1" : "0";
}

/**
 * Time of a frame, of `batch` drawn at once from frame `n` on, from the first call to the end of their work. What a canvas shows can be
 * copied only in the task that drew it.
 */
async function timed(
  { renderer, watch }: Contestant,
  scene: SceneName,
  n: number,
  size: number,
  { batch = 1, copy }: { readonly batch?: number; readonly copy?: OffscreenCanvas } = {},
): Promise<number> {
  const given = Array.from({ length: batch }, (_, m) => frame(scene, n + m, size));
  const start = performance.now();
  for (const [m, one] of given.entries()) draw(renderer, one, n + m);
  copy?.getContext("2d")!.drawImage(renderer.canvas(), 0, 0, size, size);
  await watch.done();
  const ms = (performance.now() - start) / batch;
  await frames.display();
  return ms;
}

async function pngOf(picture: OffscreenCanvas): Promise<string> {
  const bytes = new Uint8Array(await (await picture.convertToBlob({ type: "image/png" })).arrayBuffer());
  let text = "";
  for (let at = 0; at < bytes.length; at += 8192) text += String.fromCharCode(...bytes.subarray(at, at + 8192));
  return btoa(text);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

window.renderBench = {
  open,
  time,
  growth: (edge, count) => timeGrowth(frames, edge, count),
  stroke: () => strokeBytes(contestants, volume!),
  adapter: async () => {
    const info = (await navigator.gpu.requestAdapter())?.info;
    return info ? [info.vendor, info.architecture, info.description].filter(Boolean).join(" ") : "none";
  },
};
