import { cross, scale, subtract } from "#base";
import {
  BrickAtlas,
  BrickBindings,
  brickFormat,
  CanvasTarget,
  createTexture,
  GpuContext,
  type GpuResource,
  LabelBindings,
  LabelBricks,
  LabelColors,
  preparePlanes,
  type RayCamera,
  type RaycastLook,
  RaycastPass,
  TransferTable,
  UpscalePass,
  VolumeBricks,
} from "#gpu";
import { type BrickSource, ImageGrid } from "#volume";
import type { Views, ViewState } from "#views";
import { bricksOf, describeVolume, NO_LABELS, openViews } from "./brick-volume.ts";
import { DiscLabels } from "./disc-labels.ts";
import type { HandFrames } from "./hand-frames.ts";
import {
  type BenchVolume,
  type CameraMm,
  PLANE_SCENES,
  type SceneFrame,
  type SceneLook,
  type SceneName,
  VOLUME_SCENES,
  type VolumeScene,
} from "./renderer.ts";
import { obliqueRotation, SLAB_MM, sliceOf } from "./scenes.ts";
import type { Painter } from "./stroke.ts";

/** This program: planes by its own views, overlay and words included; volumes by the ray pass, as the volume view refines them. */
export class Ours implements Painter {
  readonly name = "Voxelwright";
  readonly version: string;
  readonly scenes = [...PLANE_SCENES, ...VOLUME_SCENES];
  readonly #frames: HandFrames;
  #planes: { readonly host: HTMLElement; readonly views: Views; readonly state: ViewState } | undefined;
  #rays: Rays | undefined;
  #gpu: GpuContext | undefined;
  #host: HTMLElement | undefined;
  #look: SceneLook | undefined;
  #source: BrickSource | undefined;
  #volume: BenchVolume | undefined;
  #shown: SceneName = "scroll";
  #labels: DiscLabels | undefined;

  constructor(frames: HandFrames, version: string) {
    this.#frames = frames;
    this.version = version;
  }

  async open(host: HTMLElement, volume: BenchVolume, look: SceneLook): Promise<void> {
    this.#host = host;
    this.#look = look;
    this.#volume = volume;
    this.#gpu = await GpuContext.open();
    // As the page does when it has opened, before any volume is chosen.
    void preparePlanes(this.#gpu, navigator.gpu.getPreferredCanvasFormat());
    this.#source = await bricksOf(volume.dims, volume.voxels);
    const inner = host.appendChild(document.createElement("div"));
    const description = describeVolume(volume.dims, look.window);
    fill(inner, host.clientWidth);
    this.#labels = new DiscLabels(volume.dims);
    const { views, state } = openViews(this.#gpu, inner, this.#source, description, this.#labels);
    this.#planes = { host: inner, views, state };
    await this.#whole();
  }

  async show(scene: SceneName, size: number): Promise<void> {
    this.#shown = scene;
    const { host, state } = this.#planes!;
    const solid = isVolume(scene);
    host.hidden = solid;
    if (solid) {
      this.#rays ??= new Rays(this.#gpu!, this.#source!, this.#volume!, this.#look!, this.#host!);
      await this.#rays.show(size, this.#frames);
      return;
    }
    this.#rays?.hide();
    fill(host, size);
    state.slab.value = { mode: scene === "slab" ? "mip" : "none", thicknessMm: SLAB_MM };
    state.orientation.value = { base: "voxel", rotation: scene === "oblique" ? obliqueRotation(0) : [0, 0, 0, 1] };
    this.#lookAt(scene === "oblique" ? this.#volume!.dims[2] / 2 : sliceOf(this.#volume!.dims, 0));
    await this.#whole();
  }

  #lookAt(k: number): void {
    const [x, y] = this.#volume!.dims;
    this.#planes!.state.crosshair.value = [x / 2, y / 2, k];
  }

  async fetchAll(): Promise<void> {
    if (isVolume(this.#shown)) return;
    const quarter = this.#volume!.dims[2] / 4;
    for (let k = quarter / 2; k < 4 * quarter; k += quarter) {
      this.#lookAt(Math.floor(k));
      await this.#whole();
    }
  }

  draw({ scene, plane, camera }: SceneFrame): void {
    if (isVolume(scene)) {
      this.#rays!.draw(scene, camera);
      return;
    }
    const { state } = this.#planes!;
    if (scene === "oblique") state.orientation.value = { base: "voxel", rotation: this.#rotation };
    state.crosshair.value = plane.center;
    this.#frames.flush();
  }

  /** Rotation of the next oblique frame: the state takes quaternions, peers take directions. */
  #rotation: readonly [number, number, number, number] = [0, 0, 0, 1];
  turnTo(rotation: readonly [number, number, number, number]): void {
    this.#rotation = rotation;
  }

  canvas(): HTMLCanvasElement {
    if (isVolume(this.#shown)) return this.#rays!.canvas;
    return this.#planes!.host.querySelector<HTMLCanvasElement>('[data-view="axial"] canvas')!;
  }

  async startPainting(): Promise<void> {
    await this.show("scroll", 512);
    this.#lookAt(this.#volume!.dims[2] / 2);
    await this.#whole();
  }

  paint(_step: number, center: readonly [number, number, number], radius: number): void {
    this.#labels!.paint(center, radius);
    this.#frames.flush();
  }

  /** Waits until the plane of now is drawn with all its bricks. */
  #whole(): Promise<void> {
    const { status } = this.#planes!.views;
    let frames = 0;
    return this.#frames.run(() => ++frames > 2 && status.axial.peek()?.missing === 0);
  }
}

function isVolume(scene: SceneName): scene is VolumeScene {
  return VOLUME_SCENES.includes(scene as VolumeScene);
}

export function fill(element: HTMLElement, size: number): void {
  element.style.cssText = `position: absolute; left: 0; top: 0; width: ${size}px; height: ${size}px`;
}

/** From clip space to LPS mm, column-major. */
export function rayCamera({ center, forward, up, heightMm }: CameraMm): RayCamera {
  const half = heightMm / 2;
  const right = cross(forward, up);
  const depth = heightMm * 2;
  const near = subtract(center, scale(forward, depth / 2));
  return { clipToLps: [...scale(right, half), 0, ...scale(up, half), 0, ...scale(forward, depth), 0, ...near, 1] };
}

class Rays {
  readonly canvas: HTMLCanvasElement;
  readonly #gpu: GpuContext;
  readonly #target: CanvasTarget;
  readonly #bricks: VolumeBricks;
  readonly #bindings: BrickBindings;
  readonly #labels: LabelBindings;
  readonly #ray: RaycastPass;
  readonly #upscale: UpscalePass;
  readonly #look: RaycastLook;
  readonly #stepMm: number;
  #fine: GpuResource<GPUTexture> | undefined;
  #size = 0;

  constructor(gpu: GpuContext, source: BrickSource, { dims }: BenchVolume, look: SceneLook, host: HTMLElement) {
    this.#gpu = gpu;
    this.canvas = host.appendChild(document.createElement("canvas"));
    this.#target = new CanvasTarget(gpu, this.canvas);
    const { grid: given, voxelType } = describeVolume(dims, look.window);
    const grid = new ImageGrid(given);
    const format = brickFormat(voxelType);
    const atlas = new BrickAtlas(gpu, { format: format.texture, budgetBytes: 512 * 2 ** 20 });
    const labelAtlas = new BrickAtlas(gpu, { format: "r16uint", budgetBytes: 8 * 2 ** 20 });
    this.#bricks = new VolumeBricks({ context: gpu, atlas, source, grid, voxelType });
    this.#bindings = new BrickBindings(gpu, this.#bricks);
    const none = (): LabelBricks => new LabelBricks(gpu, labelAtlas, NO_LABELS, this.#bricks.levels);
    this.#labels = new LabelBindings(gpu, none(), none(), new LabelColors());
    this.#ray = new RaycastPass(gpu);
    this.#upscale = new UpscalePass(gpu);
    this.#stepMm = look.stepMm;
    this.#look = {
      mode: "mip",
      transfer: new TransferTable(look.transfer),
      iso: { level: look.isoLevel, opacity: 1, color: look.isoColor },
      rescale: { slope: 1, intercept: 0 },
      window: look.window,
      planeWindow: look.window,
      invert: false,
      light: "gradient",
      ambient: look.ambient,
      diffuse: look.diffuse,
      specular: look.specular,
      unitMm: 1,
      background: [0, 0, 0],
      showLabels: false,
      showProposals: false,
      labelOpacity: 0,
      activeSegment: 0,
    };
  }

  async show(size: number, frames: HandFrames): Promise<void> {
    this.canvas.hidden = false;
    this.#target.resize(size, size);
    if (this.#size !== size) {
      this.#fine?.dispose();
      this.#fine = createTexture(this.#gpu, {
        label: "Rays.fine",
        size: [size, size],
        format: "rgba16float",
        usage: GPUTextureUsage.RENDER_ATTACHMENT | GPUTextureUsage.TEXTURE_BINDING,
      });
    }
    this.#size = size;
    const [x, y, z] = this.#bricks.levels[0]!.bricks;
    const wants = Array.from({ length: x * y * z }, (_, n) => ({
      address: { frame: 0, level: 0, bi: n % x, bj: Math.floor(n / x) % y, bk: Math.floor(n / (x * y)) },
      priority: n,
      ranged: true,
    }));
    this.#bricks.want("rays", wants);
    await frames.run(() => this.#bricks.residentCount === wants.length);
  }

  hide(): void {
    this.canvas.hidden = true;
  }

  draw(scene: VolumeScene, camera: CameraMm): void {
    const size = this.#size;
    const fine = this.#fine!.handle;
    this.#ray.draw(
      { view: fine.createView(), format: fine.format },
      {
        camera: rayCamera(camera),
        width: size,
        height: size,
        level: 0,
        stepMm: this.#stepMm,
        bricks: this.#bindings,
        labels: this.#labels,
        look: { ...this.#look, mode: scene },
        share: 1,
      },
    );
    this.#upscale.draw({ view: this.#target.view(), format: this.#target.format, width: size, height: size }, fine);
  }
}
