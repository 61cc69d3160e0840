import {
  createBuffer,
  createTexture,
  type GpuContext,
  invertMatrix4,
  levelStepMm,
  type Matrix4,
  type RaycastPass,
  type RaycastScene,
  SIGHT_SIZE,
} from "#gpu";
import type { PointLps } from "#volume";
import {
  cutLines,
  type LinePiece,
  linePieces,
  type LineSight,
  type Place,
  stepEnds,
  type VolumeLine,
} from "./line-sight.ts";
import { projection } from "./volume-marks.ts";

/** Length of the steps that lines are cut into for a picture at rest, CSS pixels. */
export const SIGHT_STEP_PX = 3;
const FORMAT = "r32float";
const MOST = SIGHT_SIZE[0] * SIGHT_SIZE[1];
/** Just before the far plane, where a ray of its own still ends. */
const DEEPEST = 0.999999;

/**
 * How much of the lines over the volume the eye sees: the ray pass is asked what light reaches it from places along them. A place
 * counts as in sight up to a voxel within what hides it, so that what is drawn on a surface or a plane is not hidden by it.
 */
export class VolumeSight {
  readonly #gpu: GpuContext;
  readonly #ray: RaycastPass;
  #seen: ReadonlyMap<string, LineSight> = new Map();

  constructor(gpu: GpuContext, ray: RaycastPass) {
    this.#gpu = gpu;
    this.#ray = ray;
  }

  /**
   * Looks for lines in a picture of `scene`, whose surfaces are layers of that whole picture, by steps of about `stepPx` of its
   * pixels. What was seen before stays where the device is lost meanwhile. Where shaders are to be compiled first it waits for them, or,
   * with `later`, tells that and looks for nothing.
   */
  async look(
    scene: RaycastScene,
    lines: readonly VolumeLine[],
    stepPx: number,
    later?: (compiling: Promise<void>) => void,
  ): Promise<void> {
    const { camera, width, height, look } = scene;
    const place = projection(camera, width, height);
    // A projection has no depth that a line could lie in.
    const hides = look.mode === "shaded" || look.mode === "iso";
    const cut = hides ? cutLines(lines, place, stepPx, MOST) : [];
    const places = cut.flatMap(({ points, steps }) => stepEnds(points, steps));
    const compiling = later && places.length > 0 ? this.#ray.compileSight(FORMAT, scene) : undefined;
    if (compiling) {
      later!(compiling);
      return;
    }
    const shares = places.length > 0 ? await this.#ask(scene, places) : new Float32Array();
    if (!shares) return;
    let from = 0;
    this.#seen = new Map(
      cut.map(({ key, steps }) => {
        const count = steps.reduce((a, b) => a + b, 1);
        const clear = shares.subarray(from, from + count);
        from += count;
        return [key, { steps, clear }];
      }),
    );
  }

  /** A line on a picture, as it was seen last. */
  pieces({ key, points }: VolumeLine, place: Place): LinePiece[] {
    return linePieces(points, place, this.#seen.get(key));
  }

  /** Share of light that reaches the eye from places; undefined where the device is lost meanwhile. */
  async #ask(scene: RaycastScene, places: readonly PointLps[]): Promise<Float32Array | undefined> {
    const gpu = this.#gpu;
    // Nothing to wait for where `look` has seen to it: what is drawn is then drawn with the picture.
    if (this.#ray.compileSight(FORMAT, scene) && !(await this.#ray.whenSightCompiled(FORMAT, scene))) return undefined;
    const { device } = gpu;
    const { bricks } = scene.bricks;
    const nearerMm = levelStepMm(bricks.grid, bricks.levels[scene.level]!);
    const target = createTexture(gpu, {
      label: "VolumeSight.target",
      size: SIGHT_SIZE,
      format: FORMAT,
      usage: GPUTextureUsage.RENDER_ATTACHMENT | GPUTextureUsage.COPY_SRC,
    });
    const usage = GPUBufferUsage.COPY_DST | GPUBufferUsage.MAP_READ;
    const staging = createBuffer(gpu, "VolumeSight.staging", MOST * 4, usage);
    try {
      this.#ray.drawSight(
        { view: target.handle.createView(), format: FORMAT },
        scene,
        clipPoints(scene.camera.clipToLps, places, nearerMm),
      );
      const encoder = device.createCommandEncoder({ label: "VolumeSight.encoder" });
      const layout = { buffer: staging.handle, bytesPerRow: SIGHT_SIZE[0] * 4 };
      encoder.copyTextureToBuffer({ texture: target.handle }, layout, SIGHT_SIZE);
      device.queue.submit([encoder.finish()]);
      await staging.handle.mapAsync(GPUMapMode.READ);
      return new Float32Array(staging.handle.getMappedRange()).slice(0, places.length);
    } catch (error) {
      if (!gpu.alive || gpu.device !== device) return undefined;
      throw error;
    } finally {
      target.dispose();
      staging.dispose();
    }
  }
}

/** Places in clip space, x, y and depth each, moved toward the eye by `nearerMm`. */
export function clipPoints(
  clipToLps: Matrix4,
  places: readonly PointLps[],
  nearerMm: number,
): Float32Array<ArrayBuffer> {
  const lpsToClip = invertMatrix4(clipToLps);
  const points = new Float32Array(places.length * 3);
  for (const [n, place] of places.entries()) {
    const [x, y] = through(lpsToClip, place);
    const near = through(clipToLps, [x, y, 0]);
    const away = Math.hypot(near[0] - place[0], near[1] - place[1], near[2] - place[2]);
    const share = Math.min(nearerMm / Math.max(away, 1e-9), 1);
    const nearer = place.map((v, axis) => v + (near[axis]! - v) * share) as unknown as PointLps;
    const depth = through(lpsToClip, nearer)[2];
    points.set([x, y, Math.min(Math.max(depth, 1e-6), DEEPEST)], n * 3);
  }
  return points;
}

function through(m: Matrix4, [x, y, z]: readonly [number, number, number]): [number, number, number] {
  const row = (n: number): number => m[n]! * x + m[4 + n]! * y + m[8 + n]! * z + m[12 + n]!;
  const w = row(3);
  return [row(0) / w, row(1) / w, row(2) / w];
}
