import {
  type Disposable,
  DisposableStack,
  effect,
  Emitter,
  isVoxelwrightError,
  type ReadonlySignal,
  type Signal,
  signal,
} from "#base";
import {
  BrickAtlas,
  BrickBindings,
  brickFormat,
  type GpuContext,
  LabelBindings,
  LabelBricks,
  LabelColors,
  type LabelSource,
  SlicePass,
  SurfaceMeshes,
  VolumeBricks,
  cannotMean,
} from "#gpu";
import type { LabelChange } from "#labelmap";
import { ArrivalPace } from "./arrival-pace.ts";
import { automaticWindow } from "./window-presets.ts";
import { type OverlayVolume, shortName } from "./overlay-volume.ts";
import type { StageOverlay } from "./stage-overlay.ts";
import { StageOverlays } from "./stage-overlays.ts";
import type { ViewLabels, ViewPort, ViewVolume } from "./view-port.ts";
import type { ViewState } from "./view-state.ts";
import { windowing } from "./windowing.ts";

export interface StageOptions {
  readonly gpu: GpuContext;
  readonly volume: ViewVolume;
  readonly labels: ViewLabels;
  readonly state: ViewState;
  readonly port: ViewPort;
  /** Volumes over this one, the lowest first. */
  readonly overlays?: ReadonlySignal<readonly OverlayVolume[]>;
  /** Bytes of GPU memory for image bricks, those of overlays included. Default 768 MiB. */
  readonly atlasBytes?: number;
  /** Bytes of GPU memory for label bricks. Default 192 MiB. */
  readonly labelAtlasBytes?: number;
}

const MEBIBYTE = 2 ** 20;

/** What the bricks of the views hold on the GPU, bytes. */
export interface ViewMemory {
  readonly imageBudgetBytes: number;
  /** Of all image bricks, those of overlays included. */
  readonly imageBytes: number;
  /** Bricks of the image that are resident, all levels. */
  readonly imageBricks: number;
  readonly labelBudgetBytes: number;
  readonly labelBytes: number;
  /** Image bricks that each view wants, stand-ins among them; a view that is not shown wants none. */
  readonly wanted: Readonly<Record<string, number>>;
  /** Image bricks that are being read. */
  readonly reading: number;
}

/** What all views of one volume share: its bricks and labels on the GPU, and the passes. */
export class Stage implements Disposable {
  readonly gpu: GpuContext;
  readonly volume: ViewVolume;
  readonly segments: ViewLabels["segments"];
  readonly activeSegment: ViewLabels["active"];
  /** Segment under the pointer while it is to be drawn stronger; 0 for none. */
  readonly hoveredSegment = signal(0);
  readonly state: ViewState;
  readonly port: ViewPort;
  readonly bricks: VolumeBricks;
  readonly bindings: BrickBindings;
  readonly labelBricks: LabelBricks;
  readonly proposalBricks: LabelBricks;
  readonly labelBindings: LabelBindings;
  readonly hasProposals: boolean;
  readonly surfaces: ViewLabels["surfaces"];
  /** The surfaces on the GPU; absent where there are none to come. */
  readonly surfaceMeshes: SurfaceMeshes | undefined;
  readonly slicePass: SlicePass;
  /** Something every view shows has changed: bricks, colours, the device. */
  readonly changed = new Emitter<void>();
  /** Labels or proposals changed. */
  readonly labelsChanged = new Emitter<void>();
  /** Slices that an import has brought to the GPU so far; absent when all are there. */
  readonly slicesShown: Signal<number> | undefined;
  /** Volumes over this one, the lowest first. */
  readonly overlays: ReadonlySignal<readonly StageOverlay[]>;
  readonly #stack = new DisposableStack();
  readonly #pace: ArrivalPace;
  readonly #budgets: { readonly image: number; readonly label: number };

  constructor(options: StageOptions) {
    const { gpu, volume, labels, state, port } = options;
    const { voxelType } = volume.description;
    this.gpu = gpu;
    this.volume = volume;
    this.segments = labels.segments;
    this.activeSegment = labels.active;
    this.state = state;
    this.port = port;
    const stack = this.#stack;
    const budgetBytes = options.atlasBytes ?? 768 * MEBIBYTE;
    const labelBudgetBytes = options.labelAtlasBytes ?? 192 * MEBIBYTE;
    this.#budgets = { image: budgetBytes, label: labelBudgetBytes };
    const atlas = stack.add(new BrickAtlas(gpu, { format: brickFormat(voxelType).texture, budgetBytes }));
    const labelAtlas = stack.add(new BrickAtlas(gpu, { format: "r16uint", budgetBytes: labelBudgetBytes }));
    this.bricks = stack.add(
      new VolumeBricks({ context: gpu, atlas, source: volume.source, grid: volume.grid, voxelType }),
    );
    const { levels } = this.bricks;
    this.hasProposals = labels.proposals !== undefined;
    this.labelBricks = stack.add(new LabelBricks(gpu, labelAtlas, labels.source, levels));
    this.proposalBricks = stack.add(new LabelBricks(gpu, labelAtlas, labels.proposals ?? NO_PROPOSALS, levels));
    this.surfaces = labels.surfaces;
    this.surfaceMeshes = labels.surfaces && stack.add(new SurfaceMeshes(gpu, labels.surfaces));
    const colors = new LabelColors();
    this.bindings = stack.add(new BrickBindings(gpu, this.bricks));
    this.labelBindings = stack.add(new LabelBindings(gpu, this.labelBricks, this.proposalBricks, colors));
    this.slicePass = stack.add(new SlicePass(gpu));
    const changed = (): void => this.changed.emit();
    const overlays = new StageOverlays(
      options.overlays ?? signal([]),
      budgetBytes,
      { gpu, changed, warn: (error) => port.warn(error) },
      (bytes) => atlas.setBudgetBytes(bytes),
    );
    this.overlays = stack.add(overlays).list;
    this.#pace = new ArrivalPace({
      tell: changed,
      drawn: async () => (gpu.alive ? gpu.device.queue.onSubmittedWorkDone() : undefined),
      more: () => this.bricks.inFlight > 0,
    });
    stack.add(this.#pace);
    stack.add(this.bricks.changed.on(() => this.#pace.arrived()));
    stack.add(this.bricks.failed.on(({ error }) => port.warn(error)));
    stack.add(this.labelBricks.changed.on(() => this.labelsChanged.emit()));
    stack.add(this.proposalBricks.changed.on(() => this.labelsChanged.emit()));
    stack.add(gpu.restored.on(changed));
    stack.add(gpu.fault.on((error) => port.warn(error)));
    const { written, arrived, slicesIn } = volume;
    this.slicesShown = slicesIn && signal(slicesIn.peek());
    let replacing = 0;
    const show = (slices: number): void => {
      if (this.slicesShown) this.slicesShown.value = Math.max(this.slicesShown.peek(), slices);
    };
    if (written) {
      stack.add(
        written.on((addresses) => {
          const slices = slicesIn?.peek() ?? 0;
          replacing++;
          void this.bricks.refresh(addresses).then(() => {
            replacing--;
            if (replacing === 0) show(slices);
          });
        }),
      );
    }
    if (arrived) {
      stack.add(
        arrived.on((bricks) => {
          for (const brick of bricks) this.bricks.put(brick);
          // The count runs ahead of the GPU where only coarser bricks come, and while those of a whole slab are being read again.
          const finest = bricks.some(({ address }) => address.level === 0);
          if (replacing === 0 && finest) show(slicesIn?.peek() ?? 0);
        }),
      );
    }
    stack.defer(
      effect(() => {
        colors.set(labels.segments.value);
        this.labelsChanged.emit();
      }),
    );
    stack.defer(effect(() => this.bricks.setFrame(state.frame.value)));
    stack.defer(
      effect(() => {
        if (state.slab.value.mode !== "mean" || gpu.float32Blendable) return;
        port.warn(cannotMean());
        state.slab.value = { ...state.slab.peek(), mode: "none" };
      }),
    );
    this.#followImage();
  }

  /** What bricks take of their budgets, and what views want. */
  memory(): ViewMemory {
    const all = [this.bricks, ...this.overlays.peek().map(({ bricks }) => bricks)];
    const wanted: Record<string, number> = {};
    for (const bricks of all)
      for (const [view, count] of Object.entries(bricks.wantedBy())) wanted[view] = (wanted[view] ?? 0) + count;
    return {
      imageBudgetBytes: this.#budgets.image,
      imageBytes: all.reduce((sum, { atlas }) => sum + atlas.byteLength, 0),
      imageBricks: this.bricks.residentCount,
      labelBudgetBytes: this.#budgets.label,
      labelBytes: this.labelBricks.atlas.byteLength,
      wanted,
      reading: all.reduce((sum, { inFlight }) => sum + inFlight, 0),
    };
  }

  /** True while bricks that views want are on their way, or came and are not drawn yet. */
  get arriving(): boolean {
    return this.bricks.inFlight > 0 || this.#pace.busy;
  }

  /** Stored · gain + bias = grey, for the window of now. */
  get windowing(): { gain: number; bias: number } {
    return windowing(this.volume.description.rescale, this.state.window.value);
  }

  /** The name of an overlay as pictures have room for it. */
  overlayName({ volume: { description } }: StageOverlay): string {
    const overlays = this.overlays.value.map(({ volume }) => volume.description);
    return shortName(description, [this.volume.description, ...overlays]);
  }

  dispose(): void {
    this.#stack.dispose();
  }

  /** Finds the automatic window from the coarsest brick as soon as it is there, and applies it where the state asks for it. */
  #followImage(): void {
    const { state, volume } = this;
    const level = this.bricks.levels.length - 1;
    const stop = new AbortController();
    this.#stack.defer(() => stop.abort());
    const found = (): void => {
      if (state.automaticWindow.value) state.window.value = state.volume.automatic.value;
    };
    const look = async (): Promise<void> => {
      while (!stop.signal.aborted) {
        const address = { frame: state.frame.peek(), level, bi: 0, bj: 0, bk: 0 };
        const brick = await volume.source.readBrick(address, { signal: stop.signal });
        if (brick) {
          state.volume.automatic.value = automaticWindow(brick.voxels, volume.description.rescale);
          this.#stack.defer(effect(found));
          this.changed.emit();
          return;
        }
        await new Promise((resolve) => setTimeout(resolve, 250));
      }
    };
    look().catch((error: unknown) => {
      if (isVoxelwrightError(error)) this.port.warn(error);
    });
  }
}

const NO_PROPOSALS: LabelSource = { readBrick: () => undefined, changed: new Emitter<LabelChange>() };
