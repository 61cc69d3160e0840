import type { ShownAgreement, ShownOverall } from "#export";
import type { SourceFile } from "#sources";
import type { OverlayLook } from "#views";
import type { ChosenFiles } from "./chosen-files.ts";
import type { ToolChange, UiPort, ViewChange, ViewLayout } from "./ui-port.ts";

/**
 * Commands that the interface runs, with their arguments. Those of ARCHITECTURE.md § 7 keep their names; a result that
 * the interface reads is told beside it.
 */
export interface UiCommands {
  "study.open": ((ChosenFiles | { readonly url: string }) & AskSpacing) | { readonly sample: string };
  "study.reopen": { readonly volumeId: string };
  /** Goes on with an import that was cut off; without files from where it can be read again. Rejects with `filesNeeded: true`. */
  "study.resume": { readonly volumeId: string } & (ChosenFiles | object);
  /** Replaces damaged parts of a scan, likewise. */
  "study.repair": { readonly volumeId: string } & (ChosenFiles | object);
  /** Asks for sizes of voxels that take the place of those given or assumed. */
  "study.setSpacing": object;
  "study.remove": { readonly volumeId: string };
  /** Back to the home screen; everything is saved. */
  "study.close": object;
  "study.cancelImport": object;

  /** Result `{ segment: Segment }`; the new segment becomes active. Without a name the session chooses one. */
  "segment.add": { readonly name?: string; readonly color?: string };
  /** Rename, colour, lock, show: whatever is given. */
  "segment.update": {
    readonly value: number;
    readonly name?: string;
    readonly color?: string;
    readonly locked?: boolean;
    readonly visible?: boolean;
    /** 0 to 1. */
    readonly opacity3d?: number;
  };
  /** Removes the segment with its voxels; can be undone. */
  "segment.remove": { readonly value: number };
  "segment.activate": { readonly value: number };
  /** Shows or hides all segments at once. */
  "segment.showAll": { readonly visible: boolean };
  /** Moves the crosshair to the middle of the segment. */
  "segment.goTo": { readonly value: number };

  /** Moves, renames, colours, shows: whatever is given. */
  "measurement.update": {
    readonly id: number;
    readonly name?: string;
    readonly color?: string;
    readonly visible?: boolean;
  };
  /** The selected one without an id. */
  "measurement.remove": { readonly id?: number };
  "measurement.showAll": { readonly visible: boolean };
  "measurement.select": { readonly id: number | null; readonly goTo?: boolean };
  /** Takes back what is being drawn or dragged. */
  "measurement.cancel": object;
  /** Ends a path that is being drawn at its last point. */
  "measurement.finish": object;
  /** Shows the volume along a path; the selected one without an id. */
  "measurement.straighten": { readonly id?: number; readonly mode?: "straightened" | "curved" };
  /** Result `ExportResult`. */
  "measurement.export": { readonly format: "json" | "csv" };

  /** A labelmap file onto the open study. */
  "label.import": { readonly files: readonly SourceFile[] } | { readonly ofImage: true };
  /** A labelmap file against the labels. Result `CompareResult`. */
  "label.compare": { readonly files: readonly SourceFile[]; readonly toleranceMm?: number };
  /** Lays the consensus of files over the labels. Result `ConsensusResult`. */
  "label.consensus": { readonly files: readonly SourceFile[]; readonly method: ConsensusMethod };
  /** Result `ExportResult`: the interface saves it. `csv` is the statistics table. */
  "label.export": { readonly format: "nii.gz" | "seg.nrrd" | "ome-zarr" | "csv"; readonly as?: "file" };
  /** Writes into the folder of an OME-Zarr image. Result `WrittenLabels`. */
  "label.writeToImage": { readonly folder: FileSystemDirectoryHandle };
  /** Result `ExportResult`: surfaces of the segments that are shown. */
  "label.exportSurface": {
    readonly format: "stl" | "ply";
    readonly segments?: readonly number[];
    readonly as: "file";
  };
  /** Result `ExportResult`: the journal as JSON lines. */
  "journal.export": object;
  /** Result `{ ok, firstBad?, reason? }`. */
  "journal.verify": object;
  "history.undo": object;
  "history.redo": object;

  /** Sets the tool and its options; groups are merged. */
  "tool.set": ToolChange;
  /** Computes a fill from the tool's options and shows it as a preview. */
  "preview.fill": object;
  "fill.goToNextSlice": object;
  /** Computes what the tool in hand would do and shows it as a preview. */
  "tool.fitBox": { marginMm?: number };
  "preview.tool": object;
  "preview.accept": object;
  "preview.cancel": object;
  "job.cancel": { readonly id: string };

  /** Result `HistogramResult`. */
  "volume.histogram": { readonly bins?: number; readonly overview?: boolean };
  /** Result `ThresholdsResult`. */
  "volume.thresholds": { readonly methods: readonly string[] };

  /** Shows another volume over the open one. */
  "overlay.add": ((ChosenFiles | { readonly url: string }) & AskSpacing) | { readonly volumeId: string };
  "overlay.set": OverlayChange;
  "overlay.remove": { readonly overlay: string };

  "view.set": ViewChange;
  /** Fits the volume into every view. */
  "view.fit": object;
  /** Fit, window, layout and crosshair as at opening. */
  "view.reset": object;
  "view.straighten": object;
  /** Maximises the view under the pointer (or the named one), or goes back to the grid. */
  "view.maximise": { readonly view?: Exclude<ViewLayout, "grid"> };
  /** Moves the view under the pointer by whole slices. */
  "view.step": { readonly slices: number };

  /** Result `ExportResult`: a PNG. */
  "view.still": { readonly width: number; readonly height: number; readonly overlay: boolean };
  /** Result `ExportResult`: a WebM of a turn. */
  "view.movie": {
    readonly width: number;
    readonly height: number;
    readonly overlay: boolean;
    readonly seconds: number;
    readonly framesPerSecond: number;
  };
  /** A plane that cuts the volume: facing the camera, moved, or flipped. */
  "view.cut": {
    readonly facing?: "camera" | "axial" | "coronal" | "sagittal";
    readonly atMm?: number;
    readonly flip?: boolean;
  };
  "volumePreset.save": { readonly name: string };
  "volumePreset.apply": { readonly name: string };
  "volumePreset.remove": { readonly name: string };
  /** Result `PresetPicture`, or null before there are voxels. */
  "volumePreset.picture": {
    readonly preset?: string;
    readonly name?: string;
    readonly width: number;
    readonly height: number;
  };

  "settings.set": { readonly author?: string; readonly poolBytes?: number; readonly atlasBytes?: number };
  /** Asks the browser to keep the cache. */
  "storage.persist": object;
  /** Result `GpuMemoryReport`. */
  "gpu.memory": object;
}

/** The user is asked for the size of voxels where files do not give it. */
export interface AskSpacing {
  readonly spacingMm: "ask";
}

/** A change of one overlay: whatever is given. */
export interface OverlayChange extends Partial<Omit<OverlayLook, "window">> {
  readonly overlay: string;
  readonly window?: { readonly center?: number; readonly width?: number };
  /** A window of its modality, or `auto`. */
  readonly preset?: string;
}

/** Pixels of four bytes, row by row. */
export interface PresetPicture {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array<ArrayBuffer>;
}

/** Result of the export commands. */
export interface ExportResult {
  /** What is saved: bytes, or a file on the disk where it may be of any size. */
  readonly data: Uint8Array<ArrayBuffer> | Blob;
  /** Without it the interface makes a name of the study's name and the format. */
  readonly fileName?: string;
  /** What the format could not keep; shown after the export. */
  readonly notes?: readonly string[];
}

/** Where labels were written. */
export interface WrittenLabels {
  readonly path: string;
  readonly notes: readonly string[];
}

export interface CompareResult {
  readonly file: string;
  readonly rows: readonly ShownAgreement[];
  /** Null where there is nothing to compare. */
  readonly overall: ShownOverall | null;
  readonly notes: readonly string[];
}

export type ConsensusMethod = "majority" | "staple" | "staple-binary";

export interface ConsensusResult {
  readonly voxels: number;
  readonly undecided: number;
  readonly iterations: number;
  readonly raters: readonly {
    readonly file: string;
    readonly labels: readonly {
      readonly label: number;
      readonly sensitivity: number | undefined;
      readonly specificity: number | undefined;
    }[];
  }[];
  readonly notes: readonly string[];
}

/** Counts of shown values in even bins. */
export interface HistogramResult {
  /** Middle of the first bin, and the distance from one to the next. */
  readonly first: number;
  readonly step: number;
  readonly counts: readonly number[];
  /** Level that was counted; above 0 for an image that is not read as a whole, and for the overview of a large one. */
  readonly level: number;
}

/** What each method found: where the classes above its thresholds begin; nothing where it finds no threshold. */
export type ThresholdsResult = readonly { readonly method: string; readonly starts: readonly number[] }[];

export interface VerifyResult {
  readonly ok: boolean;
  /** Sequence number of the first bad entry. */
  readonly firstBad?: number;
  readonly reason?: string;
}

/** `port.run` with the arguments checked against `UiCommands`. */
export function runCommand<Id extends keyof UiCommands>(port: UiPort, id: Id, args: UiCommands[Id]): Promise<unknown> {
  return port.run(id, args);
}

/** What `fill.goToNextSlice` answers. */
export interface NextSliceResult {
  /** Index axis across the slice, and its number from 0. */
  readonly axis: 0 | 1 | 2;
  readonly index: number;
  /** What annotating it is expected to put right. */
  readonly voxels: number;
  readonly ml: number;
}
