import type { Page } from "@playwright/test";
import type { Dims } from "#volume";

/** A study of the scale suite, open in a page, as a script drives it. Times are milliseconds in the page. */
export class ScalePage {
  readonly #page: Page;

  constructor(page: Page) {
    this.#page = page;
  }

  /** Runs a command in the page; what it answers, and how long that took. */
  run<Result = unknown>(id: string, args: object = {}): Promise<{ readonly result: Result; readonly ms: number }> {
    return this.#page.evaluate(
      async ([command, given]) => {
        const start = performance.now();
        const result = await window.voxelwright!.run(command, given);
        return { result, ms: performance.now() - start };
      },
      [id, args] as const,
    ) as Promise<{ result: Result; ms: number }>;
  }

  /** Opens an address and waits for an axial picture that lacks no brick of its level; both from the start of opening. */
  open(url: string): Promise<{ readonly opened: number; readonly picture: number; readonly volumeId: string }> {
    return this.#page.evaluate(async (address) => {
      const start = performance.now();
      const { volumeId } = (await window.voxelwright!.run("study.open", { url: address })) as { volumeId: string };
      const opened = performance.now() - start;
      const state = (): string | undefined =>
        document.querySelector('[data-view="axial"] [data-overlay="state"]')?.textContent ?? undefined;
      while (!state() || state()!.includes("loading")) await new Promise(requestAnimationFrame);
      return { opened, picture: performance.now() - start, volumeId };
    }, url);
  }

  /** One axial plane, a voxel a pixel, with the crosshair on a voxel. */
  async show(ijk: readonly [number, number, number], dims: Dims): Promise<void> {
    await this.run("view.set", { layout: "axial", crosshair: [...ijk] });
    await this.#page.waitForTimeout(300);
    // What one voxel a pixel is depends on how large the fitted volume is.
    const mmPerPixel = await this.#page.evaluate(([ni, nj]) => {
      const box = document.querySelector('[data-view="axial"]')!.getBoundingClientRect();
      return Math.max(ni / box.width, nj / box.height);
    }, dims);
    await this.run("view.set", { planes: { axial: { zoom: Math.max(1, mmPerPixel) } } });
    await this.whole();
  }

  /** Waits until the axial picture lacks no brick. */
  async whole(): Promise<void> {
    await this.#page.waitForFunction(() => {
      const text = document.querySelector('[data-view="axial"] [data-overlay="state"]')?.textContent;
      return text !== undefined && text !== null && !text.includes("loading");
    });
  }

  /** Median of frames: the crosshair goes on by a slice, until the GPU has drawn it. Bricks are in place. */
  async scroll(ijk: readonly [number, number, number], steps: number): Promise<number> {
    for (let n = 0; n < 8; n++) {
      await this.run("view.set", { crosshair: [ijk[0], ijk[1], ijk[2] + n] });
      await this.whole();
    }
    // What else was asked for on the way, a layer beyond the one shown, comes from the same processor.
    await this.#page.waitForTimeout(5000);
    const times = await this.#page.evaluate(
      async ([[i, j, k], count]) => {
        let drawn: Promise<undefined> | undefined;
        const { submit } = GPUQueue.prototype;
        GPUQueue.prototype.submit = function watched(this: GPUQueue, commands: Iterable<GPUCommandBuffer>): undefined {
          submit.call(this, commands);
          drawn = this.onSubmittedWorkDone();
        };
        const frame = (): Promise<number> => new Promise(requestAnimationFrame);
        const taken: number[] = [];
        for (let n = 1; n <= count; n++) {
          await frame();
          const start = performance.now();
          await window.voxelwright!.run("view.set", { crosshair: [i, j, k + (n % 8)] });
          await frame();
          await drawn;
          taken.push(performance.now() - start);
        }
        GPUQueue.prototype.submit = submit;
        return taken;
      },
      [ijk, steps] as const,
    );
    return times.sort((a, b) => a - b)[times.length >> 1]!;
  }

  /** The bytes that a command gives. */
  async bytesOf(id: string, args: object = {}): Promise<Uint8Array> {
    const base64 = await this.#page.evaluate(
      async ([command, given]) => {
        const { bytes } = (await window.voxelwright!.run(command, given)) as { bytes: Uint8Array<ArrayBuffer> };
        const reader = new FileReader();
        const read = new Promise((resolve) => reader.addEventListener("load", resolve));
        reader.readAsDataURL(new Blob([bytes]));
        await read;
        return (reader.result as string).split(",")[1] ?? "";
      },
      [id, args] as const,
    );
    return Buffer.from(base64, "base64");
  }

  /** Bytes of all textures and buffers that are alive. */
  async gpuBytes(): Promise<number> {
    return (await this.run<{ liveBytes: number }>("gpu.memory")).result.liveBytes;
  }

  /** Bytes that the site keeps. */
  storageBytes(): Promise<number> {
    return this.#page.evaluate(async () => (await navigator.storage.estimate()).usage ?? 0);
  }
}
