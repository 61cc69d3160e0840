import { type Accessor, createSignal } from "solid-js";

export type PanelName = "segments" | "tool" | "measurements" | "view" | "volume" | "history" | "notes" | "export";

/** How the dock is arranged; kept in this browser between visits. */
interface DockState {
  readonly open: Readonly<Record<PanelName, boolean>>;
  /** Width of the dock, CSS pixels. */
  readonly width: number;
  /** Share of the dock's height that the segments take, 0 to 1. */
  readonly split: number;
}

export interface Panels {
  readonly state: Accessor<DockState>;
  setOpen(name: PanelName, open: boolean): void;
  setWidth(width: number): void;
  setSplit(split: number): void;
}

const STORAGE_KEY = "voxelwright.dock";
const DEFAULTS: DockState = {
  open: {
    segments: true,
    tool: true,
    measurements: true,
    view: true,
    volume: true,
    history: false,
    notes: false,
    export: false,
  },
  width: 340,
  split: 0.44,
};

export function createPanels(): Panels {
  const [state, setState] = createSignal<DockState>(load());
  const change = (next: Partial<DockState>): void => {
    setState((before) => ({ ...before, ...next }));
    try {
      localStorage.setItem(STORAGE_KEY, JSON.stringify(state()));
    } catch {
      // A browser that keeps nothing forgets the arrangement, and only that.
    }
  };
  return {
    state,
    setOpen: (name, open) => change({ open: { ...state().open, [name]: open } }),
    setWidth: (width) => change({ width: Math.round(clamp(width, 264, 560)) }),
    setSplit: (split) => change({ split: clamp(split, 0.15, 0.85) }),
  };
}

function load(): DockState {
  try {
    const stored = JSON.parse(localStorage.getItem(STORAGE_KEY) ?? "{}") as Partial<DockState>;
    return {
      open: { ...DEFAULTS.open, ...stored.open },
      width: clamp(Number(stored.width) || DEFAULTS.width, 264, 560),
      split: clamp(Number(stored.split) || DEFAULTS.split, 0.15, 0.85),
    };
  } catch {
    return DEFAULTS;
  }
}

function clamp(value: number, low: number, high: number): number {
  return Math.min(Math.max(value, low), high);
}
