import type { Disposable, ReadonlySignal } from "#base";
import type { ShownMeasurement } from "#export";
import type { Segment } from "#labelmap";
import type {
  ImportState,
  JobState,
  Message,
  PreviewState,
  RoomQuestion,
  SeriesQuestion,
  SpacingQuestion,
} from "#session";
import type { StorageEstimate, StudyRecord } from "#storage";
import type { ToolState } from "#tools";
import type {
  LabelsInVolume,
  OverlayLook,
  SurfaceSmoothing,
  VolumeChange,
  VolumeQuality,
  VolumeTransfer,
} from "#views";
import type { IndexBox, VolumeDescription } from "#volume";

export type {
  ImportState,
  JobState,
  Message,
  PreviewState,
  RoomQuestion,
  SeriesQuestion,
  SpacingAnswer,
  SpacingQuestion,
} from "#session";
export type { LabelsInVolume, SurfaceSmoothing, VolumeChange, VolumeQuality, VolumeTransfer } from "#views";
export type { SegmentScope, ToolChange, ToolName, ToolState } from "#tools";

/**
 * All that the user interface knows of the program: signals to show, commands to run. Whoever mounts the interface
 * implements it. Every change goes through `run` with an id of `UiCommands`, so a script can do what the mouse can.
 */
export interface UiPort {
  /** Version of the program, such as `0.1.0`. */
  readonly version: string;

  /** Runs a command. A rejection other than an AbortError is shown by the interface as an error message; do not post it again. */
  run(id: string, args: object): Promise<unknown>;
  /** All commands, for the palette and the help. Read again every time the palette opens. */
  commands(): readonly UiCommandInfo[];
  /** Puts the views (canvases and their overlays) into `host`, which fills the middle of the shell. Called once a study opens. */
  attachViews(host: HTMLElement): Disposable;

  /** `starting` until storage and capabilities are known; `open` while a study is open, also while it is being imported. */
  readonly phase: ReadonlySignal<"starting" | "home" | "open">;
  readonly capabilities: ReadonlySignal<CapabilityReport | undefined>;
  /** Studies in the cache, last opened first. */
  readonly studies: ReadonlySignal<readonly StudyRecord[]>;
  readonly samples: readonly SampleScan[];
  readonly storage: ReadonlySignal<StorageEstimate | undefined>;

  /** The running import, undefined when there is none. Cancelled by `study.cancelImport`. */
  readonly importing: ReadonlySignal<ImportState | undefined>;
  /** Several series were found: the interface asks which and calls `answer` once. */
  readonly seriesQuestion: ReadonlySignal<SeriesQuestion | undefined>;
  /** An import does not fit: the interface asks what to remove and calls `answer` once. */
  readonly roomQuestion: ReadonlySignal<RoomQuestion | undefined>;
  /** Files do not give the size of voxels: the interface asks and calls `answer` once. */
  readonly spacingQuestion: ReadonlySignal<SpacingQuestion | undefined>;
  /** Any other question of the program; the interface calls `answer` once. */
  readonly question: ReadonlySignal<Question | undefined>;

  readonly study: ReadonlySignal<OpenStudyState | undefined>;
  readonly segments: ReadonlySignal<readonly Segment[]>;
  /** Sizes by segment value; a segment that is missing is shown without a size. */
  readonly segmentSizes: ReadonlySignal<ReadonlyMap<number, SegmentSize>>;
  /** Value of the segment that tools draw, 0 when there is none. */
  readonly activeSegment: ReadonlySignal<number>;

  /** Measurements by id with their numbers; one that is being drawn has the id 0 and comes last. */
  readonly measurements: ReadonlySignal<readonly ShownMeasurement[]>;
  /** Id of the selected one. */
  readonly selectedMeasurement: ReadonlySignal<number | undefined>;
  /** True while a measurement is being drawn or dragged. */
  readonly drafting: ReadonlySignal<boolean>;

  /** Volumes shown over the open one, the lowest first. */
  readonly overlays: ReadonlySignal<readonly OverlayState[]>;

  readonly tool: ReadonlySignal<ToolState>;
  readonly preview: ReadonlySignal<PreviewState | undefined>;
  readonly jobs: ReadonlySignal<readonly JobState[]>;
  readonly history: ReadonlySignal<HistoryState>;
  readonly view: ReadonlySignal<ViewState>;

  /** Things to tell that come from no command, such as a lost GPU device. */
  readonly messages: ReadonlySignal<readonly Message[]>;
  dismissMessage(id: string): void;
  readonly settings: ReadonlySignal<UiSettings>;
}

/** A command as the palette shows it. `CommandInfo` of the session fits. */
export interface UiCommandInfo {
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly category: string;
  /** False keeps it out of the palette. */
  readonly palette: boolean;
  readonly parameters: readonly UiCommandParameter[];
  readonly enabled?: ReadonlySignal<boolean>;
}

export interface UiCommandParameter {
  readonly name: string;
  /** `json` parameters that are required keep a command out of the palette's form. */
  readonly kind: "string" | "number" | "boolean" | "json";
  readonly required: boolean;
  /** Allowed values of a string parameter, when they are few. */
  readonly choices?: readonly string[];
}

export interface CapabilityReport {
  readonly webgpu:
    | { readonly ok: true; readonly adapter: string }
    | {
        readonly ok: false;
        /** `insecure`: not https or localhost; `no-api`: the browser has none; `no-adapter`: no usable GPU; `limits`: too small; `lost`: lost for good. */
        readonly kind: "insecure" | "no-api" | "no-adapter" | "limits" | "lost";
        /** Exactly what is missing, one sentence. */
        readonly reason: string;
      };
  /** Cross-origin isolated: shared memory between workers. */
  readonly isolated: boolean;
  /** Workers in use. */
  readonly workers: number;
  /** Where bricks are kept. `memory`: nothing survives closing the tab. */
  readonly storage: "opfs" | "blobs" | "memory";
  /** Fallbacks taken, one full sentence each; shown in the status bar. */
  readonly fallbacks: readonly string[];
}

export interface SampleScan {
  /** Argument of `study.open {sample}`. */
  readonly id: string;
  readonly title: string;
  readonly description: string;
  readonly byteLength: number;
  /** Source and licence, one line. */
  readonly license: string;
}

export interface Question {
  readonly title: string;
  readonly text: string;
  /** Lines such as files or facts the answer is about. */
  readonly details?: readonly string[];
  /** First to last as the buttons stand; Cancel is added by the interface. */
  readonly choices: readonly { readonly id: string; readonly label: string; readonly tone?: "primary" | "danger" }[];
  answer(id: string | undefined): void;
}

export interface OpenStudyState {
  readonly volumeId: string;
  readonly description: VolumeDescription;
  /** Smallest and largest shown value (rescaled), undefined until known. */
  readonly valueRange?: { readonly min: number; readonly max: number };
  /** True for an image that is read in parts, as they are looked at. */
  readonly inParts?: boolean;
  /** Notes that came after the import (fallbacks, label import), beside those of the description. */
  readonly notes: readonly string[];
  readonly saved:
    | { readonly kind: "saved" }
    | { readonly kind: "saving" }
    /** Edits that are only in memory. Said loudly. */
    | { readonly kind: "failed"; readonly reason: string };
}

export interface SegmentSize {
  readonly voxels: number;
  readonly ml: number;
}

export interface HistoryState {
  readonly canUndo: boolean;
  readonly canRedo: boolean;
  /** Title of the command that undo takes back, redo brings again. */
  readonly undoTitle?: string;
  readonly redoTitle?: string;
  /** Entries in the journal. */
  readonly count: number;
  /** The newest entries, newest first; as many as the session keeps at hand. */
  readonly entries: readonly HistoryEntry[];
}

export interface HistoryEntry {
  readonly sequence: number;
  /** ISO 8601. */
  readonly time: string;
  readonly author: string;
  readonly command: string;
  readonly title: string;
  readonly changedVoxels: number;
  readonly source: "user" | "job" | "remote";
  /** True when it was undone since. */
  readonly undone: boolean;
}

export type VolumeMode = "shaded" | "mip" | "minip" | "mean" | "iso";
export type ViewLayout = "grid" | "axial" | "coronal" | "sagittal" | "volume" | "curve";

export interface ViewState {
  readonly layout: ViewLayout;
  /** In shown values. */
  readonly window: { readonly center: number; readonly width: number };
  /** True while the window follows the image. */
  readonly windowAutomatic: boolean;
  /** Presets that fit the modality; `id` goes to `view.set {preset}`. */
  readonly windowPresets: readonly {
    readonly id: string;
    readonly title: string;
    readonly center?: number;
    readonly width?: number;
  }[];
  readonly volumeMode: VolumeMode;
  readonly volumePresets: readonly { readonly id: string; readonly title: string }[];
  readonly volumePreset: string;
  readonly volume: VolumeLookState;
  /** 0 to 1. */
  readonly labelOpacity: number;
  readonly labelOutline: boolean;
  /** The segment under the pointer is drawn stronger. */
  readonly labelHighlight: boolean;
  readonly labelsInVolume: LabelsInVolume;
  readonly interpolation: "nearest" | "linear" | "cubic";
  /** 0-based; `frames` is 1 for a 3D volume. */
  readonly frame: number;
  readonly frames: number;
  /** Colour tables, and the one in use. */
  readonly luts: readonly { readonly id: string; readonly title: string }[];
  readonly lut: string;
  readonly invert: boolean;
  readonly orientation: { readonly base: "voxel" | "patient"; readonly straight: boolean };
  /** The picture along a path of the measurements; undefined for none. */
  readonly curve: CurveLook | undefined;
  /** Absent where the views have no slabs; then the interface shows no control. */
  readonly slab?: { readonly mode: "none" | "mip" | "minip" | "mean"; readonly thicknessMm: number };
}

/** How the picture along a path is made. */
export interface CurveLook {
  /** Id of the measurement. */
  readonly path: number;
  readonly mode: "straightened" | "curved";
  readonly angleDeg: number;
}

/** A volume over the open one. */
export interface OverlayState {
  /** Id of its study. */
  readonly id: string;
  readonly description: VolumeDescription;
  readonly look: OverlayLook;
  /** The window of `preset: "auto"`. */
  readonly automatic: { readonly center: number; readonly width: number };
  /** Windows that fit its modality, beside the automatic one. */
  readonly windowPresets: ViewState["windowPresets"];
}

/** A change of `ViewState`, as `view.set` takes it. */
export interface ViewChange {
  readonly layout?: ViewLayout;
  readonly window?: { readonly center?: number; readonly width?: number };
  readonly preset?: string;
  readonly volumeMode?: ViewState["volumeMode"];
  readonly volumePreset?: string;
  readonly volume?: VolumeChange;
  readonly labelOpacity?: number;
  readonly labelOutline?: boolean;
  readonly labelHighlight?: boolean;
  readonly labelsInVolume?: LabelsInVolume;
  readonly interpolation?: ViewState["interpolation"];
  readonly frame?: number;
  readonly lut?: string;
  readonly invert?: boolean;
  readonly orientation?: { readonly base?: ViewState["orientation"]["base"] };
  readonly slab?: Partial<NonNullable<ViewState["slab"]>>;
  readonly curve?: (Partial<CurveLook> & Pick<CurveLook, "path">) | null;
}

export interface UiSettings {
  /** Written into every journal entry. */
  readonly author: string;
  readonly poolBytes: number;
  readonly atlasBytes: number;
}

/** How the volume view shows the volume, with everything resolved that the state leaves to preset, mode or modality. */
export interface VolumeLookState {
  /** The transfer function in use. */
  readonly points: VolumeTransfer["points"];
  readonly gradientOpacity: VolumeTransfer["gradientOpacity"];
  /** True where it is not the preset's. */
  readonly edited: boolean;
  /** Window of projections, and whether it is the mode's own. */
  readonly window: { readonly center: number; readonly width: number };
  readonly windowOwn: boolean;
  readonly isoLevel: number;
  readonly isoOpacity: number;
  readonly quality: VolumeQuality;
  readonly clipBox: IndexBox | undefined;
  /** Where the cut lies along its normal, mm from the middle of the volume, and where it meets the volume. */
  readonly cut: { readonly atMm: number; readonly fromMm: number; readonly toMm: number } | undefined;
  /** Whether the image is drawn in 3D. */
  readonly image: boolean;
  readonly planes: boolean;
  readonly surfaceSmoothing: SurfaceSmoothing;
  /** Names of presets saved for this modality. */
  readonly saved: readonly string[];
}
