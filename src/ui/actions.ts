import type { MeasurementKind } from "#labelmap";
import { scaleOf, steppedRadius } from "./brush-size.ts";
import { exportMeasurements } from "./export-study.ts";
import { maskSwitched } from "./mask-switched.ts";
import { type ActionId, type Digit, DIGITS } from "./shortcuts.ts";
import { goToNextSlice } from "./next-slice.ts";
import type { ToolName, ViewLayout, VolumeMode } from "./ui-port.ts";
import type { Ui } from "./ui-state.ts";

/** What an action does, and when it can. Buttons, shortcuts and the palette all go through here. */
export interface Action {
  run(ui: Ui): void;
  enabled?(ui: Ui): boolean;
}

const LAYOUTS: readonly ViewLayout[] = ["grid", "axial", "coronal", "sagittal", "volume"];

const VOLUME_MODES: readonly VolumeMode[] = ["shaded", "mip", "minip", "mean", "iso"];

/** Shows a clip box of the middle of the volume, or takes it away. */
export function toggleClipBox(ui: Ui): void {
  const dims = ui.study()?.description.grid.dims;
  if (!dims) return;
  // An eighth from each side, so that all sides can be seen and taken hold of.
  const inset = (n: number): number => Math.min(Math.floor(n / 8), Math.floor((n - 1) / 2));
  const box = {
    min: [inset(dims[0]), inset(dims[1]), inset(dims[2])] as [number, number, number],
    max: [dims[0] - inset(dims[0]), dims[1] - inset(dims[1]), dims[2] - inset(dims[2])] as [number, number, number],
  };
  void ui.run("view.set", { volume: { clipBox: ui.view().volume.clipBox ? null : box } });
}

/** The tool in use before the last change, for swapping. */
let toolBefore: ToolName = "navigate";

/** Changes the tool and remembers the one before. */
export function chooseTool(ui: Ui, tool: ToolName): void {
  const now = ui.tool().active;
  if (now === tool) return;
  toolBefore = now;
  void ui.run("tool.set", { tool });
}

const tool = (name: ToolName): Action => ({ run: (ui) => chooseTool(ui, name) });

const brushSize = (direction: 1 | -1): Action => ({
  run: (ui) =>
    void ui.run("tool.set", { brush: { radiusMm: steppedRadius(ui.tool().brush.radiusMm, direction, scaleOf(ui)) } }),
});

const active = (ui: Ui) => ui.segments().find((segment) => segment.value === ui.activeSegment());
const hasActive = (ui: Ui): boolean => active(ui) !== undefined;

/** Takes the measuring tool in hand with a kind. */
const measure = (kind: MeasurementKind): Action => ({
  run: (ui) => {
    if (ui.tool().measure.kind !== kind) void ui.run("tool.set", { measure: { kind } });
    chooseTool(ui, "measure");
  },
});

const hasMeasurements = (ui: Ui): boolean => ui.measurements().some(({ measurement }) => measurement.id > 0);
const hasSelected = (ui: Ui): boolean => ui.selectedMeasurement() !== undefined;

const hasSelectedPath = (ui: Ui): boolean =>
  ui
    .measurements()
    .some(({ measurement: { id, kind } }) => id > 0 && id === ui.selectedMeasurement() && kind === "path");

const neighbour = (step: 1 | -1): Action => ({
  run: (ui) => {
    const all = ui.segments();
    const at = all.findIndex((segment) => segment.value === ui.activeSegment());
    const next = all[(at + step + all.length) % all.length];
    if (next) void ui.run("segment.activate", { value: next.value });
  },
  enabled: (ui) => ui.segments().length > 0,
});

const choose = (n: number): Action => ({
  run: (ui) => {
    const segment = ui.segments()[n - 1];
    if (segment) void ui.run("segment.activate", { value: segment.value });
  },
  enabled: (ui) => ui.segments().length >= n,
});

const step = (slices: number): Action => ({ run: (ui) => void ui.run("view.step", { slices }) });

/** Adds a segment and opens its name for editing. */
export async function addSegment(ui: Ui): Promise<void> {
  if (ui.typedAhead) return;
  ui.panels.setOpen("segments", true);
  ui.typedAhead = { text: "", complete: false };
  const result = await ui.run("segment.add", {});
  const value = (result as { segment?: { value?: number } } | undefined)?.segment?.value;
  if (value === undefined) ui.typedAhead = undefined;
  else ui.rename(value);
}

/** Tools whose work begins at the press of a button. */
const COMPUTING: readonly ToolName[] = ["fill", "threshold", "seeds", "islands", "smooth", "margin"];

const ready = (ui: Ui): boolean => ui.preview() !== undefined && !ui.preview()!.busy;

export const ACTIONS: Readonly<Record<ActionId, Action>> = {
  "tool.navigate": tool("navigate"),
  "tool.pan": tool("pan"),
  "tool.zoom": tool("zoom"),
  "tool.window": tool("window"),
  "tool.measure": tool("measure"),
  "tool.brush": tool("brush"),
  "tool.eraser": tool("eraser"),
  "tool.grow": tool("grow"),
  "tool.fill": tool("fill"),
  "tool.threshold": tool("threshold"),
  "tool.seeds": tool("seeds"),
  "tool.islands": tool("islands"),
  "tool.smooth": tool("smooth"),
  "tool.margin": tool("margin"),
  "tool.previous": { run: (ui) => chooseTool(ui, toolBefore) },

  "brush.smaller": brushSize(-1),
  "brush.larger": brushSize(1),
  "brush.shape": {
    run: (ui) => void ui.run("tool.set", { brush: { shape: ui.tool().brush.shape === "disc" ? "sphere" : "disc" } }),
  },
  "brush.mask": { run: (ui) => void ui.run("tool.set", { mask: maskSwitched(ui, !ui.tool().mask.on) }) },
  "preview.fill": {
    run: (ui) => {
      chooseTool(ui, "fill");
      void ui.run("preview.fill", {});
    },
    enabled: (ui) => ui.segments().length > 0,
  },
  "fill.next": {
    run: (ui) => {
      chooseTool(ui, "fill");
      void goToNextSlice(ui);
    },
    enabled: (ui) => ui.segments().length > 0,
  },
  "preview.compute": {
    run: (ui) => void ui.run("preview.tool", {}),
    enabled: (ui) => COMPUTING.includes(ui.tool().active) && ui.preview()?.busy !== true,
  },
  "preview.accept": {
    run: (ui) => void (ui.drafting() ? ui.run("measurement.finish", {}) : ui.run("preview.accept", {})),
    enabled: (ui) => ui.drafting() || ready(ui),
  },
  "preview.cancel": {
    run: (ui) => {
      if (ui.drafting()) void ui.run("measurement.cancel", {});
      else if (ui.preview()) void ui.run("preview.cancel", {});
      else if (ui.tool().active !== "navigate") chooseTool(ui, "navigate");
      else if (hasSelected(ui)) void ui.run("measurement.select", { id: null });
    },
  },
  // Always taken: keys may come faster than the history tells what it can, and the session keeps them in order.
  "history.undo": { run: (ui) => void ui.run("history.undo", {}) },
  "history.redo": { run: (ui) => void ui.run("history.redo", {}) },
  "labels.show": {
    run: (ui) => void ui.run("segment.showAll", { visible: !ui.segments().some((segment) => segment.visible) }),
    enabled: (ui) => ui.segments().length > 0,
  },
  "labels.outline": { run: (ui) => void ui.run("view.set", { labelOutline: !ui.view().labelOutline }) },

  "segment.add": { run: (ui) => void addSegment(ui) },
  "segment.rename": {
    run: (ui) => {
      ui.panels.setOpen("segments", true);
      ui.rename(ui.activeSegment());
    },
    enabled: hasActive,
  },
  "segment.lock": {
    run: (ui) => void ui.run("segment.update", { value: ui.activeSegment(), locked: !active(ui)?.locked }),
    enabled: hasActive,
  },
  "segment.show": {
    run: (ui) => void ui.run("segment.update", { value: ui.activeSegment(), visible: !active(ui)?.visible }),
    enabled: hasActive,
  },
  "segment.previous": neighbour(-1),
  "segment.next": neighbour(1),
  "segment.goTo": { run: (ui) => void ui.run("segment.goTo", { value: ui.activeSegment() }), enabled: hasActive },
  ...(Object.fromEntries(DIGITS.map((n) => [`segment.choose${n}`, choose(n)])) as Record<
    `segment.choose${Digit}`,
    Action
  >),

  "measure.distance": measure("distance"),
  "measure.angle": measure("angle"),
  "measure.rectangle": measure("rectangle"),
  "measure.ellipse": measure("ellipse"),
  "measure.probe": measure("probe"),
  "measure.path": measure("path"),
  "measure.straighten": {
    run: (ui) => {
      const shown = ui.view().curve?.path;
      if (shown !== undefined && (shown === ui.selectedMeasurement() || !hasSelectedPath(ui)))
        void ui.run("view.set", { curve: null });
      else void ui.run("measurement.straighten", { id: ui.selectedMeasurement()! });
    },
    enabled: (ui) => ui.view().curve !== undefined || hasSelectedPath(ui),
  },
  "measure.remove": {
    run: (ui) => void ui.run("measurement.remove", { id: ui.selectedMeasurement()! }),
    enabled: hasSelected,
  },
  "measure.rename": {
    run: (ui) => {
      ui.panels.setOpen("measurements", true);
      ui.renameMeasurement(ui.selectedMeasurement());
    },
    enabled: hasSelected,
  },
  "measure.show": {
    run: (ui) =>
      void ui.run("measurement.showAll", {
        visible: !ui.measurements().some(({ measurement }) => measurement.visible),
      }),
    enabled: hasMeasurements,
  },
  "measure.exportCsv": { run: (ui) => void exportMeasurements(ui, "csv"), enabled: hasMeasurements },
  "measure.exportJson": { run: (ui) => void exportMeasurements(ui, "json"), enabled: hasMeasurements },

  "view.maximise": { run: (ui) => void ui.run("view.maximise", {}) },
  "view.layout": {
    run: (ui) =>
      void ui.run("view.set", { layout: LAYOUTS[(LAYOUTS.indexOf(ui.view().layout) + 1) % LAYOUTS.length]! }),
  },
  "view.fit": { run: (ui) => void ui.run("view.fit", {}) },
  "view.reset": { run: (ui) => void ui.run("view.reset", {}) },
  "view.straighten": {
    run: (ui) => void ui.run("view.straighten", {}),
    enabled: (ui) => !ui.view().orientation.straight,
  },
  "view.preset": {
    run: (ui) => {
      const { windowPresets, window, windowAutomatic } = ui.view();
      const at = windowPresets.findIndex(({ id, center, width }) =>
        windowAutomatic ? id === "auto" : center === window.center && width === window.width,
      );
      const next = windowPresets[(at + 1) % windowPresets.length];
      if (next) void ui.run("view.set", { preset: next.id });
    },
    enabled: (ui) => ui.view().windowPresets.length > 0,
  },
  "overlay.show": {
    run: (ui) => {
      const visible = !ui.overlays().some(({ look }) => look.visible);
      for (const { id } of ui.overlays()) void ui.run("overlay.set", { overlay: id, visible });
    },
    enabled: (ui) => ui.overlays().length > 0,
  },
  "view.up": step(1),
  "view.down": step(-1),
  "view.pageUp": step(10),
  "view.pageDown": step(-10),

  "volume.mode": {
    run: (ui) => {
      const next = VOLUME_MODES[(VOLUME_MODES.indexOf(ui.view().volumeMode) + 1) % VOLUME_MODES.length]!;
      void ui.run("view.set", { volumeMode: next });
    },
  },
  "volume.planes": { run: (ui) => void ui.run("view.set", { volume: { planes: !ui.view().volume.planes } }) },
  "volume.box": { run: (ui) => toggleClipBox(ui) },
  "volume.cut": { run: (ui) => void ui.run("view.cut", { facing: "camera" }) },
  "volume.picture": { run: (ui) => ui.showDialog({ kind: "picture" }), enabled: (ui) => ui.study() !== undefined },

  "study.openFiles": { run: (ui) => ui.pickFiles("files") },
  "study.openFolder": { run: (ui) => ui.pickFiles("folder") },
  "study.openAddress": { run: (ui) => ui.showDialog({ kind: "address" }) },
  "study.importLabels": { run: (ui) => ui.pickFiles("labels") },
  "study.importImageLabels": {
    run: (ui) => void ui.run("label.import", { ofImage: true }),
    enabled: (ui) => ui.study()?.inParts === true && ui.study()?.description.stored !== undefined,
  },
  "study.overlay": { run: (ui) => ui.showDialog({ kind: "overlay" }), enabled: (ui) => ui.study() !== undefined },
  "study.export": { run: (ui) => ui.showDialog({ kind: "export" }) },
  "study.statistics": { run: (ui) => ui.showDialog({ kind: "statistics" }), enabled: (ui) => ui.segments().length > 0 },
  "study.compare": { run: (ui) => ui.showDialog({ kind: "compare" }), enabled: (ui) => ui.segments().length > 0 },
  "study.consensus": { run: (ui) => ui.showDialog({ kind: "consensus" }) },
  "study.close": { run: (ui) => void ui.run("study.close", {}) },

  "help.palette": { run: (ui) => ui.showDialog({ kind: "palette" }) },
  "help.shortcuts": { run: (ui) => ui.showDialog({ kind: "help" }) },
  "help.settings": { run: (ui) => ui.showDialog({ kind: "settings" }) },
};

/** Runs an action where it can run; says whether it did. */
export function act(ui: Ui, id: ActionId): boolean {
  const action = ACTIONS[id];
  if (action.enabled && !action.enabled(ui)) return false;
  action.run(ui);
  return true;
}
