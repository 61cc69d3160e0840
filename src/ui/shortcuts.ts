/**
 * Every shortcut of the program: the one source for key bindings, tooltips, the palette and the help. Keys are in tinykeys'
 * grammar; the first is the one shown. Chosen as in 3D Slicer and ITK-SNAP where they have a custom.
 */

import type { MeasurementKind } from "#labelmap";
import type { ToolName } from "./ui-port.ts";

export type ShortcutGroup = "Tools" | "Labels" | "Segments" | "Measurements" | "Views" | "Study" | "Help";

export interface Shortcut {
  /** Id in `actions.ts`. */
  readonly id: ActionId;
  readonly title: string;
  readonly group: ShortcutGroup;
  readonly keys: readonly string[];
  /** `study`: only while a study is open. */
  readonly scope: "study" | "always";
}

export type Digit = 1 | 2 | 3 | 4 | 5 | 6 | 7 | 8 | 9;

export const DIGITS: readonly Digit[] = [1, 2, 3, 4, 5, 6, 7, 8, 9];

export type ActionId =
  | `tool.${ToolName | "previous"}`
  | `brush.${"smaller" | "larger" | "shape" | "mask"}`
  | `preview.${"fill" | "compute" | "accept" | "cancel"}`
  | "fill.next"
  | `history.${"undo" | "redo"}`
  | `segment.${"add" | "rename" | "lock" | "show" | "previous" | "next" | "goTo" | `choose${Digit}`}`
  | `labels.${"show" | "outline"}`
  | `measure.${MeasurementKind | "straighten" | "show" | "rename" | "remove" | "exportCsv" | "exportJson"}`
  | `overlay.${"show"}`
  | `view.${"maximise" | "layout" | "fit" | "reset" | "straighten" | "preset" | "up" | "down" | "pageUp" | "pageDown"}`
  | `volume.${"mode" | "planes" | "box" | "cut" | "picture"}`
  | `study.${"openFiles" | "openFolder" | "openAddress" | "importLabels" | "importImageLabels" | "overlay" | "export" | "statistics" | "compare" | "consensus" | "close"}`
  | `help.${"palette" | "shortcuts" | "settings"}`;

const shortcut = (
  group: ShortcutGroup,
  id: ActionId,
  title: string,
  keys: readonly string[],
  scope: Shortcut["scope"] = "study",
): Shortcut => ({ group, id, title, keys, scope });

export const SHORTCUTS: readonly Shortcut[] = [
  shortcut("Tools", "tool.navigate", "Navigate and set the crosshair", ["n"]),
  shortcut("Tools", "tool.pan", "Pan", ["p"]),
  shortcut("Tools", "tool.zoom", "Zoom", ["z"]),
  shortcut("Tools", "tool.window", "Window and level", ["w"]),
  shortcut("Tools", "tool.measure", "Measure", ["q"]),
  shortcut("Tools", "tool.brush", "Brush", ["b"]),
  shortcut("Tools", "tool.eraser", "Eraser", ["e"]),
  shortcut("Tools", "tool.grow", "Grow a region", ["g"]),
  shortcut("Tools", "tool.fill", "Fill between slices", ["f"]),
  shortcut("Tools", "tool.threshold", "Threshold", ["t"]),
  shortcut("Tools", "tool.seeds", "Grow from seeds", ["Shift+G"]),
  shortcut("Tools", "tool.islands", "Islands and holes", ["k"]),
  shortcut("Tools", "tool.smooth", "Smooth", ["j"]),
  shortcut("Tools", "tool.margin", "Margin and shell", ["u"]),
  shortcut("Tools", "tool.previous", "Swap with the tool before", ["x"]),

  shortcut("Labels", "brush.smaller", "Smaller brush", ["[", "-"]),
  shortcut("Labels", "brush.larger", "Larger brush", ["]", "=", "Shift++", "+"]),
  shortcut("Labels", "brush.shape", "Disc or sphere", ["d"]),
  shortcut("Labels", "brush.mask", "Paint only in the intensity range, on or off", ["i"]),
  shortcut("Labels", "preview.fill", "Compute the fill", ["Shift+F"]),
  shortcut("Labels", "fill.next", "Go to the slice to annotate next", ["Shift+N"]),
  shortcut("Labels", "preview.compute", "Compute what the tool in hand would do", ["Shift+Enter"]),
  shortcut("Labels", "preview.accept", "Accept the preview", ["Enter"]),
  shortcut("Labels", "preview.cancel", "Cancel what is being drawn or previewed, or go back to Navigate", ["Escape"]),
  shortcut("Labels", "history.undo", "Undo", ["$mod+z"]),
  shortcut("Labels", "history.redo", "Redo", ["$mod+Shift+z", "$mod+y"]),
  shortcut("Labels", "labels.show", "Show or hide all labels", ["s"]),
  shortcut("Labels", "labels.outline", "Labels as outlines or filled", ["o"]),

  shortcut("Segments", "segment.add", "Add a segment", ["a"]),
  shortcut("Segments", "segment.rename", "Rename the active segment", ["F2"]),
  shortcut("Segments", "segment.lock", "Lock or unlock the active segment", ["l"]),
  shortcut("Segments", "segment.show", "Show or hide the active segment", ["h"]),
  shortcut("Segments", "segment.previous", "Segment before", [","]),
  shortcut("Segments", "segment.next", "Next segment", ["."]),
  shortcut("Segments", "segment.goTo", "Go to the active segment", ["c"]),
  ...DIGITS.map((n) => shortcut("Segments", `segment.choose${n}`, `Choose segment ${n} of the list`, [String(n)])),

  shortcut("Measurements", "measure.distance", "Measure a distance", ["Shift+D"]),
  shortcut("Measurements", "measure.angle", "Measure an angle", ["Shift+A"]),
  shortcut("Measurements", "measure.rectangle", "Measure in a rectangle", ["Shift+B"]),
  shortcut("Measurements", "measure.ellipse", "Measure in an ellipse", ["Shift+E"]),
  shortcut("Measurements", "measure.probe", "Probe a value", ["Shift+P"]),
  shortcut("Measurements", "measure.path", "Trace a path", ["Shift+T"]),
  shortcut("Measurements", "measure.straighten", "Show the volume along the selected path, or no longer", ["Shift+L"]),
  shortcut("Measurements", "measure.remove", "Delete the selected measurement", ["Delete", "Backspace"]),
  shortcut("Measurements", "measure.rename", "Rename the selected measurement", ["Shift+F2"]),
  shortcut("Measurements", "measure.show", "Show or hide all measurements", ["Shift+H"]),
  shortcut("Measurements", "measure.exportCsv", "Export measurements as CSV", []),
  shortcut("Measurements", "measure.exportJson", "Export measurements as JSON", []),

  shortcut("Views", "view.maximise", "Maximise the view under the pointer, or back", ["m"]),
  shortcut("Views", "view.layout", "Next layout", ["v"]),
  shortcut("Views", "view.fit", "Fit into the views", ["0"]),
  shortcut("Views", "view.reset", "Reset the views", ["r"]),
  shortcut("Views", "view.straighten", "Straighten turned planes", ["Shift+R"]),
  shortcut("Views", "view.preset", "Next window preset", ["Shift+W"]),
  shortcut("Views", "overlay.show", "Volumes over this one, shown or hidden", ["y"]),
  shortcut("Views", "view.up", "One slice up", ["ArrowUp"]),
  shortcut("Views", "view.down", "One slice down", ["ArrowDown"]),
  shortcut("Views", "view.pageUp", "Ten slices up", ["PageUp"]),
  shortcut("Views", "view.pageDown", "Ten slices down", ["PageDown"]),

  shortcut("Views", "volume.mode", "Next mode of the volume", ["Shift+V"]),
  shortcut("Views", "volume.planes", "The three planes in the volume, on or off", ["Shift+O"]),
  shortcut("Views", "volume.box", "Clip box of the volume, on or off", ["Shift+K"]),
  shortcut("Views", "volume.cut", "Cut the volume at the crosshair, facing the camera", ["Shift+X"]),
  shortcut("Views", "volume.picture", "Picture or movie of the volume…", ["Shift+M"]),

  shortcut("Study", "study.openFiles", "Open files…", ["$mod+o"], "always"),
  shortcut("Study", "study.openFolder", "Open a folder…", ["$mod+Shift+o"], "always"),
  shortcut("Study", "study.openAddress", "Open an address…", [], "always"),
  shortcut("Study", "study.importLabels", "Import labels…", []),
  shortcut("Study", "study.importImageLabels", "Import labels of the image", []),
  shortcut("Study", "study.overlay", "Show a volume over this one…", ["Shift+U"]),
  shortcut("Study", "study.export", "Export…", ["$mod+s"]),
  shortcut("Study", "study.statistics", "Statistics of the segments…", ["Shift+S"]),
  shortcut("Study", "study.compare", "Compare with a labelmap…", ["Shift+C"]),
  shortcut("Study", "study.consensus", "Consensus of labelmaps…", []),
  shortcut("Study", "study.close", "Close the study", []),

  shortcut("Help", "help.palette", "Command palette", ["$mod+k", "F1"], "always"),
  shortcut("Help", "help.shortcuts", "Keyboard shortcuts", ["Shift+?", "?"], "always"),
  shortcut("Help", "help.settings", "Settings…", [], "always"),
];

const BY_ID = new Map(SHORTCUTS.map((entry) => [entry.id, entry]));

export function shortcutOf(id: ActionId): Shortcut {
  const found = BY_ID.get(id);
  if (!found) throw new Error(`There is no shortcut entry ${id}.`);
  return found;
}

const NAMES: Readonly<Record<string, string>> = {
  ArrowUp: "↑",
  ArrowDown: "↓",
  Escape: "Esc",
  PageUp: "Page Up",
  PageDown: "Page Down",
  $mod: "Ctrl",
};

/** The parts of a key binding as they are printed: `$mod+Shift+z` is Ctrl, Shift, Z; on a Mac ⌘, ⇧, Z. */
export function keyParts(keys: string, mac = false): string[] {
  const parts = keys.split(/\b\+/);
  const key = parts.pop()!;
  // A character that needs Shift anyway is printed alone.
  const modifiers = /^[?+]$/.test(key) ? parts.filter((part) => part !== "Shift") : parts;
  const print = (part: string): string => {
    if (mac && part === "$mod") return "⌘";
    if (mac && part === "Shift") return "⇧";
    return NAMES[part] ?? (part.length === 1 ? part.toUpperCase() : part);
  };
  return [...modifiers.map(print), print(key)];
}

/** The shown key of an action as one text, empty when it has none. */
export function shortcutText(id: ActionId, mac = false): string {
  const keys = shortcutOf(id).keys[0];
  return keys === undefined ? "" : keyParts(keys, mac).join(mac ? "" : "+");
}
