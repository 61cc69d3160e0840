import "./views.css";
import { type Disposable, DisposableStack, effect, type ReadonlySignal, type Signal, signal } from "#base";
import { CurveView } from "./curve-view.ts";
import { element } from "./dom.ts";
import { RenderLoop } from "./render-loop.ts";
import type { SliceStatus } from "./slice-status.ts";
import { type PointerSettings, SliceView } from "./slice-view.ts";
import { Stage, type StageOptions, type ViewMemory } from "./stage.ts";
import { ViewLayout } from "./view-layout.ts";
import type { LeftDrag, PlanePick, PointerHandler } from "./view-port.ts";
import { PLANE_NAMES, type PlaneName } from "./plane-name.ts";
import { fitPlanes, showCurve } from "./view-state.ts";
import type { VolumeActions } from "./volume-actions.ts";
import { type VolumeStatus, VolumeView } from "./volume-view.ts";

export interface CreateViewsOptions extends StageOptions {
  /** The element to fill; it needs a size of its own. */
  readonly host: HTMLElement;
}

/** The views of one volume on screen. */
export interface Views extends Disposable {
  /** Lets a tool take the left button's drags; undefined gives them back to the views. */
  setPointerHandler(handler: PointerHandler | undefined): void;
  /** What the left button does without a handler. */
  setLeftDrag(drag: LeftDrag): void;
  /** Where the pointer is, in whichever plane. */
  readonly hover: ReadonlySignal<PlanePick | undefined>;
  /** Steps the plane under the pointer, else the one it was over last; +1 goes up. */
  step(count: number): void;
  /** Fits and centres all planes. */
  fit(): void;
  /** Fits the planes, resets the camera, the crosshair goes to the middle. */
  reset(): void;
  /** Gives the view the pointer was over last the whole room, or the grid back. */
  maximise(): void;
  /** Picks and pictures of the volume view. */
  readonly volume: VolumeActions;
  readonly status: Readonly<Record<PlaneName, ReadonlySignal<SliceStatus | undefined>>> & {
    readonly volume: ReadonlySignal<VolumeStatus | undefined>;
  };
  /** What bricks take of their budgets now. */
  memory(): ViewMemory;
  /** Bytes of labels uploaded so far, for measuring strokes. */
  readonly labelBytesUploaded: number;
  /** Pictures drawn so far, all views. */
  readonly frames: number;
}

/** Puts the four views of a volume into `host`. They follow `state`, the labels and the device until disposed. */
export function createViews(options: CreateViewsOptions): Views {
  const { host, state, volume } = options;
  const stack = new DisposableStack();
  const root = element("div", "vw-views", host);
  stack.defer(() => root.remove());
  const stage = stack.add(new Stage(options));
  const loop = stack.add(new RenderLoop());
  const hover: Signal<PlanePick | undefined> = signal(undefined);
  const settings: PointerSettings = { handler: undefined, leftDrag: "crosshair", hover };
  const plane = (name: PlaneName): SliceView => stack.add(new SliceView({ name, parent: root, stage, loop, settings }));
  const views = {
    axial: plane("axial"),
    sagittal: plane("sagittal"),
    coronal: plane("coronal"),
    volume: stack.add(new VolumeView({ parent: root, stage, loop })),
    curve: stack.add(new CurveView({ parent: root, stage, loop, settings })),
  };
  const layout = stack.add(new ViewLayout(root, state, views));
  let last: keyof typeof views = "axial";
  for (const name of [...PLANE_NAMES, "volume", "curve"] as const) {
    stack.add(views[name].maximise.on(() => layout.toggle(name)));
    views[name].root.addEventListener("pointerenter", () => {
      last = name;
    });
  }
  // A path that is deleted takes its picture with it.
  stack.defer(
    effect(() => {
      const shown = state.curve.value;
      if (shown && !state.measurements.value.some(({ measurement }) => measurement.id === shown.path))
        showCurve(state, undefined);
    }),
  );
  return {
    setPointerHandler: (handler) => {
      if (settings.handler !== handler) settings.handler?.cancel();
      settings.handler = handler;
    },
    setLeftDrag: (drag) => {
      settings.leftDrag = drag;
    },
    hover,
    step: (count) => {
      const layoutName = state.layout.value;
      const shown = layoutName === "grid" ? last : layoutName;
      views[shown === "volume" ? "axial" : shown].step(count);
    },
    fit: () => fitPlanes(state),
    reset: () => {
      fitPlanes(state);
      state.crosshair.value = volume.grid.centerLps;
      views.volume.camera.reset();
    },
    maximise: () => layout.toggle(state.layout.value === "grid" ? last : (state.layout.value as keyof typeof views)),
    volume: views.volume.actions,
    status: {
      axial: views.axial.status,
      coronal: views.coronal.status,
      sagittal: views.sagittal.status,
      volume: views.volume.status,
    },
    memory: () => stage.memory(),
    get labelBytesUploaded() {
      return stage.labelBricks.uploadedBytes;
    },
    get frames() {
      return loop.frames;
    },
    dispose: () => stack.dispose(),
  };
}
