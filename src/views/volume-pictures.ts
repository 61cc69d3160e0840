import { type AbortOptions, type Disposable, type ProgressOptions, type Vec3, VoxelwrightError } from "#base";
import { type RayCamera, type RaycastLook, type RaycastPass, TransferTable, type UpscalePass } from "#gpu";
import type { OrbitCamera } from "./orbit-camera.ts";
import { drawPictureOverlay, overlayRatio } from "./picture-overlay.ts";
import type { Stage } from "./stage.ts";
import type { Picture, PictureOptions, VolumeActions, VolumePick } from "./volume-actions.ts";
import { QUALITY_PICTURES, type VolumeLook, volumeLevel } from "./volume-look.ts";
import { missingBricks, needLabels, wantLevel } from "./volume-needs.ts";
import { volumeLines } from "./volume-marks.ts";
import { type PictureScene, VolumePainter } from "./volume-painter.ts";
import { pickPlace } from "./volume-picker.ts";
import { SIGHT_STEP_PX, VolumeSight } from "./volume-sight.ts";
import type { VolumeTransfer } from "./volume-state.ts";
import { VolumeSurfaces } from "./volume-surfaces.ts";
import { voxelOfLabel } from "./voxel-of-label.ts";

/** What pictures need of the volume view. */
export interface VolumePicturesPort {
  readonly stage: Stage;
  readonly camera: OrbitCamera;
  readonly ray: RaycastPass;
  readonly upscale: UpscalePass;
  readonly look: VolumeLook;
  /** Size of the view, device pixels. */
  size(): { readonly width: number; readonly height: number };
  /** What the view is drawn with now. */
  scene(camera: RayCamera, width: number, height: number, level: number, look: RaycastLook): PictureScene;
  /** The level that the view draws. */
  level(): number;
  /** Name of what is shown. */
  title(): string;
  /** True once the view stands: small pictures must not come before it. */
  stands(): boolean;
  /** Keeps the view from drawing and from asking for bricks until disposed. */
  hold(): Disposable;
}

/** How long a picture waits for bricks while none come, ms. */
const PATIENCE_MS = 8000;
/** Longest edge of the picture that lines are looked for in, pixels: pictures of surfaces are of its size. */
const SIGHT_PX = 1024;

/** Pictures and picks of the volume view. One thing at a time: what is asked for later waits. */
export class VolumePictures implements VolumeActions, Disposable {
  readonly #port: VolumePicturesPort;
  readonly #painter: VolumePainter;
  readonly #surfaces: VolumeSurfaces;
  readonly #sight: VolumeSight;
  /** Aborted when the view goes, so that nothing is drawn with what it owned. */
  readonly #closed = new AbortController();
  #queue: Promise<unknown> = Promise.resolve();

  constructor(port: VolumePicturesPort) {
    this.#port = port;
    this.#painter = new VolumePainter(port.stage.gpu, port.ray, port.upscale);
    this.#surfaces = new VolumeSurfaces(port.stage);
    this.#sight = new VolumeSight(port.stage.gpu, port.ray);
  }

  get eye(): Vec3 {
    return this.#port.camera.orientation.eye;
  }

  dispose(): void {
    this.#closed.abort();
    this.#surfaces.dispose();
  }

  pick(x: number, y: number): Promise<VolumePick | undefined> {
    return this.#unlessLost(async () => {
      const { stage, camera, ray, look } = this.#port;
      const { width, height } = this.#port.size();
      if (!stage.gpu.alive || width < 1 || height < 1) return undefined;
      const scene = this.#port.scene(camera.rayCamera(), width, height, this.#port.level(), look.now("fast"));
      const pixel = [Math.floor(Math.min(x * width, width - 1)), Math.floor(Math.min(y * height, height - 1))] as const;
      const surfaces = this.#surfaces.draw(scene, { width: 1, height: 1, originPx: pixel }, "label");
      const found = await pickPlace(stage.gpu, ray, { ...scene, surfaces }, pixel);
      if (!found) return undefined;
      const { place, surfaceOf } = found;
      const { labelAt } = stage.port;
      const reach = Math.max(...stage.bricks.levels[stage.surfaces?.level ?? 0]!.factor);
      const own = surfaceOf === undefined ? undefined : voxelOfLabel(place, surfaceOf, labelAt, reach);
      if (own) return { ijk: own, lps: stage.volume.grid.toLps(own), label: surfaceOf! };
      const { grid } = stage.volume;
      const [i, j, k] = place.map((n, axis) => Math.min(Math.max(Math.round(n), 0), grid.dims[axis]! - 1));
      const ijk = [i!, j!, k!] as const;
      return { ijk, lps: grid.toLps(ijk), label: labelAt(ijk) };
    });
  }

  picture(options: PictureOptions, { signal, onProgress }: ProgressOptions = {}): Promise<Picture> {
    const closed = this.#closed.signal;
    const run = { onProgress, signal: signal ? AbortSignal.any([signal, closed]) : closed };
    return this.#next(async () => {
      run.signal.throwIfAborted();
      const { stage, camera, look } = this.#port;
      const { width, height, overlay, turn } = options;
      const held = this.#port.hold();
      try {
        const seen = camera.rayCamera({ aspect: width / height, ...(turn === undefined ? {} : { turn }) });
        const { bricks, volume } = stage;
        const level = volumeLevel(
          volume.grid,
          bricks.levels,
          bricks.atlas.capacity,
          camera.mmPerPixel(this.#port.size().height) * (this.#port.size().height / height),
        );
        const missing = await this.#load(level, run);
        const quality = stage.state.volume.quality.peek();
        const scene = this.#port.scene(seen, width, height, level, look.now());
        const painted = await this.#painter.paint(scene, QUALITY_PICTURES[quality], {
          ...run,
          surfaces: (target) => this.#surfaces.draw(scene, target),
          onShare: (share) => run.onProgress?.({ fraction: 0.1 + 0.9 * share, what: "Painting" }),
        });
        const canvas = new OffscreenCanvas(width, height);
        const paint = canvas.getContext("2d");
        if (!paint)
          throw new VoxelwrightError("limit", `A picture of ${width} × ${height} pixels is too large here.`, {
            advice: "Choose a smaller one.",
          });
        paint.putImageData(painted, 0, 0);
        if (overlay) {
          await this.#look(scene);
          drawPictureOverlay(paint, seen, volume.grid, stage.state, this.#port.title(), this.#sight);
        }
        return { canvas, level, missing };
      } finally {
        this.#surfaces.release();
        held.dispose();
      }
    });
  }

  thumbnail(
    transfer: VolumeTransfer,
    light: { readonly ambient: number; readonly diffuse: number; readonly specular: number },
    size: readonly [number, number],
  ): Promise<ImageData | undefined> {
    return this.#unlessLost(async () => {
      const { stage, camera, look } = this.#port;
      const level = stage.bricks.levels.length - 1;
      if (!stage.gpu.alive || !this.#port.stands() || missingBricks(stage, level) > 0) return undefined;
      const [width, height] = size;
      const seen = camera.rayCamera({ aspect: width / height });
      const scene = this.#port.scene(seen, width, height, level, {
        ...look.now("standard"),
        mode: "shaded",
        transfer: new TransferTable(transfer.points),
        gradientOpacity: transfer.gradientOpacity,
        showLabels: false,
        showProposals: false,
        ...light,
      });
      const { signal } = this.#closed;
      return this.#painter.paint({ ...scene, clip: {}, planes: undefined }, 1, { signal });
    });
  }

  /** Looks for the lines over a picture. */
  async #look(scene: PictureScene): Promise<void> {
    const { stage } = this.#port;
    const share = Math.min(SIGHT_PX / Math.max(scene.width, scene.height), 1);
    const width = Math.max(Math.round(scene.width * share), 1);
    const height = Math.max(Math.round(scene.height * share), 1);
    const small = { ...scene, width, height };
    const surfaces = this.#surfaces.draw(small, { width, height, originPx: [0, 0] });
    const stepPx = SIGHT_STEP_PX * overlayRatio(scene.width, scene.height) * share;
    await this.#sight.look({ ...small, surfaces }, volumeLines(stage.volume.grid, stage.state), stepPx);
  }

  /** Has the bricks of a level resident as far as they can be had; says how many are not. */
  async #load(level: number, { signal, onProgress }: ProgressOptions): Promise<number> {
    const { stage } = this.#port;
    wantLevel(stage, level);
    needLabels(stage, level);
    let missing = missingBricks(stage, level) + (stage.surfaces?.pending.value ?? 0);
    const all = missing;
    for (let since = performance.now(); missing > 0 && performance.now() - since < PATIENCE_MS; ) {
      await soon(signal ? { signal } : {});
      const now = missingBricks(stage, level) + (stage.surfaces?.pending.value ?? 0);
      if (now < missing) since = performance.now();
      missing = now;
      onProgress?.({ fraction: (0.1 * (all - missing)) / all, what: "Reading bricks" });
    }
    return missing;
  }

  /** What has no answer while the device is lost, or once the view is gone. */
  #unlessLost<T>(work: () => Promise<T | undefined>): Promise<T | undefined> {
    return this.#next(async () => {
      if (this.#closed.signal.aborted) return undefined;
      try {
        return await work();
      } catch (error) {
        if (this.#closed.signal.aborted || !this.#port.stage.gpu.alive) return undefined;
        throw error;
      }
    });
  }

  #next<T>(work: () => Promise<T>): Promise<T> {
    const result = this.#queue.then(work);
    this.#queue = result.catch(() => undefined);
    return result;
  }
}

/** Passes a moment for bricks to come. */
async function soon({ signal }: AbortOptions): Promise<void> {
  await new Promise((resolve) => setTimeout(resolve, 30));
  signal?.throwIfAborted();
}
