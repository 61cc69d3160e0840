import { formatBytes, safeFileName } from "./format.ts";
import { saveFile } from "./save-file.ts";
import type { ExportResult, WrittenLabels } from "./ui-commands.ts";
import type { Ui } from "./ui-state.ts";

export interface ExportEntry {
  readonly title: string;
  readonly what: string;
  readonly suffix: string;
  readonly type: string;
  readonly needsSegments: boolean;
  /** Whether it is offered for this study and by this browser; always without it. */
  readonly offered?: (ui: Ui) => boolean;
  /** A note that `what` says already: it is no warning. */
  readonly known?: RegExp;
  readonly run: (ui: Ui) => Promise<unknown>;
}

export const EXPORTS: readonly ExportEntry[] = [
  {
    title: "Labels as NIfTI",
    what: "One value a segment; names are not part of the format",
    suffix: "nii.gz",
    type: "application/gzip",
    needsSegments: true,
    known: /^Names and colours/,
    run: (ui) => ui.run("label.export", { format: "nii.gz", as: "file" }),
  },
  {
    title: "Labels as Slicer segmentation",
    what: "With names and colours",
    suffix: "seg.nrrd",
    type: "application/octet-stream",
    needsSegments: true,
    run: (ui) => ui.run("label.export", { format: "seg.nrrd", as: "file" }),
  },
  {
    title: "Labels as OME-Zarr",
    what: "A group labels with all overviews, names and colours, in an archive",
    suffix: "zarr.zip",
    type: "application/zip",
    needsSegments: true,
    known: /^Unpack it into/,
    run: (ui) => ui.run("label.export", { format: "ome-zarr", as: "file" }),
  },
  {
    title: "Labels into the image’s folder…",
    what: "As labels/voxelwright of the OME-Zarr image on this disk; nothing there is written over",
    suffix: "zarr",
    type: "",
    needsSegments: true,
    offered: (ui) => ui.study()?.description.stored !== undefined && directoryPicker() !== undefined,
    run: writeToImage,
  },
  {
    title: "Surfaces as PLY",
    what: "Of all segments shown, with labels and colours; LPS millimetres",
    suffix: "ply",
    type: "model/ply",
    needsSegments: true,
    run: (ui) => ui.run("label.exportSurface", { format: "ply", as: "file" }),
  },
  {
    title: "Surface as STL",
    what: "Of the active segment, for printing and CAD; LPS millimetres",
    suffix: "stl",
    type: "model/stl",
    needsSegments: true,
    known: /^Names, colours/,
    run: (ui) => ui.run("label.exportSurface", { format: "stl", segments: [ui.activeSegment()], as: "file" }),
  },
  {
    title: "Statistics as CSV",
    what: "Size, values, place and shape of every segment",
    suffix: "csv",
    type: "text/csv",
    needsSegments: true,
    run: (ui) => ui.run("label.export", { format: "csv" }),
  },
  {
    title: "Journal as JSON lines",
    what: "Every change, chained and signed; voxelwright verify reads it",
    suffix: "jsonl",
    type: "application/jsonl",
    needsSegments: false,
    run: (ui) => ui.run("journal.export", {}),
  },
];

/** Runs the export, saves the file, and says what the format could not keep. */
export async function runExport(ui: Ui, entry: ExportEntry): Promise<void> {
  const result = exported(await entry.run(ui));
  if (!result) return;
  const name = result.fileName ?? `${safeFileName(ui.study()?.description.name ?? "study")}.${entry.suffix}`;
  saveFile(name, result.data, entry.type);
  const notes = (result.notes ?? []).filter((note) => !entry.known?.test(note));
  ui.post({
    tone: notes.length > 0 ? "warning" : "info",
    text: `${name} was handed to the browser, ${formatBytes(sizeOf(result.data))}.`,
    ...(notes.length > 0 ? { advice: notes.join(" ") } : {}),
  });
}

/** The browser's dialog for a folder (File System Access); undefined where it has none. */
function directoryPicker() {
  const { showDirectoryPicker } = globalThis as {
    showDirectoryPicker?: (options: object) => Promise<FileSystemDirectoryHandle>;
  };
  return showDirectoryPicker;
}

/** Asks for the folder of the image and writes the labels into it. */
async function writeToImage(ui: Ui): Promise<void> {
  let folder: FileSystemDirectoryHandle;
  try {
    folder = await directoryPicker()!({ id: "voxelwright-image", mode: "readwrite" });
  } catch (error) {
    // Closing the browser's own dialog is an answer; a refusal is told by the browser itself.
    if (error instanceof DOMException && (error.name === "AbortError" || error.name === "NotAllowedError")) return;
    throw error;
  }
  const written = (await ui.run("label.writeToImage", { folder })) as WrittenLabels | undefined;
  if (!written) return;
  const { path, notes } = written;
  ui.post({
    tone: notes.length > 0 ? "warning" : "info",
    text: `The labels are in ${path}.`,
    ...(notes.length > 0 ? { advice: notes.join(" ") } : {}),
  });
}

/** Saves the measurements with their numbers. */
export async function exportMeasurements(ui: Ui, format: "json" | "csv"): Promise<void> {
  const result = exported(await ui.run("measurement.export", { format }));
  if (!result) return;
  const name = result.fileName ?? `measurements.${format}`;
  saveFile(name, result.data, format === "csv" ? "text/csv" : "application/json");
  ui.post({ tone: "info", text: `${name} was handed to the browser, ${formatBytes(sizeOf(result.data))}.` });
}

/** What an export command gave; undefined where it gave no file. */
export function exported(value: unknown): ExportResult | undefined {
  if (typeof value !== "object" || value === null) return undefined;
  const { bytes, file, ...named } = value as { bytes?: unknown; file?: unknown };
  const data = file ?? bytes;
  return data instanceof Blob || data instanceof Uint8Array
    ? { ...named, data: data as ExportResult["data"] }
    : undefined;
}

/** Bytes of what is saved. */
export function sizeOf(data: ExportResult["data"]): number {
  return data instanceof Blob ? data.size : data.byteLength;
}
