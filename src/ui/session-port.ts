import {
  computed,
  type Disposable,
  DisposableStack,
  effect,
  Emitter,
  type ReadonlySignal,
  signal,
  untracked,
} from "#base";
import type { GpuContext } from "#gpu";
import type { LabelChange } from "#labelmap";
import { measurementLines, type OpenStudy, type Overlay, type Session, type StudyImage } from "#session";
import {
  type BoxPort,
  BoxTool,
  BrushTool,
  EitherTool,
  GrowTool,
  IslandTool,
  MeasureTool,
  type PointerTool,
} from "#tools";
import {
  createViews,
  isStraight,
  LUTS,
  type PlanePick,
  type PointerHandler,
  type Views,
  volumePresets,
  windowPresets,
} from "#views";
import { fineScale, type ImageGrid } from "#volume";
import { brushRange, sizeBrush } from "./brush-size.ts";
import { clipBoxPort } from "./clip-box-port.ts";
import { followSurfaces } from "./follow-surfaces.ts";
import type {
  CapabilityReport,
  HistoryState,
  OpenStudyState,
  OverlayState,
  SampleScan,
  SegmentSize,
  UiPort,
  ViewState as UiViewState,
} from "./ui-port.ts";
import { NO_VOLUME_LOOK, volumeLookState } from "./volume-look-state.ts";

/** Entries of the journal that the history panel gets. */
const HISTORY_SHOWN = 200;

export interface SessionPortOptions {
  readonly session: Session;
  /** Undefined where there is no WebGPU. */
  readonly gpu: GpuContext | undefined;
  readonly capabilities: CapabilityReport;
  readonly samples: readonly SampleScan[];
  readonly version: string;
}

/** The session as the user interface sees it: signals in the interface's terms, and the views in their host. */
export function createSessionPort(options: SessionPortOptions): UiPort {
  const { session, gpu, capabilities, samples, version } = options;
  const { imports } = session.port;
  return {
    version,
    samples,
    run: (id, args) => session.commands.run(id, args),
    commands: () => session.commands.list(),
    attachViews: (host) => (gpu ? new AttachedViews(host, session, gpu) : { dispose: () => undefined }),
    phase: session.phase,
    capabilities: signal(capabilities),
    studies: session.studies,
    storage: session.storage,
    importing: imports.state,
    seriesQuestion: imports.question,
    roomQuestion: session.room.question,
    spacingQuestion: session.spacings.question,
    question: signal(undefined),
    study: computed(() => studyState(session)),
    segments: computed(() => session.shownStudy.value?.labels.segmentList.value ?? []),
    segmentSizes: segmentSizes(session),
    activeSegment: computed(() => session.shownStudy.value?.activeSegment.value ?? 0),
    measurements: computed(() => session.shownStudy.value?.measuring.shown.value ?? []),
    selectedMeasurement: computed(() => session.shownStudy.value?.measuring.selected.value),
    drafting: computed(() => session.shownStudy.value?.measuring.drafting.value ?? false),
    overlays: computed(() => (session.shownStudy.value?.overlays.list.value ?? []).map(overlayState)),
    tool: session.tools,
    preview: computed(() => session.shownStudy.value?.preview.state.value),
    jobs: session.jobs.list,
    history: computed(() => historyState(session)),
    view: computed(() => viewState(session)),
    messages: session.messages.list,
    dismissMessage: (id) => session.messages.dismiss(id),
    settings: session.settings,
  };
}

function shownImage(session: Session): StudyImage | undefined {
  return session.arriving.value?.image ?? session.study.value?.image;
}

function studyState(session: Session): OpenStudyState | undefined {
  const image = shownImage(session);
  if (!image) return undefined;
  const study = session.study.value;
  const open = study?.image === image ? study : undefined;
  const range = open?.record.range;
  const ends = range && [image.toShown(range.min), image.toShown(range.max)];
  return {
    volumeId: image.volumeId,
    description: image.description,
    notes: session.studyNotes.value,
    saved: open?.labels.saved.value ?? { kind: "saved" },
    ...(open && !image.whole ? { inParts: true } : {}),
    ...(ends ? { valueRange: { min: Math.min(...ends), max: Math.max(...ends) } } : {}),
  };
}

function historyState(session: Session): HistoryState {
  const labels = session.shownStudy.value?.labels;
  if (!labels) return { canUndo: false, canRedo: false, count: 0, entries: [] };
  const { canUndo, canRedo, undoCommand, redoCommand, headers } = labels.historyState.value;
  const title = (command: string): string => session.commands.title(command);
  const undone = new Set<number>();
  for (const header of headers) {
    if (header.undoes !== undefined) undone.add(header.undoes);
    if (header.redoes !== undefined) undone.delete(header.redoes);
  }
  return {
    canUndo,
    canRedo,
    ...(undoCommand === undefined ? {} : { undoTitle: title(undoCommand) }),
    ...(redoCommand === undefined ? {} : { redoTitle: title(redoCommand) }),
    count: headers.length,
    entries: headers
      .slice(-HISTORY_SHOWN)
      .reverse()
      .map(({ sequence, time, author, command, source, voxels }) => ({
        sequence,
        time,
        author,
        command,
        title: title(command),
        changedVoxels: voxels,
        source,
        undone: undone.has(sequence),
      })),
  };
}

const NO_VIEW: UiViewState = {
  layout: "grid",
  window: { center: 0, width: 1 },
  windowAutomatic: true,
  windowPresets: [],
  volumeMode: "shaded",
  volumePresets: [],
  volumePreset: "",
  volume: NO_VOLUME_LOOK,
  labelOpacity: 0.5,
  labelOutline: true,
  labelHighlight: true,
  labelsInVolume: "volume",
  luts: [],
  lut: "grey",
  invert: false,
  orientation: { base: "voxel", straight: true },
  interpolation: "linear",
  curve: undefined,
  frame: 0,
  frames: 1,
};

function viewState(session: Session): UiViewState {
  const view = session.view.value;
  if (!view) return NO_VIEW;
  const { modality, frames } = view.description;
  return {
    layout: view.layout.value,
    window: view.window.value,
    windowAutomatic: view.automaticWindow.value,
    windowPresets: [{ id: "auto", title: "Automatic" }, ...windowPresets(modality)],
    volumeMode: view.volumeMode.value,
    volumePresets: volumePresets(modality)
      .filter(({ mode }) => mode === "shaded")
      .map(({ id, title }) => ({ id, title })),
    volumePreset: view.volumePreset.value,
    volume: volumeLookState(view, session.settings.value.volumePresets ?? []),
    labelOpacity: view.labelOpacity.value,
    labelOutline: view.labelOutline.value,
    labelHighlight: view.labelHighlight.value,
    labelsInVolume: view.labelsInVolume.value,
    slab: view.slab.value,
    luts: LUTS.map(({ id, title }) => ({ id, title })),
    lut: view.lut.value,
    invert: view.invert.value,
    orientation: { base: view.orientation.value.base, straight: isStraight(view.orientation.value) },
    interpolation: view.interpolation.value,
    curve: view.curve.value,
    frame: view.frame.value,
    frames,
  };
}

function overlayState({ id, description, look, automatic }: Overlay): OverlayState {
  return { id, description, look: look.value, automatic, windowPresets: windowPresets(description.modality) };
}

/** Voxels and volume by segment, counted again a moment after the labels came to rest. */
function segmentSizes(session: Session): ReadonlySignal<ReadonlyMap<number, SegmentSize>> {
  const sizes = signal<ReadonlyMap<number, SegmentSize>>(new Map());
  effect(() => {
    const study = session.shownStudy.value;
    if (!study) {
      sizes.value = new Map();
      return undefined;
    }
    const count = (): void => {
      const voxelMl = study.image.grid.voxelVolumeMm3() / 1000;
      sizes.value = new Map([...study.sizes()].map(([value, voxels]) => [value, { voxels, ml: voxels * voxelMl }]));
    };
    count();
    const listening = study.labels.labelmap.changed.on(() => {
      clearTimeout(timer);
      timer = setTimeout(count, 300);
    });
    let timer: ReturnType<typeof setTimeout> | undefined;
    return () => {
      clearTimeout(timer);
      listening.dispose();
    };
  });
  return sizes;
}

/** The views of whatever is shown, mounted in one host: an arriving import or the open study. */
class AttachedViews implements Disposable {
  readonly #owned = new DisposableStack();
  constructor(host: HTMLElement, session: Session, gpu: GpuContext) {
    this.#owned.defer(
      effect(() => {
        const image = shownImage(session);
        const state = session.view.value;
        if (!image || !state) return undefined;
        const study = session.study.value?.image === image ? session.study.value : undefined;
        // Building the views reads much of the state; none of it should build them again.
        const views = untracked(() =>
          createViews({
            host,
            gpu,
            volume: {
              description: image.description,
              grid: image.grid,
              source: image.bricks,
              written: image.bricks.written,
              arrived: image.bricks.arrived,
              ...(session.arriving.peek()?.image === image ? { slicesIn: session.arriving.peek()!.slices } : {}),
            },
            labels: labelsOf(study),
            ...(study ? { overlays: study.overlays.list } : {}),
            state,
            atlasBytes: session.settings.value.atlasBytes,
            port: {
              valueAt: (ijk, abort) => image.valueAt(ijk, abort),
              labelAt: (ijk) => study?.labels.labelmap.valueAt(ijk) ?? 0,
              // Reads of an import under way fail when it fails, and it says why itself; damage is told by the session.
              warn: (error) => {
                if (study && error.kind !== "integrity") session.messages.postError(error);
              },
            },
          }),
        );
        session.attachedViews = views;
        const tools = study ? untracked(() => useTools(session, study, views)) : undefined;
        const surfaces = study && untracked(() => followSurfaces(study, state));
        return () => {
          tools?.dispose();
          surfaces?.dispose();
          session.attachedViews = undefined;
          views.dispose();
        };
      }),
    );
  }

  dispose(): void {
    this.#owned.dispose();
  }
}

function labelsOf(study: OpenStudy | undefined) {
  const none = new Emitter<LabelChange>();
  const labelmap = study?.labels.labelmap;
  return {
    source: {
      readBrick: (level: number, bi: number, bj: number, bk: number) => labelmap?.readLevelBrick(level, bi, bj, bk),
      prepare: (level: number, bi: number, bj: number, bk: number, until: number) =>
        labelmap?.prepareLevelBrick(level, bi, bj, bk, until) ?? true,
      changed: labelmap?.changed ?? none,
    },
    // Segments that a preview would add have their colours while it is seen.
    segments: computed(() => [
      ...(study?.labels.segmentList.value ?? []),
      ...(study?.preview.state.value?.segments ?? []),
    ]),
    active: study?.activeSegment ?? signal(0),
    ...(study ? { surfaces: study.surfaces } : {}),
  };
}

/** Gives the left button to the tool in hand. */
function useTools(session: Session, study: OpenStudy, views: Views): Disposable {
  const owned = new DisposableStack();
  sizeBrush(session, study.image.grid);
  const active = computed(() => session.tools.value.active);
  const operation = computed(() => session.tools.value.islands.operation);
  const clipped = computed(() => session.view.value?.volume.clipBox.value !== undefined);
  let held: PointerTool | undefined;
  owned.defer(
    effect(() => {
      const tool = active.value;
      // Islands are chosen by click for some operations only.
      void operation.value;
      // The sides of the clip box are dragged where no tool has the left button.
      void clipped.value;
      const pointer = pointerTool(tool, session, study);
      held = pointer;
      views.setPointerHandler(pointer && pointerHandler(pointer, session, study.image.grid));
      views.setLeftDrag(tool === "pan" || tool === "zoom" || tool === "window" ? tool : "crosshair");
    }),
  );
  owned.defer(
    effect(() => {
      const { active: tool, brush } = session.tools.value;
      const drawing = tool === "brush" || tool === "eraser";
      const segment = study.labels.segmentList.value.find(({ value }) => value === study.activeSegment.value);
      const color = tool === "eraser" ? "#ffffff" : (segment?.color ?? "#ffffff");
      const state = session.view.peek();
      if (state) state.toolCursor.value = drawing ? { radiusMm: brush.radiusMm, shape: brush.shape, color } : undefined;
    }),
  );
  owned.defer(
    effect(() => {
      const pick = views.hover.value;
      // Lines follow the pointer between clicks, and the slices that are scrolled under it.
      if (pick && held instanceof MeasureTool) untracked(() => (held as MeasureTool).hover(pick));
    }),
  );
  owned.defer(
    effect(() => {
      const selected = study.measuring.selected.value;
      const state = session.view.peek();
      if (!state) return;
      state.measurements.value = study.measuring.shown.value.map((shown) => ({
        measurement: shown.measurement,
        lines: measurementLines(shown),
        selected: shown.measurement.id === selected || shown.measurement.id === 0,
      }));
    }),
  );
  owned.defer(() => {
    const state = session.view.peek();
    if (state) state.measurements.value = [];
  });
  owned.defer(
    effect(() => {
      const { active: tool, seeds } = session.tools.value;
      const state = session.view.peek();
      if (state) state.toolBox.value = tool === "seeds" ? seeds.box : undefined;
    }),
  );
  return owned;
}

/** A brush is made larger or smaller by this factor for a notch of the wheel. */
const WHEEL_FACTOR = 1.12;

function pointerHandler(tool: PointerTool, session: Session, grid: ImageGrid): PointerHandler {
  return {
    ...(tool.takes ? { takes: (pick: PlanePick) => tool.takes!(pick) } : {}),
    ...(tool.grabs ? { grabs: (pick: PlanePick) => tool.grabs!(pick) } : {}),
    down: (pick) => tool.down(pick),
    move: (picks) => tool.move(picks),
    up: () => tool.up(),
    cancel: () => tool.cancel(),
    wheel: (event) => {
      if (!(tool instanceof BrushTool) || !event.shiftKey) return false;
      // Browsers turn the wheel sideways while Shift is held.
      const turn = event.deltaY || event.deltaX;
      const { radiusMm } = session.tools.value.brush;
      const { least } = brushRange(fineScale(grid));
      const turned = turn < 0 ? radiusMm * WHEEL_FACTOR : radiusMm / WHEEL_FACTOR;
      session.setTools({ brush: { radiusMm: Math.max(turned, least) } });
      return true;
    },
  };
}

/** The box that growth from seeds stays in, as its sides are dragged; a preview follows when they are let go. */
function boxPort(session: Session, { image }: OpenStudy): BoxPort {
  const { dims, spacingMm } = image.grid;
  return {
    dims,
    spacingMm: [spacingMm[0], spacingMm[1], spacingMm[2]],
    box: () => session.tools.peek().seeds.box,
    change: (box) => void session.setTools({ seeds: { box } }),
    done: () => {
      const { box } = session.tools.peek().seeds;
      session.commands.run("tool.set", { seeds: { box } }).catch((error: unknown) => session.messages.postError(error));
    },
  };
}

function pointerTool(name: string, session: Session, study: OpenStudy): PointerTool | undefined {
  const { operation } = session.tools.peek().islands;
  if (name === "brush") return new BrushTool(study.brushPort, false);
  if (name === "eraser") return new BrushTool(study.brushPort, true);
  if (name === "grow") return new GrowTool(study.growPort);
  if (name === "islands" && ["keep", "remove"].includes(operation)) return new IslandTool(study.islands);
  if (name === "measure") return new MeasureTool(study.measuring.toolPort);
  if (name === "navigate") return lookingTool(session, study);
  if (name === "seeds") return new BoxTool(boxPort(session, study));
  return undefined;
}

/** While one looks around, measurements can still be moved, and the sides of the clip box where there is one. */
function lookingTool(session: Session, { measuring, image }: OpenStudy): PointerTool {
  const measure = new MeasureTool(measuring.toolPort);
  const view = session.view.peek();
  // Not followed: a drag changes the box, and must not lose its tool by that.
  if (!view?.volume.clipBox.peek()) return measure;
  return new EitherTool(measure, new BoxTool(clipBoxPort(view, image.grid)));
}
