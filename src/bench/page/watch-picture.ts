import type { Page } from "@playwright/test";

/** Times of one import through the page, in ms from the moment that the page has its files. */
export interface ImportTimes {
  /** The axial view shows more than one grey; NaN in a page without views. */
  readonly firstPicture: number;
  /** The study is kept and can be labelled. */
  readonly whole: number;
  /** Longest time between two frames of the page until then. */
  readonly longestGap: number;
}

/** Chooses files through the page's own input and watches the axial view until the study is open. */
export async function timeImport(page: Page, paths: string | readonly string[], views = true): Promise<ImportTimes> {
  await page.evaluate(watchImport, views);
  await page.getByLabel("Scan files", { exact: true }).setInputFiles(paths as string | string[]);
  return page.evaluate(() => (window as unknown as { importTimes: Promise<ImportTimes> }).importTimes);
}

/** Runs in the page. Starts the clock when the input has its files. */
function watchImport(views: boolean): void {
  const { promise, resolve } = Promise.withResolvers<ImportTimes>();
  (window as unknown as { importTimes: Promise<ImportTimes> }).importTimes = promise;
  let start = 0;
  let firstPicture = views ? 0 : Number.NaN;
  const showsPicture = (context: OffscreenCanvasRenderingContext2D): boolean => {
    const { data } = context.getImageData(0, 0, 48, 48);
    let low = 255;
    let high = 0;
    for (let n = 0; n < data.length; n += 4) {
      low = Math.min(low, data[n]!);
      high = Math.max(high, data[n]!);
    }
    return high - low > 60;
  };
  // What a WebGPU canvas shows can be copied only in the task that drew it; the copy is looked at when the GPU is done, so that the
  // watch never makes the page wait.
  const submit = views ? GPUQueue.prototype.submit : undefined;
  if (submit)
    GPUQueue.prototype.submit = function submitWatched(
      this: GPUQueue,
      commands: Iterable<GPUCommandBuffer>,
    ): undefined {
      submit.call(this, commands);
      const canvas = document.querySelector<HTMLCanvasElement>('[data-view="axial"] canvas');
      if (start === 0 || firstPicture > 0 || !canvas || canvas.width === 0) return;
      const context = new OffscreenCanvas(48, 48).getContext("2d")!;
      context.drawImage(canvas, 0, 0, 48, 48);
      void this.onSubmittedWorkDone().then(() => {
        if (firstPicture === 0 && showsPicture(context)) firstPicture = performance.now() - start;
      });
    };
  const begin = (): void => {
    start = performance.now();
    let last = start;
    let longestGap = 0;
    let whole = 0;
    const look = (): void => {
      const now = performance.now();
      if (whole === 0) longestGap = Math.max(longestGap, now - last);
      last = now;
      if (whole === 0 || firstPicture === 0) {
        requestAnimationFrame(look);
        return;
      }
      if (submit) GPUQueue.prototype.submit = submit;
      resolve({ firstPicture, whole, longestGap });
    };
    requestAnimationFrame(look);
    const ask = (): void => {
      // Rejects until a study is open and can be labelled.
      window.voxelwright!.run("journal.list").then(
        () => {
          whole = performance.now() - start;
        },
        () => setTimeout(ask, 5),
      );
    };
    ask();
  };
  document.addEventListener("change", begin, { capture: true, once: true });
}
