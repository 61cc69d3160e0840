import type { BenchVolume, Renderer } from "./renderer.ts";
import type { GpuWatch } from "./gpu-watch.ts";

/** Bytes that a stroke sends to the GPU. */
export interface StrokeBytes {
  readonly name: string;
  readonly version: string;
  readonly bytes: number;
}

/** A renderer that can draw labels: a disc of `radius` voxels moved over `steps` pictures, each drawn. */
export interface Painter extends Renderer {
  paint(step: number, center: readonly [number, number, number], radius: number): Promise<void> | void;
  /** Readies labels; what that sends is not of the stroke. */
  startPainting(): Promise<void>;
}

const STEPS = 16;
const RADIUS = 8;

/** A stroke of sixteen steps of eight voxels on an axial slice, a picture after each. */
export async function strokeBytes(
  contestants: readonly { readonly renderer: Renderer; readonly watch: GpuWatch }[],
  { dims }: BenchVolume,
): Promise<StrokeBytes[]> {
  const found: StrokeBytes[] = [];
  for (const { renderer, watch } of contestants) {
    if (!("paint" in renderer)) continue;
    const painter = renderer as Painter;
    await painter.startPainting();
    await watch.done();
    const before = watch.sentBytes;
    for (let step = 0; step < STEPS; step++) {
      await painter.paint(step, [dims[0] / 2 - 64 + step * 8, dims[1] / 2, dims[2] / 2], RADIUS);
      await watch.done();
    }
    found.push({ name: painter.name, version: painter.version, bytes: watch.sentBytes - before });
  }
  return found;
}
