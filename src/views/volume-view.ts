import { computed, type Disposable, DisposableStack, effect, Emitter, type Signal, signal } from "#base";
import {
  CanvasTarget,
  createTexture,
  type GpuResource,
  type RaycastLook,
  RaycastPass,
  type RaycastScene,
  type SurfaceLayers,
  UpscalePass,
} from "#gpu";
import { element } from "./dom.ts";
import { OrbitCamera } from "./orbit-camera.ts";
import { OrientationCube } from "./orientation-cube.ts";
import type { Drawable, RenderLoop } from "./render-loop.ts";
import { PicturePace } from "./picture-pace.ts";
import { pixelShift } from "./pixel-shift.ts";
import type { Stage } from "./stage.ts";
import type { VolumeActions } from "./volume-actions.ts";
import { VolumeLook, volumeLevel } from "./volume-look.ts";
import { LABELS_WITHIN_MS } from "./slice-look.ts";
import { missingBricks, needLabels, wantLevel } from "./volume-needs.ts";
import { VolumeOverlay } from "./volume-overlay.ts";
import { VolumePictures } from "./volume-pictures.ts";
import { trackVolume, volumeScene, volumeTitle } from "./volume-scene.ts";
import { VolumePointer } from "./volume-pointer.ts";
import { VolumeSurfaces } from "./volume-surfaces.ts";

/** Rest before the picture is refined, ms. */
const STILL_MS = 140;
/** Planes that take longer than this are drawn by a slow GPU, ms. */
const SLOW_MS = 40;
/** How often a slow GPU is asked whether the planes are whole, ms. */
const PLANES_MS = 100;
/** The longest that a slow GPU waits for planes, ms: what a source does not answer keeps the volume from nobody. */
const MOST_WAIT_MS = 8000;

export interface VolumeStatus {
  readonly level: number;
  readonly levelCount: number;
  readonly missing: number;
  /** True once every pixel is drawn at full resolution. */
  readonly refined: boolean;
  /** Refined pictures averaged so far. */
  readonly pictures: number;
}

/**
 * The volume by rays. While it moves the picture is small and the steps long, as time allows; at rest it is refined in strips of
 * rows, so that neither the page nor the GPU is held up, and pictures with moved samples are averaged, so that neither steps nor
 * noise are seen.
 */
export class VolumeView implements Disposable, Drawable {
  readonly root: HTMLElement;
  readonly camera: OrbitCamera;
  readonly maximise = new Emitter<void>();
  readonly status: Signal<VolumeStatus | undefined> = signal(undefined);
  readonly #stage: Stage;
  readonly #loop: RenderLoop;
  readonly #target: CanvasTarget;
  readonly #ray: RaycastPass;
  readonly #upscale: UpscalePass;
  readonly #look: VolumeLook;
  readonly #surfaces: VolumeSurfaces;
  /** The surfaces of the picture that is being refined. */
  #layers: SurfaceLayers | undefined;
  readonly #making = computed(() => (this.#stage.surfaces?.pending.value ?? 0) > 0);
  readonly #cube: OrientationCube;
  readonly #stack = new DisposableStack();
  readonly actions: VolumeActions;
  readonly #overlay: VolumeOverlay;
  readonly #shown = signal(false);
  #rough: GpuResource<GPUTexture> | undefined;
  #fine: GpuResource<GPUTexture> | undefined;
  readonly #pace = new PicturePace();
  /** A picture is on its way through the GPU. */
  #busy = false;
  #moved = true;
  /** What lies over the picture is yet to be looked for in it. */
  #unseen = true;
  #nextRow = 0;
  /** Refined pictures that are done, and how many there will be. */
  #pictures = 0;
  #planned = 1;
  /** Pictures off screen are being made: the view keeps still. */
  #holds = 0;
  #ratio = 1;
  #stillSince = 0;
  #wanted = "";
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** `planes` until the first voxels are there, `voxels` then, `drawing` while planes show them, `slow` until planes lack nothing. */
  #beginning: "planes" | "voxels" | "drawing" | "slow" | "begun" = "planes";
  /** When the volume begins whatever planes lack, where the GPU is slow. */
  #beginBy = 0;

  constructor(options: { parent: HTMLElement; stage: Stage; loop: RenderLoop }) {
    const { parent, stage, loop } = options;
    this.#stage = stage;
    this.#loop = loop;
    const stack = this.#stack;
    this.root = element("div", "vw-view vw-view-volume", parent);
    this.root.dataset["view"] = "volume";
    this.#target = stack.add(new CanvasTarget(stage.gpu, element("canvas", "vw-canvas", this.root)));
    this.#ray = stack.add(new RaycastPass(stage.gpu));
    this.#overlay = new VolumeOverlay(this.root, stage, this.#ray);
    const overlay = this.#overlay.root;
    this.camera = stack.add(new OrbitCamera(overlay, stage.volume.grid, stage.state.projection.peek()));
    this.#cube = stack.add(new OrientationCube(this.root, stage.gpu, (eye) => this.camera.lookFrom(eye)));
    this.#upscale = stack.add(new UpscalePass(stage.gpu));
    this.#look = new VolumeLook(stage);
    this.#surfaces = stack.add(new VolumeSurfaces(stage));
    const pictures = new VolumePictures({
      stage,
      camera: this.camera,
      ray: this.#ray,
      upscale: this.#upscale,
      look: this.#look,
      size: () => this.#target.canvas,
      scene: (...args) => volumeScene(stage, ...args),
      level: () => this.#level(),
      title: () => volumeTitle(this.#stage),
      stands: () => this.#pictures > 0,
      hold: () => this.#hold(),
    });
    this.actions = pictures;
    stack.add(
      new VolumePointer(overlay, {
        maximise: () => this.maximise.emit(),
        click: (x, y) => void this.#goTo(x, y),
      }),
    );
    const moved = (): void => this.#touch();
    stack.add(
      this.camera.moved.on(() => {
        this.#cube.turn(this.camera.orientation);
        moved();
      }),
    );
    stack.add(
      stage.changed.on(() => {
        if (this.#beginning === "planes") this.#beginning = "voxels";
        moved();
      }),
    );
    stack.add(stage.labelsChanged.on(moved));
    if (stage.surfaceMeshes) stack.add(stage.surfaceMeshes.changed.on(moved));
    stack.add(stage.gpu.lost.on(() => this.#releaseTextures()));
    stack.add(this.camera.moved.on(() => this.#drawMarks()));
    stack.defer(effect(() => this.camera.setProjection(stage.state.projection.value)));
    stack.defer(
      effect(() => {
        if (this.#shown.value) this.#drawMarks();
        this.#unseen = true;
        if (this.#visible) this.#loop.invalidate(this);
      }),
    );
    stack.defer(
      effect(() => {
        trackVolume(stage);
        void this.#making.value;
        this.#touch();
      }),
    );
    stack.defer(() => {
      pictures.dispose();
      this.#shown.value = false;
      clearTimeout(this.#timer);
      loop.remove(this);
    });
    stack.defer(() => this.#releaseTextures());
    stack.defer(() => this.root.remove());
    this.#cube.turn(this.camera.orientation);
  }

  /** Takes the view's size in device pixels; 0 hides it and ends its interest in bricks. */
  resize(width: number, height: number, ratio: number): void {
    this.#ratio = ratio;
    this.#shown.value = width > 0 && height > 0;
    if (!this.#visible) {
      this.#stage.bricks.want("volume", []);
      this.#wanted = "";
      return;
    }
    if (this.#target.resize(width, height)) this.#releaseTextures();
    this.camera.setAspect(width / height);
    this.#drawMarks();
    this.#touch();
  }

  get #visible(): boolean {
    return this.#shown.peek();
  }

  draw(): boolean {
    const { gpu } = this.#stage;
    // A picture on its way through the GPU asks for the next one when it is done.
    if (!gpu.alive || !this.#visible || this.#busy || this.#holds > 0 || !this.#mayBegin()) return false;
    if (this.#moved) {
      this.#moved = false;
      this.#nextRow = 0;
      this.#pictures = 0;
      this.#planned = 1;
      this.#unseen = true;
      this.#drawMarks();
      this.#drawRough();
      return false;
    }
    if (this.#pictures >= this.#planned) {
      if (this.#unseen) this.#lookAgain();
      return false;
    }
    const rest = STILL_MS - (performance.now() - this.#stillSince);
    if (rest > 0) this.#wait(rest);
    else this.#drawStrip();
    return false;
  }

  dispose(): void {
    this.#stage.bricks.want("volume", []);
    this.#stack.dispose();
  }

  /**
   * Lets the planes show their first voxels before the volume is drawn at all: its shader takes long to compile, and its work would
   * stand before theirs on the GPU. Where the GPU is slow, whole planes come first: until then all that is read is theirs.
   */
  #mayBegin(): boolean {
    const { gpu, state } = this.#stage;
    if (this.#beginning === "planes" && state.layout.peek() === "volume") this.#beginning = "begun";
    if (this.#beginning === "slow") {
      if (this.#stage.arriving && performance.now() < this.#beginBy) this.#wait(PLANES_MS);
      else this.#beginning = "begun";
    }
    if (this.#beginning === "begun") this.#cube.begin();
    if (this.#beginning !== "voxels") return this.#beginning === "begun";
    this.#beginning = "drawing";
    const start = performance.now();
    const begin = (): void => {
      const now = performance.now();
      this.#beginning = now - start > SLOW_MS ? "slow" : "begun";
      this.#beginBy = now + MOST_WAIT_MS;
      this.#touch();
    };
    gpu.device.queue.onSubmittedWorkDone().then(begin, begin);
    return false;
  }

  #touch(): void {
    this.#moved = true;
    this.#stillSince = performance.now();
    this.root.setAttribute("aria-busy", "true");
    if (this.#visible) this.#loop.invalidate(this);
  }

  /** Moves the crosshair to what a point of the view shows. */
  async #goTo(x: number, y: number): Promise<void> {
    const found = await this.actions.pick(x, y);
    if (found) this.#stage.state.crosshair.value = found.lps;
  }

  /** Lets pictures off screen have the GPU and the bricks. */
  #hold(): Disposable {
    this.#holds++;
    return {
      dispose: () => {
        this.#holds--;
        this.#wanted = "";
        if (this.#holds === 0) this.#touch();
      },
    };
  }

  #drawRough(): void {
    const { width, height } = this.#target.canvas;
    const { width: w, height: h } = this.#pace.roughSize(width, height);
    if (!this.#rough || this.#rough.handle.width !== w || this.#rough.handle.height !== h) {
      this.#rough?.dispose();
      this.#rough = this.#texture("VolumeView.rough", w, h);
    }
    const level = this.#need();
    const start = performance.now();
    const scene = volumeScene(this.#stage, this.camera.rayCamera(), w, h, level, this.#movingLook());
    const surfaces = this.#surfaces.draw(scene, { width: w, height: h, originPx: [0, 0] });
    const rough = { ...scene, surfaces, stepMm: scene.stepMm * 2 };
    if (this.#compiles(rough)) {
      this.#moved = true;
      return;
    }
    this.#ray.draw(this.#into(this.#rough.handle), { ...rough, share: 1 });
    this.#present(this.#rough.handle);
    this.#report(level, false);
    void this.#settle(start, this.#seek(rough, true)).then((ms) => {
      this.#pace.tookRough(ms, h, width / w);
    });
  }

  #drawStrip(): void {
    const { width, height } = this.#target.canvas;
    this.#fine ??= this.#texture("VolumeView.fine", width, height);
    const level = this.#need();
    const quality = this.#stage.state.volume.quality.value;
    if (this.#pictures === 0 && this.#nextRow === 0) this.#planned = this.#pace.planned(quality, height);
    const from = this.#nextRow;
    const to = Math.min(from + this.#pace.rows, height);
    const start = performance.now();
    const n = this.#pictures;
    const scene = volumeScene(this.#stage, this.camera.rayCamera(), width, height, level, this.#look.now());
    const originPx = pixelShift(n, this.#planned);
    if (from === 0) this.#layers = this.#surfaces.draw(scene, { width, height, originPx });
    const layered = { ...scene, surfaces: this.#layers };
    if (this.#compiles(layered)) return;
    this.#ray.draw(this.#into(this.#fine.handle), {
      ...layered,
      rows: { from, to },
      originPx,
      turn: this.#planned > 1 ? n : undefined,
      share: 1 / (n + 1),
    });
    this.#nextRow = to;
    if (to === height) {
      this.#pictures++;
      this.#nextRow = 0;
      this.#present(this.#fine.handle);
    }
    this.#report(level, this.#pictures > 0);
    const look = this.#unseen && this.#pictures > 0;
    void this.#settle(start, look ? this.#seek({ ...scene, surfaces: this.#layers, originPx }) : undefined).then(
      (ms) => {
        this.#pace.tookRows(ms, to - from);
      },
    );
  }

  /** Whether what a scene is drawn with is yet to be compiled: it is drawn then, and until then the picture stays as it is. */
  #compiles(scene: RaycastScene): boolean {
    const compiling = this.#ray.compile("rgba16float", scene);
    void compiling?.then(() => this.#again());
    return compiling !== undefined;
  }

  #again(): void {
    if (this.#visible) this.#loop.invalidate(this);
  }

  /** Looks for what changed over a picture that stays. */
  #lookAgain(): void {
    const { width, height } = this.#target.canvas;
    const scene = volumeScene(this.#stage, this.camera.rayCamera(), width, height, this.#need(), this.#look.now());
    const originPx = pixelShift(this.#planned - 1, this.#planned);
    void this.#settle(performance.now(), this.#seek({ ...scene, surfaces: this.#layers, originPx }));
  }

  /** Looks for what lies over a picture, and draws it as it was found. */
  async #seek(scene: RaycastScene, moving = false): Promise<void> {
    this.#unseen = moving;
    const ratio = (this.#ratio * scene.height) / this.#target.canvas.height;
    await this.#overlay.look(scene, ratio, moving, (compiling) => {
      void compiling.then(() => {
        this.#unseen = true;
        this.#again();
      });
    });
    this.#drawMarks();
  }

  /** Shade from around is left for the refined picture. */
  #movingLook(): RaycastLook {
    return this.#stage.state.volume.quality.value === "high" ? this.#look.now("standard") : this.#look.now();
  }

  #into(texture: GPUTexture): { view: GPUTextureView; format: GPUTextureFormat } {
    return { view: texture.createView(), format: texture.format };
  }

  #drawMarks(): void {
    const { width, height } = this.#target.canvas;
    this.#overlay.draw(this.camera, width, height, this.#ratio);
  }

  #present(source: GPUTexture): void {
    const { width, height } = this.#target.canvas;
    this.#upscale.draw({ view: this.#target.view(), format: this.#target.format, width, height }, source);
  }

  /** Comes back once the view has been still for long enough. */
  #wait(ms: number): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#loop.invalidate(this), ms);
  }

  /** Waits until the GPU is done, so that pictures never queue up, and tells how long it took. */
  async #settle(start: number, looked?: Promise<void>): Promise<number> {
    this.#busy = true;
    try {
      await Promise.all([this.#stage.gpu.device.queue.onSubmittedWorkDone(), looked]);
    } finally {
      this.#busy = false;
      this.#again();
    }
    return performance.now() - start;
  }

  #level(): number {
    const { bricks, volume } = this.#stage;
    const mmPerPixel = this.camera.mmPerPixel(this.#target.canvas.height);
    return volumeLevel(volume.grid, bricks.levels, bricks.atlas.capacity, mmPerPixel);
  }

  /** Wants every brick of the level of now, and gives the level. */
  #need(): number {
    const level = this.#level();
    const key = `${level}/${this.#stage.state.frame.value}`;
    if (key !== this.#wanted) {
      this.#wanted = key;
      wantLevel(this.#stage, level);
    }
    needLabels(this.#stage, level, LABELS_WITHIN_MS);
    return level;
  }

  #report(level: number, refined: boolean): void {
    const making = this.#making.peek();
    this.root.setAttribute("aria-busy", String(!refined || making));
    const missing = missingBricks(this.#stage, level);
    const levelCount = this.#stage.bricks.levels.length;
    this.#overlay.say(level, missing, making);
    const status: VolumeStatus = { level, levelCount, missing, refined, pictures: this.#pictures };
    if (JSON.stringify(status) !== JSON.stringify(this.status.peek())) this.status.value = status;
  }

  #texture(label: string, width: number, height: number): GpuResource<GPUTexture> {
    return createTexture(this.#stage.gpu, {
      label,
      size: [width, height],
      // Sums of pictures need more than 8 bits.
      format: "rgba16float",
      usage: GPUTextureUsage.RENDER_ATTACHMENT | GPUTextureUsage.TEXTURE_BINDING,
    });
  }

  #releaseTextures(): void {
    this.#rough?.dispose();
    this.#fine?.dispose();
    this.#rough = undefined;
    this.#fine = undefined;
    this.#layers = undefined;
    this.#busy = false;
    this.#touchLater();
  }

  #touchLater(): void {
    this.#moved = true;
    this.#nextRow = 0;
    this.#pictures = 0;
  }
}
