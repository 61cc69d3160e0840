import { INITIAL_TOOLS } from "#tools";
import { NO_VOLUME_LOOK } from "../../../src/ui/volume-look-state.ts";
import { applyToolChange } from "#tools";
import { type Signal, signal, VoxelwrightError } from "#base";
import type { ShownStatistics } from "#export";
import type { Segment } from "#labelmap";
import type { SeriesChoice } from "#sources";
import type { StudyRecord } from "#storage";
import type { VolumeDescription } from "#volume";
import type {
  CapabilityReport,
  HistoryEntry,
  SegmentSize,
  ToolChange,
  ToolState,
  UiPort,
  ViewChange,
  ViewState,
} from "../../../src/ui/ui-port.ts";

/** A port without a program behind it: commands change its signals, so that the interface can be seen and tried. */
export interface FakePort extends Writable<UiPort> {
  /** Every command that was run, in order. */
  readonly ran: { readonly id: string; readonly args: object }[];
}

type Writable<T> = {
  [Key in keyof T]: T[Key] extends { readonly value: infer V; peek(): unknown } ? Signal<V> : T[Key];
};

export function describe(name: string, change: Partial<VolumeDescription> = {}): VolumeDescription {
  return {
    name,
    grid: { dims: [512, 512, 347], indexToLps: [0.703, 0, 0, -180, 0, 0.703, 0, -180, 0, 0, 1.25, -612.5] },
    voxelType: "int16",
    rescale: { slope: 1, intercept: -1024 },
    unit: "HU",
    modality: "CT",
    frames: 1,
    notes: [],
    metadata: {
      "Study date": "2024-11-02",
      "Series description": name,
      Manufacturer: "SIEMENS",
      "Slice thickness": "1.25 mm",
    },
    format: "DICOM",
    ...change,
  };
}

export function record(
  volumeId: string,
  description: VolumeDescription,
  change: Partial<StudyRecord> = {},
): StudyRecord {
  return {
    volumeId,
    description,
    state: "ready",
    createdAt: "2026-11-20T09:00:00Z",
    openedAt: new Date(Date.now() - 3_600_000).toISOString(),
    bytes: 214_000_000,
    ...change,
  };
}

export function segment(value: number, name: string, color: string, change: Partial<Segment> = {}): Segment {
  return { value, name, color, locked: false, visible: true, ...change };
}

export function series(
  id: string,
  description: VolumeDescription,
  fileCount: number,
  byteLength: number,
): SeriesChoice {
  return {
    id,
    description,
    fileCount,
    byteLength,
    thumbnail: async () => {
      const pixels = new Uint8Array(96 * 96);
      for (let y = 0; y < 96; y++) {
        for (let x = 0; x < 96; x++) {
          const r = Math.hypot((x - 48) / 40, (y - 48) / 32);
          pixels[y * 96 + x] = r > 1 ? 4 : 90 + 70 * Math.cos(r * 9 + id.length);
        }
      }
      return { width: 96, height: 96, pixels };
    },
    open: () => Promise.reject(new VoxelwrightError("unsupported", "A fake series has no voxels.")),
  };
}

const GPU: CapabilityReport = {
  webgpu: { ok: true, adapter: "NVIDIA RTX 4060" },
  isolated: true,
  workers: 7,
  storage: "opfs",
  fallbacks: [],
};

const TOOL: ToolState = {
  ...INITIAL_TOOLS,
  brush: { radiusMm: 5, shape: "disc" },
  mask: { on: false, low: 100, high: 400 },
  over: "all",
  grow: { ...INITIAL_TOOLS.grow, low: 120, high: 380 },
  fill: { method: "shape", axis: "auto", segments: "active" },
};

const VIEW: ViewState = {
  layout: "grid",
  window: { center: 40, width: 400 },
  windowAutomatic: false,
  windowPresets: [
    { id: "abdomen", title: "Abdomen", center: 40, width: 400 },
    { id: "bone", title: "Bone", center: 480, width: 2500 },
    { id: "brain", title: "Brain", center: 40, width: 80 },
    { id: "lung", title: "Lung", center: -600, width: 1500 },
    { id: "auto", title: "Automatic" },
  ],
  curve: undefined,
  volumeMode: "shaded",
  volumePresets: [
    { id: "ct-bone", title: "CT bone" },
    { id: "ct-soft", title: "CT soft tissue" },
  ],
  volumePreset: "ct-bone",
  volume: NO_VOLUME_LOOK,
  labelHighlight: true,
  labelOpacity: 0.5,
  labelOutline: false,
  labelsInVolume: "volume",
  interpolation: "linear",
  luts: [{ id: "grey", title: "Grey" }],
  lut: "grey",
  invert: false,
  orientation: { base: "voxel", straight: true },
  frame: 0,
  frames: 1,
};

export function createFakePort(): FakePort {
  const ran: { id: string; args: object }[] = [];
  const port: FakePort = {
    ran,
    version: "0.1.0",
    phase: signal<"starting" | "home" | "open">("home"),
    capabilities: signal<CapabilityReport | undefined>(GPU),
    studies: signal<readonly StudyRecord[]>([]),
    samples: [
      {
        id: "chest-ct",
        title: "Chest CT",
        description: "Low-dose chest, 2.5 mm slices",
        byteLength: 2_949_511,
        license: "Cancer Imaging Archive, LIDC-IDRI, CC BY 3.0",
      },
      {
        id: "head-mr",
        title: "Head MR",
        description: "T1-weighted head, 1 mm",
        byteLength: 3_510_351,
        license: "OpenNeuro ds000102, CC0",
      },
    ],
    storage: signal({ usedBytes: 3_420_000_000, quotaBytes: 64_000_000_000, persisted: false }),
    importing: signal(undefined),
    seriesQuestion: signal(undefined),
    roomQuestion: signal(undefined),
    spacingQuestion: signal(undefined),
    question: signal(undefined),
    study: signal(undefined),
    segments: signal<readonly Segment[]>([]),
    segmentSizes: signal<ReadonlyMap<number, SegmentSize>>(new Map()),
    activeSegment: signal(0),
    measurements: signal([]),
    selectedMeasurement: signal<number | undefined>(undefined),
    overlays: signal([]),
    drafting: signal(false),
    tool: signal(TOOL),
    preview: signal(undefined),
    jobs: signal([]),
    history: signal({ canUndo: false, canRedo: false, count: 0, entries: [] as readonly HistoryEntry[] }),
    view: signal(VIEW),
    messages: signal([]),
    settings: signal({ author: "Ada Lovelace", poolBytes: 1024 * 2 ** 20, atlasBytes: 2048 * 2 ** 20 }),
    dismissMessage: (id) => {
      port.messages.value = port.messages.value.filter((message) => message.id !== id);
    },
    commands: () => [
      {
        id: "label.grow",
        title: "Grow from seeds",
        description: "Region growing into a segment, without preview",
        category: "label",
        palette: true,
        parameters: [{ name: "segment", kind: "number", required: true }],
      },
      {
        id: "journal.verify",
        title: "Verify the journal",
        description: "Checks the chain and the signature of every entry",
        category: "journal",
        palette: true,
        parameters: [],
      },
    ],
    attachViews: (host) => {
      host.append(fakeViews());
      return { dispose: () => host.replaceChildren() };
    },
    run: async (id, args) => {
      ran.push({ id, args });
      return change(port, id, args);
    },
  };
  return port;
}

function change(port: FakePort, id: string, args: object): unknown {
  switch (id) {
    case "tool.set": {
      port.tool.value = applyToolChange(port.tool.value, args as ToolChange);
      return undefined;
    }
    case "view.set": {
      const { window, preset, slab: _slab, orientation, volume: _volume, curve: _curve, ...rest } = args as ViewChange;
      const now = port.view.value;
      const found = now.windowPresets.find((entry) => entry.id === preset);
      port.view.value = {
        ...now,
        ...rest,
        orientation: { ...now.orientation, ...orientation },
        window: {
          center: window?.center ?? found?.center ?? now.window.center,
          width: window?.width ?? found?.width ?? now.window.width,
        },
      };
      return undefined;
    }
    case "segment.add": {
      const value = Math.max(0, ...port.segments.value.map((entry) => entry.value)) + 1;
      const added = segment(value, `Segment ${value}`, (args as { color?: string }).color ?? "#ff0000");
      port.segments.value = [...port.segments.value, added];
      port.activeSegment.value = value;
      return { segment: added };
    }
    case "segment.update": {
      const next = args as Partial<Segment> & { value: number };
      port.segments.value = port.segments.value.map((entry) =>
        entry.value === next.value ? { ...entry, ...next } : entry,
      );
      return undefined;
    }
    case "segment.remove":
      port.segments.value = port.segments.value.filter((entry) => entry.value !== (args as { value: number }).value);
      return undefined;
    case "segment.activate":
      port.activeSegment.value = (args as { value: number }).value;
      return undefined;
    case "segment.showAll":
      port.segments.value = port.segments.value.map((entry) => ({ ...entry, ...(args as { visible: boolean }) }));
      return undefined;
    case "study.remove":
      port.studies.value = port.studies.value.filter(
        (study) => study.volumeId !== (args as { volumeId: string }).volumeId,
      );
      return undefined;
    case "preview.cancel":
    case "preview.accept":
      port.preview.value = undefined;
      return undefined;
    case "study.cancelImport":
      port.importing.value = undefined;
      return undefined;
    case "study.close":
      port.phase.value = "home";
      return undefined;
    case "journal.verify":
      return { ok: true };
    case "label.export":
    case "journal.export":
      return { bytes: new Uint8Array(1234) };
    case "label.statistics":
      return port.segments.value.map(
        ({ value, name }): ShownStatistics => ({
          segment: value,
          name,
          voxels: value * 12_345,
          volumeMl: value * 7.62,
          mean: 41.27 * value,
          sd: 12.1,
          min: -84,
          max: 1290,
          unit: "HU",
          median: 40 * value,
          p5: -20,
          p25: 12,
          p75: 80,
          p95: 310,
          centroidLps: [12.5, -40.25, 118],
          box: { min: [10, 20, 30], max: [40, 60, 90] },
        }),
      );
    case "study.open":
      throw new VoxelwrightError("source", "The file ends after 1,024 of 52,428,800 voxel bytes.", {
        subject: "scan-truncated.nii.gz",
        advice: "Copy it again from where it came from.",
        fields: { expected: 52_428_800, found: 1024 },
      });
    default:
      return undefined;
  }
}

/** Four grey fields in place of the views. */
function fakeViews(): HTMLElement {
  const grid = document.createElement("div");
  grid.style.cssText = "display:grid;grid-template:1fr 1fr/1fr 1fr;gap:1px;height:100%;background:#2b3038";
  for (const color of ["#e5646e", "#7fc97f", "#6db3f2", "#aaa"]) {
    const view = document.createElement("div");
    view.style.cssText = `background:radial-gradient(ellipse 34% 40% at center,#8b8b8b 0,#555 55%,#222 92%,#000 100%);border-top:2px solid ${color}`;
    grid.append(view);
  }
  return grid;
}
