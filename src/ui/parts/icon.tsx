import { For, type JSX } from "solid-js";

/** Stroked outlines on a 20 × 20 field, drawn for Voxelwright. */
const PATHS = {
  navigate: ["M10 2v5.5M10 12.5V18M2 10h5.5M12.5 10H18", "M10 10h.01"],
  pan: ["M10 2.5v15M2.5 10h15", "M8 4.5l2-2 2 2M8 15.5l2 2 2-2M4.5 8l-2 2 2 2M15.5 8l2 2-2 2"],
  zoom: ["M13.2 13.2l4.3 4.3", "M8.5 14.5a6 6 0 1 0 0-12 6 6 0 0 0 0 12z", "M8.5 6v5M6 8.5h5"],
  window: [
    "M10 17.5a7.5 7.5 0 1 0 0-15 7.5 7.5 0 0 0 0 15z",
    "M10 2.5v15",
    "M10 5.5h3.6M10 8.5h5.8M10 11.5h5.8M10 14.5h3.6",
  ],
  brush: [
    "M17.3 2.7c-3.4 1.6-6.6 4.4-8.6 7.4l1.9 1.9c3-2 5.5-5.6 6.7-9.3z",
    "M8 11.2c-2 0-3 1.3-3.2 3-.1 1.1-.8 1.9-2.1 2.3 3.4 1.3 7.3.3 7.2-3.3z",
  ],
  eraser: ["M11.8 3.4l4.8 4.8-8 8H5.4l-2.6-2.6a1.2 1.2 0 0 1 0-1.7z", "M7.4 7.8l4.8 4.8", "M8.5 16.5H17"],
  grow: [
    "M10 10h.01",
    "M10 6.6a3.4 3.4 0 1 1 0 6.8 3.4 3.4 0 0 1 0-6.8z",
    "M4.6 4.6L2.7 2.7M15.4 4.6l1.9-1.9M4.6 15.4l-1.9 1.9M15.4 15.4l1.9 1.9",
  ],
  fill: [
    "M4 4.2c4-1.6 8-1.6 12 0",
    "M4 16c4 1.6 8 1.6 12 0",
    "M4 10.1h1.6M7.4 10.1H9M11 10.1h1.6M14.4 10.1H16",
    "M4 7.2h1.6M14.4 7.2H16M4 13h1.6M14.4 13H16",
  ],
  fit: ["M3 7V3h4M13 3h4v4M17 13v4h-4M7 17H3v-4"],
  reset: ["M4 10a6 6 0 1 0 2-4.5", "M6.2 2v3.7h3.7"],
  undo: ["M7.5 4L3.8 7.7l3.7 3.7", "M4 7.7h7.5a4.4 4.4 0 0 1 0 8.8H8"],
  redo: ["M12.5 4l3.7 3.7-3.7 3.7", "M16 7.7H8.5a4.4 4.4 0 0 0 0 8.8H12"],
  eye: [
    "M1.8 10C3.6 6.5 6.5 4.7 10 4.7s6.4 1.8 8.2 5.3c-1.8 3.5-4.7 5.3-8.2 5.3S3.6 13.5 1.8 10z",
    "M10 12.4a2.4 2.4 0 1 0 0-4.8 2.4 2.4 0 0 0 0 4.8z",
  ],
  eyeOff: ["M2.5 7.5C4.2 10.3 6.8 11.8 10 11.8s5.8-1.5 7.5-4.3", "M10 11.8v2.7M5.6 10.6l-1.5 2.3M14.4 10.6l1.5 2.3"],
  lock: ["M5 9h10v8H5z", "M7 9V6.3a3 3 0 0 1 6 0V9"],
  unlock: ["M5 9h10v8H5z", "M7 9V5.5a3 3 0 0 1 5.7-1.3"],
  trash: ["M3.5 5.5h13M8 5.5V3.2h4v2.3M5.3 5.5l.8 11.3h7.8l.8-11.3M8.4 8.5v5.5M11.6 8.5v5.5"],
  plus: ["M10 4v12M4 10h12"],
  close: ["M5 5l10 10M15 5L5 15"],
  check: ["M4 10.5l4 4 8-9"],
  chevron: ["M7 4.5l5.5 5.5L7 15.5"],
  folder: ["M2.5 5h5l1.8 2h8.2v9.5h-15z"],
  file: ["M5 2.5h6.5L15.5 6.5v11H5z", "M11.5 2.5v4h4"],
  link: [
    "M8.5 11.5l3-3",
    "M9.3 6.2l1.6-1.6a3.2 3.2 0 0 1 4.5 4.5l-1.6 1.6M10.7 13.8l-1.6 1.6a3.2 3.2 0 0 1-4.5-4.5l1.6-1.6",
  ],
  command: ["M3 5.5l4 4.5-4 4.5M9.5 15.5H17"],
  help: [
    "M10 17.5a7.5 7.5 0 1 0 0-15 7.5 7.5 0 0 0 0 15z",
    "M7.8 8a2.3 2.3 0 1 1 3.4 2c-.8.4-1.2.9-1.2 1.7",
    "M10 14.2h.01",
  ],
  settings: ["M3 6h7M14 6h3M3 14h3M10 14h7", "M12 4v4M8 12v4"],
  export: ["M10 12.5V3M6.5 6L10 2.7 13.5 6", "M3.5 11v6h13v-6"],
  import: ["M10 2.7v9.5M6.5 9l3.5 3.4L13.5 9", "M3.5 11v6h13v-6"],
  warning: ["M10 3L18 16.8H2z", "M10 8v4.3M10 14.5h.01"],
  error: ["M10 17.5a7.5 7.5 0 1 0 0-15 7.5 7.5 0 0 0 0 15z", "M10 6v5M10 13.7h.01"],
  info: ["M10 17.5a7.5 7.5 0 1 0 0-15 7.5 7.5 0 0 0 0 15z", "M10 9.3V14M10 6.3h.01"],
  home: ["M3 9.2L10 3l7 6.2V17h-4.8v-4.7H7.8V17H3z"],
  target: ["M10 15.5a5.5 5.5 0 1 0 0-11 5.5 5.5 0 0 0 0 11z", "M10 2v4M10 14v4M2 10h4M14 10h4"],
  layoutGrid: ["M3 3h14v14H3z", "M10 3v14M3 10h14"],
  layoutAxial: ["M3 3h14v14H3z", "M10 5.5c3 0 5 2 5 4.5s-2 4.5-5 4.5-5-2-5-4.5 2-4.5 5-4.5z"],
  layoutCoronal: [
    "M3 3h14v14H3z",
    "M10 5.5c1.7 0 2.5 1 2.5 2.2S11.6 10 10 10s-2.5-1.1-2.5-2.3.8-2.2 2.5-2.2z",
    "M5.5 15.5c0-3.5 1.7-5 4.5-5s4.5 1.5 4.5 5",
  ],
  layoutSagittal: [
    "M3 3h14v14H3z",
    "M8.5 15.5v-2c-2-.7-2.7-2.2-2.7-3.8C5.8 7 7.7 5.5 10 5.5c2.2 0 4 1.5 4 3.8l1 2h-1.2v2h-2v2.2",
  ],
  layoutVolume: ["M10 2.5l6.5 3.7v7.6L10 17.5l-6.5-3.7V6.2z", "M3.5 6.2L10 10l6.5-3.8M10 10v7.5"],
  storage: ["M3.5 5.3c0-3.1 13-3.1 13 0v9.4c0 3.1-13 3.1-13 0z", "M3.5 5.3c0 3.1 13 3.1 13 0M3.5 10c0 3.1 13 3.1 13 0"],
} as const;

export type IconName = keyof typeof PATHS;

/** One icon of the set; decoration only, the control around it has the name. */
export function Icon(props: { readonly name: IconName; readonly size?: number }): JSX.Element {
  return (
    <svg
      class="icon"
      viewBox="0 0 20 20"
      width={props.size ?? 18}
      height={props.size ?? 18}
      fill="none"
      stroke="currentColor"
      stroke-width="1.5"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
    >
      <For each={PATHS[props.name]}>{(d) => <path d={d} />}</For>
    </svg>
  );
}
