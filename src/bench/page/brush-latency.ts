import type { Page } from "@playwright/test";

/** Medians, ms, from the time stamp of a pointer event of a stroke. */
export interface BrushLatency {
  /** All handlers have run: the labels are changed. */
  readonly toEdit: number;
  /** The voxel under the pointer has its colour on the canvas. */
  readonly toPixels: number;
  readonly samples: number;
}

const STROKES = 4;
const MOVES = 8;
/** Further than the brush is wide, so that the pixel under the pointer is always fresh. */
const STEP_PX = 22;

/** Draws strokes over the axial view by the mouse. The page must have the brush, with a radius of a few pixels, chosen. */
export async function measureBrush(page: Page): Promise<BrushLatency> {
  await page.evaluate(watchBrush);
  const box = (await page.locator('[data-view="axial"]').boundingBox())!;
  const left = box.x + box.width / 2 - (MOVES * STEP_PX) / 2;
  for (let stroke = 0; stroke < STROKES; stroke++) {
    const y = box.y + box.height / 2 + (stroke - STROKES / 2) * STEP_PX;
    await page.mouse.move(left, y);
    await page.mouse.down();
    await settled(page);
    for (let move = 1; move <= MOVES; move++) {
      await page.mouse.move(left + move * STEP_PX, y);
      await settled(page);
    }
    await page.mouse.up();
  }
  return page.evaluate(() => (window as unknown as { brushLatency: () => BrushLatency }).brushLatency());
}

/** The pointer's place was drawn, or never will be: half a second is enough for any. */
async function settled(page: Page): Promise<void> {
  const pending = (): boolean => !(window as unknown as { brushPending: () => boolean }).brushPending();
  await page.waitForFunction(pending, undefined, { timeout: 2000 }).catch(() => undefined);
}

/** Runs in the page. */
function watchBrush(): void {
  const edits: number[] = [];
  const pixels: number[] = [];
  let waiting: { readonly at: number; readonly x: number; readonly y: number } | undefined;
  const context = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true })!;
  const handled = (event: PointerEvent): void => {
    if ((event.buttons & 1) === 0) return;
    edits.push(performance.now() - event.timeStamp);
    waiting = { at: event.timeStamp, x: event.clientX, y: event.clientY };
  };
  addEventListener("pointerdown", handled);
  addEventListener("pointermove", handled);
  const look = (): void => {
    const canvas = document.querySelector<HTMLCanvasElement>('[data-view="axial"] canvas');
    if (!waiting || !canvas) return;
    const box = canvas.getBoundingClientRect();
    const x = ((waiting.x - box.left) / box.width) * canvas.width;
    const y = ((waiting.y - box.top) / box.height) * canvas.height;
    context.clearRect(0, 0, 1, 1);
    context.drawImage(canvas, x, y, 1, 1, 0, 0, 1, 1);
    const [red, green, blue] = context.getImageData(0, 0, 1, 1).data;
    if (Math.max(red!, green!, blue!) - Math.min(red!, green!, blue!) < 24) return;
    pixels.push(performance.now() - waiting.at);
    waiting = undefined;
  };
  // What a WebGPU canvas shows can be read only in the task that drew it.
  const { submit } = GPUQueue.prototype;
  GPUQueue.prototype.submit = function submitWatched(this: GPUQueue, commands: Iterable<GPUCommandBuffer>): undefined {
    submit.call(this, commands);
    look();
  };
  const middle = (values: number[]): number => values.sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
  Object.assign(window, {
    brushPending: () => waiting !== undefined,
    brushLatency: (): BrushLatency => {
      GPUQueue.prototype.submit = submit;
      return { toEdit: middle(edits), toPixels: middle(pixels), samples: pixels.length };
    },
  });
}
