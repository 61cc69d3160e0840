import { type Disposable, DisposableStack, effect, Emitter, length, type Signal, signal, subtract } from "#base";
import { CanvasTarget, createTexture, type GpuResource, levelStepMm, RaycastPass, UpscalePass } from "#gpu";
import type { Dims, PointLps } from "#volume";
import { element, setText } from "./dom.ts";
import { drawMeasurements } from "./draw-measurements.ts";
import { marksInVolume } from "./measurement-marks.ts";
import { OrbitCamera } from "./orbit-camera.ts";
import { OrientationCube } from "./orientation-cube.ts";
import type { Drawable, RenderLoop } from "./render-loop.ts";
import type { Stage } from "./stage.ts";
import { chosenPreset, VolumeLook, volumeLevel } from "./volume-look.ts";

/** Time a picture may take while things move, and a strip of the refined one; ms. */
const MOVING_MS = 45;
const STRIP_MS = 70;
/** Rest before the picture is refined, ms. */
const STILL_MS = 140;

export interface VolumeStatus {
  readonly level: number;
  readonly levelCount: number;
  readonly missing: number;
  /** True once every pixel is drawn at full resolution. */
  readonly refined: boolean;
}

/**
 * The volume by rays. While it moves the picture is small and the steps long, as time allows; at rest it is refined in strips of
 * rows, so that neither the page nor the GPU is held up.
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
  readonly #cube: OrientationCube;
  readonly #stack = new DisposableStack();
  readonly #marks: HTMLCanvasElement;
  readonly #texts: { preset: HTMLElement; state: HTMLElement };
  #visible = false;
  #rough: GpuResource<GPUTexture> | undefined;
  #fine: GpuResource<GPUTexture> | undefined;
  #scale = 0.5;
  /** Milliseconds a row of the refined picture takes. */
  #rowMs = 0.5;
  /** A picture is on its way through the GPU. */
  #busy = false;
  #moved = true;
  #nextRow = 0;
  #stillSince = 0;
  #wanted = "";
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** `planes` until the first voxels are there, `voxels` then, `waiting` while the planes are drawn. */
  #beginning: "planes" | "voxels" | "waiting" | "begun" = "planes";

  constructor(options: { parent: HTMLElement; stage: Stage; loop: RenderLoop }) {
    const { parent, stage, loop } = options;
    this.#stage = stage;
    this.#loop = loop;
    const stack = this.#stack;
    this.root = element("div", "vw-view vw-view-volume", parent);
    this.root.dataset["view"] = "volume";
    this.#target = stack.add(new CanvasTarget(stage.gpu, element("canvas", "vw-canvas", this.root)));
    const overlay = element("div", "vw-overlay vw-overlay-volume", this.root);
    this.#marks = element("canvas", "vw-marks", overlay);
    const corner = element("div", "vw-corner vw-top-left", overlay);
    setText(element("div", "vw-line vw-line-title vw-title-volume", corner), "Volume");
    this.#texts = { preset: element("div", "vw-line", corner), state: element("div", "vw-line vw-line-state", corner) };
    this.camera = stack.add(new OrbitCamera(overlay, stage.volume.grid, stage.state.projection.peek()));
    this.#cube = stack.add(new OrientationCube(this.root, stage.gpu, (eye) => this.camera.lookFrom(eye)));
    this.#ray = stack.add(new RaycastPass(stage.gpu));
    this.#upscale = stack.add(new UpscalePass(stage.gpu));
    this.#look = new VolumeLook(stage);
    const maximise = (): void => this.maximise.emit();
    overlay.addEventListener("dblclick", maximise);
    stack.defer(() => overlay.removeEventListener("dblclick", maximise));
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
    stack.add(stage.gpu.lost.on(() => this.#releaseTextures()));
    stack.add(this.camera.moved.on(() => this.#drawMarks()));
    stack.defer(effect(() => this.camera.setProjection(stage.state.projection.value)));
    stack.defer(
      effect(() => {
        void stage.state.measurements.value;
        void stage.state.frame.value;
        this.#drawMarks();
      }),
    );
    stack.defer(
      effect(() => {
        this.#track();
        this.#touch();
      }),
    );
    stack.defer(() => {
      this.#visible = false;
      clearTimeout(this.#timer);
      loop.remove(this);
    });
    stack.defer(() => this.#releaseTextures());
    stack.defer(() => this.root.remove());
    this.#cube.turn(this.camera.orientation);
  }

  /** Takes the view's size in device pixels; 0 hides it and ends its interest in bricks. */
  resize(width: number, height: number): void {
    this.#visible = width > 0 && height > 0;
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

  draw(): boolean {
    const { gpu } = this.#stage;
    // A picture on its way through the GPU asks for the next one when it is done.
    if (!gpu.alive || !this.#visible || this.#busy || !this.#mayBegin()) return false;
    if (this.#moved) {
      this.#moved = false;
      this.#nextRow = 0;
      this.#drawRough();
      return false;
    }
    if (this.#nextRow >= this.#target.canvas.height) return false;
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
   * stand before theirs on the GPU.
   */
  #mayBegin(): boolean {
    if (this.#beginning === "planes" && this.#stage.state.layout.peek() === "volume") this.#beginning = "begun";
    if (this.#beginning !== "voxels") return this.#beginning === "begun";
    this.#beginning = "waiting";
    const begin = (): void => {
      this.#beginning = "begun";
      this.#touch();
    };
    this.#stage.gpu.device.queue.onSubmittedWorkDone().then(begin, begin);
    return false;
  }

  /** Measurements lie over the picture, which needs no new rays for them. */
  #drawMarks(): void {
    const canvas = this.#marks;
    const { width, height } = this.#target.canvas;
    const { measurements, frame } = this.#stage.state;
    if (!this.#visible || (measurements.peek().length === 0 && canvas.width === 0)) return;
    // Setting the size also clears it; without measurements there is no canvas to hold.
    canvas.width = measurements.peek().length === 0 ? 0 : width;
    canvas.height = height;
    const paint = canvas.getContext("2d");
    if (!paint || canvas.width === 0) return;
    const ratio = width / Math.max(this.root.clientWidth, 1);
    const place = (point: PointLps) => this.camera.project(point, width, height);
    drawMeasurements(paint, marksInVolume(measurements.peek(), frame.peek(), place), ratio);
  }

  #touch(): void {
    this.#moved = true;
    this.#stillSince = performance.now();
    this.root.setAttribute("aria-busy", "true");
    if (this.#visible) this.#loop.invalidate(this);
  }

  #track(): void {
    const { state, activeSegment } = this.#stage;
    const signals = [
      state.invert,
      state.volumeMode,
      state.volumePreset,
      state.labelsVisible,
      state.labelsInVolume,
      state.frame,
      activeSegment,
    ];
    for (const one of signals) void one.value;
  }

  #drawRough(): void {
    const { width, height } = this.#target.canvas;
    const w = Math.max(Math.round(width * this.#scale), 16);
    const h = Math.max(Math.round(height * this.#scale), 16);
    if (!this.#rough || this.#rough.handle.width !== w || this.#rough.handle.height !== h) {
      this.#rough?.dispose();
      this.#rough = this.#texture("VolumeView.rough", w, h);
    }
    const level = this.#need();
    const start = performance.now();
    this.#cast(this.#rough.handle, w, h, level, 1.6);
    this.#present(this.#rough.handle);
    this.#report(level, false);
    void this.#settle(start).then((ms) => {
      // Towards the size that takes the time allowed, never in one leap.
      const factor = Math.min(Math.max(Math.sqrt(MOVING_MS / Math.max(ms, 1)), 0.6), 1.3);
      if (factor < 0.9 || factor > 1.12) this.#scale = Math.min(Math.max(this.#scale * factor, 0.15), 1);
      this.#rowMs = (ms / h) * (width / w) * 1.6;
    });
  }

  #drawStrip(): void {
    const { width, height } = this.#target.canvas;
    this.#fine ??= this.#texture("VolumeView.fine", width, height);
    const level = this.#need();
    const rows = Math.max(Math.floor(STRIP_MS / Math.max(this.#rowMs, 1e-3)), 8);
    const from = this.#nextRow;
    const to = Math.min(from + rows, height);
    const start = performance.now();
    this.#cast(this.#fine.handle, width, height, level, 0.8, { from, to });
    this.#nextRow = to;
    if (to === height) this.#present(this.#fine.handle);
    this.#report(level, to === height);
    void this.#settle(start).then((ms) => {
      this.#rowMs = ms / (to - from);
    });
  }

  #cast(
    texture: GPUTexture,
    width: number,
    height: number,
    level: number,
    stride: number,
    rows?: { from: number; to: number },
  ): void {
    const { bindings, labelBindings, bricks, volume } = this.#stage;
    this.#ray.draw(
      { view: texture.createView(), format: texture.format },
      {
        camera: this.camera.rayCamera(),
        width,
        height,
        level,
        stepMm: levelStepMm(volume.grid, bricks.levels[level]!) * stride,
        bricks: bindings,
        labels: labelBindings,
        look: this.#look.now(),
        ...(rows ? { rows } : {}),
      },
    );
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
  async #settle(start: number): Promise<number> {
    this.#busy = true;
    try {
      await this.#stage.gpu.device.queue.onSubmittedWorkDone();
    } finally {
      this.#busy = false;
      if (this.#visible) this.#loop.invalidate(this);
    }
    return performance.now() - start;
  }

  /** Wants every brick of the level, nearest to the crosshair first. */
  #need(): number {
    const { bricks, volume, state, labelBricks, proposalBricks, hasProposals } = this.#stage;
    const level = volumeLevel(
      volume.grid,
      bricks.levels,
      bricks.atlas.capacity,
      this.camera.mmPerPixel(this.#target.canvas.height),
    );
    const { bricks: count, factor } = bricks.levels[level]!;
    const frame = state.frame.value;
    const all: Dims[] = [];
    for (let bk = 0; bk < count[2]; bk++)
      for (let bj = 0; bj < count[1]; bj++) for (let bi = 0; bi < count[0]; bi++) all.push([bi, bj, bk]);
    const key = `${level}/${frame}`;
    if (key !== this.#wanted) {
      this.#wanted = key;
      const middle = state.crosshair.peek();
      const wants = all.map((brick) => {
        const center = volume.grid.toLps([
          (brick[0] + 0.5) * 64 * factor[0],
          (brick[1] + 0.5) * 64 * factor[1],
          (brick[2] + 0.5) * 64 * factor[2],
        ]);
        // After the planes: theirs are counted in pixels from the middle.
        return {
          address: { frame, level, bi: brick[0], bj: brick[1], bk: brick[2] },
          priority: 1e6 + length(subtract(center, middle)),
        };
      });
      const last = bricks.levels.length - 1;
      wants.push({ address: { frame, level: last, bi: 0, bj: 0, bk: 0 }, priority: -2e9 });
      bricks.want("volume", wants);
    }
    if (state.labelsVisible.value && state.labelsInVolume.value) labelBricks.need(level, all);
    if (hasProposals && state.labelsInVolume.value) proposalBricks.need(level, all);
    return level;
  }

  #report(level: number, refined: boolean): void {
    this.root.setAttribute("aria-busy", String(!refined));
    const { bricks, state } = this.#stage;
    const { bricks: count } = bricks.levels[level]!;
    let missing = 0;
    for (let bk = 0; bk < count[2]; bk++) {
      for (let bj = 0; bj < count[1]; bj++)
        for (let bi = 0; bi < count[0]; bi++) if (!bricks.table.resident(level, [bi, bj, bk])) missing++;
    }
    const levelCount = bricks.levels.length;
    setText(
      this.#texts.preset,
      state.volumeMode.value === "mip" ? "Maximum intensity" : chosenPreset(this.#stage).title,
    );
    const parts = level > 0 ? [`Level ${level} of ${levelCount - 1}`] : [];
    if (missing > 0) parts.push("bricks loading");
    setText(this.#texts.state, parts.join(", "));
    const status: VolumeStatus = { level, levelCount, missing, refined };
    if (JSON.stringify(status) !== JSON.stringify(this.status.peek())) this.status.value = status;
  }

  #texture(label: string, width: number, height: number): GpuResource<GPUTexture> {
    return createTexture(this.#stage.gpu, {
      label,
      size: [width, height],
      format: "rgba8unorm",
      usage: GPUTextureUsage.RENDER_ATTACHMENT | GPUTextureUsage.TEXTURE_BINDING,
    });
  }

  #releaseTextures(): void {
    this.#rough?.dispose();
    this.#fine?.dispose();
    this.#rough = undefined;
    this.#fine = undefined;
    this.#busy = false;
    this.#touchLater();
  }

  #touchLater(): void {
    this.#moved = true;
    this.#nextRow = 0;
  }
}
