import { GpuContext } from "#gpu";
import { BRICK_EDGE, BRICK_VOXELS, type BrickPixels, type BrickSource, type Dims, pyramidLevels } from "#volume";
import { median } from "../../timing.ts";
import { describeVolume, openViews } from "./brick-volume.ts";
import { GpuWatch, watching } from "./gpu-watch.ts";
import type { HandFrames } from "./hand-frames.ts";
import { fill } from "./ours.ts";
import { LOOK } from "./scenes.ts";

/** Frames of a plane through a volume of some size, bricks in place. */
export interface GrowthTime {
  readonly edge: number;
  /** The whole plane in 512² pixels. */
  readonly fittedMs: number;
  /** A pixel a voxel, where the volume is at least as large as the picture. */
  readonly fullMs: number | undefined;
  readonly frames: number;
  /** Of the fitted plane with its bricks. */
  readonly heldBytes: number;
  /** From an empty GPU to a whole fitted plane, bricks made on the way. */
  readonly firstMs: number;
}

const SIZE = 512;

/** Times the axial plane of a volume that is never held: each brick is made when it is asked for. */
export async function timeGrowth(frames: HandFrames, edge: number, count: number): Promise<GrowthTime> {
  const watch = new GpuWatch();
  const host = document.body.appendChild(document.createElement("div"));
  fill(host, SIZE);
  host.style.zIndex = "2";
  const dims: Dims = [edge, edge, edge];
  const gpu = await watching(watch, () => GpuContext.open());
  const start = performance.now();
  const { views, state } = openViews(gpu, host, bricksByPlace(dims), describeVolume(dims, LOOK.window));
  const whole = async (): Promise<void> => {
    let drawn = 0;
    await frames.run(() => ++drawn > 3 && views.status.axial.peek()?.missing === 0, 60_000);
    await watch.done();
  };
  const measure = async (): Promise<number> => {
    await whole();
    const times: number[] = [];
    for (let n = 0; n < count; n++) {
      // Within one layer of bricks of any level, so that the plane is drawn and nothing is fetched.
      const from = performance.now();
      state.crosshair.value = [edge / 2, edge / 2, Math.floor(edge / 2) + 1 + (n % 16)];
      frames.flush();
      await watch.done();
      times.push(performance.now() - from);
      await frames.display();
    }
    return median(times);
  };
  try {
    await whole();
    const firstMs = performance.now() - start;
    const heldBytes = watch.heldBytes;
    const fittedMs = await measure();
    let fullMs: number | undefined;
    if (edge >= SIZE) {
      state.planes.axial.value = { zoom: (edge / SIZE) * 1.02, panMm: [0, 0] };
      fullMs = await measure();
    }
    return { edge, fittedMs, fullMs, frames: count, heldBytes, firstMs };
  } finally {
    views.dispose();
    gpu.dispose();
    host.remove();
  }
}

/** Balls in tissue, with a texture: a value for any place, of any level. */
export function bricksByPlace(dims: Dims): BrickSource {
  const levels = pyramidLevels(dims);
  return {
    readBrick(address): Promise<BrickPixels> {
      const { factor } = levels[address.level]!;
      const voxels = new Int16Array(BRICK_VOXELS);
      const place = (brick: number, n: number, axis: 0 | 1 | 2): number =>
        (brick * BRICK_EDGE + n + 0.5) * factor[axis] - 0.5;
      let [at, min, max] = [0, 32_767, -32_768];
      for (let k = 0; k < BRICK_EDGE; k++) {
        const z = wave(place(address.bk, k, 2));
        for (let j = 0; j < BRICK_EDGE; j++) {
          const y = wave(place(address.bj, j, 1));
          for (let i = 0; i < BRICK_EDGE; i++) {
            const x = wave(place(address.bi, i, 0));
            const texture = (Math.imul(at + 1, 0x9e3779b1) >>> 26) - 32;
            const value = (x * x + y * y + z * z < 600 ? 600 : -200) + texture;
            voxels[at++] = value;
            if (value < min) min = value;
            if (value > max) max = value;
          }
        }
      }
      return Promise.resolve({ address, voxels, min, max });
    },
  };
}

/** A triangle wave of 96 voxels: distance to the nearest ball's middle along one axis. */
function wave(place: number): number {
  const turn = (((place % 96) + 96) % 96) - 48;
  return turn;
}
