export * from "./create-views.ts";
export type { MeasurementMark } from "./measurement-marks.ts";
export * from "./plane-frame.ts";
export * from "./view-port.ts";
export * from "./view-state.ts";
export * from "./volume-presets.ts";
export * from "./window-presets.ts";
export type { SliceStatus } from "./slice-status.ts";
export type { VolumeStatus } from "./volume-view.ts";
